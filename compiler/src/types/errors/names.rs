//! Names that mean nothing, or not what is wanted of them here.

use super::super::convert::End;
use super::super::cx::{Cx, Shared};
use super::super::index::record_fields;
pub(in crate::types) use super::calls::*;
pub(in crate::types) use super::shapes::*;
use crate::diag::{Code, Diagnostic, suggest::closest, suggest::of_members, words};
use crate::hir::body::{ExprKind, Ident};
use crate::hir::print::path;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

fn suggest(problem: Diagnostic, name: &Ident, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => problem
            .fix(format!("did you mean `{near}`?"), vec![(name.span, near.to_owned())]),
        None => problem,
    }
}

/// `of` has no member of that name, but `known`.
pub(in crate::types) fn unknown_member<'a>(
    of: &str,
    name: &Ident,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::UnknownMember,
        format!("`{of}` has no member `{}`", name.name),
        name.span,
        "unknown member",
    );
    of_members(problem, (&*name.name, name.span), known)
}

/// A value has no member of that name.
pub(in crate::types) fn no_member(
    cx: &Cx<'_>,
    base: ExprId,
    ty: &Ty,
    name: &Ident,
) -> Diagnostic {
    let program = cx.program;
    if let Ty::Nullable(inner) = ty {
        let text = cx.show(ty);
        return Diagnostic::error(
            Code::NullUsed,
            format!("`{text}` may be null where `{}` is taken from it", name.name),
            cx.span(base),
            format!("this is `{text}`"),
        )
        .help(format!(
            "take it with `?.`, or test for null first: members of `{}` need a value",
            cx.show(inner)
        ));
    }
    let known: Vec<&str> = match ty {
        Ty::Record(record, _) => {
            let fields = record_fields(program, *record);
            let fields = fields.iter().map(|it| &*program.fields[*it].name.name);
            let methods = program.records[*record].methods.iter();
            let methods = methods.map(|it| &*program.methods[*it].decl.name.name);
            fields.chain(methods).collect()
        }
        Ty::Tuple(elements) => {
            elements.iter().filter_map(|it| it.name.as_deref()).collect()
        }
        Ty::Request(..) => vec!["Value"],
        _ => match cx.receiver_native(ty) {
            Some((native, _)) => cx.shared.index.native_names(native).collect(),
            None => Vec::new(),
        },
    };
    let problem = unknown_member(&cx.show(ty), name, known);
    match ty {
        Ty::Using(channel, ..) | Ty::Impl(channel, ..) => {
            let port = cx.shared.index.port(program, *channel, &name.name);
            if let Some(port) = port {
                let end = match ty {
                    Ty::Impl(..) => End::Impl,
                    _ => End::Using,
                };
                let text = super::ports::used(cx, base, port, end);
                return problem
                    .help(format!("a port is reached with `::`, as in `{text}`"));
            }
            problem.note("an agent shows nothing but the ports of its channel")
        }
        Ty::Domain(domain, _) => super::agents::made_by_name(cx, problem, *domain, name),
        _ => match verb_instead(cx, ty, &name.name) {
            Some(help) => problem.help(help),
            None => problem,
        },
    }
}

/// What is written for a method that sources, targets and requests have in other libraries.
fn verb_instead(cx: &Cx<'_>, ty: &Ty, name: &str) -> Option<&'static str> {
    let is_source = cx.shared.source_element(ty).is_some();
    let is_target = cx.shared.target_element(ty).is_some();
    match name {
        "Receive" | "ReceiveAsync" | "Recv" | "Take" | "Read" | "Get" | "Next"
        | "Dequeue" | "Await" | "Result"
            if is_source =>
        {
            Some("`receive(…)` takes a message out of a source")
        }
        "Send" | "SendAsync" | "Post" | "Push" | "Write" | "Put" | "Add" | "Enqueue"
        | "Tell"
            if is_target =>
        {
            Some("`… <-- value` sends")
        }
        "Reply" | "Respond" | "Answer" | "SetResult" if matches!(ty, Ty::Request(..)) => {
            Some("`… <-- value` answers a request")
        }
        _ => None,
    }
}

/// A case that the expected enum does not have, or no enum at all.
pub(in crate::types) fn unknown_case(
    cx: &Cx<'_>,
    name: &Ident,
    expected: Option<&Ty>,
) -> Diagnostic {
    let Some(Ty::Enum(id, _)) = expected else {
        let mut problem = Diagnostic::error(
            Code::UnknownName,
            format!("unknown name `{}`", name.name),
            name.span,
            "nothing of this name is visible here",
        );
        if let Some(declared) = cx
            .program
            .enums
            .iter()
            .find(|it| it.cases.iter().any(|case| case.name.name == name.name))
        {
            let owner = &declared.decl.name.name;
            problem = problem.help(format!("a case is written `{owner}.{}`", name.name));
        }
        return problem;
    };
    let declared = &cx.program.enums[*id];
    let near = closest(&name.name, declared.cases.iter().map(|it| &*it.name.name));
    let problem = Diagnostic::error(
        Code::UnknownMember,
        format!("enum `{}` has no case `{}`", declared.decl.name.name, name.name),
        name.span,
        "unknown case",
    );
    let problem = if cx.is_user(declared.decl.name.span) {
        problem.label(declared.decl.name.span, "declared here")
    } else {
        problem
    };
    suggest(problem, name, near)
}

/// A field that a struct or schema does not have.
pub(in crate::types) fn unknown_field(
    cx: &Cx<'_>,
    record: RecordId,
    name: &Ident,
) -> Diagnostic {
    let program = cx.program;
    let fields = record_fields(program, record);
    let fields = fields.iter().map(|it| &*program.fields[*it].name.name);
    unknown_member(&program.records[record].decl.name.name, name, fields)
}

/// A type, agent or namespace where a value is wanted.
pub(in crate::types) fn name_as_value(cx: &Cx<'_>, id: ExprId) -> Diagnostic {
    let what = match cx.kind(id) {
        ExprKind::AgentName(_) => "an agent",
        ExprKind::DomainName(_) => "a domain",
        ExprKind::SpaceName(_) => "a namespace",
        ExprKind::CreateIn { .. } => "a method of a domain",
        _ => "a type",
    };
    Diagnostic::error(
        Code::Mismatch,
        format!("{what} stands where a value is expected"),
        cx.span(id),
        format!("this is {what}"),
    )
}

pub(in crate::types) fn local_fn_as_value(name: &Ident, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Mismatch,
        format!("local function `{}` is used as a value", name.name),
        span,
        "a local function can only be called",
    )
    .help("write a lambda, or make it a method")
}

