//! Names of what is lowered as reports of the running program show them, with type arguments
//! as they are written. The names of the output are made in [`super::names`].

use crate::hir::AgentId;
use crate::hir::print::ty_text;
use crate::hir::ty::{Args, Ty};
use crate::support::Name;

use super::Lower;
use super::names::{HostKey, Key};

impl Lower<'_> {
    /// What `key` stands for, as its user knows it. Agents, domains and channels tell their
    /// type arguments, `Cache<int, string>.Client`. Functions do not: a report knows the line
    /// that failed, and all instances of a function stand on the same lines.
    pub(super) fn shown(&self, key: &Key) -> String {
        let program = self.program;
        match key {
            Key::Agent(id, args) => self.shown_agent(*id, args),
            Key::Domain(id, args) => self.with_args(&self.domain_parts(*id), args),
            Key::Channel(id, args) => {
                let decl = &program.channels[*id].decl;
                self.with_args(&self.path(decl.owner, &decl.name.name), args)
            }
            // A constructor is called as its agent is.
            Key::RunAgent(id, _)
            | Key::CreateAgent(id, _)
            | Key::RunBase { base: id, .. } => called_as(&self.agent_parts(*id)),
            Key::InitDomain(id, _) | Key::CreateDomain(id, _) => {
                called_as(&self.domain_parts(*id))
            }
            Key::Method { method, host, .. } => {
                let name = &program.methods[*method].decl.name.name;
                let mut parts = match host {
                    HostKey::Free => Vec::new(),
                    HostKey::Agent(id, _) => self.agent_parts(*id),
                    HostKey::Domain(id, _) => self.domain_parts(*id),
                    HostKey::Record(id, _) => {
                        let decl = &program.records[*id].decl;
                        self.path(decl.owner, &decl.name.name)
                    }
                };
                parts.push(name.clone());
                parts.join(".")
            }
            Key::CheckRules(id, _) => {
                let decl = &program.records[*id].decl;
                format!("{}.rule", self.path(decl.owner, &decl.name.name).join("."))
            }
            _ => self.name_parts(key).join("."),
        }
    }

    /// The arguments of the domain stand behind the domain.
    fn shown_agent(&self, id: AgentId, args: &Args) -> String {
        let agent = &self.program.agents[id];
        let Some(domain) = agent.domain else {
            return self.with_args(&self.agent_parts(id), args);
        };
        let n_outer = self.program.domains[domain].type_params.len();
        let (outer, own) = args.split_at(n_outer.min(args.len()));
        let around = self.with_args(&self.domain_parts(domain), outer);
        format!(
            "{around}.{}",
            self.with_args(std::slice::from_ref(&agent.decl.name.name), own)
        )
    }

    fn with_args(&self, parts: &[Name], args: &[Ty]) -> String {
        let mut text = parts.join(".");
        if !args.is_empty() {
            let args: Vec<String> =
                args.iter().map(|it| ty_text(self.program, it)).collect();
            text.push_str(&format!("<{}>", args.join(", ")));
        }
        text
    }
}

/// `Main.Main`: a constructor behind what it constructs.
fn called_as(parts: &[Name]) -> String {
    let last = parts.last().into_iter();
    parts.iter().chain(last).map(|it| &**it).collect::<Vec<_>>().join(".")
}
