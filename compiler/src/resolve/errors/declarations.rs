//! Problems of declarations: duplicates, cycles, modifiers, entry agents, protocols.

use super::suggest;
use crate::diag::words::code_list;
use crate::diag::{Code, Diagnostic};
use crate::support::span::Span;
use crate::syntax::ast::Ident;

/// AX0102; `what` as in "parameter", `place` as in "in this agent".
pub(in crate::resolve) fn duplicate(
    what: &str,
    ident: &Ident,
    first: Option<Span>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::Duplicate,
        format!("{what} `{name}` is declared twice"),
        ident.span,
        "declared again here",
    );
    match first {
        Some(first) => problem.label(first, "first declared here"),
        None => problem,
    }
}

/// AX0109; each is the qualified name of an item, its package, and where it is declared.
pub(in crate::resolve) fn ambiguous(
    ident: &Ident,
    (one, package, declared): &(String, &str, Span),
    (other, other_package, other_declared): &(String, &str, Span),
) -> Diagnostic {
    let name = &ident.name;
    let place = |path: &str, package: &str| match package {
        _ if one != other => format!("`{path}` is declared here"),
        package => format!("`{path}` of package `{package}` is declared here"),
    };
    let problem = Diagnostic::error(
        Code::Ambiguous,
        format!("`{name}` stands for two things here"),
        ident.span,
        "which of the two is meant?",
    )
    .label(*declared, place(one, package))
    .label(*other_declared, place(other, other_package));
    if one == other {
        let text =
            "no name tells the two apart: make one of them `private`, or rename it";
        problem.help(text)
    } else {
        problem.help(format!("write `{one}` or `{other}`"))
    }
}

/// AX0102: two methods of one name.
pub(in crate::resolve) fn overload(ident: &Ident, first: Span) -> Diagnostic {
    duplicate("method", ident, Some(first))
        .note("methods are told apart by name alone, not by their parameters")
}

/// AX0102: a second thing of which there may be only one.
pub(in crate::resolve) fn second(what: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Duplicate,
        format!("{what} is declared twice"),
        span,
        "declared again here",
    )
    .label(first, "first declared here")
}

/// AX0102: a method that has the name of one of the base without overriding it.
pub(in crate::resolve) fn hides_base(
    ident: &Ident,
    what: &str,
    first: Span,
    overridable: bool,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::Duplicate,
        format!("`{name}` is already declared by the base agent"),
        ident.span,
        format!("a second {what} of this name"),
    )
    .label(first, "first declared here");
    if overridable {
        problem.help(format!("write `override` before the type of `{name}`"))
    } else {
        problem
    }
}

/// AX0102: a field that is given a value twice.
pub(in crate::resolve) fn set_twice(ident: &Ident, first: Span) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::Duplicate,
        format!("field `{name}` is set twice"),
        ident.span,
        "set again here",
    )
    .label(first, "first set here")
}

/// AX0105: arguments for a base that there is none of.
pub(in crate::resolve) fn base_args_without_base(
    what: &str,
    name: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        format!("{what} `{name}` has no base agent that could take arguments"),
        span,
        "arguments of `base`",
    )
}

/// AX0003: a constant without a value.
pub(in crate::resolve) fn const_without_value(ident: &Ident) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::Syntax,
        format!("constant `{name}` has no value"),
        ident.span,
        "expected `= value` behind the name",
    )
}

/// AX0103: `override` of nothing.
pub(in crate::resolve) fn nothing_to_override<'c>(
    ident: &Ident,
    base: Option<&str>,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let text = match base {
        Some(base) => format!("agent `{base}` has no method `{name}` to override"),
        None => format!("there is no base agent whose `{name}` could be overridden"),
    };
    let problem =
        Diagnostic::error(Code::UnknownMember, text, ident.span, "marked `override`");
    suggest(problem, ident, candidates)
}

/// AX0301: `override` with another signature.
pub(in crate::resolve) fn override_mismatch(
    ident: &Ident,
    found: &str,
    expected: &str,
    base: Span,
) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::Mismatch,
        format!("`{name}` does not match the method that it overrides"),
        ident.span,
        format!("this is `{found}`"),
    )
    .label(base, format!("the base declares `{expected}`"))
}

/// AX0301: `override` of a method that is not `virtual`.
pub(in crate::resolve) fn not_virtual(ident: &Ident, base: Span) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::Mismatch,
        format!("`{name}` of the base agent is not `virtual`"),
        ident.span,
        "marked `override`",
    )
    .label(base, "declared without `virtual` here")
}

/// AX0106: an item that is its own base, by way of others.
pub(in crate::resolve) fn cyclic_base(
    what: &str,
    ident: &Ident,
    through: &[Ident],
) -> Diagnostic {
    let name = &ident.name;
    let mut problem = Diagnostic::error(
        Code::Cyclic,
        format!("{what} `{name}` derives from itself"),
        ident.span,
        "its bases lead back here",
    );
    for other in through {
        problem = problem.label(other.span, format!("by way of `{}`", other.name));
    }
    problem
}

