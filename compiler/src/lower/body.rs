//! The context of one function: its variables, the statements that come before the
//! expression at hand, and whether the turn on the domain is held. It lowers nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use crate::hir::body::{Body, Root};
use crate::hir::item::Access;
use crate::hir::ty::{Args, Ty};
use crate::hir::{
    AgentId, BodyId, DomainId, ExprId, FieldId, LocalFnId, LocalId, RecordId, TypeParamId,
};
use crate::ir::{Expr, ExprKind, ItemRef, Label, Stmt, Var};
use crate::support::{Name, span::Span};
use crate::types::tables::BodyTypes;

use super::Lower;
use super::build::{At, Flags};
use super::function::Shape;
use super::order::Seq;

/// One function while it is lowered.
pub(super) struct Fx<'l, 'a> {
    pub(super) lower: &'l mut Lower<'a>,
    pub(super) frame: Frame<'a>,
    pub(super) host: Host,
    pub(super) vars: Vec<Name>,
    /// Of agents and of domains.
    state_vars: (Option<Var>, Option<Var>),
    slots: HashMap<(u32, LocalId), Slot>,
    pub(super) local_fns: HashMap<(u32, LocalFnId), LocalFnSlot>,
    n_frames: u32,
    pub(super) seq: Seq,
    pub(super) scopes: Vec<Scope>,
    n_labels: u32,
    /// The code may wait.
    pub(super) suspends: bool,
    /// What code of a domain takes its turns with after it has waited: a borrow.
    pub(super) turns: Option<Var>,
    /// The turn is held here.
    pub(super) held: bool,
    /// Domain state was touched, or is in what was lowered since this was reset.
    pub(super) touched: bool,
    pub(super) n_suspensions: u32,
    pub(super) at: At,
    /// Variables whose values are duplicated by a plain read.
    pub(super) copies: HashSet<Var>,
    /// Locals that local functions borrow.
    pub(super) shared: HashSet<(u32, LocalId)>,
    /// Locals whose first value may come from a body with a `finally` around it.
    pub(super) protected: HashSet<(u32, LocalId)>,
    /// What is being handled, innermost last.
    pub(super) caught: Vec<Var>,
    /// Expressions whose value is in a variable already: what a `?.` was tested on.
    pub(super) known: HashMap<(u32, ExprId), (Var, Ty)>,
    /// Chains with `?.` whose tests are being lowered.
    pub(super) open_chains: HashSet<(u32, ExprId)>,
    /// Declarations of slots that the code at hand fills, for the statement around it.
    pub(super) late_slots: Vec<Stmt>,
    /// Fields of agents and domains that an iterator has copied.
    pub(super) copied: BTreeMap<FieldId, Var>,
    /// Steps of the chain of sequence members at hand.
    pub(super) n_steps: u32,
    /// What the elements of the iterator at hand are.
    pub(super) elements: Option<crate::ir::Ty>,
    /// The name of the function, which names of its parts begin with.
    pub(super) name: ItemRef,
}

/// The body that is being read. Initialisers and defaults are read inside the function
/// that evaluates them, so a function may have several.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    pub(super) id: BodyId,
    pub(super) body: &'a Body,
    pub(super) types: &'a BodyTypes,
    params: Rc<[TypeParamId]>,
    args: Args,
    serial: u32,
}

/// What the code has at hand.
#[derive(Clone, Debug)]
pub(super) enum Host {
    Free,
    Agent {
        agent: AgentId,
        args: Args,
        me: Option<Handle>,
    },
    Domain {
        domain: DomainId,
        args: Args,
        dom: Option<Handle>,
    },
    /// The value is `self`, or this variable.
    Record {
        record: RecordId,
        args: Args,
        this: Option<Var>,
    },
}

/// A variable that holds an agent or domain, or a borrow of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle {
    pub(super) var: Var,
    pub(super) by_ref: bool,
}

/// Where a local lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) var: Var,
    pub(super) kind: SlotKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    Value,
    /// Borrowed from the function around a local function.
    Ref,
    RefMut,
    /// An `Option`, because the target cannot see that it is assigned before its use.
    Late,
    /// Such an `Option`, borrowed.
    LateRef,
    LateRefMut,
}

