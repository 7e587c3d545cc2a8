//! The packages that a program is made of: which files belong to which, and which of them
//! each may name. It knows neither folders nor manifests; the driver does.

use super::scope::{GLOBAL, NsId};
use super::{Cx, import};
use crate::support::span::FileId;

/// One package of a program. The files of a package follow one another, those of the first
/// package come first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub n_files: u32,
    /// The packages that it may name, by their place in the list.
    pub dependencies: Vec<usize>,
}

/// Where each package begins, in order; the last number is that of all files.
#[derive(Debug)]
pub(super) struct Packages<'a> {
    list: &'a [Package],
    ends: Vec<u32>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(list: &'a [Package]) -> Self {
        let mut end = 0;
        let add = |package: &Package| {
            end += package.n_files;
            end
        };
        Self { list, ends: list.iter().map(add).collect() }
    }

    /// The package of a user's file.
    pub(super) fn of_file(&self, file: FileId) -> usize {
        let package = self.ends.partition_point(|end| *end <= file.0);
        // A program without packages is one.
        if package < self.list.len() { package } else { 0 }
    }

    pub(super) fn name(&self, package: usize) -> &'a str {
        self.list.get(package).map_or("", |it| &it.name)
    }
}

/// Lets each package name the items of those that it depends on: every namespace of theirs
/// is one of its own as well, so that parts of one path read as one namespace.
pub(super) fn join(cx: &mut Cx<'_>) {
    let mut declared: Vec<Vec<NsId>> = vec![Vec::new(); cx.packages.list.len()];
    for (id, namespace) in cx.scopes.namespaces.enumerate() {
        if !namespace.library
            && let Some(list) = declared.get_mut(namespace.package)
        {
            list.push(id);
        }
    }
    let list = cx.packages.list;
    for (package, own) in list.iter().enumerate() {
        for &dependency in &own.dependencies {
            for &theirs in &declared[dependency] {
                let mut at = cx.scopes.globals[package];
                for part in cx.scopes.namespaces[theirs].path.clone() {
                    at = import::child(cx, at, &part);
                }
                cx.scopes.namespaces[at].others.push(theirs);
            }
        }
    }
}

/// The namespace of the items of a package that stand in none.
pub(super) fn global(cx: &mut Cx<'_>, package: usize) -> NsId {
    while cx.scopes.globals.len() <= package {
        let package = cx.scopes.globals.len();
        let id = cx
            .scopes
            .namespaces
            .push(super::scope::Namespace { package, ..Default::default() });
        cx.scopes.globals.push(id);
    }
    cx.scopes.globals.get(package).copied().unwrap_or(GLOBAL)
}
