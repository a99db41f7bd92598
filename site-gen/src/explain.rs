//! What `site-gen explain` says about each finding: why it matters, a wrong and a right example.

use crate::{checker, fhir};

/// One explained code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code, as findings carry it.
    pub code: &'static str,
    /// Why the program objects, in a sentence or two.
    pub why: &'static str,
    /// What gets the finding.
    pub wrong: &'static str,
    /// What does not.
    pub right: &'static str,
}

/// Every code, pages first, then checkers, then forms; each in the order of the alphabet.
pub fn all() -> impl Iterator<Item = Explanation> {
    let explained =
        |&(code, why, wrong, right): &checker::explain::Explanation| Explanation { code, why, wrong, right };
    // A code that both can give is explained once, where pages are.
    let of_checkers = checker::explain::EXPLANATIONS
        .iter()
        .filter(|(code, ..)| !PAGES.iter().any(|known| known.0 == *code));
    PAGES.iter().chain(of_checkers).chain(fhir::explain::EXPLANATIONS).map(explained)
}

/// The explanation of one code.
pub fn find(code: &str) -> Option<Explanation> {
    all().find(|known| known.code == code)
}

/// The findings of settings, pages, data files and themes.
const PAGES: &[checker::explain::Explanation] = &[
    (
        "abbreviation-unexplained",
        "Letters that stand for words shut out whoever does not know them. The words come first, once on each page.",
        "Ketamine for CRPS",
        "Ketamine for complex regional pain syndrome (CRPS)",
    ),
    (
        "address-twice",
        "Two pages cannot live at one address: readers would see only one of them.",
        "visit/prepare.md and visit/prepare/index.md",
        "visit/prepare.md",
    ),
    (
        "alias-is-a-page",
        "An old address that is a page or a file today cannot lead elsewhere, and two pages cannot lead to each other.",
        "aliases: [/visit/]",
        "aliases: [/before-you-come/]",
    ),
    (
        "alias-not-an-address",
        "An old address is a path on this site, with a slash in front.",
        "aliases: [prepare.html]",
        "aliases: [/prepare.html]",
    ),
    (
        "alias-twice",
        "One old address can lead to one page only.",
        "two pages with aliases: [/before/]",
        "one page with aliases: [/before/]",
    ),
    (
        "ambiguous-date",
        "Some readers take the first number for the month, others for the day. The year first is read in one way only.",
        "updated: 12/03/2026",
        "updated: 2026-03-12",
    ),
    (
        "anchor-leads-nowhere",
        "The page exists, but it has no heading of that name, so the reader lands at its top.",
        "[fasting](/visit/prepare.md#fastng)",
        "[fasting](/visit/prepare.md#fasting)",
    ),
    (
        "blaming-word",
        "People who need help read this. Words that blame them keep them from asking for it.",
        "an addict",
        "a person with an addiction",
    ),
    (
        "chance-compared",
        "A picture of dots shows how many it happened to. A difference, such as 12 more in 100, would look like 12 in 100.",
        "- 12 more in 100 had an upset stomach [@ID]",
        "- **20 in 100** with the medicine [@ID]\n- **8 in 100** with a dummy treatment [@ID]",
    ),
    (
        "chance-mixed-bases",
        "Readers compare pictures by eye, and 3 of 1,000 dots look like more than they are beside pictures of 100.",
        "- 7 in 100 had a headache\n- 3 in 1,000 passed out",
        "- 7 in 100 had a headache\n- fewer than 1 in 100 passed out, as text below the box",
    ),
    (
        "chance-without-number",
        "A line of this box becomes a picture of dots, so it has to say one whole number in 100 or in 1,000.",
        "- 1 in 4 had a headache",
        "- **25 in 100** had a headache [@ID]",
    ),
    (
        "chance-without-source",
        "A number that readers can see is a number that they will remember. It needs its source.",
        "- **7 in 100** had a headache",
        "- **7 in 100** had a headache [@ID]",
    ),
    (
        "chance-without-words",
        "Without words nobody knows what the dots count, and somebody who cannot see them has nothing at all.",
        ":::chance\n- **7 in 100** [@ID]\n:::",
        ":::chance Headache, in a study of 400 people\n- **7 in 100** had one [@ID]\n:::",
    ),
    (
        "changed-since-review",
        "A review counts for the text that was read. This text is another one.",
        "a page edited after `site-gen review`",
        "the page read again, and `site-gen review` run again",
    ),
    (
        "choices-unequal",
        "In a comparison, the choice that is told at length looks like the better one. Each gets about as many words.",
        "three lines about one choice, four words about the next",
        "a sentence or two about each",
    ),
    (
        "condition-part-missing",
        "Readers of several pages learn where to look. A page that leaves out other choices, risks or what is not known is not balanced.",
        "a page about a condition without other choices",
        "## Other choices {#other-choices}",
    ),
    (
        "condition-parts-out-of-order",
        "The pages about conditions have their parts in one order, so that readers find the risks where they found them before.",
        "risks before possible benefits",
        "the order of the other pages",
    ),
    (
        "condition-without-grade",
        "A page about a condition says at its top how strong the proof is, so that weak proof is never taken for strong.",
        "kind: condition and no grade",
        "grade: C",
    ),
    (
        "container-in-wrong-place",
        "A box must begin and end at the margin of the text that holds it.",
        "- a list item :::emergency",
        ":::emergency\n- a list item\n:::",
    ),
    (
        "container-not-open",
        "The line `:::` closes a box, and none is open here.",
        "Text\n:::",
        ":::contact\nText\n:::",
    ),
    (
        "data-line",
        "A line of a data file is a name, an equals sign and a value.",
        "phone 911",
        "phone = \"911\"",
    ),
    (
        "date-in-another-form",
        "Dates are written as year, month, day, so that every program and person reads the same day.",
        "on: March 12, 2026",
        "on: 2026-03-12",
    ),
    (
        "details-without-question",
        "A folded text needs its question on the first line: that is all the reader sees.",
        ":::details\nThe answer.\n:::",
        ":::details How long does it take?\nThe answer.\n:::",
    ),
    (
        "dose-named",
        "An amount on a page reads like advice to take it. Only a clinician who knows the reader can choose one.",
        "People were given 0.5 mg/kg.",
        "People were given a low amount.",
    ),
    (
        "entry-incomplete",
        "An entry lacks something that readers are shown.",
        "[[source]] without a year",
        "year = 2023",
    ),
    (
        "expires-before-published",
        "`publish` is the first day on which readers see a page, `expire` the first day without it. Between them lies no day.",
        "publish: 2027-03-01\nexpire: 2027-02-01",
        "publish: 2027-02-01\nexpire: 2027-03-01",
    ),
    (
        "fact-by-hand",
        "A number that several pages share is kept in facts.toml. Written by hand it stays as it was when the fact changes.",
        "Wait 24 hours before you drive.",
        "Wait [[driving_wait_long]] before you drive.",
    ),
    (
        "fact-not-translated",
        "A fact that a page uses must exist in the page's language.",
        "[fasting]\nen = \"8 hours\"",
        "[fasting]\nen = \"8 hours\"\nes = \"8 horas\"",
    ),
    (
        "file-too-large",
        "A page or data file of several megabytes is a slip: another file was saved under its name, or it was pasted many times.",
        "content/en/pages/visit.md with 50 MB",
        "several pages, each as long as somebody reads at once",
    ),
    (
        "file-in-no-place",
        "The file lies where nothing reads it, so it would never reach a reader.",
        "content/en/prepare.md",
        "content/en/pages/prepare.md",
    ),
    (
        "filter-without-label",
        "The field above a list to narrow is named by the words behind `:::filter`. Without them nobody knows what to type.",
        ":::filter\n- Anxiety\n:::",
        ":::filter Find a condition\n- Anxiety\n:::",
    ),
    (
        "filter-without-list",
        "The field hides the lines of a list that do not fit what a reader types. There is none in this box.",
        ":::filter Find a condition\nAnxiety, depression\n:::",
        ":::filter Find a condition\n- Anxiety\n- Depression\n:::",
    ),
    (
        "footnote-undefined",
        "The text points to a note that is not there.",
        "Text[^1]",
        "Text[^1]\n\n[^1]: The note.",
    ),
    (
        "footnote-unused",
        "A note that nothing points to is never found.",
        "[^1]: The note.",
        "Text[^1]\n\n[^1]: The note.",
    ),
    (
        "front-matter-incomplete",
        "Every page needs a title, a summary and a kind.",
        "---\ntitle: Prepare\n---",
        "---\ntitle: Prepare\nsummary: What to do before your visit.\nkind: prepare\n---",
    ),
    (
        "front-matter-line",
        "A line of the front matter is a name, a colon, a space and a value.",
        "title Prepare",
        "title: Prepare",
    ),
    (
        "front-matter-missing",
        "A page starts with its title, summary and kind between two lines of three hyphens.",
        "## Before your visit",
        "---\ntitle: Prepare\n---",
    ),
    (
        "front-matter-open",
        "The lines at the top are not closed by a second line of three hyphens.",
        "---\ntitle: Prepare",
        "---\ntitle: Prepare\n---",
    ),
    (
        "handout-acts",
        "A handout is a PDF that a reader opens on a device of their own. It shows its text and does nothing else, so a PDF that could run or send something stops the build.",
        "a PDF with a script or a form in it",
        "a PDF with text, pictures and links",
    ),
    (
        "handout-address-too-long",
        "A handout has a code that leads a phone to its page. With a very long address the code becomes too fine to read.",
        "a page in folders whose names are whole sentences",
        "pages/visit/prepare.md",
    ),
    (
        "handout-cannot-show",
        "A handout holds all of its page or does not exist: a part that is silently missing could be the warning.",
        "a page with something that paper cannot hold, named under [[handout]]",
        "the page without it, or taken out of the handouts",
    ),
    (
        "handout-letter-missing",
        "The letters for handouts are part of the program, so that a handout looks the same everywhere. They have Latin letters with all accents. A sign that they lack would be an empty box on paper.",
        "Breathe in ➜ out",
        "Breathe in, then out",
    ),
    (
        "handout-not-printed",
        "Setting the page on paper failed. This is a fault of the program, not of the page. The message at the end helps the programmers.",
        "a page that the program cannot set",
        "the page taken out of [[handout]] until the fault is mended",
    ),
    (
        "handout-of-no-text",
        "A page that leads to other pages, or that asks questions, says nothing on paper.",
        "[[handout]]\npage = \"/visit/index.md\"",
        "[[handout]]\npage = \"/visit/prepare.md\"",
    ),
    (
        "handout-twice",
        "One line for a page is enough. A second one may have been meant for another page.",
        "two blocks [[handout]] with page = \"/visit/prepare.md\"",
        "one block for each page",
    ),
    (
        "handout-without-page",
        "A handout is the text of a page, and there is no page of this name in any language.",
        "[[handout]]\npage = \"/visit/prepair.md\"",
        "[[handout]]\npage = \"/visit/prepare.md\"",
    ),
    (
        "handout-words-missing",
        "A handout and the links to it have a few words of their own, such as “Page 1 of 2”. They stand in interface.toml like all other words of the frame.",
        "[[handout]] in site.toml, and no handout_page in content/en/interface.toml",
        "handout_page = \"Page {number} of {count}\"",
    ),
    (
        "handouts-not-in-program",
        "What prints handouts makes the program larger and slower to compile, so it can be left out. This program has no such part, and readers find no link to a handout.",
        "a program built with `--no-default-features`, and [[handout]] in site.toml",
        "a program built with `cargo build --release`",
    ),
    (
        "hard-to-read",
        "A tired or frightened reader cannot use a page above the eighth school grade. Explained words count as short.",
        "The administration of the infusion is contingent upon a comprehensive evaluation.",
        "Before the infusion a doctor checks your health.",
    ),
    (
        "hard-word",
        "An everyday word says the same to more people.",
        "prior to the infusion",
        "before the infusion",
    ),
    (
        "heading-id",
        "A heading's own id is used in addresses: small letters, digits and hyphens.",
        "## Fasting {#Fasting Hours}",
        "## Fasting {#fasting-hours}",
    ),
    (
        "heading-id-twice",
        "A link to this id could only ever reach the first of the two headings.",
        "two headings with {#fasting}",
        "{#fasting} and {#fasting-drinks}",
    ),
    (
        "heading-says-nothing",
        "Many people read only the headings, and some hear them as a list. Each says what comes below it.",
        "## Overview",
        "## How long a visit takes",
    ),
    (
        "heading-with-class",
        "Looks belong to the theme; a heading can have an id and nothing else.",
        "## Fasting {.large}",
        "## Fasting {#fasting}",
    ),
    (
        "help-cards-out-of-order",
        "The three help cards stand in one order on every page, so that somebody in danger finds the right one at once.",
        ":::urgent above :::emergency",
        ":::emergency above :::urgent",
    ),
    (
        "home-missing",
        "Each language needs a first page.",
        "content/es/ without pages/index.md",
        "content/es/pages/index.md with kind: home",
    ),
    ("id-twice", "An id names one thing.", "two sources with id = \"G7\"", "id = \"G7\" and id = \"G8\""),
    (
        "image-missing",
        "The picture is not there, so the reader would see a gap.",
        "![A chair](/images/chiar.svg)",
        "![A chair](/images/chair.svg)",
    ),
    (
        "image-not-a-picture",
        "Only pictures can be shown on a page. Anything else, such as a PDF, is something to link to.",
        "![Our prices](/images/prices.pdf)",
        "[Our prices](/images/prices.pdf)",
    ),
    (
        "image-text-says-nothing",
        "Somebody who cannot see the image hears this text in its place. The word `image` or a file name tells them nothing.",
        "![photo](/images/door.jpg)",
        "![The door has two steps and a ramp on the left](/images/door.jpg)",
    ),
    (
        "image-without-text",
        "Somebody who cannot see the picture is told nothing. Say what it shows.",
        "![](/images/chair.svg)",
        "![A chair beside a monitor](/images/chair.svg)",
    ),
    (
        "interface-keys-differ",
        "Every language needs every word of the frame, or a reader gets a page in two languages.",
        "only en has menu = \"Menu\"",
        "es: menu = \"Menú\"",
    ),
    (
        "key-points-late",
        "The short answer belongs to the top: many readers see nothing else.",
        "## What it is, then :::key-points",
        ":::key-points, then ## What it is",
    ),
    (
        "key-points-missing",
        "A page about health begins with a short answer, for whoever has the strength for five lines only.",
        "## What it is",
        ":::key-points Key points\n- The one thing to take away.\n:::",
    ),
    (
        "list-too-long",
        "Nobody keeps more than about seven things in mind. A longer list is read in two parts, or ticked line by line.",
        "a list of 11 warning signs",
        "two lists, each below words that say what is in it",
    ),
    (
        "number-in-percent",
        "Most people picture 12 people in 100 more easily than 12 percent, and a page uses one way only.",
        "12% had a headache",
        "12 in 100 had a headache",
    ),
    (
        "page-not-listed",
        "`list: false` says that a page lists the pages of its folder in its own words. One that is left out is found by nobody.",
        "list: false, and no link to /conditions/ocd.md",
        "- [OCD](/conditions/ocd.md)",
    ),
    (
        "picture-damaged",
        "The file is no picture, or only a part of one. Readers would see a broken frame.",
        "a text saved as map.png, or a copy that was cut off",
        "the picture saved again from the program it was made with",
    ),
    (
        "picture-not-for-pages",
        "Not every browser can show this kind of file. Videos also tell where they were taken, and this program cannot take that out.",
        "content/images/door.heic",
        "content/images/door.jpg",
    ),
    (
        "picture-of-another-kind",
        "The end of a file's name says what is in it, and browsers are told to believe it.",
        "a JPEG picture called map.png",
        "map.jpg",
    ),
    (
        "picture-too-large",
        "A picture of this size needs more memory than a small machine has, and no page can show that many pixels.",
        "a scan of 30000 by 20000 pixels",
        "the same, saved with 2000 pixels on the long side",
    ),
    (
        "risks-told-short",
        "A reader weighs what there is to read. Benefits at length beside risks in brief look like a recommendation.",
        "300 words of benefits, 60 words of risks",
        "both in about the same detail",
    ),
    (
        "steps-missing",
        "Somebody who is ill needs to know what to do next, one thing at a time.",
        "You may want to think about talking with a doctor and making a list.",
        "1. **Talk** with your doctor.\n2. **Make** a list.",
    ),
    (
        "svg-not-harmless",
        "A drawing can hold scripts and load things from elsewhere. A reader who opens it would run them, and another host would learn of it.",
        "<svg><script>...</script></svg>",
        "the same drawing, saved as plain SVG",
    ),
    (
        "table-row-too-long",
        "A table shows as many cells as its head has. Whatever stands behind them is lost without a word.",
        "| When | What |\n|---|---|\n| Before | Water | Rest |",
        "| When | Drink | Do |\n|---|---|---|\n| Before | Water | Rest |",
    ),
    (
        "table-row-too-short",
        "A row that ends early leaves readers guessing what belongs there.",
        "| When | What |\n|---|---|\n| Before |",
        "| When | What |\n|---|---|\n| Before | Water |",
    ),
    (
        "heading-skips-level",
        "People who listen to a page move by its headings; a level that is skipped sounds like a missing part.",
        "## Risks\n#### Rare risks",
        "## Risks\n### Rare risks",
    ),
    (
        "link-leads-nowhere",
        "The page is not there. The message names the one that is nearest.",
        "[prepare](/visit/prepair.md)",
        "[prepare](/visit/prepare.md)",
    ),
    (
        "link-scheme",
        "Links lead to pages, web addresses, mail and phone numbers. Anything else can do harm in a browser.",
        "[go](javascript:...)",
        "[call](tel:911)",
    ),
    (
        "link-to-draft",
        "The page is a draft, so readers would reach nothing.",
        "a link to a page with draft: true",
        "take out draft: true, or the link",
    ),
    (
        "link-to-expired-page",
        "The page had a last day, and it is over. Readers see the words, but no link.",
        "a link to a page with expire: 2026-09-01, in November",
        "the link taken out, or expire: 2027-09-01",
    ),
    (
        "link-to-moved-page",
        "The page has another address now. A reader would get there by a detour, and only while the old address is kept.",
        "[prepare](/visit/before.md), where prepare.md has aliases: [/visit/before/]",
        "[prepare](/visit/prepare.md)",
    ),
    (
        "link-to-page-to-come",
        "The page has its first day still before it. Until then readers see the words, but no link; then the link comes by itself.",
        "a link to a page with publish: 2026-12-01, in November",
        "the same link from 2026-12-01 on",
    ),
    (
        "link-written-as-address",
        "Links name the file. The program knows the address and follows it when a page moves.",
        "[prepare](/visit/prepare/)",
        "[prepare](/visit/prepare.md)",
    ),
    (
        "menu-without-page",
        "The menu names a page that is not there.",
        "page = \"/visit/prepair.md\"",
        "page = \"/visit/prepare.md\"",
    ),
    (
        "nested-too-deep",
        "Lists, quotes and boxes that lie far inside each other cannot be followed by a reader, nor shown by every browser.",
        "> > > > > > > > > and so on",
        "one list inside another at most",
    ),
    ("not-a-date", "There is no such day.", "on: 2026-02-30", "on: 2026-02-28"),
    ("not-a-language", "A language is named by its tag.", "[languages.english]", "[languages.en]"),
    (
        "many-more",
        "The same thing is wrong so often in one file that only the first places are listed.",
        "a file with thousands of mistakes",
        "mend the first ones and build again",
    ),
    (
        "much-passive",
        "A sentence that says who does what is easier to follow, and to act on.",
        "Your blood pressure is checked.",
        "A nurse checks your blood pressure.",
    ),
    (
        "no-such-page",
        "A page is named by its path inside pages/, as in links, or by its file.",
        "site-gen review prepare",
        "site-gen review /visit/prepare.md",
    ),
    (
        "not-an-address",
        "The site's address starts with https:// and a name.",
        "base_url = \"clinic.org\"",
        "base_url = \"https://clinic.org\"",
    ),
    (
        "page-empty",
        "A page without text tells a reader nothing.",
        "front matter and no text",
        "at least one paragraph",
    ),
    (
        "paragraph-too-long",
        "A wall of words is skipped. One thought, one paragraph.",
        "eight sentences in a row",
        "two paragraphs of four",
    ),
    (
        "part-hard-to-read",
        "A plain page can hide a hard part, and it is often the part about risks.",
        "one part at school grade 10",
        "every part at grade 8 or lower",
    ),
    (
        "raw-html",
        "HTML is refused: it can run code in a reader's browser and break the page for people who listen to it. Boxes, tables and lists have their own signs.",
        "<div class=\"warning\">",
        ":::urgent",
    ),
    (
        "section-without-index",
        "A folder is a section, and a section has a page that lists its pages.",
        "pages/visit/prepare.md alone",
        "pages/visit/index.md with kind: section",
    ),
    (
        "sentence-too-long",
        "Nobody remembers the start of a sentence of 30 words at its end.",
        "one sentence of 30 words",
        "two sentences of 15",
    ),
    (
        "setting-missing",
        "The site cannot be built without this setting.",
        "no name in site.toml",
        "name = \"Our guide\"",
    ),
    (
        "summary-too-long",
        "The summary is read first and shown by search engines. Sixty words are what a tired reader takes in.",
        "a summary of 90 words",
        "a summary of at most 60 words",
    ),
    (
        "table-too-wide",
        "A table of more than four columns does not fit a phone, and nobody can follow a line across it.",
        "a table with six columns",
        "two tables with three columns",
    ),
    (
        "table-without-lead",
        "A sentence above a table says what is in it. Without it the reader has to guess from the cells.",
        "## Food\n\n| Before | You can have |",
        "## Food\n\nThe table shows what you can still have.\n\n| Before | You can have |",
    ),
    (
        "tag-id",
        "The id of a tag is part of an address, so it holds small letters, digits and hyphens only.",
        "[\"Mental health\"]",
        "[mental-health]",
    ),
    (
        "template-broken",
        "A template of the theme asks for something that it does not get, or cannot be read.",
        "{{ page.titel }}",
        "{{ page.title }}",
    ),
    (
        "template-code",
        "Pages hold words, not code. To insert a shared fact, write its name in double square brackets.",
        "{{ fasting }}",
        "[[fasting]]",
    ),
    (
        "text-after-quote",
        "Something stands behind the closing quotation mark.",
        "title: \"Prepare\" now",
        "title: \"Prepare now\"",
    ),
    (
        "text-needs-quotes",
        "A text with a colon or another sign at its start must stand in quotation marks, or it is read as something else.",
        "title: Ketamine: what to expect",
        "title: \"Ketamine: what to expect\"",
    ),
    (
        "theme-file-unreadable",
        "A template or style sheet is not plain text.",
        "base.css saved by a word processor",
        "base.css saved as UTF-8 text",
    ),
    (
        "theme-layout-missing",
        "Every theme has a layout for each kind of page.",
        "a theme without layouts/home.html",
        "layouts/home.html copied from harbor",
    ),
    (
        "theme-missing",
        "The site asks for a theme that is neither in themes/ nor in the program.",
        "theme = \"harbour\"",
        "theme = \"harbor\"",
    ),
    (
        "theme-part-missing",
        "`always` in theme.toml names components whose style every page gets, by the names of their folders.",
        "always = [\"keypoints\"]",
        "always = [\"key-points\"]",
    ),
    (
        "too-long-without-heading",
        "Headings let readers find their place again.",
        "300 words under one heading",
        "a heading for each thought",
    ),
    (
        "translation-behind",
        "The page that this one translates was changed since. Readers of one language must not be told less, or something else.",
        "the English page changed, the Spanish one not",
        "both changed, and `site-gen new translation` run again for the mark",
    ),
    (
        "unclosed-container",
        "A box that is not closed swallows the rest of the page.",
        ":::emergency\nCall 911.",
        ":::emergency\nCall 911.\n:::",
    ),
    ("unclosed-list", "The list has no closing bracket.", "tags: [pain", "tags: [pain]"),
    ("unclosed-quote", "The text has no closing quotation mark.", "title: \"Prepare", "title: \"Prepare\""),
    (
        "unknown-container",
        "There is no box of this name. The message names the nearest.",
        ":::warning",
        ":::urgent",
    ),
    ("unknown-fact", "The fact is not in facts.toml.", "[[fasting_solid]]", "[[fasting_solids]]"),
    (
        "unknown-key",
        "The name is not one that this file knows; a slip of the keys would otherwise be lost in silence.",
        "titel: Prepare",
        "title: Prepare",
    ),
    (
        "unknown-kind",
        "The kind decides the page's layout and what it must hold.",
        "kind: article",
        "kind: condition",
    ),
    (
        "unknown-language",
        "Pages are translated into the languages that content/site.toml names.",
        "site-gen new translation fr /visit/prepare.md, and no [languages.fr]",
        "[languages.fr] and name = \"Français\" in content/site.toml first",
    ),
    (
        "unknown-source",
        "The claim rests on something that is not in evidence.toml, so a reader could not look it up.",
        "[@EV-PAIN-CRSP]",
        "[@EV-PAIN-CRPS]",
    ),
    (
        "unknown-tag",
        "Tags are listed in tags.toml with the words that readers see. A slip of the hand would make a topic of its own.",
        "tags: [pian]",
        "tags: [pain]",
    ),
    ("value-missing", "The name has no value.", "title:", "title: Prepare"),
    (
        "written-twice",
        "The same name stands twice, and only one of the two could count.",
        "title: A\ntitle: B",
        "title: A",
    ),
    (
        "wrong-kind-of-value",
        "The value is of another kind than this name takes.",
        "draft: maybe",
        "draft: true",
    ),
    (
        "benefit-without-risk",
        "A page that names benefits must name the risks as well, in about the same length.",
        "## Possible benefits and no part on risks",
        "## Possible benefits and ## Risks and side effects",
    ),
    (
        "address-elsewhere",
        "Another host that a page loads something from learns who reads the page, and could change it.",
        "<img src=\"https://cdn.example/a.png\">",
        "a file of this site",
    ),
    (
        "checked-in-the-future",
        "Nobody can have checked a source on a day that is still to come.",
        "checked-on = 2062-11-22",
        "checked-on = 2026-11-22",
    ),
    (
        "checker-not-named",
        "A page of kind checker says which checker it holds, and no other page does.",
        "kind: checker",
        "kind: checker\nchecker: ketamine",
    ),
    (
        "citation-without-list",
        "A result of a checker has no list of sources; its rules name their evidence.",
        "It may help. [@EV-PAIN-CRPS] in outcomes.md",
        "evidence = [\"EV-PAIN-CRPS\"] in rules.toml",
    ),
    (
        "frame-or-plugin",
        "A frame or plug-in is another program inside the page; it could see or send what a reader does.",
        "<iframe src=\"...\"> in a layout",
        "a link",
    ),
    (
        "heading-empty",
        "A heading without words is a stop on the way that says nothing.",
        "##",
        "## What you can do",
    ),
    (
        "help-line-missing",
        "The help lines stand on every page, so facts.toml must have them.",
        "facts.toml without [crisis_number]",
        "[crisis_number]\nen = \"988\"\nhref = \"tel:988\"",
    ),
    (
        "help-lines-of-another-country",
        "A help line that does not answer where the reader lives is worse than none.",
        "country = \"CA\" with the numbers of the US",
        "the numbers of that country in facts.toml",
    ),
    (
        "inline-script",
        "Pages may only load the program's own script files, so that nothing else can run where people answer questions.",
        "<script>...</script> in a layout",
        "no script",
    ),
    (
        "interface-missing",
        "A language without its own buttons and labels would show another language's.",
        "content/es/ without interface.toml",
        "content/es/interface.toml",
    ),
    (
        "interface-slots-differ",
        "A text with a slot for a number or a name must keep it in every language.",
        "es: progress = \"Pregunta\"",
        "es: progress = \"Pregunta {number}\"",
    ),
    (
        "kind-in-wrong-place",
        "A language has one first page, and a section is the index of its folder.",
        "kind: home on visit/prepare.md",
        "kind: prepare",
    ),
    (
        "link-says-nothing",
        "People who listen to a list of links hear only these words.",
        "[here](/visit/prepare.md)",
        "[how to prepare](/visit/prepare.md)",
    ),
    (
        "link-without-words",
        "A link without words cannot be heard or seen.",
        "[](/visit/prepare.md)",
        "[how to prepare](/visit/prepare.md)",
    ),
    (
        "not-utf8",
        "The file was saved in an old text encoding, so letters with accents cannot be read.",
        "a file saved as Latin-1",
        "the file saved as UTF-8",
    ),
    (
        "off-label-not-said",
        "Readers must know when a use is not approved, and what that means.",
        "a page on infusions for pain without the box",
        ":::off-label\nThe FDA has not approved this use.\n:::",
    ),
    (
        "page-not-translated",
        "The page is missing in a language; readers of that language are led to its first page.",
        "content/es/pages/ without the page",
        "the page in content/es/pages/",
    ),
    (
        "language-without-folder",
        "Each language of the site has a folder with its pages and words.",
        "[languages.vi] in site.toml and no content/vi/",
        "content/vi/, with at least interface.toml and pages/index.md",
    ),
    (
        "page-numbers-differ",
        "A limit or a help line that is lost in translation harms the readers of that language.",
        "76 in 100 people, in Spanish: la mayoría",
        "76 in 100 people, in Spanish: 76 de cada 100 personas",
    ),
    (
        "fact-numbers-differ",
        "A fact is one thing, so its number is the same in each language.",
        "en = \"24 hours\"\nes = \"12 horas\"",
        "en = \"24 hours\"\nes = \"24 horas\"",
    ),
    (
        "fact-calls-another-number",
        "Whoever taps the number on a phone must reach the line that the page names.",
        "en = \"988\"\nhref = \"tel:911\"",
        "en = \"988\"\nhref = \"tel:988\"",
    ),
    (
        "page-without-sources",
        "A page that makes claims about health must let readers look them up.",
        "a condition page without [@...]",
        "Most people feel dreamlike [@EV-SE-02].",
    ),
    (
        "policy-too-loose",
        "The page's policy is the lock that holds when everything else fails: without it a page could load and send anything.",
        "a layout without the line with csp",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{{ csp | safe }}\">",
    ),
    (
        "promise",
        "Nobody can promise a result, and a page that does is not honest.",
        "You qualify for treatment",
        "You can ask for a first visit",
    ),
    (
        "review-in-the-future",
        "Nobody can have reviewed a page on a day that is still to come.",
        "on: 2062-11-22",
        "on: 2026-11-22",
    ),
    (
        "review-overdue",
        "The page was to be reviewed again by now. What was true then may not be true today.",
        "reviewed in 2024, every year",
        "a new review",
    ),
    (
        "script-keeps-or-sends",
        "A script that can keep or send something could keep or send an answer.",
        "localStorage",
        "nothing",
    ),
    (
        "script-not-reviewed",
        "What searches the site runs in a reader's browser beside what they type. Only programs that somebody has read may do so.",
        "a new version of the search engine",
        "its script read, and its line in site-gen/src/search/reviewed.txt",
    ),
    (
        "second-title",
        "The page's title comes from its front matter; a second one confuses people who move by headings.",
        "# Prepare",
        "## Prepare",
    ),
    (
        "source-past-review",
        "Somebody was to look at this source again by now.",
        "review-by = 2025-01-01",
        "a look at the source, and a new date",
    ),
    (
        "suicide-without-crisis-line",
        "Somebody who reads about suicide may need help at this moment, so the crisis line stands in the same part of the page.",
        "Some people think about suicide.",
        "Some people think about suicide. Call or text [[crisis_number]].",
    ),
    (
        "unknown-grade",
        "A grade is one of A, B, C, D and X; the words that readers see are in interface.toml.",
        "grade: F",
        "grade: D",
    ),
    (
        "unknown-person",
        "Authors and reviewers stand in people.toml, so that nobody is invented.",
        "author: lee",
        "a [[person]] with id = \"lee\" in people.toml",
    ),
    (
        "file-is-a-link",
        "A link can lead to something that was never meant for readers, or in a circle. So the program reads only what lies in the site's own folder.",
        "content/images/door.png as a link to another folder",
        "the picture itself in content/images/",
    ),
    (
        "file-unreadable",
        "The rights of the file keep the program from reading it, so readers would miss what it holds.",
        "a file that only another user of the computer can open",
        "a file that you can open",
    ),
    (
        "heading-without-space",
        "Without the space the line is no heading: readers see the signs, and people who move by headings pass it by.",
        "##What to bring",
        "## What to bring",
    ),
    (
        "link-with-space",
        "With a space inside it, a link is only text: readers see the brackets and cannot follow it.",
        "[get ready] (/visit/prepare.md)",
        "[get ready](/visit/prepare.md)",
    ),
    (
        "bracket-not-closed",
        "A fact or a source in brackets is filled in only where the brackets close on the same line.",
        "[[driving_wait]",
        "[[driving_wait]]",
    ),
    (
        "bold-not-made",
        "Stars make bold text only right beside the words; otherwise readers see the stars.",
        "** call now **",
        "**call now**",
    ),
    (
        "code-not-closed",
        "Three marks begin text that is shown as it is typed. Without an end, the rest of the page is shown so, its help cards included.",
        "```\nRest well.",
        "```\nRest well.\n```",
    ),
    (
        "words-missing",
        "The checker has no words in the language of this page.",
        "content/es/pages/check.md without content/es/checkers/",
        "content/es/checkers/ketamine/",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_explanation_says_why_and_shows_two_different_examples() {
        for explanation in all() {
            assert!(explanation.why.ends_with('.'), "{}", explanation.code);
            assert!(
                !explanation.wrong.is_empty() && explanation.wrong != explanation.right,
                "{}",
                explanation.code
            );
        }
    }

    #[test]
    fn a_code_is_explained_once() {
        let mut codes: Vec<_> = all().map(|explanation| explanation.code).collect();
        codes.sort_unstable();
        let before = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), before);
        assert!(find("raw-html").is_some() && find("no-such-code").is_none());
    }
}
