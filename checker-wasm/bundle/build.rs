//! Builds the widget and makes one script of it. Decision 002 says why it is done here and in this way.

#[path = "make/cut.rs"]
mod cut;
#[path = "make/data.rs"]
mod data;
#[path = "make/glue.rs"]
mod glue;
#[path = "make/licenses.rs"]
mod licenses;
#[path = "make/record.rs"]
mod record;
#[path = "make/script.rs"]
mod script;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
/// Set to `write` to renew the reviewed record; read the difference before you commit it.
const RECORD: &str = "CHECKER_BUNDLE_RECORD";

fn main() {
    if let Err(message) = run() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gave no CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gave no OUT_DIR")?);
    let widget = here.parent().ok_or("checker-bundle has no folder above it")?;
    let workspace = widget.parent().ok_or("checker-wasm has no folder above it")?;
    for path in [
        workspace.join("Cargo.toml"),
        workspace.join("Cargo.lock"),
        workspace.join("checker-rules/Cargo.toml"),
        workspace.join("checker-rules/src"),
        widget.join("Cargo.toml"),
        widget.join("src"),
        widget.join("ui/Cargo.toml"),
        widget.join("ui/src"),
        widget.join("ui/words.txt"),
        here.join("build.rs"),
        here.join("make"),
        here.join("loader.js"),
        here.join("imports.txt"),
    ] {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    println!("cargo::rerun-if-env-changed={RECORD}");

    have_target()?;
    let (wasm, messages) = build_widget(workspace, &target_dir(&out))?;
    let made = bind(&wasm)?;
    review(&made.lines, &here.join("imports.txt"))?;
    let loader = read(&here.join("loader.js"))?;
    let text = script::assemble(&loader, &made.glue, &made.module)?;

    let names: Vec<&str> = made.names.iter().map(String::as_str).collect();
    let report = format!(
        "WASM module: {} bytes, {} functions and {} bytes of constants cut\nglue: {} bytes\nscript: {} bytes\n\nimports:\n{}\n",
        made.module.len(),
        made.cut,
        made.dropped,
        made.glue.len(),
        text.len(),
        names.join("\n")
    );
    write(&out.join("checker.js"), &text)?;
    write(&out.join("imports.txt"), &names.join("\n"))?;
    write(&out.join("licenses.txt"), &licenses::list(&licenses::folders(&messages, workspace, TARGET))?)?;
    write(&out.join("report.txt"), &report)
}

/// The folder in which the inner build works: one for all profiles of this workspace, and never the folder
/// that the outer build holds its lock on.
fn target_dir(out: &Path) -> PathBuf {
    // Cargo marks the top of a target folder with these, unless the folder was there before; then it is
    // four steps up: <target>/<profile>/build/<package>/out.
    let marked =
        |folder: &&Path| folder.join("CACHEDIR.TAG").is_file() || folder.join(".rustc_info.json").is_file();
    out.ancestors().find(marked).or_else(|| out.ancestors().nth(4)).unwrap_or(out).join("widget")
}

/// Sees to it that the compiler can build for the browser.
fn have_target() -> Result<(), String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let has = || {
        let found =
            Command::new(&rustc).args(["--print", "target-libdir", "--target", TARGET]).output().ok()?;
        Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_dir().then_some(())
    };
    if has().is_some() {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).output();
    if has().is_some() {
        return Ok(());
    }
    let why = match added {
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => format!("rustup did not start: {error}"),
    };
    Err(format!(
        "The questionnaire runs in the browser as WASM, and this Rust has no {TARGET} target.\n\
         Run once, with a network: rustup target add {TARGET}\n\
         (tried it just now: {})",
        why.trim()
    ))
}

/// Compiles `checker-wasm` for the browser and gives the path of the module, and what cargo said of every crate in it.
fn build_widget(workspace: &Path, target_dir: &Path) -> Result<(PathBuf, String), String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(workspace)
        .args(["build", "--locked", "--profile", "wasm", "--target", TARGET, "-p", "checker-wasm"])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(target_dir);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(outer_only) {
            command.env_remove(name);
        }
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags());
    let output = command.output().map_err(|error| format!("cargo did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "The questionnaire widget did not compile. Try it alone:\n\
             cargo build --profile wasm --target {TARGET} -p checker-wasm\n{}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((target_dir.join(TARGET).join("wasm/checker_wasm.wasm"), messages))
}

/// Flags under which the same sources give the same bytes on every machine: panic locations name source files, and
/// where a home folder lies is nobody's business.
fn flags() -> String {
    let home = |name| env::var_os(name).map(|home| PathBuf::from(home).join(".cargo"));
    let cargo =
        env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| home("HOME")).or_else(|| home("USERPROFILE"));
    let sources = cargo.and_then(|cargo| fs::read_dir(cargo.join("registry/src")).ok());
    let mut flags: Vec<String> = sources
        .into_iter()
        .flatten()
        .filter_map(|registry| Some(format!("--remap-path-prefix={}/=", registry.ok()?.path().display())))
        .collect();
    flags.sort();
    // Each constant stays apart, and names say everything, so that what is not needed can be told and taken out.
    flags.push("-Clink-arg=--no-merge-data-segments".into());
    flags.push("-Csymbol-mangling-version=v0".into());
    flags.join("\u{1f}")
}

