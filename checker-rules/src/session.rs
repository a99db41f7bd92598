//! A reader on the way through a questionnaire.

use std::rc::Rc;

use crate::answer::{Answer, AnswerError, Answers, accept, missing_item};
use crate::evaluate::{Because, Evaluation, Evaluator, Truth, because, evaluate};
use crate::program::{Kind, Program, QuestionIdx, RuleIdx, TalkIdx};

/// A program and the answers given so far, in the order in which they were given. The screen follows from these.
///
/// An answer counts while its question is asked. When another answer changes so that the question is no longer
/// asked, its answer is put aside: it is offered again if the question comes back, and never read before it is
/// given again.
#[derive(Debug, Clone)]
pub struct Session {
    program: Rc<Program>,
    answers: Answers,
    /// Questions in the order in which their answers were given, the latest last; one entry for each answer.
    order: Vec<QuestionIdx>,
    /// Answers taken back or put aside, to offer them again.
    aside: Answers,
    /// The question that the reader went back to or wants to change.
    open: Option<QuestionIdx>,
    finished: bool,
}

/// What the reader sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// A question.
    Question(QuestionIdx),
    /// Every question is answered: check your answers.
    Check,
    /// The result.
    Outcome(Evaluation),
    /// A result that ended the questions at once. [`Session::back`] is "I picked this by mistake".
    Stop(Evaluation),
}

/// How far along a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Asked questions with an answer.
    pub answered: u32,
    /// At least so many more questions follow, unless an answer ends them at once.
    pub fewest_left: u32,
    /// At most so many more questions follow.
    pub most_left: u32,
}

