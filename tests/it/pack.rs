//! The sign-off pack, from asking for it to the day when a signature is out of date.

use std::collections::BTreeSet;

use tests::{Finding, Site, TODAY, findings, read, repository};

const RULES: &str = "content/checkers/ketamine/rules.toml";
const SIGNED: &str = "content/checkers/ketamine/signed.toml";
const PEOPLE: &str = "content/people.toml";
const DOCTOR: &str =
    "\n[[person]]\nid = \"jdoe\"\nname = \"Jo Doe\"\nrole = \"Doctor\"\ncredentials = \"MD\"\n";
const C04: &str = "all = [\"H2 includes past-event or stable\"]";

/// The pack of a site.
fn pack(site: &Site) -> String {
    let run = site.run(&["verify", "--pack", "pack.html"]).exits(0);
    assert!(run.stderr.contains("wrote pack.html: "), "{}", run.stderr);
    site.read("pack.html")
}

/// The part of a page between two texts.
fn between<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("no {start:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} after {start:?}")).0
}

/// One patient of a pack.
fn patient<'p>(pack: &'p str, id: &str) -> &'p str {
    between(pack, &format!(">Patient {id}</h3>"), "</article>")
}

/// The lines for signed.toml under a patient, signed.
fn signature(pack: &str, id: &str, by: &str) -> String {
    let lines = between(patient(pack, id), "<pre>", "</pre>").replace("&quot;", "\"");
    let (kept, open) = lines.split_once("by = ").expect("who signs is left open");
    assert!(open.contains("\non = ..."), "the day is left open: {open}");
    format!("{kept}by = \"{by}\"\non = {TODAY}\n\n")
}

/// What `check` says about signatures.
fn about_signatures(site: &Site) -> Vec<Finding> {
    let mut all = findings(&site.check());
    all.retain(|finding| finding.code.starts_with("signature-"));
    all
}

/// The shipped site with a clinician who signed these patients.
fn signed(ids: &[&str]) -> Site {
    let site = Site::shipped().append(PEOPLE, DOCTOR);
    let pack = pack(&site);
    let text: String = ids.iter().map(|id| signature(&pack, id, "jdoe")).collect();
    site.write(SIGNED, &text);
    site
}

#[test]
fn every_rule_is_shown_when_it_applies_and_when_it_just_does_not() {
    let site = Site::shipped();
    let pack = pack(&site);
    let table = between(&pack, "<table class=\"wide rules\">", "</table>");
    let rows: Vec<&str> = table.split("<tr>").filter(|row| row.contains("scope=\"row\"")).collect();
    let rules: toml::Table = read(&repository().join(RULES)).parse().expect("rules.toml");
    let rules = rules["rule"].as_array().expect("a list of rules");
    assert_eq!(rows.len(), rules.len());
    for (rule, row) in rules.iter().zip(rows) {
        let id = rule["id"].as_str().expect("an id");
        assert!(row.starts_with(&format!("<th scope=\"row\">{id} ")), "{id}: {row}");
        let cells: Vec<&str> = row.split("<td>").skip(1).collect();
        assert!(cells[1].contains("<a href=\"#patient-"), "{id} never applies: {row}");
        assert!(cells[2].contains("<a href=\"#patient-"), "{id} always applies: {row}");
    }
    // Each name that a link has is the name of one patient, and each patient has a place to sign.
    let names: Vec<&str> =
        pack.split("-name\">Patient ").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a name twice");
    assert_eq!(pack.matches("I do not agree</span>").count(), names.len());
    assert_eq!(pack.matches("<p class=\"state\">Not signed yet</p>").count(), names.len());

    let c19 = patient(&pack, "C19");
    for said in
        ["You need a check first", "Opioids with other calming medicines", "EV-RX-CNS", "R1 includes opioid"]
    {
        assert!(c19.contains(said), "{said}: {c19}");
    }
    assert!(patient(&pack, "C19").contains("In patient "), "what is different where it does not apply");
    // An emergency ends the questions: what comes later is nothing to weigh.
    let e01 = patient(&pack, "E01");
    assert!(
        e01.contains("The questions end after S1") && !e01.contains("What do you want help with?"),
        "{e01}"
    );
}

#[test]
fn the_pack_loads_nothing_and_is_the_same_each_time() {
    let site = Site::shipped();
    let first = pack(&site);
    assert_eq!(first, pack(&site), "its own file is replaced by the same");
    for loads in ["<script", "<link", " src=", "url(", "@import", "<iframe", "<img", "<form"] {
        assert!(!first.contains(loads), "{loads}");
    }
    for address in first.split("href=\"").skip(1) {
        assert!(address.starts_with('#'), "a link out of the file: {}", &address[..40]);
    }
    assert!(first.contains("<svg"), "the picture of the questionnaire");
    for page in ["@page", "break-inside: avoid", "table-header-group"] {
        assert!(first.contains(page), "{page}");
    }
}

#[test]
fn a_pack_is_never_written_over_another_file() {
    let site = Site::shipped();
    site.write("mine.html", "<!doctype html>\n<p>My notes</p>\n");
    let run = site.run(&["verify", "--pack", "mine.html"]).exits(2);
    assert!(
        run.stderr.contains("mine.html") && run.stderr.contains("not made by site-gen"),
        "{}",
        run.stderr
    );
    assert_eq!(site.read("mine.html"), "<!doctype html>\n<p>My notes</p>\n");
    let run = site.run(&["verify", "--pack", "nowhere/pack.html"]).exits(2);
    assert!(run.stderr.contains("there is no folder nowhere"), "{}", run.stderr);
    let run = site.run(&["verify", "--pack", "pack.html", "--lang", "tlh"]).exits(2);
    assert!(run.stderr.contains("it has: en, es"), "{}", run.stderr);
    site.run(&["verify", "--lang", "es"]).exits(2);

    site.run(&["verify", "--pack", "pack.html", "--lang", "es"]).exits(0);
    let spanish = site.read("pack.html");
    assert!(spanish.contains("<span lang=\"es\">") && !spanish.contains("What do you want help with?"));
}

