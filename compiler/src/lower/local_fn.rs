//! Local functions → functions of their own, which borrow the locals that they use.

use crate::hir::ExprId;
use crate::hir::LocalFnId;
use crate::hir::body::Stmt as HirStmt;
use crate::hir::ty::Ty;
use crate::ir::{self, Callee, Expr, ExprKind, ItemKind, SelfMode};

use super::access::{is_plain, mentions};
use super::body::{Fx, Handle, Host, LocalFnSlot, SlotKind};
use super::build::Flags;
use super::function::Shape;
use super::names::Key;
use super::order::Held;
use super::walk;
use crate::hir::LocalId;
use crate::support::Name;
use crate::support::span::Span;

impl Fx<'_, '_> {
    /// Makes the local functions of a block known before its first statement.
    pub(super) fn declare_local_fns(&mut self, stmts: &[HirStmt]) {
        let fns = walk::declared(stmts);
        if fns.is_empty() {
            return;
        }
        let captures = self.local_fn_captures(&fns);
        for &id in &fns {
            let parts = self.lifted_name(id);
            let around = &self.lower.shown[self.name.0 as usize];
            let shown = format!("{around}.{}", self.frame.body.local_fns[id].name.name);
            let item = self.lower.new_name(parts, shown);
            let effect = self.lower.effects.local_fns.get(&(self.frame.id, id));
            let effect = effect.cloned().unwrap_or_default();
            let slot = LocalFnSlot {
                item,
                captures: captures.get(&id).cloned().unwrap_or_default(),
                suspends: effect.suspends,
                uses_agent: effect.uses_agent,
                needs_turn: effect.needs_turn(),
                writes_own: effect.writes_own,
            };
            let key = self.local_fn_key(id);
            self.local_fns.insert(key, slot);
        }
        for id in fns {
            self.lift(id);
        }
    }

    /// The name of a local function: behind that of the function around it, and joined with
    /// it where both are methods of a record.
    fn lifted_name(&mut self, id: LocalFnId) -> Vec<Name> {
        let mut parts = self.lower.names[self.name.0 as usize].clone();
        let name = self.frame.body.local_fns[id].name.name.clone();
        let Host::Record { record, .. } = &self.host else {
            parts.push(name);
            return parts;
        };
        let outer = parts.pop().unwrap_or_default();
        let mut joined = format!("{outer}_{name}");
        let record = &self.lower.program.records[*record];
        let methods = &self.lower.program.methods;
        let is_method = |text: &str| {
            record.methods.iter().any(|it| &*methods[*it].decl.name.name == text)
        };
        parts.push(joined.as_str().into());
        while is_method(&joined) || !self.lower.local_methods.insert(parts.clone()) {
            joined.push('_');
            parts.pop();
            parts.push(joined.as_str().into());
        }
        parts
    }

    /// Notes the locals that local functions anywhere in the body may borrow.
    pub(super) fn note_shared(&mut self) {
        for it in self.frame.body.local_fns.iter() {
            for local in self.locals_in(&it.body) {
                let key = self.local_key(local);
                self.shared.insert(key);
            }
        }
    }

    /// Notes the locals that are declared outside of a body with a `finally` and assigned
    /// inside it.
    pub(super) fn note_protected(&mut self) {
        let body = self.frame.body;
        let mut regions = walk::protected(body);
        if regions.is_empty() {
            return;
        }
        regions.sort_by_key(|it| (it.lo, std::cmp::Reverse(it.hi)));
        let mut assigned = walk::assigned(body);
        assigned.sort_unstable();
        let mut regions = regions.into_iter().peekable();
        let mut open: Vec<Span> = Vec::new();
        for (at, local) in assigned {
            while let Some(next) = regions.next_if(|it| it.lo <= at) {
                while open.pop_if(|it| it.hi <= next.lo).is_some() {}
                open.push(next);
            }
            while open.pop_if(|it| it.hi <= at).is_some() {}
            // Regions nest, so a local outside of any of them is outside of the innermost.
            let declared = body.locals[local].span.lo;
            if open.last().is_some_and(|it| declared < it.lo || declared >= it.hi) {
                let key = self.local_key(local);
                self.protected.insert(key);
            }
        }
    }

    pub(super) fn is_protected(&self, local: LocalId) -> bool {
        self.protected.contains(&self.local_key(local))
    }

