//! Conditions that can never hold, and the fewest lines that show why.

use std::collections::BTreeSet;

use super::diagram::{FALSE, Full, Node};
use super::model::Model;
use crate::draft::Origin;
use crate::fault::{Fault, FaultKind, Place};
use crate::program::{Condition, Kind, QuestionIdx};
use crate::resolve::{needs, set_reads};

/// One of several things that must hold together, and the lines that say it.
#[derive(Debug, Clone)]
struct Part {
    holds: Node,
    lines: Vec<Origin>,
}

/// A condition as written somewhere.
struct Site<'q> {
    place: Place,
    /// Where to point when there are no lines.
    origin: Origin,
    condition: &'q Condition,
    lines: &'q [Origin],
}

/// Finds every condition, and every branch of one, that no answer set fulfils.
pub(crate) fn check(model: &mut Model<'_>) -> Result<Vec<Fault>, Full> {
    let questionnaire = model.questionnaire();
    let program = &questionnaire.program;
    let mut finder = Finder { model, faults: Vec::new(), never_asked: BTreeSet::new() };
    for &index in &program.order {
        let (question, facts) = (&program.questions[index.index()], &questionnaire.questions[index.index()]);
        if let Some(condition) = &question.asked_when {
            let place = Place::AskedWhen(question.id.clone());
            let possible =
                finder.site(&Site { place, origin: facts.origin, condition, lines: &facts.lines }, &[])?;
            if !possible {
                finder.never_asked.insert(index);
                continue;
            }
        }
        if !finder.model.possible(finder.model.side.asked[index.index()]) {
            finder.never_asked.insert(index);
            let kind = FaultKind::NeverAsked { question: question.id.clone() };
            finder.faults.push(Fault { origin: facts.origin, kind });
        }
    }
    for (condition, facts) in program.sets.iter().zip(&questionnaire.sets) {
        let place = Place::Set(facts.name.clone());
        finder.site(&Site { place, origin: facts.origin, condition, lines: &facts.lines }, &[])?;
    }
    for (rule, facts) in program.rules.iter().zip(&questionnaire.rules) {
        let place = Place::Rule(rule.id.clone());
        let site = Site { place, origin: facts.origin, condition: &rule.when, lines: &facts.lines };
        if !finder.site(&site, &[])? {
            continue;
        }
        let context = finder.parts(&rule.when, &facts.lines)?;
        for ((_, condition), lines) in rule.talk_to_when.iter().zip(&facts.talk_lines) {
            let place = Place::TalkTo(rule.id.clone());
            finder.site(&Site { place, origin: facts.origin, condition, lines }, &context)?;
        }
    }
    for invariant in &questionnaire.invariants {
        if let Some((condition, lines)) = invariant.promise.when() {
            let place = Place::Invariant(invariant.id.clone());
            finder.site(&Site { place, origin: invariant.origin, condition, lines }, &[])?;
        }
    }
    Ok(finder.faults)
}

struct Finder<'m, 'q> {
    model: &'m mut Model<'q>,
    faults: Vec<Fault>,
    never_asked: BTreeSet<QuestionIdx>,
}

impl Finder<'_, '_> {
    /// Checks one condition; `false` if it can never hold together with what else must.
    fn site(&mut self, site: &Site<'_>, context: &[Part]) -> Result<bool, Full> {
        let parts = self.parts(site.condition, site.lines)?;
        if !self.possible(&parts, context)? {
            self.report(site, true, &parts, context)?;
            return Ok(false);
        }
        self.branches(site, site.condition, site.lines, context)?;
        Ok(true)
    }

    fn possible(&mut self, parts: &[Part], context: &[Part]) -> Result<bool, Full> {
        let all: Vec<Node> = parts.iter().chain(context).map(|part| part.holds).collect();
        let all = self.model.space.all(&all)?;
        Ok(self.model.possible(all))
    }

    /// Checks the alternatives inside a condition that itself can hold.
    fn branches(
        &mut self,
        site: &Site<'_>,
        condition: &Condition,
        lines: &[Origin],
        context: &[Part],
    ) -> Result<(), Full> {
        match condition {
            Condition::Line(_) | Condition::Set(_) => Ok(()),
            Condition::All(children) => {
                let shares = shares(children, lines);
                for (at, child) in children.iter().enumerate() {
                    if !has_branches(child) {
                        continue;
                    }
                    let mut around = context.to_vec();
                    for (other, sibling) in children.iter().enumerate().filter(|(other, _)| *other != at) {
                        around.extend(self.parts(sibling, shares[other])?);
                    }
                    self.branches(site, child, shares[at], &around)?;
                }
                Ok(())
            }
            Condition::Any(children) | Condition::AtLeast(_, children) => {
                self.alternatives(site, children, lines, context)
            }
            // What must not hold is looked at by itself: excluding what the rest excludes anyway is only careful.
            Condition::None(children) => self.alternatives(site, children, lines, &[]),
        }
    }

    fn alternatives(
        &mut self,
        site: &Site<'_>,
        children: &[Condition],
        lines: &[Origin],
        context: &[Part],
    ) -> Result<(), Full> {
        let shares = shares(children, lines);
        for (child, share) in children.iter().zip(shares) {
            let parts = self.parts(child, share)?;
            if self.possible(&parts, context)? {
                self.branches(site, child, share, context)?;
            } else {
                self.report(site, false, &parts, context)?;
            }
        }
        Ok(())
    }