#[test]
fn nobody_is_asked_to_sign_rules_that_are_not_proved() {
    let site =
        Site::shipped().edit(RULES, "all = [\"A2 is maybe\"]", "all = [\"A2 is maybe\", \"A3 is yes\"]");
    let run = site.run(&["verify", "--pack", "pack.html"]).exits(1);
    assert!(run.stderr.contains("No pack was written") && !run.stdout.contains("patients signed"), "{run:?}");
    assert!(!site.path("pack.html").exists());
}

#[test]
fn a_signature_holds_until_a_rule_of_the_patient_changes() {
    let site = signed(&["C19", "I11"]);
    assert_eq!(about_signatures(&site), []);
    let run = site.run(&["verify", "--pack", "pack.html"]).exits(0);
    assert!(run.stdout.contains("\n2 of "), "{}", run.stdout);
    let again = site.read("pack.html");
    assert!(
        patient(&again, "C19").contains(&format!("Signed by Jo Doe, {TODAY}")),
        "{}",
        patient(&again, "C19")
    );
    assert!(patient(&again, "C18").contains("Not signed yet"));

    // The same rule said in another way is the same rule.
    let site = site.edit(RULES, C04, "# a remark\nall = [\"H2 includes stable or past-event\"]");
    assert_eq!(about_signatures(&site), []);

    // I11 is also the patient in whom C04 just does not apply; C19 has nothing to do with it.
    let who = "flag = \"F-HEART\"\ntalk-to = [\"cardiology\"";
    let site = site.edit(RULES, &format!("{who}]"), &format!("{who}, \"primary-care\"]"));
    let told = about_signatures(&site);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].code.as_str(), told[0].severity.as_str()), ("signature-stale", "warning"));
    assert_eq!(told[0].file, SIGNED);
    let text = site.read(SIGNED);
    let line = 1 + text.lines().position(|line| line == "patient = \"I11\"").expect("I11") as u64 + 1;
    assert_eq!(told[0].line, line);
    assert!(told[0].message.contains("`I11`") && told[0].message.contains("rule `C04` changed"), "{told:?}");
    assert!(told[0].help.contains("--pack"), "{told:?}");
    let again = pack(&site);
    assert!(patient(&again, "I11").contains("Signature out of date: Jo Doe signed on"), "{again}");
    assert!(patient(&again, "C19").contains("Signed by Jo Doe"));

    // Signed again, all is well, whether the old lines stay or not.
    let site = site.append(SIGNED, &signature(&again, "I11", "jdoe"));
    assert_eq!(about_signatures(&site), []);
}

/// Readers are told of a review that happened, of how much of it, and of none that did not.
#[test]
fn the_page_about_the_proof_counts_the_signatures_that_hold() {
    let told = |site: &Site| {
        site.build().exits(0);
        site.page("/check/proof/")
    };
    let unsigned = told(&Site::shipped());
    assert!(unsigned.contains("<dd>No clinician yet</dd>"), "{unsigned}");
    assert!(unsigned.contains("No clinician has signed any of them yet.") && !unsigned.contains("Jo Doe"));

    let site = signed(&["C19", "I11"]);
    let page = told(&site);
    assert!(page.contains("<dd>Jo Doe</dd>") && !page.contains("No clinician"), "{page}");
    assert!(page.contains("have signed 2 of the "), "{page}");

    // The rule behind I11 changes: that signature no longer counts.
    let who = "flag = \"F-HEART\"\ntalk-to = [\"cardiology\"";
    let site = site.edit(RULES, &format!("{who}]"), &format!("{who}, \"primary-care\"]"));
    assert!(told(&site).contains("have signed 1 of the "));
}

#[test]
fn a_signature_belongs_to_a_patient_and_a_person() {
    let site = Site::shipped().append(PEOPLE, DOCTOR);
    let pack = pack(&site);
    let good = signature(&pack, "C19", "jdoe");
    let told = |text: &str| {
        site.write(SIGNED, text);
        about_signatures(&site)
            .into_iter()
            .map(|finding| (finding.code, finding.severity, finding.line, finding.help))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&good), []);
    let unknown = told(&good.replace("patient = \"C19\"", "patient = \"C199\""));
    let [(code, severity, 2, help)] = &unknown[..] else { panic!("{unknown:?}") };
    assert_eq!((code.as_str(), severity.as_str()), ("signature-unknown", "warning"));
    assert!(help.contains("Did you mean `C1"), "{help}");
    let nobody = told(&good.replace("jdoe", "jdo"));
    let [(code, severity, _, help)] = &nobody[..] else { panic!("{nobody:?}") };
    assert_eq!((code.as_str(), severity.as_str()), ("signature-unknown-person", "error"));
    assert!(help.contains("`jdoe`"), "{help}");

    // Lines that nobody has filled in are no signature.
    site.write(SIGNED, &between(patient(&pack, "C19"), "<pre>", "</pre>").replace("&quot;", "\""));
    assert!(findings(&site.check().exits(1)).iter().any(|finding| finding.file == SIGNED));
    site.write(SIGNED, "[[signed]]\npatient = \"C19\"\n");
    let missing: Vec<String> =
        findings(&site.check().exits(1)).into_iter().filter(|f| f.file == SIGNED).map(|f| f.code).collect();
    assert_eq!(missing, ["value-missing"; 3]);
}
