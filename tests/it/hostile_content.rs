//! Content that wants to do harm: to run something in a reader's browser, to tell somebody else who reads, to bring in another
//! page's words, to write lines into files for servers. All of it is refused with its place, or becomes plain words.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use tests::{Finding, Run, Site, Tag, files_below, findings, tags};

const PAGE: &str = "content/en/pages/visit/prepare.md";

/// Breaks out of an attribute, an element, a title, a script block and a comment, as far as it is let.
const BREAK_OUT: &str = "\"'></title></script></style><script src=//evil.example/x.js></script><img src=//evil.example/p \
                         onerror=alert(1)><!-- --><svg onload=alert(1)> {{ 7*7 }} {% include x %} &lt;b&gt; &#x3c;i> ]]>";

/// What every finished file must be, whatever stood in the content.
fn assert_harmless(site: &Site, what: &str) {
    let files = files_below(&site.path("public"));
    let scripts: Vec<String> =
        files.iter().map(|(name, _)| format!("/{name}")).filter(|name| name.ends_with(".js")).collect();
    assert!(files.len() > 10, "{what}: nothing was built");
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        if name.ends_with(".html") {
            for tag in tags(&text) {
                harmless_tag(&tag, &scripts).unwrap_or_else(|why| panic!("{what}: {name}: {why}: {tag:#?}"));
            }
        } else if name.ends_with(".xml") {
            well_formed(&text).unwrap_or_else(|why| panic!("{what}: {name}: {why}\n{text}"));
        } else if name.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&text)
                .unwrap_or_else(|why| panic!("{what}: {name}: {why}"));
        } else if ["_headers", "_redirects", "_nginx.conf", "_Caddyfile", "robots.txt"]
            .contains(&name.as_str())
        {
            assert!(!text.contains("evil.example") && !text.contains("X-Evil"), "{what}: {name}: {text}");
        }
    }
}

fn harmless_tag(tag: &Tag, scripts: &[String]) -> Result<(), String> {
    const FORBIDDEN: [&str; 12] = [
        "iframe",
        "frame",
        "object",
        "embed",
        "portal",
        "base",
        "applet",
        "math",
        "style",
        "audio",
        "video",
        "foreignobject",
    ];
    if FORBIDDEN.contains(&tag.name.as_str())
        || !tag.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    {
        return Err("an element that no page has".to_owned());
    }
    for (name, value) in &tag.attributes {
        if name.starts_with("on") || name == "style" || name == "srcdoc" || name == "ping" {
            return Err(format!("an attribute that runs or draws something: {name}"));
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ':') {
            return Err(format!("an attribute that was broken open: {name}"));
        }
        let address = value.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase();
        let loads = ["src", "srcset", "poster", "data", "action", "formaction", "background"]
            .contains(&name.as_str())
            || (name == "href"
                && tag.name != "a"
                && !matches!(tag.get("rel"), Some("canonical" | "alternate")));
        if loads && (address.starts_with("//") || address.contains("://") || address.starts_with("data:")) {
            return Err(format!("loads something from elsewhere: {name}"));
        }
        if name == "href" {
            let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
            let known = ["", "https", "http", "mailto", "tel", "sms"];
            if !known.contains(&scheme) && !scheme.contains(['/', '#', '?']) {
                return Err(format!("leads to {scheme}:"));
            }
            if address.contains("evil.example") && !address.starts_with("https://evil.example/ok") {
                return Err("leads to another site that nobody linked to".to_owned());
            }
        }
        if name == "http-equiv"
            && !["content-security-policy", "refresh"].contains(&value.to_ascii_lowercase().as_str())
        {
            return Err(format!("an order to the browser: {value}"));
        }
    }
    if tag.name == "meta" && tag.get("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) {
        let to = tag.get("content").and_then(|content| content.split_once("url=")).map_or("", |(_, to)| to);
        if !to.starts_with('/') || to.starts_with("//") {
            return Err(format!("sends readers to {to}"));
        }
    }
    if tag.name == "script" {
        match (tag.get("src"), tag.get("type")) {
            (Some(src), _) if scripts.iter().any(|own| own == src) => {}
            (None, Some("application/ld+json" | "application/json")) => {
                let data: Result<serde_json::Value, _> = serde_json::from_str(&tag.after);
                data.map_err(|why| format!("a block of data that is none: {why}"))?;
            }
            (None, Some("text/plain")) => {}
            _ => return Err("a script that is not the program's own".to_owned()),
        }
    }
    Ok(())
}

