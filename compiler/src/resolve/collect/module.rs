//! Declares what a `native` block takes from a Rust file, and reads which crates that uses. It
//! does not look at the file; `foreign` does.

use super::{Place, decl, insert};
use crate::diag::suggest::closest;
use crate::hir::ModuleId;
use crate::hir::item::{self, Decl, MethodKind, Owner};
use crate::resolve::scope::Def;
use crate::resolve::{Cx, ForeignSource, NativeSource, errors, items};
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident, NativeMemberKind};

/// What may be said of a crate.
const SETTINGS: [&str; 3] = ["version", "features", "default_features"];

type Parts<'a> = (&'a Ident, &'a [ast::Use], &'a [ast::NativeMember]);

/// `native "file.rs" uses { … } { … }`
pub(super) fn module<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    (path, uses, members): Parts<'a>,
    place: Place,
) {
    if place.owner != Owner::Namespace {
        let head = Span { hi: path.span.hi, ..item.span };
        cx.report(errors::misplaced_item("native code", "a namespace", head));
        return;
    }
    crate::resolve::modifiers::check(cx, &item.modifiers, "a native block", &[]);
    items::attributes(cx, &item.attributes, "a native block", &[], &[]);
    let mut crates: Vec<item::Crate> = Vec::new();
    for wanted in uses {
        let same = crates.iter().find(|it| it.name.name == wanted.name.name);
        if let Some(first) = same {
            let first = first.name.span;
            cx.report(errors::duplicate("crate", &wanted.name, Some(first)));
        } else if let Some(wanted) = self::wanted(cx, wanted) {
            crates.push(wanted);
        }
    }
    let span = Span { hi: path.span.hi, ..item.span };
    let id = cx.program.modules.push(item::Module {
        path: path.clone(),
        span,
        crates,
        types: Vec::new(),
        functions: Vec::new(),
    });
    for member in members {
        match &member.kind {
            NativeMemberKind::OpaqueType(name) => {
                opaque(cx, (item, member), id, name, place);
            }
            NativeMemberKind::Method(node) => {
                function(cx, (item, member), id, node, place);
            }
            NativeMemberKind::New { .. }
            | NativeMemberKind::Property { .. }
            | NativeMemberKind::Indexer { .. } => {
                cx.report(errors::native_member(member.span));
            }
        }
    }
}

fn declared(
    cx: &Cx<'_>,
    (item, member): (&ast::Item, &ast::NativeMember),
    name: &Ident,
    place: Place,
) -> Decl {
    let visibility = crate::resolve::modifiers::visibility(
        &member.modifiers,
        crate::hir::item::Visibility::Public,
    );
    let docs = member.docs.clone();
    Decl { span: member.span, visibility, docs, ..decl(cx, item, name, place) }
}

/// `opaque type Picture;`
fn opaque<'a>(
    cx: &mut Cx<'a>,
    (item, member): (&'a ast::Item, &'a ast::NativeMember),
    module: ModuleId,
    name: &'a Ident,
    place: Place,
) {
    crate::resolve::modifiers::check(cx, &member.modifiers, "an opaque type", &[]);
    items::attributes(cx, &member.attributes, "an opaque type", &[], &[]);
    let id = cx.program.natives.push(item::Native {
        decl: declared(cx, (item, member), name, place),
        rust: name.name.to_string(),
        handle: false,
        module: Some(module),
        type_params: Vec::new(),
        bases: Vec::new(),
        members: Vec::new(),
    });
    let names = &cx.scopes.namespaces[place.namespace].names;
    if !names.contains_key(&name.name) {
        cx.program.modules[module].types.push(id);
    }
    insert(cx, place, name, Def::Native(id), "type");
    let source = NativeSource { members: &[], bases: &[], scope: place.scope };
    cx.sources.natives.push(source);
}

/// `Picture Load(string path) throws;`
fn function<'a>(
    cx: &mut Cx<'a>,
    (item, member): (&'a ast::Item, &'a ast::NativeMember),
    module: ModuleId,
    node: &'a ast::Method,
    place: Place,
) {
    let decl = declared(cx, (item, member), &node.name, place);
    let blank = items::blank(decl, MethodKind::Method, node.returns.span);
    let id = cx.program.methods.push(blank);
    let known = cx.scopes.namespaces[place.namespace].names.get(&node.name.name);
    if let Some(Def::Function(first)) = known {
        let first = cx.program.methods[*first].decl.name.span;
        cx.report(errors::overload(&node.name, first));
    } else {
        insert(cx, place, &node.name, Def::Function(id), "function");
        cx.program.modules[module].functions.push(id);
    }
    let scope = place.scope;
    cx.sources.foreign.push(ForeignSource { id, module, member, node, scope });
}

/// A crate, unless what is said of it does not fit.
fn wanted(cx: &mut Cx<'_>, wanted: &ast::Use) -> Option<item::Crate> {
    let n_problems = cx.problems.len();
    let name = wanted.name.clone();
    if !is_crate(&name.name) {
        cx.report(errors::crate_name(&name));
    }
    let mut found = item::Crate {
        version: name.clone(),
        name,
        features: Vec::new(),
        default_features: true,
    };
    let mut version = None;
    match &wanted.wants {
        ast::Wants::Version(text) => version = Some(text.clone()),
        ast::Wants::Table { span, settings } => {
            for (key, value) in settings {
                setting(cx, key, value, &mut found, &mut version);
            }
            if version.is_none() && cx.problems.len() == n_problems {
                cx.report(errors::no_crate_version(&found.name, *span));
            }
        }
    }
    found.version = version?;
    if !is_version(&found.version.name) {
        cx.report(errors::crate_version(&found.name, &found.version));
    }
    for feature in found.features.iter().filter(|it| !is_feature(&it.name)) {
        cx.report(errors::crate_feature(feature));
    }
    (cx.problems.len() == n_problems).then_some(found)
}

fn setting(
    cx: &mut Cx<'_>,
    key: &Ident,
    value: &ast::Setting,
    found: &mut item::Crate,
    version: &mut Option<Ident>,
) {
    match (&*key.name, value) {
        ("version", ast::Setting::Text(text)) => *version = Some(text.clone()),
        ("features", ast::Setting::List(_, all)) => found.features.clone_from(all),
        ("default_features", ast::Setting::Bool(_, on)) => found.default_features = *on,
        (known, value) if SETTINGS.contains(&known) => {
            let span = match value {
                ast::Setting::Text(text) => text.span,
                ast::Setting::List(span, _) | ast::Setting::Bool(span, _) => *span,
            };
            let expected = match known {
                "version" => "a text, as in `\"1.2\"`",
                "features" => "a list of texts, as in `[\"png\"]`",
                _ => "`true` or `false`",
            };
            cx.report(errors::crate_setting(known, expected, span));
        }
        (unknown, _) => {
            let close = closest(unknown, SETTINGS.iter().copied());
            cx.report(errors::unknown_crate_setting(key, &SETTINGS, close));
        }
    }
}

/// What cargo takes for the name of a crate.
fn is_crate(name: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.chars().all(fits)
}

/// What may be the name of a feature.
fn is_feature(name: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || "-_+./?".contains(it);
    !name.is_empty() && name.chars().all(fits)
}

/// What may be a requirement on a version; cargo knows better.
fn is_version(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || ".*^~=<>, +-".contains(it);
    text.contains(|it: char| it.is_ascii_digit() || it == '*') && text.chars().all(fits)
}
