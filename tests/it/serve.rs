//! The preview: what an author sees while writing, and what nobody else may see.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};

use tests::{Preview, Site, files_below};

#[test]
fn the_preview_serves_pages_with_their_type_and_policy() {
    let site = Site::small();
    let preview = Preview::start(&site);
    let home = preview.get("/");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("Welcome to the clinic"), "{}", home.body);
    assert_eq!(home.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(home.header("x-content-type-options"), Some("nosniff"));
    let policy = home.header("content-security-policy").expect("a page has a policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert_eq!(preview.get("/visit/prepare/").status, 200);
    assert_eq!(preview.get("/sitemap.xml").status, 200);
}

#[test]
fn a_page_that_does_not_exist_is_answered_with_the_sites_own_404_page() {
    let site = Site::small();
    let preview = Preview::start(&site);
    let answer = preview.get("/no/such/page/");
    assert_eq!(answer.status, 404);
    assert!(answer.body.contains("River Clinic"), "not our page: {}", answer.body);
}

#[test]
fn another_sites_script_cannot_read_the_preview_by_a_name_of_its_own() {
    let site = Site::small();
    let preview = Preview::start(&site);
    let port = preview.port;
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}")] {
        assert_eq!(preview.get_from("/", &host).status, 200, "{host}");
    }
    for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "169.254.169.254".to_owned()] {
        let answer = preview.get_from("/", &host);
        assert!(matches!(answer.status, 400 | 403 | 404 | 421), "{host} is answered with {}", answer.status);
        assert!(!answer.body.contains("Welcome to the clinic"), "{host} can read the draft");
    }
}

#[test]
fn the_preview_listens_on_this_machine_only() {
    let site = Site::small();
    let preview = Preview::start(&site);
    assert!(TcpStream::connect(("127.0.0.1", preview.port)).is_ok());
    // On Linux the whole of 127/8 is this machine, so a server on every interface would answer here.
    if cfg!(target_os = "linux") {
        let other = TcpStream::connect(("127.0.0.2", preview.port));
        assert_eq!(other.map(|_| ()).map_err(|error| error.kind()), Err(ErrorKind::ConnectionRefused));
    }
}

#[test]
fn no_address_leads_out_of_the_site() {
    let site = Site::small().with("=== secret.txt\nthe key is under the mat\n");
    let preview = Preview::start(&site);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/visit/../../secret.txt",
        "/visit/%2e%2e/%2e%2e/secret.txt",
        "/..\\secret.txt",
        "/%5c..%5csecret.txt",
        "//secret.txt",
        "/secret.txt",
        "/content/site.toml",
        "/../content/site.toml",
        "/%00",
        "/%",
    ] {
        let answer = preview.get(path);
        assert!(matches!(answer.status, 400 | 403 | 404), "{path} is answered with {}", answer.status);
        let leaked = answer.body.contains("under the mat") || answer.body.contains("default_language");
        assert!(!leaked, "{path} gives away a file: {}", answer.body);
    }
    assert_eq!(preview.get("/visit/%70repare/").status, 200, "a harmless escape is understood");
}

#[test]
fn a_saved_page_is_served_at_once_wherever_its_words_stand() {
    let site = Site::small();
    let preview = Preview::start(&site);
    assert!(preview.get("/visit/").body.contains("Get ready"));
    let site = site.edit("content/en/pages/visit/prepare.md", "title: Get ready", "title: Make ready");
    let page = preview.get_until("/visit/prepare/", |answer| answer.body.contains("Make ready"));
    assert!(page.body.contains("Make ready"), "the saved title never came");
    let list = preview.get("/visit/");
    assert!(list.body.contains("Make ready"), "the section's list still has the old title");
    assert!(!list.body.contains("Get ready"), "the section's list still has the old title");

    let site = site.with(
        "=== content/en/pages/visit/parking.md\n---\ntitle: Parking\nsummary: Where to leave your car.\nkind: prepare\n---\n\nThere is room behind the house.\n",
    );
    let page = preview.get_until("/visit/parking/", |answer| answer.status == 200);
    assert_eq!(page.status, 200, "the new page never came");
    let _site = site.without("content/en/pages/visit/parking.md");
    let page = preview.get_until("/visit/parking/", |answer| answer.status == 404);
    assert_eq!(page.status, 404, "the page that was taken away is still there");
}

