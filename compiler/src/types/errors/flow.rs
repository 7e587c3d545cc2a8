//! Control flow: what is unassigned, unreachable, missing or not covered.

use super::super::cx::{Cx, Shared, Why};
use super::super::early;
use super::because;
use crate::diag::{Code, Diagnostic, words};
use crate::hir::body::{Block, ExprKind, LocalKind, SwitchSection};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

pub(in crate::types) fn maybe_unassigned(
    cx: &Cx<'_>,
    local: LocalId,
    span: Span,
) -> Diagnostic {
    let declared = &cx.body.locals[local];
    let name = &declared.name;
    let assigned = cx
        .flow
        .assigned_within(local, Span { lo: declared.span.lo, hi: span.lo, ..span });
    let detour = cx.detour(local, span);
    let problem = Diagnostic::error(
        Code::MaybeUnassigned,
        format!("`{name}` may be used before it is assigned"),
        span,
        match (&detour, assigned) {
            _ if declared.kind == LocalKind::Bound => {
                "the pattern may not have matched here"
            }
            (None, false) => "nothing assigns it before this use",
            _ => "some path to this use assigns it nothing",
        },
    );
    let problem = match declared.across_sections {
        true => problem.label(declared.span, "declared in another case"),
        false if declared.kind == LocalKind::Bound => {
            problem.label(declared.span, "has a value only where this pattern matches")
        }
        false => problem.label(declared.span, "declared without a value here"),
    };
    match detour {
        Some(detour) => problem.label(detour.span, detour.text),
        None => problem,
    }
}

pub(in crate::types) fn unassigned_in_call(
    cx: &Cx<'_>,
    local: LocalId,
    local_fn: LocalFnId,
    span: Span,
) -> Diagnostic {
    let local = &cx.body.locals[local];
    let name = &cx.body.local_fns[local_fn].name;
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("`{}` reads `{}`, which may be unassigned", name.name, local.name),
        span,
        "called before every path has assigned it",
    )
    .label(local.span, "declared without a value here")
}

pub(in crate::types) fn field_unassigned(
    cx: &Cx<'_>,
    field: FieldId,
    span: Span,
) -> Diagnostic {
    let field = &cx.program.fields[field];
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("field `{}` may be used before it is assigned", field.name.name),
        span,
        "some path to this use assigns it nothing",
    )
    .label(field.name.span, "declared without a value here")
}

/// A field that a method reads which the constructor calls too early.
pub(in crate::types) fn field_unassigned_in_call(
    cx: &Cx<'_>,
    (code, field): (early::Code, FieldId),
    span: Span,
    read: Span,
) -> Diagnostic {
    let field = &cx.program.fields[field].name;
    let (who, how) = match code {
        early::Code::Method(it) => (&cx.program.methods[it].decl.name.name, "named"),
        early::Code::LocalFn(body, it) => {
            (&cx.program.bodies[body].local_fns[it].name.name, "called")
        }
        early::Code::Begins(it) => (&cx.program.agents[it].decl.name.name, "made"),
        early::Code::Makes(it) => (&cx.program.domains[it].decl.name.name, "made"),
    };
    let called = cx.body.exprs.iter().any(
        |it| matches!(it.kind, ExprKind::Call { callee, .. } if cx.span(callee) == span),
    );
    let how = if called { "called" } else { how };
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("`{who}` reads field `{}`, which may be unassigned", field.name),
        span,
        format!("{how} before every path has assigned the field"),
    )
    .label(read, "read here")
    .label(field.span, "declared without a value here")
}

/// A field that the code of a base may read before the derived agent has given it a value.
pub(in crate::types) fn read_by_base(
    program: &Program,
    (agent, base): (AgentId, AgentId),
    field: FieldId,
    read: Span,
) -> Diagnostic {
    let name = &program.fields[field].name;
    let (agent, base) = (&program.agents[agent].decl, &program.agents[base].decl);
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("field `{}` may be used before it is assigned", name.name),
        read,
        format!("may run before `{}` has assigned it", agent.name.name),
    )
    .label(base.name.span, format!("the code of base `{}` runs first", base.name.name))
    .label(name.span, "declared without a default here")
}

/// A field that some path of the constructor leaves unassigned.
pub(in crate::types) fn field_never_assigned(
    cx: &Cx<'_>,
    field: FieldId,
    constructor: Option<Span>,
) -> Diagnostic {
    let problem = field_without_value(cx.shared, &cx.program.fields[field]);
    match constructor {
        Some(span) => {
            problem.label(span, "some path through the constructor leaves it so")
        }
        None => problem,
    }
}

/// A field that starts without a value and that nothing assigns.
pub(in crate::types) fn field_without_value(
    shared: &Shared<'_>,
    field: &item::Field,
) -> Diagnostic {
    let name = &field.name.name;
    let ty = shared.show(&field.ty);
    Diagnostic::error(
        Code::MaybeUnassigned,
        format!("field `{name}` may stay unassigned"),
        field.name.span,
        format!("`{ty}` has no default value"),
    )
    .help(format!("give it a value: `{ty} {name} = …;`"))
}

