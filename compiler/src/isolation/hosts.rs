//! What only agents can do: a network runs on the agent that links it, so none is linked by
//! the members of domains and records. It judges no effects; functions are `function`'s.

use super::blame::Facts;
use super::function::Blamed;
use super::unit::*;
use crate::diag::{Code, Diagnostic};
use crate::hir::body::Context;
use crate::hir::*;
use crate::support::span::Span;

/// Reports networks (AX0107) where no agent stands; `blamed` was reported already.
pub(super) fn check(facts: &Facts<'_>, blamed: &Blamed, found: &mut Vec<Diagnostic>) {
    let program = facts.program;
    for (id, unit) in facts.units.all.enumerate() {
        let owner = match unit.context {
            Context::Domain(domain) => ("domain", &program.domains[domain].decl.name),
            Context::Record(record) => ("value type", &program.records[record].decl.name),
            Context::Free | Context::Agent(_) | Context::Test => continue,
        };
        if blamed.units.contains(&id) {
            continue;
        }
        for fact in unit.facts.iter().filter(|it| it.kind == FactKind::Link) {
            found.push(network(owner, fact.span));
        }
    }
}

fn network((what, owner): (&str, &body::Ident), span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("a member of {what} `{}` links a network", owner.name),
        span,
        "runs on an agent, and no agent stands here",
    )
    .label(owner.span, format!("`{}` is no agent", owner.name))
    .help("link it in the agent that calls this")
}