pub(in crate::types) fn this_as_value(span: Span, agent: bool) -> Diagnostic {
    let (code, what) = if agent {
        (Code::AgentMember, "an agent is no value")
    } else {
        (Code::UnknownName, "there is no `this` here")
    };
    let problem = Diagnostic::error(code, what, span, "`this` stands for a value here");
    if agent {
        problem.note("nothing of an agent is visible outside but its channel")
    } else {
        problem
    }
}

pub(in crate::types) fn no_parent(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        "no domain stands around this code",
        span,
        "`parent` means nothing here",
    )
}

pub(in crate::types) fn no_channel(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        "this code belongs to no agent with a channel",
        span,
        "`PrimaryChannel` means nothing here",
    )
}

pub(in crate::types) fn vector_as_value(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::CannotInfer,
        "a vector in braces stands where no array is expected",
        span,
        "the type of its elements is not known",
    )
    .help("write `new T[] { … }`")
}

pub(in crate::types) fn method_as_value(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::Mismatch,
        format!("`{}` is not called", name.name),
        name.span,
        "this method can only be called",
    )
    .help(format!("write `{}(…)`", name.name))
}

pub(in crate::types) fn agent_member(agent: &str, name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::AgentMember,
        format!("`{}` of agent `{agent}` is not visible outside", name.name),
        name.span,
        "only the channel of an agent is",
    )
    .help(format!("make one and use its channel: `{agent}.CreateInNewDomain()`"))
}

pub(in crate::types) fn domain_member(domain: &str, name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::OtherDomain,
        format!("`{}` of domain `{domain}` is not visible outside", name.name),
        name.span,
        "domains share nothing",
    )
}

/// State or a method of a domain through a handle.
pub(in crate::types) fn domain_state(
    cx: &Cx<'_>,
    domain: DomainId,
    name: &Ident,
) -> Diagnostic {
    let decl = &cx.program.domains[domain].decl;
    let problem = Diagnostic::error(
        Code::OtherDomain,
        format!("`{}` belongs to domain `{}`", name.name, decl.name.name),
        name.span,
        "a handle gives no access to what is inside",
    );
    let problem = if cx.is_user(decl.name.span) {
        problem.label(decl.name.span, "declared here")
    } else {
        problem
    };
    problem.help("an agent of that domain can give it over its channel")
}

pub(in crate::types) fn never_null(cx: &Cx<'_>, base: ExprId, ty: &Ty) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::NoOperator,
        format!("no operator `?.` for `{text}`, which is never null"),
        cx.span(base),
        format!("this is `{text}`"),
    )
    .help("write `.`")
}

pub(in crate::types) fn private_field(
    cx: &Cx<'_>,
    field: FieldId,
    name: &Ident,
) -> Diagnostic {
    private(cx, cx.program.fields[field].name.span, name)
}

pub(in crate::types) fn private_method(
    cx: &Cx<'_>,
    method: MethodId,
    name: &Ident,
) -> Diagnostic {
    private(cx, cx.program.methods[method].decl.name.span, name)
}

fn private(cx: &Cx<'_>, declared: Span, name: &Ident) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::Private,
        format!("`{}` is private", name.name),
        name.span,
        "used from outside",
    );
    if cx.is_user(declared) { problem.label(declared, "declared here") } else { problem }
}

