//! Files for hosts: which headers each address gets, where old addresses lead, whom to tell of a hole.

use super::handouts::FOLDER;
use super::view::Views;
use crate::link::PageId;
use crate::parse::front_matter::PageKind;
use crate::picture;
use jiff::civil::Date;
use std::fmt::Write as _;

/// The policy of a page that holds a checker: nothing may leave it.
const CHECKER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
     trusted-types 'none'";

/// The policy of the page where readers search: its script may ask this site for the index, and nobody for anything
/// else.
const SEARCH_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

/// The policy of a page with a list that readers can narrow: what they type there cannot leave it.
pub(super) const FILTER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The policy of every other page. Where a host sends both, the narrower one wins; so this one must allow all
/// that the checker needs to run.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/// The policy that stands in the page itself, for hosts that send no headers.
pub(super) fn policy(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Checker => CHECKER_POLICY,
        PageKind::Search => SEARCH_POLICY,
        _ => PAGE_POLICY,
    }
}

/// The policy that is sent with a page that holds a checker.
pub(crate) fn checker_policy() -> String {
    sent(CHECKER_POLICY)
}

/// A policy as a host sends it: only there can a page say who may show it in a frame.
fn sent(policy: &str) -> String {
    format!("{policy}; frame-ancestors 'none'")
}

/// `_headers`, as Netlify and Cloudflare Pages read it. The preview obeys it too.
pub(super) fn headers(views: &Views<'_>, hashed: &[String]) -> String {
    let base = &views.site.settings.base_path;
    let mut text = format!(
        "{base}*\n  Content-Security-Policy: {PAGE_POLICY}; frame-ancestors 'none'\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: no-referrer\n  Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=()\n  \
         Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Resource-Policy: same-origin\n  \
         Strict-Transport-Security: max-age=31536000\n  Cache-Control: no-cache\n"
    );
    for page in &views.site.pages {
        if policy(page.kind) != PAGE_POLICY {
            let _ = write!(
                text,
                "\n{}\n  ! Content-Security-Policy\n  Content-Security-Policy: {}\n",
                views.href(&page.url),
                sent(policy(page.kind))
            );
        }
    }
    // Who searches should find the page, which is never older than its handout.
    if !views.site.handouts.is_empty() {
        let _ = write!(text, "\n{base}{FOLDER}*\n  X-Robots-Tag: noindex\n");
    }
    let copies = format!("{}*", picture::FOLDER.trim_start_matches('/'));
    for name in hashed.iter().chain([&copies]) {
        let _ = write!(
            text,
            "\n{base}{name}\n  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable\n"
        );
    }
    text
}

/// `_redirects`: old addresses and where they lead now.
pub(super) fn redirects(views: &Views<'_>) -> String {
    let mut text = String::new();
    for (old, page) in &views.site.redirects {
        let new = views.href(&views.site.page(*page).url);
        let old = views.href(old);
        let _ = writeln!(text, "{old} {new} 301");
        if let Some(bare) = old.strip_suffix('/') {
            let _ = writeln!(text, "{bare} {new} 301");
        }
    }
    text
}

/// The page at an old address, for hosts that read no `_redirects`.
pub(super) fn moved(views: &Views<'_>, id: PageId, style: &str) -> String {
    use crate::html::escape;
    let page = views.site.page(id);
    let language = &views.site.settings.languages[page.language];
    let url = escape(&views.href(&page.url));
    let word = |key: &str| escape(views.word(page.language, key));
    format!(
        "<!doctype html>\n<html lang=\"{code}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{PAGE_POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={url}\">\n\
         <link rel=\"canonical\" href=\"{canonical}\">\n<link rel=\"stylesheet\" href=\"{style}\">\n\
         <title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{text} <a href=\"{url}\">{name}</a></p>\n\
         </main>\n</body>\n</html>\n",
        code = language.code,
        dir = language.dir,
        canonical = escape(&views.absolute(&page.url)),
        title = word("moved_title"),
        text = word("moved_text"),
        name = escape(&page.title),
    )
}

/// `robots.txt`. Nothing is hidden: what should not be found is not published.
pub(super) fn robots(views: &Views<'_>) -> String {
    format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", views.absolute("/sitemap.xml"))
}

/// `.well-known/security.txt`. `None` without an address to write to: a contact that does not exist helps nobody.
pub(super) fn security(views: &Views<'_>, today: Date) -> Option<String> {
    let email = &views.site.settings.clinic.email;
    if email.is_empty() {
        return None;
    }
    // The first day of a month, so that the file changes twelve times a year and not every day.
    let expires = today.first_of_month().checked_add(jiff::Span::new().months(11)).ok()?;
    let languages: Vec<&str> =
        views.site.settings.languages.iter().map(|language| language.code.as_str()).collect();
    Some(format!(
        "Contact: mailto:{email}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: {}\nCanonical: {}\n",
        languages.join(", "),
        views.absolute("/.well-known/security.txt")
    ))
}
