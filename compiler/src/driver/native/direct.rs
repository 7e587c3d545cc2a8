//! Compiles a Rust file that uses no crates, and its border, by rustc alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::super::digest::digest;
use super::super::output::unwritable;
use super::super::rust::{not_started, remap};
use super::{FLAGS, Linked, Unbuilt, Unit, Work, report};

/// Compiles both unless they are there, and adds what links them.
pub(super) fn build(
    work: &Work<'_>,
    unit: &Unit<'_>,
    linked: &mut Linked,
) -> Result<(), Unbuilt> {
    let of = unit.of;
    let native = Crate { name: &of.name, root: &unit.path, uses: None };
    let root = format!("{}/lib.rs", unit.border);
    let border = Crate { name: &of.border, root: &root, uses: Some(&of.name) };
    let before = native.compile(work, unit, "")?;
    let key = border.compile(work, unit, &before)?;
    let mut library = std::ffi::OsString::from(format!("{}=", of.border));
    library.push(work.folder.join(file_name(&of.border)));
    let mut search = std::ffi::OsString::from("dependency=");
    search.push(work.folder.join(".lib"));
    linked.flags.extend(["--extern".into(), library, "-L".into(), search]);
    linked.key.push_str(&key);
    Ok(())
}

struct Crate<'a> {
    name: &'a str,
    root: &'a str,
    uses: Option<&'a str>,
}

fn file_name(name: &str) -> String {
    format!(".lib/lib{name}.rlib")
}

impl Crate<'_> {
    /// Compiles the crate unless nothing that went into it has changed; gives its key.
    fn compile(
        &self,
        work: &Work<'_>,
        unit: &Unit<'_>,
        before: &str,
    ) -> Result<String, Unbuilt> {
        let library = work.folder.join(file_name(self.name));
        let name = self.name;
        let stamp = work.folder.join(format!(".lib/{name}.stamp"));
        let known =
            [work.toolchain.version.as_str(), &FLAGS.join(" "), self.root, before];
        let known: Vec<&[u8]> = known.iter().map(|it| it.as_bytes()).collect();
        let base = digest(&known);
        let noted = fs::read_to_string(&stamp).unwrap_or_default();
        if let Some(files) = noted.strip_prefix(&format!("{base}\n"))
            && library.is_file()
            && files.lines().all(|it| is_same(work.folder, it))
        {
            return Ok(digest(&[noted.as_bytes()]));
        }
        let inputs = work.folder.join(format!(".lib/{name}.d"));
        fs::create_dir_all(work.folder.join(".lib"))
            .map_err(|error| unwritable(&library, &error))?;
        let mut command = Command::new(&work.toolchain.rustc);
        command.current_dir(work.folder).args(FLAGS).args(["--crate-name", self.name]);
        command.args(["--error-format=json", "--cap-lints=allow"]);
        command.arg(remap(work.folder, "."));
        if let Some(used) = self.uses {
            command.arg("--extern").arg(format!("{used}={}", file_name(used)));
            command.args(["-L", "dependency=.lib"]);
        }
        let emit = format!("--emit=dep-info=.lib/{name}.d,link={}", file_name(self.name));
        command.arg(emit);
        command.arg(self.root);
        let doing = format!("compiling `{}`", work.job.files[unit.of.file].name);
        let ended = work.progress.run(&mut command, &doing);
        let ended = ended.map_err(|error| not_started(work.toolchain, &error))?;
        if !ended.status.success() {
            let _ = fs::remove_file(&stamp);
            let said = ended.said.lines().filter_map(|it| serde_json::from_str(it).ok());
            return Err(report::rejected(work, &[unit], said.collect(), &ended));
        }
        let text = fs::read_to_string(&inputs).unwrap_or_default();
        let mut noted = format!("{base}\n");
        for name in dependencies(&text) {
            if let Ok(bytes) = fs::read(work.folder.join(&name)) {
                noted.push_str(&format!("{} {name}\n", digest(&[&bytes])));
            }
        }
        fs::write(&stamp, &noted).map_err(|error| unwritable(&stamp, &error))?;
        Ok(digest(&[noted.as_bytes()]))
    }
}

/// Whether a file has the content that was noted.
fn is_same(folder: &Path, line: &str) -> bool {
    let Some((key, name)) = line.split_once(' ') else { return false };
    fs::read(folder.join(name)).is_ok_and(|it| digest(&[&it]) == key)
}

/// The files behind the first target of a rule for `make`, in which blanks are escaped.
fn dependencies(rule: &str) -> Vec<String> {
    let line = rule.lines().next().unwrap_or_default();
    let list = line.split_once(": ").map_or("", |it| it.1);
    let mut found = vec![String::new()];
    let mut chars = list.chars();
    while let Some(next) = chars.next() {
        match next {
            '\\' => found.last_mut().expect("it is never empty").extend(chars.next()),
            ' ' => found.push(String::new()),
            other => found.last_mut().expect("it is never empty").push(other),
        }
    }
    found.retain(|it| !it.is_empty());
    found
}

#[cfg(test)]
mod tests {
    //! Reading rules.

    use super::dependencies;

    #[test]
    fn blanks_in_names_are_escaped() {
        let rule = "a.rlib: x/a.rs b\\ c.txt\n\nx/a.rs:\n";
        assert_eq!(dependencies(rule), ["x/a.rs", "b c.txt"]);
        assert!(dependencies("").is_empty());
    }
}
