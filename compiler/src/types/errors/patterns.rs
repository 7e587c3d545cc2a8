//! Cases: variables that not every match gives a value, values without a case, and cases
//! without a value.

use super::super::cx::Cx;
use crate::diag::{Code, Diagnostic, words};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// A variable that stands in some alternatives of `or` only.
pub(in crate::types) fn not_in_all(
    cx: &Cx<'_>,
    local: LocalId,
    span: Span,
    without: Span,
) -> Diagnostic {
    let name = &cx.body.locals[local].name;
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("`{name}` is not bound by every alternative of `or`"),
        span,
        "bound where this alternative matches",
    )
    .label(without, format!("`{name}` has no value where this one does"))
    .help("write `_` in its place, or bind it in all of them")
}

pub(in crate::types) fn bound_under_not(
    cx: &Cx<'_>,
    local: LocalId,
    span: Span,
) -> Diagnostic {
    let name = &cx.body.locals[local].name;
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("`{name}` is bound under `not`, where nothing matches"),
        span,
        "has no value where the whole pattern matches",
    )
    .help("write `_` in its place")
}

/// A variable that alternatives give different types.
pub(in crate::types) fn bound_as_another(
    cx: &Cx<'_>,
    local: LocalId,
    (span, ty): (Span, &Ty),
    (first, before): (Span, &Ty),
) -> Diagnostic {
    let name = &cx.body.locals[local].name;
    let (text, before) = (cx.show(ty), cx.show(before));
    Diagnostic::error(
        Code::Mismatch,
        format!("`{name}` is `{before}` in one alternative and `{text}` in another"),
        span,
        format!("bound to a value of type `{text}` here"),
    )
    .label(first, format!("and to a value of type `{before}` here"))
}

/// Values of a switch that no case covers.
pub(in crate::types) fn not_exhaustive(
    cx: &Cx<'_>,
    keyword: Option<Span>,
    subject: ExprId,
    ty: &Ty,
    missing: &[String],
) -> Diagnostic {
    let text = cx.show(ty);
    let rest = missing == ["_"];
    let headline = if rest {
        format!("the switch does not cover every `{text}`")
    } else {
        format!("the switch does not cover {}", few(missing))
    };
    let case = |pattern: &str| match keyword {
        Some(_) if pattern == "_" => "`default:`".to_owned(),
        Some(_) => format!("`case {pattern}:`"),
        None => format!("`{pattern} => …`"),
    };
    let help = match missing {
        [one] if !one.contains(" or ") && !rest => format!("add {}", case(one)),
        [_] => format!("add {} for the rest", case("_")),
        _ => format!("add a case for each of them, or {} for the rest", case("_")),
    };
    let subject = cx.span(subject);
    let problem = match keyword {
        Some(keyword) => Diagnostic::error(
            Code::NotExhaustive,
            headline,
            keyword,
            "some values have no case",
        )
        .label(subject, format!("this is {}", words::with_article(&words::code(&text)))),
        None => Diagnostic::error(
            Code::NotExhaustive,
            headline,
            subject,
            format!("some values of this `{text}` have no case"),
        ),
    };
    let number = matches!(ty, Ty::Float | Ty::Double) && rest;
    let problem = match number {
        true => problem.note("no comparison holds for NaN"),
        false => problem,
    };
    problem.help(help)
}

/// A few patterns, and how many more.
fn few(missing: &[String]) -> String {
    let shown: Vec<&str> = missing.iter().take(3).map(String::as_str).collect();
    let more = missing.len() - shown.len();
    match more {
        0 => words::code_list(&shown, "and"),
        1 => {
            let all: Vec<&str> = missing.iter().map(String::as_str).collect();
            words::code_list(&all, "and")
        }
        _ => {
            let shown: Vec<String> = shown.iter().map(|it| words::code(it)).collect();
            format!("{}, and {more} more", shown.join(", "))
        }
    }
}

/// So many combinations that nobody looked at all of them.
pub(in crate::types) fn too_many_combinations(
    cx: &Cx<'_>,
    keyword: Option<Span>,
    subject: ExprId,
) -> Diagnostic {
    let rest = if keyword.is_some() { "default: …" } else { "_ => …" };
    Diagnostic::error(
        Code::NotExhaustive,
        "the cases fall into too many combinations to tell whether they cover all values",
        keyword.unwrap_or(cx.span(subject)),
        "some values may have no case",
    )
    .help(format!("add `{rest}` for the rest"))
}

/// A case that no value gets to.
pub(in crate::types) fn useless_case(
    is_default: bool,
    span: Span,
    by: &[Span],
) -> Diagnostic {
    let (what, label) = match (is_default, by) {
        (true, _) => ("`default`", "every value has a case already"),
        (_, []) => return matches_nothing(span),
        _ => ("this case", "every value that it matches has a case before"),
    };
    taken(
        Diagnostic::warning(
            Code::Unreachable,
            format!("no value reaches {what}"),
            span,
            label,
        ),
        if is_default { &[] } else { by },
    )
}

/// An alternative of `or` that adds nothing.
pub(in crate::types) fn useless_alternative(span: Span, by: &[Span]) -> Diagnostic {
    if by.is_empty() {
        return matches_nothing(span);
    }
    let problem = Diagnostic::warning(
        Code::Unreachable,
        "no value reaches this alternative",
        span,
        "every value that it matches is taken before",
    );
    taken(problem, by)
}

fn taken(mut problem: Diagnostic, by: &[Span]) -> Diagnostic {
    let mut by = by.to_vec();
    by.sort_unstable();
    let text = if by.len() == 1 { "taken here" } else { "some are taken here" };
    for span in by {
        problem = problem.label(span, text);
    }
    problem
}

/// A pattern that contradicts itself.
pub(in crate::types) fn matches_nothing(span: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::Unreachable,
        "no value matches this pattern",
        span,
        "its parts rule each other out",
    )
}

/// Patterns for a message or the value of a request, at what only leads to it.
pub(in crate::types) fn not_the_message(
    cx: &Cx<'_>,
    subject: ExprId,
    found: &Ty,
    inner: &Ty,
) -> Diagnostic {
    let (found_text, inner) = (cx.show(found), cx.show(inner));
    let label = format!("this is `{found_text}`");
    match found {
        Ty::Request(..) => Diagnostic::error(
            Code::RequestPort,
            format!("a request is matched where its value, `{inner}`, is expected"),
            cx.span(subject),
            label,
        )
        .help("the value of the request is its `.Value`"),
        _ => Diagnostic::error(
            Code::Mismatch,
            format!("a source is matched where its message, `{inner}`, is expected"),
            cx.span(subject),
            label,
        )
        .help("`receive(…)` takes a message out of a source"),
    }
}