    /// Whether a local function may borrow the local.
    pub(super) fn is_shared(&self, local: LocalId) -> bool {
        self.shared.contains(&self.local_key(local))
    }

    /// Whether a local that local functions share is an `Option` wherever it is: it starts
    /// without a value, and its type has none to start with.
    fn is_late(&self, local: LocalId) -> bool {
        let declared = &self.frame.body.locals[local];
        let bare = declared.bare || declared.across_sections;
        bare && self.is_shared(local) && !self.lower.defaultable(&self.local_ty(local))
    }

    fn lift(&mut self, id: LocalFnId) {
        let slot = self.local_fns[&self.local_fn_key(id)].clone();
        let it = &self.frame.body.local_fns[id];
        let (host, at) = (self.host.clone(), self.at);
        let mut fx = self.lifted(slot.item, Host::Free);
        fx.go(it.name.span);
        fx.suspends = slot.suspends;
        let mut shape = Shape {
            receiver: None,
            params: Vec::new(),
            returns: ir::Ty::Unit,
            throws: false,
            suspends: slot.suspends,
        };
        fx.pass_host(host, &slot, &mut shape);
        for &(local, changed) in &slot.captures {
            let late = fx.is_late(local);
            let kind = match (late, changed) {
                (false, false) => SlotKind::Ref,
                (false, true) => SlotKind::RefMut,
                (true, false) => SlotKind::LateRef,
                (true, true) => SlotKind::LateRefMut,
            };
            let ty = fx.local_ty(local);
            let ty = fx.lower.ty(&ty);
            let ty = Box::new(if late { ir::Ty::Option(Box::new(ty)) } else { ty });
            let var = fx.declare(local, kind);
            let ty = if changed { ir::Ty::RefMut(ty) } else { ir::Ty::Ref(ty) };
            shape.params.push(ir::Param { var, ty });
        }
        for &local in &it.params {
            let ty = fx.local_ty(local);
            let ty = fx.lower.ty(&ty);
            let var = fx.declare(local, SlotKind::Value);
            shape.params.push(ir::Param { var, ty });
        }
        let returns = fx.substitute(&it.returns);
        shape.returns = fx.lower.ty(&returns);
        let body = match it.iterator {
            true => {
                let captures = slot.captures.iter().map(|it| it.0);
                let locals: Vec<LocalId> =
                    captures.chain(it.params.iter().copied()).collect();
                fx.iterator_of(&it.body, &returns, &locals)
            }
            false => fx.block_of(&it.body, &returns),
        };
        let function = fx.finish(shape, body);
        let line = self.lower.line(it.name.span);
        let head = self.lower.local_fn_head(it);
        let library = self.lower.is_library(it.name.span.file);
        self.lower.add_at(
            (library, it.name.span),
            ir::Item { name: slot.item, line, head, kind: ItemKind::Function(function) },
        );
        self.at = at;
    }

    /// Gives a lifted function the agent, domain or record of the code around it.
    fn pass_host(&mut self, host: Host, slot: &LocalFnSlot, shape: &mut Shape) {
        self.host = match host {
            Host::Agent { agent, args, me: Some(_) } if slot.uses_agent => {
                let me = Some(self.me_param((agent, &args), true, shape));
                Host::Agent { agent, args, me }
            }
            Host::Agent { agent, args, .. } => Host::Agent { agent, args, me: None },
            Host::Domain { domain, args, dom: Some(_) } => {
                let var = self.new_var("dom");
                let ty = self.lower.ty(&Ty::Domain(domain, args.clone()));
                shape.params.push(ir::Param { var, ty: ir::Ty::Ref(Box::new(ty)) });
                if slot.suspends {
                    self.turns_param(shape);
                }
                Host::Domain { domain, args, dom: Some(Handle { var, by_ref: true }) }
            }
            Host::Record { record, args, .. } if self.lower.is_exception(record) => {
                let var = self.new_var("this");
                let ty = self.lower.ty(&Ty::Record(record, args.clone()));
                shape.params.push(ir::Param { var, ty });
                Host::Record { record, args, this: Some(var) }
            }
            // A method of its own, so that it can change the value that it works on.
            Host::Record { record, args, .. } => {
                let item = self.lower.need(Key::Record(record, args.clone()));
                let mode = if slot.writes_own { SelfMode::Mut } else { SelfMode::Ref };
                shape.receiver = Some((item, mode));
                Host::Record { record, args, this: None }
            }
            other => other,
        };
    }

