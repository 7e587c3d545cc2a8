//! How agents are made, told to who has tried another way. It finds no problem by itself.

use super::super::cx::Cx;
use crate::diag::{Diagnostic, words};
use crate::hir::body::Ident;
use crate::hir::item::Visibility;
use crate::hir::print::path;
use crate::hir::{AgentId, DomainId};

/// Most agents that a remedy names.
const SHOWN: usize = 3;

/// `bank.Create(3)` and `bank.Teller()`: the agent is named as a type argument.
pub(in crate::types) fn made_by_name(
    cx: &Cx<'_>,
    problem: Diagnostic,
    domain: DomainId,
    name: &Ident,
) -> Diagnostic {
    let agents = &cx.program.agents;
    let creation =
        |it: AgentId| format!("Create<{}>", path(cx.program, &agents[it].decl));
    let public = |it: &AgentId| agents[*it].decl.visibility == Visibility::Public;
    let made = cx.program.domains[domain].agents.iter().copied();
    let mut made: Vec<AgentId> = made.filter(public).collect();
    let named = made.iter().find(|&&it| agents[it].decl.name.name == name.name).copied();
    if !matches!(&*name.name, "Create" | "CreateInNewDomain" | "CreateAgent") {
        made.clear();
    }
    match (named, made.as_slice()) {
        // Type arguments may stand behind it, which would stand there twice.
        (_, &[one]) if &*name.name == "CreateInNewDomain" => {
            problem.help(format!("use `.{}` to make it in this instance", creation(one)))
        }
        (Some(one), _) | (None, &[one]) => {
            let text = creation(one);
            problem.fix(format!("use `.{text}`"), vec![(name.span, text)])
        }
        (None, []) => problem,
        (None, several) => {
            let several = several.iter().take(SHOWN);
            let several: Vec<String> =
                several.map(|it| format!("`.{}`", creation(*it))).collect();
            let several: Vec<&str> = several.iter().map(String::as_str).collect();
            problem.help(format!("name the agent: {}", words::list(&several, "or")))
        }
    }
}