#[test]
fn a_mistake_is_shown_in_the_browser_and_the_last_good_page_stays_until_it_is_mended() {
    let site = Site::small();
    let preview = Preview::start(&site);
    // The preview's own script shows what comes over this stream.
    let page = preview.get("/visit/prepare/").body;
    assert!(page.contains("/__live/"), "the page does not follow the preview: {page}");
    let file = "content/en/pages/visit/prepare.md";
    let good = site.read(file);
    let site = site.edit(file, "summary: What", "sumary: What").edit(file, "title: Get", "title: Now get");
    let heard = preview.listen_for("/__live/events", "sumary");
    assert!(heard.contains("sumary"), "the mistake is not told: {heard}");
    assert!(heard.contains("prepare.md"), "the mistake is told without its file: {heard}");
    // Asked for, the page says what is wrong with it, and leads to its last good version.
    let broken = preview.get("/visit/prepare/");
    assert_eq!(broken.status, 500);
    for said in ["`sumary`", &format!("{file}:{}:1", site.line_of(file, "sumary")), "<mark>sumary</mark>"] {
        assert!(broken.body.contains(said), "{said} is not told: {}", broken.body);
    }
    assert!(broken.body.contains("href=\"/visit/prepare/?last-good\""), "{}", broken.body);
    let shown = preview.get("/visit/prepare/?last-good");
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("Get ready"), "the last good page is gone: {}", shown.body);
    // Other pages stay as they were.
    assert_eq!(preview.get("/visit/aftercare/").status, 200);
    site.write(file, &good.replace("title: Get", "title: Now get"));
    let healed = preview.get_until("/visit/prepare/", |answer| answer.body.contains("Now get ready"));
    assert!(healed.body.contains("Now get ready"), "the page never came back: {}", healed.body);
}

