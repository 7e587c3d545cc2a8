//! Signatures of the functions that `native` blocks declare. What the Rust file says about
//! them is not looked at.

use super::super::modifiers::{self, find};
use super::super::{Cx, ForeignSource, errors, types};
use super::{attributes, method, snake_case};
use crate::hir::item::{InModule, NativeSignature, Overridable};
use crate::syntax::ast::ModifierKind;

/// Resolves the functions of all `native` blocks.
pub(super) fn resolve(cx: &mut Cx<'_>) {
    for source in std::mem::take(&mut cx.sources.foreign) {
        function(cx, source);
    }
}

fn function<'a>(cx: &mut Cx<'a>, source: ForeignSource<'a>) {
    let ForeignSource { id, module, member, node, scope } = source;
    let allowed = [ModifierKind::Function, ModifierKind::Blocking];
    modifiers::check(cx, &member.modifiers, "a native function", &allowed);
    let known =
        attributes(cx, &member.attributes, "a native function", &["Unordered"], &[]);
    if !(node.type_params.is_empty() && node.wheres.is_empty()) {
        cx.report(errors::generic_native(&node.name));
    }
    let inner = method::generics(cx, id, node, scope);
    let params = method::params(cx, inner, &node.params);
    let returns = types::result(cx, inner, &node.returns);
    let promised = find(&member.modifiers, ModifierKind::Function);
    let blocking = find(&member.modifiers, ModifierKind::Blocking).is_some();
    let method = &mut cx.program.methods[id];
    method.function = promised;
    method.overridable = Overridable::No;
    method.params = params;
    method.returns = returns;
    method.attributes = known;
    method.native = Some(NativeSignature {
        rust: snake_case(&node.name.name),
        // Any native code may panic.
        throws: true,
        suspends: blocking,
        io: promised.is_none(),
        sends: false,
        receives: false,
        mutates: false,
        format: false,
        settable: false,
        constant: None,
        module: Some(InModule { id: module, throws: node.throws }),
    });
}
