//! Ports that are unknown or used the wrong way.

use super::super::convert::{End, PortUse};
use super::super::cx::Cx;
use super::super::index::channel_ports;
use super::network::text_of;
use crate::diag::{Code, Diagnostic, suggest::closest, words};
use crate::hir::body::{ExprKind, Ident};
use crate::hir::item::Direction;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// No port of the channel has that name.
pub(in crate::types) fn unknown_port(
    cx: &Cx<'_>,
    channel: ChannelId,
    name: &Ident,
) -> Diagnostic {
    let program = cx.program;
    let decl = &program.channels[channel].decl;
    let ports = channel_ports(program, channel);
    let names = ports.iter().map(|it| &*program.ports[*it].name.name);
    let near = closest(&name.name, names.clone());
    let problem = Diagnostic::error(
        Code::UnknownPort,
        format!("channel `{}` has no port `{}`", decl.name.name, name.name),
        name.span,
        match near {
            Some(_) => "unknown port".to_owned(),
            None => {
                let known: Vec<&str> = names.take(6).collect();
                format!("its ports are {}", words::code_list(&known, "and"))
            }
        },
    );
    let problem = if cx.is_user(decl.name.span) {
        problem.label(decl.name.span, "declared here")
    } else {
        problem
    };
    match near {
        Some(near) => problem
            .fix(format!("did you mean `{near}`?"), vec![(name.span, near.to_owned())]),
        None => problem,
    }
}

/// `::` behind what is no channel end.
pub(in crate::types) fn no_ports(
    cx: &Cx<'_>,
    base: ExprId,
    ty: &Ty,
    name: &Ident,
) -> Diagnostic {
    let text = cx.show(ty);
    if let Ty::Nullable(inner) = ty
        && matches!(**inner, Ty::Using(..) | Ty::Impl(..) | Ty::Request(..))
    {
        return may_be_null(cx, base, &text, "a channel end");
    }
    Diagnostic::error(
        Code::UnknownPort,
        format!("`{text}` has no port `{}`", name.name),
        name.span,
        "a port of a channel end is expected",
    )
    .label(cx.span(base), format!("this is `{text}`"))
    .help("members of a value are reached with `.`")
}

/// A port used against its direction at this end.
pub(in crate::types) fn direction(
    cx: &Cx<'_>,
    port: PortId,
    end: End,
    span: Span,
    wanted: PortUse,
) -> Diagnostic {
    let port = &cx.program.ports[port];
    let name = &port.name.name;
    let (word, this_end) = match (port.direction, end) {
        (Direction::Input, End::Using) => ("input", "the using end sends to it"),
        (Direction::Input, End::Impl) => {
            ("input", "the implementing end receives from it")
        }
        (Direction::Output, End::Using) => ("output", "the using end receives from it"),
        (Direction::Output, End::Impl) => ("output", "the implementing end sends to it"),
    };
    let (verb, remedy) = match wanted {
        PortUse::Receive if port.reply.is_some() => {
            ("received from", asks(cx, port, end))
        }
        PortUse::Receive => ("received from", "send to it with `<--`".to_owned()),
        PortUse::Send => ("sent to", "take its messages with `receive(…)`".to_owned()),
    };
    let problem = Diagnostic::error(
        Code::Direction,
        format!("port `{name}` is {verb}, but it is an {word} port"),
        span,
        this_end,
    );
    let problem = if cx.is_user(port.span) {
        problem.label(port.span, format!("declared `{word}` here"))
    } else {
        problem
    };
    problem.help(remedy)
}

/// How a request is sent over a port, and its answer awaited.
fn asks(cx: &Cx<'_>, port: &item::Port, end: End) -> String {
    let name = &port.name.name;
    let port_text = match end {
        End::Using => format!("…::{name}"),
        End::Impl => name.to_string(),
    };
    let reply = port.reply.as_ref().map(|it| cx.show(it)).unwrap_or_default();
    let payload = payload(port);
    format!("`receive({port_text} <-- {payload})` asks and waits for the `{reply}`")
}

/// How a port of an end is used, as code.
pub(in crate::types) fn used(
    cx: &Cx<'_>,
    base: ExprId,
    port: PortId,
    end: End,
) -> String {
    let how = cx.shared.port_use(port, end);
    let port = &cx.program.ports[port];
    let base = text_of(cx, base).unwrap_or_else(|| "…".to_owned());
    let text = format!("{base}::{}", port.name.name);
    match how {
        PortUse::Receive => format!("receive({text})"),
        PortUse::Send if port.reply.is_some() => {
            format!("receive({text} <-- {})", payload(port))
        }
        PortUse::Send => format!("{text} <-- {}", payload(port)),
    }
}

