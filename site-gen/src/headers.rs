//! The `_headers` file of the built site, as the preview obeys it and as other servers are told of it: a line at the
//! margin names a path (`/check/`, or `/*` for everything below), the indented lines under it are headers.

/// Which headers a path gets.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Rules(Vec<Rule>);

#[derive(Debug, Default, PartialEq)]
struct Rule {
    pattern: String,
    headers: Vec<(String, String)>,
}

impl Rules {
    /// Reads the file. Lines that make no sense are skipped: the file is the program's own.
    pub(crate) fn parse(text: &str) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        {
            if !line.starts_with([' ', '\t']) {
                rules.push(Rule { pattern: line.trim().to_string(), headers: Vec::new() });
            } else if let (Some(rule), Some((name, value))) = (rules.last_mut(), line.trim().split_once(':'))
            {
                rule.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
            }
        }
        Rules(rules)
    }

    /// The paths that have headers of their own, in the order of the file.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|rule| rule.pattern.as_str())
    }

    /// The headers for a path, later rules over earlier ones.
    pub(crate) fn of(&self, path: &str) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        for rule in self.0.iter().filter(|rule| matches(&rule.pattern, path)) {
            for (name, value) in &rule.headers {
                // `! Name` takes a header of an earlier rule away, as the hosts that read this file do.
                let (drops, name) =
                    name.strip_prefix('!').map_or((false, name.as_str()), |rest| (true, rest.trim()));
                found.retain(|(earlier, _)| *earlier != name);
                if !drops {
                    found.push((name, value));
                }
            }
        }
        found
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end)
        }
        None => pattern == path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "/*\n  X-Content-Type-Options: nosniff\n  Content-Security-Policy: default-src 'none'\n\n/check/\n  Content-Security-Policy: default-src 'none'; connect-src 'none'\n/*.css\n  Cache-Control: immutable\n";

    #[test]
    fn a_closer_rule_stands_in_for_a_wider_one() {
        let rules = Rules::parse(FILE);
        assert_eq!(
            rules.of("/check/"),
            [
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "default-src 'none'; connect-src 'none'")
            ]
        );
    }

    #[test]
    fn a_rule_does_not_reach_its_neighbours() {
        let rules = Rules::parse(FILE);
        assert!(rules.of("/check/more/").contains(&("content-security-policy", "default-src 'none'")));
        assert!(rules.of("/style-1.css").contains(&("cache-control", "immutable")));
        assert!(!rules.of("/style").iter().any(|(name, _)| *name == "cache-control"));
    }
}
