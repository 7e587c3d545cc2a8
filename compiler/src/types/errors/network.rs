//! Networks that do not line up. Messages name both types and the operator, and the
//! operator that would fit where one would.

use super::super::cx::Cx;
use super::super::network::Link;
use crate::diag::{Code, Diagnostic, words};
use crate::hir::body::{ExprKind, Literal, NetworkOp};
use crate::hir::ty::{MAX_TUPLE, Ty};
use crate::hir::*;
use crate::support::span::Span;

/// How an operand is called in a sentence.
pub(in crate::types) fn operand_name(cx: &Cx<'_>, id: ExprId) -> String {
    let program = cx.program;
    let name = match cx.kind(id) {
        ExprKind::Local(local) => &cx.body.locals[*local].name,
        ExprKind::LocalFn(id) => &cx.body.local_fns[*id].name.name,
        ExprKind::Field(field) => &program.fields[*field].name.name,
        ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
            &program.methods[*method].decl.name.name
        }
        ExprKind::OwnPort(port) => &program.ports[*port].name.name,
        ExprKind::Port { name, .. } | ExprKind::Member { name, .. } => &name.name,
        ExprKind::Lambda(_) => return "the lambda".to_owned(),
        ExprKind::Network { .. } => return "the network".to_owned(),
        _ => return "the operand".to_owned(),
    };
    format!("`{name}`")
}

/// What stands on the left gives no messages.
pub(in crate::types) fn no_source(
    cx: &Cx<'_>,
    link: &Link,
    id: ExprId,
    ty: Option<&Ty>,
) -> Diagnostic {
    let name = operand_name(cx, id);
    let label = match ty {
        Some(ty) => format!("this is `{}`", cx.show(ty)),
        None => match cx.kind(id) {
            ExprKind::Lambda(_) => "this is a lambda".to_owned(),
            ExprKind::LocalFn(_) => "this is a local function".to_owned(),
            ExprKind::Method(_) | ExprKind::BaseMethod(_) => {
                "this is a method".to_owned()
            }
            _ => "this is no value".to_owned(),
        },
    };
    let problem = Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("{name} on the left of `{}` is no source", link.op.text()),
        cx.span(id),
        label,
    );
    if let Some(help) = operator_reading(cx, link, id, ty) {
        return problem.help(help);
    }
    if cx.lambda_value == Some(link.root) {
        return problem
            .note("a lambda without parentheses goes on to the end of the network")
            .help("put the lambda in parentheses: `(x => …)`");
    }
    if matches!(cx.kind(id), ExprKind::Method(_) | ExprKind::BaseMethod(_)) {
        return problem.help("put a source in front of the method: `source ==> …`");
    }
    if ty.is_some_and(|ty| cx.shared.iterated(ty).is_some()) {
        return problem.help(
            "send its elements to an interaction point, and link that: \
             `foreach (var it in …) point <-- it;`",
        );
    }
    problem
}

/// `i-->0` means `i-- > 0` to a C# programmer; says how to write that.
fn operator_reading(
    cx: &Cx<'_>,
    link: &Link,
    id: ExprId,
    ty: Option<&Ty>,
) -> Option<String> {
    if !ty.is_some_and(super::super::ty::is_numeric) {
        return None;
    }
    let left = text_of(cx, id).unwrap_or_else(|| "a".to_owned());
    let right = text_of(cx, link.right).unwrap_or_else(|| "b".to_owned());
    match link.op {
        NetworkOp::ForwardOnce => {
            Some(format!("to decrement and compare, write `{left}-- > {right}`"))
        }
        NetworkOp::Multiplex => {
            Some(format!("to shift by a negative number, write `{left} >> -{right}`"))
        }
        _ => None,
    }
}

/// The text of a name or a small number.
pub(in crate::types) fn text_of(cx: &Cx<'_>, id: ExprId) -> Option<String> {
    match cx.kind(id) {
        ExprKind::Literal(Literal::Int { value, .. }) => Some(value.to_string()),
        ExprKind::Local(local) => Some(cx.body.locals[*local].name.to_string()),
        ExprKind::Field(field) => Some(cx.program.fields[*field].name.name.to_string()),
        _ => None,
    }
}

