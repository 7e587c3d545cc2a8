//! Where the program uses which port: what a report of agents that wait in vain says of
//! those who could have sent. It changes no code.

use std::collections::{BTreeSet, HashMap};

use crate::hir::item::Direction;
use crate::hir::ty::{Args, Ty};
use crate::hir::{ChannelId, PortId};
use crate::ir::{ItemRef, PortUse};

use super::body::{Fx, Host};
use super::names::Key;
use super::{Lower, ty};

/// An end that code has at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Using,
    Implementing,
}

impl Fx<'_, '_> {
    /// The code at hand uses a port of its agent's own channel.
    pub(super) fn uses_own_port(&mut self, port: PortId) {
        let Host::Agent { agent, args, .. } = &self.host else { return };
        let it = &self.lower.program.agents[*agent];
        let Some((channel, of)) = &it.channel else { return };
        let (channel, of) = (*channel, ty::all(of, &it.type_params, args));
        self.uses_port(channel, of, port, Side::Implementing);
    }

    /// The code at hand uses a port of an end of this type.
    pub(super) fn uses_port_of(&mut self, end: &Ty, port: PortId) {
        match end {
            Ty::Nullable(end) => self.uses_port_of(end, port),
            Ty::Using(channel, of, _) => {
                self.uses_port(*channel, of.clone(), port, Side::Using);
            }
            Ty::Impl(channel, of, _) => {
                self.uses_port(*channel, of.clone(), port, Side::Implementing);
            }
            _ => {}
        }
    }

    fn uses_port(&mut self, channel: ChannelId, of: Args, port: PortId, side: Side) {
        // The ports of the program itself wait for nobody.
        if self.lower.program.lang.application == Some(channel) {
            return;
        }
        let agent = match &self.host {
            Host::Agent { agent, args, .. } => {
                let key = Key::Agent(*agent, args.clone());
                Some(self.lower.need(key))
            }
            _ => None,
        };
        let is_input = self.lower.program.ports[port].direction == Direction::Input;
        let sends = is_input == (side == Side::Using);
        let (name, line) = (self.lower.port_name(port), self.at.0);
        let channel = self.lower.need(Key::Channel(channel, of));
        let it = PortUse { channel, port: name, sends, agent, line };
        self.lower.port_uses.push(it);
    }
}

impl Lower<'_> {
    /// All uses, each once, in order. What is used by the type of a base is a use of the
    /// ports of all channels that derive from it.
    pub(super) fn finished_port_uses(&mut self) -> Vec<PortUse> {
        let mut derived: HashMap<ItemRef, Vec<ItemRef>> = HashMap::new();
        let mut keys: Vec<(&Key, &ItemRef)> = self.keys.iter().collect();
        keys.sort_by_key(|it| it.1);
        for (key, item) in keys {
            let Key::Channel(id, args) = key else { continue };
            for base in self.bases_of_channel(*id, args) {
                if let Some(base) = self.keys.get(&base) {
                    derived.entry(*base).or_default().push(*item);
                }
            }
        }
        let mut all = std::mem::take(&mut self.port_uses);
        let of_bases: Vec<PortUse> = all
            .iter()
            .flat_map(|it| {
                let channels = derived.get(&it.channel).into_iter().flatten();
                channels.map(|channel| PortUse { channel: *channel, ..it.clone() })
            })
            .collect();
        all.extend(of_bases);
        let mut seen = BTreeSet::new();
        all.retain(|it| seen.insert(self.key_of_use(it)));
        all.sort_by_cached_key(|it| self.key_of_use(it));
        all
    }

    fn key_of_use(&self, it: &PortUse) -> (Vec<crate::support::Name>, String) {
        let agent = it.agent.map_or(0, |it| it.0 + 1);
        let (file, line) = (it.line.file, it.line.line);
        let (port, sends, channel) = (&it.port, it.sends, it.channel.0);
        let rest = format!("{channel:08} {port} {sends} {agent:08} {file:08} {line:08}");
        (self.names[it.channel.0 as usize].clone(), rest)
    }

    fn bases_of_channel(&self, mut id: ChannelId, args: &Args) -> Vec<Key> {
        let mut args = args.clone();
        let mut bases = Vec::new();
        while let Some((base, of)) = &self.program.channels[id].base {
            args = ty::all(of, &self.program.channels[id].type_params, &args);
            id = *base;
            bases.push(Key::Channel(id, args.clone()));
        }
        bases
    }
}