/// Whether every element of an XML file ends, and nothing in it is what a reader of feeds would run.
fn well_formed(xml: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some((text, after)) = rest.split_once('<') {
        if text.contains("]]>") {
            return Err("the end of a section that never began".to_owned());
        }
        let (tag, after) = after.split_once('>').ok_or("a tag without an end")?;
        rest = after;
        let name = tag.trim_end_matches('/').split_ascii_whitespace().next().unwrap_or_default();
        if tag.starts_with('?') || tag.ends_with('/') {
        } else if let Some(closed) = name.strip_prefix('/') {
            if open.pop() != Some(closed) {
                return Err(format!("</{closed}> ends something else"));
            }
        } else {
            open.push(name);
        }
        if ["script", "img", "svg", "iframe"].contains(&name.trim_start_matches('/')) {
            return Err(format!("<{name}> in a file for machines"));
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("never ended: {open:?}")) }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON, and TOML, and YAML")
}

#[test]
fn words_that_look_like_code_are_words_wherever_they_stand() {
    let evil = quoted(BREAK_OUT);
    let with = |before: &str| quoted(&format!("{before} {BREAK_OUT}"));
    let site = Site::small();
    let mut interface: toml::Table = site.read("content/en/interface.toml").parse().expect("TOML");
    for (_, value) in interface.iter_mut() {
        let text = value.as_str().expect("words").to_owned();
        // What is left empty on purpose stays so.
        if !text.is_empty() {
            *value = format!("{text} {}", BREAK_OUT.replace(['{', '}'], "")).into();
        }
    }
    site.write("content/en/interface.toml", &toml::to_string(&interface).expect("TOML"));
    let site = site
        .edit("content/site.toml", "name = \"River Clinic\"", &format!("name = {}", with("River Clinic")))
        .edit("content/site.toml", "name = \"English\"", &format!("name = {}", with("English")))
        .edit("content/site.toml", "name = \"\"", &format!("name = {evil}"))
        .edit("content/site.toml", "phone = \"\"", &format!("phone = {evil}"))
        .edit("content/site.toml", "address = \"\"", &format!("address = {evil}"))
        .edit("content/site.toml", "hours = \"\"", &format!("hours = {evil}"))
        .edit("content/evidence.toml", "title = \"A study of rest\"", &format!("title = {evil}"))
        .edit("content/evidence.toml", "who = \"Example group\"", &format!("who = {evil}"))
        .edit("content/evidence.toml", "where = \"Journal of Rest, 1\"", &format!("where = {evil}\nurl = \"https://evil.example/ok\""))
        .edit("content/evidence.toml", "says = \"A short", &format!("says = {}\n# ", with("A short rest")))
        .edit("content/en/glossary.toml", "meaning = \"Medicine", &format!("say = {evil}\nalso = [{evil}]\nmeaning = {}\n# ", with("Medicine")))
        .append("content/en/glossary.toml", &format!("\n[[term]]\nterm = {evil}\nmeaning = {evil}\n"))
        .append("content/facts.toml", &format!("\n[evil]\nen = {evil}\nhref = {}\n", quoted("https://evil.example/ok?\"><script>alert(1)</script>")))
        .append("content/people.toml", &format!("\n[[person]]\nid = \"p\"\nname = {evil}\nrole = {evil}\ncredentials = {evil}\n"))
        .with(&format!(
            "=== content/en/tags.toml\n[evil]\ntitle = {evil}\nsummary = {evil}\n=== content/en/pages/visit/evil.md\n---\ntitle: {evil}\n\
             nav_title: {evil}\nsummary: {evil}\nkind: condition\ntags: [evil]\nauthor: p\nsources: [EV-REST]\ngrade: B\n\
             condition: {{name: {evil}, code: {evil}}}\n---\n\n\
             ## `</title><script>alert(1)</script>` {{#a}}\n\n\
             An infusion costs [[evil]] \\<script\\>alert(1)\\</script\\> &lt;script&gt;alert(1)&lt;/script&gt; \
             `<img src=x onerror=alert(1)>` [@EV-REST] and `{{{{ config }}}}`.\n\n\
             ```\n</code></pre><script>alert(1)</script>\n```\n\n\
             [\\\"\\>\\<img src=x\\>](/visit/prepare.md \"\\\"><script>alert(1)</script>\")\n\n\
             [ok](https://evil.example/ok?a=\"><script>alert(1)</script>)\n\n\
             ![\\\"\\>\\<b onclick=x\\>](/images/a.svg '\"><script>alert(1)</script>')\n\n\
             :::details \"><script>alert(1)</script>\nAnswer.\n:::\n\n:::known '\"onclick=alert(1) x=\"\nKnown.\n:::\n\n\
             | a\\\"\\> | `<b>` |\n|---|---|\n| `</table><script>` | [[evil]] |\n\n\
             ## Risks and side effects\n\nIt can harm.\n\nNote[^n].\n\n[^n]: `</section><script>`\n"
        ));
    site.write(
        "content/images/a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\"><path d=\"M0 0h4v3z\"/></svg>",
    );
    let run = site.build();
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_harmless(&site, "words that look like code");
    let page = site.page("/visit/evil/");
    // They are all there, to be read.
    assert!(page.contains("&lt;script src=//evil.example/x.js&gt;"), "{page}");
    assert!(page.contains("{{ 7*7 }}") && !page.contains("49 "), "no template code is run: {page}");
    assert!(tags(&page).iter().any(|tag| tag.name == "title" && tag.after.contains("&lt;script")), "{page}");
}