/// What stands on the right takes no messages.
pub(in crate::types) fn no_target(
    cx: &Cx<'_>,
    link: &Link,
    id: ExprId,
    ty: Option<&Ty>,
) -> Diagnostic {
    let name = operand_name(cx, id);
    let label = match (ty, cx.kind(id)) {
        (Some(ty), _) => format!("this is `{}`", cx.show(ty)),
        (None, ExprKind::Call { .. }) => "this calls the method once, now".to_owned(),
        (None, ExprKind::LocalFn(_)) => "a local function cannot be stored".to_owned(),
        _ => "this takes no messages".to_owned(),
    };
    let problem = Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("{name} on the right of `{}` is neither target nor node", link.op.text()),
        cx.span(id),
        label,
    );
    match cx.kind(id) {
        ExprKind::Call { .. } => {
            problem.help("a node is written without a call: the method's name")
        }
        ExprKind::LocalFn(_) => problem.help("make it a method, or a lambda"),
        _ => problem,
    }
}

/// Something follows what ended the flow.
pub(in crate::types) fn ended(cx: &Cx<'_>, last: ExprId, op: Span) -> Diagnostic {
    let name = operand_name(cx, last);
    Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("nothing flows out of {name}"),
        cx.span(last),
        "messages end here",
    )
    .label(op, "and this operator waits for more")
}

/// An element of a vector of sources gives nothing.
pub(in crate::types) fn element_ended(cx: &Cx<'_>, id: ExprId) -> Diagnostic {
    Diagnostic::error(
        Code::NoSourceOrTarget,
        "an element of a vector of sources ends in a target",
        cx.span(id),
        "nothing flows out of this network",
    )
}

/// A vector within a vector.
pub(in crate::types) fn nested_vector(cx: &Cx<'_>, id: ExprId) -> Diagnostic {
    Diagnostic::error(
        Code::ScalarVector,
        "an element of a vector is a vector itself",
        cx.span(id),
        "one source is expected here",
    )
}

/// `{ }`
pub(in crate::types) fn empty_vector(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ScalarVector,
        "a vector of a network is empty",
        span,
        "at least one element is expected",
    )
}

/// The message is not what is taken.
pub(in crate::types) fn types(
    cx: &Cx<'_>,
    link: &Link,
    id: ExprId,
    message: &Ty,
    takes: &Ty,
) -> Diagnostic {
    let (message_text, takes_text) = (cx.show(message), cx.show(takes));
    let name = operand_name(cx, id);
    let op = link.op.text();
    let problem = Diagnostic::error(
        Code::NetworkTypes,
        format!("`{op}` brings `{message_text}`, but {name} takes `{takes_text}`"),
        cx.span(id),
        format!("takes `{takes_text}`"),
    )
    .label(cx.span(link.left), format!("gives `{message_text}`"));
    let problem = declared_here(cx, problem, id);
    match fitting_operator(link.op, message, takes) {
        Some(other) => problem.help(format!(
            "`{}` ({}) brings `{takes_text}`",
            other.text(),
            other.name()
        )),
        None => problem,
    }
}

/// The operator that would bring what is taken, if another one would.
fn fitting_operator(op: NetworkOp, message: &Ty, takes: &Ty) -> Option<NetworkOp> {
    match (op, message, takes) {
        (NetworkOp::Multiplex, message, Ty::Array(element)) if **element == *message => {
            Some(NetworkOp::Combine)
        }
        (NetworkOp::Combine, Ty::Array(element), takes) if **element == *takes => {
            Some(NetworkOp::Multiplex)
        }
        _ => None,
    }
}

fn declared_here(cx: &Cx<'_>, problem: Diagnostic, id: ExprId) -> Diagnostic {
    let span = match cx.kind(id) {
        ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
            cx.program.methods[*method].decl.name.span
        }
        _ => return problem,
    };
    if cx.is_user(span) { problem.label(span, "declared here") } else { problem }
}

/// The number of a node's parameters does not go with the message.
pub(in crate::types) fn parameters(
    cx: &Cx<'_>,
    id: ExprId,
    message: &Ty,
    n_params: usize,
    method: Option<MethodId>,
) -> Diagnostic {
    let name = operand_name(cx, id);
    let text = cx.show(message);
    let count = words::count(n_params, "parameter");
    let problem = Diagnostic::error(
        Code::NodeParameters,
        format!("{name} has {count}, and its messages are `{text}`"),
        cx.span(id),
        match n_params {
            0 => "a node without parameters takes `Signal`",
            1 => "one parameter takes the whole message",
            _ => "several parameters take a tuple of as many elements",
        },
    );
    match method.map(|it| cx.program.methods[it].decl.name.span) {
        Some(span) if cx.is_user(span) => problem.label(span, "declared here"),
        _ => problem,
    }
}

