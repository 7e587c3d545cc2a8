//! What can be wrong with names and declarations, one constructor each. It decides
//! wording only; the rules are where the constructors are called.

mod bounds;
mod declarations;
mod native;
mod places;
mod unsupported;

pub(super) use bounds::*;
pub(super) use declarations::*;
pub(super) use native::*;
pub(super) use places::*;
pub(super) use unsupported::*;

use super::scope::Def;
use crate::diag::suggest::{closest, of_members};
use crate::diag::words::{code_list, count};
use crate::diag::{Code, Diagnostic};
use crate::support::span::Span;
use crate::syntax::ast::{Ident, Path};

/// Adds the remedy that replaces a misspelt name.
fn suggest<'c>(
    problem: Diagnostic,
    ident: &Ident,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    match closest(&ident.name, candidates) {
        Some(name) => {
            problem.fix(format!("use `{name}`"), vec![(ident.span, name.to_owned())])
        }
        None => problem,
    }
}

/// Words that stand where a name may, and are no names.
const WORDS: &[&str] = &["false", "null", "receive", "this", "true"];

/// AX0101
pub(super) fn unknown_name<'c>(
    ident: &Ident,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let known = candidates.into_iter().chain(WORDS.iter().copied());
    match unsupported::instead_of_value(&ident.name) {
        Some(instead) => unknown_bare(ident).help(instead),
        None => suggest(unknown_bare(ident), ident, known),
    }
}

fn unknown_bare(ident: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        format!("nothing named `{}` is in scope", ident.name),
        ident.span,
        "unknown name",
    )
}

/// AX0101, of a bare name where a pattern stands.
pub(super) fn unbound(ident: &Ident) -> Diagnostic {
    let text = format!("var {}", ident.name);
    unknown_bare(ident)
        .fix(format!("to call the value so, write `{text}`"), vec![(ident.span, text)])
}

/// The remedy for a name that another namespace has.
pub(super) fn with_using(problem: Diagnostic, namespace: &str) -> Diagnostic {
    problem.help(format!("it stands in `{namespace}`: add `using {namespace};`"))
}

/// AX0101, of an agent, channel or type that stands in a domain.
pub(super) fn unknown_nested(ident: &Ident, domain: &Ident) -> Diagnostic {
    let whole = format!("{}.{}", domain.name, ident.name);
    unknown_bare(ident)
        .label(domain.span, format!("`{}` stands in this domain", ident.name))
        .fix(format!("use `{whole}`"), vec![(ident.span, whole)])
}

/// AX0301: the name of a type, or of an agent, where a pattern stands.
pub(super) fn type_alone(ident: &Ident, def: Option<Def>) -> Diagnostic {
    let problem = |what: &str, label: &str| {
        Diagnostic::error(
            Code::Mismatch,
            format!("a pattern is expected, and `{}` is {what}", ident.name),
            ident.span,
            label,
        )
    };
    let known = "the type of a value is known and cannot be asked for";
    match def {
        Some(Def::Agent(_)) => {
            problem("an agent", "an end does not tell which agent is behind it")
                .help("let the agent tell: give its channel a port for the answer")
        }
        Some(Def::Channel(_) | Def::Domain(_)) => problem("a type", known),
        _ => problem("a type", known)
            .help("`{ Field: pattern }` looks at the fields of a value"),
    }
}

/// AX0101, of a `using`.
pub(super) fn unknown_namespace<'c>(
    path: &Path,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let text = path.parts.iter().map(|it| &*it.name).collect::<Vec<_>>().join(".");
    let problem = Diagnostic::error(
        Code::UnknownName,
        format!("there is no namespace `{text}`"),
        path.span,
        "unknown namespace",
    );
    suggest(problem, &Ident { name: text.into(), span: path.span }, candidates)
}

/// AX0101: the namespace is one of a package that this one does not name.
pub(super) fn namespace_out_of_reach(
    namespace: &str,
    span: Span,
    own: &str,
    other: &str,
) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        format!("package `{own}` does not depend on `{other}`"),
        span,
        format!("namespace `{namespace}` belongs to package `{other}`"),
    )
    .help(format!(
        "add `{other} = {{ path = \"…\" }}` to the `[dependencies]` of `{own}`"
    ))
}

/// AX0101, of a name behind a namespace.
pub(super) fn not_in_namespace<'c>(
    ident: &Ident,
    namespace: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::UnknownName,
        format!("namespace `{namespace}` has no `{name}`"),
        ident.span,
        "unknown name",
    );
    suggest(problem, ident, candidates)
}

/// AX0101: a name that stands for something, but not for a value.
pub(super) fn no_value(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownName,
        format!("`{name}` is {what}, not a value"),
        span,
        format!("{what}; a value is expected here"),
    )
}

/// AX0103
pub(super) fn unknown_member<'c>(
    ident: &Ident,
    owner: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::UnknownMember,
        format!("{owner} has no member `{name}`"),
        ident.span,
        "unknown member",
    );
    of_members(problem, (name, ident.span), candidates)
}

/// AX0103: `Domain.CreateInNewDomain()`
pub(super) fn domain_made_like_agent(domain: &Ident, name: &Ident) -> Diagnostic {
    unknown_member(name, &format!("domain `{}`", domain.name), []).help(format!(
        "a domain is made with `new {0}(…)`, an agent in it with `.Create<{0}.…>()`",
        domain.name
    ))
}

