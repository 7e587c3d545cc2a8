//! Namespaces by path: those of 2009 that map to the library, and `using`. It declares no
//! items; `collect` does.

use super::scope::{Def, GLOBAL, LIBRARY, Namespace, NsId};
use super::{Cx, errors};
use crate::support::Name;
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
    let library = outer.library;
    let id =
        cx.scopes.namespaces.push(Namespace { path, library, ..Namespace::default() });
    // An item of the same name keeps it: the clash is reported where the item is declared.
    cx.scopes.namespaces[parent].names.entry(name.clone()).or_insert(Def::Namespace(id));
    id
}

/// Joins the program's namespaces with the library's of the same path, then binds `using`.
pub(super) fn bind(cx: &mut Cx<'_>) {
    for id in cx.scopes.namespaces.ids() {
        if !cx.scopes.namespaces[id].library && id != GLOBAL {
            let path = cx.scopes.namespaces[id].path.clone();
            cx.scopes.namespaces[id].twin = find(cx, LIBRARY, path.iter());
        }
    }
    for (scope, path) in std::mem::take(&mut cx.usings) {
        let names = || path.parts.iter().map(|it| &it.name);
        let around = cx.scopes.scopes[scope].namespace.unwrap_or(GLOBAL);
        let own = find(cx, around, names()).or_else(|| find(cx, GLOBAL, names()));
        let library = find(cx, LIBRARY, names());
        cx.scopes.scopes[scope].imports.extend(own);
        if own.is_none() && library.is_none() {
            unknown(cx, path);
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

fn unknown(cx: &mut Cx<'_>, path: &ast::Path) {
    if path.parts.iter().any(|it| cx.is_lost(&it.name)) {
        return;
    }
    let known: Vec<String> =
        cx.scopes.namespaces.iter().map(|it| it.path.join(".")).collect();
    let problem = errors::unknown_namespace(path, known.iter().map(String::as_str));
    cx.report(problem);
}
