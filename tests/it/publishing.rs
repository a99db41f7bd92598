//! A build replaces the published site whole or leaves it, whatever happens to it, and touches nobody else's files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use tests::{Run, Site, TODAY, files_below, program, run_program};

const PREPARE: &str = "content/en/pages/visit/prepare.md";
const SETTINGS: &str = "content/site.toml";
const INTERFACE: &str = "content/en/interface.toml";
/// A mistake that stops a build before it publishes.
const MISTAKE: &str = "\nSee [the map](/visit/map.md).\n";
/// Where a build keeps what is not published yet.
const WORK: &str = ".site-gen-work";
const LIST: &str = ".site-gen-files";
/// Files of others, in places where they could be in the way.
const FOREIGN: [(&str, &str); 3] =
    [("CNAME", "clinic.example"), ("visit/note.txt", "mine"), (".well-known/own/token", "abc")];

/// What readers see, files of others among it.
fn published(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    files_below(dir).into_iter().filter(|(name, _)| name != LIST && !name.starts_with(WORK)).collect()
}

#[track_caller]
fn assert_same(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "other files");
    for (name, bytes) in found {
        assert!(*bytes == expected[name], "{name} differs");
    }
}

fn build(site: &Site, output: &Path) -> Run {
    let output = output.to_str().expect("paths are UTF-8");
    site.run(&["build", "-o", output, "--today", TODAY])
}

