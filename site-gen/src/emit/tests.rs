//! What becomes of an output folder, step by step. Builds that are killed are in `tests/it/killed.rs`.

use super::stage::{MADE, WORK};
use super::*;
use std::fs;

type Files = BTreeMap<String, Vec<u8>>;

fn emit(files: &Files, dir: &Path) -> Result<Emitted, EmitError> {
    write(files, Stage::open(dir, None, |_| {})?)
}

fn tree(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| (path.to_string(), text.as_bytes().to_vec())).collect()
}

fn text(dir: &Path, name: &str) -> Option<String> {
    fs::read_to_string(dir.join(name)).ok()
}

#[test]
fn a_page_that_is_gone_leaves_no_folder_behind() {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("public");
    emit(&tree(&[("index.html", "a"), ("old/page/index.html", "b")]), &dir).expect("first");
    let done = emit(&tree(&[("index.html", "a2")]), &dir).expect("second");
    assert_eq!(done, Emitted { written: 1, unchanged: 0, removed: 1, edited: vec![] });
    assert_eq!(text(&dir, "index.html").as_deref(), Some("a2"));
    assert!(!dir.join("old").exists());
}

#[test]
fn files_of_others_stay() {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("public");
    emit(&tree(&[("old/index.html", "b")]), &dir).expect("first");
    fs::write(dir.join("old/CNAME"), "clinic").expect("a foreign file");
    emit(&tree(&[("index.html", "a")]), &dir).expect("second");
    assert_eq!(text(&dir, "old/CNAME").as_deref(), Some("clinic"));
    assert!(!dir.join("old/index.html").exists());
}

#[test]
fn a_file_of_others_is_never_overwritten() {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("public");
    fs::create_dir(&dir).expect("a folder");
    fs::write(dir.join("index.html"), "mine").expect("a foreign file");
    let error = emit(&tree(&[("a.html", "x"), ("index.html", "ours")]), &dir).expect_err("in the way");
    assert!(error.to_string().contains("index.html was not made by site-gen"), "{error}");
    assert_eq!(text(&dir, "index.html").as_deref(), Some("mine"));
    assert_eq!(text(&dir, "a.html"), None);
}

#[test]
fn what_is_right_is_not_touched() {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("public");
    let site = tree(&[("index.html", "a"), ("b/index.html", "b")]);
    emit(&site, &dir).expect("first");
    let before = fs::metadata(dir.join("index.html")).and_then(|file| file.modified()).expect("a time");
    let done = emit(&site, &dir).expect("second");
    assert_eq!(done, Emitted { written: 0, unchanged: 2, removed: 0, edited: vec![] });
    assert_eq!(
        fs::metadata(dir.join("index.html")).and_then(|file| file.modified()).expect("a time"),
        before
    );
}

#[test]
fn a_list_that_points_elsewhere_removes_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("public");
    emit(&tree(&[("index.html", "a")]), &dir).expect("first");
    fs::write(home.path().join("precious"), "x").expect("a file outside");
    let list = fs::read_to_string(dir.join(MADE)).expect("the list");
    fs::write(dir.join(MADE), list.replace("index.html", "../precious")).expect("an edited list");
    emit(&tree(&[("a.html", "b")]), &dir).expect("second");
    assert!(home.path().join("precious").exists());
}

#[test]
fn the_rooms_of_a_site_are_no_place_for_its_output() {
    let root = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(root.path().join("content/en")).expect("folders");
    for dir in ["content", "content/en", "content/new/folder", "public/../content"] {
        assert!(keep_off_sources(root.path(), &root.path().join(dir)).is_err(), "{dir}");
    }
    for dir in ["public", "content-of-the-site", "out/site"] {
        assert!(keep_off_sources(root.path(), &root.path().join(dir)).is_ok(), "{dir}");
    }
}

#[test]
fn nothing_is_left_beside_the_output() {
    let home = tempfile::tempdir().expect("a folder");
    emit(&tree(&[("index.html", "a")]), &home.path().join("public")).expect("first");
    let names: Vec<_> =
        fs::read_dir(home.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["public"]);
}

/// A folder with a first build in it.
fn built(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("public");
    emit(&tree(files), &dir).expect("a first build");
    (home, dir)
}

