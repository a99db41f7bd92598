//! The page that says what was proved: beside each page that holds a checker, in each language, and only for what is
//! proved.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tests::{Finding, Site, findings, read, repository};

const CHECKER: &str = "content/checkers/ketamine/checker.toml";
const RULES: &str = "content/checkers/ketamine/rules.toml";
const SAFETY: &str = "content/checkers/ketamine/safety.toml";
const PROMISES: &str = "content/en/checkers/ketamine/promises.md";
const PROMISES_ES: &str = "content/es/checkers/ketamine/promises.md";

/// The repository's own content, built without what takes long and is looked at elsewhere.
fn shipped() -> Site {
    Site::shipped().edit("content/site.toml", "compress = true", "compress = false")
}

/// A page as a reader reads it: no tags, one space between words.
fn text_of(html: &str) -> String {
    let main = html.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a main part");
    let mut text = String::new();
    for part in main.split('<').skip(1) {
        text.push(' ');
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
    }
    let text = text.replace("&#39;", "'").replace("&amp;", "&").replace("&quot;", "\"");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The report of `site-gen verify`.
fn report(site: &Site) -> Value {
    let json = site.run(&["verify", "--format", "json"]).exits(0).json();
    if json.is_array() { json[0].clone() } else { json }
}

/// Id and sentence of every promise of safety.toml.
fn promises() -> Vec<(String, String)> {
    let table: toml::Table = read(&repository().join(SAFETY)).parse().expect("safety.toml is TOML");
    let word = |promise: &toml::Value, key: &str| promise[key].as_str().expect("a word").to_owned();
    let promises = table.values().filter_map(toml::Value::as_array).flatten();
    promises.map(|promise| (word(promise, "id"), word(promise, "say"))).collect()
}

/// The words of a promises.md for the promise `id`, if it has some.
fn sentence_of<'a>(words: &'a str, id: &str) -> Option<&'a str> {
    let heading = words.lines().find_map(|line| line.strip_suffix(&format!(" {{#{id}}}")))?;
    heading.strip_prefix("## ")
}

fn told(found: &[Finding], code: &str) -> Vec<String> {
    let told = found.iter().filter(|finding| finding.code == code);
    told.map(|finding| format!("{} {}: {} {}", finding.severity, finding.file, finding.message, finding.help))
        .collect()
}

#[test]
fn the_page_says_what_was_proved_in_each_language() {
    let site = shipped();
    site.build().exits(0);
    let report = report(&site);
    let sets = report["answer_sets"].as_str().expect("digits");
    let mut hash = Sha256::new();
    for file in [CHECKER, RULES, SAFETY] {
        hash.update(read(&repository().join(file)));
    }
    let fingerprint = hash.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("BUG: a string takes text");
        text
    });
    for (path, day, nobody, limit) in [
        (
            "/check/proof/",
            "November 28, 2026",
            "No clinician has reviewed these rules yet",
            "It does not show that the medicine in the rules is right",
        ),
        (
            "/es/check/proof/",
            "28 de noviembre de 2026",
            "Ningún profesional de la salud ha revisado estas reglas todavía",
            "No muestra que la medicina en las reglas sea correcta",
        ),
    ] {
        let html = site.page(path);
        let text = text_of(&html);
        assert!(html.contains(&format!("<data value=\"{sets}\">")), "{path} does not hold the number {sets}");
        for outcome in report["outcomes"].as_array().expect("outcomes") {
            let sets = outcome["answer_sets"].as_str().expect("digits");
            assert!(html.contains(&format!("<data value=\"{sets}\">")), "{path}: {outcome}");
        }
        let zeros = (sets.len() - 1).to_string();
        assert!(
            text.contains(&format!(" {zeros} zeros")) || text.contains(&format!(" {zeros} ceros")),
            "{text}"
        );
        for part in [day, nobody, limit, "1.0.0", &fingerprint, "911", "988"] {
            assert!(text.contains(part), "{path} does not say {part:?}: {text}");
        }
        assert!(!text.to_lowercase().contains("you qualify") && !text.contains("approved"), "{text}");
        // Reproducible: nothing that differs from one run to the next.
        assert!(!text.contains(" ms"), "{text}");
    }
}

