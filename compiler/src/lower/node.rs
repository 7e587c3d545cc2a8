//! Nodes of networks → code of links, or stages of the runtime. A node that is pure may run
//! in parallel; any other runs on its agent's one logical thread.

use crate::hir::item::Access;
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LambdaId};
use crate::ir::{self, Block, Expr, ExprKind, Pattern, Stmt, Var};
use crate::isolation::tables::Effect;
use crate::types::tables::{Node, NodeKind};

use super::body::{Fx, Handle, Host, SlotKind};
use super::build::{At, stmt_block};
use super::lambda::Bound;

/// What a stage hands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    /// What the node gives.
    Value,
    /// Nothing, whatever the node gives.
    Nothing,
    /// A `Signal` when it is done: the answer of a sink.
    Signal,
}

/// How the code of a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Anywhere: a closure over the message.
    Pure,
    /// The same, as a function value.
    PureValue,
    /// On the agent's thread, at once: a closure over the agent and the message.
    Action,
    /// On the agent's thread, and may wait: a stage already.
    Node,
}

/// The code of a node.
pub(super) struct Staged {
    pub(super) runs: Runs,
    pub(super) code: Expr,
}

impl Staged {
    fn new(runs: Runs, code: Expr) -> Self {
        Self { runs, code }
    }

    fn within(self, wrap: impl FnOnce(Expr) -> Expr) -> Self {
        Self { code: wrap(self.code), ..self }
    }
}

impl Fx<'_, '_> {
    /// A node as a stage.
    pub(super) fn stage(&mut self, id: ExprId, node: &Node, gives: Gives) -> Expr {
        let staged = self.staged(id, node, gives);
        self.as_stage(staged)
    }

    /// The code of a node as a stage.
    pub(super) fn as_stage(&mut self, staged: Staged) -> Expr {
        let at = self.at;
        match staged.runs {
            Runs::Pure => at.rt("pure", vec![staged.code]),
            Runs::PureValue => at.rt("pure_func", vec![staged.code]),
            Runs::Action => at.method(self.me(), "action", vec![staged.code]),
            Runs::Node => staged.code,
        }
    }

    /// The code of a node.
    pub(super) fn staged(&mut self, id: ExprId, node: &Node, gives: Gives) -> Staged {
        let at = self.go(self.frame.body.exprs[id].span);
        // What function values in a message look at, they look at on the agent's thread.
        let looks = self.lower.holds_functions(&self.substitute(&node.takes));
        match &node.kind {
            NodeKind::Lambda(lambda) => {
                let effect = self.lower.effects.lambdas.get(&(self.frame.id, *lambda));
                let mut effect = effect.cloned().unwrap_or_default();
                effect.reads_own |= looks;
                self.lambda_stage(*lambda, &effect, gives)
            }
            NodeKind::Method { method, receiver, type_args } => {
                let mut effect = self.node_effect(*method);
                effect.reads_own |= looks;
                let type_args = self.tys(type_args);
                let (first, receiver) = self.bound_receiver(receiver);
                let stage = self.stage_of(node, &effect, gives, |cx, args| {
                    let receiver = match &receiver {
                        Bound::Value(var, ty) if !effect.is_pure() => {
                            Bound::Value(*var, ty.clone())
                        }
                        other => other.clone(),
                    };
                    cx.call_with((*method, &type_args), &receiver, args)
                });
                stage.within(|code| at.block(first, code))
            }
            NodeKind::Value => {
                let function = self.value(id);
                self.at = at;
                let effect = self.lower.effects.value_nodes.get(&(self.frame.id, id));
                let mut effect = effect.cloned().unwrap_or_default();
                effect.reads_own |= looks;
                if effect.is_pure() && node.n_params == 1 && gives == Gives::Value {
                    return Staged::new(Runs::PureValue, function);
                }
                let var = self.temp();
                let first = at.bind(Pattern::Var(var), None, Some(function));
                let stage = self.stage_of(node, &effect, gives, |cx, args| {
                    cx.turn();
                    let callee = Box::new(at.var(var));
                    at.expr(ExprKind::CallValue { callee, args, throws: true })
                });
                stage.within(|code| at.block(vec![first], code))
            }
        }
    }

