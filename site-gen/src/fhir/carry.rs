//! From the items of a form to the questions of a checker. Whatever a checker has no place for is told with its linkId.

use super::condition::{Subject, When};
use super::form::{Answer, EnableWhen, Form, Item, Kind, Texts, Told};
use super::screens::Found;
use crate::checker::instruments::Screen;
use checker_rules::{Decimal, Origin};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The questions of a form as a checker has them.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    pub(crate) sections: Vec<Section>,
    pub(crate) questions: Vec<Question>,
    /// What each item of the form became; `None`: nothing.
    pub(crate) meanings: Vec<Option<Meaning>>,
    /// Where each condition stands: an [`Origin`] is a place in this list.
    pub(crate) origins: Vec<(usize, Range<usize>)>,
}

#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: Texts,
    pub(crate) intro: Vec<Texts>,
}

#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) id: String,
    pub(crate) section: Option<usize>,
    /// The item that it comes from.
    pub(crate) item: usize,
    pub(crate) ask: Ask,
    pub(crate) title: Texts,
    pub(crate) hint: Vec<Texts>,
    /// When it is asked, as simply as can be.
    pub(crate) when: When,
    /// The same as it was written, so that a message can name the lines.
    pub(crate) written: When,
}

#[derive(Debug)]
pub(crate) enum Ask {
    One(Vec<Choice>),
    Many { options: Vec<Choice>, exclusive: Vec<String> },
    Number { unit: Option<String>, low: Decimal, high: Decimal, decimals: u8, unknown: Option<Choice> },
    Screen(&'static Screen),
}

#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) texts: Texts,
}

/// What an item of the form became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A question of its own.
    Question(usize),
    /// An item of a screen, counted from 1.
    Item(usize, u32),
    /// The score of a screen.
    Total(usize),
    /// "I do not know" beside a number.
    UnknownOf(usize),
}

/// What is told of a question that is not required.
const MAY_BE_LEFT_OUT: &str = "that a question may be left out";

/// Words that mean something in a line, so that no answer can be called so.
const RESERVED: [&str; 8] = ["unknown", "not", "or", "and", "at", "below", "of", "least"];

/// Carries over what can be.
pub(crate) fn carry(form: &Form, screens: &[Found], told: &mut Told) -> Carried {
    let mut carrier = Carrier {
        form,
        screens,
        told,
        out: Carried { meanings: vec![None; form.items.len()], ..Carried::default() },
        ids: BTreeSet::from(["sets".to_owned()]),
        lost: BTreeMap::new(),
        waiting: Vec::new(),
    };
    let top: Vec<usize> = (0..form.items.len()).filter(|&at| form.items[at].parent.is_none()).collect();
    carrier.walk(&top, None);
    carrier.texts_left_over();
    carrier.one_section_at_least();
    carrier.conditions();
    carrier.tell_losses();
    carrier.out
}

