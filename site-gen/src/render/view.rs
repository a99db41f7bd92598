//! What templates can see. The theme's README lists it for designers; this is where it is made.

use super::handouts::{self, OnPaper};
use crate::check::CheckedSite;
use crate::direction::{self, RTL, isolated};
use crate::html::slug;
use crate::link::{Page, PageId, Site};
use crate::parse::front_matter::PageKind;
use ::handouts::Inline;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tera::Value;

/// A page as another page's list shows it.
#[derive(Serialize)]
pub(super) struct Listed<'s> {
    title: &'s str,
    url: String,
    summary: &'s str,
    kind: &'static str,
    grade: &'s str,
    grade_words: &'s str,
}

#[derive(Serialize)]
pub(super) struct Link<'s> {
    pub(super) title: &'s str,
    pub(super) url: String,
}

#[derive(Serialize)]
pub(super) struct MenuItem<'s> {
    pub(super) title: &'s str,
    pub(super) url: String,
    pub(super) current: bool,
}

#[derive(Serialize)]
pub(super) struct LanguageView<'s> {
    pub(super) code: &'s str,
    pub(super) name: &'s str,
    pub(super) dir: &'static str,
    pub(super) url: String,
    pub(super) current: bool,
    pub(super) here: bool,
}

#[derive(Serialize)]
struct Part<'s> {
    id: &'s str,
    title: &'s str,
}

#[derive(Serialize)]
struct Author<'s> {
    name: &'s str,
    role: &'s str,
    credentials: &'s str,
}

#[derive(Serialize)]
struct Review<'s> {
    name: &'s str,
    credentials: &'s str,
    role: &'s str,
    on: String,
    on_words: String,
    next: String,
    next_words: String,
}

#[derive(Serialize)]
struct SourceView<'s> {
    number: usize,
    id: &'s str,
    says: &'s str,
    grade: &'s str,
    refs: Vec<Reference<'s>>,
    back: Vec<Back>,
    checked_on: String,
    checked_on_words: String,
}

#[derive(Serialize)]
struct Reference<'s> {
    id: &'s str,
    /// The tag of its language where that is not the page's, and which way it runs where the page runs the other one.
    lang: &'s str,
    dir: &'s str,
    title: &'s str,
    who: &'s str,
    year: Option<i64>,
    #[serde(rename = "where")]
    place: &'s str,
    url: &'s str,
}

#[derive(Serialize)]
struct Back {
    href: String,
    label: String,
}

#[derive(Serialize)]
pub(super) struct Alternate<'s> {
    pub(super) code: &'s str,
    pub(super) url: String,
}

/// A page as its layout sees it.
#[derive(Serialize)]
pub(super) struct PageView<'s> {
    title: &'s str,
    nav_title: &'s str,
    summary: &'s str,
    kind: &'static str,
    url: String,
    canonical: String,
    body: Value,
    toc: Vec<Part<'s>>,
    breadcrumbs: Vec<Link<'s>>,
    children: Vec<Listed<'s>>,
    tags: Vec<Link<'s>>,
    grade: &'s str,
    grade_words: &'s str,
    author: Option<Author<'s>>,
    reviewed: Option<Review<'s>>,
    clinical: bool,
    updated: Option<String>,
    sources: Vec<SourceView<'s>>,
    handouts: Vec<OnPaper>,
    prev: Option<Link<'s>>,
    next: Option<Link<'s>>,
    draft: bool,
    alternates: Vec<Alternate<'s>>,
    json_ld: String,
    root_relative: bool,
}

/// Makes views of one site.
pub(super) struct Views<'s> {
    pub(super) site: &'s Site,
    pub(super) checked: &'s CheckedSite,
}

impl<'s> Views<'s> {
    /// An address below the base path as it stands in a page.
    pub(super) fn href(&self, url: &str) -> String {
        format!("{}{}", self.site.settings.base_path, url.trim_start_matches('/'))
    }

    /// The whole address.
    pub(super) fn absolute(&self, url: &str) -> String {
        format!("{}{}", self.site.settings.origin, self.href(url))
    }

