//! Problems of reaching across agents and domains: AX0402 and AX0403.

use crate::diag::{Code, Diagnostic};
use crate::support::span::Span;
use crate::syntax::ast::Ident;

/// AX0402, of `new SomeAgent(…)`; `made` covers what the remedy replaces.
pub(in crate::resolve) fn new_agent(
    agent: &str,
    span: Span,
    made: Span,
    in_own_domain: bool,
) -> Diagnostic {
    let create = if in_own_domain { "Create" } else { "CreateInNewDomain" };
    Diagnostic::error(
        Code::AgentMember,
        format!("agent `{agent}` cannot be made with `new`"),
        span,
        "an agent: nothing of it but its channel is visible outside",
    )
    .fix(
        format!("use `{agent}.{create}`, which gives the using end of its channel"),
        vec![(made, format!("{agent}.{create}"))],
    )
}

/// AX0402, of `Agent.member`; `whole` names the agent with what is around it.
pub(in crate::resolve) fn agent_member(
    agent: &str,
    whole: &str,
    member: &Ident,
    declared: Option<Span>,
) -> Diagnostic {
    let name = &member.name;
    let problem = Diagnostic::error(
        Code::AgentMember,
        format!("`{name}` belongs to agent `{agent}` alone"),
        member.span,
        "used from outside the agent",
    );
    let problem = match declared {
        Some(span) => problem.label(span, "declared here"),
        None => problem,
    };
    problem.help(format!(
        "make one with `{whole}.CreateInNewDomain()` and talk to it through its channel"
    ))
}

/// AX0402, of `public` before a field or method of an agent.
pub(in crate::resolve) fn public_agent_member(
    agent: &str,
    member: &Ident,
    public: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::AgentMember,
        format!("`{}` cannot be public: it belongs to agent `{agent}`", member.name),
        public,
        "nothing of an agent is visible outside but its channel",
    )
    .fix("remove `public`", vec![(public, String::new())])
}

/// AX0403: state or a method of an outer domain by its bare name.
pub(in crate::resolve) fn bare_outer_member(
    ident: &Ident,
    domain: &Ident,
    declared: Span,
) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::OtherDomain,
        format!("`{name}` belongs to the outer domain `{}`", domain.name),
        ident.span,
        "named without `parent`",
    )
    .label(declared, format!("declared in domain `{}`", domain.name))
    .fix(format!("use `parent.{name}`"), vec![(ident.span, format!("parent.{name}"))])
}

/// AX0403: `Domain.member`, all of which is `whole`; `way` leads to it from here.
pub(in crate::resolve) fn domain_member(
    domain: &Ident,
    member: &Ident,
    whole: Span,
    declared: Span,
    way: Option<&str>,
) -> Diagnostic {
    let name = &member.name;
    let problem = Diagnostic::error(
        Code::OtherDomain,
        format!("`{name}` belongs to domain `{}`", domain.name),
        member.span,
        "named through the type of the domain",
    )
    .label(declared, format!("declared in domain `{}`", domain.name));
    match way {
        Some(word) => {
            let text = format!("{word}.{name}");
            problem.fix(format!("use `{text}`"), vec![(whole, text)])
        }
        None => problem.help("ask an agent of the domain through a channel"),
    }
}

/// AX0403: a nested domain made outside the one around it.
pub(in crate::resolve) fn nested_domain_outside(
    inner: &Ident,
    outer: &Ident,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::OtherDomain,
        format!("domain `{}` can be made only inside `{}`", inner.name, outer.name),
        span,
        format!("there is no current instance of `{}` here", outer.name),
    )
    .label(inner.span, format!("declared inside domain `{}`", outer.name))
    .help(format!("make it in a method or an agent of `{}`", outer.name))
}

/// AX0403: `A.Create()` or an agent of a nested domain, from outside; `whole` names the agent
/// with what is around it.
pub(in crate::resolve) fn agent_outside(
    agent: &Ident,
    whole: &str,
    domain: &Ident,
    span: Span,
    nested: bool,
) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::OtherDomain,
        format!("agent `{}` belongs to domain `{}`", agent.name, domain.name),
        span,
        format!("there is no current instance of `{}` here", domain.name),
    )
    .label(agent.span, format!("declared inside domain `{}`", domain.name));
    if nested {
        problem.help(format!("make it inside `{}`", domain.name))
    } else {
        problem.help(format!(
            "use `{whole}.CreateInNewDomain()`, or `Create<{whole}>()` of a domain value"
        ))
    }
}

/// AX0403: `parent` where no domain is around.
pub(in crate::resolve) fn no_parent(span: Span, depth: usize) -> Diagnostic {
    let around = if depth == 0 { "no domain around" } else { "no further domain around" };
    Diagnostic::error(
        Code::OtherDomain,
        format!("`parent` has nothing to name: there is {around}"),
        span,
        "names the domain around",
    )
}

/// AX0101: `this` in code of no agent, domain or record.
pub(in crate::resolve) fn no_this(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        "`this` has nothing to name here",
        span,
        "stands outside of agents, domains, structs and schemas",
    )
}

/// AX0101: `base` where nothing is derived, or alone.
pub(in crate::resolve) fn no_base_here(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        "`base` has nothing to name here",
        span,
        "expected a member of the base: `base.Name`",
    )
}

/// AX0101: `PrimaryChannel` of an agent that has none.
pub(in crate::resolve) fn no_channel(ident: &Ident, agent: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        format!("agent `{}` has no channel", agent.name),
        ident.span,
        "names the channel of the agent",
    )
    .label(agent.span, "declared without `: channel …` here")
}

/// AX0103: `this.Port`.
pub(in crate::resolve) fn port_as_member(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownMember,
        format!("`{}` is a port, not a member", name.name),
        name.span,
        "a port of the own channel",
    )
    .help(format!("write `PrimaryChannel::{0}`, or just `{0}`", name.name))
}

/// AX0103: `this.x` of what the domain has.
pub(in crate::resolve) fn domain_state_as_own(name: &Ident, owner: &str) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownMember,
        format!("{owner} has no member `{}`", name.name),
        name.span,
        "belongs to the domain",
    )
    .help(format!("write `parent.{}`", name.name))
}

/// AX0101: a type called like a method.
pub(in crate::resolve) fn missing_new(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        format!("`{name}` is {what}, not a method"),
        span,
        "called like a method",
    )
    .fix("put `new` before it", vec![(Span { hi: span.lo, ..span }, "new ".to_owned())])
}

/// AX0003: `using` without something to use.
pub(in crate::resolve) fn using_without_value(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        format!("`{}` has no value that could be used", name.name),
        name.span,
        "expected `= value` behind the name",
    )
}

/// AX0003: `throw` where a value is needed.
pub(in crate::resolve) fn misplaced_throw(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        "`throw` where a value is needed",
        span,
        "gives no value",
    )
    .help(
        "make it a statement, the right side of `??`, a side of `?:`, or an arm of a switch",
    )
}