/// AX0104
pub(super) fn unknown_type<'c>(
    ident: &Ident,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::UnknownType,
        format!("there is no type `{name}`"),
        ident.span,
        "unknown type",
    );
    match unsupported::instead_of_type(&ident.name) {
        Some(instead) => problem.help(instead),
        None => suggest(problem, ident, candidates),
    }
}

/// AX0104: a name that stands for something, but not for a type.
pub(super) fn no_type(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownType,
        format!("`{name}` is {what}, not a type"),
        span,
        format!("{what}; a type is expected here"),
    )
}

/// AX0104: the same, of something that the program declares.
pub(super) fn no_type_but(
    ident: &Ident,
    what: &str,
    (declared, hides): (Span, bool),
) -> Diagnostic {
    let problem = no_type(&ident.name, what, ident.span).label(declared, "declared here");
    if hides {
        return problem.note("the type of this name in the library is hidden by it");
    }
    problem
}

/// AX0104: `var` where the type cannot be inferred.
pub(super) fn var_needs_type(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownType,
        "only locals take their type from their value",
        span,
        "`var` where a type is expected",
    )
}

/// AX0104: `Outer.Name`.
pub(super) fn no_nested_type<'c>(
    ident: &Ident,
    outer: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::UnknownType,
        format!("{outer} declares no type `{name}`"),
        ident.span,
        "unknown type",
    );
    suggest(problem, ident, candidates)
}

/// AX0104: an agent where a type is expected.
pub(super) fn agent_as_type(ident: &Ident, channel: Option<&str>) -> Diagnostic {
    let problem = no_type(&ident.name, "an agent", ident.span);
    match channel {
        Some(channel) => {
            let text = format!("the end of its channel has the type `{channel}`");
            problem.fix(text, vec![(ident.span, channel.to_owned())])
        }
        None => problem,
    }
}

/// AX0608: `T@State` of something without ends.
pub(super) fn state_of_no_channel(state: &Ident, ty: Span) -> Diagnostic {
    Diagnostic::error(
        Code::BadState,
        format!("`{}` is a state of no channel", state.name),
        state.span,
        "names a protocol state",
    )
    .label(ty, "expected a channel here")
}

/// AX0104: `Impl<T>` of something without ends.
pub(super) fn impl_of_no_channel(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownType,
        "`Impl<…>` is the implementing end of a channel",
        span,
        "expected a channel here",
    )
}

/// AX0104: `void` where a value is meant.
pub(super) fn void_value(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownType,
        "`void` is the type of no value",
        span,
        "the type of a value is expected here",
    )
}

/// AX0104, of an attribute.
pub(super) fn unknown_attribute(ident: &Ident, known: &[&str]) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::UnknownType,
        format!("there is no attribute `{name}`"),
        ident.span,
        "unknown attribute",
    );
    suggest(problem, ident, known.iter().copied())
}

/// AX0104, of a constraint behind `where`.
pub(super) fn unknown_constraint(ident: &Ident) -> Diagnostic {
    const KNOWN: [&str; 4] = ["comparable", "equatable", "hashable", "number"];
    let name = &ident.name;
    let problem = Diagnostic::error(
        Code::UnknownType,
        format!("there is no constraint `{name}`"),
        ident.span,
        format!("expected {}", code_list(&KNOWN, "or")),
    );
    suggest(problem, ident, KNOWN)
}

/// AX0105, of type arguments.
pub(super) fn type_arguments(
    name: &str,
    expected: usize,
    found: usize,
    span: Span,
) -> Diagnostic {
    let takes = match expected {
        0 => "no type arguments".to_owned(),
        n => count(n, "type argument"),
    };
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("`{name}` takes {takes}, found {found}"),
        span,
        format!("{found} given"),
    );
    if found > 0 || expected == 0 {
        return problem;
    }
    let each = vec!["…"; expected].join(", ");
    problem.help(format!("write them: `{name}<{each}>`"))
}

/// AX0105, of arguments.
pub(super) fn arguments(
    name: &str,
    expected: &str,
    found: usize,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        format!("{name} takes {expected}, found {found}"),
        span,
        format!("{found} given"),
    )
}

/// AX0108
pub(super) fn private(ident: &Ident, owner: &str, declared: Span) -> Diagnostic {
    let name = &ident.name;
    Diagnostic::error(
        Code::Private,
        format!("`{name}` is private to {owner}"),
        ident.span,
        format!("used outside {owner}"),
    )
    .label(declared, "declared here")
}

/// AX0111
pub(super) fn unknown_port<'c>(
    ident: &Ident,
    channel: &str,
    declared: Option<Span>,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Diagnostic {
    let name = &ident.name;
    let mut problem = Diagnostic::error(
        Code::UnknownPort,
        format!("channel `{channel}` has no port `{name}`"),
        ident.span,
        "unknown port",
    );
    if let Some(declared) = declared {
        problem = problem.label(declared, format!("`{channel}` is declared here"));
    }
    suggest(problem, ident, candidates)
}

/// AX0311
pub(super) fn unused(what: &str, ident: &Ident) -> Diagnostic {
    let name = &ident.name;
    let problem = Diagnostic::warning(
        Code::Unused,
        format!("{what} `{name}` is never used"),
        ident.span,
        "declared here, used nowhere",
    );
    let fix = format!("_{name}");
    if what == "local" {
        problem.fix(format!("if this is meant, call it `{fix}`"), vec![(ident.span, fix)])
    } else {
        problem
    }
}
