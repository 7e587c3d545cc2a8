//! Iterators: return types and `return`.

use super::super::cx::{Cx, Why};
use super::because;
use crate::diag::{Code, Diagnostic};
use crate::hir::ExprId;
use crate::hir::ty::Ty;
use crate::support::span::Span;

/// Something that yields but returns no sequence.
pub(in crate::types) fn no_sequence(
    cx: &Cx<'_>,
    returns: &Ty,
    why: Why,
    name: Span,
) -> Diagnostic {
    let text = cx.show(returns);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("an iterator returns `IEnumerable<…>`, not `{text}`"),
        name,
        "`yield` in it makes it an iterator",
    );
    because(cx, problem, why)
}

/// `return` in an iterator.
pub(in crate::types) fn return_in_iterator(span: Span, value: bool) -> Diagnostic {
    let word = Span { hi: span.hi.min(span.lo + 6), ..span };
    let problem = Diagnostic::error(
        Code::Mismatch,
        "`return` in an iterator",
        word,
        "an iterator gives its elements one by one",
    );
    match value {
        true => {
            problem.fix("write `yield return`", vec![(word, "yield return".to_owned())])
        }
        false => {
            problem.fix("write `yield break`", vec![(word, "yield break".to_owned())])
        }
    }
}

/// A member of sequences that is written without its parentheses.
pub(in crate::types) fn not_called(cx: &Cx<'_>, id: ExprId, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code::CannotInfer,
        format!("`{name}` of a sequence is a method"),
        cx.span(id),
        "not called, and nothing says which function value is meant",
    )
    .help(format!("call it: `{name}()`"))
}
