//! The lines between `---` at the top of a page: one schema, whether YAML or TOML.

use super::data::{Reader, Table, Written, did_you_mean, nearest, shorten};
use super::{toml, yaml};
use crate::finding::{Finding, Findings};
use crate::source::{FileId, Place};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a page is, which decides its layout and what is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PageKind {
    /// A language's first page.
    Home,
    /// A list of the pages in its folder.
    Section,
    /// An illness and what the treatment does and does not do for it.
    Condition,
    /// A treatment.
    Treatment,
    /// Risks and side effects.
    Risk,
    /// What to do before a visit.
    Prepare,
    /// What to do after one.
    Aftercare,
    /// What it costs.
    Cost,
    /// Questions and answers.
    Faq,
    /// About the site or the clinic.
    About,
    /// Holds a checker.
    Checker,
    /// What was proved about a checker, made by the generator.
    Proof,
    /// The list of explained words, made by the generator.
    Glossary,
    /// The pages with one tag, or the list of all tags, made by the generator.
    Tags,
    /// Every page and explained word by letter, made by the generator.
    Alphabet,
    /// Where readers look things up, made by the generator.
    Search,
    /// The page for an address that does not exist, made by the generator.
    NotFound,
}

impl PageKind {
    /// The kinds an author may write.
    pub const WRITTEN: [(PageKind, &'static str); 11] = [
        (PageKind::Home, "home"),
        (PageKind::Section, "section"),
        (PageKind::Condition, "condition"),
        (PageKind::Treatment, "treatment"),
        (PageKind::Risk, "risk"),
        (PageKind::Prepare, "prepare"),
        (PageKind::Aftercare, "aftercare"),
        (PageKind::Cost, "cost"),
        (PageKind::Faq, "faq"),
        (PageKind::About, "about"),
        (PageKind::Checker, "checker"),
    ];

    /// As it is written in front matter and in class names.
    pub fn name(self) -> &'static str {
        match self {
            PageKind::Proof => "proof",
            PageKind::Glossary => "glossary",
            PageKind::Tags => "tags",
            PageKind::Alphabet => "a-z",
            PageKind::Search => "search",
            PageKind::NotFound => "not-found",
            _ => PageKind::WRITTEN.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name),
        }
    }

    /// Whether it makes claims about health, so that a clinician ought to have reviewed it.
    pub fn is_clinical(self) -> bool {
        matches!(
            self,
            PageKind::Condition
                | PageKind::Treatment
                | PageKind::Risk
                | PageKind::Prepare
                | PageKind::Aftercare
                | PageKind::Faq
                | PageKind::Checker
                | PageKind::Home
        )
    }
}

/// The review that `site-gen review` wrote down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reviewed {
    /// A person's id.
    pub by: Written<String>,
    /// When.
    pub on: Written<Date>,
    /// Of which text.
    pub hash: String,
}

/// What the front matter of a page says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FrontMatter {
    /// The page's title.
    pub title: Written<String>,
    /// Shorter, for menus and lists. The title where none is given.
    pub nav_title: String,
    /// At most 60 words; also what search engines show.
    pub summary: Option<Written<String>>,
    /// What the page is.
    pub kind: Written<PageKind>,
    /// Its place among its neighbours: small comes first.
    pub weight: i64,
    /// What it is about, in words that other pages share.
    pub tags: Vec<Written<String>>,
    /// Old addresses that lead here.
    pub aliases: Vec<Written<String>>,
    /// Not yet for readers.
    pub draft: bool,
    /// The first day on which readers see it.
    pub publish: Option<Written<Date>>,
    /// The first day on which they no longer do.
    pub expire: Option<Written<Date>>,
    /// A person's id.
    pub author: Option<Written<String>>,
    /// Evidence ids the whole page rests on.
    pub sources: Vec<Written<String>>,
    /// The last review, if there was one.
    pub reviewed: Option<Reviewed>,
    /// How long a review holds, in months.
    pub review_every: i64,
    /// Name and code of the illness, for search engines.
    pub condition: Option<(String, String)>,
    /// The hash of the page that this one translates.
    pub translates: Option<Written<String>>,
    /// How strong the proof is: A, B, C, D or X.
    pub grade: Option<Written<String>>,
    /// The checker that the page holds.
    pub checker: Option<Written<String>>,
    /// Whether the pages of its folder are listed below the text of a section by themselves.
    pub list: bool,
}