/// Everything in a folder, the list of files aside.
fn all(dir: &Path) -> BTreeMap<String, String> {
    fn add(folder: &Path, prefix: &str, into: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                add(&entry.path(), &format!("{name}/"), into);
            } else if name != MADE {
                into.insert(name, fs::read_to_string(entry.path()).expect("a text"));
            }
        }
    }
    let mut found = BTreeMap::new();
    add(dir, "", &mut found);
    found
}

fn expect(dir: &Path, files: &[(&str, &str)]) {
    let expected = files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    assert_eq!(all(dir), expected);
}

#[test]
fn nothing_is_published_before_it_is_asked_for() {
    let (_home, dir) = built(&[("index.html", "old"), ("gone.html", "x")]);
    let stage = Stage::open(&dir, None, |_| {}).expect("a stage");
    stage.put("index.html", b"new").expect("a page");
    stage.put("more/index.html", b"new").expect("a page");
    assert_eq!(text(&dir, "index.html").as_deref(), Some("old"));
    drop(stage);
    expect(&dir, &[("index.html", "old"), ("gone.html", "x")]);
}

#[test]
fn a_build_that_fails_at_first_leaves_no_folder() {
    let home = tempfile::tempdir().expect("a folder");
    drop(Stage::open(&home.path().join("a/b/public"), None, |_| {}).expect("a stage"));
    assert_eq!(fs::read_dir(home.path()).expect("the folder").count(), 0);
}

#[test]
fn what_is_kept_by_its_digest_needs_no_bytes() {
    let (_home, dir) = built(&[("index.html", "a"), ("b.html", "b"), ("c.html", "c")]);
    let stage = Stage::open(&dir, None, |_| {}).expect("a stage");
    assert!(stage.keep("index.html", digest(b"a")));
    assert!(!stage.keep("b.html", digest(b"other")), "it is not what is published");
    assert!(!stage.keep("none.html", digest(b"a")), "there is no such file");
    stage.put("b.html", b"other").expect("a page");
    let done = stage.publish().expect("published");
    assert_eq!(done, Emitted { written: 1, unchanged: 1, removed: 1, edited: vec![] });
    expect(&dir, &[("index.html", "a"), ("b.html", "other")]);
}

#[test]
fn what_is_put_counts_more_than_what_was_kept() {
    let (_home, dir) = built(&[("index.html", "a")]);
    let stage = Stage::open(&dir, None, |_| {}).expect("a stage");
    assert!(stage.keep("index.html", digest(b"a")));
    stage.put("index.html", b"b").expect("a page");
    stage.publish().expect("published");
    expect(&dir, &[("index.html", "b")]);
}

#[test]
fn a_page_changed_by_hand_is_put_right_and_told() {
    let (_home, dir) = built(&[("index.html", "ours"), ("b.html", "b")]);
    // As long as before, and with its time set back: only the bytes tell.
    let time = fs::metadata(dir.join("index.html")).and_then(|file| file.modified()).expect("a time");
    fs::write(dir.join("index.html"), "mine").expect("an edit");
    fs::File::options()
        .write(true)
        .open(dir.join("index.html"))
        .and_then(|file| file.set_modified(time))
        .expect("a time");
    let stage = Stage::open(&dir, None, |_| {}).expect("a stage");
    assert!(!stage.keep("index.html", digest(b"ours")), "the edit was not seen");
    drop(stage);
    let done = emit(&tree(&[("index.html", "ours"), ("b.html", "b")]), &dir).expect("again");
    assert_eq!((done.written, done.edited.as_slice()), (1, ["index.html".to_owned()].as_slice()));
    expect(&dir, &[("index.html", "ours"), ("b.html", "b")]);
}

#[test]
fn a_page_that_was_only_touched_is_left_alone() {
    let (_home, dir) = built(&[("index.html", "a"), ("b.html", "b")]);
    for seconds in [0, 4_000_000_000] {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::options()
            .write(true)
            .open(dir.join("index.html"))
            .and_then(|file| file.set_modified(time))
            .expect("a time");
        let done = emit(&tree(&[("index.html", "a"), ("b.html", "b")]), &dir).expect("again");
        assert_eq!(done, Emitted { written: 0, unchanged: 2, removed: 0, edited: vec![] });
        let after = fs::metadata(dir.join("index.html")).and_then(|file| file.modified()).expect("a time");
        assert_eq!(after, time, "it was written again");
    }
}

