//! A small site with everything that one page can show of another, and random edits of it.

use crate::random::Dice;
use site_gen::Choices;
use site_gen::discover::discover;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// Every file, by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What was changed.
#[derive(Debug)]
#[allow(dead_code)]
pub(crate) enum Edit {
    None,
    Text(String),
    Title(String),
    Line(String),
    Front(String),
    Rename(String, String),
    Delete(String),
    New(String),
    Data(String),
    Theme(String),
    Choice(String),
    Undo(String),
}

const SETTINGS: &str = r#"
name = "River Clinic"
base_url = "https://clinic.example/guide"
default_language = "en"
theme = "harbor"
country = "US"
[languages.en]
name = "English"
[languages.es]
name = "Español"
[clinic]
name = "River Clinic"
phone = ""
address = ""
hours = ""
email = ""
[build]
search = false
compress = false
tags = true
[[nav]]
page = "/visit/index.md"
[[nav]]
page = "/risks/index.md"
"#;

/// One that is printed in one language only: printing takes long.
const HANDOUT: &str = "[[handout]]\npage = \"/risks/sleep.md\"\n";

const EVIDENCE: &str = r#"
[[source]]
id = "T1"
title = "A study of rest"
who = "Example group"
year = 2024
where = "Journal of Rest, 1"
checked-on = 2026-11-01
review-by = 2027-11-22
[[evidence]]
id = "EV-REST"
says = "A short rest after the visit helps most people feel steady."
grade = "B"
sources = ["T1"]
checked-on = 2026-11-01
review-by = 2027-11-22
"#;

const IMAGE: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><path d=\"M0 0h40\"/></svg>\n";

/// Path inside `pages/`, kind, and what is special.
const PAGES: [(&str, &str, &str); 12] = [
    ("index.md", "home", ""),
    ("visit/index.md", "section", ""),
    ("visit/prepare.md", "prepare", "tags: [Visit, Food]\n"),
    ("visit/aftercare.md", "aftercare", "tags: [Visit]\nweight: 2\n"),
    ("visit/cost.md", "cost", "aliases: [/price/]\n"),
    ("risks/index.md", "section", ""),
    ("risks/bladder.md", "risk", "sources: [EV-REST]\ntags: [Body]\n"),
    ("risks/sleep.md", "risk", "sources: [EV-REST]\ntags: [Body, Food]\ngrade: C\n"),
    ("get-help.md", "about", ""),
    ("about/index.md", "section", ""),
    ("about/clinic.md", "about", "draft: true\n"),
    ("about/later.md", "about", "publish: 2026-12-01\n"),
];

const SENTENCES: [&str; 8] = [
    "Drink water and sleep well.",
    "Ask us about each infusion.",
    "Wait [[driving_wait]] before you drive.",
    "A short rest helps most people [@EV-REST].",
    "Bring a friend who takes you home.",
    "Call us when you feel unwell.",
    "You may feel light for an hour.",
    "We look after you all the time.",
];

fn page(path: &str, kind: &str, more: &str, spanish: bool) -> String {
    let name = path.trim_end_matches(".md").replace('/', " ");
    let title = if spanish { format!("La página {name}") } else { format!("The page {name}") };
    format!(
        "---\ntitle: {title}\nsummary: What to know about {name}.\nkind: {kind}\n{more}---\n\n## First part {{#first}}\n\n\
         Drink water and sleep well.\n\n## Risks {{#risks}}\n\nA short rest helps most people [@EV-REST].\n"
    )
}

/// The site before any edit.
pub(crate) fn files() -> Files {
    static FILES: LazyLock<Files> = LazyLock::new(read);
    FILES.clone()
}

fn read() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: a workspace");
    let shipped = discover(root).expect("a site");
    let wanted = |path: &str| {
        path.starts_with("themes/harbor/")
            || path.ends_with("/interface.toml")
            || path == "content/facts.toml"
    };
    let mut files: Files = shipped
        .iter()
        .filter(|(_, file)| wanted(&file.path))
        .map(|(_, file)| (file.path.clone(), file.bytes.clone()))
        .collect();
    let mut add = |path: &str, text: &str| files.insert(path.to_owned(), text.as_bytes().to_vec());
    add("content/site.toml", SETTINGS);
    add("content/evidence.toml", EVIDENCE);
    add(
        "content/people.toml",
        "[[person]]\nid = \"ana\"\nname = \"Ana Example\"\nrole = \"nurse\"\ncredentials = \"RN\"\n",
    );
    add("content/images/door.svg", IMAGE);
    add(
        "content/en/glossary.toml",
        "[[term]]\nterm = \"infusion\"\nmeaning = \"Medicine that drips slowly into a vein.\"\n",
    );
    add(
        "content/es/glossary.toml",
        "[[term]]\nterm = \"infusión\"\nmeaning = \"Un medicamento que entra gota a gota.\"\n",
    );
    for (path, kind, more) in PAGES {
        add(&format!("content/en/pages/{path}"), &page(path, kind, more, false));
        if !path.contains("sleep") {
            let more = more.replace("aliases: [/price/]\n", "");
            add(&format!("content/es/pages/{path}"), &page(path, kind, &more, true));
        }
    }
    files
}