/// Errors of a build that published nothing.
#[track_caller]
fn refused(site: &Site, what: &str) -> Vec<Finding> {
    let run: Run = site.build();
    assert_eq!(run.code, 1, "{what}: {}", run.stdout);
    assert!(!site.path("public/index.html").exists(), "{what}: something was published");
    let found: Vec<Finding> = findings(&run).into_iter().filter(|one| one.severity == "error").collect();
    assert!(found.iter().all(|one| !one.message.is_empty() && !one.help.is_empty()), "{found:#?}");
    found
}

#[test]
fn markdown_that_wants_to_run_or_load_something_is_refused_at_its_line() {
    for (attack, code) in [
        ("<script>alert(1)</script>", "raw-html"),
        ("Text <img src=x onerror=alert(1)>", "raw-html"),
        ("<SCRIPT SRC=//evil.example/x></SCRIPT>", "raw-html"),
        ("<iframe srcdoc=\"<script>alert(1)</script>\">", "raw-html"),
        ("<a href=\"javascript:alert(1)\">x</a>", "raw-html"),
        ("<style>@import '//evil.example'</style>", "raw-html"),
        ("<meta http-equiv=refresh content=\"0;url=//evil.example\">", "raw-html"),
        ("<base href=//evil.example/>", "raw-html"),
        ("<form action=//evil.example><input name=a></form>", "raw-html"),
        ("<![CDATA[<script>alert(1)</script>]]>", "raw-html"),
        ("<?php echo 1 ?>", "raw-html"),
        ("<!-- a --> <b>b</b> <!-- c -->", "raw-html"),
        ("<!-- --!> <script>alert(1)</script> -->\n\n<i>x</i>", "raw-html"),
        ("- list\n  <details open ontoggle=alert(1)>", "raw-html"),
        ("> <object data=x>", "raw-html"),
        ("| a |\n|---|\n| <img src=x> |", "raw-html"),
        ("## Title <script>", "raw-html"),
        ("[^a]\n\n[^a]: <script>alert(1)</script>", "raw-html"),
        ("[x](javascript:alert(1))", "link-scheme"),
        ("[x](JaVaScRiPt:alert(1))", "link-scheme"),
        ("[x](javascript&colon;alert(1))", "link-scheme"),
        ("[x](&#106;avascript:alert(1))", "link-scheme"),
        ("[x](java&#x09;script:alert(1))", "link-scheme"),
        ("[x](<java\u{1}script:alert(1)>)", "link-scheme"),
        ("[x](vbscript:x)", "link-scheme"),
        ("[x](data:text/html;base64,PHNjcmlwdD4=)", "link-scheme"),
        ("[x](file:///etc/passwd)", "link-scheme"),
        ("[x](blob:https://evil.example/a)", "link-scheme"),
        ("[x](view-source:https://evil.example)", "link-scheme"),
        ("<javascript:alert(1)>", "link-scheme"),
        ("[x][a]\n\n[a]: javascript:alert(1)", "link-scheme"),
        ("[x](javascript%3Aalert(1))", "link-leads-nowhere"),
        ("[x](//evil.example/a)", "link-leads-nowhere"),
        ("[x](\\\\evil.example\\a)", "link-leads-nowhere"),
        ("[x](/\\evil.example/a)", "link-leads-nowhere"),
        ("[x](../../../../etc/passwd)", "link-leads-nowhere"),
        ("[x](/../content/site.toml)", "link-leads-nowhere"),
        ("![x](https://evil.example/a.png)", "image-missing"),
        ("![x](//evil.example/a.png)", "image-missing"),
        ("![x](data:image/svg+xml,<svg onload=alert(1)>)", "raw-html"),
        ("![x](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E)", "image-missing"),
        ("![x](javascript:alert(1))", "image-missing"),
        ("![x](/images/../../secret.png)", "image-missing"),
        ("[![x](//evil.example/a.png)](/visit/prepare.md)", "image-missing"),
        ("Text {{ config.secret }}", "template-code"),
        ("Text {% include \"secret.txt\" %}", "template-code"),
        ("{{< readfile \"secret.txt\" >}}", "template-code"),
        ("## Title {#\"onclick=alert(1)}", "heading-id"),
        ("## Title {#a onclick=alert(1)}", "heading-with-class"),
        ("## Title {.a\"onclick=alert(1)}", "heading-with-class"),
        ("[[<script>alert(1)</script>]]", "raw-html"),
        ("[@\"><script>]", "raw-html"),
        (":::<script>alert(1)</script>\n:::", "unknown-container"),
        (":::script src=//evil.example\n:::", "unknown-container"),
    ] {
        let site = Site::small().append(PAGE, &format!("\n{attack}\n"));
        let found = refused(&site, attack);
        let told = found.iter().find(|one| one.code == code);
        let told = told.unwrap_or_else(|| panic!("{attack}: not told as {code}: {found:#?}"));
        assert_eq!(told.file, PAGE, "{attack}");
        assert!(told.line >= 15, "{attack}: told of line {}", told.line);
    }
}

