//! content/WALKTHROUGH.md, followed word for word: what a new member of staff does on the first day comes out as it says.

use tests::{Site, TODAY, findings};

/// One fenced block: its language, the file that it is about, and its lines.
struct Block {
    language: String,
    file: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(head)) => {
                let (language, file) = head.split_once(' ').unwrap_or((head, ""));
                open = Some(Block { language: language.into(), file: file.into(), lines: Vec::new() });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "the last block never ends");
    blocks
}

/// Lines with `+` are new, lines with `-` go, the others stand where they stand. Only new lines: at the end of the file.
fn change(site: &Site, block: &Block) {
    let (mut old, mut new) = (String::new(), String::new());
    for line in &block.lines {
        let (sign, rest) = line.split_at(line.len().min(1));
        let put = |into: &mut String| {
            into.push_str(rest);
            into.push('\n');
        };
        match sign {
            "+" => put(&mut new),
            "-" => put(&mut old),
            _ => {
                put(&mut old);
                put(&mut new);
            }
        }
    }
    let text = site.read(&block.file);
    if old.is_empty() {
        site.write(&block.file, &(text.trim_end().to_owned() + "\n" + &new));
        return;
    }
    // The remark behind a value is not part of what is shown.
    let old = old.trim_end_matches('\n');
    assert_eq!(text.matches(old).count(), 1, "{} should hold this once:\n{old}", block.file);
    site.write(&block.file, &text.replacen(old, new.trim_end_matches('\n'), 1));
}

#[test]
fn the_walkthrough_comes_out_as_it_says() {
    let site = Site::shipped().edit("content/site.toml", "compress = true", "compress = false");
    let text = site.read("content/WALKTHROUGH.md");
    let mut commands = 0;
    for block in blocks(&text) {
        match block.language.as_str() {
            "sh" => {
                for line in &block.lines {
                    let arguments: Vec<&str> = line.split_whitespace().collect();
                    assert_eq!(arguments[0], "site-gen", "{line}");
                    commands += 1;
                    let mut arguments = arguments[1..].to_vec();
                    if matches!(arguments[0], "check" | "verify") {
                        arguments.extend(["--format", "json"]);
                    }
                    if arguments[0] == "check" {
                        arguments.extend(["--today", TODAY]);
                    }
                    let run = site.run(&arguments).exits(0);
                    if arguments[0] == "check" {
                        let told: Vec<_> =
                            findings(&run).into_iter().filter(|finding| finding.severity != "note").collect();
                        assert!(told.is_empty(), "{line}: {told:#?}");
                    }
                }
            }
            "markdown" => {
                // What the program wrote into the file stays.
                let there = site.read(&block.file);
                let kept = there.lines().find(|line| line.starts_with("translates: ")).unwrap_or_default();
                let lines: Vec<&str> = block
                    .lines
                    .iter()
                    .map(|line| if line.starts_with("translates: ") { kept } else { line.as_str() })
                    .collect();
                site.write(&block.file, &(lines.join("\n") + "\n"));
            }
            "diff" => change(&site, &block),
            other => panic!("a block of `{other}`"),
        }
    }
    assert!(commands >= 5, "only {commands} commands");
    let answers = r#"{"S1":["none"],"S2":"no","S4":"no","A1":"18-64","A2":"no","A3":"no","C1":["cancer"]}"#;
    for (language, words) in [("en", "Pain from cancer"), ("es", "Dolor por cáncer")] {
        let run = site
            .run_with_input(
                &[
                    "answer",
                    "--checker",
                    "ketamine",
                    "--answers",
                    "-",
                    "--lang",
                    language,
                    "--format",
                    "json",
                ],
                answers,
            )
            .exits(0);
        assert!(run.stdout.contains("\"I20\"") && run.stdout.contains(words), "{}", run.stdout);
    }
    site.build().exits(0);
    assert!(site.page("/conditions/cancer-pain/").contains("pain from cancer"));
    assert!(site.page("/es/conditions/cancer-pain/").contains("dolor por cáncer"));
}