#[test]
fn every_promise_stands_on_the_page_in_its_language() {
    let site = shipped();
    site.build().exits(0);
    let (english, spanish) = (site.page("/check/proof/"), site.page("/es/check/proof/"));
    let promises = promises();
    assert!(promises.len() >= 30, "safety.toml promises little");
    let (english_words, spanish_words) =
        (read(&repository().join(PROMISES)), read(&repository().join(PROMISES_ES)));
    for (id, say) in &promises {
        // In the first language the sentence of safety.toml stands, unless the page's own file says it in other words.
        // Its quotes are those of the page: “not now”, where safety.toml has 'not now'.
        let say = say.replace(" '", " “").replace('\'', "”");
        let own = sentence_of(&english_words, id).unwrap_or(&say);
        assert!(text_of(&english).contains(&format!("{own}.")), "{id} is not on the page: {own}");
        let own = sentence_of(&spanish_words, id).unwrap_or_else(|| panic!("{id} has no Spanish sentence"));
        assert!(text_of(&spanish).contains(&format!("{own}.")), "{id} is not on the Spanish page: {own}");
    }
    assert!(
        promises.iter().any(|(id, _)| sentence_of(&english_words, id).is_some()),
        "no English sentence is said in other words: that they reach the page is not tested"
    );
    assert!(
        !spanish.contains("<li data-promise=\"INV-01\" lang="),
        "a translated promise is marked as English"
    );
    assert!(text_of(&spanish).contains("Un traductor calificado todavía no ha revisado este texto"));
    assert!(!text_of(&english).contains("translator"), "the first language is no translation");
}

#[test]
fn the_checker_leads_to_the_page_and_machines_find_it() {
    let site = shipped();
    site.build().exits(0);
    for (path, proof) in [("/check/", "/check/proof/"), ("/es/check/", "/es/check/proof/")] {
        let html = site.page(path);
        let link = format!("<a href=\"{proof}\">");
        let part = |name: &str| {
            let start = html.find(&format!("<template data-part=\"{name}\">")).expect("a part");
            html[start..].split("</template>").next().expect("BUG: a part has an end").to_owned()
        };
        for name in ["start", "foot"] {
            assert!(part(name).contains(&link), "{path}: the part `{name}` does not lead to {proof}");
        }
        let paper = html.split("class=\"paper-foot\"").nth(1).expect("the paper version has a foot");
        assert!(paper.split("</div>").next().is_some_and(|foot| foot.contains(&link)), "{path}: on paper");
        assert!(site.page(proof).contains(&format!("<a href=\"{path}\">")), "{proof} does not lead back");
    }
    let map = site.read("public/sitemap.xml");
    for proof in ["/check/proof/", "/es/check/proof/"] {
        assert!(map.contains(&format!("{proof}</loc>")), "{proof} is not in the map of the site");
    }
}

#[test]
fn what_is_not_proved_has_no_page() {
    // A rule that keeps half its promise: nothing is published, so no page can say that it was proved.
    let site = shipped().edit(RULES, "all = [\"P1 is not yes\"]", "all = [\"P1 is no\"]");
    site.build().exits(1);
    assert!(!site.path("public").exists(), "something was published");
    // A page that leads to the proof does not get a mistake of its own for it.
    let site = site.edit(
        "content/en/pages/about/how-we-write.md",
        "## What our grades mean",
        "[The proof](/check/proof.md)\n\n## What our grades mean",
    );
    let found = findings(&site.check());
    assert!(
        found.iter().all(|finding| finding.file != "content/en/pages/about/how-we-write.md"),
        "{found:#?}"
    );
}