#[test]
fn markdown_that_only_looks_dangerous_is_published_as_words() {
    for (text, shows) in [
        ("Take 3 < 4 & 5 > 2", "3 &lt; 4 &amp; 5 &gt; 2"),
        ("Write `<script>` in code", "<code>&lt;script&gt;</code>"),
        ("\\<script\\>alert(1)\\</script\\>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
        // A slash behind the name makes it no tag for Markdown, and so it never becomes one for a browser.
        ("<svg/onload=alert(1)>", "&lt;svg/onload=alert(1)&gt;"),
        // No address may hold this sign, so it is no link.
        ("[x](\u{1}javascript:alert(1))", "javascript:alert(1))"),
        ("javascript:alert(1) is only a word here", "javascript:alert(1) is only"),
        ("<!-- a note for writers <script>alert(1)</script> -->\n\nText", "Text"),
        ("[x](https://evil.example/ok)", "href=\"https://evil.example/ok\" rel=\"noreferrer\""),
        ("<https://evil.example/ok>", "href=\"https://evil.example/ok\""),
        ("[call](tel:911)", "href=\"tel:911\""),
        ("<desk@clinic.example>", "href=\"mailto:desk@clinic.example\""),
        ("`{{ config }}` and `{% raw %}`", "<code>{{ config }}</code>"),
        ("[x](</visit/prepare.md> \"a \\\" b\")", "href=\"/visit/prepare/\""),
    ] {
        let site = Site::small().append(PAGE, &format!("\n{text}\n"));
        let run = site.build();
        assert_eq!(run.code, 0, "{text}: {}", run.stdout);
        assert_harmless(&site, text);
        let page = site.page("/visit/prepare/");
        assert!(page.contains(shows), "{text}: {page}");
    }
}

#[test]
fn files_that_could_run_are_not_published() {
    let svg = |inside: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\">{inside}</svg>")
    };
    for (name, text) in [
        ("a.svg", svg("<script>alert(1)</script>")),
        ("a.svg", svg("<foreignObject><iframe src='//evil.example'/></foreignObject>")),
        ("a.svg", svg("<image href='//evil.example/a.png'/>")),
        ("a.svg", svg("<style>@im<!-- -->port '//evil.example/a';</style>")),
        ("a.SVG", svg("<a href='javascript:alert(1)'/>")),
        ("a.png", svg("<script>alert(1)</script>")),
        ("a.jpg", "<script>alert(1)</script>".to_owned()),
    ] {
        let site = Site::small();
        site.write(&format!("content/images/{name}"), &text);
        let found = refused(&site, &text);
        assert!(found.iter().any(|one| one.file.ends_with(name)), "{text}: {found:#?}");
    }
    for name in [
        "a.html", "a.htm", "a.xhtml", "a.js", "a.mjs", "a.css", "a.xml", "a.svgz", "a.wasm", "a.php", "a",
        "_headers",
    ] {
        let site = Site::small();
        site.write(&format!("content/images/{name}"), "<script>alert(1)</script>");
        let run = site.build().exits(0);
        let told = findings(&run).into_iter().find(|one| one.file.ends_with(&format!("/{name}")));
        assert_eq!(told.map(|one| one.code).as_deref(), Some("file-in-no-place"), "{name}");
        assert!(!site.path(&format!("public/images/{name}")).exists(), "{name} was published");
        let linked = Site::small().append(PAGE, &format!("\n[x](/images/{name})\n"));
        linked.write(&format!("content/images/{name}"), "<script>alert(1)</script>");
        refused(&linked, name);
    }
    let site = Site::small().append(PAGE, "\n[Prices](/images/prices.pdf) and [days](/images/days.ICS)\n");
    site.write("content/images/prices.pdf", "%PDF-1.4");
    site.write("content/images/days.ICS", "BEGIN:VCALENDAR");
    site.build().exits(0);
    assert_eq!(site.read("public/images/prices.pdf"), "%PDF-1.4");
    assert_eq!(site.read("public/images/days.ICS"), "BEGIN:VCALENDAR");
}

