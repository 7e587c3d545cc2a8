//! Declarations of what is written in Rust: the runtime's types and namespaces, which only the
//! library has, and `native` blocks, which are `module`'s.

use super::{Place, decl, insert, inside};
use crate::hir::item::{self, Owner};
use crate::resolve::scope::Def;
use crate::resolve::{Cx, NativeSource, builtin, errors, items};
use crate::support::Name;
use crate::syntax::ast::{self, Ident};

pub(super) fn native<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: &'a ast::Native,
    place: Place,
) {
    match node {
        ast::Native::Module { path, uses, items } => {
            super::module::module(cx, item, (path, uses, items), place);
        }
        ast::Native::Type { name, .. } | ast::Native::Namespace { name, .. }
            if !place.library =>
        {
            cx.report(errors::library_only(name));
            insert(cx, place, name, Def::Error, "item");
        }
        ast::Native::Type { handle, name, type_params, bases, wheres, members } => {
            let decl = decl(cx, item, name, place);
            let rust = items::rust_name(&item.attributes)
                .unwrap_or_else(|| name.name.to_string());
            let id = cx.program.natives.push(item::Native {
                decl,
                rust,
                handle: *handle,
                module: None,
                type_params: Vec::new(),
                bases: Vec::new(),
                members: Vec::new(),
            });
            // Names that the compiler knows keep their own meaning.
            if builtin::named(&name.name).is_none() {
                insert(cx, place, name, Def::Native(id), "type");
            }
            let generics = (&type_params[..], &wheres[..]);
            let (inner, ids) = inside(cx, place, Owner::Native(id), generics);
            cx.program.natives[id].type_params = ids;
            let source = NativeSource { members, bases, scope: inner.scope };
            cx.sources.natives.push(source);
        }
        ast::Native::Namespace { name, members } => {
            let decl = decl(cx, item, name, place);
            let rust = items::rust_name(&item.attributes)
                .unwrap_or_else(|| items::snake_case(&name.name));
            let space = item::Space { decl, rust, members: Vec::new() };
            let id = cx.program.spaces.push(space);
            cx.scopes.spaces.insert(name.name.clone(), id);
            let names: std::collections::BTreeSet<Name> = members
                .iter()
                .filter_map(|it| native_name(&it.kind).map(|it| it.name.clone()))
                .collect();
            cx.members.spaces.push(names);
            let scope = cx.scopes.open(Some(place.scope), Owner::Space(id));
            cx.sources.spaces.push(NativeSource { members, bases: &[], scope });
        }
    }
}

fn native_name(kind: &ast::NativeMemberKind) -> Option<&Ident> {
    match kind {
        ast::NativeMemberKind::OpaqueType(name)
        | ast::NativeMemberKind::Property { name, .. } => Some(name),
        ast::NativeMemberKind::Method(method) => Some(&method.name),
        ast::NativeMemberKind::New { .. } | ast::NativeMemberKind::Indexer { .. } => None,
    }
}