/// What that means for staff, and what it is.
type Loss = (&'static str, String);

struct Carrier<'f, 't> {
    form: &'f Form,
    screens: &'f [Found],
    told: &'t mut Told,
    out: Carried,
    ids: BTreeSet<String>,
    /// What is not carried: what it is to the linkIds and the first place.
    lost: BTreeMap<Loss, (Vec<String>, Range<usize>)>,
    /// Texts that stand before the next question.
    waiting: Vec<usize>,
}

impl Carrier<'_, '_> {
    fn lose(&mut self, so: &'static str, what: impl Into<String>, item: usize) {
        let item = &self.form.items[item];
        let entry = self.lost.entry((so, what.into())).or_insert_with(|| (Vec::new(), item.span.clone()));
        let name = if item.link.is_empty() { item.path.clone() } else { item.link.clone() };
        if !entry.0.contains(&name) {
            entry.0.push(name);
        }
    }

    fn tell_losses(&mut self) {
        for ((so, what), (links, span)) in std::mem::take(&mut self.lost) {
            let links: Vec<String> = links.iter().map(|link| format!("`{link}`")).collect();
            self.told.note(
                "fhir-not-carried",
                &span,
                format!("Not carried over: {what} ({})", links.join(", ")),
                so.to_owned(),
            );
        }
        for (what, span) in &self.form.surplus {
            self.told.note(
                "fhir-not-carried",
                span,
                format!("Not carried over: `{what}` of the form itself"),
                "It says nothing about the questions".to_owned(),
            );
        }
    }

    /// An id that a line and a heading can hold.
    fn id(&mut self, link: &str, item: usize) -> String {
        let wanted = plain_id(link);
        let mut id = wanted.clone();
        let mut number = 2;
        while !self.ids.insert(id.clone()) {
            id = format!("{wanted}-{number}");
            number += 1;
        }
        if id != link && !link.is_empty() {
            self.told.note(
                "fhir-renamed",
                &self.form.items[item].span.clone(),
                format!("`{link}` is called `{id}` in the checker"),
                "An id there is letters, digits, `-`, `_` and `.`, and stands once".to_owned(),
            );
        }
        id
    }

    fn walk(&mut self, items: &[usize], section: Option<usize>) {
        for &at in items {
            let form = self.form;
            let item = &form.items[at];
            if let Some(screen) = self.screens.iter().find(|found| found.group == Some(at)) {
                self.screen(screen, section);
                continue;
            }
            if let Some(screen) = self.screens.iter().find(|found| found.items.contains(&at)) {
                if screen.items[0] == at {
                    self.screen(screen, section);
                }
                continue;
            }
            if self.screens.iter().any(|found| found.totals.contains(&at) || found.displays.contains(&at)) {
                continue;
            }
            self.surplus(at);
            match &item.kind {
                Kind::Group => self.group(at, section),
                Kind::Display => self.display(at, section),
                _ => {
                    self.question(at, section);
                    // What stands below a question is asked beside it, in the same order.
                    let (below, displays): (Vec<usize>, Vec<usize>) =
                        item.children.iter().partition(|&&child| form.items[child].kind != Kind::Display);
                    for display in displays {
                        self.hint_of(at, display);
                    }
                    if !below.is_empty() {
                        for &child in &below {
                            self.lose(
                                "It is asked after the question above it, and only when that one is asked. In the form it also waited for an answer to it",
                                "that an item stands below a question",
                                child,
                            );
                        }
                        self.walk(&below, section);
                    }
                }
            }
        }
    }

    /// What an item has that no checker has.
    fn surplus(&mut self, at: usize) {
        let item = &self.form.items[at];
        for (what, _) in &item.surplus {
            self.lose("A checker has no place for it", format!("`{what}`"), at);
        }
        if item.repeats && item.kind == Kind::Group {
            self.lose("A checker asks every question once", "that a group repeats", at);
        } else if item.repeats && !item.kind.is_choice() {
            self.lose(
                "A checker takes one number or one answer",
                "that a question takes several answers",
                at,
            );
        }
    }

    fn group(&mut self, at: usize, section: Option<usize>) {
        let form = self.form;
        let item = &form.items[at];
        // A group without words only says when its items are asked.
        if item.texts.is_empty() && section.is_some() {
            self.walk(&item.children, section);
            return;
        }
        if section.is_some() {
            self.lose(
                "Its questions are in a section of their own, beside the one around it",
                "a group inside a group",
                at,
            );
        }
        let id = self.id(&item.link, at);
        let mut title = item.texts.clone();
        if title.is_empty() {
            title.insert(
                form.language().to_owned(),
                if item.link.is_empty() { id.clone() } else { item.link.clone() },
            );
        }
        self.out.sections.push(Section { id, title, intro: Vec::new() });
        let own = self.out.sections.len() - 1;
        self.texts_left_over();
        self.walk(&item.children, Some(own));
        self.texts_left_over();
    }

    fn display(&mut self, at: usize, section: Option<usize>) {
        let item = &self.form.items[at];
        if item.texts.is_empty() {
            return;
        }
        if !item.enable.is_empty() || item.asked_by_expression.is_some() {
            self.lose(
                "A checker shows its texts always. What depends on the answers is said by the results: see outcomes.md",
                "a text that is shown under a condition",
                at,
            );
            return;
        }
        let started = self.out.questions.iter().any(|question| question.section == section);
        match section {
            Some(section) if !started && self.waiting.is_empty() && item.parent.is_some() => {
                self.out.sections[section].intro.push(item.texts.clone());
            }
            _ => self.waiting.push(at),
        }
    }

    fn hint_of(&mut self, question: usize, display: usize) {
        self.surplus(display);
        let texts = &self.form.items[display].texts;
        let conditional = !self.form.items[display].enable.is_empty();
        match self.out.questions.iter_mut().find(|known| known.item == question) {
            Some(known) if !conditional => known.hint.push(texts.clone()),
            _ => self.lose(
                "Its question is not carried over, or it is shown under a condition",
                "a text",
                display,
            ),
        }
    }

    /// Texts with no question behind them.
    fn texts_left_over(&mut self) {
        for at in std::mem::take(&mut self.waiting) {
            self.lose("No question follows it in its group", "a text", at);
        }
    }

    fn waiting_texts(&mut self) -> Vec<Texts> {
        let form = self.form;
        std::mem::take(&mut self.waiting).into_iter().map(|at| form.items[at].texts.clone()).collect()
    }

    fn screen(&mut self, found: &Found, section: Option<usize>) {
        let form = self.form;
        let first = found.items[0];
        let number = self.out.questions.len();
        let at = found.group.unwrap_or(first);
        let (link, title) = match found.group {
            Some(group) => (form.items[group].link.clone(), form.items[group].texts.clone()),
            None => (found.screen.name.clone(), Texts::new()),
        };
        let title = if title.is_empty() {
            form.languages.iter().map(|language| (language.clone(), found.screen.name.clone())).collect()
        } else {
            title
        };
        let mut hint = self.waiting_texts();
        if let Some(group) = found.group {
            self.surplus(group);
            for &child in &form.items[group].children {
                if form.items[child].kind == Kind::Display && !found.displays.contains(&child) {
                    hint.push(form.items[child].texts.clone());
                }
            }
        }
        for &item in found.items.iter().chain(&found.totals) {
            self.surplus(item);
            for &child in &form.items[item].children {
                self.lose(
                    "A locked screen has its own words",
                    "what stands below an item of a screen",
                    child,
                );
            }
        }
        for (item, nth) in found.items.iter().zip(1u32..) {
            self.out.meanings[*item] = Some(Meaning::Item(number, nth));
        }
        for &total in &found.totals {
            self.out.meanings[total] = Some(Meaning::Total(number));
        }
        let id = if found.group.is_some() { self.id(&link, at) } else { self.made_up(&link) };
        self.push(Question {
            id,
            section,
            item: at,
            ask: Ask::Screen(found.screen),
            title,
            hint,
            when: When::Always,
            written: When::Always,
        });
    }

    /// An id for something that has no linkId of its own.
    fn made_up(&mut self, wanted: &str) -> String {
        let wanted = plain_id(wanted);
        let mut id = wanted.clone();
        let mut number = 2;
        while !self.ids.insert(id.clone()) {
            id = format!("{wanted}-{number}");
            number += 1;
        }
        id
    }

    fn push(&mut self, question: Question) {
        self.out.questions.push(question);
    }

    fn question(&mut self, at: usize, section: Option<usize>) {
        let form = self.form;
        let item = &form.items[at];
        if let Some(number) = self.unknown_beside(at) {
            return self.add_unknown(at, number);
        }
        if item.hidden {
            return self.lose("Nobody sees it, so nobody can answer it", "a hidden item", at);
        }
        if item.calculated.is_some() {
            if item.kind.is_number() || matches!(item.kind, Kind::Other(_)) {
                // `analyze` has told what becomes of scores.
                return;
            }
            self.lose("A checker never fills in an answer", "that an answer is worked out", at);
        }
        let ask = match &item.kind {
            Kind::Boolean => Some(Ask::One(yes_and_no(form))),
            Kind::Choice | Kind::OpenChoice => self.choices(at),
            Kind::Integer | Kind::Decimal | Kind::Quantity => self.number(at),
            Kind::Other(kind) => {
                self.lose(
                    "A checker has no free text, dates, files or links",
                    format!("a question of type `{kind}`"),
                    at,
                );
                None
            }
            Kind::Group | Kind::Display | Kind::Wrong => None,
        };
        let Some(ask) = ask else { return };
        if item.texts.is_empty() {
            self.told.warning(
                "fhir-no-text",
                &item.span,
                format!("{} has no words to ask with", item.name()),
                "Its linkId stands in questions.md for now. Write the question there".to_owned(),
            );
        }
        if !item.required {
            self.lose(
                "A checker needs an answer to every question that it asks. Add an answer such as “not sure”, and name it under `unknown`",
                MAY_BE_LEFT_OUT,
                at,
            );
        }
        let title = if item.texts.is_empty() {
            Texts::from([(form.language().to_owned(), item.link.clone())])
        } else {
            item.texts.clone()
        };
        let id = self.id(&item.link, at);
        let hint = self.waiting_texts();
        self.out.meanings[at] = Some(Meaning::Question(self.out.questions.len()));
        self.push(Question {
            id,
            section,
            item: at,
            ask,
            title,
            hint,
            when: When::Always,
            written: When::Always,
        });
    }

    /// The number that this item is the "I do not know" of: one option, offered while there is no number.
    fn unknown_beside(&self, at: usize) -> Option<usize> {
        let item = &self.form.items[at];
        let [enable] = item.enable.as_slice() else { return None };
        let number = self.form.find(&enable.question)?;
        let beside = item.kind == Kind::Choice
            && !item.repeats
            && item.options.len() == 1
            && enable.operator == "exists"
            && matches!(enable.answer, Some(Answer::Switch(false)))
            && self.form.items[number].kind.is_number()
            && self.form.items[number].parent == item.parent;
        let Some(Meaning::Question(question)) = self.out.meanings[number].filter(|_| beside) else {
            return None;
        };
        matches!(self.out.questions[question].ask, Ask::Number { unknown: None, .. }).then_some(question)
    }

    fn add_unknown(&mut self, at: usize, number: usize) {
        let option = &self.form.items[at].options[0];
        let id = option_id(&option.code, &BTreeSet::new());
        let texts = option.texts.clone();
        self.out.meanings[at] = Some(Meaning::UnknownOf(number));
        let link = self.form.items[self.out.questions[number].item].link.clone();
        // With it the number need not be given, so that is nothing lost.
        for ((_, what), (links, _)) in &mut self.lost {
            if what == MAY_BE_LEFT_OUT {
                links.retain(|known| *known != link);
            }
        }
        self.lost.retain(|_, (links, _)| !links.is_empty());
        if let Ask::Number { unknown, .. } = &mut self.out.questions[number].ask {
            *unknown = Some(Choice { id, texts });
        }
    }

    fn choices(&mut self, at: usize) -> Option<Ask> {
        let form = self.form;
        let item = &form.items[at];
        if let Some(set) = &item.value_set {
            self.lose(
                "The answers stand elsewhere. Write them into the form, or add the question by hand",
                format!("a question whose answers are the list `{set}`"),
                at,
            );
            return None;
        }
        if item.options.is_empty() {
            self.lose("There is nothing to choose from in the form itself", "a question without answers", at);
            return None;
        }
        if item.kind == Kind::OpenChoice {
            self.lose(
                "A checker has no free text. Add an answer such as “something else”",
                "an answer in the person's own words",
                at,
            );
        }
        let mut options: Vec<Choice> = Vec::new();
        let mut exclusive = Vec::new();
        let mut taken = BTreeSet::new();
        for option in &item.options {
            let id = option_id(&option.code, &taken);
            taken.insert(id.clone());
            if id != option.code && !option.system.is_empty() {
                self.told.note(
                    "fhir-renamed",
                    &item.span,
                    format!(
                        "The answer `{}` of {} is called `{id}` in the checker",
                        option.code,
                        item.name()
                    ),
                    "An id there is letters, digits, `-`, `_` and `.`, and stands once".to_owned(),
                );
            }
            if option.exclusive {
                exclusive.push(id.clone());
            }
            let mut texts = option.texts.clone();
            if texts.is_empty() {
                texts.insert(form.language().to_owned(), option.code.clone());
            }
            options.push(Choice { id, texts });
        }
        if !item.repeats {
            return Some(Ask::One(options));
        }
        // If every option stands alone, one answer is all there can be.
        if exclusive.len() == options.len() {
            return Some(Ask::One(options));
        }
        Some(Ask::Many { options, exclusive })
    }

    fn number(&mut self, at: usize) -> Option<Ask> {
        let form = self.form;
        let item = &form.items[at];
        let limits_used: Vec<Decimal> = form
            .items
            .iter()
            .flat_map(|other| &other.enable)
            .filter(|enable| enable.question == item.link)
            .filter_map(|enable| match &enable.answer {
                Some(Answer::Number { value, .. } | Answer::Quantity { value, .. }) => Some(*value),
                _ => None,
            })
            .collect();
        let written = [&item.min, &item.max].into_iter().flatten().map(|(value, _)| *value);
        let decimals = match item.kind {
            Kind::Integer => 0,
            _ => item.decimals.unwrap_or_else(|| {
                written.chain(limits_used.iter().copied()).map(scale_of).max().unwrap_or(0).max(1)
            }),
        };
        let low = item.min.as_ref().map(|(value, _)| at_least(*value, false, decimals));
        let high = item.max.as_ref().map(|(value, _)| {
            let above = at_least(*value, true, decimals);
            Decimal { digits: above.digits.saturating_sub(1), scale: decimals }
        });
        if low.is_none() || high.is_none() {
            let which = match (low, high) {
                (None, None) => "neither a lowest nor a highest number",
                (None, _) => "no lowest number",
                _ => "no highest number",
            };
            self.told.warning(
                "fhir-no-limits",
                &item.span,
                format!("{} has {which}", item.name()),
                "checker.toml has wide limits for now: write the right ones there, `between = [0, 10]`"
                    .to_owned(),
            );
        }
        let one = Decimal { digits: 1, scale: 0 };
        let used_low =
            limits_used.iter().copied().map(|value| super::scores::plus(value, Decimal::whole(-1)));
        let used_high = limits_used.iter().copied().map(|value| super::scores::plus(value, one));
        let low = low.unwrap_or_else(|| used_low.fold(Decimal::whole(0), Decimal::min));
        let high = high.unwrap_or_else(|| used_high.fold(Decimal::whole(9999), Decimal::max));
        if low >= high {
            return None;
        }
        if item.units.len() > 1 {
            let others: Vec<String> = item.units[1..].iter().map(|unit| unit.display.clone()).collect();
            self.lose(
                "A checker asks for a number in one unit",
                format!("the other units of a number: {}", others.join(", ")),
                at,
            );
        }
        let unit = item
            .units
            .first()
            .map(|unit| unit_word(&unit.display, &unit.code))
            .filter(|unit| !unit.is_empty());
        Some(Ask::Number { unit, low, high, decimals, unknown: None })
    }

    /// Questions outside of every group get a section, because a checker shows its questions in sections.
    fn one_section_at_least(&mut self) {
        if self.out.questions.iter().all(|question| question.section.is_some()) {
            return;
        }
        let id = self.made_up("questions");
        let title = if self.form.title.is_empty() {
            Texts::from([(self.form.language().to_owned(), "Questions".to_owned())])
        } else {
            self.form.title.clone()
        };
        self.out.sections.insert(0, Section { id, title, intro: Vec::new() });
        for question in &mut self.out.questions {
            question.section = Some(question.section.map_or(0, |section| section + 1));
        }
    }

    /// When each question is asked.
    fn conditions(&mut self) {
        let used: BTreeSet<usize> =
            self.out.questions.iter().filter_map(|question| question.section).collect();
        let kept: Vec<usize> = (0..self.out.sections.len()).filter(|at| used.contains(at)).collect();
        let sections = std::mem::take(&mut self.out.sections);
        self.out.sections = sections
            .into_iter()
            .enumerate()
            .filter(|(at, _)| used.contains(at))
            .map(|(_, section)| section)
            .collect();
        for question in &mut self.out.questions {
            question.section =
                question.section.and_then(|section| kept.iter().position(|&known| known == section));
        }
        for at in 0..self.out.questions.len() {
            let item = self.out.questions[at].item;
            let chain: Vec<usize> = std::iter::once(item).chain(self.form.around(item)).collect();
            let mut parts = Vec::new();
            let mut written = Vec::new();
            for &above in chain.iter().rev() {
                let (own, all) = self.own_condition(above);
                written.push(When::as_written(own.clone(), all));
                parts.push(if all { When::all(own) } else { When::any(own) });
            }
            self.out.questions[at].when = When::all(parts).tidy();
            self.out.questions[at].written = When::as_written(written, true);
        }
    }

    /// The comparisons of an item, and whether all of them must hold.
    fn own_condition(&mut self, at: usize) -> (Vec<When>, bool) {
        let form = self.form;
        let item = &form.items[at];
        if let Some(span) = &item.asked_by_expression {
            self.told.warning(
                "fhir-condition-not-carried",
                span,
                format!("When {} is asked is written in FHIRPath, which is not read", item.name()),
                "In the checker it is asked always. Write `asked-when` in checker.toml".to_owned(),
            );
        }
        let mut parts = Vec::new();
        let mut lost = false;
        for enable in &item.enable {
            self.out.origins.push((at, enable.span.clone()));
            let origin = Origin(u32::try_from(self.out.origins.len() - 1).unwrap_or(u32::MAX));
            match literal(form, &self.out, enable, origin) {
                Some(when) => parts.push(when),
                None => lost = true,
            }
        }
        let all = item.enable.len() < 2 || item.behavior == Some(true);
        if lost {
            self.told.warning(
                "fhir-condition-not-carried",
                &item.span,
                format!("When {} is asked depends on something that is not carried over", item.name()),
                if all && !parts.is_empty() {
                    "In the checker it waits for the rest of the condition only, so it is asked more often. See `asked-when` in checker.toml"
                        .to_owned()
                } else {
                    "In the checker it is asked always. Write `asked-when` in checker.toml".to_owned()
                },
            );
            if !all {
                return (Vec::new(), true);
            }
        }
        (parts, all)
    }
}

/// Whether an item is asked of everyone.
pub(crate) fn always_asked(form: &Form, at: usize) -> bool {
    std::iter::once(at)
        .chain(form.around(at))
        .all(|above| form.items[above].enable.is_empty() && form.items[above].asked_by_expression.is_none())
}

/// One comparison. `None`: it compares with something that is not carried over, or in a way that makes no sense.
fn literal(form: &Form, carried: &Carried, enable: &EnableWhen, origin: Origin) -> Option<When> {
    let target = form.find(&enable.question)?;
    let item = &form.items[target];
    let always = always_asked(form, target);
    let answer = enable.answer.as_ref()?;
    let positive = |when: When| -> Option<When> {
        Some(match (enable.operator.as_str(), answer) {
            ("exists", Answer::Switch(false)) | ("!=", _) => when.not(),
            _ => when,
        })
    };
    let exists = enable.operator == "exists";
    if exists && !matches!(answer, Answer::Switch(_)) {
        return None;
    }
    match carried.meanings[target]? {
        Meaning::UnknownOf(number) => {
            let question = carried.questions[number].id.clone();
            (exists || matches!(enable.operator.as_str(), "=" | "!="))
                .then(|| positive(When::Unknown { question, origin }))?
        }
        Meaning::Total(number) => {
            let question = &carried.questions[number];
            let Ask::Screen(screen) = &question.ask else { return None };
            let high = Decimal::whole(i64::from(screen.highest_score()));
            compared(question, None, (Decimal::whole(0), high, 0), always, enable, origin)
        }
        Meaning::Item(number, nth) => {
            let question = &carried.questions[number];
            let Ask::Screen(screen) = &question.ask else { return None };
            let subject = |nth: u32, always: bool| {
                let highest = screen.highest[usize::try_from(nth).unwrap_or(1) - 1];
                Subject {
                    question: question.id.clone(),
                    item: Some(nth),
                    names: (0..=highest).map(|value| value.to_string()).collect(),
                    always,
                }
            };
            let behind_gate = screen.gated && nth > 1;
            let of = |nth: u32, values: BTreeSet<u16>, always: bool| {
                When::Of { subject: subject(nth, always), values, absent: false, origin }.settled()
            };
            let gate_always = always_asked(form, question.item);
            let open = || of(1, (1..=u16::from(screen.highest[0])).collect(), gate_always);
            if exists {
                let every = (0..=u16::from(screen.highest[usize::try_from(nth).ok()? - 1])).collect();
                return positive(if behind_gate { open() } else { of(nth, every, gate_always) });
            }
            let value = u16::try_from(chosen(item, answer)?).ok()?;
            let own = of(nth, BTreeSet::from([value]), gate_always && !behind_gate);
            // Behind a closed gate an item counts as 0, but nobody answered so.
            positive(if behind_gate && value == 0 { When::all(vec![own, open()]) } else { own })
        }
        Meaning::Question(number) => {
            let question = &carried.questions[number];
            match &question.ask {
                Ask::One(options) => {
                    let names: Vec<String> = options.iter().map(|option| option.id.clone()).collect();
                    let values = if exists {
                        (0..u16::try_from(names.len()).ok()?).collect()
                    } else {
                        let at = match (&item.kind, answer) {
                            (Kind::Boolean, Answer::Switch(yes)) => usize::from(!yes),
                            (Kind::Boolean, _) => return None,
                            _ => chosen(item, answer)?,
                        };
                        BTreeSet::from([u16::try_from(at).ok()?])
                    };
                    if !exists && !matches!(enable.operator.as_str(), "=" | "!=") {
                        return None;
                    }
                    let subject = Subject { question: question.id.clone(), item: None, names, always };
                    positive(When::Of { subject, values, absent: false, origin }.settled())
                }
                Ask::Many { options, .. } => {
                    let of = if exists {
                        if always {
                            return positive(When::Always);
                        }
                        options.iter().map(|option| option.id.clone()).collect()
                    } else {
                        if !matches!(enable.operator.as_str(), "=" | "!=") {
                            return None;
                        }
                        BTreeSet::from([options.get(chosen(item, answer)?)?.id.clone()])
                    };
                    positive(When::Ticked { question: question.id.clone(), options: of, origin })
                }
                Ask::Number { unit, low, high, decimals, unknown } => {
                    let surely = always && unknown.is_none();
                    if exists && always && unknown.is_some() {
                        let unknown = When::Unknown { question: question.id.clone(), origin };
                        return positive(unknown.not());
                    }
                    compared(question, unit.as_ref(), (*low, *high, *decimals), surely, enable, origin)
                }
                Ask::Screen(_) => None,
            }
        }
    }
}

/// Which option an answer names.
pub(crate) fn chosen(item: &Item, answer: &Answer) -> Option<usize> {
    item.options.iter().position(|option| match answer {
        Answer::Coding { system, code } => {
            option.code == *code
                && (system.is_empty() || option.system.is_empty() || *system == option.system)
        }
        Answer::Text(text) => option.code == *text,
        Answer::Number { key: "answerInteger", value } => option.code == value.to_string(),
        _ => false,
    })
}

/// A comparison with a number or a score, which goes from a lowest to a highest in steps.
fn compared(
    question: &Question,
    unit: Option<&String>,
    (low, high, decimals): (Decimal, Decimal, u8),
    always: bool,
    enable: &EnableWhen,
    origin: Origin,
) -> Option<When> {
    let unit = unit.cloned();
    let id = &question.id;
    let step = Decimal { digits: 1, scale: decimals };
    let exists = || {
        if always {
            return When::Always;
        }
        let limit = at_least(super::scores::plus(low, step), false, decimals);
        When::Given { question: id.clone(), limit, unit: unit.clone(), origin }
    };
    let from = |value: Decimal| {
        if value <= low {
            exists()
        } else if value > high {
            When::Never
        } else {
            When::AtLeast { question: id.clone(), value, unit: unit.clone(), origin }
        }
    };
    let to = |value: Decimal| {
        if value <= low {
            When::Never
        } else if value > high {
            exists()
        } else {
            When::Below { question: id.clone(), value, unit: unit.clone(), origin }
        }
    };
    let value = match enable.answer.as_ref()? {
        Answer::Switch(there) if enable.operator == "exists" => {
            return Some(if *there { exists() } else { exists().not() });
        }
        Answer::Number { value, .. } | Answer::Quantity { value, .. } => *value,
        _ => return None,
    };
    let (reach, above) = (at_least(value, false, decimals), at_least(value, true, decimals));
    let equal = || if reach == above { When::Never } else { When::all(vec![from(reach), to(above)]) };
    Some(match enable.operator.as_str() {
        ">=" => from(reach),
        ">" => from(above),
        "<" => to(reach),
        "<=" => to(above),
        "=" => equal(),
        "!=" => equal().not(),
        _ => return None,
    })
}

/// The lowest number with so many digits after the point that is at least (or above) a value.
pub(crate) fn at_least(value: Decimal, above: bool, decimals: u8) -> Decimal {
    if let Some(digits) = value.scaled(decimals) {
        return Decimal { digits: digits.saturating_add(i64::from(above)), scale: decimals };
    }
    // Between two steps: the next one up is both.
    let factor = 10i64.saturating_pow(u32::from(value.scale.saturating_sub(decimals)));
    Decimal { digits: value.digits.div_euclid(factor).saturating_add(1), scale: decimals }
}

/// Digits after the point that count.
fn scale_of(value: Decimal) -> u8 {
    (0..=value.scale).find(|&scale| value.scaled(scale).is_some()).unwrap_or(value.scale)
}

/// A linkId with nothing in it that a line or a heading could not hold.
fn plain_id(link: &str) -> String {
    let kept: String = link
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .take(64)
        .collect();
    let kept = kept.trim_matches(['-', '.']).to_owned();
    if kept.is_empty() { "question".to_owned() } else { kept }
}

/// The same for an answer, which may have been a whole sentence.
fn option_id(code: &str, taken: &BTreeSet<String>) -> String {
    let mut wanted = if code.contains(' ') {
        let words: Vec<String> = code
            .to_lowercase()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(5)
            .map(str::to_owned)
            .collect();
        words.join("-").chars().take(40).collect()
    } else {
        plain_id(code)
    };
    if wanted.is_empty() || RESERVED.contains(&wanted.as_str()) {
        wanted = format!("answer-{wanted}").trim_end_matches('-').to_owned();
    }
    let mut id = wanted.clone();
    let mut number = 2;
    while taken.contains(&id) {
        id = format!("{wanted}-{number}");
        number += 1;
    }
    id
}

/// A unit in one word.
fn unit_word(display: &str, code: &str) -> String {
    let plain = |text: &str| !text.is_empty() && !text.contains([' ', ',', '"', '\\', '\t', '\n']);
    if plain(display) {
        display.to_owned()
    } else if plain(code) {
        code.to_owned()
    } else {
        plain_id(display)
    }
}

fn yes_and_no(form: &Form) -> Vec<Choice> {
    let words = |of: &dyn Fn(&str) -> Option<&'static str>| -> Texts {
        form.languages
            .iter()
            .filter_map(|language| Some((language.clone(), of(language)?.to_owned())))
            .collect()
    };
    let first = form.language();
    let yes = |language: &str| match language.split('-').next() {
        Some("es") => Some("Sí"),
        Some("en") => Some("Yes"),
        _ => (language == first).then_some("Yes"),
    };
    let no = |language: &str| match language.split('-').next() {
        Some("es" | "en") => Some("No"),
        _ => (language == first).then_some("No"),
    };
    vec![
        Choice { id: "yes".to_owned(), texts: words(&yes) },
        Choice { id: "no".to_owned(), texts: words(&no) },
    ]
}