impl Session {
    /// A reader who has answered nothing.
    pub fn start(program: Rc<Program>) -> Self {
        let answers = Answers::new(&program);
        Self { program, aside: answers.clone(), answers, order: Vec::new(), open: None, finished: false }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The answers that count.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Questions with an answer that counts, in the order in which they were given.
    pub fn order(&self) -> &[QuestionIdx] {
        &self.order
    }

    /// The answer to show at a question: the one that counts, or one taken back before.
    pub fn offered(&self, question: QuestionIdx) -> Option<&Answer> {
        self.answers.get(question).or_else(|| self.aside.get(question))
    }

    /// What the answers lead to.
    pub fn evaluation(&self) -> Evaluation {
        evaluate(&self.program, &self.answers)
    }

    /// The answers that made a rule fire.
    pub fn because(&self, rule: RuleIdx) -> Vec<Because> {
        because(&self.program, &self.answers, rule)
    }

    /// Whom one rule sends the reader to, without repeats.
    pub fn talk_to(&self, rule: RuleIdx) -> Vec<TalkIdx> {
        let mut evaluator = Evaluator::new(&self.program, &self.answers);
        self.program.rule(rule).map(|rule| evaluator.rule_talk_to(rule)).unwrap_or_default()
    }

    /// Gives or changes the answer to a question that is asked. Every item that an instrument needs must be there.
    /// On an error nothing changes.
    pub fn answer(&mut self, question: QuestionIdx, answer: Answer) -> Result<(), AnswerError> {
        let asked = self.program.question(question).ok_or(AnswerError::NoSuchQuestion)?;
        if Evaluator::new(&self.program, &self.answers).is_asked(question) != Truth::True {
            return Err(AnswerError::NotAsked);
        }
        let answer = accept(asked, answer)?;
        if let Some(item) = missing_item(asked, &answer) {
            return Err(AnswerError::ItemMissing { item });
        }
        self.answers.set(&self.program, question, answer)?;
        self.order.retain(|&given| given != question);
        self.order.push(question);
        self.aside.remove(question);
        self.open = None;
        self.finished = false;
        self.put_aside_what_is_not_asked();
        Ok(())
    }

    /// Goes one step back: from the result to the check page; from a change to the check page; else to the question
    /// answered last, whose answer is taken back and offered again. `false`: there is nothing before this.
    pub fn back(&mut self) -> bool {
        if self.finished {
            self.finished = false;
            return true;
        }
        if self.open.is_some_and(|open| self.answers.get(open).is_some()) {
            self.open = None;
            return true;
        }
        while let Some(question) = self.order.pop() {
            self.take_back(question);
            // With the answers before it in place it was asked; after changes some of those may be gone.
            if Evaluator::new(&self.program, &self.answers).is_asked(question) == Truth::True {
                self.open = Some(question);
                return true;
            }
        }
        false
    }

    /// Opens an answered question again, from the check page or the result; answering it leads on to what is then
    /// unanswered, or back to the check page. `false`: this question has no answer to change.
    pub fn change(&mut self, question: QuestionIdx) -> bool {
        if self.answers.get(question).is_none() {
            return false;
        }
        self.finished = false;
        self.open = Some(question);
        true
    }

    /// Asks for the result. `false`: a question is still unanswered.
    pub fn finish(&mut self) -> bool {
        if self.screen() == Screen::Check {
            self.finished = true;
        }
        self.finished
    }

    /// Forgets every answer.
    pub fn clear(&mut self) {
        *self = Self::start(Rc::clone(&self.program));
    }

    /// What the reader sees now.
    pub fn screen(&self) -> Screen {
        if let Some(open) = self.open {
            return Screen::Question(open);
        }
        let evaluation = self.evaluation();
        if evaluation.stopped {
            return Screen::Stop(evaluation);
        }
        match evaluation.missing.first() {
            Some(&next) => Screen::Question(next),
            None if self.finished => Screen::Outcome(evaluation),
            None => Screen::Check,
        }
    }

    /// How far along the reader is. The bounds are sound: whatever is answered from here on, unless an answer is
    /// changed or ends the questions at once, the number of questions that follow lies within them.
    pub fn progress(&self) -> Progress {
        let mut evaluator = Evaluator::new(&self.program, &self.answers);
        let (mut answered, mut certain, mut open) = (0u32, 0u32, 0u32);
        // Of a short instrument and the long one that answers it, one at most is asked.
        let mut shared: Vec<(QuestionIdx, bool)> = Vec::new();
        for (question, index) in self.program.questions.iter().zip(self.program.question_indices()) {
            match evaluator.is_asked(index) {
                Truth::True if evaluator.is_missing(index) => certain += 1,
                Truth::True => answered += 1,
                Truth::Open => {
                    open += 1;
                    let Kind::Instrument { answered_by: Some(by), .. } = question.kind else { continue };
                    if evaluator.is_asked(by) == Truth::Open && evaluator.wanted(question) != Truth::False {
                        let wanted = evaluator.wanted(question) == Truth::True;
                        let unanswered = self.answers.get(by).is_none() && self.answers.get(index).is_none();
                        if unanswered && !shared.iter().any(|&(known, _)| known == by) {
                            shared.push((by, wanted));
                        }
                    }
                }
                Truth::False => {}
            }
        }
        // A long instrument that is itself answered by another may be asked of nobody: then nothing is saved.
        shared.retain(|&(by, _)| {
            !matches!(
                self.program.question(by).map(|question| &question.kind),
                Some(Kind::Instrument { answered_by: Some(_), .. })
            )
        });
        let saved = u32::try_from(shared.len()).unwrap_or(0);
        let sure = u32::try_from(shared.iter().filter(|&&(_, wanted)| wanted).count()).unwrap_or(0);
        Progress {
            answered,
            fewest_left: certain.saturating_add(sure),
            most_left: certain.saturating_add(open.saturating_sub(saved)),
        }
    }

    fn take_back(&mut self, question: QuestionIdx) {
        if let Some(answer) = self.answers.remove(question) {
            // The answer was accepted once, so it is accepted again.
            let _ = self.aside.set(&self.program, question, answer);
        }
    }

    fn put_aside_what_is_not_asked(&mut self) {
        // Taking one answer away can only leave others open, not unasked, so one pass is enough.
        let evaluator = Evaluator::new(&self.program, &self.answers);
        let gone: Vec<QuestionIdx> = self
            .order
            .iter()
            .copied()
            .filter(|&question| evaluator.is_asked(question) == Truth::False)
            .collect();
        for question in gone {
            self.take_back(question);
            self.order.retain(|&given| given != question);
        }
    }
}