#[test]
fn an_open_page_hears_of_every_good_build() {
    let site = Site::small();
    let preview = Preview::start(&site);
    // A browser tells a page of an event only if it has a line of data, be it empty.
    let heard = preview.listen_for("/__live/events", "data:");
    // The first thing it hears says which attempt and which build there is: a page may be of an older one.
    assert!(heard.contains("event: state\nid: 1 1\ndata:"), "{heard}");
    let timing = preview.get("/visit/prepare/").header("server-timing").map(str::to_owned);
    assert_eq!(timing.as_deref(), Some("attempt;desc=\"1\", build;desc=\"1\""));
    let listener = std::thread::scope(|scope| {
        let listening = scope.spawn(|| preview.listen_for("/__live/events", "event: rebuilt\ndata:"));
        // Saved again and again, because the listener may not have been there at the first.
        for number in 0..200 {
            if listening.is_finished() {
                break;
            }
            site.write(
                "content/en/pages/visit/more.md",
                &format!("---\ntitle: More {number}\nsummary: One more page.\nkind: prepare\n---\n\nText.\n"),
            );
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        listening.join().expect("a listener")
    });
    assert!(listener.contains("event: rebuilt\ndata:"), "{listener}");
}

#[test]
fn a_site_that_starts_with_a_mistake_is_shown_as_soon_as_it_is_mended() {
    let file = "content/en/pages/visit/prepare.md";
    let site = Site::small().edit(file, "summary: What", "sumary: What");
    let preview = Preview::start(&site);
    let waiting = preview.get("/");
    assert!(waiting.status >= 500 && waiting.body.contains("sumary"), "{waiting:?}");
    let _site = site.edit(file, "sumary: What", "summary: What");
    let healed = preview.get_until("/", |answer| answer.status == 200);
    assert!(healed.body.contains("Welcome to the clinic"), "{healed:?}");
}

#[test]
fn the_page_with_the_questions_is_served_as_it_is_published() {
    let site = Site::shipped();
    let preview = Preview::start(&site);
    let page = preview.get("/check/");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").expect("the page has a policy");
    assert!(policy.contains("connect-src 'none'"), "{policy}");
    assert!(policy.contains("form-action 'none'"), "{policy}");
    // Reloading by itself needs a connection, and this page may have none.
    let scripts: Vec<&str> = page.body.split("<script").skip(1).filter(|tag| tag.contains("src=")).collect();
    assert_eq!(scripts.len(), 1, "only the widget's own script: {scripts:?}");
    assert!(scripts[0].contains("/checker-"), "{scripts:?}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let site = Site::small();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let run = site.run(&["serve", "-p", &port]).exits(2);
    assert!(run.stderr.contains(&port), "{}", run.stderr);
}

const RULES: &str = "content/checkers/ketamine/rules.toml";
const MAYBE: &str = "all = [\"A2 is maybe\"]";
/// The same rule, asking for more than anybody has to answer.
const BROKEN: &str = "all = [\"A2 is maybe\", \"A3 is yes\"]";

#[test]
fn the_answers_that_break_a_promise_are_walked_to_their_end_although_nothing_could_be_built() {
    let site = Site::shipped().edit(RULES, MAYBE, BROKEN);
    let preview = Preview::start(&site);
    let waiting = preview.get("/");
    assert_eq!(waiting.status, 503);
    assert!(
        waiting.body.contains("href=\"/~walk/ketamine/CHECK-BABY\""),
        "no way to the page: {}",
        waiting.body
    );

    let page = preview.get("/~walk/ketamine/CHECK-BABY");
    assert_eq!(page.status, 200);
    for said in [
        "Nobody who might be pregnant, or is breastfeeding, is told that they can ask for a visit",
        // The question as its reader meets it, and the answer that was given.
        "Are you pregnant?",
        "<span lang=\"en\">Maybe, I am trying, or I am not sure</span> <em>answered</em>",
        "Do you have any of these right now?",
        "Questions 1 to 4: the safest answer to each",
        // Where it leads: the result as its reader meets it, and the rules.
        "You can ask for a first visit",
        "This is not a diagnosis.",
        "Bring this page and a list of all your medicines.",
        "No rule asks for a result here",
        // The rule that was made too narrow.
        "<h3>Which rule to look at</h3>",
        "<li><code>C01</code> asks for <code>clearance</code>, if A2 is maybe, and A3 is yes</li>",
        "(this answer matters)",
    ] {
        assert!(page.body.contains(said), "the page does not say {said:?}");
    }
    let other = "<span lang=\"en\">No, or this does not apply to me</span></li>";
    assert!(page.body.contains(other), "what was not answered is shown, and not marked");
    // No connection out, no form, no script of its own; only what follows the next save.
    let policy = page.header("content-security-policy").expect("the page has a policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(page.body.contains("<script src=\"/__live/live.js\" defer></script>"));
}

#[test]
fn the_list_of_promises_parts_those_that_are_broken_from_those_that_are_kept() {
    let site = Site::shipped().edit(RULES, MAYBE, BROKEN);
    let preview = Preview::start(&site);
    let list = preview.get("/~walk/").body;
    let (broken, kept) = list.split_once("Kept, and proved").expect("both lists");
    for (id, is_broken) in
        [("CHECK-BABY", true), ("INV-04-ASK", true), ("INV-02", false), ("CHECK-HOME", false)]
    {
        let link = format!("href=\"/~walk/ketamine/{id}\"");
        assert_eq!(broken.contains(&link), is_broken, "{id}");
        assert_eq!(kept.contains(&link), !is_broken, "{id}");
    }
    let proved = preview.get("/~walk/ketamine/INV-02");
    assert_eq!(proved.status, 200);
    assert!(proved.body.contains("Kept, and proved."), "{}", proved.body);
    assert!(!proved.body.contains("<em>answered</em>"), "there are no answers to show");
    for absent in ["/~walk/ketamine/NO-SUCH", "/~walk/other/INV-02", "/~walk/ketamine", "/~walk/%3Cb%3E"] {
        let answer = preview.get(absent);
        assert_eq!(answer.status, 404, "{absent}");
        assert!(answer.body.contains("href=\"/~walk/\""), "{absent}: no way on: {}", answer.body);
        assert!(!answer.body.contains("<b>"), "{absent}");
    }
}

#[test]
fn a_saved_rule_is_proved_anew_on_the_page_that_is_open() {
    let site = Site::shipped();
    let preview = Preview::start(&site);
    let page = preview.get_until("/~walk/ketamine/CHECK-BABY", |answer| answer.status == 200);
    assert!(page.body.contains("Kept, and proved."), "{}", page.body);
    let site = site.edit(RULES, MAYBE, BROKEN);
    let page = preview.get_until("/~walk/ketamine/CHECK-BABY", |answer| answer.body.contains("Broken."));
    assert!(page.body.contains("Maybe, I am trying, or I am not sure"), "{}", page.body);
    // The site itself stays as it was, and says where the break is shown.
    assert_eq!(preview.get("/").status, 200);
    let broken = preview.get("/check/");
    assert_eq!(broken.status, 500);
    assert!(broken.body.contains("href=\"/~walk/ketamine/CHECK-BABY\""), "{}", broken.body);
    assert!(broken.body.contains("href=\"/~try/en/ketamine/CHECK-BABY\""), "{}", broken.body);
    assert_eq!(preview.get("/check/?last-good").status, 200);
    let heard = preview.listen_for("/__live/events", "/~walk/ketamine/CHECK-BABY");
    assert!(heard.contains("/~walk/ketamine/CHECK-BABY See the answers that break"), "{heard}");
    let _site = site.edit(RULES, BROKEN, MAYBE);
    let page =
        preview.get_until("/~walk/ketamine/CHECK-BABY", |answer| answer.body.contains("Kept, and proved."));
    assert!(!page.body.contains("Broken."), "{}", page.body);
}

#[test]
fn pages_about_proofs_are_for_this_machine_and_never_published() {
    let site = Site::shipped();
    let preview = Preview::start(&site);
    assert_eq!(preview.get("/~walk/").status, 200);
    let elsewhere = preview.get_from("/~walk/ketamine/INV-02", "evil.example");
    assert_eq!(elsewhere.status, 421);
    assert!(!elsewhere.body.contains("proved"), "{}", elsewhere.body);
    site.build().exits(0);
    for (path, bytes) in files_below(&site.path("public")) {
        assert!(!path.contains("walk"), "{path} was published");
        assert!(
            !String::from_utf8_lossy(&bytes).contains("~walk"),
            "{path} leads to the preview's own pages"
        );
    }
}

#[test]
fn a_promise_that_is_broken_for_two_questions_has_a_page_for_each() {
    let site = Site::shipped().edit(RULES, MAYBE, BROKEN).edit(
        RULES,
        "any = [\"S2 is prefer-not\", \"S4 is prefer-not\"]",
        "any = [\"S4 is prefer-not\"]",
    );
    let preview = Preview::start(&site);
    let list = preview.get("/~walk/").body;
    let links: Vec<&str> = list
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.contains("/INV-04"))
        .collect();
    let (of_s2, of_a2): (Vec<&str>, Vec<&str>) =
        links.iter().copied().filter(|link| *link != "/~walk/ketamine/INV-04-ASK").partition(|link| {
            preview.get(link).body.contains("<code>S2</code> <strong>This answer matters</strong>")
        });
    assert_eq!((of_s2.len(), of_a2.len()), (1, 1), "{links:?}");
    // "I would rather not say" calls for help, and the reader sees it above the result.
    let page = preview.get(of_s2[0]).body;
    assert!(page.contains("checker-crisis") && page.contains("Help is here now"), "no help is shown");
    assert!(!preview.get(of_a2[0]).body.contains("checker-crisis"), "help is shown to nobody in need");
}