/// A type argument that lacks what the library demands of it.
pub(in crate::types) fn constraint(
    cx: &Shared<'_>,
    ty: &Ty,
    constraint: item::Constraint,
    span: Span,
    (param, asked): (TypeParamId, Span),
) -> Diagnostic {
    let text = cx.show(ty);
    let word = super::super::ty::constraint_name(constraint);
    let problem = Diagnostic::error(
        Code::Constraint,
        format!("`{text}` is not {}", words_of(constraint)),
        span,
        format!("a type that is `{word}` is expected"),
    );
    let problem = if asked.file.0 < cx.program.n_user_files {
        let name = &cx.program.type_params[param].name.name;
        problem.label(asked, format!("asked of `{name}` here"))
    } else {
        problem
    };
    if let Ty::Param(id) = ty {
        return lacks(cx, problem, *id, constraint);
    }
    match constraint {
        item::Constraint::Hashable if matches!(ty, Ty::Float | Ty::Double) => {
            problem.note("floating-point numbers are not hashable")
        }
        _ => problem,
    }
}

/// Says how a type parameter gets what it lacks.
pub(in crate::types) fn lacks(
    cx: &Shared<'_>,
    problem: Diagnostic,
    param: TypeParamId,
    constraint: item::Constraint,
) -> Diagnostic {
    let word = super::super::ty::constraint_name(constraint);
    let declared = &cx.program.type_params[param];
    let name = &declared.name.name;
    let wanted = match declared.constraints.is_empty() {
        true => format!("`where {name} : {word}`"),
        false => format!("`{word}` to the constraints of `{name}`"),
    };
    problem
        .label(declared.name.span, format!("`{name}` can be any type"))
        .help(format!("add {wanted}"))
}

fn words_of(constraint: item::Constraint) -> &'static str {
    match constraint {
        item::Constraint::Comparable => "comparable",
        item::Constraint::Equatable => "equatable",
        item::Constraint::Hashable => "hashable",
        item::Constraint::Number => "a number",
    }
}

/// `var x;`
pub(in crate::types) fn var_without_value(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::CannotInfer,
        format!("the type of `{name}` is not known"),
        span,
        "`var` takes its type from a value",
    )
    .help(format!("write its type: `int {name};`"))
}

/// An agent made where its domain is not.
pub(in crate::types) fn not_inside(
    cx: &Cx<'_>,
    agent: AgentId,
    domain: DomainId,
    span: Span,
) -> Diagnostic {
    let whole = path(cx.program, &cx.program.agents[agent].decl);
    let instance = path(cx.program, &cx.program.domains[domain].decl);
    let agent = &cx.program.agents[agent].decl.name.name;
    let decl = &cx.program.domains[domain].decl.name;
    let domain = &decl.name;
    let problem = Diagnostic::error(
        Code::OtherDomain,
        format!("`{agent}` belongs to domain `{domain}`, which is not around this code"),
        span,
        "there is no current instance to join",
    );
    let problem = if cx.is_user(decl.span) {
        problem.label(decl.span, "declared here")
    } else {
        problem
    };
    problem
        .help(format!("make an instance first: `new {instance}(…).Create<{whole}>(…)`"))
}

/// `handle.Create<A>()` of a handle of another domain.
pub(in crate::types) fn wrong_domain(
    cx: &Cx<'_>,
    agent: AgentId,
    found: &Ty,
    span: Span,
) -> Diagnostic {
    let name = &cx.program.agents[agent].decl.name.name;
    let found = cx.show(found);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("agent `{name}` cannot be made in `{found}`"),
        span,
        format!("this is `{found}`"),
    );
    match cx.home(agent) {
        Some(home) => {
            let home = &cx.program.domains[home].decl.name;
            let text = format!("it belongs to domain `{}`", home.name);
            if cx.is_user(home.span) { problem.label(home.span, text) } else { problem }
        }
        None => {
            let whole = path(cx.program, &cx.program.agents[agent].decl);
            problem
                .note(format!("`{name}` stands in no domain"))
                .help(format!("use `{whole}.CreateInNewDomain(…)`"))
        }
    }
}

/// A domain that is made along with its agent needs arguments.
pub(in crate::types) fn domain_needs_arguments(
    cx: &Cx<'_>,
    agent: AgentId,
    domain: DomainId,
    span: Span,
) -> Diagnostic {
    let agent = path(cx.program, &cx.program.agents[agent].decl);
    let decl = &cx.program.domains[domain];
    let whole = path(cx.program, &decl.decl);
    let domain = &decl.decl.name.name;
    let constructor = decl.constructor.map(|it| &cx.program.methods[it]);
    let n_params = constructor.map_or(0, |it| it.params.len());
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("domain `{domain}` takes {}", words::count(n_params, "argument")),
        span,
        format!("makes a `{domain}` without any"),
    );
    let problem = match constructor {
        Some(it) if cx.is_user(it.decl.name.span) => {
            problem.label(it.decl.name.span, "its constructor is declared here")
        }
        _ => problem,
    };
    problem.help(format!("make the domain first: `new {whole}(…).Create<{agent}>(…)`"))
}
