//! Places: what chain of fields and elements an expression names. How a place is read and
//! changed is in `access`.

use crate::hir::body::{ExprKind as HirKind, LocalKind};
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::{DomainId, ExprId, FieldId};
use crate::ir::{Expr, Var};
use crate::support::Name;
use crate::types::tables::{ArgBinding, Call, Conversion, Member, Receiver};

use super::body::{Fx, Host, SlotKind};
use super::build::At;
use super::order::Held;

/// A chain from where a value is kept to a part of it.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) at: At,
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
    /// Type of the part.
    pub(super) ty: Ty,
}

#[derive(Clone)]
pub(super) enum Root {
    Var(Var),
    /// A variable that is a borrow.
    Borrow(Var),
    /// The record whose method runs.
    This(Option<Var>),
    /// The state of the running agent.
    Own,
    /// The state of a domain some levels out.
    Domain(usize),
    /// A value of no name.
    Value(Held),
    /// Something of the runtime's that can be borrowed.
    Shared(Held),
}

#[derive(Clone)]
pub(super) enum Step {
    Field(Name),
    Tuple(usize),
    /// A field kept behind a pointer, which this function makes.
    Pointer(&'static str),
    /// A value that is known to be there; says why.
    Known(&'static str),
    /// A value that throws if it is not there.
    Checked,
    Index(Held, Index),
}

/// How an element is found.
#[derive(Clone)]
pub(super) struct Index {
    /// Keys are looked up by a borrow.
    pub(super) by_key: bool,
    /// `^i`: counted from the end, whose index this method gives.
    pub(super) from_end: Option<&'static str>,
}

pub(super) const NARROWED: &str = "checked against null";
pub(super) const ASSIGNED: &str = "assigned before its use";

impl Fx<'_, '_> {
    /// The place that an expression names; for any other expression its value.
    pub(super) fn place(&mut self, id: ExprId) -> Place {
        let narrowed =
            self.frame.types.conversions.get(id) == Some(&Conversion::Narrowed);
        let mut place = self.storage(id);
        if narrowed && let Ty::Nullable(inner) = &place.ty {
            place.ty = (**inner).clone();
            place.steps.push(Step::Known(NARROWED));
        }
        place
    }

    /// Like [`Self::place`] where narrowing by an earlier test does not matter: the left
    /// of an assignment.
    pub(super) fn storage(&mut self, id: ExprId) -> Place {
        self.go(self.frame.body.exprs[id].span);
        if let Some((var, ty)) = self.known.get(&self.expr_key(id)) {
            return self.borrow_place(*var, ty.clone());
        }
        let conversion = self.frame.types.conversions.get(id);
        if conversion.is_some_and(|it| *it != Conversion::Narrowed) {
            let value = self.value(id);
            let ty = self.converted_ty(id);
            return self.value_place(value, ty);
        }
        if self.frame.types.null_chains.contains(id)
            && !self.open_chains.contains(&self.expr_key(id))
        {
            return self.plain_place(id);
        }
        self.naked(id)
    }

    /// The place before any conversion.
    pub(super) fn naked(&mut self, id: ExprId) -> Place {
        let expr = &self.frame.body.exprs[id];
        let at = self.go(expr.span);
        if let Some((var, ty)) = self.known.get(&self.expr_key(id)) {
            return self.borrow_place(*var, ty.clone());
        }
        if let Some(value) = self.exception_part(id) {
            let ty = self.ty(id);
            return self.value_place(value, ty);
        }
        let member = self.frame.types.members.get(id);
        match (&expr.kind, member) {
            (HirKind::Local(local), _) => self.local_place(*local),
            (HirKind::Field(field), _) => self.field_place(*field),
            (HirKind::This, _) if matches!(self.host, Host::Record { .. }) => {
                Place { at, root: self.this_root(), steps: vec![], ty: self.ty(id) }
            }
            (HirKind::OwnPort(port), _) => self.own_port(*port),
            (HirKind::Member { base, .. }, Some(Member::Field(field))) => {
                let base = self.place(*base);
                self.part(base, *field)
            }
            (HirKind::Member { base, .. }, Some(Member::TupleElement(index))) => {
                let mut place = self.place(*base);
                if let Ty::Tuple(parts) = &place.ty {
                    place.ty = parts[*index].ty.clone();
                }
                place.steps.push(Step::Tuple(*index));
                place.at = at;
                place
            }
            (HirKind::Member { base, .. }, Some(Member::NullableValue))
            | (HirKind::NonNull(base), _) => {
                let mut place = self.place(*base);
                if matches!(place.ty, Ty::Nullable(_)) && self.may_be_null(*base) {
                    place.steps.push(Step::Checked);
                    place.ty = self.ty(id);
                }
                place.at = at;
                place
            }
            (
                HirKind::Port { base, .. } | HirKind::Member { base, .. },
                Some(Member::Port(port)),
            ) => {
                if matches!(self.frame.body.exprs[*base].kind, HirKind::PrimaryChannel) {
                    return self.own_port(*port);
                }
                let mut place = self.place(*base);
                self.at = at;
                self.uses_port_of(&self.ty(*base), *port);
                place.steps.push(Step::Field(self.lower.port_name(*port)));
                place.ty = self.ty(id);
                place.at = at;
                place
            }
            (HirKind::Index { base, .. }, _) => self.element(id, *base),
            _ => self.plain_place(id),
        }
    }

    fn plain_place(&mut self, id: ExprId) -> Place {
        let ty = self.ty(id);
        let value = self.raw(id);
        self.value_place(value, ty)
    }

    /// A value of no name as a place.
    pub(super) fn value_place(&self, value: Expr, ty: Ty) -> Place {
        let root = Root::Value(self.hold(value));
        Place { at: self.at, root, steps: Vec::new(), ty }
    }

    /// A variable as a place.
    pub(super) fn var_place(&self, var: Var, ty: Ty) -> Place {
        Place { at: self.at, root: Root::Var(var), steps: Vec::new(), ty }
    }

    /// A borrow as a place.
    fn borrow_place(&self, var: Var, ty: Ty) -> Place {
        Place { at: self.at, root: Root::Borrow(var), steps: Vec::new(), ty }
    }

    fn this_root(&self) -> Root {
        match self.host {
            Host::Record { this, .. } => Root::This(this),
            _ => unreachable!("only code of a record has one at hand"),
        }
    }

    pub(super) fn local_place(&mut self, local: crate::hir::LocalId) -> Place {
        let (at, ty) = (self.at, self.local_ty(local));
        if self.frame.body.locals[local].kind == LocalKind::Const && !self.has_slot(local)
        {
            unreachable!("a constant is declared before it is used");
        }
        let slot = self.slot(local);
        let (root, steps) = match slot.kind {
            SlotKind::Value => (Root::Var(slot.var), vec![]),
            SlotKind::Ref | SlotKind::RefMut => (Root::Borrow(slot.var), vec![]),
            SlotKind::Late => (Root::Var(slot.var), vec![Step::Known(ASSIGNED)]),
            SlotKind::LateRef | SlotKind::LateRefMut => {
                (Root::Borrow(slot.var), vec![Step::Known(ASSIGNED)])
            }
        };
        Place { at, root, steps, ty }
    }

    /// A field by its bare name.
    pub(super) fn field_place(&mut self, field: FieldId) -> Place {
        let it = &self.lower.program.fields[field];
        if let Some(var) = self.copied.get(&field) {
            return self.var_place(*var, self.substitute(&it.ty));
        }
        let root = match it.owner {
            Owner::Agent(_) => Root::Own,
            Owner::Domain(domain) => Root::Domain(self.level(domain)),
            _ => self.this_root(),
        };
        let place = Place { at: self.at, root, steps: Vec::new(), ty: Ty::Error };
        self.part(place, field)
    }

    /// A field of what `place` holds.
    pub(super) fn part(&mut self, mut place: Place, field: FieldId) -> Place {
        let it = &self.lower.program.fields[field];
        let whole = std::mem::replace(&mut place.ty, Ty::Error);
        place.ty = match (&whole, it.owner, &self.host) {
            (Ty::Record(id, args), Owner::Record(_), _) => {
                self.lower.field_ty(*id, args, field)
            }
            (_, Owner::Record(_), Host::Record { record, args, .. }) => {
                self.lower.field_ty(*record, &args.clone(), field)
            }
            _ => {
                let (params, args) = self.state_generics(it.owner);
                it.ty.substitute(&params, &args)
            }
        };
        place.steps.push(Step::Field(self.lower.field_name(field)));
        place.at = self.at;
        match it.owner {
            Owner::Record(_) => {
                let whole = match (&whole, &self.host) {
                    (Ty::Error, Host::Record { record, args, .. }) => {
                        Ty::Record(*record, args.clone())
                    }
                    _ => whole,
                };
                if self.lower.holds(&place.ty, &whole) {
                    let pointer = super::enumeration::pointer_to(&place.ty);
                    place.steps.push(Step::Pointer(pointer));
                }
            }
            _ => {
                if self.lower.is_late(field) {
                    place.steps.push(Step::Known(ASSIGNED));
                }
            }
        }
        place
    }

    /// How far out a domain is from the code at hand.
    pub(super) fn level(&self, domain: DomainId) -> usize {
        let program = self.lower.program;
        let mut at = match &self.host {
            Host::Agent { agent, .. } => program.agents[*agent].domain,
            Host::Domain { domain, .. } => Some(*domain),
            _ => None,
        };
        let mut level = 0;
        while let Some(id) = at {
            if id == domain {
                return level;
            }
            level += 1;
            at = program.domains[id].parent;
        }
        unreachable!("state of other domains is out of reach")
    }

    fn own_port(&mut self, port: crate::hir::PortId) -> Place {
        self.uses_own_port(port);
        let at = self.at;
        let ports = at.method(self.me(), "port", vec![]);
        let expr = at.field(ports, &self.lower.port_name(port));
        Place {
            at,
            root: Root::Shared(self.hold_place(expr)),
            steps: vec![],
            ty: Ty::Error,
        }
    }

    /// `base[i]` of a collection whose elements can be changed in place.
    fn element(&mut self, id: ExprId, base: ExprId) -> Place {
        let at = self.at;
        let Some(Call::Method { args, receiver: Receiver::Expr(base_of), .. }) =
            self.frame.types.calls.get(id)
        else {
            return self.plain_place(id);
        };
        debug_assert_eq!(*base_of, base, "an indexer's receiver is its base");
        let base_ty = self.converted_ty(base);
        let lang = &self.lower.program.lang;
        let (by_key, length) = match &base_ty {
            Ty::Array(_) => (false, "length"),
            Ty::Native(id, _) if Some(*id) == lang.list => (false, "count"),
            Ty::Native(id, _) if Some(*id) == lang.dictionary => (true, "count"),
            Ty::Native(id, _) if Some(*id) == lang.json => (false, "count"),
            _ => return self.plain_place(id),
        };
        let [ArgBinding::Expr(index)] = &args[..] else {
            return self.plain_place(id);
        };
        if self.converted_ty(*index) == Ty::Range {
            return self.plain_place(id);
        }
        let mut place = self.place(base);
        let (arg, from_end) = match &self.frame.body.exprs[*index].kind {
            HirKind::FromEnd(back) => (self.value(*back), Some(length)),
            _ => (self.value(*index), None),
        };
        let index = Index { by_key, from_end };
        place.steps.push(Step::Index(self.hold(arg), index));
        place.ty = self.ty(id);
        place.at = at;
        place
    }
}