/// What only a questionnaire that is tried says. Its words stand on no page for readers.
const NOT_FOR_READERS: &str = "It is not on any page that readers see.";

#[test]
fn a_questionnaire_that_breaks_a_promise_is_tried_under_a_banner_and_the_policy_of_the_real_page() {
    let site = Site::shipped();
    let preview = Preview::start(&site);
    let real = preview.get("/check/");
    // While nothing is broken there is nothing to try.
    let nothing = preview.get("/~try/en/ketamine/CHECK-BABY");
    assert_eq!(nothing.status, 404);
    assert!(nothing.body.contains("There is nothing to try here") && !nothing.body.contains("data-checker"));

    let site = site.edit(RULES, MAYBE, BROKEN);
    let trial = preview.get_until("/~try/en/ketamine/CHECK-BABY", |answer| answer.status == 200);
    assert_eq!(trial.status, 200, "{}", trial.body);
    for said in [
        "<strong>This questionnaire breaks 3 promises.</strong>",
        NOT_FOR_READERS,
        "Nobody who might be pregnant, or is breastfeeding, is told that they can ask for a visit",
        // The answer that matters, among all answers to give, and where they lead.
        "<strong lang=\"en\">Maybe, I am trying, or I am not sure</strong> <em>this answer matters</em>",
        "They lead to <code>consult</code>",
        // Whatever is printed or saved says so too.
        "Not for readers: ketamine 1.0.0 breaks 3 promises.",
        "ketamine|1.0.0-unproved",
    ] {
        assert!(trial.body.contains(said), "the trial does not say {said:?}");
    }
    assert!(trial.body.find(NOT_FOR_READERS) < trial.body.find("data-checker="), "the banner comes first");
    assert_eq!(trial.header("content-security-policy"), real.header("content-security-policy"));
    assert!(
        trial.header("content-security-policy").is_some_and(|policy| policy.contains("connect-src 'none'"))
    );
    assert_eq!(trial.body.matches("<script").count(), 2, "the data and the widget");
    assert!(trial.body.contains("<script src=\"/~try/checker.js\" defer></script>"));
    let widget = real.body.split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next());
    let published = preview.get(widget.expect("the page loads the widget"));
    assert_eq!(preview.get("/~try/checker.js").body, published.body, "the same widget runs");
    // In the other language, and without a promise in mind.
    let spanish = preview.get("/~try/es/ketamine/CHECK-BABY").body;
    assert!(spanish.contains("lang=\"es\"") && spanish.contains(NOT_FOR_READERS), "{spanish}");
    assert!(preview.get("/~try/en/ketamine/").body.contains("data-checker=\"ketamine\""));
    assert!(preview.get("/~walk/ketamine/CHECK-BABY").body.contains("href=\"/~try/en/ketamine/CHECK-BABY\""));
    assert!(preview.get("/~walk/").body.contains("href=\"/~try/en/ketamine/\""));
    for absent in [
        "/~try/",
        "/~try/en",
        "/~try/en/other/",
        "/~try/fr/ketamine/",
        "/~try/en/ketamine/INV-02",
        "/~try/%3Cb%3E",
    ] {
        let answer = preview.get(absent);
        assert_eq!(answer.status, 404, "{absent}");
        assert!(!answer.body.contains("data-checker") && !answer.body.contains("<b>"), "{absent}");
    }
    assert_eq!(preview.get_from("/~try/en/ketamine/CHECK-BABY", "evil.example").status, 421);

    let _site = site.edit(RULES, BROKEN, MAYBE);
    let mended = preview.get_until("/~try/en/ketamine/CHECK-BABY", |answer| answer.status == 404);
    assert!(mended.body.contains("There is nothing to try here"), "{}", mended.body);
}