    /// The functions of a collection as stages.
    pub(super) fn stages_of_values(&mut self, id: ExprId, node: &Node) -> Expr {
        let at = self.go(self.frame.body.exprs[id].span);
        let place = self.place(id);
        let values = self.access(place, false, vec![], |at, it, _| {
            at.method(it.expr, "iter_values", vec![])
        });
        self.at = at;
        let effect = self.lower.effects.value_nodes.get(&(self.frame.id, id));
        let mut effect = effect.cloned().unwrap_or_default();
        effect.reads_own |= self.lower.holds_functions(&self.substitute(&node.takes));
        let function = self.temp();
        let pure = effect.is_pure() && node.n_params == 1;
        let staged = match pure {
            true => Staged::new(Runs::PureValue, at.var(function)),
            false => self.stage_of(node, &effect, Gives::Value, |cx, args| {
                cx.turn();
                let callee = Box::new(at.var(function));
                at.expr(ExprKind::CallValue { callee, args, throws: true })
            }),
        };
        let stage = self.as_stage(staged);
        let closure = at.expr(ExprKind::Closure {
            params: vec![(Pattern::Var(function), None)],
            moves: false,
            suspends: false,
            returns: None,
            throws: false,
            body: super::build::value_block(stage),
        });
        let mapped = at.method(values, "map", vec![closure]);
        at.method(mapped, "collect", vec![])
    }

    fn node_effect(&self, method: crate::hir::MethodId) -> Effect {
        match &self.lower.program.methods[method].native {
            Some(sig) => Effect {
                suspends: sig.suspends,
                sends: sig.sends || sig.receives,
                io: sig.io,
                throws: sig.throws,
                ..Effect::default()
            },
            None => self.effect_of(method),
        }
    }

    /// The stage around a call: what the message is spread into, and where it runs.
    fn stage_of(
        &mut self,
        node: &Node,
        effect: &Effect,
        gives: Gives,
        call: impl FnOnce(&mut Self, Vec<Expr>) -> Expr,
    ) -> Staged {
        let at = self.at;
        let takes = self.substitute(&node.takes);
        let void = self.substitute(&node.gives) == Ty::Void;
        let (pattern, vars) = self.spread(&takes, node.n_params);
        let ty = self.lower.ty(&takes);
        let args = vars.iter().map(|it| at.var(*it)).collect();
        self.running(at, effect, (pattern, ty), |cx| {
            let mut stmts_value = cx.seq(|cx| call(cx, args));
            let value = std::mem::replace(&mut stmts_value.1, at.unit());
            handed_on(at, stmts_value.0, value, gives, void)
        })
    }

    /// The pattern of a message, and the variables that it binds.
    fn spread(&mut self, takes: &Ty, n_params: usize) -> (Pattern, Vec<Var>) {
        match (n_params, takes) {
            (0, _) => (Pattern::Wildcard, vec![]),
            (1, _) => {
                let var = self.temp();
                (Pattern::Var(var), vec![var])
            }
            (n, _) => {
                let vars: Vec<Var> = (0..n).map(|_| self.temp()).collect();
                (Pattern::Tuple(vars.iter().map(|it| Pattern::Var(*it)).collect()), vars)
            }
        }
    }

    fn lambda_stage(
        &mut self,
        lambda: LambdaId,
        effect: &Effect,
        gives: Gives,
    ) -> Staged {
        let at = self.at;
        let (params, returns) = self.lambda_types(lambda);
        let takes = match &params[..] {
            [] => Ty::Signal,
            [one] => one.clone(),
            several => Ty::tuple(several.iter().cloned()),
        };
        let ty = self.lower.ty(&takes);
        let void = returns == Ty::Void;
        let captured = self.captured(lambda);
        let mut runs = Runs::Pure;
        let code = self.taking_locals(at, &captured, |cx| {
            let locals = &cx.frame.body.lambdas[lambda].params;
            let vars: Vec<Var> =
                locals.iter().map(|it| cx.declare(*it, SlotKind::Value)).collect();
            let pattern = match &vars[..] {
                [] => Pattern::Wildcard,
                [one] => Pattern::Var(*one),
                several => {
                    Pattern::Tuple(several.iter().map(|it| Pattern::Var(*it)).collect())
                }
            };
            let staged = cx.running(at, effect, (pattern, ty), |cx| {
                let mut body = cx.lambda_body(lambda, &returns);
                match (gives, void) {
                    (Gives::Signal, true) => body.value = Some(Box::new(signal(at))),
                    (Gives::Nothing, false) => {
                        let value = body.value.take();
                        body.stmts.extend(value.map(|it| at.stmt(*it)));
                    }
                    _ => {}
                }
                body
            });
            runs = staged.runs;
            staged.code
        });
        Staged::new(runs, code)
    }

