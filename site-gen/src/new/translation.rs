//! A page to be translated: the original with its ids and its structure, as a draft that remembers which wording it is.

use crate::finding::Findings;
use crate::link::{Page, Site};
use crate::parse::front_matter::fences;
use crate::review;
use crate::source::FileId;

/// Keys of the front matter that belong to one language alone.
const OWN: [&str; 5] = ["aliases", "draft", "reviewed", "translates", "author"];

/// The original's file as a start for its translation. `None` if its front matter cannot be found.
pub fn start(site: &Site, page: &Page, source: &str) -> Option<String> {
    let wording = wording(site, page, source);
    let fences = fences(source, FileId(0), &mut Findings::new())?;
    let front = without(source.get(fences.front.clone())?, &OWN);
    let mark = if fences.toml {
        format!("translates = \"{wording}\"\ndraft = true\n")
    } else {
        format!("translates: {wording}\ndraft: true\n")
    };
    let fence = if fences.toml { "+++" } else { "---" };
    // TOML: in front, so that no table of the original swallows it.
    let front = if fences.toml { mark + &front } else { front + &mark };
    Some(format!("{fence}\n{front}{fence}\n{}", with_ids(page, source, fences.body)))
}

/// A translation that exists, marked as one of the original's present wording.
pub fn mark(site: &Site, original: &Page, original_source: &str, translation: &str) -> Option<String> {
    let wording = wording(site, original, original_source);
    let fences = fences(translation, FileId(0), &mut Findings::new())?;
    let front = without(translation.get(fences.front.clone())?, &["translates"]);
    let front = if fences.toml {
        format!("translates = \"{wording}\"\n{front}")
    } else {
        format!("{front}translates: {wording}\n")
    };
    Some(format!("{}{front}{}", &translation[..fences.front.start], &translation[fences.front.end..]))
}

fn wording(site: &Site, page: &Page, source: &str) -> String {
    let language = site.settings.languages.get(page.language).map_or("", |language| language.code.as_str());
    review::hash(source, &site.facts, language)
}

/// The lines of a front matter without those of some keys, what is indented below them included.
fn without(front: &str, keys: &[&str]) -> String {
    let mut kept = String::new();
    let mut dropping = false;
    // In a TOML table every line belongs to the table, up to the next one.
    let mut in_table = false;
    for line in front.split_inclusive('\n') {
        if line.starts_with('[')
            || (!in_table && !line.starts_with([' ', '\t', '-']) && !line.trim().is_empty())
        {
            in_table = line.starts_with('[');
            let key = line.split([':', '=']).next().unwrap_or_default().trim().trim_matches(['[', ']']);
            dropping = keys.contains(&key);
        }
        if !dropping {
            kept.push_str(line);
        }
    }
    if !kept.is_empty() && !kept.ends_with('\n') {
        kept.push('\n');
    }
    kept
}

/// The text with an id behind each heading that has none, so that links to a part work in every language.
fn with_ids(page: &Page, source: &str, body: std::ops::Range<usize>) -> String {
    let mut text = source[body.clone()].to_owned();
    for heading in page.headings.iter().rev() {
        let Some(end) = heading.place.span.end.checked_sub(body.start).filter(|end| *end <= text.len())
        else {
            continue;
        };
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        if !text[line..end].contains("{#") && text[line..end].starts_with('#') {
            let trimmed = line + text[line..end].trim_end().len();
            text.insert_str(trimmed, &format!(" {{#{}}}", heading.id));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn keys_of_one_language_are_left_out_with_what_hangs_below_them() {
        let front = "title: A\naliases:\n  - /old/\n- /older/\nkind: faq\nreviewed: {by: x}\n";
        assert_eq!(without(front, &["aliases", "reviewed"]), "title: A\nkind: faq\n");
        assert_eq!(without("title = \"A\"\n[reviewed]\nby = \"x\"\n", &["reviewed"]), "title = \"A\"\n");
        assert_eq!(without(front, &[]), front);
    }
}