#[test]
fn no_build_holds_a_questionnaire_that_breaks_a_promise() {
    let site = Site::shipped();
    site.build().exits(0);
    let good = files_below(&site.path("public"));
    for (path, bytes) in &good {
        let text = String::from_utf8_lossy(bytes);
        for only_in_the_preview in ["~try", "-unproved", NOT_FOR_READERS] {
            assert!(!text.contains(only_in_the_preview), "{path} holds {only_in_the_preview:?}");
        }
    }
    // Broken, even with drafts asked for, it leaves the last good site byte for byte as it was.
    let site = site.edit(RULES, MAYBE, BROKEN);
    for arguments in [&["build"][..], &["build", "--drafts"]] {
        site.run(arguments).exits(1);
        assert!(files_below(&site.path("public")) == good, "{arguments:?} wrote something");
    }
}

const PREPARE: &str = "content/en/pages/visit/prepare.md";

#[test]
fn the_panel_of_a_page_tells_its_findings_and_how_it_stands() {
    let site = Site::small_in_two_languages().edit(
        PREPARE,
        "Drink water and sleep well.",
        "Drink water prior to the visit.",
    );
    let preview = Preview::start(&site);
    let panel = preview.get("/~page/visit/prepare/");
    assert_eq!(panel.status, 200);
    let place = format!("{PREPARE}:{}:", site.line_of(PREPARE, "prior to"));
    for said in [
        "data-state=\"mend\"",
        &place,
        "<mark>prior to</mark>",
        "Write: before",
        "No clinician has reviewed this page",
        "it does not say which wording it translates",
        "The sentences that cost most",
    ] {
        assert!(panel.body.contains(said), "the panel does not say {said:?}: {}", panel.body);
    }
    let policy = panel.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    // The page in the other language has nothing of it, and neither has one that is good.
    for good in ["/~page/es/visit/prepare/", "/~page/visit/aftercare/"] {
        let panel = preview.get(good).body;
        assert!(panel.contains("data-state=\"good\"") && !panel.contains("prior to"), "{good}: {panel}");
    }
    let all = preview.get("/~pages/").body;
    assert!(all.contains("href=\"/~page/visit/prepare/\"") && all.contains("1 warning"), "{all}");

    let _site = site.edit(PREPARE, "prior to", "before");
    let mended =
        preview.get_until("/~page/visit/prepare/", |answer| answer.body.contains("data-state=\"good\""));
    assert!(!mended.body.contains("class=\"told told"), "{}", mended.body);
}

