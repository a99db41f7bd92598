//! A questionnaire that breaks a promise, live: it runs as it would for a reader, under a banner that says what it is.
//!
//! Two types keep it away from readers. What runs on a page for readers is encoded from a `Verified`, and there is none of
//! these; what runs here needs a [`Permit`], and only this module makes one.

use super::{ROOT, address, drawn, head, part, path, said};
use crate::checker::{VerifyResult, given};
use crate::html::escape;
use crate::link::{Fragment, Site, SiteChecker};
use crate::parse::front_matter::PageKind;
use crate::theme::Theme;
use checker_rules::{Answer, Counterexample, QuestionIdx, Refuted};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where these pages are served: the language follows, then the questionnaire, then the promise if it is about one.
pub(crate) const TRIAL_ROOT: &str = "/~try/";

/// Where the widget is served for them.
pub(crate) const WIDGET: &str = "/~try/checker.js";

/// Lets a questionnaire run that is not proved. Nothing outside this module can make one, so nothing that a build for readers
/// is made of can have one.
#[derive(Debug)]
pub struct Permit(());

/// One unproved questionnaire in one language.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    /// The banner.
    banner: String,
    /// The live questions and what they need, finished HTML.
    questions: String,
    /// What stands between, for the questionnaire as such (no name) and for each broken promise by its name.
    guides: BTreeMap<String, Guide>,
}

#[derive(Clone, Debug, Default)]
struct Guide {
    title: String,
    html: String,
}

impl Trial {
    /// The whole page; nothing for a promise that is not broken.
    pub(super) fn page(&self, promise: &str) -> Option<String> {
        let guide = self.guides.get(promise)?;
        Some(format!(
            "{}<body class=\"walk walk-trial\">\n\
             <a class=\"skip\" href=\"#main\">Skip to the page</a>\n{}<main id=\"main\" tabindex=\"-1\">\n{}{}",
            head(&guide.title),
            self.banner,
            guide.html,
            self.questions
        ))
    }
}

/// The address of a trial; without a promise, of the questionnaire as such.
pub(super) fn trial_address(language: &str, checker: &str, promise: &str) -> String {
    let promise = if promise.is_empty() { String::new() } else { part(promise) };
    format!("{TRIAL_ROOT}{}/{}/{promise}", part(language), part(checker))
}

/// Links to a trial in each language that has the words for it.
pub(super) fn links(site: &Site, held: &SiteChecker, promise: &str) -> String {
    let mut links = String::new();
    for (number, language) in site.settings.languages.iter().enumerate() {
        if held.texts.get(number).is_some_and(Option::is_some) {
            if !links.is_empty() {
                links.push_str(", ");
            }
            let _ = write!(
                links,
                "<a href=\"{}\" lang=\"{code}\">{}</a>",
                trial_address(&language.code, &held.checker.id, promise),
                escape(&language.name),
                code = escape(&language.code)
            );
        }
    }
    links
}

/// Makes the trials of a questionnaire that is not proved, by language and id. One that is proved needs none: its page is
/// there.
pub(super) fn trials(
    site: &Site,
    theme: Option<&Theme>,
    held: &SiteChecker,
    proof: &VerifyResult,
) -> Vec<(String, Trial)> {
    let checker = &held.checker;
    if !checker.bytes.is_empty() {
        return Vec::new();
    }
    let base = format!("{}{}", site.settings.origin, site.settings.base_path);
    let languages = site.settings.languages.iter().enumerate();
    let made = languages.filter_map(|(number, language)| {
        let stage = Stage { site, theme, held, proof, number, language: &language.code, dir: language.dir };
        let data = checker.data_to_try(&Permit(()), &language.code, &base)?;
        Some((format!("{}/{}", language.code, checker.id), stage.trial(&data)?))
    });
    made.collect()
}

/// Everything that a trial is made from.
struct Stage<'a> {
    site: &'a Site,
    theme: Option<&'a Theme>,
    held: &'a SiteChecker,
    proof: &'a VerifyResult,
    number: usize,
    language: &'a str,
    dir: &'a str,
}