#[test]
fn no_setting_writes_a_line_into_a_file_for_servers() {
    let base = |address: &str| {
        Site::small().edit("content/site.toml", "\"https://clinic.example\"", &quoted(address))
    };
    for address in [
        "https://clinic.example/a\n  X-Evil: 1",
        "https://clinic.example/a\r\nX-Evil: 1",
        "https://clinic.example/a; return 301 https://evil.example; #",
        "https://clinic.example/a{}",
        "https://clinic.example/$host",
        "https://clinic.example/../..",
        "https://clinic.example@evil.example/",
        "https://clinic.example\\@evil.example",
        "https://clinic\u{2028}.example",
        "javascript:alert(1)//",
        "//evil.example",
    ] {
        let found = refused(&base(address), address);
        assert!(
            found.iter().any(|one| one.code == "not-an-address" && one.line == 2),
            "{address}: {found:#?}"
        );
    }
    base("https://clinic.example:8443/our-site_2/~a").build().exits(0);

    let email = |address: &str| {
        Site::small().edit("content/site.toml", "email = \"\"", &format!("email = {}", quoted(address)))
    };
    for address in [
        "a@b.example\nContact: https://evil.example",
        "a@b.example?bcc=x@evil.example",
        "desk",
        "<a@b.example>",
        "a b@c.example",
        "desk@clinic.exa$ple",
        "{desk}@clinic.example",
    ] {
        let found = refused(&email(address), address);
        assert!(found.iter().any(|one| one.code == "not-an-address"), "{address}: {found:#?}");
    }
    let site = email("desk@clinic.example");
    site.build().exits(0);
    assert!(
        site.read("public/.well-known/security.txt").starts_with("Contact: mailto:desk@clinic.example\n")
    );

    let alias = |address: &str| {
        Site::small().edit(PAGE, "kind: prepare", &format!("kind: prepare\naliases: [{}]", quoted(address)))
    };
    for address in [
        "/a\n/b https://evil.example 301",
        "/a https://evil.example 301\n",
        "/a;}",
        "/a{internal;}",
        "/$uri",
        "/a`b`",
        "/*",
        "/:splat",
        "/..%2f..%2fsecret",
        "/../outside",
        "/.well-known/security.txt",
        "//evil.example/../x",
        "/\"onclick=x",
        "/<script>",
        "\\\\evil.example",
        "/_headers",
        "/_redirects/x/",
        "/sitemap.xml",
        "/sitemap.xml/feed/",
    ] {
        let found = refused(&alias(address), address);
        let codes = ["alias-not-an-address", "alias-is-a-page"];
        assert!(
            found.iter().any(|one| codes.contains(&one.code.as_str()) && one.file == PAGE),
            "{address}: {found:#?}"
        );
    }
    let site = alias("/old/get-ready_1.html");
    site.build().exits(0);
    assert_harmless(&site, "an old address");
    assert!(site.read("public/_redirects").contains("/old/get-ready_1.html /visit/prepare/ 301\n"));

    let language = Site::small().edit("content/site.toml", "[languages.en]\nname = \"English\"\n", "").edit(
        "content/site.toml",
        "default_language = \"en\"",
        &format!("default_language = {}", quoted("en\"><script>alert(1)</script>")),
    );
    let found = refused(&language, "a language");
    assert!(found.iter().any(|one| one.code == "not-a-language"), "{found:#?}");
    let source = Site::small().edit(
        "content/evidence.toml",
        "year = 2024",
        "year = 2024\nurl = \"javascript:alert(1)\"",
    );
    let found = refused(&source, "a source");
    assert!(
        found.iter().any(|one| one.code == "link-scheme" && one.file == "content/evidence.toml"),
        "{found:#?}"
    );
    let fact =
        Site::small().append("content/facts.toml", "\n[evil]\nen = \"x\"\nhref = \"javascript:alert(1)\"\n");
    let found = refused(&fact, "a fact");
    assert!(
        found.iter().any(|one| one.code == "link-scheme" && one.file == "content/facts.toml"),
        "{found:#?}"
    );
}

