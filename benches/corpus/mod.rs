//! One site of any size, written in the dialect of each generator: the same pages, sections, topics and links for all.
//!
//! ```text
//! 5 groups -> max(5, pages / 50) sections -> pages      address: /group/section/page/
//! max(20, pages / 50) topics, 3 a page: a topic has about 150 pages, so that lists are linear work
//! ```
//!
//! A page has 600 to 900 words: 12 headings, paragraphs, lists, a table, a quotation, 4 to 6 links to other pages,
//! 3 footnotes. The same number of pages and the same seed always give the same text.

mod dialect;
mod prose;

pub use dialect::{Dialect, write};

use prose::{
    AUTHORS, FACTORS, GROUPS, JOURNALS, KINDS, ORGANS, QUALITIES, SENTENCES, SIGNS, SPECIALTIES, TEAMS,
};

/// SplitMix64: small, fast, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// So many different ones, in the order in which they came up.
    fn some<'t, T>(&mut self, of: &'t [T], count: usize) -> Vec<&'t T> {
        let mut left: Vec<&T> = of.iter().collect();
        (0..count.min(of.len())).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

/// A page, without its text.
pub struct Page {
    number: usize,
    /// What stands above it.
    pub title: String,
    name: String,
    section: usize,
    weight: usize,
    organ: &'static str,
    kind: &'static str,
    date: String,
    topics: Vec<usize>,
    team: &'static str,
}

struct Section {
    group: usize,
    name: String,
    title: String,
    weight: usize,
}

/// The site, the same for every dialect.
pub struct Site {
    seed: u64,
    /// In the order of their numbers.
    pub pages: Vec<Page>,
    sections: Vec<Section>,
    topics: Vec<String>,
}

/// A text as a part of an address: small letters, digits, hyphens.
fn address(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

fn summary(page: &Page) -> String {
    format!(
        "What {} is, who is at risk, how to get ready for your visit and when to call for help.",
        page.title.to_lowercase()
    )
}

fn section_summary(title: &str) -> String {
    format!("Plain pages about {}, one for each question.", title.to_lowercase())
}

impl Site {
    /// A site with so many pages, sections and lists not counted.
    pub fn new(pages: usize, seed: u64) -> Site {
        let mut dice = Dice(seed);
        let sections: Vec<Section> = (0..(pages / 50).max(5))
            .map(|number| {
                let mut title = format!("{} health", SPECIALTIES[number % SPECIALTIES.len()]);
                if number >= SPECIALTIES.len() {
                    title += &format!(" {}", number / SPECIALTIES.len() + 1);
                }
                Section { group: number % GROUPS.len(), name: address(&title), title, weight: number + 1 }
            })
            .collect();
        let topics: Vec<String> = (0..(pages / 50).max(20))
            .map(|number| {
                let mut topic = KINDS[number % KINDS.len()].to_owned();
                if number >= KINDS.len() {
                    topic = format!("{} {topic}", ORGANS[(number / KINDS.len()) % ORGANS.len()]);
                }
                if number >= KINDS.len() * ORGANS.len() {
                    topic += &format!(" {}", number / (KINDS.len() * ORGANS.len()));
                }
                topic
            })
            .collect();
        let numbers: Vec<usize> = (0..topics.len()).collect();
        let all = sections.len();
        let pages = (0..pages)
            .map(|number| {
                let organ = ORGANS[number % ORGANS.len()];
                let kind = KINDS[(number / ORGANS.len()) % KINDS.len()];
                let quality = QUALITIES[(number * 7 + number / ORGANS.len()) % QUALITIES.len()];
                let title = format!("{quality} {organ} {kind}");
                let mut topics: Vec<usize> = dice.some(&numbers, 3).into_iter().copied().collect();
                topics.sort_unstable();
                Page {
                    number,
                    name: format!("{}-{number}", address(&title)),
                    title,
                    section: number % all,
                    weight: number / all + 1,
                    organ,
                    kind,
                    date: format!(
                        "{}-{:02}-{:02}",
                        2019 + number % 7,
                        1 + number / 8 % 12,
                        1 + number / 96 % 28
                    ),
                    topics,
                    team: TEAMS[number % TEAMS.len()],
                }
            })
            .collect();
        Site { seed, pages, sections, topics }
    }

    fn folder(&self, page: &Page) -> String {
        let section = &self.sections[page.section];
        format!("{}/{}", GROUPS[section.group].0, section.name)
    }

    /// The page's file below the folder of all pages: `conditions/heart-health/sudden-heart-soreness-0.md`.
    pub fn file(&self, page: &Page) -> String {
        format!("{}/{}.md", self.folder(page), page.name)
    }

    /// Where the page will be: `/conditions/heart-health/sudden-heart-soreness-0/`.
    pub fn url(&self, page: &Page) -> String {
        format!("/{}/{}/", self.folder(page), page.name)
    }

    /// The list that the page stands in: `/conditions/heart-health/`.
    pub fn list_url(&self, page: &Page) -> String {
        format!("/{}/", self.folder(page))
    }

    /// The page's text in Markdown. `link` writes a link's target; `emergency` is the number to call.
    fn text(&self, page: &Page, link: impl Fn(&Page) -> String, emergency: &str) -> String {
        let mut text = Text {
            dice: Dice(self.seed.wrapping_mul(1_000_003).wrapping_add(page.number as u64)),
            page,
            written: String::with_capacity(6_500),
        };
        let other = |dice: &mut Dice| {
            let other = dice.one(&self.pages);
            format!("[{}]({})", other.title, link(other))
        };
        let subject = page.title.to_lowercase();

        text.paragraph(2, 3, "[^1]");
        text.line(&format!("## What is {subject}?\n"));
        text.paragraph(3, 4, "");
        let see = format!(" See also {}.", other(&mut text.dice));
        text.paragraph(2, 3, &see);
        text.line("## Signs\n\nCommon signs are:\n");
        for sign in text.dice.some(&SIGNS, 5) {
            text.line(&format!("- {sign}"));
        }
        text.line("");
        text.paragraph(1, 2, "");
        text.line("## Causes and risks\n");
        text.paragraph(2, 3, "[^2]");
        text.line("| What | How it changes your risk | What you can do |\n| --- | --- | --- |");
        for row in text.dice.some(&FACTORS, 5) {
            let cells = row.map(|cell| text.fill(cell)).join(" | ");
            text.line(&format!("| {cells} |"));
        }
        text.line("\n### Risk by age\n");
        text.paragraph(1, 3, "");
        text.line("## Tests\n");
        for (number, sentence) in text.dice.some(&SENTENCES, 4).into_iter().enumerate() {
            let sentence = text.fill(sentence);
            text.line(&format!("{}. {sentence}", number + 1));
        }
        text.line("\n## Before your visit\n");
        let read = format!(" Read {} before you come.", other(&mut text.dice));
        text.paragraph(2, 3, &read);
        for when in ["Two days before", "On the day", "After the visit"] {
            let sentence = text.sentence();
            text.line(&format!("- **{when}:** {sentence}"));
        }
        text.line("\n### What to bring\n\nA card with your name, the letter from us and your *last test results*.\n");
        text.line("## Treatment\n");
        text.paragraph(2, 4, "");
        text.line("### Medicines\n");
        text.paragraph(2, 3, "[^3]");
        text.line("### Surgery\n");
        text.paragraph(1, 2, "");
        let sign = *text.dice.one(&SIGNS);
        text.line(&format!(
            "## When to call for help\n\n> **Call {emergency} now** if you have {sign} together with chest pain, or if you\n> cannot stay awake. Do not drive yourself.\n"
        ));
        text.line("## Pages close to this one\n");
        for _ in 0..text.dice.between(2, 4) {
            let link = other(&mut text.dice);
            text.line(&format!("- {link}"));
        }
        text.line("");
        for note in 1..=3 {
            text.footnote(note);
        }
        text.written
    }
}

/// A page's text while it is being written.
struct Text<'p> {
    dice: Dice,
    page: &'p Page,
    written: String,
}

