//! The list of all promises, and the short pages.

use super::{ROOT, address, page, trial};
use crate::checker::{Proved, VerifyResult, about};
use crate::html::escape;
use crate::link::{Site, SiteChecker};
use std::fmt::Write as _;

/// Every promise of every questionnaire, the broken ones first.
pub(super) fn list(site: &Site, held: &[(&SiteChecker, VerifyResult)]) -> String {
    let mut main = String::from("<h1>Promises</h1>\n");
    if held.is_empty() {
        main.push_str(
            "<p>No questionnaire of this site can be read now. Run <code>site-gen check</code>: it says what to mend.</p>\n",
        );
    }
    for (held, proof) in held {
        let checker = &held.checker;
        let _ = writeln!(
            main,
            "<h2>{}</h2>\n<p>Version {} of {}. Each promise was held against every set of answers there is: {}.</p>",
            escape(&checker.id),
            escape(&checker.version),
            checker.updated,
            about(&proof.answer_sets)
        );
        if checker.bytes.is_empty() {
            let links = trial::links(site, held, "");
            let _ = writeln!(main, "<p class=\"walk-try\">Try the questionnaire as it is now: {links}</p>");
        }
        let _ =
            writeln!(main, "<h3><span aria-hidden=\"true\">✗</span> Broken: {}</h3>", proof.refuted.len());
        if proof.refuted.is_empty() {
            main.push_str("<p>None.</p>\n");
        } else {
            main.push_str("<p>Each link shows answers that break the promise, and where they lead.</p>\n");
            entries(
                &mut main,
                "broken",
                &checker.id,
                checker.broken().iter().zip(proof.refuted.iter().map(|entry| &entry.say)),
            );
        }
        if !proof.faults.is_empty() {
            let _ = writeln!(main, "<h3>Also wrong: {}</h3>\n<ul>", proof.faults.len());
            for fault in &proof.faults {
                let _ = writeln!(
                    main,
                    "<li><code>{}:{}</code> {}. {}</li>",
                    escape(&fault.file),
                    fault.line,
                    escape(fault.message.trim_end_matches('.')),
                    escape(fault.help.as_deref().unwrap_or_default())
                );
            }
            main.push_str("</ul>\n");
        }
        let _ = writeln!(
            main,
            "<h3><span aria-hidden=\"true\">✓</span> Kept, and proved: {}</h3>",
            proof.proved.len()
        );
        entries(&mut main, "kept", &checker.id, proof.proved.iter().map(|entry| (&entry.id, &entry.say)));
    }
    main.push_str(LIMITS);
    page("Promises", &main)
}

const LIMITS: &str = "<p class=\"walk-limits\">This proves that the rules do what the files say. It does not prove that the \
                      medicine in them is right.</p>\n";

fn entries<'e>(
    main: &mut String,
    class: &str,
    checker: &str,
    entries: impl Iterator<Item = (&'e String, &'e String)>,
) {
    let _ = writeln!(main, "<ul class=\"walk-promises walk-promises--{class}\">");
    for (id, say) in entries {
        let _ = writeln!(
            main,
            "<li><a href=\"{}\">{}</a> <code>{}</code></li>",
            address(checker, id),
            escape(say),
            escape(id)
        );
    }
    main.push_str("</ul>\n");
}

/// The page of a promise that holds.
pub(super) fn kept(held: &SiteChecker, proof: &VerifyResult, proved: &Proved) -> String {
    let main = format!(
        "<h1>{}</h1>\n<p class=\"walk-verdict walk-verdict--kept\"><strong><span aria-hidden=\"true\">✓</span> Kept, and \
         proved.</strong> The promise <code>{}</code> of {} holds for every one of {} different sets of answers. \
         There are no answers to show that break it.</p>\n{LIMITS}",
        escape(&proved.say),
        escape(&proved.id),
        escape(&held.checker.id),
        about(&proof.answer_sets)
    );
    page(&format!("{} is kept", proved.id), &main)
}

/// What is answered for a promise that nobody makes.
pub(super) fn absent() -> String {
    let main = format!(
        "<h1>There is no such promise</h1>\n<p>It may have another name now, or its questionnaire cannot be read at the \
         moment. <a href=\"{ROOT}\">All promises</a> lists those there are.</p>\n"
    );
    page("No such promise", &main)
}