/// `{ a, b } ==> F`
pub(in crate::types) fn vector_on_left(
    cx: &Cx<'_>,
    link: &Link,
    message: Option<&Ty>,
) -> Diagnostic {
    let op = link.op.text();
    let problem = Diagnostic::error(
        Code::ScalarVector,
        format!("a vector stands on the left of `{op}`, which takes one source"),
        cx.span(link.left),
        "this is a vector of sources",
    )
    .label(link.op_span, format!("`{op}` is {}", link.op.name()));
    let combine = match (cx.kind(link.right), message) {
        (ExprKind::Method(method), Some(message)) => {
            let params = &cx.program.methods[*method].params;
            matches!(params.as_slice(), [one]
                if matches!(&one.ty, Ty::Array(it) if **it == *message))
                || params.len() > 1
        }
        _ => false,
    };
    if combine {
        problem.help("`&>-` brings one message of each source together")
    } else {
        problem.help("`>>-` brings the messages of all sources, as they come")
    }
}

/// `a >>- F`
pub(in crate::types) fn scalar_on_left(cx: &Cx<'_>, link: &Link) -> Diagnostic {
    let op = link.op.text();
    Diagnostic::error(
        Code::ScalarVector,
        format!("a single source stands on the left of `{op}`, which takes a vector"),
        cx.span(link.left),
        "this is one source",
    )
    .label(link.op_span, format!("`{op}` is {}", link.op.name()))
    .help("`==>` links one source; a vector is written `{ a, b }`")
}

/// `a ==> { F, G }`
pub(in crate::types) fn vector_on_right(
    cx: &Cx<'_>,
    link: &Link,
    id: ExprId,
) -> Diagnostic {
    let op = link.op.text();
    Diagnostic::error(
        Code::ScalarVector,
        format!("a vector stands on the right of `{op}`, which takes one target"),
        cx.span(id),
        "this is a vector of targets",
    )
    .label(link.op_span, format!("`{op}` is {}", link.op.name()))
    .help("`-<<` sends a copy to each target, `-<:` takes them in turn")
}

/// `a -<< F`
pub(in crate::types) fn scalar_on_right(cx: &Cx<'_>, link: &Link) -> Diagnostic {
    let op = link.op.text();
    Diagnostic::error(
        Code::ScalarVector,
        format!("a single target stands on the right of `{op}`, which takes a vector"),
        cx.span(link.right),
        "this is no vector",
    )
    .label(link.op_span, format!("`{op}` is {}", link.op.name()))
    .help("`==>` links to one target; a vector is written `{ F, G }`")
}

/// Sources of a vector that give unlike messages to one taker.
pub(in crate::types) fn unlike_sources(
    cx: &Cx<'_>,
    link: &Link,
    first: &Ty,
    unlike: (ExprId, &Ty),
) -> Diagnostic {
    let (first, other) = (cx.show(first), cx.show(unlike.1));
    let what = if first == other {
        "some sources of the vector bring requests, others plain messages".to_owned()
    } else {
        format!("`{}` brings `{first}` and `{other}` to one target", link.op.text())
    };
    Diagnostic::error(
        Code::NetworkTypes,
        what,
        cx.span(unlike.0),
        format!("gives `{other}`"),
    )
    .label(cx.span(link.left), format!("the first one gives `{first}`"))
    .help("`&>-` (combine) brings unlike messages together as a tuple")
}

/// Requests of a vector that want unlike replies of one taker.
pub(in crate::types) fn unlike_replies(
    cx: &Cx<'_>,
    link: &Link,
    first: &Ty,
    unlike: (ExprId, &Ty),
) -> Diagnostic {
    let (first, other) = (cx.show(first), cx.show(unlike.1));
    Diagnostic::error(
        Code::NetworkTypes,
        format!(
            "`{}` brings requests that want `{first}` and `{other}` to one target",
            link.op.text()
        ),
        cx.span(unlike.0),
        format!("wants `{other}`"),
    )
    .label(cx.span(link.left), format!("the first one wants `{first}`"))
    .help("link each of the ports to a node that gives its reply")
}

/// More unlike sources than a tuple has elements.
pub(in crate::types) fn wide_combine(
    cx: &Cx<'_>,
    link: &Link,
    n_sources: usize,
) -> Diagnostic {
    Diagnostic::error(
        Code::NetworkTypes,
        format!("`{}` combines {n_sources} unlike sources", link.op.text()),
        cx.span(link.left),
        format!("their messages are a tuple, which has at most {MAX_TUPLE} elements"),
    )
    .help("combine some of them first, and the results of that with the others")
}

fn at_port(cx: &Cx<'_>, problem: Diagnostic, port: PortId) -> Diagnostic {
    let port = &cx.program.ports[port];
    if !cx.is_user(port.span) {
        return problem;
    }
    problem.label(port.span, format!("port `{}` is declared here", port.name.name))
}

