//! Namespaces by path: those of 2009 that map to the library, and `using`. It declares no
//! items; `collect` does.

use super::scope::{Def, LIBRARY, Namespace, NsId, ScopeId};
use super::{Cx, errors, packages};
use crate::diag::Diagnostic;
use crate::diag::suggest::closest;
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast;

/// The namespaces that 2009 sources import; the library is reached through each of them
/// (decision 1).
const SOURCES_OF_2009: [&str; 8] = [
    "System",
    "System.Concurrency",
    "System.Concurrency.Messaging",
    "Microsoft.Axum",
    "Microsoft.Axum.IO",
    "System.Collections.Generic",
    "System.IO",
    "Axum",
];

/// Declares the namespaces that exist without any file that declares them.
pub(super) fn seed(cx: &mut Cx<'_>) {
    for path in SOURCES_OF_2009 {
        let mut at = LIBRARY;
        for part in path.split('.') {
            at = child(cx, at, &Name::from(part));
        }
    }
}

/// The namespace `name` inside `parent`, made if it is not there.
pub(super) fn child(cx: &mut Cx<'_>, parent: NsId, name: &Name) -> NsId {
    let outer = &cx.scopes.namespaces[parent];
    if let Some(Def::Namespace(id)) = outer.names.get(name) {
        return *id;
    }
    let mut path = outer.path.clone();
    path.push(name.clone());
    let (library, package) = (outer.library, outer.package);
    let id = cx.scopes.namespaces.push(Namespace {
        path,
        parent: Some(parent),
        package,
        library,
        ..Namespace::default()
    });
    // An item of the same name keeps it: the clash is reported where the item is declared.
    cx.scopes.namespaces[parent].names.entry(name.clone()).or_insert(Def::Namespace(id));
    id
}

/// Joins the program's namespaces with those of the packages that it depends on and with
/// the library's of the same path, then binds `using`.
pub(super) fn bind(cx: &mut Cx<'_>) {
    packages::join(cx);
    for id in cx.scopes.namespaces.ids() {
        let namespace = &cx.scopes.namespaces[id];
        if !namespace.library && namespace.parent.is_some() {
            let path = namespace.path.clone();
            cx.scopes.namespaces[id].twin = find(cx, LIBRARY, path.iter());
        }
    }
    for (scope, path) in std::mem::take(&mut cx.usings) {
        let names = || path.parts.iter().map(|it| &it.name);
        let here = cx.scopes.namespace_of(scope);
        // As in C#, the path may begin in any of the namespaces around.
        let around =
            std::iter::successors(Some(here), |&it| cx.scopes.namespaces[it].parent);
        let own = { around }.find_map(|it| find(cx, it, names()));
        let library = find(cx, LIBRARY, names());
        cx.scopes.scopes[scope].imports.extend(own);
        if own.is_none() && library.is_none() {
            // What the misspelt one would have brought is not missed as well.
            let meant = unknown(cx, here, path);
            cx.scopes.scopes[scope].imports.extend(meant);
        }
    }
}

/// The namespace at the end of a path that starts inside `from`.
fn find<'n>(
    cx: &Cx<'_>,
    from: NsId,
    path: impl Iterator<Item = &'n Name>,
) -> Option<NsId> {
    let mut at = from;
    for part in path {
        match cx.scopes.namespaces[at].names.get(part) {
            Some(Def::Namespace(id)) => at = *id,
            _ => return None,
        }
    }
    Some(at)
}

/// Reports a namespace that nobody declares; gives the one that may be meant.
fn unknown(cx: &mut Cx<'_>, here: NsId, path: &ast::Path) -> Option<NsId> {
    if path.parts.iter().any(|it| cx.is_lost(&it.name)) {
        return None;
    }
    let package = cx.scopes.namespaces[here].package;
    let names: Vec<Name> = path.parts.iter().map(|it| it.name.clone()).collect();
    if let Some(problem) = out_of_reach(cx, package, &names, path.span) {
        cx.report(problem);
        return None;
    }
    let known = cx.scopes.namespaces.enumerate();
    let known = known.filter(|(_, it)| it.library || it.package == package);
    let known: Vec<(NsId, String)> =
        known.map(|(id, it)| (id, it.path.join("."))).collect();
    let texts = || known.iter().map(|it| it.1.as_str());
    let meant = closest(&names.join("."), texts());
    let meant = known.iter().find(|it| Some(&*it.1) == meant).map(|it| it.0);
    let problem = errors::unknown_namespace(path, texts());
    cx.report(problem);
    meant.filter(|it| !cx.scopes.namespaces[*it].library)
}

/// The only namespace of the package at hand that has a public item of that name, where no
/// `using` brings it in.
pub(super) fn elsewhere(cx: &Cx<'_>, scope: ScopeId, name: &Name) -> Option<String> {
    let package = cx.scopes.namespaces[cx.scopes.namespace_of(scope)].package;
    let has = |it: &&Namespace| {
        !it.library
            && it.package == package
            && !it.path.is_empty()
            && it.names.contains_key(name)
            && !it.private.contains(name)
    };
    let mut found = cx.scopes.namespaces.iter().filter(has);
    let only = found.next().filter(|_| found.next().is_none())?;
    Some(only.path.join("."))
}

/// AX0101 if the path names a namespace of a package on which `package` does not depend.
pub(super) fn out_of_reach(
    cx: &Cx<'_>,
    package: usize,
    path: &[Name],
    span: Span,
) -> Option<Diagnostic> {
    let find = |global: &NsId| find(cx, *global, path.iter());
    let with_it =
        || cx.scopes.globals.iter().enumerate().filter(|it| find(it.1).is_some());
    // A package that only depends on the one that is meant has the namespace as well.
    let declares = |global: &NsId| {
        find(global).is_some_and(|it| cx.scopes.namespaces[it].others.is_empty())
    };
    let other = with_it().find(|it| declares(it.1)).or(with_it().next())?.0;
    let (own, other) = (cx.packages.name(package), cx.packages.name(other));
    Some(errors::namespace_out_of_reach(&path.join("."), span, own, other))
}