/// AX0006: an item with more bases, one above the other, than there may be.
pub(in crate::resolve) fn too_many_bases(
    what: &str,
    last: &Ident,
    first: &Ident,
    most: usize,
) -> Diagnostic {
    let (name, root) = (&last.name, &first.name);
    Diagnostic::error(
        Code::NestingTooDeep,
        format!("{what} `{name}` has more than {most} bases, one above the other"),
        last.span,
        format!(
            "from `{root}` down to here are {most} steps of inheritance and one more"
        ),
    )
    .label(first.span, "the line of bases begins here")
}

/// AX0106: a record that holds itself, so that a value would never end.
pub(in crate::resolve) fn infinite_record(
    record: &Ident,
    field: &Ident,
    ty_span: Span,
    direct: bool,
) -> Diagnostic {
    let way = if direct { "" } else { ", by way of others" };
    Diagnostic::error(
        Code::Cyclic,
        format!("a value of `{}` would hold itself without end", record.name),
        ty_span,
        format!("`{}` holds `{}` again{way}", field.name, record.name),
    )
    .help(format!("make `{}` nullable or a collection", field.name))
}

/// AX0106: a constant whose value needs itself.
pub(in crate::resolve) fn cyclic_const(ident: &Ident, through: &[Ident]) -> Diagnostic {
    let name = &ident.name;
    let mut problem = Diagnostic::error(
        Code::Cyclic,
        format!("the value of constant `{name}` depends on itself"),
        ident.span,
        "its value leads back here",
    );
    for other in through {
        problem = problem.label(other.span, format!("by way of `{}`", other.name));
    }
    problem
}

/// AX0110, at the second.
pub(in crate::resolve) fn second_entry(second: &Ident, first: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::EntryAgent,
        format!("`{}` is a second entry agent", second.name),
        second.span,
        "implements `Application` too",
    )
    .label(first.span, format!("`{}` is the entry agent already", first.name))
    .note("a program starts with the one agent that implements `Application`")
}

/// AX0105: an entry agent that needs arguments, or whose domain does.
pub(in crate::resolve) fn entry_arguments(
    agent: &Ident,
    domain: Option<&Ident>,
    declared: Span,
) -> Diagnostic {
    let what = match domain {
        Some(domain) => format!("domain `{}` of the entry agent", domain.name),
        None => format!("entry agent `{}`", agent.name),
    };
    Diagnostic::error(
        Code::ArgumentCount,
        format!("{what} needs arguments, and nobody gives any"),
        agent.span,
        "the program starts with this agent",
    )
    .label(declared, "the constructor with parameters")
}

/// AX0401
pub(in crate::resolve) fn mutable_static(ident: &Ident, span: Span) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::MutableStatic,
        format!("`{name}` would be state that all agents share"),
        span,
        "a mutable field of no agent or domain",
    )
    .help("make it a field of a domain, or a `const`")
}

/// AX0411
pub(in crate::resolve) fn access_without_domain(
    agent: &Ident,
    word: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::warning(
        Code::NoDomain,
        format!("agent `{}` is a `{word}` of no domain", agent.name),
        span,
        "has no effect outside a domain",
    )
    .fix(format!("remove `{word}`"), vec![(span, String::new())])
}

/// AX0612: `agent A : C` where `C` is a channel; `base` is what stands there.
pub(in crate::resolve) fn bare_channel(channel: &Ident, base: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::BareChannel,
        format!("`{}` is a channel, named without the word `channel`", channel.name),
        base,
        "reads like the base of the agent",
    )
    .label(channel.span, "declared as a channel here")
    .fix(
        "put `channel` before it",
        vec![(Span { hi: base.lo, ..base }, "channel ".into())],
    )
}

/// AX0003: `into x`; `declared` is a variable of that name.
pub(in crate::resolve) fn into_without_type(
    name: &Ident,
    declared: Option<Span>,
) -> Diagnostic {
    let text = &name.name;
    let problem = Diagnostic::error(
        Code::Syntax,
        format!("expected `var` or a type before `{text}`"),
        name.span,
        "a case declares the variable for its message",
    );
    match declared {
        Some(span) => problem.label(span, "this one stays as it is").help(format!(
            "take the message into a variable of the case: `into var message: {text} = message;`"
        )),
        None => {
            let front = Span { hi: name.span.lo, ..name.span };
            problem.fix(format!("write `var {text}`"), vec![(front, "var ".into())])
        }
    }
}

/// AX0104: `agent A : channel B` where `B` is an agent.
pub(in crate::resolve) fn agent_as_channel(base: &Ident) -> Diagnostic {
    wrong_base(&base.name, "an agent", &["a channel"], base.span).help(format!(
        "derive from it with `: {0}`, or name the channel of `{0}`",
        base.name
    ))
}