fn start(site: &Site, output: &Path) -> Child {
    Command::new(program())
        .args(["build", "--today", TODAY, "-o"])
        .arg(output)
        .current_dir(site.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// The small site with more pages, so that publishing takes a while. `version` stands on each of them and decides which there
/// are.
fn many(version: &str) -> Site {
    let site =
        Site::small().edit(INTERFACE, "skip_to_content = \"", &format!("skip_to_content = \"{version} "));
    for number in 0..120 {
        // Some pages are in every version, some are not.
        let name = if number % 10 == 0 { format!("{version}-{number}") } else { number.to_string() };
        let page = format!(
            "---\ntitle: Page {number}\nsummary: A page.\nkind: about\nweight: {number}\n---\n\nText of {version}.\n"
        );
        site.write(&format!("content/en/pages/visit/more/{name}.md"), &page);
    }
    site.write(
        "content/en/pages/visit/more/index.md",
        "---\ntitle: More\nsummary: More pages.\nkind: section\nweight: 9\n---\n\nMore.\n",
    );
    site
}

/// A site's clean output with files of others among it.
fn clean(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let output = site.path("clean");
    build(site, &output).exits(0);
    let foreign = FOREIGN.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    published(&output).into_iter().chain(foreign).collect()
}

fn put_foreign(dir: &Path) {
    for (name, text) in FOREIGN {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().expect("BUG: below the folder")).expect("folders");
        fs::write(path, text).expect("a foreign file");
    }
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[test]
fn killed_at_any_moment_the_site_is_the_old_one_or_the_new_one() {
    const KILLS: usize = 50;
    let sites = [many("one"), many("two")];
    let wholes = sites.each_ref().map(clean);
    assert_ne!(wholes[0], wholes[1]);
    let home = Site::empty();
    let dir = home.path("public");
    let started = Instant::now();
    build(&sites[0], &dir).exits(0);
    let whole_build = started.elapsed().as_micros() as u64;
    put_foreign(&dir);

    let mut dice = Dice(7);
    let (mut killed, mut half_way, mut finished_by_next) = (0, 0, 0);
    for kill in 0..KILLS {
        let (old, new) = (&wholes[kill % 2], &wholes[(kill + 1) % 2]);
        let site = &sites[(kill + 1) % 2];
        let mut child = start(site, &dir);
        let commit = dir.join(WORK).join("files");
        if kill % 2 == 0 {
            // Anywhere in the build.
            std::thread::sleep(Duration::from_micros(dice.below(whole_build)));
        } else {
            // While it publishes, which is short.
            while !commit.exists() && child.try_wait().expect("a child").is_none() {
                std::hint::spin_loop();
            }
            std::thread::sleep(Duration::from_micros(dice.below(3000)));
        }
        let _ = child.kill();
        killed += usize::from(child.wait().expect("a child").code().is_none());

        let left = published(&dir);
        if commit.exists() {
            half_way += usize::from(left != *old && left != *new);
        } else if left == *new {
            assert_same(&left, new);
        } else {
            assert_same(&left, old);
        }
        // One step is enough, even one of a build that publishes nothing itself.
        let was_committed = commit.exists();
        let page = site.read(PREPARE);
        site.write(PREPARE, &format!("{page}{MISTAKE}"));
        build(site, &dir).exits(1);
        site.write(PREPARE, &page);
        let after = published(&dir);
        assert!(!dir.join(WORK).exists(), "the work folder is still there");
        if was_committed {
            finished_by_next += 1;
            assert_same(&after, new);
        } else {
            assert_same(&after, if left == *new { new } else { old });
        }
        // And the next good build is right, without a trace of what happened.
        build(site, &dir).exits(0);
        assert_same(&published(&dir), new);
        assert_eq!(tests::read(&dir.join(LIST)), tests::read(&site.path("clean").join(LIST)));
    }
    eprintln!(
        "{killed} of {KILLS} killed, {finished_by_next} after the commit, {half_way} with old and new files"
    );
    assert!(killed >= KILLS / 2, "only {killed} of {KILLS} builds were killed before they ended");
    assert!(finished_by_next > 0, "no build was killed while it published");
}

#[test]
fn the_preview_finishes_a_build_that_was_killed() {
    let sites = [many("one"), many("two")];
    let wholes = sites.each_ref().map(clean);
    for attempt in 0..20 {
        let dir = sites[1].path("public");
        let _ = fs::remove_dir_all(&dir);
        build(&sites[0], &dir).exits(0);
        put_foreign(&dir);
        let mut child = start(&sites[1], &dir);
        let commit = dir.join(WORK).join("files");
        while !commit.exists() && child.try_wait().expect("a child").is_none() {
            std::hint::spin_loop();
        }
        let _ = child.kill();
        let _ = child.wait();
        if !commit.exists() {
            assert!(attempt < 19, "in 20 attempts no build was caught while it published");
            continue;
        }
        let _preview = tests::Preview::start(&sites[1]);
        assert_same(&published(&dir), &wholes[1]);
        assert!(!dir.join(WORK).exists());
        return;
    }
}

#[test]
fn builds_at_the_same_time_wait_for_each_other() {
    let sites = [many("one"), many("two")];
    let wholes = sites.each_ref().map(clean);
    let home = Site::empty();
    let dir = home.path("public");
    for same in [true, false] {
        let children: Vec<Child> =
            (0..4).map(|number| start(&sites[if same { 0 } else { number % 2 }], &dir)).collect();
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let found: BTreeMap<_, _> = published(&dir);
        let without_foreign = |whole: &BTreeMap<String, Vec<u8>>| -> BTreeMap<String, Vec<u8>> {
            whole
                .iter()
                .filter(|(name, _)| !FOREIGN.iter().any(|(own, _)| own == name))
                .map(|(n, b)| (n.clone(), b.clone()))
                .collect()
        };
        if same || found == without_foreign(&wholes[0]) {
            assert_same(&found, &without_foreign(&wholes[0]));
        } else {
            assert_same(&found, &without_foreign(&wholes[1]));
        }
        assert!(!dir.join(WORK).exists());
    }
}

#[test]
fn a_build_that_has_to_wait_says_so_and_a_lock_that_is_left_over_stops_nobody() {
    let site = Site::small();
    let dir = site.path("public");
    fs::create_dir_all(dir.join(WORK)).expect("a folder");
    let lock = fs::File::create(dir.join(WORK).join("lock")).expect("a lock");
    lock.lock().expect("nobody else has it");
    let child = start(&site, &dir);
    std::thread::sleep(Duration::from_millis(500));
    assert!(!dir.join("index.html").exists(), "it did not wait");
    // As the system does when a build is killed.
    drop(lock);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Another build is writing to") && said.contains("waits"), "{said}");
    assert!(dir.join("index.html").exists());

    fs::create_dir_all(dir.join(WORK)).expect("a folder");
    fs::write(dir.join(WORK).join("lock"), "").expect("a lock that nobody holds");
    let run = build(&site, &dir).exits(0);
    assert!(!run.stderr.contains("Another build"), "{}", run.stderr);
    assert!(!dir.join(WORK).exists());
}

#[test]
fn what_a_killed_build_had_only_drawn_is_thrown_away() {
    let site = Site::small();
    let dir = site.path("public");
    build(&site, &dir).exits(0);
    let whole = published(&dir);
    fs::create_dir_all(dir.join(WORK).join("new/visit")).expect("a folder");
    fs::write(dir.join(WORK).join("new/visit/secret.html"), "a page of tomorrow").expect("a page");
    fs::write(dir.join(WORK).join("draft"), "half a li").expect("a list");
    build(&site, &dir).exits(0);
    assert_same(&published(&dir), &whole);
    assert!(!dir.join(WORK).exists());
}

// The disk.

/// A disk in memory, for as long as it lives. `None`, with a line that says so, where this user may not make one.
struct Disk(PathBuf);

impl Disk {
    fn new(test: &str, at: &Path, kilobytes: u32) -> Option<Disk> {
        fs::create_dir_all(at).expect("a folder");
        let options = format!("size={kilobytes}k");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Disk(at.to_owned()));
        }
        eprintln!("skipped: {test} needs a disk of its own, which only root can make");
        None
    }

    fn change(&self, options: &str) {
        let mount = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status();
        assert!(mount.is_ok_and(|status| status.success()), "remount,{options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_costs_no_published_page() {
    let site = Site::small().edit(SETTINGS, "search = true", "search = false");
    let mount = site.path("disk");
    let Some(disk) = Disk::new("a_full_disk_costs_no_published_page", &mount, 1024) else { return };
    let dir = mount.join("public");
    build(&site, &dir).exits(0);
    put_foreign(&dir);
    let whole = published(&dir);

    let text = "This is a plain sentence of nine short words.\n\n".repeat(1000);
    for number in 0..30 {
        let page = format!("---\ntitle: Page {number}\nsummary: A page.\nkind: about\n---\n\n{text}");
        site.write(&format!("content/en/pages/visit/large-{number}.md"), &page);
    }
    let run = build(&site, &dir).exits(2);
    assert!(run.stderr.contains("failed to") && run.stderr.contains("disk/public"), "{}", run.stderr);
    assert!(run.stderr.to_lowercase().contains("no space"), "{}", run.stderr);
    assert_same(&published(&dir), &whole);
    assert!(!dir.join(WORK).join("new").exists(), "half a build still fills the disk");

    disk.change("size=65536k");
    build(&site, &dir).exits(0);
    assert!(dir.join("visit/large-29/index.html").exists());
    let found = published(&dir);
    assert!(FOREIGN.iter().all(|(name, text)| found[*name] == text.as_bytes()));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named_and_left() {
    let site = Site::small();
    let mount = site.path("disk");
    let Some(disk) = Disk::new("a_folder_that_cannot_be_written_to_is_named_and_left", &mount, 4096) else {
        return;
    };
    let dir = mount.join("public");
    build(&site, &dir).exits(0);
    let whole = published(&dir);
    disk.change("ro");
    let site = site.edit(PREPARE, "title: Get ready", "title: Make ready");
    let run = build(&site, &dir).exits(2);
    assert!(run.stderr.contains("disk/public") && run.stderr.contains("Read-only"), "{}", run.stderr);
    assert_same(&published(&dir), &whole);
    disk.change("rw");
    build(&site, &dir).exits(0);
    assert!(tests::read(&dir.join("visit/prepare/index.html")).contains("Make ready"));
}

#[test]
fn a_file_in_place_of_the_output_folder_is_named_and_left() {
    let site = Site::small().with("=== public\nmine\n");
    let run = site.run(&["build", "--today", TODAY]).exits(2);
    assert!(run.stderr.contains("public"), "{}", run.stderr);
    assert_eq!(site.read("public"), "mine\n");
}

// Time.

fn set_time(path: &Path, seconds: u64) {
    let file = fs::File::options().write(true).open(path).expect("a file");
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).expect("a time");
}

#[test]
fn clocks_that_go_wrong_hide_no_change() {
    let site = Site::small();
    let dir = site.path("public");
    build(&site, &dir).exits(0);
    for (number, time) in [0, 1_000_000_000, 4_000_000_000].into_iter().enumerate() {
        // A source of the same length whose time is set back or far ahead.
        let title = ["Get set", "Get fit", "Get new"][number];
        let text = site.read(PREPARE);
        let old = text.lines().find(|line| line.starts_with("title: ")).expect("a title");
        site.write(PREPARE, &text.replacen(old, &format!("title: {title}"), 1));
        set_time(&site.path(PREPARE), time);
        build(&site, &dir).exits(0);
        assert!(site.page("/visit/prepare/").contains(title), "{time}");
        let whole = published(&dir);

        // A page changed by hand, as long as before, whose time is set to that of before.
        let page = dir.join("visit/prepare/index.html");
        let before = fs::metadata(&page).and_then(|file| file.modified()).expect("a time");
        fs::write(&page, tests::read(&page).replace(title, &title.to_uppercase())).expect("an edit");
        let file = fs::File::options().write(true).open(&page).expect("a file");
        file.set_modified(before).expect("a time");
        let run = build(&site, &dir).exits(0);
        assert_same(&published(&dir), &whole);
        assert!(
            run.stderr.contains("Changed by hand") && run.stderr.contains("visit/prepare/index.html"),
            "{}",
            run.stderr
        );

        // All times of the output.
        for name in whole.keys() {
            set_time(&dir.join(name), time);
        }
        let run = build(&site, &dir).exits(0);
        assert_same(&published(&dir), &whole);
        assert!(!run.stderr.contains("Changed by hand"), "{}", run.stderr);
    }
}

// The list of files.

#[test]
fn files_of_others_stay_when_pages_come_and_go() {
    let site = Site::small();
    let dir = site.path("public");
    build(&site, &dir).exits(0);
    put_foreign(&dir);
    let site = site.without("content/en/pages/visit/aftercare.md");
    build(&site, &dir).exits(0);
    assert!(!dir.join("visit/aftercare").exists());
    let found = published(&dir);
    assert!(FOREIGN.iter().all(|(name, text)| found[*name] == text.as_bytes()));
    // A page that would take the place of one of them is refused, and nothing else is published either.
    let whole = published(&dir);
    fs::create_dir_all(dir.join("visit/parking")).expect("a folder");
    fs::write(dir.join("visit/parking/index.html"), "mine").expect("a foreign page");
    let site = site
        .with("=== content/en/pages/visit/parking.md\n---\ntitle: Where to park\nsummary: Where to park.\nkind: about\n---\n\nBehind the house.\n")
        .edit(PREPARE, "title: Get ready", "title: Make ready");
    let run = build(&site, &dir).exits(2);
    assert!(run.stderr.contains("visit/parking/index.html was not made by site-gen"), "{}", run.stderr);
    assert_eq!(tests::read(&dir.join("visit/parking/index.html")), "mine");
    fs::remove_file(dir.join("visit/parking/index.html")).expect("it was there");
    assert_same(&published(&dir), &whole);
}

#[test]
fn a_damaged_list_of_files_loses_nothing() {
    type Damage = (&'static str, fn(&str) -> String);
    let damage: [Damage; 5] = [
        ("cut", |list| list[..list.len() / 2].to_owned()),
        ("empty", |_| String::new()),
        ("nonsense", |_| "\u{1}\u{2} nonsense\n../../etc/passwd\n".to_owned()),
        ("with a name that was added", |list| {
            list.replacen('\n', "\n00000000000000000000000000000001 CNAME\n", 1)
        }),
        ("with names turned round", |list| list.replace("visit/", "tisiv/")),
    ];
    for (how, change) in damage {
        let site = Site::small();
        let dir = site.path("public");
        build(&site, &dir).exits(0);
        put_foreign(&dir);
        let whole = published(&dir);
        let list = dir.join(LIST);
        let good = tests::read(&list);
        fs::write(&list, change(&good)).expect("damage");
        // Nothing changed: the list is made again.
        build(&site, &dir).exits(0);
        assert_same(&published(&dir), &whole);
        assert_eq!(tests::read(&list), good, "{how}");

        // A change: either it can be proved that the page is ours, or the build is refused and all stays as it was.
        fs::write(&list, change(&good)).expect("damage");
        let site = site.edit(PREPARE, "title: Get ready", "title: Make ready");
        let run = build(&site, &dir);
        if run.code == 0 {
            assert!(site.page("/visit/prepare/").contains("Make ready"), "{how}");
        } else {
            assert_eq!(run.code, 2, "{how}: {}", run.stderr);
            assert!(
                run.stderr.contains("is damaged") && run.stderr.contains("build again"),
                "{how}: {}",
                run.stderr
            );
            assert_same(&published(&dir), &whole);
        }
        let found = published(&dir);
        assert!(FOREIGN.iter().all(|(name, text)| found[*name] == text.as_bytes()), "{how}");
    }
}

#[test]
fn the_program_can_be_run_from_anywhere() {
    // The memory of what was published belongs to the site, not to the folder where the program is run.
    let site = Site::small();
    let root = site.root().to_str().expect("paths are UTF-8").to_owned();
    let elsewhere = Site::empty();
    run_program(program(), elsewhere.root(), &["build", "-r", &root, "--today", TODAY], "").exits(0);
    assert!(site.path("public/index.html").exists());
    assert_eq!(fs::read_dir(elsewhere.root()).expect("a folder").count(), 0);
}
