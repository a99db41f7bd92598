//! What was proved and what was not, for the preview: the list of promises, and for each broken one the way through the
//! questions to its end, as a reader would see it.
//!
//! These pages are made from the proof. Beside them the questionnaire itself can be tried ([`trial`]): the widget runs it as
//! it stands, broken as it is. All of it is held in memory for whoever is at this machine; a build for readers has no such
//! page.

mod list;
mod path;
mod result;
mod trial;

pub use trial::Permit;
pub(super) use trial::{TRIAL_ROOT, WIDGET};

use crate::checker::{VerifyResult, graph, verify};
use crate::html::escape;
use crate::link::{Site, SiteChecker};
use crate::render;
use crate::theme::Theme;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Where these pages are served. The list is at the address itself.
pub const ROOT: &str = "/~walk/";

/// The theme's icon, so that a browser asks for no other.
const ICON: &str = "icon.svg";

const STYLE: &str = include_str!("walk.css");

/// Every page about the proofs of one attempt to build. Only the preview can look inside.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Path below [`ROOT`] to its file: HTML, unless its name ends as another file's does.
    pub(super) pages: BTreeMap<String, String>,
    /// What is answered where there is no such page.
    pub(super) absent: String,
    /// Each broken promise.
    pub(super) broken: Vec<Broken>,
    /// Unproved questionnaires that run, by language and id: `en/ketamine`.
    trials: BTreeMap<String, trial::Trial>,
    /// What is answered where there is nothing to try.
    pub(super) no_trial: String,
}

/// A broken promise, for whoever leads to its page.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    /// The address of its page.
    pub(super) address: String,
    /// The promise in a sentence.
    pub(super) say: String,
    /// Links to its trial in each language, finished HTML. Nothing where it cannot be tried.
    pub(super) tries: String,
}

impl Walk {
    /// The trial at a path below [`TRIAL_ROOT`]: `en/ketamine/` and the name of a promise, which may be missing.
    pub(super) fn trial(&self, path: &str) -> Option<String> {
        let (language, rest) = path.split_once('/')?;
        let (checker, promise) = rest.split_once('/').unwrap_or((rest, ""));
        self.trials.get(&format!("{language}/{checker}"))?.page(promise)
    }
}

/// Makes the pages for every questionnaire of a site that could be read.
pub fn walk(site: &Site, theme: Option<&Theme>) -> Walk {
    let mut walk = Walk::default();
    let held: Vec<(&SiteChecker, VerifyResult)> =
        site.checkers.iter().map(|held| (held, verify(&held.checker))).collect();
    for (held, proof) in &held {
        let id = &held.checker.id;
        let broken = proof.refuted.iter().zip(&held.checker.report.refuted).zip(held.checker.broken());
        for ((entry, refuted), name) in broken {
            walk.broken.push(Broken {
                address: address(id, &name),
                say: entry.say.clone(),
                tries: trial::links(site, held, &name),
            });
            let way = path::Way { site, theme, held, proof, entry, refuted, name: &name };
            walk.pages.insert(format!("{id}/{name}"), way.page());
        }
        walk.trials.extend(trial::trials(site, theme, held, proof));
        for proved in &proof.proved {
            walk.pages.insert(format!("{id}/{}", proved.id), list::kept(held, proof, proved));
        }
    }
    walk.pages.insert(String::new(), list::list(site, &held));
    walk.pages.insert("walk.css".to_owned(), STYLE.to_owned());
    if let Some(theme) = theme {
        let style = theme.sheets.text(&theme.sheets.whole("checker", &BTreeSet::new()));
        walk.pages.insert("theme.css".to_owned(), style);
        let icon = theme.icon.as_ref().map(|icon| String::from_utf8_lossy(icon).into_owned());
        walk.pages.extend(icon.map(|icon| (ICON.to_owned(), icon)));
    }
    walk.absent = list::absent();
    walk.no_trial = trial::nothing();
    walk
}

/// The policy of these pages: nothing but the preview's own files, and the style that a picture carries.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'self' 'sha256-{}'; script-src 'self'; connect-src 'self'; img-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        base64(&Sha256::digest(graph::STYLE.as_bytes()))
    )
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// The address of a promise's page.
fn address(checker: &str, promise: &str) -> String {
    format!("{ROOT}{}/{}", part(checker), part(promise))
}

/// A name as one part of an address.
fn part(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => {
                out.push(char::from(byte));
            }
            other => _ = write!(out, "%{other:02X}"),
        }
    }
    out
}

/// A page that is shown anew after every attempt. `main` is finished HTML.
fn page(title: &str, main: &str) -> String {
    let mut out = String::with_capacity(main.len() + 1024);
    let _ = write!(
        out,
        "{}<body class=\"walk\" data-follows=\"every-attempt\">\n<a class=\"skip\" href=\"#main\">Skip to the page</a>\n\
         <nav class=\"walk-nav\" aria-label=\"Preview\"><a href=\"{ROOT}\">All promises</a> <a href=\"{}\">All pages</a> \
         <a href=\"/\">The site</a> <span>Only on this machine. Never published.</span></nav>\n\
         <main id=\"main\" tabindex=\"-1\">\n",
        head(title),
        super::panel::ALL
    );
    out.push_str(main);
    let _ = write!(
        out,
        "</main>\n<script src=\"{}\" defer></script>\n</body>\n</html>\n",
        super::LIVE_SCRIPT_URL
    );
    out
}

/// The head of every page here.
fn head(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title>\n<link rel=\"stylesheet\" href=\"{ROOT}theme.css\">\n\
         <link rel=\"stylesheet\" href=\"{ROOT}walk.css\">\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"{ROOT}{ICON}\">\n</head>\n",
        escape(title)
    )
}

/// Text in the language of the questionnaire, made harmless.
fn said(language: &str, tag: &str, class: &str, text: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<{tag}{class} lang=\"{}\">{}</{tag}>", escape(language), escape(text))
}

/// A longer text of a questionnaire, as its page shows it. Without a theme it is shown without containers' frames.
fn drawn(
    site: &Site,
    theme: Option<&Theme>,
    language: usize,
    text: &crate::link::Fragment,
    prefix: &str,
) -> String {
    theme
        .and_then(|theme| render::fragment(site, theme, language, text, prefix))
        .unwrap_or_else(|| text.html.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_what_policies_expect() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_name_stays_one_part_of_an_address() {
        assert_eq!(address("ketamine", "unknown-is-careful:S2"), "/~walk/ketamine/unknown-is-careful:S2");
        assert_eq!(address("k", "a/b ?#<é"), "/~walk/k/a%2Fb%20%3F%23%3C%C3%A9");
    }
}
