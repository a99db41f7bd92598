//! Whose work is inside the widget, and on which terms: for `licenses.txt`, which lies beside the script on every site.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One crate that was compiled for the browser.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    name: String,
    version: String,
    license: String,
    authors: String,
    source: String,
}

/// The folders of the crates of others that were compiled for the browser, from what cargo says while it builds
/// (`--message-format=json`): a line for each crate, compiled now or before.
pub(crate) fn folders(messages: &str, workspace: &Path, target: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| {
            let files = message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
            files.into_iter().any(|file| Path::new(file).iter().any(|part| part == target))
        })
        .filter_map(|message| Some(Path::new(message["manifest_path"].as_str()?).parent()?.to_owned()))
        .filter(|folder| !folder.starts_with(workspace))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The list of parts with the texts of their licences.
pub(crate) fn list(folders: &[PathBuf]) -> Result<String, String> {
    let mut parts = String::new();
    // The same text is told once, with the parts that it belongs to.
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in folders {
        let manifest = folder.join("Cargo.toml");
        let text =
            fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
        let part = read(&text);
        if part.license.is_empty() {
            return Err(format!(
                "{} {} does not say on which terms it may be given on",
                part.name, part.version
            ));
        }
        let _ = write!(parts, "{} {}: {}", part.name, part.version, part.license);
        for more in [&part.authors, &part.source] {
            if !more.is_empty() {
                let _ = write!(parts, "; {more}");
            }
        }
        parts.push('\n');
        for own in own_texts(folder, &part.license) {
            texts.entry(own).or_default().push(part.name.clone());
        }
    }
    for (text, names) in texts {
        let _ = write!(parts, "\n--- {}\n\n{}\n", names.join(", "), text.trim());
    }
    Ok(parts)
}

/// The few lines of a published manifest that matter here. Cargo writes each on one line, `authors` on several.
fn read(manifest: &str) -> Part {
    let mut part = Part::default();
    let mut lines = manifest.lines().skip_while(|line| *line != "[package]").skip(1);
    while let Some(line) = lines.next().filter(|line| !line.starts_with('[')) {
        let Some((key, value)) = line.split_once(" = ") else { continue };
        let plain = || value.trim_matches('"').to_owned();
        match key {
            "name" => part.name = plain(),
            "version" => part.version = plain(),
            "license" => part.license = plain(),
            "repository" => part.source = plain(),
            "authors" => {
                let mut list = value.to_owned();
                while !list.ends_with(']') {
                    let Some(more) = lines.next() else { break };
                    list.push_str(more.trim());
                }
                let names = list.split('"').skip(1).step_by(2);
                // An address is there for machines that gather them.
                let names: Vec<&str> = names.map(|name| name.split(" <").next().unwrap_or(name)).collect();
                part.authors = names.join(", ");
            }
            _ => {}
        }
    }
    part
}

/// The licence texts that a crate brings. Where it may be used on the MIT terms, only those: they are the short ones.
fn own_texts(folder: &Path, license: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_license(path)).collect();
    files.sort();
    let mit = |path: &PathBuf| name_of(path).contains("mit");
    if license.contains("MIT") && files.iter().any(mit) {
        files.retain(mit);
    }
    files.iter().filter_map(|path| fs::read_to_string(path).ok()).map(|text| text.replace('\r', "")).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn is_license(path: &Path) -> bool {
    let name = name_of(path);
    path.is_file()
        && ["license", "licence", "copying", "notice", "unlicense"]
            .iter()
            .any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_manifest_says_whose_work_it_is() {
        let manifest = "# made by cargo\n[package]\nedition = \"2021\"\nname = \"yew\"\nversion = \"0.23.0\"\nauthors = [\n    \
                        \"A Person <a@example.org>\",\n    \"B Person\",\n]\nlicense = \"MIT OR Apache-2.0\"\n\
                        repository = \"https://example.org/yew\"\n\n[dependencies.x]\nversion = \"9\"\n";
        assert_eq!(
            read(manifest),
            Part {
                name: "yew".into(),
                version: "0.23.0".into(),
                license: "MIT OR Apache-2.0".into(),
                authors: "A Person, B Person".into(),
                source: "https://example.org/yew".into(),
            }
        );
    }

    #[test]
    fn what_runs_only_while_the_widget_is_built_is_no_part_of_it() {
        let artifact = |manifest: &str, file: &str| {
            serde_json::json!({ "reason": "compiler-artifact", "manifest_path": manifest, "filenames": [file] }).to_string()
        };
        let messages = [
            artifact("/r/yew-0.23.0/Cargo.toml", "/t/widget/wasm32-unknown-unknown/wasm/deps/libyew.rlib"),
            artifact("/r/yew-macro-0.23.0/Cargo.toml", "/t/widget/wasm/deps/libyew_macro.so"),
            artifact("/w/checker-wasm/Cargo.toml", "/t/widget/wasm32-unknown-unknown/wasm/checker_wasm.wasm"),
            "{\"reason\":\"build-finished\",\"success\":true}".to_owned(),
        ];
        let found = folders(&messages.join("\n"), Path::new("/w"), "wasm32-unknown-unknown");
        assert_eq!(found, [PathBuf::from("/r/yew-0.23.0")]);
    }

    #[test]
    fn a_crate_that_does_not_say_its_terms_stops_the_build() {
        let folder = std::env::temp_dir().join(format!("licenses-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("Cargo.toml"), "[package]\nname = \"x\"\nversion = \"1.0.0\"\n")
            .expect("a file");
        let told = list(std::slice::from_ref(&folder)).expect_err("no licence");
        assert!(told.contains("x 1.0.0"), "{told}");
        fs::write(
            folder.join("Cargo.toml"),
            "[package]\nname = \"x\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n",
        )
        .expect("a file");
        fs::write(folder.join("LICENSE-MIT"), "The terms\r\n").expect("a file");
        fs::write(folder.join("LICENSE-APACHE"), "Other terms\n").expect("a file");
        let told = list(std::slice::from_ref(&folder)).expect("a list");
        assert_eq!(told, "x 1.0.0: MIT\n\n--- x\n\nThe terms\n");
        fs::remove_dir_all(&folder).expect("it can go");
    }
}