impl Stage<'_> {
    fn trial(&self, data: &str) -> Option<Trial> {
        let id = &self.held.checker.id;
        let what = match self.proof.refuted.len() {
            0 => "is not proved".to_owned(),
            1 => "breaks a promise".to_owned(),
            many => format!("breaks {many} promises"),
        };
        let banner = format!(
            "<div class=\"walk-banner\" role=\"region\" aria-label=\"Warning\"><p><strong>This questionnaire {what}.</strong> It \
             is not on any page that readers see.</p></div>\n"
        );
        let mut guides = BTreeMap::new();
        let html = format!(
            "<nav class=\"walk-jumps\" aria-label=\"Preview\"><a href=\"{ROOT}\">All promises</a></nav>\n<h1>Try {}</h1>\n\
             <p>This is the questionnaire as its files are now. After a save, load this page again.</p>\n",
            escape(id)
        );
        guides.insert(String::new(), Guide { title: format!("Try {id}, which is not proved"), html });
        let broken = self.held.checker.report.refuted.iter().zip(self.held.checker.broken());
        for ((refuted, name), entry) in broken.zip(&self.proof.refuted) {
            guides.insert(name.clone(), self.guide(refuted, &name, &entry.say));
        }
        Some(Trial { banner, questions: self.questions(data, &what)?, guides })
    }

    /// What to answer, above the questions.
    fn guide(&self, refuted: &Refuted, name: &str, say: &str) -> Guide {
        let id = &self.held.checker.id;
        let beside = refuted.beside.as_ref();
        let how = match beside {
            None => "Give the answers in the list, and see the result that the promise rules out.",
            Some(_) => {
                "Give the answers in one list, then those in the other: the two results together break the promise."
            }
        };
        let mut html = format!(
            "<nav class=\"walk-jumps\" aria-label=\"Preview\"><a href=\"{}\">Why it is broken</a> \
             <a href=\"{ROOT}\">All promises</a></nav>\n<h1>Try it: {}</h1>\n\
             <p>{how} After a save, load this page again.</p>\n",
            address(id, name),
            escape(say)
        );
        let example = &refuted.counterexample;
        self.answers(&mut html, "The answers to give", example, &example.differs);
        if let Some(beside) = beside {
            let other: Vec<QuestionIdx> = beside
                .answers
                .iter()
                .filter(|given| !example.answers.contains(given))
                .map(|(at, _)| *at)
                .collect();
            self.answers(&mut html, "The answers to compare with", beside, &other);
        }
        Guide { title: format!("Try {name}, which is broken"), html }
    }

    fn answers(&self, html: &mut String, what: &str, example: &Counterexample, matter: &[QuestionIdx]) {
        let checker = &self.held.checker;
        let listed = path::listed(checker.listing(self.language));
        let _ = writeln!(
            html,
            "<details class=\"walk-folded\"><summary>{what}: {}</summary>\n<ol class=\"walk-answers\">",
            example.answers.len()
        );
        for (at, answer) in &example.answers {
            let Some(question) = checker.program.question(*at) else { continue };
            let said_so = match (answer, listed.get(&question.id)) {
                (Answer::Items(values), Some(own)) => items(values, &own.values),
                _ => given(question, checker.words.get(self.language), answer).join("; "),
            };
            let why = if matter.contains(at) { " <em>this answer matters</em>" } else { "" };
            let _ = writeln!(
                html,
                "<li>{} {}{why}</li>",
                said(self.language, "span", "", path::title(&listed, &question.id)),
                said(self.language, "strong", "", &said_so)
            );
        }
        html.push_str("</ol>\n</details>\n");
        let outcome = match example.outcome.map(|at| checker.program.outcome(at)) {
            Some(id) => {
                let body = checker.words.get(self.language).and_then(|words| words.outcomes.get(id));
                let title = body.map_or(id, |body| body.title.as_str());
                format!("They lead to <code>{}</code> {}.", escape(id), said(self.language, "strong", "", title))
            }
            None => "They lead to no result at all. The questions show the best result here, because they have no \
                     other to show."
                .to_owned(),
        };
        let _ = writeln!(html, "<p>{outcome}</p>");
    }

    /// The live questions. `None` where the texts of this language are not there.
    fn questions(&self, data: &str, what: &str) -> Option<String> {
        let texts = self.held.texts.get(self.number)?.as_ref()?;
        let checker = &self.held.checker;
        let draw = |text: &Fragment, prefix: &str| drawn(self.site, self.theme, self.number, text, prefix);
        let mut html = format!(
            "<div class=\"checker\" data-checker=\"{}\" data-state=\"static\" data-leave=\"{ROOT}\" lang=\"{}\" dir=\"{}\">\n\
             <div class=\"checker-app\" hidden></div>\n<div class=\"checker-static\" lang=\"en\" dir=\"ltr\">\
             <p class=\"checker-notice\">The questions do not run here. Either words of theirs are missing (run \
             <code>site-gen check</code>), or this browser cannot run them.</p></div>\n</div>\n</main>\n",
            escape(&checker.id),
            escape(self.language),
            self.dir
        );
        let mut template = |name: &str, inner: &str| {
            let _ = writeln!(html, "<template data-part=\"{}\">{inner}</template>", escape(name));
        };
        template("start", &self.start(&draw));
        template("crisis", &draw(&texts.crisis, "screen-crisis"));
        for (id, _, text) in &texts.outcomes {
            template(&format!("outcome-{id}"), &draw(text, &format!("screen-{id}")));
        }
        // The foot stands on every result, on its print and in what is saved from it.
        let foot = format!(
            "<p class=\"checker-notice\" lang=\"en\" dir=\"ltr\">Not for readers: {} {} {what}.</p><h2>{}</h2>{}",
            escape(&checker.id),
            escape(&checker.version),
            escape(&texts.foot.0),
            draw(&texts.foot.1, "screen-foot")
        );
        template("foot", &foot);
        let _ = write!(
            html,
            "<script type=\"text/plain\" id=\"checker-data\">{data}</script>\n<script src=\"{WIDGET}\" defer></script>\n\
             </body>\n</html>\n"
        );
        Some(html)
    }

    /// The text of the page that holds the questionnaire, as far as there is one.
    fn start(&self, draw: &dyn Fn(&Fragment, &str) -> String) -> String {
        let page = self.site.pages.iter().find(|page| {
            let named = page.front.checker.as_ref().is_some_and(|named| named.value == self.held.checker.id);
            named && page.kind == PageKind::Checker && page.language == self.number
        });
        page.map_or_else(String::new, |page| draw(self.site.text(page), "screen-start"))
    }
}

/// The answers to a screen's items by their numbers: `1: Not at all; 2: Several days`.
fn items(values: &[Option<u8>], labels: &[String]) -> String {
    let numbered = values.iter().zip(1..).filter_map(|(value, number)| {
        let label = labels.get(usize::from((*value)?))?;
        Some(format!("{number}: {label}"))
    });
    numbered.collect::<Vec<_>>().join("; ")
}

/// What is answered where there is nothing to try.
pub(super) fn nothing() -> String {
    let main = format!(
        "<h1>There is nothing to try here</h1>\n<p>A questionnaire is tried here while it breaks a promise. This one keeps \
         all of them now, or it cannot be read at the moment. <a href=\"{ROOT}\">All promises</a> lists what there is.</p>\n"
    );
    super::page("Nothing to try", &main)
}
