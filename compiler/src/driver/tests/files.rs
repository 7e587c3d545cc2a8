//! Loading programs and writing outputs, in a folder of each test's own.

use std::fs;
use std::path::PathBuf;

use crate::driver::output::write_aside;
use crate::driver::source::{Kind, Unloaded, load};
use crate::driver::{Exit, cache};

const PACKAGE: &[u8] = b"[package]\nname = \"shop\"\nversion = \"1.2.3\"\n";

/// A folder that is gone when the test is done.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!("axumc-test-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder for temporary files is writable");
        Self(path)
    }

    fn with(self, files: &[(&str, &[u8])]) -> Self {
        for (name, content) in files {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().expect("it is in the folder"))
                .expect("writable");
            fs::write(path, content).expect("writable");
        }
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(folder: &Folder) -> Vec<String> {
    let program = load(Some(&folder.0)).expect("it loads");
    let prefix = format!("{}/", folder.0.display());
    program.sources.iter().map(|it| it.name.replace(&prefix, "")).collect()
}

fn failure(path: PathBuf) -> (Exit, String) {
    match load(Some(&path)) {
        Err(Unloaded::Failure(it)) => (it.exit, it.diagnostic.message),
        other => panic!("it is no failure: {other:?}"),
    }
}

#[test]
fn a_folder_is_one_program_in_order_of_names() {
    let files: &[(&str, &[u8])] = &[
        ("b.ax", b""),
        ("a/z.ax", b""),
        ("a.ax", b""),
        ("a/no.txt", b""),
        (".hidden/c.ax", b""),
        ("inner/axum.toml", b""),
        ("inner/src/c.ax", b""),
    ];
    let folder = Folder::new("order").with(files);
    assert_eq!(names(&folder), ["a.ax", "a/z.ax", "b.ax"]);
}

#[test]
fn a_package_has_its_sources_below_src() {
    let files: &[(&str, &[u8])] =
        &[("axum.toml", PACKAGE), ("src/main.ax", b""), ("x.ax", b"")];
    let folder = Folder::new("package").with(files);
    assert_eq!(names(&folder), ["src/main.ax"]);
    let program = load(Some(&folder.0)).expect("it loads");
    assert_eq!((program.kind, program.name.as_str()), (Kind::Package, "shop"));
    let by_manifest = load(Some(&folder.0.join("axum.toml"))).expect("it loads");
    assert_eq!(by_manifest.origin, program.origin);
}

#[test]
fn what_cannot_be_read_is_one_clear_error() {
    let files: &[(&str, &[u8])] = &[("latin1.ax", b"a\nb\xff"), ("text.txt", b"")];
    let folder = Folder::new("unreadable").with(files);
    let (exit, message) = failure(folder.0.join("missing.ax"));
    assert_eq!(exit, Exit::Usage);
    assert!(message.ends_with("missing.ax`: no such file or folder"), "{message}");
    assert!(
        failure(folder.0.join("latin1.ax")).1.ends_with("latin1.ax` is not UTF-8 text")
    );
    assert!(failure(folder.0.join("text.txt")).1.ends_with("text.txt` is no `.ax` file"));
    let empty = Folder::new("empty");
    assert!(failure(empty.0.clone()).1.starts_with("no `.ax` file in folder "));
}

#[test]
fn a_byte_order_mark_is_no_text() {
    let folder = Folder::new("bom").with(&[("a.ax", b"\xEF\xBB\xBFagent")]);
    let program = load(Some(&folder.0.join("a.ax"))).expect("it loads");
    assert_eq!(program.sources[0].text, "agent");
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let folder = Folder::new("large").with(&[("a.ax", b"")]);
    let path = folder.0.join("a.ax");
    let file = fs::File::options().write(true).open(&path).expect("it was just made");
    file.set_len(64 * 1024 * 1024 + 1).expect("a sparse file takes no space");
    assert!(failure(path).1.ends_with("is larger than 64 MiB"));
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing_behind() {
    let folder = Folder::new("output").with(&[("taken/x", b"")]);
    assert!(write_aside(&folder.0.join("taken"), b"new").is_err());
    assert!(write_aside(&folder.0.join("none/x"), b"new").is_err());
    write_aside(&folder.0.join("fresh"), b"new").expect("the folder is writable");
    let mut left: Vec<_> = fs::read_dir(&folder.0)
        .expect("readable")
        .map(|it| it.expect("readable").file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["fresh", "taken"]);
}

#[test]
fn only_the_oldest_surplus_is_deleted() {
    let folder = Folder::new("prune").with(&[("p-1", b""), ("p-2", b""), ("other", b"")]);
    cache::prune(&folder.0, 1, |name| name.starts_with("p-"));
    let left = fs::read_dir(&folder.0).expect("readable").count();
    assert_eq!(left, 2);
    assert!(folder.0.join("other").exists());
}
