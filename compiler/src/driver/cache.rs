//! The folder in which work is kept from one run to the next: built runtimes, incremental
//! state, finished programs. It knows nothing of what it keeps. Several `axumc` may use it
//! at once; what is in it may be deleted at any time and is then made again.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::source::reason;

/// An open cache folder.
#[derive(Debug)]
pub(super) struct Cache {
    root: PathBuf,
}

/// Held while something of one name is made; let go when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Cache {
    /// `AXUM_CACHE`, else the platform's folder for such things.
    pub(super) fn open() -> Result<Self, Failure> {
        let Some(root) = root(|name| std::env::var_os(name)) else {
            return Err(Failure::usage("no folder for the cache is known")
                .help("set `AXUM_CACHE` to a folder that can be written"));
        };
        Self::at(root)
    }

    /// The cache in this folder.
    pub(super) fn at(root: PathBuf) -> Result<Self, Failure> {
        // Work is done with other current folders, so a relative path would not do.
        let root = std::path::absolute(&root).unwrap_or(root);
        fs::create_dir_all(&root).map_err(|error| unusable(&root, &error))?;
        Ok(Self { root })
    }

    /// A path in the cache.
    pub(super) fn path(&self, parts: &[&str]) -> PathBuf {
        let mut path = self.root.clone();
        path.extend(parts);
        path
    }

    /// A folder in the cache, made if it is not there.
    pub(super) fn folder(&self, parts: &[&str]) -> Result<PathBuf, Failure> {
        let path = self.path(parts);
        fs::create_dir_all(&path).map_err(|error| unusable(&path, &error))?;
        Ok(path)
    }

    /// Waits until no other process holds the lock of that name. Lock files stay: deleting
    /// one would let two processes hold locks on different files of one name.
    pub(super) fn lock(&self, name: &str) -> Result<Lock, Failure> {
        let path = self.folder(&["locks"])?.join(name);
        let file = File::create(&path).map_err(|error| unusable(&path, &error))?;
        match file.lock() {
            Ok(()) => Ok(Lock { _file: file }),
            // On file systems without locks, renaming into place is still safe; at worst
            // two processes do the same work.
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
                Ok(Lock { _file: file })
            }
            Err(error) => Err(unusable(&path, &error)),
        }
    }
}

/// Deletes the oldest of those entries of a folder whose names `counts` says yes to, until
/// `most` are left. What cannot be deleted is left for another time.
pub(super) fn prune(folder: &Path, most: usize, counts: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut found: Vec<_> = entries
        .flatten()
        .filter(|it| counts(&it.file_name().to_string_lossy()))
        .filter_map(|it| Some((it.metadata().ok()?.modified().ok()?, it.path())))
        .collect();
    found.sort();
    let surplus = found.len().saturating_sub(most);
    for (_, path) in found.iter().take(surplus) {
        let _ =
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

fn root(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    if let Some(chosen) = set("AXUM_CACHE") {
        return Some(chosen);
    }
    if cfg!(windows) {
        return Some(set("LOCALAPPDATA")?.join("axum").join("cache"));
    }
    if cfg!(target_os = "macos") {
        return Some(set("HOME")?.join("Library/Caches/axum"));
    }
    let shared = set("XDG_CACHE_HOME").filter(|it| it.is_absolute());
    Some(shared.or_else(|| Some(set("HOME")?.join(".cache")))?.join("axum"))
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot use the cache: {}", reason(error)))
        .note(format!("it is about `{}`", path.display()))
        .help("set `AXUM_CACHE` to a folder that can be written")
}

#[cfg(test)]
mod tests {
    //! Keys and places of the cache.

    use super::root;
    use crate::driver::digest::digest;

    fn at(variables: &[(&str, &str)]) -> Option<String> {
        let variable = |name: &str| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
        };
        root(variable).map(|it| it.to_string_lossy().into_owned())
    }

    #[test]
    fn digests_tell_parts_apart() {
        assert_eq!(digest(&[]), "6c62272e07bb014262b821756295c58d");
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert_ne!(digest(&[b"a"]), digest(&[b"a", b""]));
    }

    #[test]
    fn the_variable_of_ours_comes_first() {
        assert_eq!(at(&[("AXUM_CACHE", "/c"), ("HOME", "/h")]).as_deref(), Some("/c"));
        assert_eq!(at(&[]), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_platform_decides_otherwise() {
        assert_eq!(at(&[("HOME", "/h")]).as_deref(), Some("/h/.cache/axum"));
        let both = [("XDG_CACHE_HOME", "/x"), ("HOME", "/h")];
        assert_eq!(at(&both).as_deref(), Some("/x/axum"));
        let relative = [("XDG_CACHE_HOME", "x"), ("HOME", "/h"), ("AXUM_CACHE", "")];
        assert_eq!(at(&relative).as_deref(), Some("/h/.cache/axum"));
    }
}