impl FrontMatter {
    /// The front matter of a page that the generator makes: nobody wrote it, so it says little.
    pub fn made(kind: PageKind, title: String) -> Self {
        let nowhere = Place::start_of(FileId(0));
        FrontMatter {
            nav_title: title.clone(),
            title: Written { value: title, place: nowhere.clone() },
            summary: None,
            kind: Written { value: kind, place: nowhere },
            weight: i64::MAX,
            tags: Vec::new(),
            aliases: Vec::new(),
            draft: false,
            publish: None,
            expire: None,
            author: None,
            sources: Vec::new(),
            reviewed: None,
            review_every: 12,
            condition: None,
            translates: None,
            grade: None,
            checker: None,
            list: true,
        }
    }

    /// Why readers do not see the page on this day; `None` where they do.
    pub fn hidden(&self, today: Date) -> Option<Hidden> {
        let expired = self.expire.as_ref().filter(|expire| expire.value <= today);
        let waits = self.publish.as_ref().filter(|publish| publish.value > today);
        match (self.draft, expired, waits) {
            (true, ..) => Some(Hidden::Draft),
            (_, Some(expire), _) => Some(Hidden::Since(expire.value)),
            (_, _, Some(publish)) => Some(Hidden::Until(publish.value)),
            _ => None,
        }
    }
}

/// Why readers do not see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// It is a draft.
    Draft,
    /// Its day is still to come.
    Until(Date),
    /// Its time is over, since this day.
    Since(Date),
}

/// How a file divides into front matter and text.
#[derive(Debug, PartialEq, Eq)]
pub struct Fences {
    /// The front matter's lines.
    pub front: Range<usize>,
    /// The text after them.
    pub body: Range<usize>,
    /// Whether they are TOML (`+++`) instead of YAML (`---`).
    pub toml: bool,
}

/// Finds the fences, or says what is wrong with them.
pub fn fences(text: &str, file: FileId, findings: &mut Findings) -> Option<Fences> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let top = start + (text[start..].len() - text[start..].trim_start().len());
    if text[top..].is_empty() {
        findings.push(Finding::error("page-empty", Place::start_of(file), "This page is empty").help(
            "Write it, or take the file away. `site-gen new page` makes a page that is ready to fill in",
        ));
        return None;
    }
    let first = text[top..].lines().next().unwrap_or_default();
    let fence = first.trim_end();
    if !fence.is_empty() && fence != "---" && fence.chars().all(|c| matches!(c, '-' | '–' | '—' | '‑'))
    {
        findings.push(
            Finding::error(
                "front-matter-missing",
                Place::new(file, top..top + first.trim_end().len()),
                "The first line should be three hyphens, and these are other signs",
            )
            .help("Write --- and nothing else here, and again below the last `name: value`"),
        );
        return None;
    }
    if fence != "---" && fence != "+++" {
        findings.push(
            Finding::error(
                "front-matter-missing",
                Place::new(file, top..top + first.len()),
                "This page does not begin with its title and summary",
            )
            .help("Begin the file with a line of ---, then `title: ...`, `summary: ...`, `kind: ...`, and --- again"),
        );
        return None;
    }
    let front_start = (top + first.len() + 1).min(text.len());
    let mut at = front_start;
    for line in text[front_start..].split_inclusive('\n') {
        if line.trim_end() == fence {
            return Some(Fences {
                front: front_start..at,
                body: at + line.len()..text.len(),
                toml: fence == "+++",
            });
        }
        at += line.len();
    }
    findings.push(
        Finding::error(
            "front-matter-open",
            Place::new(file, top..top + fence.len()),
            format!("The {fence} at the top has no {fence} that ends it"),
        )
        .help(format!("Put a line of {fence} between the last `name: value` and the text")),
    );
    None
}