/// AX0003: a port without `input` or `output`.
pub(in crate::resolve) fn no_direction(name: &Ident, ty: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        format!("port `{}` has no direction", name.name),
        ty,
        "expected `input` or `output` before the type",
    )
    .note("`input` is what the implementing end receives, `output` what it sends")
}

/// AX0608: a transition to a state that is not declared.
pub(in crate::resolve) fn unknown_state<'c>(
    ident: &Ident,
    channel: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::BadState,
        format!("the protocol of `{channel}` has no state `{name}`"),
        ident.span,
        "unknown state",
    );
    suggest(problem, ident, candidates)
}

/// AX0608: the type of a field, message or element that names a state.
pub(in crate::resolve) fn state_of_part(
    state: &Ident,
    ty: Span,
    end: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::BadState,
        format!(
            "only a parameter, a result or a local is in a known state `{}`",
            state.name
        ),
        ty,
        "the state of what is kept or sent is known when the program runs",
    )
    .fix("take the state away", vec![(Span { lo: end.hi, ..ty }, String::new())])
}

/// AX0608: a channel without protocol has no states.
pub(in crate::resolve) fn no_protocol(
    ident: &Ident,
    channel: &str,
    declared: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::BadState,
        format!("channel `{channel}` has no protocol, so no state `{}`", ident.name),
        ident.span,
        "names a protocol state",
    )
    .label(declared, "declared without states here")
}

/// AX0608: a transition on a port that is not declared.
pub(in crate::resolve) fn unknown_state_port<'c>(
    ident: &Ident,
    channel: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::BadState,
        format!("channel `{channel}` has no port `{name}`"),
        ident.span,
        "unknown port",
    );
    suggest(problem, ident, candidates)
}

/// AX0608: a protocol that cannot start.
pub(in crate::resolve) fn no_start(channel: &Ident, first_state: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::BadState,
        format!("the protocol of `{}` has no state `Start`", channel.name),
        first_state.span,
        "the first state declared",
    )
    .note("every protocol begins in `Start` and is over in `End`")
}

/// AX0608: the built-in state declared anew.
pub(in crate::resolve) fn end_declared(ident: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::BadState,
        "the state `End` is built in",
        ident.span,
        "declared here",
    )
    .note("nothing can be sent in `End`, so it has no transitions")
}

/// AX0107: a word that does not go with a declaration.
pub(in crate::resolve) fn misplaced_modifier(
    word: &str,
    span: Span,
    what: &str,
) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("`{word}` does not go with {what}"),
        span,
        format!("stands before {what}"),
    )
    .fix(format!("remove `{word}`"), vec![(span, String::new())])
}

/// AX0102: the same word twice, or two that exclude each other.
pub(in crate::resolve) fn modifier_clash(
    word: &str,
    span: Span,
    other: &str,
    first: Span,
) -> Diagnostic {
    let text = if word == other {
        format!("`{word}` is written twice")
    } else {
        format!("`{word}` and `{other}` exclude each other")
    };
    Diagnostic::error(Code::Duplicate, text, span, "the second of the two")
        .label(first, "the first is here")
}

/// AX0104: an attribute where it means nothing.
pub(in crate::resolve) fn misplaced_attribute(
    ident: &Ident,
    what: &str,
    place: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownType,
        format!("attribute `{}` does not go with {what}", ident.name),
        ident.span,
        format!("expected before {}", crate::diag::words::list(place, "or")),
    )
}

/// AX0003: a constructor of another name.
pub(in crate::resolve) fn constructor_name(
    ident: &Ident,
    expected: &str,
    owner: Span,
) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::Syntax,
        format!("`{name}` has no return type and is no constructor"),
        ident.span,
        format!("the constructor would be `{expected}`; a method needs a type"),
    )
    .label(owner, "declared here")
    .help(format!("write `void {name}(…)` for a method"))
}

/// AX0107: a base where none can stand.
pub(in crate::resolve) fn no_base(what: &str, span: Span, hint: &str) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("a {what} derives from nothing"),
        span,
        "a base is not possible here",
    )
    .help(hint)
}

/// AX0104: the base is something else.
pub(in crate::resolve) fn wrong_base(
    name: &str,
    found: &str,
    expected: &[&str],
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownType,
        format!(
            "`{name}` is {found}, expected {}",
            crate::diag::words::list(expected, "or")
        ),
        span,
        found.to_owned(),
    )
}

/// AX0403: an agent of a domain as the base of one that stands elsewhere.
pub(in crate::resolve) fn wrong_domain_base(
    base: &str,
    domain: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::OtherDomain,
        format!("agent `{base}` belongs to domain `{domain}`"),
        span,
        format!("derived from outside {}", code_list(&[domain], "or")),
    )
    .help("derive from it inside its domain")
}

/// A number for a case that carries values.
pub(in crate::resolve) fn numbered_payload(number: Span, payload: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        "only cases without values have numbers",
        number,
        "a number for a case that carries values",
    )
    .label(payload, "carried here")
}