fn paths(files: &Files, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    files.keys().filter(|path| wanted(path)).cloned().collect()
}

fn is_page(path: &str) -> bool {
    path.contains("/pages/") && path.ends_with(".md")
}

fn text_of(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).expect("only text is edited")
}

/// One random edit. Some make mistakes.
pub(crate) fn edit(dice: &mut Dice, files: &mut Files, choices: &mut Choices) -> Edit {
    let pages = paths(files, is_page);
    let path = dice.pick(&pages).clone();
    let mut text = text_of(files, &path);
    let written =
        |files: &mut Files, path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    match dice.below(22) {
        0..=2 => {
            text.push_str(&format!("\n{}\n", dice.pick(&SENTENCES)));
            written(files, &path, text);
            Edit::Text(path)
        }
        3 => {
            let lines: Vec<&str> = text.lines().collect();
            let body = lines.iter().rposition(|line| *line == "---").unwrap_or(0) + 1;
            if lines.len() > body + 6 {
                let at = body + 4 + dice.below(lines.len() - body - 4);
                let kept =
                    lines.iter().enumerate().filter(|(number, _)| *number != at).map(|(_, line)| *line);
                text = kept.collect::<Vec<_>>().join("\n") + "\n";
                written(files, &path, text);
            }
            Edit::Line(path)
        }
        4 => {
            text.push_str(&format!("\n## Part {0} {{#part-{0}}}\n\nRest well.\n", dice.below(9)));
            written(files, &path, text);
            Edit::Text(path)
        }
        5 | 6 => {
            // A link, now and then to a part of a page, or to nothing.
            let to = dice.pick(&pages).split_once("/pages").map(|(_, to)| to.to_owned()).unwrap_or_default();
            let anchor = *dice.pick(&["", "", "#first", "#risks", "#part-3"]);
            let to = if dice.chance(4) { "/nowhere.md".to_owned() } else { to };
            text.push_str(&format!("\nRead [what we wrote about it]({to}{anchor}).\n"));
            written(files, &path, text);
            Edit::Text(path)
        }
        7 | 8 => {
            let title = format!("title: Page {}", dice.below(1000));
            text = front_line(&text, "title:", &title);
            written(files, &path, text);
            Edit::Title(path)
        }
        9 | 10 => {
            let (key, line) = match dice.below(9) {
                0 => ("summary:", format!("summary: What we know, part {}.", dice.below(100))),
                1 => ("weight:", format!("weight: {}", dice.below(5))),
                2 => (
                    "tags:",
                    format!("tags: [{}]", dice.pick(&["Visit", "Food", "Body", "New", "Visit, New"])),
                ),
                3 => ("draft:", format!("draft: {}", dice.chance(30))),
                4 => ("nav_title:", format!("nav_title: Short {}", dice.below(50))),
                5 => ("aliases:", format!("aliases: [/old-{}/]", dice.below(30))),
                6 => ("author:", "author: ana".to_owned()),
                7 => ("grade:", format!("grade: {}", dice.pick(&["A", "B", "C", "D"]))),
                _ => ("reviewed:", "reviewed: {by: ana, on: 2026-10-01, hash: 0123456789abcdef}".to_owned()),
            };
            text = front_line(&text, key, &line);
            written(files, &path, text);
            Edit::Front(format!("{path}: {line}"))
        }
        11 => {
            let folder = *dice.pick(&["", "visit/", "risks/", "about/"]);
            let (room, _) = path.split_once("/pages/").expect("BUG: a page");
            let to = format!("{room}/pages/{folder}page-{}.md", dice.below(40));
            if let Some(bytes) = files.remove(&path) {
                files.insert(to.clone(), bytes);
            }
            Edit::Rename(path, to)
        }
        12 if pages.len() > 14 && !path.ends_with("index.md") => {
            files.remove(&path);
            Edit::Delete(path)
        }
        12 | 13 => {
            let folder = *dice.pick(&["visit/", "risks/", "about/"]);
            let language = *dice.pick(&["en", "es"]);
            let name = format!("{folder}new-{}.md", dice.below(40));
            let new = format!("content/{language}/pages/{name}");
            let text = page(&name, "about", "tags: [New]\n", language == "es");
            written(files, &new, text);
            Edit::New(new)
        }
        14 | 15 => data(dice, files),
        16 | 17 => theme(dice, files),
        18 => {
            match dice.below(4) {
                0 => choices.drafts = !choices.drafts,
                1 => choices.today = choices.today.tomorrow().unwrap_or(choices.today),
                2 => {
                    let other = || format!("https://clinic-{}.example", dice.below(3));
                    choices.base_url = choices.base_url.is_none().then(other);
                }
                _ => {}
            }
            Edit::Choice(format!("{choices:?}"))
        }
        19 => {
            text.push_str("\n![A door](/images/door.svg)\n\n:::key-points\nDrink water.\n:::\n");
            written(files, &path, text);
            Edit::Text(path)
        }
        20 => {
            text.push_str("\nA note[^1] stands here.\n\n[^1]: It says more.\n");
            written(files, &path, text);
            Edit::Text(path)
        }
        _ => {
            // Back to what it was at the beginning, if it was there.
            if let Some(bytes) = self::files().get(&path) {
                files.insert(path.clone(), bytes.clone());
            }
            Edit::Undo(path)
        }
    }
}