pub(in crate::types) fn unreachable(span: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::Unreachable,
        "code that is never reached",
        span,
        "control never gets here",
    )
}

pub(in crate::types) fn nothing_to_leave(span: Span, is_continue: bool) -> Diagnostic {
    let word = if is_continue { "continue" } else { "break" };
    let what = if is_continue { "a loop" } else { "a loop, `switch` or `receive`" };
    Diagnostic::error(
        Code::Syntax,
        format!("`{word}` stands outside of {what}"),
        span,
        "there is nothing to leave",
    )
}

pub(in crate::types) fn missing_return(
    cx: &Cx<'_>,
    block: &Block,
    returns: &Ty,
    why: Why,
    name: Span,
) -> Diagnostic {
    let text = cx.show(returns);
    let end = Span { lo: block.span.hi.saturating_sub(1), ..block.span };
    let problem = Diagnostic::error(
        Code::MissingReturn,
        format!("not every path returns {}", words::with_article(&words::code(&text))),
        if cx.is_user(name) { name } else { end },
        "control can reach the end of this body",
    );
    because(cx, problem, why)
}

pub(in crate::types) fn lambda_missing_return(
    cx: &Cx<'_>,
    block: &Block,
    returns: &Ty,
) -> Diagnostic {
    let text = cx.show(returns);
    Diagnostic::error(
        Code::MissingReturn,
        format!("not every path returns {}", words::with_article(&words::code(&text))),
        Span { lo: block.span.hi.saturating_sub(1), ..block.span },
        "control can reach the end of this lambda",
    )
}

pub(in crate::types) fn returns_nothing(
    cx: &Cx<'_>,
    value: ExprId,
    why: Why,
) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::Mismatch,
        "a value is returned from what returns nothing",
        cx.span(value),
        "no value is expected here",
    );
    because(cx, problem, why)
}

pub(in crate::types) fn return_without_value(
    cx: &Cx<'_>,
    span: Span,
    want: &Ty,
    why: Why,
) -> Diagnostic {
    let text = cx.show(want);
    let problem = Diagnostic::error(
        Code::MissingReturn,
        format!("`return` gives no `{text}`"),
        span,
        format!("a value of type `{text}` is expected"),
    );
    because(cx, problem, why)
}

/// A section of a switch whose end can be reached.
pub(in crate::types) fn falls_through(
    section: &SwitchSection,
    next: Option<&SwitchSection>,
) -> Diagnostic {
    let first = |it: &SwitchSection| it.labels.first().map_or(it.span, |it| it.span);
    let problem = Diagnostic::error(
        Code::FallThrough,
        match next {
            Some(_) => "a case runs on into the next",
            None => "the last case runs on behind the switch",
        },
        first(section),
        "control can reach the end of this case",
    );
    let problem = match next {
        Some(next) => problem.label(first(next), "the next case begins here"),
        None => problem,
    };
    problem.help("end the case with `break;`")
}

/// AX0310: an earlier `catch` takes everything that this one would.
pub(in crate::types) fn caught_before(
    cx: &Cx<'_>,
    ty: &Ty,
    span: Span,
    first: Span,
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::warning(
        Code::Unreachable,
        format!("every `{text}` is caught before this `catch`"),
        span,
        "never reached",
    )
    .label(first, "caught here")
    .help("put the `catch` of the derived exception first")
}

/// AX0301: a `catch` of something that cannot be thrown.
pub(in crate::types) fn catches_no_exception(
    cx: &Cx<'_>,
    ty: &Ty,
    span: Span,
) -> Diagnostic {
    let text = cx.show(ty);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("`{text}` is no exception and is never caught"),
        span,
        "expected a schema that derives `Exception`",
    );
    deriving(cx, problem, ty)
}

/// AX0301: a value that cannot be thrown.
pub(in crate::types) fn throws_no_exception(
    cx: &Cx<'_>,
    value: ExprId,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("`{text}` is no exception and cannot be thrown"),
        cx.span(value),
        format!("this is `{text}`"),
    );
    match ty {
        Ty::String => problem.help("`throw new Exception(…)` carries a text"),
        _ => deriving(cx, problem, ty),
    }
}

/// Shows the declaration that could derive `Exception`.
fn deriving(cx: &Cx<'_>, problem: Diagnostic, ty: &Ty) -> Diagnostic {
    let Ty::Record(id, _) = ty else { return problem };
    let record = &cx.program.records[*id];
    if record.decl.library || record.kind == item::RecordKind::Struct {
        return problem;
    }
    problem.label(record.decl.name.span, "does not derive `Exception`")
}

/// AX0003: `throw;` where nothing is being handled.
pub(in crate::types) fn nothing_to_rethrow(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        "`throw;` stands outside of a `catch`",
        span,
        "there is no exception to throw again",
    )
    .help("`throw new Exception(…);` throws a new one")
}