/// Settings of the outer build that the inner one must not see: flags meant for the host's code, clippy's wrapper,
/// and what cargo tells build scripts. The widget is the same whoever asks for it.
fn outer_only(name: &str) -> bool {
    const PREFIXES: &[&str] =
        &["CARGO_FEATURE_", "CARGO_CFG_", "CARGO_PKG_", "CARGO_PROFILE_", "CARGO_MANIFEST_", "DEP_"];
    const NAMES: &[&str] = &[
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_INCREMENTAL",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_DIR",
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "DEBUG",
        "HOST",
        "NUM_JOBS",
        "OPT_LEVEL",
        "OUT_DIR",
        "PROFILE",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTDOC",
        "RUSTFLAGS",
        "TARGET",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name)
}

/// What wasm-bindgen's generator makes of the module, after our changes.
struct Made {
    module: Vec<u8>,
    glue: String,
    /// Import names without hashes, sorted, once each.
    names: Vec<String>,
    /// Lines for the reviewed record.
    lines: Vec<String>,
    /// How many functions were taken out.
    cut: usize,
    /// How many bytes of constants were taken out.
    dropped: usize,
}

fn bind(wasm: &Path) -> Result<Made, String> {
    let wrong = |error| format!("wasm-bindgen could not read the widget: {error:#}");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).remove_name_section(false);
    bindgen.bundler(true).map_err(wrong)?;
    let mut output = bindgen.generate_output().map_err(wrong)?;
    let snippets = output.snippets().values().any(|inline| !inline.is_empty());
    if snippets || !output.local_modules().is_empty() || !output.npm_dependencies().is_empty() {
        return Err("a crate in the widget brings JavaScript of its own; the widget must not have any".into());
    }
    // For bundlers the first text is only an entry that imports the second.
    let pieces = glue::pieces(output.start().map_or(output.js(), String::as_str))?;

    let module = output.wasm_mut();
    let unused: Vec<_> = module
        .exports
        .iter()
        .filter(|export| ["__abort_handler", "__instance_terminated"].contains(&export.name.as_str()))
        .map(|export| export.id())
        .collect();
    unused.into_iter().for_each(|id| module.exports.delete(id));
    let cut = cut::cut(module);
    let dropped = data::keep_used(module)?;

    let mut names = Vec::new();
    let mut lines = Vec::new();
    let mut object = String::from("const imports = {\n");
    for (index, import) in module.imports.iter_mut().enumerate() {
        let piece = pieces
            .iter()
            .find(|piece| piece.function && piece.name == import.name)
            .ok_or_else(|| format!("the generated JavaScript does not define `{}`", import.name))?;
        let plain = glue::plain_name(&import.name);
        let body = glue::replacement(&plain, &piece.text).unwrap_or(&piece.text);
        lines.push(record::record_line(&plain, body));
        names.push(plain);
        import.module = "i".into();
        import.name = glue::short_name("", index);
        object.push_str(&format!("{}{body},\n", import.name));
    }
    object.push_str("};\n");

    let mut exports = BTreeMap::new();
    for export in module.exports.iter_mut() {
        if !["memory", "start", "clear", "hear", "__wbindgen_start"].contains(&export.name.as_str()) {
            let short = glue::short_name("", exports.len());
            exports.insert(std::mem::replace(&mut export.name, short.clone()), short);
        }
    }
    let module = cut::without_names(&module.emit_wasm())?;

    let helpers: Vec<_> = pieces.into_iter().filter(|piece| !piece.text.contains("wasm = val")).collect();
    let kept = glue::reachable(&helpers, &[&object]);
    let mut text = String::new();
    for piece in &kept {
        if piece.function {
            lines.push(record::record_line(&format!("helper {}", record::stable(&piece.name)), &piece.text));
            text.push_str(&format!("function {}{}\n", piece.name, piece.text));
        } else {
            lines.push(record::record_line("helper", &piece.text));
            text.push_str(&piece.text);
            text.push('\n');
        }
    }
    if !kept.iter().any(|piece| piece.text.starts_with("let wasm")) {
        text.push_str("let wasm;\n");
    }
    text.push_str(&object);
    let short: BTreeMap<String, String> = kept
        .iter()
        .filter(|piece| !piece.name.is_empty() && piece.name != "wasm")
        .enumerate()
        .map(|(index, piece)| (piece.name.clone(), glue::short_name("$", index)))
        .collect();
    let glue = glue::rename(&text, &short, &exports);

    let forbidden = record::forbidden_words(&text);
    if !forbidden.is_empty() {
        return Err(format!(
            "The generated JavaScript of the widget contains {}. The widget must not be able to send, keep or \
             show answers anywhere but on its page. Find the crate that needs it and do without.",
            forbidden.join(", ")
        ));
    }
    names.sort();
    names.dedup();
    lines.sort();
    lines.dedup();
    Ok(Made { module, glue, names, lines, cut, dropped })
}

/// Compares what the module asks for with the reviewed record.
fn review(lines: &[String], path: &Path) -> Result<(), String> {
    if env::var_os(RECORD).is_some_and(|value| value == "write") {
        return write(path, &format!("{RECORD_HEAD}{}\n", lines.join("\n")));
    }
    let difference = record::compare(lines, &read(path)?);
    for line in &difference.stale {
        println!("cargo::warning=imports.txt lists what the widget no longer needs: {line}");
    }
    if difference.unreviewed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "The widget asks the browser for something that nobody has reviewed:\n{}\n\
         Each line is a name and what it does. Ask: can it send, keep or show an answer outside the page? If it \
         cannot, renew the record and commit it:\n{RECORD}=write cargo build -p checker-bundle",
        difference.unreviewed.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
    ))
}

const RECORD_HEAD: &str = "\
# Everything the questionnaire's WASM module can ask of the browser, and each helper it does so with: a name, a tab,
# the code, both without hashes. Somebody has read each line and found that it cannot send, keep or show an answer
# outside the page. `cargo build -p checker-bundle` fails on a line that is not here; decision 002 says how to renew it.
";

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
