//! The panel of one page.

use super::{About, PART, Seen, count, errors, foreign, summary, told, whole};
use crate::finding::{Finding, Severity};
use crate::html::escape;
use crate::link::Page;
use crate::parse::front_matter::Hidden;
use crate::standing::{self, Reading, Review, Translated};
use std::fmt::Write as _;

/// How a page is, for the colour of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing to mend; at most something to know.
    Good,
    /// Something to mend.
    Mend,
    /// The newest attempt failed, because of something else.
    Broken,
    /// The newest attempt failed, because of this page.
    BrokenHere,
}

impl State {
    /// For the script and the style sheet.
    fn name(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Mend => "mend",
            State::Broken => "broken",
            State::BrokenHere => "broken-here",
        }
    }
}

/// Everything about one page, gathered once.
struct Notes<'a> {
    seen: &'a Seen<'a>,
    about: &'a About,
    url: &'a str,
    page: Option<&'a Page>,
    findings: Vec<&'a Finding>,
    reading: Option<Reading>,
    review: Option<Review>,
}

/// The panel of the page at a path of the preview (`/visit/prepare/`), as a page of its own. There is one for every address:
/// what is not a page has one that says so.
pub(in crate::serve) fn page(seen: &Seen<'_>, path: &str) -> String {
    let Some(about) = seen.about.as_deref() else {
        return whole(
            "Preview",
            "every-attempt",
            "/",
            "<h1>Preview</h1>\n<p>No file could be read yet.</p>\n",
        );
    };
    // The preview's own page for an address that does not exist has an address that nobody asks for.
    let url = seen.below(path).unwrap_or(path);
    let page = about.page(url);
    let subject = about.subject();
    let notes = Notes {
        seen,
        about,
        url,
        page,
        findings: about.of_page(url),
        reading: page.and_then(|page| standing::reading(&subject, page)),
        review: page.and_then(|page| standing::review(&subject, page)),
    };
    let (title, heading) = match page {
        Some(page) => (page.title.clone(), notes.titled(page, "h1")),
        None => (url.to_owned(), format!("<h1><code>{}</code></h1>", escape(url))),
    };
    let main = format!(
        "{heading}\n<p><a href=\"{}\">Open the page</a></p>\n{}",
        escape(&seen.href(url)),
        notes.panel()
    );
    whole(&format!("Preview: {title}"), "every-attempt", seen.base_path, &main)
}

