//! `[Bounded(…)]` that says nothing a port can do.

use super::suggest;
use crate::diag::{Code, Diagnostic};
use crate::hir::item::Policy;
use crate::support::span::Span;
use crate::syntax::ast::Ident;

const FORM: &str = "write it as `[Bounded(100, Overflow.Suspend)]`";

fn names() -> impl Iterator<Item = &'static str> {
    Policy::ALL.into_iter().map(Policy::name)
}

fn policies() -> String {
    let names: Vec<String> = names().map(|it| format!("`Overflow.{it}`")).collect();
    crate::diag::words::list(&names, "or")
}

/// AX0105
pub(in crate::resolve) fn bounds_count(found: usize, span: Span) -> Diagnostic {
    let given = match found {
        0 => "a capacity is missing".to_owned(),
        _ => "one argument too many, or several".to_owned(),
    };
    Diagnostic::error(
        Code::ArgumentCount,
        format!(
            "attribute `Bounded` takes a capacity and a policy, found {found} arguments"
        ),
        span,
        given,
    )
    .help(FORM)
}

/// AX0105
pub(in crate::resolve) fn bounds_named(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        format!("attribute `Bounded` has no argument `{}`", name.name),
        name.span,
        "the arguments have no names: the capacity stands first, then the policy",
    )
    .help(FORM)
}

/// AX0105
pub(in crate::resolve) fn no_policy(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        "attribute `Bounded` takes a policy here",
        span,
        format!("expected {}", policies()),
    )
}

/// AX0105
pub(in crate::resolve) fn unknown_policy(name: &Ident) -> Diagnostic {
    let found = Diagnostic::error(
        Code::ArgumentCount,
        format!("`Overflow.{}` is no policy of a port", name.name),
        name.span,
        format!("expected {}", policies()),
    );
    suggest(found, name, names())
}

/// AX0105
pub(in crate::resolve) fn redirect_at_port(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        "a port does not redirect what exceeds its capacity",
        span,
        "a channel knows no other target that the messages could go to",
    )
    .help(
        "let the agent send on what it cannot keep, and bound the port by another policy",
    )
}
