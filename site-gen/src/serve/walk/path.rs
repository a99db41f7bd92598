//! The page of a broken promise: each question with its answer, then the result.

use super::{address, page, result, said, trial};
use crate::checker::{ListedQuestion, Listing, RefutedPromise, VerifyResult, about, graph};
use crate::html::escape;
use crate::link::{Site, SiteChecker};
use crate::theme::Theme;
use checker_rules::{Answer, Counterexample, DraftRule, Question, QuestionIdx, Refuted};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Everything that the page of one broken promise is made from.
pub(super) struct Way<'a> {
    pub(super) site: &'a Site,
    pub(super) theme: Option<&'a Theme>,
    pub(super) held: &'a SiteChecker,
    pub(super) proof: &'a VerifyResult,
    pub(super) entry: &'a RefutedPromise,
    pub(super) refuted: &'a Refuted,
    pub(super) name: &'a str,
}

/// A question as it is listed, by its id.
pub(super) type Listed = BTreeMap<String, ListedQuestion>;

impl Way<'_> {
    /// The language of the words: the first that the questionnaire has.
    pub(super) fn language(&self) -> &str {
        self.held.checker.first_words().map_or("en", |words| &words.language)
    }

    pub(super) fn page(&self) -> String {
        let entry = self.entry;
        let checker = &self.held.checker;
        let example = &self.refuted.counterexample;
        let listing = checker.listing(self.language());
        let listed = listed(listing);
        let mut main = format!(
            "<h1>{}</h1>\n<p class=\"walk-verdict walk-verdict--broken\"><strong><span aria-hidden=\"true\">✗</span> \
             Broken.</strong> The promise <code>{}</code> of {} does not hold for every set of answers. \
             Below is one that breaks it, with as few unusual answers as can be.</p>\n",
            escape(&entry.say),
            escape(&entry.id),
            escape(&checker.id)
        );
        self.short(&mut main, &listed);
        let links = trial::links(self.site, self.held, self.name);
        let _ = writeln!(
            main,
            "<p class=\"walk-try\">See it as a reader would, and answer the questions yourself: {links}</p>"
        );
        let _ = writeln!(
            main,
            "<nav class=\"walk-jumps\" aria-label=\"On this page\"><a href=\"#answers\">The answers</a> \
             <a href=\"#result\">The result</a> <a href=\"#rules\">The rules</a> <a href=\"#picture\">The picture</a></nav>"
        );
        let _ = writeln!(main, "<h2 id=\"answers\">The answers, in the order of the questions</h2>");
        self.answers(&mut main, &listed, example);
        if let Some(beside) = &self.refuted.beside {
            self.beside(&mut main, &listed, beside);
        }
        let _ = writeln!(main, "<h2 id=\"result\">What this reader sees then</h2>");
        result::result(self, &mut main, &listed);
        let _ = writeln!(main, "<h2 id=\"rules\">The rules</h2>");
        self.rules(&mut main);
        let title = format!("answers that break {}, “{}”", entry.id, entry.say);
        let mark = graph::Mark { title: &title, example };
        let _ = writeln!(
            main,
            "<h2 id=\"picture\">The same in the picture of the questionnaire</h2>\n\
             <div class=\"walk-picture\" role=\"region\" aria-label=\"Picture of the questionnaire\" tabindex=\"0\">\n{}</div>",
            graph::picture(checker, self.language(), Some(&mark))
        );
        page(&format!("{} is broken", self.name), &main)
    }

    /// The answers that matter and the outcome, in a few lines.
    fn short(&self, main: &mut String, listed: &Listed) {
        let example = &self.refuted.counterexample;
        main.push_str("<div class=\"walk-short\">\n");
        if example.differs.is_empty() {
            main.push_str("<p>Even the safest answer to every question breaks it.</p>\n");
        } else {
            main.push_str("<p>Every answer is the safest one but:</p>\n<ul>\n");
            for at in &example.differs {
                if let Some((question, answer)) = self.answer_at(example, *at) {
                    let _ = writeln!(
                        main,
                        "<li><code>{}</code> {} <strong>{}</strong></li>",
                        escape(&question.id),
                        said(self.language(), "span", "", title(listed, &question.id)),
                        said(self.language(), "span", "", &self.in_words(question, answer))
                    );
                }
            }
            main.push_str("</ul>\n");
        }
        let _ = writeln!(main, "<p>The result is {}.</p>", self.outcome(example));
        if let Some(beside) = &self.refuted.beside {
            let _ = writeln!(
                main,
                "<p>With the <a href=\"#beside\">other answers</a> beside it the result is {}.</p>",
                self.outcome(beside)
            );
        }
        main.push_str("</div>\n");
    }

    /// An outcome by its id and its title.
    fn outcome(&self, example: &Counterexample) -> String {
        let Some(outcome) = example.outcome else { return "<strong>none at all</strong>".to_owned() };
        let id = self.held.checker.program.outcome(outcome);
        let words = self.held.checker.first_words();
        let title = words.and_then(|words| words.outcomes.get(id)).map_or("", |body| body.title.as_str());
        format!("<code>{}</code> <strong>{}</strong>", escape(id), said(self.language(), "span", "", title))
    }

    fn answer_at<'e>(&self, example: &'e Counterexample, at: QuestionIdx) -> Option<(&Question, &'e Answer)> {
        let (_, answer) = example.answers.iter().find(|(question, _)| *question == at)?;
        Some((self.held.checker.program.question(at)?, answer))
    }

    /// An answer in one line.
    pub(super) fn in_words(&self, question: &Question, answer: &Answer) -> String {
        crate::checker::given(question, self.held.checker.first_words(), answer).join("; ")
    }

    /// Every question that is asked. Answers that matter stand open; those between them are folded together.
    fn answers(&self, main: &mut String, listed: &Listed, example: &Counterexample) {
        let mut folded: Vec<(usize, QuestionIdx)> = Vec::new();
        for (number, (at, _)) in example.answers.iter().enumerate() {
            if example.differs.contains(at) {
                self.fold(main, listed, example, &mut folded);
                main.push_str("<div class=\"walk-question walk-question--matters\">\n");
                self.question(main, listed, example, number + 1, *at, true);
                main.push_str("</div>\n");
            } else {
                folded.push((number + 1, *at));
            }
        }
        self.fold(main, listed, example, &mut folded);
    }

    fn fold(
        &self,
        main: &mut String,
        listed: &Listed,
        example: &Counterexample,
        folded: &mut Vec<(usize, QuestionIdx)>,
    ) {
        let (Some((first, _)), Some((last, _))) = (folded.first(), folded.last()) else { return };
        let which = if first == last {
            format!("Question {first}: the safest answer")
        } else {
            format!("Questions {first} to {last}: the safest answer to each")
        };
        let _ = writeln!(main, "<details class=\"walk-folded\"><summary>{which}</summary>");
        for (number, at) in folded.drain(..) {
            main.push_str("<div class=\"walk-question\">\n");
            self.question(main, listed, example, number, at, false);
            main.push_str("</div>\n");
        }
        main.push_str("</details>\n");
    }

    /// One question with what may be answered, and what is.
    fn question(
        &self,
        main: &mut String,
        listed: &Listed,
        example: &Counterexample,
        number: usize,
        at: QuestionIdx,
        matters: bool,
    ) {
        let Some((question, answer)) = self.answer_at(example, at) else { return };
        let language = self.language();
        let why = if matters { " <strong>This answer matters</strong>" } else { "" };
        let _ = writeln!(
            main,
            "<p class=\"walk-number\">Question {number} <code>{}</code>{why}</p>\n{}",
            escape(&question.id),
            said(language, "h3", "", title(listed, &question.id))
        );
        let Some(own) = listed.get(&question.id) else {
            let _ = writeln!(main, "<p>{}</p>", escape(&self.in_words(question, answer)));
            return;
        };
        if !own.hint.is_empty() {
            let _ = writeln!(main, "{}", said(language, "p", "checker-hint", &own.hint));
        }
        let option = |main: &mut String, label: &str, given: bool| {
            let class = if given { "walk-option walk-option--given" } else { "walk-option" };
            let mark = if given { "◆ " } else { "" };
            let told = if given { " <em>answered</em>" } else { "" };
            let _ = writeln!(
                main,
                "<li class=\"{class}\"><span aria-hidden=\"true\">{mark}</span>{}{told}</li>",
                said(language, "span", "", label)
            );
        };
        main.push_str("<ul class=\"walk-options\">\n");
        match answer {
            Answer::One(_) | Answer::Many(_) => {
                let ticks: &[u16] = match answer {
                    Answer::One(tick) => std::slice::from_ref(tick),
                    Answer::Many(ticks) => ticks,
                    _ => &[],
                };
                for (place, label) in (0u16..).zip(&own.options) {
                    option(main, &label.label, ticks.contains(&place));
                }
            }
            Answer::Number(_) => {
                option(main, &self.in_words(question, answer), true);
                own.options.iter().for_each(|label| option(main, &label.label, false));
            }
            Answer::Unknown => own.options.iter().for_each(|label| option(main, &label.label, true)),
            Answer::Items(values) => {
                for (item, value) in own.items.iter().zip(values) {
                    let label = value.and_then(|value| own.values.get(usize::from(value)));
                    let label = label
                        .cloned()
                        .unwrap_or_else(|| value.map_or("–".to_owned(), |value| value.to_string()));
                    option(main, &format!("{item}: {label}"), true);
                }
            }
        }
        main.push_str("</ul>\n");
    }

    /// The other set of answers of a comparison: only what is answered otherwise.
    fn beside(&self, main: &mut String, listed: &Listed, beside: &Counterexample) {
        let example = &self.refuted.counterexample;
        main.push_str(
            "<h2 id=\"beside\">The answers beside it</h2>\n<p>These are the same answers but for the ones below. \
             Together the two sets break the promise.</p>\n",
        );
        for (number, (at, answer)) in beside.answers.iter().enumerate() {
            let here = self.answer_at(example, *at).map(|(_, answer)| answer);
            if here != Some(answer) {
                main.push_str("<div class=\"walk-question walk-question--matters\">\n");
                self.question(main, listed, beside, number + 1, *at, true);
                main.push_str("</div>\n");
            }
        }
        let _ = writeln!(main, "<p>With these the result is {}.</p>", self.outcome(beside));
    }

    /// Which rules apply, with their conditions and the outcomes that they ask for.
    fn rules(&self, main: &mut String) {
        let checker = &self.held.checker;
        let draft = checker.draft();
        let example = &self.refuted.counterexample;
        if example.fired.is_empty() {
            main.push_str("<p>No rule applies to these answers.</p>\n");
        } else {
            main.push_str("<p>These rules apply to these answers, the worst result first:</p>\n<ul class=\"walk-rules\">\n");
        }
        let fired: Vec<&DraftRule> =
            example.fired.iter().filter_map(|at| draft.rules.get(at.index())).collect();
        for rule in &fired {
            one_rule(main, rule, "because");
        }
        if !example.fired.is_empty() {
            main.push_str("</ul>\n");
        }
        if fired.iter().all(|rule| rule.outcome.is_none())
            && let Some(otherwise) = &draft.otherwise
        {
            let _ = writeln!(
                main,
                "<p>No rule asks for a result here, so it is the one that <code>otherwise</code> names: <code>{}</code>.</p>",
                escape(&otherwise.text)
            );
        }
        main.push_str("<h3>Which rule to look at</h3>\n");
        if self.refuted.look_at.is_empty() {
            main.push_str("<p>No rule asks for what is promised. One may be missing.</p>\n");
        } else {
            main.push_str("<p>The likeliest first:</p>\n<ol class=\"walk-rules walk-look\">\n");
            for rule in self.refuted.look_at.iter().filter_map(|at| draft.rules.get(at.index())) {
                one_rule(main, rule, "if");
            }
            main.push_str("</ol>\n");
        }
        let _ = writeln!(
            main,
            "<p class=\"walk-limits\">Every set of answers was looked at: {}. Save the mended rule, and this page shows what is \
             proved then. Its address stays: <code>{}</code></p>",
            about(&self.proof.answer_sets),
            escape(&address(&checker.id, self.name))
        );
    }
}

/// A rule with what it asks for and when.
fn one_rule(main: &mut String, rule: &DraftRule, word: &str) {
    let leads = match &rule.outcome {
        Some(outcome) => format!("asks for <code>{}</code>", escape(&outcome.text)),
        None => "adds a note and asks for no result".to_owned(),
    };
    let _ = writeln!(
        main,
        "<li><code>{}</code> {leads}, {word} {}</li>",
        escape(&rule.id.text),
        escape(&graph::condition(&rule.when))
    );
}

pub(super) fn listed(listing: Option<Listing>) -> Listed {
    let sections = listing.into_iter().flat_map(|listing| listing.sections);
    sections.flat_map(|section| section.questions).map(|question| (question.id.clone(), question)).collect()
}

/// A question's title, or its id where it has none.
pub(super) fn title<'l>(listed: &'l Listed, id: &'l str) -> &'l str {
    listed.get(id).map(|own| own.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(id)
}