/// Reads the lines between the fences. `None` when nothing could be read, which is told.
pub fn read(text: &str, fences: &Fences, file: FileId, findings: &mut Findings) -> Option<FrontMatter> {
    let lines = &text[fences.front.clone()];
    let table = if fences.toml {
        toml::read(lines, file, fences.front.start, findings)
    } else {
        yaml::read(lines, file, fences.front.start, findings)
    }?;
    schema(&table, file, findings)
}

fn schema(table: &Table, file: FileId, findings: &mut Findings) -> Option<FrontMatter> {
    let mut reader = Reader::new(table, "The front matter of a page", findings);
    let title = reader.text("title");
    let nav_title = reader.text("nav_title");
    let summary = reader.text("summary");
    let kind = reader.text("kind");
    let weight = reader.integer("weight").map_or(i64::MAX, |weight| weight.value);
    let tags = reader.texts("tags");
    let aliases = reader.texts("aliases");
    let draft = reader.switch("draft").unwrap_or(false);
    let publish = reader.date("publish");
    let expire = reader.date("expire");
    let author = reader.text("author");
    let sources = reader.texts("sources");
    let reviewed = reader.table("reviewed");
    let review_every = reader.text("review_every");
    let condition = reader.table("condition");
    let translates = reader.text("translates");
    let grade = reader.text("grade");
    let checker = reader.text("checker");
    let list = reader.switch("list").unwrap_or(true);
    reader.finish();

    let reviewed = reviewed.and_then(|table| {
        let mut reader = Reader::new(table, "`reviewed`", findings);
        let (by, on) = (reader.text("by"), reader.date("on"));
        let hash = reader.text_or_empty("hash");
        reader.finish();
        Some(Reviewed { by: by?, on: on?, hash })
    });
    let condition = condition.map(|table| {
        let mut reader = Reader::new(table, "`condition`", findings);
        let pair = (reader.text_or_empty("name"), reader.text_or_empty("code"));
        reader.finish();
        pair
    });
    let review_every = match review_every {
        None => 12,
        Some(every) => months(&every.value).unwrap_or_else(|| {
            findings.push(
                Finding::error(
                    "wrong-kind-of-value",
                    every.place,
                    format!("`review_every` should be a time, but here it is `{}`", shorten(&every.value)),
                )
                .help("Write it like this: `review_every: 1 year` or `review_every: 6 months`"),
            );
            12
        }),
    };
    let kind_written = table.get("kind").is_some();
    let kind = match kind {
        Some(kind) => match PageKind::WRITTEN.iter().find(|(_, name)| *name == kind.value) {
            Some((found, _)) => Some(kind.map(|_| *found)),
            None => {
                let names = PageKind::WRITTEN.map(|(_, name)| name);
                let close = nearest(&kind.value, names).or_else(|| {
                    names.into_iter().find(|name| kind.value.starts_with(&name[..name.len().min(4)]))
                });
                let mut help = format!("The kinds are: {}", names.join(", "));
                if let Some(near) = close {
                    help = format!("{} {help}", did_you_mean(near));
                }
                findings.push(
                    Finding::error(
                        "unknown-kind",
                        kind.place,
                        format!("There is no kind of page called `{}`", kind.value),
                    )
                    .help(help),
                );
                None
            }
        },
        None => None,
    };
    let top = Place::start_of(file);
    let mut missing = |key: &str, help: &str| {
        findings.push(
            Finding::error(
                "front-matter-incomplete",
                table_top(table, &top),
                format!("This page has no {key}"),
            )
            .help(help.to_owned()),
        );
    };
    if title.as_ref().is_none_or(|title| title.value.is_empty()) && !wrong_kind(table, "title") {
        missing("title", "Add a line between the --- lines: `title: What to expect`");
    }
    if kind.is_none() && !kind_written {
        let names = PageKind::WRITTEN.map(|(_, name)| name);
        missing(
            "kind",
            &format!("Add a line between the --- lines: `kind: ...`, one of {}", names.join(", ")),
        );
    }
    if let (Some(publish), Some(expire)) = (&publish, &expire)
        && expire.value <= publish.value
    {
        findings.push(
            Finding::error(
                "expires-before-published",
                expire.place.clone(),
                format!(
                    "This page would be gone on {}, before it appears on {}",
                    expire.value, publish.value
                ),
            )
            .help(
                "`publish` is the first day on which readers see the page, `expire` the first day without it",
            ),
        );
    }
    let title = title?;
    // A page whose kind is wrong is still a page that others may link to.
    let kind = kind.unwrap_or(Written { value: PageKind::About, place: top });
    Some(FrontMatter {
        nav_title: nav_title.map_or_else(|| title.value.clone(), |short| short.value),
        title,
        summary: summary.filter(|summary| !summary.value.is_empty()),
        kind,
        weight,
        tags,
        aliases,
        draft,
        publish,
        expire,
        author,
        sources,
        reviewed,
        review_every,
        condition,
        translates,
        grade,
        checker,
        list,
    })
}