#[test]
fn what_is_set_aside_is_said_to_readers() {
    let signed = "\n[[override]]\npromise = \"CHECK-MAOI\"\nby = \"jdoe\"\non = 2026-11-20\nwhy = \"Our ward checks\"\n";
    let site = shipped().append(SAFETY, signed).append(
        "content/people.toml",
        "\n[[person]]\nid = \"jdoe\"\nname = \"Jo Doe\"\nrole = \"Doctor\"\ncredentials = \"MD\"\n",
    );
    site.build().exits(0);
    let text = text_of(&site.page("/check/proof/"));
    assert!(
        text.contains(
            "The promise CHECK-MAOI . Signed by Jo Doe, MD, November 20, 2026 . Reason given: Our ward checks"
        ),
        "{text}"
    );
    let site = shipped();
    site.build().exits(0);
    assert!(!text_of(&site.page("/check/proof/")).contains("set aside"));
}

#[test]
fn what_is_not_translated_is_marked_and_noted() {
    let site = shipped();
    let line = site.line_of(PROMISES_ES, "{#INV-20}");
    let heading =
        site.read(PROMISES_ES).lines().nth(line as usize - 1).expect("BUG: the line is there").to_owned();
    let site = site.edit(PROMISES_ES, &heading, "");
    let noted = told(&findings(&site.build().exits(0)), "promise-not-translated");
    assert_eq!(noted.len(), 1, "{noted:#?}");
    assert!(
        noted[0].starts_with(&format!("note {PROMISES_ES}: ")) && noted[0].contains("`INV-20`"),
        "{noted:#?}"
    );
    assert!(
        site.page("/es/check/proof/").contains("<li data-promise=\"INV-20\" lang=\"en\">Nobody under 18"),
        "the English sentence is not marked as English"
    );
    // A whole file may be missing too.
    let site = shipped().without(PROMISES_ES);
    let noted = told(&findings(&site.build().exits(0)), "promise-not-translated");
    assert_eq!(noted.len(), 1, "{noted:#?}");
    assert!(site.page("/es/check/proof/").contains("lang=\"en\">Emergency and crisis come first"));
    assert_eq!(told(&findings(&shipped().check()), "promise-not-translated"), Vec::<String>::new());
}

#[test]
fn groups_and_sentences_belong_to_promises() {
    let mistakes = |site: &Site| {
        let found = findings(&site.check());
        let of = |code| told(&found, code);
        [of("words-missing"), of("words-surplus"), of("numbers-differ"), of("suicide-without-help-line")]
            .concat()
    };
    let missing = mistakes(&shipped().edit(PROMISES, "{#unsure}", "{#unsur}"));
    assert!(missing.iter().any(|told| told.contains("`unsure` has no title")), "{missing:#?}");
    assert!(
        missing.iter().any(|told| told.contains("no group `unsur`") && told.contains("`unsure`")),
        "{missing:#?}"
    );
    let surplus = mistakes(&shipped().edit(PROMISES_ES, "{#INV-20}", "{#INV-21}"));
    assert!(surplus.iter().any(|told| told.contains("no promise `INV-21`")), "{surplus:#?}");
    let number =
        mistakes(&shipped().edit(PROMISES_ES, "A nadie menor de 18 años", "A nadie menor de 16 años"));
    assert!(number.iter().any(|told| told.contains("says 18")), "{number:#?}");
    let help = mistakes(&shipped().edit(
        PROMISES,
        "about suicide, call or text [[crisis_number]]",
        "about suicide, call someone",
    ));
    assert!(help.iter().any(|told| told.contains("does not name the help line 988")), "{help:#?}");
    assert_eq!(mistakes(&shipped()), Vec::<String>::new());
}

#[test]
fn a_page_of_the_clinics_own_cannot_stand_in_its_place() {
    let own = "---\ntitle: Our proof\nsummary: Trust us.\nkind: about\n---\n\nTrust us.\n";
    let site = shipped().with(&format!("=== content/en/pages/check/proof.md\n{own}"));
    let found = told(&findings(&site.check()), "address-twice");
    assert!(found.iter().any(|told| told.contains("content/en/pages/check/proof.md")), "{found:#?}");
    // Another name does no harm.
    let site = shipped().with(&format!("=== content/en/pages/about/proof.md\n{own}"));
    assert_eq!(told(&findings(&site.check()), "address-twice"), Vec::<String>::new());
}