    pub(super) fn word(&self, language: usize, key: &str) -> &'s str {
        self.site.languages[language].words.get(key).map_or("", String::as_str)
    }

    /// A date in the words of a language.
    pub(super) fn date(&self, language: usize, date: Date) -> String {
        self.word(language, "date_long")
            .replace("{day}", &date.day().to_string())
            .replace("{month}", self.word(language, &format!("month_{}", date.month())))
            .replace("{year}", &date.year().to_string())
    }

    fn grade_words(&self, page: &'s Page) -> (&'s str, &'s str) {
        let grade = self.site.page_grade(page);
        match grade {
            "" => ("", ""),
            grade => (grade, self.word(page.language, &format!("grade_{}", grade.to_lowercase()))),
        }
    }

    fn link(&self, id: PageId) -> Link<'s> {
        self.link_to(self.site.page(id))
    }

    /// A page by its short title.
    pub(super) fn link_to(&self, page: &'s Page) -> Link<'s> {
        Link { title: &page.nav_title, url: self.href(&page.url) }
    }

    fn listed(&self, id: PageId) -> Listed<'s> {
        let page = self.site.page(id);
        let (grade, grade_words) = self.grade_words(page);
        Listed {
            title: &page.title,
            url: self.href(&page.url),
            summary: &page.summary,
            kind: page.kind.name(),
            grade,
            grade_words,
        }
    }

    /// The menu of a language with one of its entries marked.
    pub(super) fn menu(&self, pages: &[PageId], current: Option<usize>) -> Vec<MenuItem<'s>> {
        let item = |(number, id): (usize, &PageId)| {
            let page = self.site.page(*id);
            MenuItem { title: &page.nav_title, url: self.href(&page.url), current: current == Some(number) }
        };
        pages.iter().enumerate().map(item).collect()
    }

    /// The address of the same page in each language that has it.
    pub(super) fn addresses(&self, alternates: &[Option<PageId>]) -> Vec<Option<String>> {
        alternates.iter().map(|id| Some(self.site.page((*id)?).url.clone())).collect()
    }

    /// Every language with the address of this page in it, or of its home.
    pub(super) fn languages(&self, language: usize, addresses: &[Option<String>]) -> Vec<LanguageView<'s>> {
        let site = self.site;
        site.settings
            .languages
            .iter()
            .enumerate()
            .map(|(number, view)| {
                let here = addresses.get(number).and_then(Option::as_deref);
                let home = site.languages[number].home.map(|id| site.page(id).url.as_str());
                let url = self.href(here.or(home).unwrap_or("/"));
                let current = number == language;
                LanguageView {
                    code: &view.code,
                    name: &view.name,
                    dir: view.dir,
                    url,
                    current,
                    here: here.is_some(),
                }
            })
            .collect()
    }

    /// The same page in other languages, for search engines. Empty where there is only one.
    pub(super) fn alternates(&self, addresses: &[Option<String>]) -> Vec<Alternate<'s>> {
        let there: Vec<(usize, String)> = addresses
            .iter()
            .enumerate()
            .filter_map(|(number, url)| Some((number, self.absolute(url.as_deref()?))))
            .collect();
        if there.len() < 2 {
            return Vec::new();
        }
        let first = there.iter().find(|(number, _)| *number == 0).map(|(_, url)| url.clone());
        let codes = there
            .into_iter()
            .map(|(number, url)| Alternate { code: &self.site.settings.languages[number].code, url });
        codes.chain(first.map(|url| Alternate { code: "x-default", url })).collect()
    }

    /// The page as its layout sees it.
    pub(super) fn page(&self, page: &'s Page, body: &str) -> PageView<'s> {
        let (grade, grade_words) = self.grade_words(page);
        let site = self.site;
        let person = |id: &str| site.people.get(id);
        let author = page.front.author.as_ref().and_then(|author| person(&author.value)).map(|author| {
            Author { name: &author.name, role: &author.role, credentials: &author.credentials }
        });
        let reviewed = self.checked.review(page).and_then(|reviewed| {
            let who = person(&reviewed.by.value)?;
            let on = reviewed.on.value;
            let next = on.checked_add(jiff::Span::new().months(page.front.review_every)).ok();
            Some(Review {
                name: &who.name,
                credentials: &who.credentials,
                role: &who.role,
                on: on.to_string(),
                on_words: self.date(page.language, on),
                next: next.map(|next| next.to_string()).unwrap_or_default(),
                next_words: next.map(|next| self.date(page.language, next)).unwrap_or_default(),
            })
        });
        PageView {
            title: &page.title,
            nav_title: &page.nav_title,
            summary: &page.summary,
            kind: page.kind.name(),
            url: self.href(&page.url),
            canonical: self.absolute(&page.url),
            body: Value::safe_string(body),
            toc: page
                .headings
                .iter()
                .filter(|heading| heading.level == 2 && heading.inside.is_none())
                .map(|heading| Part { id: &heading.id, title: &heading.text })
                .collect(),
            breadcrumbs: page.ties.ancestors.iter().map(|id| self.link(*id)).collect(),
            children: match page.front.list {
                true => page.ties.children.iter().map(|id| self.listed(*id)).collect(),
                false => Vec::new(),
            },
            tags: page.ties.tags.iter().map(|id| self.link(*id)).collect(),
            grade,
            grade_words,
            author,
            reviewed,
            clinical: page.is_clinical(),
            updated: None,
            sources: self.sources(page),
            handouts: handouts::on_paper(self, page),
            prev: page.ties.previous.map(|id| self.link(id)),
            next: page.ties.next.map(|id| self.link(id)),
            draft: page.hidden.is_some(),
            alternates: self.alternates(&self.addresses(&page.ties.alternates)),
            json_ld: super::json_ld::of(self, page),
            root_relative: false,
        }
    }

    /// A page that has no text of its own: the one for an address that does not exist.
    pub(super) fn made(&self, language: usize, kind: PageKind, title: &'s str, url: &str) -> PageView<'s> {
        let home = self.site.languages[language].home;
        PageView {
            title,
            nav_title: title,
            summary: self.word(language, "not_found_text"),
            kind: kind.name(),
            url: self.href(url),
            canonical: String::new(),
            body: Value::safe_string(""),
            toc: Vec::new(),
            breadcrumbs: home.iter().map(|id| self.link(*id)).collect(),
            children: Vec::new(),
            tags: Vec::new(),
            grade: "",
            grade_words: "",
            author: None,
            reviewed: None,
            clinical: false,
            updated: None,
            sources: Vec::new(),
            handouts: Vec::new(),
            prev: None,
            next: None,
            draft: false,
            alternates: Vec::new(),
            json_ld: String::new(),
            root_relative: true,
        }
    }

    /// A page that the program makes of what it has found. `addresses`: where it is, in each language.
    pub(super) fn report(
        &self,
        language: usize,
        title: &'s str,
        summary: &'s str,
        addresses: &[Option<String>],
        body: &str,
    ) -> PageView<'s> {
        let url = addresses.get(language).and_then(Option::as_deref).unwrap_or("/");
        PageView {
            summary,
            canonical: self.absolute(url),
            alternates: self.alternates(addresses),
            body: Value::safe_string(body),
            root_relative: false,
            ..self.made(language, PageKind::About, title, url)
        }
    }

    /// Who reviewed a page in its present wording, with what makes them a judge of it, and when.
    pub(super) fn reviewed(&self, page: &'s Page) -> Option<(String, String)> {
        let reviewed = self.checked.review(page)?;
        let who = self.site.people.get(&reviewed.by.value)?;
        let name = match who.credentials.as_str() {
            "" => who.name.clone(),
            credentials => format!("{}, {credentials}", who.name),
        };
        Some((name, self.date(page.language, reviewed.on.value)))
    }

    /// The list of a page's sources for paper, shorter than on the page: who, when and what.
    pub(super) fn sources_in_words(&self, page: &'s Page) -> Vec<Vec<Inline>> {
        let mut seen = BTreeSet::new();
        let text = |text: String| Inline::Text { text };
        self.sources(page)
            .iter()
            .map(|source| {
                let mut line = Vec::new();
                for reference in &source.refs {
                    let who = match reference.year {
                        Some(year) => format!("{} ({year})", reference.who),
                        None => reference.who.to_owned(),
                    };
                    let gap = if line.is_empty() { "" } else { "; " };
                    line.push(text(format!("{gap}{who}")));
                    if seen.insert(reference.id) {
                        let title = vec![text(reference.title.to_owned())];
                        let title = match reference.lang {
                            "" => title,
                            lang => vec![Inline::Foreign { lang: lang.to_owned(), inner: title }],
                        };
                        line.push(text(". ".to_owned()));
                        line.push(match reference.url {
                            "" => Inline::Emphasis { inner: title },
                            url => Inline::Link { to: url.to_owned(), inner: title },
                        });
                    }
                }
                if line.is_empty() {
                    line.push(text(source.says.to_owned()));
                }
                line
            })
            .collect()
    }

    /// The tag of a language where it is not the page's, and which way it runs where the page runs the other one: who
    /// listens to the page hears it pronounced as what it is.
    fn foreign(&self, language: Option<&'s str>, page: usize) -> (&'s str, &'static str) {
        let languages = &self.site.settings.languages;
        let (language, page) = (language.unwrap_or(&languages[0].code), &languages[page]);
        // British English on an American page is no other language.
        let first = |tag: &'s str| tag.split('-').next();
        if first(language) == first(&page.code) {
            return ("", "");
        }
        let dir = direction::of(language);
        (language, if dir == page.dir { "" } else { dir })
    }

    fn sources(&self, page: &'s Page) -> Vec<SourceView<'s>> {
        let library = &self.site.sources;
        let reference = |id: &'s str| {
            let found = library.publications.get(id)?;
            let (lang, dir) = self.foreign(found.language.as_deref(), page.language);
            Some(Reference {
                id,
                lang,
                dir,
                title: &found.title,
                who: &found.who,
                year: (found.year > 0).then_some(found.year),
                place: &found.place_published,
                url: &found.url,
            })
        };
        let mut sources: Vec<SourceView<'s>> = page
            .cited
            .iter()
            .enumerate()
            .map(|(position, cited)| {
                let number = position + 1;
                let evidence = library.evidence.get(&cited.id);
                let checked = match evidence {
                    Some(evidence) => evidence.checked_on.as_ref(),
                    None => library.publications.get(&cited.id).and_then(|found| found.checked_on.as_ref()),
                };
                SourceView {
                    number,
                    id: &cited.id,
                    says: evidence.map_or("", |evidence| evidence.says.as_str()),
                    grade: evidence
                        .and_then(|evidence| evidence.grade.as_ref())
                        .map_or("", |grade| grade.value.as_str()),
                    refs: match evidence {
                        Some(evidence) => {
                            evidence.sources.iter().filter_map(|source| reference(&source.value)).collect()
                        }
                        None => reference(&cited.id).into_iter().collect(),
                    },
                    back: (1..=cited.uses)
                        .map(|use_| Back { href: format!("#cite-{number}-{use_}"), label: label(use_) })
                        .collect(),
                    checked_on: checked.map(|checked| checked.value.to_string()).unwrap_or_default(),
                    checked_on_words: checked
                        .map(|checked| self.date(page.language, checked.value))
                        .unwrap_or_default(),
                }
            })
            .collect();
        // Only what is named again needs a name of its own to lead back to.
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for reference in sources.iter().flat_map(|source| &source.refs) {
            *uses.entry(reference.id).or_default() += 1;
        }
        for reference in sources.iter_mut().flat_map(|source| &mut source.refs) {
            if uses[reference.id] == 1 {
                reference.id = "";
            }
        }
        sources
    }

    /// What `help` is in a language.
    pub(super) fn help(&self, language: usize) -> BTreeMap<&'static str, String> {
        let site = self.site;
        let code = &site.settings.languages[language].code;
        let fact = |name: &str| {
            let fact = site.facts.get(name);
            let words = fact.and_then(|fact| fact.words.get(code)).cloned().unwrap_or_default();
            let href = fact.and_then(|fact| fact.href.clone()).unwrap_or_else(|| format!("tel:{words}"));
            (words, href)
        };
        let url =
            |page: Option<PageId>| page.map_or_else(|| self.href("/"), |id| self.href(&site.page(id).url));
        let (emergency_number, emergency_href) = fact("emergency_number");
        let (crisis_number, crisis_href) = fact("crisis_number");
        let (_, crisis_text_href) = fact("crisis_text");
        BTreeMap::from([
            ("emergency_number", emergency_number),
            ("emergency_href", emergency_href),
            ("crisis_number", crisis_number),
            ("crisis_href", crisis_href),
            ("crisis_text_href", crisis_text_href),
            ("help_url", url(site.languages[language].help)),
            ("check_url", url(site.languages[language].check)),
        ])
    }

    /// What `site` is in a language.
    pub(super) fn about_site(&self, language: usize) -> serde_json::Value {
        let settings = &self.site.settings;
        let clinic = &settings.clinic;
        let digits: String = clinic.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        let home = self.site.languages[language].home;
        let made = |kind: PageKind| {
            let page = self.site.pages.iter().find(|page| page.language == language && page.kind == kind);
            page.map(|page| self.href(&page.url)).unwrap_or_default()
        };
        // A phone number keeps its order in a text that runs from right to left.
        let own_way = |text: &str| match settings.languages[language].dir == RTL {
            true => isolated(text).into_owned(),
            false => text.to_owned(),
        };
        serde_json::json!({
            "name": settings.name,
            "base_url": self.absolute("/").trim_end_matches('/'),
            "search_url": made(PageKind::Search),
            "a_z_url": made(PageKind::Alphabet),
            "home_url": home.map_or_else(|| self.href("/"), |id| self.href(&self.site.page(id).url)),
            "version": env!("CARGO_PKG_VERSION"),
            "clinic": {
                "name": clinic.name,
                "phone": own_way(&clinic.phone),
                "phone_href": if digits.is_empty() { String::new() } else { format!("tel:{digits}") },
                "address": own_way(&clinic.address),
                "hours": own_way(&clinic.hours),
                "email": clinic.email,
            },
        })
    }
}

/// a, b, ... z, then numbers.
fn label(number: u32) -> String {
    match u8::try_from(number) {
        Ok(small @ 1..=26) => char::from(b'a' + small - 1).to_string(),
        _ => number.to_string(),
    }
}

/// An id for something on a page that has none of its own.
pub(super) fn id_for(prefix: &str, number: usize, label: &str) -> String {
    let label = slug(label);
    if label.is_empty() { format!("{prefix}-{number}") } else { format!("{prefix}-{number}-{label}") }
}