#[test]
fn a_file_makes_room_for_a_folder_and_a_folder_for_a_file() {
    let (_home, dir) = built(&[("a", "1"), ("b/c/index.html", "2"), ("b/index.html", "3")]);
    emit(&tree(&[("a/index.html", "4"), ("b", "5")]), &dir).expect("turned round");
    expect(&dir, &[("a/index.html", "4"), ("b", "5")]);
}

#[test]
fn a_folder_with_a_file_of_others_makes_no_room() {
    let (_home, dir) = built(&[("b/index.html", "3")]);
    fs::write(dir.join("b/CNAME"), "mine").expect("a foreign file");
    assert!(matches!(emit(&tree(&[("b", "5")]), &dir), Err(EmitError::Foreign { .. })));
    expect(&dir, &[("b/index.html", "3"), ("b/CNAME", "mine")]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_elsewhere_is_not_written_to() {
    let (home, dir) = built(&[("index.html", "a")]);
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    std::os::unix::fs::symlink(&elsewhere, dir.join("es")).expect("a link");
    let error =
        emit(&tree(&[("index.html", "a"), ("es/index.html", "b")]), &dir).expect_err("it leads elsewhere");
    assert!(matches!(error, EmitError::Foreign { .. }), "{error}");
    assert_eq!(fs::read_dir(&elsewhere).expect("the folder").count(), 0);
    assert_eq!(text(&dir, "index.html").as_deref(), Some("a"));
}

#[test]
fn a_damaged_list_costs_nothing_that_can_be_proved_ours() {
    let (_home, dir) = built(&[("a.html", "1"), ("b.html", "2"), ("gone.html", "3")]);
    let list = fs::read_to_string(dir.join(MADE)).expect("the list");
    // The last lines are lost, and with them the proof that the list is whole.
    let cut = list.find("gone.html").expect("it is on the list");
    fs::write(dir.join(MADE), &list[..cut]).expect("damage");
    emit(&tree(&[("a.html", "new"), ("b.html", "2")]), &dir).expect("the bytes say that a.html is ours");
    expect(&dir, &[("a.html", "new"), ("b.html", "2"), ("gone.html", "3")]);
}

#[test]
fn a_damaged_list_makes_nobodys_file_ours() {
    let (_home, dir) = built(&[("a.html", "1"), ("b.html", "2")]);
    fs::write(dir.join("precious.txt"), "mine").expect("a foreign file");
    let list = fs::read_to_string(dir.join(MADE)).expect("the list");
    fs::write(dir.join(MADE), list.replace("b.html", "precious.txt")).expect("damage");
    let error =
        emit(&tree(&[("a.html", "1"), ("b.html", "new")]), &dir).expect_err("b.html may be anybody's");
    assert!(error.to_string().contains("is damaged"), "{error}");
    emit(&tree(&[("a.html", "1"), ("b.html", "2")]), &dir).expect("the same bytes are no loss");
    assert_eq!(text(&dir, "precious.txt").as_deref(), Some("mine"));
}

#[test]
fn a_list_that_is_gone_is_made_again_where_the_bytes_agree() {
    let (_home, dir) = built(&[("a.html", "1"), ("b.html", "2")]);
    fs::remove_file(dir.join(MADE)).expect("the list");
    assert!(matches!(emit(&tree(&[("a.html", "new")]), &dir), Err(EmitError::Foreign { .. })));
    emit(&tree(&[("a.html", "1"), ("b.html", "2")]), &dir).expect("the same");
    emit(&tree(&[("a.html", "new")]), &dir).expect("now they are known");
    expect(&dir, &[("a.html", "new")]);
}

#[test]
fn a_file_of_others_that_came_in_between_stays() {
    let (_home, dir) = built(&[("index.html", "a")]);
    let stage = Stage::open(&dir, None, |_| {}).expect("a stage");
    stage.put("index.html", b"new").expect("a page");
    stage.put("b.html", b"new").expect("a page");
    fs::write(dir.join("b.html"), "mine").expect("a foreign file");
    assert!(matches!(stage.publish(), Err(EmitError::Foreign { .. })));
    expect(&dir, &[("index.html", "new"), ("b.html", "mine")]);
    assert!(matches!(emit(&tree(&[("b.html", "new")]), &dir), Err(EmitError::Foreign { .. })));
}

#[test]
fn what_was_committed_is_finished_by_the_next_and_what_was_not_is_forgotten() {
    let old = [("index.html", "old"), ("gone.html", "x"), ("same.html", "s")];
    let new = [("index.html", "new"), ("more/index.html", "m"), ("same.html", "s")];
    // A build that dies after its commit, as a full disk or a kill would leave it.
    let (_home, dir) = built(&old);
    let made = fs::read(dir.join(MADE)).expect("the list");
    emit(&tree(&new), &dir).expect("the new site");
    let list = fs::read(dir.join(MADE)).expect("the new list");
    let set_back = |committed: bool| {
        fs::create_dir_all(dir.join(WORK).join("new/more")).expect("the work folder");
        fs::write(dir.join(MADE), &made).expect("the old list");
        fs::write(dir.join("index.html"), "old").expect("a page that was not moved yet");
        fs::write(dir.join("gone.html"), "x").expect("a page that was not removed yet");
        fs::write(dir.join(WORK).join("new/index.html"), "new").expect("a staged page");
        if committed {
            fs::write(dir.join(WORK).join("files"), &list).expect("the commit");
        }
    };
    set_back(true);
    finish_killed(&dir).expect("finished");
    expect(&dir, &new);
    // The same, killed when the page and its earlier version had changed places.
    set_back(true);
    fs::write(dir.join("index.html"), "new").expect("a page that was moved");
    fs::write(dir.join(WORK).join("new/index.html"), "old").expect("its earlier version");
    finish_killed(&dir).expect("finished");
    expect(&dir, &new);
    set_back(false);
    finish_killed(&dir).expect("nothing to finish");
    drop(Stage::open(&dir, None, |_| {}).expect("a stage"));
    expect(&dir, &[("index.html", "old"), ("gone.html", "x"), ("same.html", "s"), ("more/index.html", "m")]);
}

#[test]
fn two_at_once_wait_for_each_other() {
    let (_home, dir) = built(&[("index.html", "0")]);
    let waited = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for build in 1..=8 {
            let (dir, waited) = (&dir, &waited);
            scope.spawn(move || {
                let told = |_: &Path| _ = waited.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let stage = Stage::open(dir, None, told).expect("a stage");
                for page in 0..20 {
                    stage.put(&format!("{page}/{build}.html"), build.to_string().as_bytes()).expect("a page");
                }
                stage.put("index.html", build.to_string().as_bytes()).expect("a page");
                stage.publish().expect("published");
            });
        }
    });
    let last = text(&dir, "index.html").expect("a page");
    let found = all(&dir);
    assert_eq!(found.len(), 21, "{found:?}");
    assert!(found.values().all(|text| *text == last), "{found:?}");
    assert!(waited.into_inner() > 0, "nobody had to wait");
}

