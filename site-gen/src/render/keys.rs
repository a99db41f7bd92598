//! What a page is drawn from, as one key: its own file, and what it shows of others. Where the key is that of an earlier
//! build, so is the page.

use super::Way;
use crate::cache::Key;
use crate::link::{Page, PageId, Site};
use crate::parse::front_matter::PageKind;
use crate::source::SourceTree;
use rayon::prelude::*;

/// The keys of all pages.
pub(super) struct Keys {
    /// Of what every page is drawn from: the theme, all files that are no pages, every address, the menus.
    frame: u128,
    /// Of what each page shows of itself on others, by number.
    faces: Vec<u128>,
    /// Of what all pages of a language show of themselves, by number of the language.
    all: Vec<u128>,
    today: String,
}

impl Keys {
    pub(super) fn new(site: &Site, sources: &SourceTree, way: &Way) -> Self {
        let faces: Vec<u128> = site.pages.par_iter().map(|page| face(site, page)).collect();
        let mut frame = site.frame.clone();
        frame.text("drawn").flag(way.preview).flag(way.search.is_some());
        for (id, file) in sources.under("themes") {
            frame.text(&file.path).number(sources.digest(id));
        }
        for language in &site.languages {
            let one = [language.home, language.help, language.check];
            let one = one.iter().map(|id| id.as_slice());
            for list in one.chain([language.nav.as_slice(), &language.footer]) {
                add(&mut frame, &faces, list);
            }
        }
        let all = (0..site.languages.len()).map(|number| {
            let mut key = Key::new("all");
            let here = site.pages.iter().zip(&faces).filter(|(page, _)| page.language == number);
            here.for_each(|(_, face)| _ = key.number(*face));
            key.done()
        });
        Keys { all: all.collect(), frame: frame.done(), faces, today: way.today.to_string() }
    }

    /// The key of one page.
    pub(super) fn of(&self, site: &Site, id: PageId) -> u128 {
        let page = site.page(id);
        let mut key = Key::new("page");
        key.number(self.frame)
            .text(&page.path)
            .number(page.language as u128)
            .number(self.faces[id.0 as usize]);
        match page.file {
            Some(_) => key.number(page.source),
            // It lists all pages, and is made only if it is to be drawn.
            None if page.kind == PageKind::Alphabet => key.number(self.all[page.language]),
            None => key.text(&site.text(page).html),
        };
        key.flag(page.hidden.is_some());
        // The only page that says on which day it was made.
        if page.kind == PageKind::Proof {
            key.text(&self.today);
        }
        let one = [page.ties.previous, page.ties.next];
        let one = one.iter().chain(&page.ties.alternates).map(|id| id.as_slice());
        for list in one.chain([page.ties.ancestors.as_slice(), &page.ties.children, &page.ties.tags]) {
            add(&mut key, &self.faces, list);
        }
        key.done()
    }

    /// The key of the search index: of every page that can be found.
    pub(super) fn of_index(&self, pages: &[u128]) -> u128 {
        let mut key = Key::new("index");
        key.number(self.frame);
        for page in pages {
            key.number(*page);
        }
        key.done()
    }
}

fn add(key: &mut Key, faces: &[u128], list: &[PageId]) {
    key.number(list.len() as u128);
    for id in list {
        key.number(faces[id.0 as usize]);
    }
}

/// All that a page shows of itself on other pages: in lists, menus, links to the page before and the next, and for
/// machines. [`super::view`] must show no more.
fn face(site: &Site, page: &Page) -> u128 {
    let mut key = Key::new("face");
    key.text(&page.title).text(&page.nav_title).text(&page.summary).text(&page.url);
    key.text(page.kind.name()).text(site.page_grade(page));
    key.done()
}