/// The text with a line of its front matter put in or replaced.
fn front_line(text: &str, key: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let end = lines.iter().skip(1).position(|line| *line == "---").unwrap_or(0) + 1;
    match lines[..end].iter().position(|old| old.starts_with(key)) {
        Some(at) => lines[at] = line,
        None => lines.insert(end, line),
    }
    lines.join("\n") + "\n"
}

fn data(dice: &mut Dice, files: &mut Files) -> Edit {
    let kind = dice.below(8);
    let path = match kind {
        0 => "content/facts.toml",
        1 => "content/en/glossary.toml",
        2 => "content/evidence.toml",
        3 => "content/people.toml",
        4 => "content/en/interface.toml",
        5 => "content/site.toml",
        6 => "content/images/door.svg",
        _ => "content/es/glossary.toml",
    };
    let text = text_of(files, path);
    let number = dice.below(100);
    let text = match kind {
        0 => {
            let start = text.find("[driving_wait]").expect("a fact that the pages state");
            let line = text[start..].find("en = ").map(|at| start + at).expect("its words");
            let end = line + text[line..].find('\n').expect("a line");
            format!("{}en = \"{number} hours\"{}", &text[..line], &text[end..])
        }
        1 => {
            format!("{text}\n[[term]]\nterm = \"word{number}\"\nalso = [\"water\"]\nmeaning = \"A word.\"\n")
        }
        2 => text
            .replace("A study of rest", "A study of sleep")
            .replace("year = 2024", &format!("year = {}", 1990 + number % 30)),
        3 => text.replace("RN", &format!("RN {number}")),
        4 => {
            let start = text.find("skip_to_content").expect("a word of the frame");
            let end = start + text[start..].find('\n').expect("a line");
            format!("{}skip_to_content = \"Skip to part {number}\"{}", &text[..start], &text[end..])
        }
        5 => match dice.below(5) {
            3 if text.contains(HANDOUT) => text.replace(HANDOUT, ""),
            3 => text + HANDOUT,
            0 => text.replace("name = \"River Clinic\"\nbase", &format!("name = \"Clinic {number}\"\nbase")),
            1 if text.contains("[languages.es]") => text.replace("[languages.es]\nname = \"Español\"\n", ""),
            1 => text
                .replace("name = \"English\"\n", "name = \"English\"\n[languages.es]\nname = \"Español\"\n"),
            2 => format!("{text}[[nav]]\npage = \"/about/index.md\"\n"),
            _ if text.contains("tags = true") => text.replace("tags = true", "tags = false"),
            _ => text.replace("tags = false", "tags = true"),
        },
        6 => text.replace("width=\"40\"", &format!("width=\"{}\"", 40 + number)),
        _ => format!("{text}\n[[term]]\nterm = \"palabra{number}\"\nmeaning = \"Una palabra.\"\n"),
    };
    files.insert(path.to_owned(), text.into_bytes());
    Edit::Data(format!("{path} ({kind})"))
}

fn theme(dice: &mut Dice, files: &mut Files) -> Edit {
    let templates = paths(files, |path| path.starts_with("themes/harbor/") && path.ends_with(".html"));
    let sheets = paths(files, |path| path.starts_with("themes/harbor/") && path.ends_with(".css"));
    let path = if dice.chance(60) { dice.pick(&templates) } else { dice.pick(&sheets) }.clone();
    let text = text_of(files, &path);
    let number = dice.below(1000);
    let text = if path.ends_with(".css") {
        format!("{text}\n.extra-{number} {{ color: inherit }}\n")
    } else if dice.chance(5) {
        format!("{text}{{{{ no_such_thing.{number} }}}}\n")
    } else {
        // Something that every page of the layout shows.
        text.replacen("<main", &format!("<!-- {number} --><main"), 1).replacen(
            "<h1>",
            &format!("<h1 title=\"{number}\">"),
            1,
        )
    };
    files.insert(path.clone(), text.into_bytes());
    Edit::Theme(path)
}
