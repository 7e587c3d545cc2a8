//! What goes wrong with instances of generic code.

use super::super::cx::Shared;
use super::super::mentions::Code;
use crate::diag::{Code as Number, Diagnostic};
use crate::hir::item;
use crate::hir::ty::Ty;
use crate::support::span::Span;

/// Type arguments that grow each time around.
pub(in crate::types) fn grows(
    cx: &Shared<'_>,
    code: Code,
    span: Span,
    origin: Span,
) -> Diagnostic {
    let (what, name) = name(cx, code);
    let problem = Diagnostic::error(
        Number::Cyclic,
        format!("{what} `{name}` would need instances without end"),
        span,
        "the type arguments grow each time",
    );
    from(problem, span, origin)
        .help("let it mention itself with type arguments of the same size")
}

/// More instances than one program may have.
pub(in crate::types) fn too_many(
    cx: &Shared<'_>,
    code: Code,
    most: usize,
    span: Span,
    origin: Span,
) -> Diagnostic {
    let (what, name) = name(cx, code);
    let problem = Diagnostic::error(
        Number::Cyclic,
        format!("generic code needs more than {most} instances"),
        span,
        format!("one of them is of {what} `{name}`"),
    );
    from(problem, span, origin)
}

/// A port that gets a payload which stays in its domain.
pub(in crate::types) fn carries(
    cx: &Shared<'_>,
    port: &item::Port,
    (ty, written): (&Ty, Span),
    origin: Span,
) -> Diagnostic {
    let text = cx.show(ty);
    let name = &port.name.name;
    let problem = Diagnostic::error(
        Number::NotSendable,
        format!("port `{name}` would carry `{text}`, which cannot be sent"),
        origin,
        "these type arguments are given here",
    )
    .note("points, sources, targets and networks are not sendable");
    let part = if written == port.payload_span { "payload" } else { "reply" };
    from_user(cx, problem, written, format!("the {part} of `{name}`"))
}

/// Generic code that sends what it does not know.
pub(in crate::types) fn sent(
    cx: &Shared<'_>,
    ty: &Ty,
    span: Span,
    origin: Option<Span>,
) -> Diagnostic {
    let text = cx.show(ty);
    let problem = Diagnostic::error(
        Number::NotSendable,
        format!("generic code would send `{text}`, which it cannot"),
        origin.unwrap_or(span),
        "these type arguments are given here",
    )
    .note("function values, points, sources, targets and networks are not sent by generic code");
    from_user(cx, problem, span, "it is sent here".to_owned())
}

fn from(problem: Diagnostic, span: Span, origin: Span) -> Diagnostic {
    if span == origin { problem } else { problem.label(origin, "first needed here") }
}

fn from_user(
    cx: &Shared<'_>,
    problem: Diagnostic,
    span: Span,
    text: String,
) -> Diagnostic {
    if span.file.0 < cx.program.n_user_files {
        problem.label(span, text)
    } else {
        problem
    }
}

/// How messages call a piece of code.
fn name(cx: &Shared<'_>, code: Code) -> (&'static str, String) {
    let program = cx.program;
    let (what, decl) = match code {
        Code::Record(id) => match program.records[id].kind {
            item::RecordKind::Struct => ("struct", &program.records[id].decl),
            _ => ("schema", &program.records[id].decl),
        },
        Code::Enum(id) => ("enum", &program.enums[id].decl),
        Code::Channel(id) => ("channel", &program.channels[id].decl),
        Code::Agent(id) => ("agent", &program.agents[id].decl),
        Code::Domain(id) => ("domain", &program.domains[id].decl),
        Code::Method(id) => ("method", &program.methods[id].decl),
    };
    (what, decl.name.name.to_string())
}
