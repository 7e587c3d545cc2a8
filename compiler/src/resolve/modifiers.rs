//! Words before declarations: which go with what. It does not act on them.

use super::{Cx, errors};
use crate::hir::item::{Access, Visibility};
use crate::support::span::Span;
use crate::syntax::ast::{Modifier, ModifierKind};

/// The place of a word, if it is there.
pub(super) fn find(modifiers: &[Modifier], kind: ModifierKind) -> Option<Span> {
    modifiers.iter().find(|it| it.kind == kind).map(|it| it.span)
}

/// Who may name it; `default` where nothing is written.
pub(super) fn visibility(modifiers: &[Modifier], default: Visibility) -> Visibility {
    if find(modifiers, ModifierKind::Private).is_some() {
        Visibility::Private
    } else if find(modifiers, ModifierKind::Public).is_some() {
        Visibility::Public
    } else {
        default
    }
}

/// `reader` or `writer`, and where it stands.
pub(super) fn access(modifiers: &[Modifier]) -> (Access, Option<Span>) {
    if let Some(span) = find(modifiers, ModifierKind::Writer) {
        (Access::Writer, Some(span))
    } else if let Some(span) = find(modifiers, ModifierKind::Reader) {
        (Access::Reader, Some(span))
    } else {
        (Access::Neither, None)
    }
}

/// Pairs of words that contradict each other.
const CLASHES: [(ModifierKind, ModifierKind); 5] = [
    (ModifierKind::Public, ModifierKind::Private),
    (ModifierKind::Reader, ModifierKind::Writer),
    (ModifierKind::Virtual, ModifierKind::Override),
    (ModifierKind::Const, ModifierKind::Readonly),
    (ModifierKind::Function, ModifierKind::Blocking),
];

/// Reports words that `what` does not take, and words that contradict each other.
/// `public` and `private` go with everything.
pub(super) fn check(
    cx: &mut Cx<'_>,
    modifiers: &[Modifier],
    what: &str,
    allowed: &[ModifierKind],
) {
    for (index, modifier) in modifiers.iter().enumerate() {
        let kind = modifier.kind;
        let text = kind.text();
        let always = matches!(kind, ModifierKind::Public | ModifierKind::Private);
        if !always && !allowed.contains(&kind) {
            let problem = match kind {
                ModifierKind::Protected
                | ModifierKind::Internal
                | ModifierKind::Abstract
                | ModifierKind::Sealed
                | ModifierKind::Static
                | ModifierKind::Unsafe
                | ModifierKind::Partial => errors::not_in_language(text, modifier.span),
                _ => errors::misplaced_modifier(text, modifier.span, what),
            };
            cx.report(problem);
            continue;
        }
        let clash = modifiers[..index].iter().find(|it| {
            it.kind == kind
                || CLASHES.contains(&(it.kind, kind))
                || CLASHES.contains(&(kind, it.kind))
        });
        if let Some(first) = clash {
            let other = first.kind.text();
            let problem = errors::modifier_clash(text, modifier.span, other, first.span);
            cx.report(problem);
        }
    }
}
