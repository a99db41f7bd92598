//! What `_headers` and `_redirects` say, in the words of nginx and of Caddy, for clinics with a server of their own.

use crate::headers::Rules;
use std::fmt::Write as _;

/// Files that are for servers and not for readers.
pub(super) const NOT_FOR_READERS: [&str; 4] = ["_headers", "_redirects", "_nginx.conf", "_Caddyfile"];

/// What a server has to know.
pub(super) struct Served<'s> {
    /// Where the site lives: `/` or `/clinic/`.
    pub(super) base: &'s str,
    /// `_headers`, read.
    pub(super) headers: &'s Rules,
    /// `_redirects`: lines of old address, new address and code.
    pub(super) redirects: &'s str,
    /// Folders of the languages other than the first: `es/`.
    pub(super) languages: &'s [String],
}

impl Served<'_> {
    fn moved(&self) -> impl Iterator<Item = (&str, &str)> {
        self.redirects.lines().filter_map(|line| {
            let mut parts = line.split(' ');
            Some((parts.next()?, parts.next()?))
        })
    }

    /// The paths with headers of their own, the one for everything left out.
    fn special(&self) -> impl Iterator<Item = &str> {
        self.headers.patterns().filter(|pattern| pattern.strip_suffix('*') != Some(self.base))
    }
}

/// `_nginx.conf`: included in the `server` block of the site.
pub(super) fn nginx(served: &Served<'_>) -> String {
    let base = served.base;
    let mut text = String::from(
        "# Made by site-gen at each build; do not change it here. In the `server` block of the site write\n\
         #     root /var/www;                         (a site at the top of its address: the folder with this file)\n\
         #     include /var/www/.../_nginx.conf;\n\
         # A site below a path, as in /clinic/, lies in a folder of that name below the root.\n\n\
         charset utf-8;\ncharset_types text/css text/plain text/xml application/javascript application/json;\n\
         absolute_redirect off;\ngzip_static on;\ngzip_vary on;\n# Where nginx has the module for it: brotli_static on;\n\n\
         if (-d $request_filename) { rewrite [^/]$ $uri/ permanent; }\n",
    );
    for (old, new) in served.moved() {
        let _ = writeln!(text, "location = {old} {{ return 301 {new}; }}");
    }
    for name in NOT_FOR_READERS {
        let _ = writeln!(text, "location = {base}{name} {{ return 404; }}");
    }
    // What a build and an editor leave beside the pages. Below .well-known is what others look for.
    text.push_str("location ~ /\\.(?!well-known/) { return 404; }\n");
    let mut location = |which: &str, path: &str, missing: &str| {
        let _ = writeln!(text, "\nlocation {which}{path} {{");
        for (name, value) in served.headers.of(path) {
            let _ = writeln!(text, "    add_header {name} \"{value}\" always;");
        }
        if !missing.is_empty() {
            let _ = writeln!(text, "    error_page 404 {missing};");
        }
        text.push_str("    try_files $uri ${uri}index.html =404;\n}\n");
    };
    location("", base, &format!("{base}404.html"));
    for language in served.languages {
        location("", &format!("{base}{language}"), &format!("{base}{language}404.html"));
    }
    for pattern in served.special() {
        match pattern.strip_suffix('*') {
            Some(start) => location("^~ ", start, ""),
            None => location("= ", pattern, ""),
        }
    }
    // For the addresses above that answer before any of these places is asked.
    let _ = writeln!(text, "\nerror_page 404 {base}404.html;");
    text
}

/// `_Caddyfile`: imported in the block of the site.
pub(super) fn caddy(served: &Served<'_>) -> String {
    let base = served.base;
    let mut text = String::from(
        "# Made by site-gen at each build; do not change it here. In the block of the site write\n\
         #     root * /var/www                        (a site at the top of its address: the folder with this file)\n\
         #     import /var/www/.../_Caddyfile\n\
         # A site below a path, as in /clinic/, lies in a folder of that name below the root.\n\nroute {\n",
    );
    let mut header = |matcher: &str, path: &str| {
        let _ = writeln!(text, "\theader{matcher} {{");
        for (name, value) in served.headers.of(path) {
            let _ = writeln!(text, "\t\t{name} \"{value}\"");
        }
        text.push_str("\t}\n");
    };
    header("", base);
    for pattern in served.special() {
        header(&format!(" {pattern}"), pattern.strip_suffix('*').unwrap_or(pattern));
    }
    for (old, new) in served.moved() {
        let _ = writeln!(text, "\tredir {old} {new} 301");
    }
    for name in NOT_FOR_READERS {
        let _ = writeln!(text, "\terror {base}{name} 404");
    }
    // What a build and an editor leave beside the pages. Below .well-known is what others look for.
    text.push_str("\t@hidden {\n\t\tpath */.*\n\t\tnot path */.well-known/*\n\t}\n\terror @hidden 404\n");
    text.push_str("\tfile_server {\n\t\tprecompressed br gzip\n\t}\n}\n\nhandle_errors {\n");
    for (number, language) in served.languages.iter().enumerate() {
        let _ = writeln!(
            text,
            "\t@language{number} path {base}{language}*\n\trewrite @language{number} {base}{language}404.html"
        );
    }
    let others: Vec<String> = served.languages.iter().map(|language| format!("{base}{language}*")).collect();
    match others.is_empty() {
        true => {
            let _ = writeln!(text, "\trewrite * {base}404.html");
        }
        false => {
            let _ =
                writeln!(text, "\t@others not path {}\n\trewrite @others {base}404.html", others.join(" "));
        }
    }
    text.push_str("\tfile_server\n}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "/clinic/*\n  Content-Security-Policy: default-src 'none'\n  Cache-Control: no-cache\n\
                           /clinic/check/\n  ! Content-Security-Policy\n  Content-Security-Policy: connect-src 'none'\n";

    fn with(write: fn(&Served<'_>) -> String) -> String {
        let languages = ["es/".to_owned()];
        write(&Served {
            base: "/clinic/",
            headers: &Rules::parse(HEADERS),
            redirects: "/clinic/old/ /clinic/new/ 301\n",
            languages: &languages,
        })
    }

    #[test]
    fn nginx_repeats_all_headers_at_each_place() {
        let text = with(nginx);
        let checker =
            text.split("location = /clinic/check/ {").nth(1).and_then(|rest| rest.split('}').next());
        let checker = checker.expect("a place of its own");
        assert!(
            checker.contains("add_header content-security-policy \"connect-src 'none'\" always;"),
            "{checker}"
        );
        assert!(checker.contains("add_header cache-control \"no-cache\" always;"), "{checker}");
        assert!(!checker.contains("default-src"), "{checker}");
        assert!(text.contains("location = /clinic/old/ { return 301 /clinic/new/; }"), "{text}");
        assert!(text.contains("error_page 404 /clinic/es/404.html;"), "{text}");
        assert!(text.contains("location = /clinic/_headers { return 404; }"), "{text}");
    }

    #[test]
    fn caddy_has_the_narrower_headers_after_the_wider_ones() {
        let text = with(caddy);
        let wide = text.find("default-src 'none'").expect("the policy of every page");
        let narrow = text.find("\theader /clinic/check/ {").expect("a place of its own");
        assert!(wide < narrow && !text[narrow..].contains("default-src"), "{text}");
        assert!(text.contains("\tredir /clinic/old/ /clinic/new/ 301\n"), "{text}");
        assert!(text.contains("rewrite @language0 /clinic/es/404.html"), "{text}");
        assert!(text.contains("\terror @hidden 404\n"), "{text}");
    }
}