fn wrong_kind(table: &Table, key: &str) -> bool {
    use super::data::Kind;
    table.get(key).is_some_and(|value| matches!(value.kind, Kind::List(_) | Kind::Table(_)))
}

fn table_top(table: &Table, fallback: &Place) -> Place {
    table.entries.first().map_or_else(|| fallback.clone(), |entry| entry.key_place.clone())
}

/// `1 year`, `6 months`, `2 años`: a number and a unit. In months.
fn months(text: &str) -> Option<i64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: i64 = number.parse().ok().filter(|number| (1..=100).contains(number))?;
    match unit.trim().trim_end_matches('s') {
        "month" => Some(number),
        "year" => Some(number * 12),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut findings = Findings::new();
        let front = fences(text, FileId(0), &mut findings)
            .and_then(|fences| read(text, &fences, FileId(0), &mut findings));
        let mut got: Vec<String> = Vec::new();
        if let Some(front) = front {
            got.push(format!("{} ({})", front.title.value, front.kind.value.name()));
        }
        got.extend(findings.iter().map(|finding| {
            let place = finding.place.as_ref().expect("BUG: a place");
            let (line, _) = crate::source::line_column(text, place.span.start);
            format!("line {line}: {}. {}", finding.message, finding.help.as_deref().unwrap_or_default())
        }));
        assert_eq!(got, expected);
    }

    #[test]
    fn yaml_and_toml_are_read_alike() {
        check("---\ntitle: A\nkind: risk\n---\n", &["A (risk)"]);
        check("+++\ntitle = \"A\"\nkind = \"risk\"\n+++\n", &["A (risk)"]);
        check("\u{feff}---\r\ntitle: A\r\nkind: faq\r\n---\r\n", &["A (faq)"]);
        check(
            "---\ntitle: A\nkind: faq\nreviewed: {by: x, on: 2026-01-02, hash: y}\nreview_every: 1 year\n---\n",
            &["A (faq)"],
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        check(
            "",
            &[
                "line 1: This page is empty. Write it, or take the file away. `site-gen new page` makes a page \
                     that is ready to fill in",
            ],
        );
        check(
            "# Plain\n",
            &["line 1: This page does not begin with its title and summary. Begin the file with a \
                              line of ---, then `title: ...`, `summary: ...`, `kind: ...`, and --- again"],
        );
        check(
            "---\ntitle: A\n",
            &["line 1: The --- at the top has no --- that ends it. Put a line of --- between \
                                    the last `name: value` and the text"],
        );
        check(
            "---\nkind: faq\n---\n",
            &["line 2: This page has no title. Add a line between the --- lines: \
                                          `title: What to expect`"],
        );
    }

    #[test]
    fn slips_get_a_suggestion() {
        check(
            "---\ntitel: A\ntitle: B\nkind: faq\n---\n",
            &["B (faq)", "line 2: The front matter of a page has no `titel`. Did you mean `title`?"],
        );
        check(
            "---\ntitle: A\nkind: preparation\n---\n",
            &[
                "A (about)",
                "line 3: There is no kind of page called `preparation`. Did you mean `prepare`? The kinds are: home, \
                 section, condition, treatment, risk, prepare, aftercare, cost, faq, about, checker",
            ],
        );
        check(
            "---\ntitle: A\nkind: faq\nweight: heavy\n---\n",
            &[
                "A (faq)",
                "line 4: `weight` should be a whole number, but here it is `heavy`. Write it like this: 10, without quotes",
            ],
        );
    }
}