    /// What must hold together for a condition to hold.
    fn parts(&mut self, condition: &Condition, lines: &[Origin]) -> Result<Vec<Part>, Full> {
        let mut found = Vec::new();
        match condition {
            Condition::All(children) => {
                for (child, share) in children.iter().zip(shares(children, lines)) {
                    found.extend(self.parts(child, share)?);
                }
            }
            Condition::None(children) => {
                for (child, share) in children.iter().zip(shares(children, lines)) {
                    let holds = self.model.condition(child)?;
                    let holds = self.model.space.diagram.not(holds)?;
                    found.push(Part { holds, lines: share.to_vec() });
                }
            }
            Condition::Set(at) => {
                let questionnaire = self.model.questionnaire();
                let at = usize::from(*at);
                found = self.parts(&questionnaire.program.sets[at], &questionnaire.sets[at].lines)?;
            }
            Condition::Any(_) | Condition::AtLeast(..) | Condition::Line(_) => {
                let holds = self.model.condition(condition)?;
                found.push(Part { holds, lines: lines.to_vec() });
            }
        }
        Ok(found)
    }

    fn report(&mut self, site: &Site<'_>, whole: bool, parts: &[Part], context: &[Part]) -> Result<(), Full> {
        let mut all: Vec<Part> = parts.to_vec();
        all.extend(context.iter().cloned());
        let (lines, because) = self.core(all)?;
        // One mistake, one fault: what waits for a question that is never asked is reported there.
        if because.iter().any(|question| self.never_asked.contains(question)) {
            return Ok(());
        }
        let program = self.model.program();
        let because_asked_when =
            because.iter().map(|question| program.questions[question.index()].id.clone()).collect();
        let origin = lines.first().copied().unwrap_or(site.origin);
        let kind = FaultKind::NeverHolds { place: site.place.clone(), whole, lines, because_asked_when };
        self.faults.push(Fault { origin, kind });
        Ok(())
    }

    /// The fewest parts that cannot hold together, and the questions whose `asked-when` plays a role in that.
    fn core(&mut self, parts: Vec<Part>) -> Result<(Vec<Origin>, Vec<QuestionIdx>), Full> {
        let questions = self.questions_behind(&parts);
        let loose = questions
            .iter()
            .map(|&question| {
                let (answered, absent) = (self.model.side.answered[question], self.model.absent[question]);
                self.model.space.diagram.max(answered, absent)
            })
            .collect::<Result<Vec<Node>, Full>>()?;
        let mut rest: Vec<Node> = loose.clone();
        let mut kept = parts;
        let together = self.together(&kept, &rest)?;
        let tight: Vec<Node> = questions.iter().map(|&question| self.model.coherent[question]).collect();
        if together != FALSE {
            rest.clone_from(&tight);
        }
        let mut at = 0;
        while at < kept.len() {
            let part = kept.remove(at);
            if self.together(&kept, &rest)? != FALSE {
                kept.insert(at, part);
                at += 1;
            }
        }
        let mut because = Vec::new();
        if together != FALSE {
            for at in 0..rest.len() {
                rest[at] = loose[at];
                if self.together(&kept, &rest)? != FALSE {
                    rest[at] = tight[at];
                    because.extend(u16::try_from(questions[at]).ok().map(QuestionIdx));
                }
            }
        }
        let program = self.model.program();
        because.retain(|question| {
            let question = &program.questions[question.index()];
            question.asked_when.is_some()
                || matches!(question.kind, Kind::Instrument { answered_by: Some(_), .. })
        });
        let mut lines: Vec<Origin> = kept.into_iter().flat_map(|part| part.lines).collect();
        lines.sort_unstable();
        lines.dedup();
        Ok((lines, because))
    }

    fn together(&mut self, parts: &[Part], rest: &[Node]) -> Result<Node, Full> {
        let all: Vec<Node> = parts.iter().map(|part| part.holds).chain(rest.iter().copied()).collect();
        self.model.space.all(&all)
    }

    /// The questions that parts read, with all that their being asked depends on.
    fn questions_behind(&self, parts: &[Part]) -> Vec<usize> {
        let program = self.model.program();
        let reads = set_reads(&program.questions, &program.sets);
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut waiting: Vec<usize> = Vec::new();
        for part in parts {
            for (variable, nodes) in self.model.space.diagram.levels(part.holds).iter().enumerate() {
                if !nodes.is_empty() {
                    waiting.push(self.model.space.owner[variable]);
                }
            }
        }
        while let Some(question) = waiting.pop() {
            if found.insert(question) {
                waiting
                    .extend(needs(&program.questions, &reads, question).into_iter().map(QuestionIdx::index));
            }
        }
        found.into_iter().collect()
    }
}

/// Each child's share of the lines of a condition.
fn shares<'l>(children: &[Condition], mut lines: &'l [Origin]) -> Vec<&'l [Origin]> {
    children
        .iter()
        .map(|child| {
            let (own, rest) = lines.split_at_checked(line_count(child)).unwrap_or((lines, &[]));
            lines = rest;
            own
        })
        .collect()
}

fn line_count(condition: &Condition) -> usize {
    match condition {
        Condition::All(parts)
        | Condition::Any(parts)
        | Condition::None(parts)
        | Condition::AtLeast(_, parts) => parts.iter().map(line_count).sum(),
        Condition::Set(_) => 0,
        Condition::Line(_) => 1,
    }
}

fn has_branches(condition: &Condition) -> bool {
    !matches!(condition, Condition::Line(_) | Condition::Set(_))
}
