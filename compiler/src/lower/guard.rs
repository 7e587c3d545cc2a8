//! `Port(var x) when x > 0 -> Next` → a function of the message.

use crate::hir::ChannelId;
use crate::hir::item::Move;
use crate::hir::ty::Args;
use crate::ir::{self, Expr, ExprKind, ItemKind, ItemRef};

use super::Lower;
use super::body::{Fx, Host, SlotKind};
use super::build::value_block;
use super::function::Shape;

impl Lower<'_> {
    /// The moves of a channel's protocol that have a guard, in order: their numbers are
    /// what the runtime asks by.
    pub(super) fn guarded_moves(&self, id: ChannelId) -> Vec<&Move> {
        let states = self.program.channels[id].states.iter();
        states.flat_map(|it| &it.moves).filter(|it| it.guard.is_some()).collect()
    }

    /// `fn Bids_guard_0(x: i32) -> bool`
    pub(super) fn guard(
        &mut self,
        name: ItemRef,
        id: ChannelId,
        args: &Args,
        number: usize,
    ) {
        let moves = self.guarded_moves(id);
        let Some((guard, port)) =
            moves.get(number).and_then(|it| Some((it.guard?, it.port)))
        else {
            return;
        };
        // The types of a guard are those of its message, as the port's channel writes them.
        let port = &self.program.ports[port];
        let params = self.program.channels[port.channel].type_params.clone();
        let args = self.program.channel_args(id, args, port.channel);
        let payload = self.ty(&port.payload.substitute(&params, &args));
        let span = self.program.bodies[guard].span;
        let mut fx = Fx::new(self, name, Host::Free, Some(guard), (&params, &args));
        fx.note_shared();
        fx.note_protected();
        let var = match fx.frame.body.params.first().copied() {
            Some(local) => fx.declare(local, SlotKind::Value),
            None => fx.new_var("message"),
        };
        let (stmts, condition) = fx.seq(Fx::root_value);
        let at = fx.go(span);
        let condition = fx.never_throwing(at.block(stmts, condition));
        let shape = Shape {
            receiver: None,
            params: vec![ir::Param { var, ty: payload }],
            returns: ir::Ty::Prim("bool"),
            throws: false,
            suspends: false,
        };
        let body = value_block(condition);
        let function = fx.finish(shape, body);
        let decl = &self.program.channels[id].decl;
        self.add(name, decl, ItemKind::Function(function));
    }
}

impl Fx<'_, '_> {
    /// A condition that does not hold where it throws.
    pub(super) fn never_throwing(&mut self, condition: Expr) -> Expr {
        if super::access::is_total(&condition) {
            return condition;
        }
        let at = self.at;
        let closure = at.expr(ExprKind::Closure {
            params: vec![],
            moves: false,
            suspends: false,
            returns: Some(ir::Ty::Prim("bool")),
            throws: true,
            body: value_block(condition),
        });
        at.rt("holds", vec![closure])
    }
}
