//! What must be true of every input, however wrong: it is read in bounded time, nothing panics, what is said of it has a
//! place that exists, and what is not fit to publish is not published.

use std::time::{Duration, Instant};

use jiff::civil::date;
use site_gen::cache::Cache;
use site_gen::checker::{Loaded, answer, load, verify};
use site_gen::finding::{Finding, Findings, Severity, to_json};
use site_gen::progress::Progress;
use site_gen::render::Nowhere;
use site_gen::source::{SourceFile, SourceTree};
use site_gen::{Choices, build, report};

/// Far more than any input here takes, even without optimisation on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// Reads, proves and words the checkers of a site; says whether they can be published.
pub(crate) fn checkers(sources: &SourceTree) -> bool {
    let started = Instant::now();
    let Loaded { checkers, findings } = load(sources);
    let findings = told(findings, sources);
    for checker in &checkers {
        verify(checker).to_text(checker);
        let _ = answer(checker, "{}", "en");
    }
    let published = !findings.has_errors() && checkers.iter().any(|checker| !checker.bytes.is_empty());
    let blamed = |finding: &Finding| finding.severity == Severity::Error && finding.place.is_some();
    assert!(published || findings.iter().any(blamed), "neither a proved checker nor a reason why not");
    assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
    published
}

/// Builds a site; says whether it can be published.
pub(crate) fn site(sources: &SourceTree) -> bool {
    let started = Instant::now();
    let choices = Choices { drafts: true, base_url: None, today: date(2026, 11, 22), preview: true };
    let built = build(sources, &choices, &Nowhere, &Cache::default(), &Progress::default());
    let findings = told(built.findings, sources);
    assert_eq!(built.rendered.is_some(), !findings.has_errors(), "an output, or an error");
    assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
    built.rendered.is_some()
}

/// Every finding points at something, and can be printed in every way.
fn told(findings: Findings, sources: &SourceTree) -> Findings {
    let findings = findings.sorted();
    for finding in findings.iter() {
        assert!(!finding.message.is_empty(), "{finding:?}");
        let Some(place) = &finding.place else { continue };
        let file = sources.iter().find(|(id, _)| *id == place.file).map(|(_, file)| file);
        let file = file.unwrap_or_else(|| panic!("no such file: {finding:?}"));
        let inside = place.span.start <= place.span.end && place.span.end <= file.bytes.len();
        assert!(inside, "{finding:?} in {} of {} bytes", file.path, file.bytes.len());
    }
    report::human(&findings, sources);
    report::github(&findings, sources);
    let json = serde_json::to_string(&to_json(&findings, sources)).expect("findings are JSON");
    assert!(json.starts_with('['));
    findings
}

/// The files with other bytes at one path.
pub(crate) fn with(files: &[SourceFile], path: &str, bytes: Vec<u8>) -> SourceTree {
    let mut files = files.to_vec();
    let file = files.iter_mut().find(|file| file.path == path).expect("a file of the site");
    file.bytes = bytes;
    SourceTree::new(files)
}