impl Text<'_> {
    fn line(&mut self, line: &str) {
        self.written.push_str(line);
        self.written.push('\n');
    }

    fn fill(&mut self, template: &str) -> String {
        let (number, small) = (self.dice.between(2, 90), self.dice.between(2, 12));
        let sign = *self.dice.one(&SIGNS);
        let mut filled = String::with_capacity(template.len() + 40);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            match after.as_bytes().first() {
                Some(b'c') => filled.push_str(&self.page.title.to_lowercase()),
                Some(b'C') => filled.push_str(&self.page.title),
                Some(b'o') => filled.push_str(self.page.organ),
                Some(b'n') => filled.push_str(&number.to_string()),
                Some(b'm') => filled.push_str(&small.to_string()),
                _ => filled.push_str(sign),
            }
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        filled + rest
    }

    fn sentence(&mut self) -> String {
        let template = *self.dice.one(&SENTENCES);
        self.fill(template)
    }

    /// A paragraph of `low` to `high` sentences with something at its end.
    fn paragraph(&mut self, low: usize, high: usize, end: &str) {
        let count = self.dice.between(low, high);
        let templates = self.dice.some(&SENTENCES, count);
        let sentences: Vec<String> = templates.into_iter().map(|template| self.fill(template)).collect();
        self.line(&format!("{}{end}\n", sentences.join(" ")));
    }

    fn footnote(&mut self, note: usize) {
        let (first, second) = (*self.dice.one(&AUTHORS), *self.dice.one(&AUTHORS));
        let journal = *self.dice.one(&JOURNALS);
        let (year, volume, start) =
            (self.dice.between(2004, 2026), self.dice.between(1, 60), self.dice.between(1, 900));
        let doi = self.dice.between(1000, 9999);
        let (kind, organ) = (self.page.kind, self.page.organ);
        self.line(&format!(
            "[^{note}]: {first} and {second}. On {kind} of the {organ}. *{journal}* {year};{volume}:{start}. [Read it](https://doi.example/10.0000/x{doi})."
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pages: usize, seed: u64, number: usize) -> String {
        let site = Site::new(pages, seed);
        site.text(&site.pages[number], |page| site.url(page), "911")
    }

    #[test]
    fn the_same_seed_gives_the_same_text() {
        assert_eq!(text(200, 1, 77), text(200, 1, 77));
        assert_ne!(text(200, 1, 77), text(200, 2, 77));
    }

    #[test]
    fn a_page_has_the_parts_that_are_promised() {
        for number in 0..200 {
            let text = text(200, 1, number);
            let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
            assert_eq!((lines("## "), lines("### ")), (8, 4), "{text}");
            assert_eq!((lines("| "), lines("[^")), (7, 3), "{text}");
            let links = text.matches("](/").count();
            assert!((4..=6).contains(&links), "{links} links");
            let words = text.split_whitespace().count();
            assert!((450..=1000).contains(&words), "{words} words");
            assert!(!text.contains(['{', '}']), "{text}");
        }
    }

    #[test]
    fn no_two_pages_and_no_two_sections_share_an_address() {
        let site = Site::new(3000, 1);
        let mut files: Vec<String> = site.pages.iter().map(|page| site.file(page)).collect();
        files.sort_unstable();
        files.dedup();
        assert_eq!(files.len(), 3000);
        let mut topics = site.topics.clone();
        topics.sort_unstable();
        topics.dedup();
        assert_eq!(topics.len(), site.topics.len());
    }
}