/// A local function lifted out of its body.
#[derive(Clone, Debug)]
pub(super) struct LocalFnSlot {
    pub(super) item: ItemRef,
    /// Locals of the bodies around it that it takes as borrows, and whether it changes them.
    pub(super) captures: Vec<(LocalId, bool)>,
    pub(super) suspends: bool,
    pub(super) uses_agent: bool,
    pub(super) needs_turn: bool,
    /// It changes the record whose member the body is.
    pub(super) writes_own: bool,
}

/// What `break` and `continue` can leave.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) label: Label,
    pub(super) used: bool,
    pub(super) kind: ScopeKind,
    /// Of a `Finally`.
    pub(super) left: Left,
}

/// On which ways a body with a `finally` is left, beside its end and exceptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) returns: bool,
    /// What is returned has a value.
    pub(super) gives: bool,
    pub(super) breaks: bool,
    pub(super) continues: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    /// A loop of the target, left by `break`.
    Loop { continues: bool },
    /// A labelled block that `break` of the language leaves: `switch`, a `receive` case.
    Leave,
    /// A labelled block that `continue` leaves: the body of a `for` with an update.
    Next,
    /// A labelled block that only exceptions leave. Nothing inside is left without a label.
    Handled,
    /// The body of a `try` with `finally`, at whose end everything that leaves it goes on.
    Finally,
}

impl<'l, 'a> Fx<'l, 'a> {
    /// The context of a function that reads `id`, if it has a body of its own, with these
    /// type arguments.
    pub(super) fn new(
        lower: &'l mut Lower<'a>,
        name: ItemRef,
        host: Host,
        id: Option<BodyId>,
        generics: (&[TypeParamId], &Args),
    ) -> Self {
        let frame = match id {
            Some(id) => frame(lower, id, generics, 0),
            None => Frame {
                id: BodyId(u32::MAX),
                body: lower.no_body,
                types: lower.no_types,
                params: generics.0.into(),
                args: generics.1.clone(),
                serial: 0,
            },
        };
        Self {
            lower,
            frame,
            host,
            vars: Vec::new(),
            state_vars: (None, None),
            slots: HashMap::new(),
            local_fns: HashMap::new(),
            n_frames: 1,
            seq: Seq::default(),
            scopes: Vec::new(),
            n_labels: 0,
            suspends: false,
            turns: None,
            held: false,
            touched: false,
            n_suspensions: 0,
            at: At::default(),
            copies: HashSet::new(),
            shared: HashSet::new(),
            protected: HashSet::new(),
            caught: Vec::new(),
            known: HashMap::new(),
            open_chains: HashSet::new(),
            late_slots: Vec::new(),
            copied: BTreeMap::new(),
            n_steps: 0,
            elements: None,
            name,
        }
    }

    /// Reads another body here: its locals are its own.
    pub(super) fn in_body<R>(
        &mut self,
        id: BodyId,
        generics: (&[TypeParamId], &Args),
        read: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let inner = frame(self.lower, id, generics, self.n_frames);
        self.n_frames += 1;
        let outer = std::mem::replace(&mut self.frame, inner);
        let at = self.at;
        let result = read(self);
        self.frame = outer;
        self.at = at;
        result
    }

    /// A context for a function lifted out of this one: same body, nothing at hand yet.
    pub(super) fn lifted(&mut self, name: ItemRef, host: Host) -> Fx<'_, 'a> {
        Fx {
            frame: self.frame.clone(),
            host,
            vars: Vec::new(),
            state_vars: (None, None),
            slots: HashMap::new(),
            local_fns: self.local_fns.clone(),
            n_frames: self.n_frames,
            seq: Seq::default(),
            scopes: Vec::new(),
            n_labels: 0,
            suspends: false,
            turns: None,
            held: false,
            touched: false,
            n_suspensions: 0,
            at: self.at,
            copies: HashSet::new(),
            shared: self.shared.clone(),
            protected: self.protected.clone(),
            caught: Vec::new(),
            known: HashMap::new(),
            open_chains: HashSet::new(),
            late_slots: Vec::new(),
            copied: BTreeMap::new(),
            n_steps: 0,
            elements: None,
            name,
            lower: self.lower,
        }
    }

    // Lines and types.

    /// From here on expressions carry the line of `span`.
    pub(super) fn go(&mut self, span: Span) -> At {
        self.at = At(self.lower.line(span));
        self.at
    }

    pub(super) fn substitute(&self, ty: &Ty) -> Ty {
        ty.substitute(&self.frame.params, &self.frame.args)
    }