    /// Arguments in the order of the parameters, evaluated as they are written.
    fn local_fn_args(&mut self, id: LocalFnId, args: &[ExprId]) -> Vec<Held> {
        let body = self.frame.body;
        let defaults = &body.local_fns[id].defaults;
        let given: Vec<u32> = args
            .iter()
            .zip(defaults)
            .filter(|(arg, default)| Some(**arg) != **default)
            .map(|(arg, _)| body.exprs[*arg].span.lo)
            .collect();
        let as_written = given.is_sorted();
        let mut order: Vec<usize> = (0..args.len()).collect();
        if !as_written {
            order.sort_by_key(|it| body.exprs[args[*it]].span.lo);
        }
        let mut held: Vec<Option<Held>> = vec![None; args.len()];
        for at in order {
            let mut value = self.value(args[at]);
            if !as_written {
                value = self.bind(value);
            }
            held[at] = Some(self.hold(value));
        }
        held.into_iter().flatten().collect()
    }

    pub(super) fn local_fn_call(&mut self, id: LocalFnId, args: &[ExprId]) -> Expr {
        let at = self.at;
        let slot = self.local_fns[&self.local_fn_key(id)].clone();
        let held = self.local_fn_args(id, args);
        self.at = at;
        if slot.needs_turn {
            self.turn();
        }
        let args = self.settled(held);
        let mut all = Vec::new();
        let (mut method, mut changes) = (false, false);
        match &self.host {
            Host::Agent { me: Some(_), .. } if slot.uses_agent => all.push(self.me_ref()),
            Host::Domain { dom: Some(_), .. } => {
                all.push(self.dom_ref(0));
                if slot.suspends {
                    all.push(self.turns_ref());
                }
            }
            Host::Record { record, .. } if self.lower.is_exception(*record) => {
                let this = self.this_place();
                all.push(self.read(this));
            }
            Host::Record { this, .. } => {
                method = true;
                changes = slot.writes_own;
                all.push(match this {
                    Some(this) => at.var(*this),
                    None => at.expr(ExprKind::This),
                });
            }
            _ => {}
        }
        for &(local, changed) in &slot.captures {
            let it = self.slot(local);
            let var = at.var(it.var);
            changes |= changed;
            all.push(match (it.kind, changed) {
                (SlotKind::Ref | SlotKind::LateRef, _) => var,
                (SlotKind::RefMut | SlotKind::LateRefMut, true) => {
                    at.borrow_mut(at.deref(var))
                }
                (SlotKind::RefMut | SlotKind::LateRefMut, false) => {
                    at.borrow(at.deref(var))
                }
                // A variable of a pattern has matched where the function is called.
                (SlotKind::Late, _) if !self.is_late(local) => {
                    let part = if changed { "as_mut" } else { "as_ref" };
                    let part = at.method(var, part, vec![]);
                    at.method(part, "expect", vec![at.text(super::place::ASSIGNED)])
                }
                (_, true) => at.borrow_mut(var),
                (_, false) => at.borrow(var),
            });
        }
        // Borrows come first, so arguments that look at the same locals are taken before.
        let borrowed: Vec<_> =
            slot.captures.iter().map(|it| self.slot(it.0).var).collect();
        let mut taken = Vec::new();
        for arg in args {
            let apart = changes
                && (!is_plain(&arg) || borrowed.iter().any(|it| mentions(&arg, *it)));
            taken.push(if apart { self.bind(arg) } else { arg });
        }
        let args = taken;
        all.extend(args);
        let recursive =
            self.lower.effects.recursive_local_fns.contains(&(self.frame.id, id));
        let call = match method {
            true => at.callee(Callee::Method(slot.item), all),
            false => at.call(slot.item, all),
        };
        let call = match (slot.suspends, recursive) {
            (false, _) => call,
            (true, true) => at.rt("boxed", vec![call]).awaited(),
            (true, false) => call.awaited(),
        };
        if slot.suspends {
            self.suspend();
        }
        // What it changes shows in operands that are lowered already.
        let void = self.frame.body.local_fns[id].returns == Ty::Void;
        match (changes, void) {
            (true, true) => {
                self.push_expr(call);
                at.unit()
            }
            (true, false) => self.bind(call),
            (false, _) => call,
        }
    }
}