impl Notes<'_> {
    fn state(&self) -> State {
        let worst = self.findings.first().map(|finding| finding.severity);
        match (self.seen.is_broken(), worst) {
            (true, Some(Severity::Error)) => State::BrokenHere,
            (true, _) => State::Broken,
            (false, Some(Severity::Error | Severity::Warning)) => State::Mend,
            (false, _) => State::Good,
        }
    }

    /// A page's title in its own language.
    fn titled(&self, page: &Page, tag: &str) -> String {
        let language = &self.about.site.settings.languages[page.language];
        foreign(tag, &language.code, language.dir, &page.title)
    }

    /// What the script takes over.
    fn panel(&self) -> String {
        let mut out = format!(
            "<div id=\"{PART}\" data-state=\"{}\" data-line=\"{}\">\n",
            self.state().name(),
            escape(&self.line())
        );
        self.newest(&mut out);
        self.mend(&mut out);
        if let Some(page) = self.page.filter(|page| page.file.is_some()) {
            self.reading(&mut out, page);
            self.review(&mut out, page);
            self.translations(&mut out, page);
            self.days(&mut out, page);
        }
        self.elsewhere(&mut out);
        out.push_str("</div>\n");
        out
    }

    /// The panel in one line, what matters most first.
    fn line(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        match self.state() {
            State::BrokenHere => {
                parts.push("This page has a mistake; you see its last good version".to_owned())
            }
            State::Broken => {
                parts.push("Last good version: a mistake elsewhere stops the new one".to_owned())
            }
            State::Good | State::Mend => {}
        }
        parts.push(match self.findings.is_empty() {
            true => "nothing to mend on this page".to_owned(),
            false => summary(&self.findings),
        });
        let Some(page) = self.page.filter(|page| page.file.is_some()) else { return capital(&parts) };
        if let Some(reading) = &self.reading {
            let figure = reading.judged.split(',').next().unwrap_or_default();
            let hard = if reading.hard { ", too hard to read" } else { "" };
            parts.push(format!("{figure}{hard}"));
        }
        match &self.review {
            Some(review) if review.changed => parts.push("changed since its review".to_owned()),
            Some(review) if self.has_run_out(review) => parts.push("the review ran out".to_owned()),
            Some(review) => parts.push(format!("reviewed by {} on {}", review.by, review.on)),
            None if page.is_clinical() => parts.push("not reviewed".to_owned()),
            None => {}
        }
        let behind: Vec<String> =
            self.others(page).filter_map(|other| Some(format!("{}: {}", other.name, other.lag()?))).collect();
        parts.extend(behind);
        match page.hidden {
            Some(Hidden::Draft) => parts.push("a draft".to_owned()),
            Some(_) => parts.push("hidden from readers today".to_owned()),
            None => {}
        }
        capital(&parts)
    }

    fn has_run_out(&self, review: &Review) -> bool {
        review.next.is_some_and(|next| next.due < self.about.today)
    }

    /// What stops the newest version, if something does.
    fn newest(&self, out: &mut String) {
        if !self.seen.is_broken() {
            return;
        }
        let here = errors(&self.findings);
        let why = match (here, self.about.findings.has_errors()) {
            (0, true) => "Mistakes in other files stop the newest version of the site.".to_owned(),
            (0, false) => self.seen.problems.join(" "),
            (here, _) => format!(
                "{} on this page {} the newest version of the site.",
                count(here, "mistake", "mistakes"),
                if here == 1 { "stops" } else { "stop" }
            ),
        };
        let _ = writeln!(
            out,
            "<p class=\"panel-broken\"><strong>This is the last good version.</strong> {} Your work is safe: mend and \
             save, and the new version comes by itself.</p>",
            escape(&why)
        );
    }

    fn mend(&self, out: &mut String) {
        out.push_str("<h2>To mend on this page</h2>\n");
        if self.findings.is_empty() {
            let why = match (self.page, self.about.file_at(self.url)) {
                (Some(page), _) if page.file.is_none() => {
                    "The program makes this page: there is nothing to mend in it."
                }
                (None, Some(_)) => {
                    "This page is not shown: it is a draft, or its day has not come or is over. To see it, stop the \
                     preview and start it with <code>site-gen serve --drafts</code>."
                }
                (None, None) => "There is no page at this address.",
                _ => "Nothing.",
            };
            let _ = writeln!(out, "<p>{why}</p>");
        }
        told::list(out, self.about, &self.seen.walk, &self.findings);
        if let Some(file) = self.about.file_at(self.url) {
            let _ = writeln!(
                out,
                "<p class=\"panel-file\">The file: <code>{}</code></p>",
                escape(self.about.path(file))
            );
        }
    }

    fn reading(&self, out: &mut String, page: &Page) {
        out.push_str("<h2>How hard it is to read</h2>\n");
        let Some(reading) = &self.reading else {
            out.push_str(
                "<p>Nothing was measured: the page has no text, or its language has no formula here.</p>\n",
            );
            return;
        };
        let verdict = if reading.hard { "<strong>Too hard:</strong> " } else { "" };
        let _ = writeln!(
            out,
            "<p>{verdict}{}.</p>\n<p class=\"panel-small\">{}</p>",
            escape(&upper(&reading.judged)),
            escape(&reading.figures)
        );
        let language = &self.about.site.settings.languages[page.language];
        if !reading.hard_parts.is_empty() {
            out.push_str("<p>Parts that are beyond the limit by themselves:</p>\n<ul>\n");
            for (id, text, figure) in &reading.hard_parts {
                let _ = writeln!(
                    out,
                    "<li><a href=\"{}#{}\">{}</a>: {}</li>",
                    escape(&self.seen.href(self.url)),
                    escape(id),
                    foreign("span", &language.code, language.dir, text),
                    escape(figure)
                );
            }
            out.push_str("</ul>\n");
        }
        if !reading.costly.is_empty() {
            out.push_str("<p>The sentences that cost most:</p>\n<ol>\n");
            for sentence in &reading.costly {
                let _ = writeln!(out, "{}", foreign("li", &language.code, language.dir, sentence));
            }
            out.push_str("</ol>\n");
        }
    }

    fn review(&self, out: &mut String, page: &Page) {
        out.push_str("<h2>Review</h2>\n");
        let command = format!("site-gen review {} --by PERSON", self.about.path_of(page));
        let again =
            format!("<p>Once a clinician has read the whole page: <code>{}</code></p>\n", escape(&command));
        let Some(review) = &self.review else {
            if page.is_clinical() {
                let _ = write!(out, "<p>No clinician has reviewed this page, and it says so.</p>\n{again}");
            } else {
                out.push_str(
                    "<p>Nobody has reviewed this page. It says nothing about health, so nobody has to.</p>\n",
                );
            }
            return;
        };
        let _ = writeln!(out, "<p>Reviewed by {} on {}.</p>", escape(&review.by), review.on);
        if review.changed {
            out.push_str("<p><strong>Changed since:</strong> the review no longer counts, and readers see that nobody has reviewed this wording.</p>\n");
        }
        match review.next {
            Some(next) if next.due < self.about.today => {
                let _ = writeln!(out, "<p><strong>The review ran out on {}.</strong></p>", next.due);
            }
            Some(next) => _ = writeln!(out, "<p>The next one is due by {}.</p>", next.due),
            None => {}
        }
        if review.changed || self.has_run_out(review) {
            out.push_str(&again);
        }
    }

    /// The page in the other languages, as far as one is the translation of the other.
    fn others<'s>(&'s self, page: &'s Page) -> impl Iterator<Item = Other<'s>> {
        let settings = &self.about.site.settings;
        let subject = self.about.subject();
        let original = page.ties.alternates.first().copied().flatten().map(|id| self.about.site.page(id));
        settings.languages.iter().enumerate().filter(move |(number, _)| *number != page.language).filter_map(
            move |(number, language)| {
                let state = match (page.language, number) {
                    // The original, seen from one of its translations.
                    (own, 0) => {
                        let translated =
                            original.and_then(|original| standing::translation(&subject, original, own));
                        Translation::Original(translated.map(|(_, state)| state))
                    }
                    (0, other) => {
                        let translated = standing::translation(&subject, page, other);
                        Translation::Of(translated.map(|(_, state)| state))
                    }
                    // Two translations have nothing to do with each other.
                    _ => return None,
                };
                let there = page.ties.alternates.get(number).copied().flatten();
                let there = there.map(|id| self.about.site.page(id)).filter(|there| there.language == number);
                Some(Other { name: &language.name, code: &language.code, there, state })
            },
        )
    }

    fn translations(&self, out: &mut String, page: &Page) {
        if self.about.site.settings.languages.len() < 2 {
            return;
        }
        out.push_str("<h2>Other languages</h2>\n<ul>\n");
        for other in self.others(page) {
            let name = foreign("span", other.code, "auto", other.name);
            let name = match other.there {
                Some(there) => format!("<a href=\"{}\">{name}</a>", escape(&self.seen.href(&there.url))),
                None => name,
            };
            let _ = writeln!(out, "<li>{name}: {}</li>", other.say(self.about.path_of(page)));
        }
        out.push_str("</ul>\n");
    }

    fn days(&self, out: &mut String, page: &Page) {
        let days = standing::days(page, self.about.today);
        if !page.front.draft && days.is_empty() {
            return;
        }
        out.push_str("<h2>Draft and dates</h2>\n<ul>\n");
        if page.front.draft {
            out.push_str("<li>This page is a draft: readers do not see it. Take out <code>draft: true</code> when it is ready.</li>\n");
        }
        for (day, why) in days {
            let _ = writeln!(out, "<li>{day}: the page {why}.</li>");
        }
        out.push_str("</ul>\n");
    }

    /// The rest of the site in one line.
    fn elsewhere(&self, out: &mut String) {
        let others = self.about.findings.iter().filter(|finding| !self.findings.contains(finding)).count();
        let _ = writeln!(
            out,
            "<p class=\"panel-else\"><a href=\"{}\">All pages</a>: {}. <a href=\"{}\">All promises</a>.</p>",
            super::ALL,
            match others {
                0 => "nothing to mend elsewhere".to_owned(),
                _ => format!("{} elsewhere", count(others, "finding", "findings")),
            },
            crate::serve::walk::ROOT
        );
    }
}