    /// The type of an expression before its conversion.
    pub(super) fn ty(&self, id: ExprId) -> Ty {
        self.frame.types.exprs.get(id).map_or(Ty::Error, |it| self.substitute(it))
    }

    pub(super) fn local_ty(&self, id: LocalId) -> Ty {
        self.frame.types.locals.get(id).map_or(Ty::Error, |it| self.substitute(it))
    }

    pub(super) fn tys(&self, tys: &[Ty]) -> Args {
        tys.iter().map(|it| self.substitute(it)).collect()
    }

    // Variables.

    pub(super) fn new_var(&mut self, name: &str) -> Var {
        self.vars.push(name.into());
        Var(u32::try_from(self.vars.len() - 1).expect("fewer than 2^32 variables"))
    }

    /// A variable of no name in the source.
    pub(super) fn temp(&mut self) -> Var {
        self.new_var("ax")
    }

    /// A new variable for a local.
    pub(super) fn declare(&mut self, local: LocalId, kind: SlotKind) -> Var {
        let var = self.new_var(&self.frame.body.locals[local].name.clone());
        self.place_local(local, var, kind);
        if kind == SlotKind::Value && self.lower.is_copy(&self.local_ty(local)) {
            self.copies.insert(var);
        }
        var
    }

    /// The parameter of closures over state: one does for all, they do not nest.
    pub(super) fn state_var(&mut self, name: &str) -> Var {
        let known = if name == "s" { self.state_vars.0 } else { self.state_vars.1 };
        if let Some(var) = known {
            return var;
        }
        let var = self.new_var(name);
        if name == "s" {
            self.state_vars.0 = Some(var);
        } else {
            self.state_vars.1 = Some(var);
        }
        var
    }

    pub(super) fn place_local(&mut self, local: LocalId, var: Var, kind: SlotKind) {
        self.slots.insert((self.frame.serial, local), Slot { var, kind });
    }

    pub(super) fn slot(&self, local: LocalId) -> Slot {
        *self
            .slots
            .get(&(self.frame.serial, local))
            .unwrap_or_else(|| unreachable!("a local is declared before it is used"))
    }

    pub(super) fn has_slot(&self, local: LocalId) -> bool {
        self.slots.contains_key(&(self.frame.serial, local))
    }

    /// The expression, told apart from those of other bodies read here.
    pub(super) fn expr_key(&self, id: ExprId) -> (u32, ExprId) {
        (self.frame.serial, id)
    }

    pub(super) fn local_key(&self, id: LocalId) -> (u32, LocalId) {
        (self.frame.serial, id)
    }

    pub(super) fn local_fn_key(&self, id: LocalFnId) -> (u32, LocalFnId) {
        (self.frame.serial, id)
    }

    // Turns and suspension.

    /// The expression lowered next waits: the turn ends.
    pub(super) fn suspend(&mut self) {
        self.n_suspensions += 1;
        self.held = false;
    }

    /// Domain state is touched next.
    pub(super) fn turn(&mut self) {
        self.touched |= self.rights() != Access::Neither;
        if !self.suspends || self.held || self.rights() == Access::Neither {
            return;
        }
        self.held = true;
        if self.seq.began == self.n_suspensions {
            self.seq.enter = true;
        } else {
            let stmt = self.enter_stmt();
            self.push(stmt);
        }
    }

    pub(super) fn enter_stmt(&mut self) -> Stmt {
        self.at.stmt(self.entering().awaited())
    }

    /// The taking of a turn, to be waited for.
    pub(super) fn entering(&self) -> Expr {
        let turns = match self.turns {
            Some(turns) => self.at.var(turns),
            None => self.me(),
        };
        self.at.method(turns, "enter", vec![])
    }

    /// What the running agent may do with its domain.
    pub(super) fn rights(&self) -> Access {
        match self.host {
            Host::Agent { agent, me: Some(_), .. } => self.lower.rights(agent),
            // Those of whoever runs it.
            Host::Domain { .. } if self.turns.is_some() => Access::Writer,
            _ => Access::Neither,
        }
    }

    /// Declares the parameter with which code of a domain that may wait takes its turns.
    pub(super) fn turns_param(&mut self, shape: &mut Shape) {
        let var = self.new_var("turns");
        let ty = crate::ir::Ty::Rt("Turns".into(), vec![]);
        shape.params.push(crate::ir::Param { var, ty: crate::ir::Ty::Ref(Box::new(ty)) });
        self.turns = Some(var);
    }

