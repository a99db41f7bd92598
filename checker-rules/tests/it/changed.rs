//! Random questionnaires in two versions: the second is the first with a few changes.

use crate::random::{Dice, Made, condition, question};

/// A questionnaire in parts, to change one of them.
#[derive(Clone)]
struct Form {
    outcomes: Vec<&'static str>,
    otherwise: Option<&'static str>,
    questions: Vec<Made>,
    /// Lines that start with `rule` or `note`.
    rules: Vec<String>,
    turned: usize,
    next: usize,
}

/// Two versions as texts, either of them the older one.
pub(crate) fn pair(dice: &mut Dice) -> (String, String) {
    let mut form = Form::new(dice);
    let first = form.text();
    for _ in 0..1 + dice.below(3) {
        form.change(dice);
    }
    let second = form.text();
    if dice.chance(50) { (second, first) } else { (first, second) }
}

impl Form {
    fn new(dice: &mut Dice) -> Self {
        let mut form = Self {
            outcomes: vec!["bad", "poor", "good"],
            otherwise: dice.chance(85).then_some("good"),
            questions: Vec::new(),
            rules: Vec::new(),
            turned: 0,
            next: 0,
        };
        for _ in 0..2 + dice.below(2) {
            form.add_question(dice);
        }
        for _ in 0..1 + dice.below(4) {
            form.add_rule(dice);
        }
        form
    }

    fn text(&self) -> String {
        let mut text = format!("outcomes {}\n", self.outcomes.join(" "));
        if let Some(otherwise) = self.otherwise {
            text += &format!("otherwise {otherwise}\n");
        }
        let mut lines: Vec<&str> = self.questions.iter().map(|question| question.line.as_str()).collect();
        let turns = self.turned % lines.len().max(1);
        lines.rotate_left(turns);
        lines.extend(self.rules.iter().map(String::as_str));
        text + &lines.join("\n") + "\n"
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn add_question(&mut self, dice: &mut Dice) {
        let at = self.number();
        let made = question(dice, at, &self.questions);
        self.questions.push(made);
    }

    fn add_rule(&mut self, dice: &mut Dice) {
        let at = self.number();
        let head = match dice.below(4) {
            0 => format!("note N{at}"),
            _ => format!("rule R{at} {}", dice.pick(&["bad", "poor", "poor", "good"])),
        };
        self.rules.push(format!("{head} : {}", condition(dice, &self.questions, 0, 2)));
    }

    fn change(&mut self, dice: &mut Dice) {
        let rule = dice.below(self.rules.len());
        let at = dice.below(self.questions.len());
        match dice.below(13) {
            0 if !self.rules.is_empty() => {
                self.rules.remove(rule);
            }
            1 => self.add_rule(dice),
            2 | 3 if !self.rules.is_empty() => {
                let (head, _) = self.rules[rule].split_once(" : ").expect("a rule");
                self.rules[rule] = format!("{head} : {}", condition(dice, &self.questions, 0, 2));
            }
            4 if self.rules.get(rule).is_some_and(|rule| rule.starts_with("rule")) => {
                let outcome = *dice.pick(&["bad", "poor", "good"]);
                let mut words: Vec<&str> = self.rules[rule].split(' ').collect();
                words[2] = outcome;
                self.rules[rule] = words.join(" ");
            }
            5 => self.add_question(dice),
            6 | 7 => {
                // Another condition for being asked, one where there was none, or none where there was one.
                let (head, was) = match self.questions[at].line.split_once(" ; when ") {
                    Some((head, _)) => (head.to_owned(), true),
                    None => (self.questions[at].line.clone(), false),
                };
                self.questions[at].line = if at == 0 || (was && dice.chance(50)) {
                    head
                } else {
                    format!("{head} ; when {}", condition(dice, &self.questions[..at], 0, 1))
                };
            }
            8 | 9 => self.more_answers(at),
            10 => {
                // Another question by the same name; what read the old one goes.
                let id = self.questions[at].id.clone();
                let number = id[1..].parse().expect("a number");
                self.questions[at] = question(dice, number, &self.questions[..at]);
                self.rules.retain(|rule| !rule.contains(&id));
                for other in self.questions.iter_mut().filter(|other| other.id != id) {
                    let parts: Vec<&str> =
                        other.line.split(" ; ").filter(|part| !part.contains(&id)).collect();
                    other.line = parts.join(" ; ");
                }
            }
            11 => match dice.below(4) {
                0 => self.otherwise = if self.otherwise.is_some() { None } else { Some("good") },
                1 => self.otherwise = Some("poor"),
                2 => self.outcomes.swap(0, 1),
                _ if !self.outcomes.contains(&"middling") => self.outcomes.insert(dice.below(4), "middling"),
                _ => {}
            },
            _ => self.turned += 1,
        }
        if self.outcomes.contains(&"middling") && dice.chance(70) && !self.rules.is_empty() {
            let rule = dice.below(self.rules.len());
            self.rules[rule] = self.rules[rule].replacen(" poor ", " middling ", 1);
        }
    }

    /// One more option, or a number more.
    fn more_answers(&mut self, at: usize) {
        let made = &mut self.questions[at];
        let mut parts: Vec<String> = made.line.split(" ; ").map(str::to_owned).collect();
        match made.kind {
            "one" | "many" if !made.options.contains(&"d".to_owned()) => {
                parts[0] += " d";
                made.options.push("d".to_owned());
                // An order lists every option.
                for part in parts.iter_mut().filter(|part| part.split(' ').count() > 2) {
                    if part.starts_with("risk ") || part.starts_with("need ") {
                        *part += " d";
                    }
                }
            }
            "number" => {
                made.high += 1;
                parts[0] = format!("number {} 0 {}", made.id, made.high);
            }
            _ => {}
        }
        made.line = parts.join(" ; ");
    }
}