#[test]
fn words_of_a_questionnaire_cannot_leave_their_place() {
    let questions = "content/en/checkers/ketamine/questions.md";
    let rules = "content/checkers/ketamine/checker.toml";
    for (file, old, new) in [
        (questions, "Are you pregnant?", "Are you pregnant? </script><script src=//evil.example/x></script>"),
        (questions, "Are you pregnant?", "Are you pregnant? \\</script\\>\\<script src=//evil.example/x\\>"),
        (questions, "Are you pregnant?", "Are you pregnant? <img src=x onerror=alert(1)>"),
        (
            questions,
            "Are you pregnant?",
            "Are you pregnant? &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        (questions, "Are you pregnant?", "Are you pregnant? \" onclick=\"alert(1)"),
        (questions, "Are you pregnant?", "Are you pregnant? <!--<script>"),
        (questions, "Are you pregnant?", "Are you pregnant? {{ 7*7 }}"),
        (questions, "Are you pregnant?", "Are you pregnant? ` </script> `"),
        (rules, "id = \"ketamine\"", "id = \"ketamine\\\"><script>alert(1)</script>\""),
    ] {
        let site = Site::shipped();
        if !site.read(file).contains(old) {
            panic!("{file} no longer holds {old:?}");
        }
        let site = site.edit(file, old, new);
        let run = site.build();
        match run.code {
            0 => {
                assert_harmless(&site, new);
                assert!(site.page("/check/").contains("Are you pregnant?"), "{new}");
            }
            1 => {
                let found = findings(&run);
                assert!(found.iter().any(|one| one.severity == "error" && one.line > 0), "{new}: {found:#?}");
                assert!(!site.path("public/index.html").exists(), "{new}");
            }
            other => panic!("{new}: ended with {other}: {}", run.stderr),
        }
    }
}

