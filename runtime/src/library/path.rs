//! `Path`: paths as text. It does not look whether they lead anywhere.

use std::path::Path;

use crate::value::Str;

fn text(path: &Path) -> Str {
    Str::from(path.to_string_lossy().into_owned())
}

/// Both, one below the other; the second alone if it begins at the root.
pub fn combine(a: Str, b: Str) -> Str {
    if a.as_str().is_empty() {
        return b;
    }
    text(&Path::new(a.as_str()).join(b.as_str()))
}

/// All three, one below the other.
pub fn combine3(a: Str, b: Str, c: Str) -> Str {
    combine(combine(a, b), c)
}

/// The last part.
pub fn get_file_name(path: Str) -> Str {
    let path = path.as_str();
    Str::from(path.rsplit(std::path::is_separator).next().unwrap_or_default())
}

/// The last part without its extension.
pub fn get_file_name_without_extension(path: Str) -> Str {
    let name = get_file_name(path);
    match name.as_str().rfind('.') {
        Some(at) => Str::from(&name.as_str()[..at]),
        None => name,
    }
}

/// What follows the last point of the last part, with the point; empty if there is none.
pub fn get_extension(path: Str) -> Str {
    let name = get_file_name(path);
    match name.as_str().rfind('.') {
        Some(at) if at + 1 < name.as_str().len() => Str::from(&name.as_str()[at..]),
        _ => Str::lit(""),
    }
}

/// With another extension.
pub fn change_extension(path: Str, extension: Str) -> Str {
    let old = get_extension(path.clone());
    let bare = path.as_str();
    let bare = &bare[..bare.len() - old.as_str().len()];
    let point = if extension.as_str().starts_with('.') { "" } else { "." };
    Str::from([bare, point, extension.as_str()].concat())
}

/// What stands before the last part; null for a root and for nothing.
pub fn get_directory_name(path: Str) -> Option<Str> {
    let parent = Path::new(path.as_str()).parent()?;
    Some(text(parent))
}

/// Whether it begins at the root.
pub fn is_path_rooted(path: Str) -> bool {
    Path::new(path.as_str()).has_root()
}

/// The folder for files that are not kept.
pub fn get_temp_path() -> Str {
    text(&std::env::temp_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_paths_apart() {
        let path = Str::lit("a/b.tar.gz");
        assert_eq!(get_file_name(path.clone()).as_str(), "b.tar.gz");
        assert_eq!(get_extension(path.clone()).as_str(), ".gz");
        assert_eq!(get_file_name_without_extension(path.clone()).as_str(), "b.tar");
        assert_eq!(change_extension(path.clone(), Str::lit("xz")).as_str(), "a/b.tar.xz");
        assert_eq!(get_directory_name(path), Some(Str::lit("a")));
        assert_eq!(get_directory_name(Str::lit("/")), None);
        assert_eq!(
            combine3(Str::lit("a"), Str::lit("b"), Str::lit("c")).as_str(),
            "a/b/c"
        );
        assert_eq!(combine(Str::lit("a"), Str::lit("/b")).as_str(), "/b");
        assert!(is_path_rooted(Str::lit("/a")) && !is_path_rooted(Str::lit("a")));
    }
}