    /// The turns of the code at hand, for code of a domain that may wait.
    pub(super) fn turns_ref(&self) -> Expr {
        let at = self.at;
        match (self.turns, &self.host) {
            (Some(turns), _) => at.var(turns),
            (None, Host::Agent { me: Some(_), .. }) => {
                at.borrow(at.method(self.me(), "turns", vec![]))
            }
            _ => at.borrow(at.rt("Turns::none", vec![])),
        }
    }

    /// The agent itself, as a receiver.
    pub(super) fn me(&self) -> Expr {
        match self.host {
            Host::Agent { me: Some(me), .. } => self.at.var(me.var),
            _ => unreachable!("the effect says that the code uses its agent"),
        }
    }

    /// The agent itself, as an argument that takes a borrow.
    pub(super) fn me_ref(&self) -> Expr {
        match self.host {
            Host::Agent { me: Some(me), .. } => self.handle_ref(me),
            _ => unreachable!("the effect says that the code uses its agent"),
        }
    }

    pub(super) fn handle_ref(&self, handle: Handle) -> Expr {
        let var = self.at.var(handle.var);
        if handle.by_ref { var } else { self.at.borrow(var) }
    }

    /// The domain `level` levels out, as a receiver: 0 is the domain of the agent, or the
    /// domain itself for its own members.
    pub(super) fn dom(&self, level: usize) -> Expr {
        let at = self.at;
        let mut dom = match &self.host {
            Host::Domain { dom: Some(dom), .. } => at.var(dom.var),
            _ => at.method(self.me(), "domain", vec![]),
        };
        for _ in 0..level {
            dom = at.method(dom, "parent", vec![]);
        }
        dom
    }

    /// The domain `level` levels out, as a handle of its own.
    pub(super) fn dom_value(&self, level: usize) -> Expr {
        let dom = self.dom(level);
        match (&self.host, &dom.kind) {
            (Host::Domain { dom: Some(handle), .. }, ExprKind::Var(_))
                if handle.by_ref =>
            {
                self.at.clone(self.at.deref(dom))
            }
            _ => self.at.clone(dom),
        }
    }

    /// The domain `level` levels out, as an argument that takes a borrow.
    pub(super) fn dom_ref(&self, level: usize) -> Expr {
        match &self.host {
            Host::Domain { dom: Some(dom), .. } if level == 0 => self.handle_ref(*dom),
            _ => self.dom(level),
        }
    }

    // Labels.

    pub(super) fn new_label(&mut self) -> Label {
        self.n_labels += 1;
        Label(self.n_labels - 1)
    }

    /// Lowers what a `break` or `continue` can leave; gives the label if one does by name.
    pub(super) fn scope<R>(
        &mut self,
        kind: ScopeKind,
        run: impl FnOnce(&mut Self) -> R,
    ) -> (Option<Label>, R) {
        let label = self.new_label();
        self.scopes.push(Scope { label, used: false, kind, left: Left::default() });
        let result = run(self);
        let scope = self.scopes.pop().expect("the scope was pushed above");
        (scope.used.then_some(label), result)
    }

    /// Lowers what has to be left by way of a `finally`; gives the label of its end.
    pub(super) fn guarded<R>(
        &mut self,
        run: impl FnOnce(&mut Self) -> R,
    ) -> (Label, Left, R) {
        let label = self.new_label();
        let left = Left::default();
        self.scopes.push(Scope { label, used: false, kind: ScopeKind::Finally, left });
        let result = run(self);
        let scope = self.scopes.pop().expect("the scope was pushed above");
        (label, scope.left, result)
    }

    pub(super) fn root(&self) -> &'a Root {
        &self.frame.body.root
    }
}

fn frame<'a>(
    lower: &Lower<'a>,
    id: BodyId,
    generics: (&[TypeParamId], &Args),
    serial: u32,
) -> Frame<'a> {
    let body = &lower.program.bodies[id];
    let types = lower
        .types
        .bodies
        .get(id)
        .unwrap_or_else(|| unreachable!("every body of a checked program has types"));
    let (params, args) = (generics.0.into(), generics.1.clone());
    Frame { id, body, types, params, args, serial }
}