/// How two languages of a page stand to each other.
enum Translation {
    /// The other page is the original of this one.
    Original(Option<Translated>),
    /// The other page is a translation of this one.
    Of(Option<Translated>),
}

/// A page in another language.
struct Other<'s> {
    name: &'s str,
    code: &'s str,
    there: Option<&'s Page>,
    state: Translation,
}

impl Other<'_> {
    /// What lags behind, in a word or two; `None` where nothing does or nobody can know.
    fn lag(&self) -> Option<&'static str> {
        match self.state {
            Translation::Of(None) => Some("missing"),
            Translation::Of(Some(Translated::Behind)) => Some("behind"),
            Translation::Original(Some(Translated::Behind)) => Some("changed since it was translated"),
            _ => None,
        }
    }

    /// The same in a sentence. `path`: the file of the page that the panel is about.
    fn say(&self, path: &str) -> String {
        let start =
            |code: &str| format!("<code>site-gen new translation {} {}</code>", escape(code), escape(path));
        match self.state {
            Translation::Of(None) => {
                format!("<strong>missing.</strong> Start it with {}", start(self.code))
            }
            Translation::Of(Some(Translated::Behind)) => format!(
                "<strong>behind:</strong> this page has changed since it was translated. Compare the two, mend the \
                 translation, then mark it with {}",
                start(self.code)
            ),
            Translation::Of(Some(Translated::Unmarked))
            | Translation::Original(Some(Translated::Unmarked)) => {
                "it does not say which wording it translates, so nobody knows whether it is behind".to_owned()
            }
            Translation::Of(Some(Translated::UpToDate)) => "up to date".to_owned(),
            Translation::Original(Some(Translated::UpToDate)) => {
                "the page that this one translates, as it is today".to_owned()
            }
            Translation::Original(Some(Translated::Behind)) => {
                "the page that this one translates. <strong>It has changed since.</strong>".to_owned()
            }
            Translation::Original(None) => "not there".to_owned(),
        }
    }
}

/// Parts of a line, with a capital at its start.
fn capital(parts: &[String]) -> String {
    upper(&parts.join(" · "))
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