/// What is sent over a port, as far as it is known.
fn payload(port: &item::Port) -> &'static str {
    if port.payload == Ty::Signal { "Signal.Value" } else { "…" }
}

/// A request port of the asker, which is neither source nor plain target.
pub(in crate::types) fn request_port_as_value(
    cx: &Cx<'_>,
    port: PortId,
    span: Span,
) -> Diagnostic {
    let port = &cx.program.ports[port];
    let name = &port.name.name;
    let problem = Diagnostic::error(
        Code::RequestPort,
        format!("request port `{name}` is no plain target"),
        span,
        "each send to it gives a correlator for the reply",
    )
    .help(asks(cx, port, End::Using));
    if cx.is_user(port.span) {
        problem.label(port.span, "declared with a reply type here")
    } else {
        problem
    }
}

/// Null where something to send to or receive from is needed. A field that others may change
/// is not narrowed by a test, a local is.
pub(in crate::types) fn may_be_null(
    cx: &Cx<'_>,
    id: ExprId,
    text: &str,
    wanted: &str,
) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::NullUsed,
        format!("`{text}` may be null where {wanted} is expected"),
        cx.span(id),
        format!("this is `{text}`"),
    );
    match cx.kind(id) {
        ExprKind::Field(_) | ExprKind::Member { .. } => problem.help(
            "keep it in a local and test that with `!= null`, or write `!` behind it",
        ),
        _ => problem.help("test it with `!= null` first"),
    }
}

/// What is received from is no source.
pub(in crate::types) fn no_source(cx: &Cx<'_>, id: ExprId, ty: &Ty) -> Diagnostic {
    let text = cx.show(ty);
    if matches!(ty, Ty::Nullable(inner) if cx.may_be_source(inner)) {
        return may_be_null(cx, id, &text, "a source");
    }
    Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("`{text}` is no source"),
        cx.span(id),
        "a port, point, correlator, network or channel end is expected",
    )
}

/// What is sent to is no target.
pub(in crate::types) fn no_target(
    cx: &Cx<'_>,
    send: ExprId,
    target: ExprId,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    if matches!(ty, Ty::Nullable(inner) if cx.may_be_target(inner)) {
        return may_be_null(cx, target, &text, "a target");
    }
    let problem = Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("`{text}` on the left of `<--` is no target"),
        cx.span(target),
        format!("this is `{text}`"),
    );
    let ExprKind::Send { value, .. } = cx.kind(send) else { return problem };
    if super::super::ty::is_numeric(ty) {
        let left = text_of(cx, target).unwrap_or_else(|| "a".to_owned());
        let right = text_of(cx, *value).unwrap_or_else(|| "b".to_owned());
        return problem
            .help(format!("to decrement and compare, write `{left} < --{right}`"));
    }
    problem
}

/// A channel end stands for a port, and no single port fits.
pub(in crate::types) fn ambiguous_end(
    cx: &Cx<'_>,
    id: ExprId,
    end: &Ty,
    how: PortUse,
    fitting: &[PortId],
) -> Diagnostic {
    let text = cx.show(end);
    let verb = match how {
        PortUse::Send => "sent to",
        PortUse::Receive => "received from",
    };
    if fitting.is_empty() {
        return Diagnostic::error(
            Code::NoSourceOrTarget,
            format!("`{text}` has no port that can be {verb} here"),
            cx.span(id),
            format!("this is `{text}`"),
        );
    }
    let names: Vec<&str> =
        fitting.iter().map(|it| &*cx.program.ports[*it].name.name).collect();
    Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("`{text}` has several ports that can be {verb}"),
        cx.span(id),
        format!("{} would fit", words::code_list(&names, "and")),
    )
    .help(format!("name the port: `…::{}`", names[0]))
}

/// `receive(request::Reply)`
pub(in crate::types) fn reply_received(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Direction,
        "`Reply` of a request is received from, but the reply goes out",
        span,
        "the asker receives it",
    )
    .help("answer with `request <-- …`")
}

/// `c::Done <-- x` of the built-in source.
pub(in crate::types) fn sent_to_completion(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Direction,
        "`Done` of a channel end is sent to, but it only tells the outcome",
        span,
        "the channel declares no port of this name",
    )
}

/// AX0105: the capacity of a port.
pub(in crate::types) fn no_capacity(value: i128, port: &Ident, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        format!("port `{}` cannot have a capacity of {value}", port.name),
        span,
        "at least 1 is expected: a port without room takes no message",
    )
}