#[test]
fn with_a_memory_nothing_is_read_and_no_edit_is_missed() {
    let home = tempfile::tempdir().expect("a folder");
    let (dir, memory) = (home.path().join("public"), home.path().join("memory"));
    let build = |files: &[(&str, &str)]| write(&tree(files), Stage::open(&dir, Some(&memory), |_| {})?);
    let site = [("a/index.html", "1"), ("index.html", "2")];
    build(&site).expect("first");
    std::thread::sleep(std::time::Duration::from_millis(50));
    build(&site).expect("what was fresh is read again, and remembered");
    assert_eq!(looks::read(&fs::read_to_string(&memory).expect("a memory")).len(), 2);

    // Bytes that the list does not know are not seen where the looks are those that are remembered.
    let remembered = fs::read_to_string(&memory).expect("a memory");
    for change in ["3", "33", "2"] {
        fs::write(dir.join("index.html"), change).expect("an edit");
        let done = build(&site).expect("again");
        assert_eq!(done.written, usize::from(change != "2"), "{change}");
        expect(&dir, &site);
    }
    // A memory that is damaged, old or of another folder does no harm.
    for memory_text in [remembered.as_str(), "nonsense", "", &remembered.replace("index", "xedni")] {
        fs::write(&memory, memory_text).expect("a memory");
        fs::write(dir.join("index.html"), "9").expect("an edit");
        assert_eq!(build(&site).expect("again").edited, ["index.html"]);
        expect(&dir, &site);
    }
}