    /// Code of a node that runs `body`: anywhere if that is pure, else by the agent.
    fn running(
        &mut self,
        at: At,
        effect: &Effect,
        (pattern, ty): (Pattern, ir::Ty),
        body: impl FnOnce(&mut Self) -> Block,
    ) -> Staged {
        let mut params = vec![(pattern, Some(ty))];
        let outside = self.outside();
        if effect.is_pure() && !effect.uses_agent {
            let body = body(self);
            self.restore(outside);
            return Staged::new(Runs::Pure, closure(at, params, body));
        }
        let Host::Agent { agent, args, me: Some(outer) } = outside.host.clone() else {
            unreachable!("networks belong to an agent")
        };
        let takes_turns = effect.needs_turn() && self.rights() != Access::Neither;
        let waits = effect.suspends || takes_turns;
        let me = self.new_var("me");
        let handle = Some(Handle { var: me, by_ref: !waits });
        self.host = Host::Agent { agent, args, me: handle };
        self.suspends = waits;
        self.held = false;
        let body = body(self);
        self.restore(outside);
        params.insert(0, (Pattern::Var(me), None));
        if !waits {
            return Staged::new(Runs::Action, closure(at, params, body));
        }
        let closure = self.node_closure(at, params, body);
        Staged::new(Runs::Node, at.method(at.var(outer.var), "node", vec![closure]))
    }

    /// `move |me, x| async move { … }`. What the code takes along is copied for each
    /// message, for the closure runs many times.
    fn node_closure(
        &mut self,
        at: At,
        params: Vec<(Pattern, Option<ir::Ty>)>,
        mut body: Block,
    ) -> Expr {
        let lets = self.copies_of_captures(at, &params, &mut body);
        if lets.is_empty() {
            return at.expr(ExprKind::Closure {
                params,
                moves: true,
                suspends: true,
                returns: None,
                throws: true,
                body,
            });
        }
        let future = at.expr(ExprKind::Async { throws: true, body });
        at.expr(ExprKind::Closure {
            params,
            moves: true,
            suspends: false,
            returns: None,
            throws: false,
            body: Block { stmts: lets, value: Some(Box::new(future)) },
        })
    }

    /// Variables from outside that the body mentions get a copy inside the closure, which
    /// the body then mentions instead.
    fn copies_of_captures(
        &mut self,
        at: At,
        params: &[(Pattern, Option<ir::Ty>)],
        body: &mut Block,
    ) -> Vec<Stmt> {
        let free = super::free::free_vars(params.iter().map(|it| &it.0), body);
        let mut lets = Vec::new();
        for var in free {
            if self.copies.contains(&var) {
                continue;
            }
            let copy = self.new_var(&self.vars[var.0 as usize].clone());
            super::free::rename(body, var, copy);
            let value = at.clone(at.var(var));
            lets.push(at.bind(Pattern::Var(copy), None, Some(value)));
        }
        lets
    }
}

/// `move |x| …`, which does not wait.
pub(super) fn closure(
    at: At,
    params: Vec<(Pattern, Option<ir::Ty>)>,
    body: Block,
) -> Expr {
    at.expr(ExprKind::Closure {
        params,
        moves: true,
        suspends: false,
        returns: None,
        throws: true,
        body,
    })
}

fn signal(at: At) -> Expr {
    at.expr(ExprKind::RtConst("Signal".into()))
}

/// The end of a stage's code.
fn handed_on(
    at: At,
    mut stmts: Vec<Stmt>,
    value: Expr,
    gives: Gives,
    void: bool,
) -> Block {
    match (gives, void) {
        (Gives::Signal, true) => {
            stmts.push(at.stmt(value));
            Block { stmts, value: Some(Box::new(signal(at))) }
        }
        (Gives::Nothing, false) => {
            stmts.push(at.stmt(value));
            stmt_block(stmts)
        }
        _ => Block { stmts, value: Some(Box::new(value)) },
    }
}
