//! `channel C { ports; protocol }` → the struct of its ports.

use crate::hir::item::Direction;
use crate::hir::ty::Args;
use crate::hir::{ChannelId, PortId};
use crate::ir::{self, ItemKind, ItemRef};
use crate::support::Name;

use super::names::Key;
use super::{Lower, ty};

impl Lower<'_> {
    pub(super) fn channel(&mut self, name: ItemRef, id: ChannelId, args: &Args) {
        let channel = &self.program.channels[id];
        let mut ports = self.ports(id, args);
        let guarded: Vec<_> = self.guarded_moves(id).iter().map(|it| it.port).collect();
        for (number, port) in guarded.into_iter().enumerate() {
            let key = Key::Guard { channel: id, args: args.clone(), number };
            let (guard, port) = (self.need(key), self.port_name(port));
            if let Some(port) = ports.iter_mut().find(|it| it.name == port) {
                port.guards.push((number, guard));
            }
        }
        let mut n_guards = 0;
        let mut number = |guarded: bool| {
            n_guards += usize::from(guarded);
            guarded.then(|| n_guards - 1)
        };
        let protocol = channel
            .states
            .iter()
            .map(|state| ir::ProtocolState {
                name: state.name.name.clone(),
                moves: state
                    .moves
                    .iter()
                    .map(|it| ir::Move {
                        port: self.port_name(it.port),
                        next: it.next,
                        guard: number(it.guard.is_some()),
                    })
                    .collect(),
            })
            .collect();
        let base = channel.base.as_ref().map(|(base, base_args)| {
            let args = ty::all(base_args, &channel.type_params, args);
            let n_ports = self.ports(*base, &args).len();
            (self.need(Key::Channel(*base, args)), n_ports)
        });
        let kind = ItemKind::Channel(ir::Channel { base, ports, protocol });
        self.add(name, &channel.decl, kind);
    }

    /// Ports of the base first.
    fn ports(&mut self, id: ChannelId, args: &Args) -> Vec<ir::Port> {
        let channel = &self.program.channels[id];
        let params = &channel.type_params;
        let mut ports = match &channel.base {
            Some((base, base_args)) => {
                self.ports(*base, &ty::all(base_args, params, args))
            }
            None => Vec::new(),
        };
        for &id in &channel.ports {
            let port = &self.program.ports[id];
            let capacity = self.types.capacities.get(id).copied();
            let bounds = port.policy().and_then(|it| Some((capacity?, it.name())));
            let payload = self.ty(&port.payload.substitute(params, args));
            let ty = match &port.reply {
                Some(reply) => {
                    let reply = self.ty(&reply.substitute(params, args));
                    ir::Ty::Rt("Request".into(), vec![payload, reply])
                }
                None => payload,
            };
            let input = port.direction == Direction::Input;
            let name = port.name.name.clone();
            let (request, guards) = (port.reply.is_some(), Vec::new());
            ports.push(ir::Port { name, input, ty, request, guards, bounds });
        }
        ports
    }

    pub(super) fn port_name(&self, id: PortId) -> Name {
        self.program.ports[id].name.name.clone()
    }

    /// Whether messages on the port are checked against a protocol: of its channel, or of
    /// one that derives from it.
    pub(super) fn has_protocol(&self, port: PortId) -> bool {
        let of = self.program.ports[port].channel;
        self.program.channels.enumerate().any(|(id, channel)| {
            !channel.states.is_empty() && self.derives_channel(id, of)
        })
    }

    fn derives_channel(&self, mut id: ChannelId, from: ChannelId) -> bool {
        loop {
            if id == from {
                return true;
            }
            match &self.program.channels[id].base {
                Some((base, _)) => id = *base,
                None => return false,
            }
        }
    }
}