/// Builds with little memory and says how long it took.
fn build_within(site: &Site, megabytes: u32) -> (Run, Duration) {
    let started = Instant::now();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!(
            "ulimit -v {} && exec \"$0\" build --format json --today {}",
            megabytes * 1024,
            tests::TODAY
        ))
        .arg(tests::program())
        .current_dir(site.root())
        .output()
        .expect("a shell");
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    (run, started.elapsed())
}

/// More than any of these may take, on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(60);
/// Of address space, in megabytes. The program itself and its threads need most of it.
const MEMORY: u32 = 2_000;

#[cfg(target_os = "linux")]
#[test]
fn what_is_far_too_large_or_too_deep_ends_in_a_message_soon() {
    let front = "---\ntitle: A\nsummary: B.\nkind: about\n---\n\n";
    let deep = 5_000;
    let page = |text: String| (PAGE, format!("{front}{text}\n"));
    let attacks: Vec<(&str, (&str, String), &str)> = vec![
        ("quotes", page("> ".repeat(deep) + "a"), "nested-too-deep"),
        ("lists", page("- ".repeat(deep) + "a"), "nested-too-deep"),
        (
            "lists on lines",
            page((0..deep).map(|n| format!("{}- a\n", "  ".repeat(n.min(150)))).collect()),
            "nested-too-deep",
        ),
        ("boxes", page(":::known\n".repeat(deep) + &":::\n".repeat(deep)), "nested-too-deep"),
        ("marks", page("*a **b ".repeat(deep) + &"** *".repeat(deep)), ""),
        ("brackets", page("[".repeat(100 * deep)), ""),
        ("brackets that close", page("[".repeat(deep) + "a" + &"]".repeat(deep)), ""),
        ("links", page("[a](".repeat(deep) + &")".repeat(deep)), ""),
        ("images", page("![".repeat(deep) + "a" + &"](/images/a.png)".repeat(deep)), ""),
        ("backticks", page((1..1500).map(|n| "`".repeat(n) + " ").collect()), ""),
        ("html", page("<a ".repeat(10 * deep)), ""),
        ("comments", page("<!-- ".repeat(10 * deep)), ""),
        ("entities", page("&#".repeat(10 * deep)), ""),
        ("footnotes", page("[^a]".repeat(10 * deep)), ""),
        ("references", page((0..deep).map(|n| format!("[a{n}]: /visit/prepare.md\n")).collect()), ""),
        ("facts", page("[[no_such_fact]] ".repeat(4 * deep)), "unknown-fact"),
        ("facts never closed", page("[[ ".repeat(20 * deep) + "]]"), ""),
        (
            "tables",
            page(format!("|{}\n|{}\n{}", "a|".repeat(deep), "-|".repeat(deep), "|b\n".repeat(deep))),
            "",
        ),
        ("a line of a megabyte", page("word ".repeat(200_000)), ""),
        ("a word of a megabyte", page("a".repeat(1_000_000)), ""),
        ("a hundred thousand headings", page("## A\n".repeat(100_000)), ""),
        ("a hundred thousand mistakes", page("<b>\n\n".repeat(100_000)), "raw-html"),
        ("a page of 50 MB", page("word ".repeat(10_000_000)), "file-too-large"),
        ("data of 50 MB", ("content/facts.toml", "# word\n".repeat(7_200_000)), "file-too-large"),
        ("settings of 50 MB", ("content/site.toml", "# word\n".repeat(7_200_000)), "file-too-large"),
        (
            "front matter, lists",
            (PAGE, format!("---\ntitle: {}{}\n---\nText\n", "[".repeat(deep), "]".repeat(deep))),
            "",
        ),
        (
            "front matter, groups",
            (PAGE, format!("---\ntitle: {}a{}\n---\nText\n", "{a: ".repeat(deep), "}".repeat(deep))),
            "nested-too-deep",
        ),
        (
            "front matter, lists without brackets",
            (PAGE, format!("---\ntitle:\n  {}a\n---\nText\n", "- ".repeat(deep))),
            "nested-too-deep",
        ),
        (
            "front matter, steps",
            (
                PAGE,
                format!(
                    "---\n{}\n---\nText\n",
                    (0..deep).map(|n| " ".repeat(n.min(500)) + "a:\n").collect::<String>()
                ),
            ),
            "",
        ),
        (
            "front matter, a bomb",
            (
                PAGE,
                format!(
                    "---\na0: &a0 [x]\n{}title: *a40\n---\nText\n",
                    (1..41)
                        .map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1))
                        .collect::<String>()
                ),
            ),
            "",
        ),
        (
            "TOML, lists",
            ("content/facts.toml", format!("a = {}{}\n", "[".repeat(deep), "]".repeat(deep))),
            "",
        ),
        (
            "TOML, groups",
            ("content/facts.toml", format!("a = {}{}\n", "{a=".repeat(deep), "}".repeat(deep))),
            "",
        ),
        ("TOML, steps", ("content/facts.toml", format!("{}b = 1\n", "a.".repeat(10 * deep))), ""),
        ("TOML, headings", ("content/facts.toml", format!("[{}b]\n", "a.".repeat(10 * deep))), ""),
        (
            "TOML front matter",
            (PAGE, format!("+++\na = {}{}\n+++\nText\n", "[".repeat(deep), "]".repeat(deep))),
            "",
        ),
        (
            "a drawing",
            (
                "content/images/a.svg",
                format!(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\">{}{}</svg>",
                    "<g>".repeat(100 * deep),
                    "</g>".repeat(100 * deep)
                ),
            ),
            "",
        ),
    ];
    let mut slowest: BTreeMap<Duration, &str> = BTreeMap::new();
    for (name, (file, text), code) in attacks {
        let site = Site::small();
        site.write(file, &text);
        let (run, took) = build_within(&site, MEMORY);
        assert!(matches!(run.code, 0 | 1), "{name}: ended with {}: {}", run.code, run.stderr);
        assert!(took < LONGEST, "{name}: {took:?}");
        assert!(run.stdout.len() < 2_000_000, "{name}: {} bytes of messages", run.stdout.len());
        let found = findings(&run);
        if !code.is_empty() {
            let told = found.iter().find(|one| one.code == code);
            let told = told.unwrap_or_else(|| panic!("{name}: not told as {code}: {found:#?}"));
            assert!(told.file == file && !told.help.is_empty(), "{name}: {told:#?}");
        }
        // A message that a person reads, not the whole line of a megabyte.
        assert!(found.iter().all(|one| one.message.len() < 400), "{name}: {found:#?}");
        slowest.insert(took, name);
    }
    println!("the slowest: {:?}", slowest.iter().rev().take(5).collect::<Vec<_>>());
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_only_large_is_built() {
    let front = "---\ntitle: A\nsummary: B.\nkind: about\n---\n\n";
    for (name, text) in [
        (
            "a long page",
            "## A heading {#a}\n\n".to_owned() + &"A short sentence that says one thing.\n\n".repeat(5_000),
        ),
        ("many lists", "- a\n  - b\n    - c\n".repeat(3_000)),
        ("many boxes", ":::details Why?\nIt is so.\n:::\n\n".repeat(1_000)),
        ("many headings", "## A heading\n\nText.\n\n".repeat(2_000)),
        ("a long table", format!("| a | b |\n|---|---|\n{}", "| c | d |\n".repeat(5_000))),
    ] {
        let site = Site::small();
        site.write("content/en/pages/visit/long.md", &format!("{front}{text}"));
        let (run, took) = build_within(&site, MEMORY);
        assert_eq!(run.code, 0, "{name}: {}{}", run.stdout, run.stderr);
        assert!(took < LONGEST, "{name}: {took:?}");
        assert!(site.page("/visit/long/").len() > text.len() / 2, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_would_fill_the_machine_is_named_and_not_read() {
    let site = Site::small();
    let file = std::fs::File::create(site.path("content/images.bin")).expect("a file");
    file.set_len(300 << 30).expect("a file with a hole takes no room");
    let (run, took) = build_within(&site, MEMORY);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("images.bin") && run.stderr.contains("take it away"), "{}", run.stderr);
    assert!(took < LONGEST, "{took:?}");
}