/// A request ends in a target that cannot answer it.
pub(in crate::types) fn request_into_target(
    cx: &Cx<'_>,
    op: NetworkOp,
    id: ExprId,
    port: PortId,
) -> Diagnostic {
    let name = operand_name(cx, id);
    let port_name = &cx.program.ports[port].name.name;
    let problem = Diagnostic::error(
        Code::NetworkTypes,
        format!(
            "`{}` leads requests of `{port_name}` into {name}, which gives no reply",
            op.text()
        ),
        cx.span(id),
        "a target or point does not keep the request with its message",
    );
    at_port(cx, problem, port).help("a method that returns the reply answers requests")
}

/// A sink where a reply is wanted.
pub(in crate::types) fn sink_on_request(
    cx: &Cx<'_>,
    id: ExprId,
    port: PortId,
    reply: &Ty,
) -> Diagnostic {
    let name = operand_name(cx, id);
    let reply = cx.show(reply);
    let problem = Diagnostic::error(
        Code::NetworkTypes,
        format!("{name} returns nothing, and a request wants `{reply}`"),
        cx.span(id),
        "gives no reply",
    );
    at_port(cx, problem, port)
}

/// An operator that requests do not go through.
pub(in crate::types) fn request_not_through(
    cx: &Cx<'_>,
    op: NetworkOp,
    span: Span,
    port: PortId,
) -> Diagnostic {
    let port_name = &cx.program.ports[port].name.name;
    let problem = Diagnostic::error(
        Code::NetworkTypes,
        format!(
            "requests of `{port_name}` do not go through `{}` ({})",
            op.text(),
            op.name()
        ),
        span,
        "one request would become several messages, or several one",
    );
    at_port(cx, problem, port).note("requests go through transforms, `-<:` and `>>-`")
}

/// A node on the way of requests that gives several messages for one.
pub(in crate::types) fn many_on_request(
    cx: &Cx<'_>,
    id: ExprId,
    port: PortId,
) -> Diagnostic {
    let port_name = &cx.program.ports[port].name.name;
    let problem = Diagnostic::error(
        Code::NetworkTypes,
        format!("requests of `{port_name}` do not go through a node that gives many"),
        cx.span(id),
        "one request would become several messages",
    );
    at_port(cx, problem, port).help("return an array or a list as the reply")
}

/// The end of the chain gives something else than the reply.
pub(in crate::types) fn wrong_reply(
    cx: &Cx<'_>,
    id: ExprId,
    port: PortId,
    reply: &Ty,
    found: &Ty,
) -> Diagnostic {
    let (reply, found) = (cx.show(reply), cx.show(found));
    let name = operand_name(cx, id);
    let port_name = &cx.program.ports[port].name.name;
    let problem = Diagnostic::error(
        Code::NetworkTypes,
        format!("requests of `{port_name}` want `{reply}`, but {name} gives `{found}`"),
        cx.span(id),
        format!("gives `{found}`"),
    );
    at_port(cx, declared_here(cx, problem, id), port)
}

/// A link into a request port: nobody would receive the replies.
pub(in crate::types) fn link_to_request_port(
    cx: &Cx<'_>,
    op: NetworkOp,
    id: ExprId,
    port: PortId,
) -> Diagnostic {
    let port_name = &cx.program.ports[port].name.name;
    let problem = Diagnostic::error(
        Code::RequestPort,
        format!(
            "`{}` leads into request port `{port_name}`, whose replies would be lost",
            op.text()
        ),
        cx.span(id),
        "each send to it gives a correlator",
    );
    at_port(cx, problem, port)
        .help("send in a node and receive the reply: `x => receive(c::Port <-- x)`")
}

/// A node that would change a copy of its receiver.
pub(in crate::types) fn node_changes_copy(cx: &Cx<'_>, id: ExprId) -> Diagnostic {
    let name = operand_name(cx, id);
    Diagnostic::error(
        Code::NoSourceOrTarget,
        format!("{name} as a node would change a copy"),
        cx.span(id),
        "the value in front of `.` is copied when the network is made",
    )
    .help("call it in a method of the agent, and use that as the node")
}

/// Results of a network that nobody can receive.
pub(in crate::types) fn results_unused(
    cx: &Cx<'_>,
    span: Span,
    results: &Ty,
) -> Diagnostic {
    let results = cx.show(results);
    Diagnostic::warning(
        Code::ResultUnused,
        format!("the network's results, `{results}`, are dropped"),
        span,
        "it ends in a transform",
    )
    .help("link them on with `==>`, or keep the network: `var results = …;`")
}
