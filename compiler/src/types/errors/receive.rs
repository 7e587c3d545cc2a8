//! What can be wrong with the cases of `receive { … }`. It decides wording only.

use super::super::cx::Cx;
use crate::diag::{Code, Diagnostic};
use crate::hir::ty::MAX_TUPLE;
use crate::hir::*;
use crate::support::span::Span;

/// `receive { }`
pub(in crate::types) fn no_cases(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        "a `receive` has no case",
        span,
        "`from`, `timeout` or `default` is expected inside",
    )
}

/// A second `timeout` or `default`.
pub(in crate::types) fn second_case(word: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Duplicate,
        format!("`{word}` stands twice in a `receive`"),
        span,
        "the second one",
    )
    .label(first, "the first one")
}

/// `default` runs when nothing is ready, so no time passes.
pub(in crate::types) fn timeout_beside_default(
    timeout: Span,
    default: Span,
) -> Diagnostic {
    Diagnostic::warning(
        Code::Unreachable,
        "`timeout` never runs beside `default`",
        timeout,
        "no time passes before `default` runs",
    )
    .label(default, "runs at once if nothing is ready")
}

/// A join of more sources than a tuple has elements.
pub(in crate::types) fn wide_join(span: Span, n_sources: usize) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        format!("a case takes from {n_sources} sources at once"),
        span,
        format!("the messages are a tuple, which has at most {MAX_TUPLE} elements"),
    )
}

/// Adds what the port carries to a problem with the variable that its message goes into.
pub(in crate::types) fn carried_by(
    cx: &Cx<'_>,
    problem: Diagnostic,
    port: PortId,
) -> Diagnostic {
    let port = &cx.program.ports[port];
    if !cx.is_user(port.span) {
        return problem;
    }
    let name = &port.name.name;
    let text = match &port.reply {
        Some(reply) => format!(
            "`{name}` takes requests: `{}` with a reply of `{}`",
            cx.show(&port.payload),
            cx.show(reply)
        ),
        None => format!("port `{name}` carries `{}`", cx.show(&port.payload)),
    };
    problem.label(port.span, text)
}