#[test]
fn a_panel_answers_for_every_address_and_gives_nothing_away() {
    let site = Site::small();
    let preview = Preview::start(&site);
    for path in ["/~page/no/such/page/", "/~page/", "/~page/404.html", "/~page//x", "/~page/%3Cb%3E/"] {
        let answer = preview.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("<b>"), "{path}: {}", answer.body);
    }
    assert!(preview.get("/~page/no/such/page/").body.contains("There is no page at this address."));
    assert_eq!(preview.get("/~page/../secret/").status, 400);
    for path in ["/~page/visit/prepare/", "/~pages/", "/__live/panel.css"] {
        let answer = preview.get_from(path, "evil.example");
        assert_eq!(answer.status, 421, "{path}");
    }
}

#[test]
fn a_draft_is_told_where_it_would_be() {
    let site = Site::small().edit(PREPARE, "weight: 1", "weight: 1\ndraft: true").edit(
        "content/en/pages/index.md",
        "[get ready for your visit](/visit/prepare.md)",
        "how to get ready",
    );
    let site = site.edit(
        "content/en/pages/visit/aftercare.md",
        "[what to bring](/visit/prepare.md#what-to-bring)",
        "what to bring",
    );
    let preview = Preview::start(&site);
    assert_eq!(preview.get("/visit/prepare/").status, 404);
    let panel = preview.get("/~page/visit/prepare/").body;
    assert!(panel.contains("site-gen serve --drafts"), "{panel}");
    assert!(preview.get("/~pages/").body.contains("a draft"));
    let panel = preview.get("/~page/visit/aftercare/").body;
    assert!(!panel.contains("--drafts"), "{panel}");
}

#[test]
fn mistakes_outside_the_pages_stop_none_of_them() {
    let site = Site::small();
    let preview = Preview::start(&site);
    let site = site.edit("content/facts.toml", "[emergency_number]", "[emergency_number");
    let broken = |body: &str| body.contains("shows the last good version");
    let all = preview.get_until("/~pages/", |answer| broken(&answer.body));
    assert!(broken(&all.body) && all.body.contains("content/facts.toml"), "{}", all.body);
    let page = preview.get("/visit/prepare/");
    assert_eq!(page.status, 200, "a page that is not to blame is hidden");
    let panel = preview.get("/~page/visit/prepare/").body;
    assert!(panel.contains("data-state=\"broken\""), "{panel}");
    drop(site);
}
