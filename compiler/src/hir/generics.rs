//! What the type parameters of bases and domains stand for in what derives from them or
//! stands in them. It infers nothing.

use super::item::Owner;
use super::ty::{Args, Ty};
use super::{AgentId, ChannelId, DomainId, NativeId, Program, TypeParamId};

impl Program {
    /// Whether values of a library type have an order: it then has `CompareTo`.
    #[must_use]
    pub fn is_ordered_native(&self, id: NativeId) -> bool {
        let mut members = self.natives[id].members.iter();
        members.any(|it| &*self.methods[*it].decl.name.name == "CompareTo")
    }

    /// Type arguments of the agent `base` as that of an agent with arguments of its own.
    #[must_use]
    pub fn agent_args(&self, mut id: AgentId, args: &[Ty], base: AgentId) -> Args {
        let mut args: Args = args.into();
        // Bases form no cycle, but a broken program may have lost some.
        for _ in 0..self.agents.len() {
            let agent = &self.agents[id];
            let Some(next) = agent.base.filter(|_| id != base) else { break };
            let all = agent.base_args.iter();
            args = all.map(|it| it.substitute(&agent.type_params, &args)).collect();
            id = next;
        }
        args
    }

    /// Type arguments of the channel `base` as that of a channel with arguments of its own.
    #[must_use]
    pub fn channel_args(&self, mut id: ChannelId, args: &[Ty], base: ChannelId) -> Args {
        let mut args: Args = args.into();
        for _ in 0..self.channels.len() {
            let channel = &self.channels[id];
            let Some((next, all)) = channel.base.as_ref().filter(|_| id != base) else {
                break;
            };
            args =
                all.iter().map(|it| it.substitute(&channel.type_params, &args)).collect();
            id = *next;
        }
        args
    }

    /// How many of an agent's type parameters are those of the domain that it stands in.
    /// They come first.
    #[must_use]
    pub fn n_domain_params(&self, agent: AgentId) -> usize {
        let domain = self.agents[agent].domain;
        domain.map_or(0, |it| self.domains[it].type_params.len())
    }

    /// The type arguments of a domain around an agent, which has arguments of its own.
    #[must_use]
    pub fn args_of_domain(&self, agent: AgentId, args: &[Ty], domain: DomainId) -> Args {
        match self.agents[agent].domain {
            Some(_) => self.args_around(args, domain),
            None => [].into(),
        }
    }

    /// The type arguments of a domain around code whose arguments begin with those of its
    /// own domain: each domain's begin with those of the one around it.
    #[must_use]
    pub fn args_around(&self, args: &[Ty], domain: DomainId) -> Args {
        let n = self.domains[domain].type_params.len();
        args.get(..n).unwrap_or_default().into()
    }

    /// What the type parameters of `owner` stand for in code that an agent runs.
    #[must_use]
    pub fn agent_generics(
        &self,
        agent: AgentId,
        args: &[Ty],
        owner: Owner,
    ) -> (Vec<TypeParamId>, Args) {
        match owner {
            Owner::Agent(base) => {
                let params = self.agents[base].type_params.clone();
                (params, self.agent_args(agent, args, base))
            }
            Owner::Domain(domain) => {
                let params = self.domains[domain].type_params.clone();
                (params, self.args_of_domain(agent, args, domain))
            }
            _ => (Vec::new(), [].into()),
        }
    }
}
