//! Where function values go: which code a call of one may run, and who answers for it. A
//! value that is only called, or handed to a parameter that is only called, is charged where
//! that happens; one that is stored joins the pool of its type, which stands for every call
//! of a value of unknown origin. It judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::unit::*;
use crate::hir::item::{Overridable, Owner};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::Types;

/// How an expression's value is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Kept, returned, or used in a way that is not followed.
    Stored,
    Called,
    Passed {
        method: MethodId,
        param: usize,
    },
    /// Run by a network of this agent.
    Node,
    /// The initial value of a local.
    Bound(LocalId),
    /// Leaves the agent: a message, or an argument of a new agent or domain.
    Sent,
    /// Part of an exception: leaves the agent if that escapes.
    Thrown,
}

/// A function value as it stands in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FnValue {
    Lambda(UnitId),
    Method {
        method: MethodId,
        dispatch: Dispatch,
    },
    Local(LocalId, Shape),
    /// The parameter of a method: callers answer for what it does.
    Param(MethodId, usize),
    Unknown(Shape),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ValueUse {
    pub(super) unit: UnitId,
    pub(super) body: BodyId,
    pub(super) expr: ExprId,
    pub(super) span: Span,
    pub(super) value: FnValue,
    pub(super) how: Use,
    /// Stands here itself, rather than by the name of a local that holds it.
    pub(super) direct: bool,
}

/// The function values of the program.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) uses: Vec<ValueUse>,
    /// Locals that are assigned after their declaration.
    pub(super) assigned: BTreeSet<(BodyId, LocalId)>,
    bound: BTreeMap<(BodyId, LocalId), Vec<FnValue>>,
}

/// What may escape into a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Var {
    Param(MethodId, usize),
    Lambda(UnitId),
}

impl Use {
    /// Whether the value may come to be where its agent is not.
    pub(super) fn leaves(self) -> bool {
        matches!(self, Self::Sent | Self::Thrown)
    }
}

impl Flow {
    pub(super) fn note(&mut self, it: ValueUse) {
        if let Use::Bound(local) = it.how {
            self.bound.entry((it.body, local)).or_default().push(it.value);
        }
        self.uses.push(it);
    }

    /// The value that a local stands for, where its declaration tells. `known` are the
    /// answers so far.
    fn origin(
        &self,
        program: &Program,
        body: BodyId,
        role: Role,
        value: FnValue,
        known: &mut BTreeMap<(BodyId, LocalId), FnValue>,
    ) -> FnValue {
        // A local is in scope behind its declaration only, so this comes to an end.
        let (mut value, mut passed) = (value, Vec::new());
        while let FnValue::Local(local, shape) = value {
            value = match known.get(&(body, local)) {
                Some(&answer) => answer,
                None => self.initial(program, body, role, local, shape),
            };
            passed.push(local);
        }
        for local in passed {
            known.insert((body, local), value);
        }
        value
    }

    /// What a local was given when it was declared.
    fn initial(
        &self,
        program: &Program,
        body: BodyId,
        role: Role,
        local: LocalId,
        shape: Shape,
    ) -> FnValue {
        if self.assigned.contains(&(body, local)) {
            return FnValue::Unknown(shape);
        }
        let data = &program.bodies[body];
        if let Some(param) = data.params.iter().position(|&it| it == local) {
            return match role {
                Role::Method(method) if is_followed(program, method) => {
                    FnValue::Param(method, param)
                }
                _ => FnValue::Unknown(shape),
            };
        }
        match self.bound.get(&(body, local)).map(Vec::as_slice) {
            Some([only]) => *only,
            _ => FnValue::Unknown(shape),
        }
    }

    /// Whether every use of a local is seen through to its initial value.
    fn is_tracked(&self, body: BodyId, local: LocalId) -> bool {
        !self.assigned.contains(&(body, local))
            && self.bound.get(&(body, local)).is_some_and(|it| it.len() == 1)
    }
}

/// Turns the noted uses into call sites and pools; gives the uses with their origins.
pub(super) fn settle(
    program: &Program,
    types: &Types,
    units: &mut Units,
    flow: &Flow,
) -> Vec<ValueUse> {
    let mut known = BTreeMap::new();
    let uses: Vec<ValueUse> = flow
        .uses
        .iter()
        .map(|it| {
            let role = units.all[it.unit].role;
            let value = flow.origin(program, it.body, role, it.value, &mut known);
            let direct = !matches!(it.value, FnValue::Local(..));
            ValueUse { value, direct, ..*it }
        })
        .collect();
    let escaping = escapes(program, units, flow, &uses);
    let mut pooled = BTreeSet::new();
    for it in &uses {
        charge(program, units, &escaping, it);
        if is_pooled(program, flow, &escaping, it) {
            let table = types.bodies.get(it.body);
            let ty = table.and_then(|table| table.exprs.get(it.expr));
            pool(program, units, &mut pooled, it, ty.unwrap_or(&Ty::Error));
        }
    }
    join_generic(units);
    uses
}

/// A value whose type has type parameters may be one of any type of as many parameters.
fn join_generic(units: &mut Units) {
    let pools: Vec<(Shape, UnitId)> =
        units.pools.iter().map(|(&shape, &pool)| (shape, pool)).collect();
    for &(shape, generic) in pools.iter().filter(|(it, _)| it.is_generic()) {
        let others = pools
            .iter()
            .filter(|(it, _)| !it.is_generic() && it.n_params == shape.n_params);
        for &(_, other) in others {
            for (from, to) in [(generic, other), (other, generic)] {
                let span = units.all[to].span;
                let target = Target::Unit(to);
                let site = Site { span, target, mode: Mode::Call, receiver: None };
                units.all[from].sites.push(site);
            }
        }
    }
}

/// Notes at the place of use what a value runs there.
fn charge(program: &Program, units: &mut Units, escaping: &BTreeSet<Var>, it: &ValueUse) {
    let mode = match it.how {
        Use::Called | Use::Passed { .. } => Mode::Call,
        Use::Node => Mode::Node,
        Use::Stored | Use::Bound(_) | Use::Sent | Use::Thrown => Mode::Value,
    };
    let target = match it.value {
        FnValue::Lambda(unit) => Target::Unit(unit),
        FnValue::Method { method, dispatch } => Target::Method { method, dispatch },
        FnValue::Unknown(_) if mode == Mode::Value => return,
        FnValue::Unknown(shape) => Target::Unit(units.pool(shape)),
        FnValue::Param(method, param) => {
            // Callers answer for it, unless it is called by a value that outlives the call.
            let outlives = enclosing_lambdas(units, it.unit)
                .iter()
                .any(|&lambda| escaping.contains(&Var::Lambda(lambda)));
            if mode == Mode::Value || mode == Mode::Call && !outlives {
                return;
            }
            let shape = shape_of_param(program, units, method, param);
            Target::Unit(units.pool(shape))
        }
        FnValue::Local(..) => return,
    };
    if let FnValue::Method { method, .. } = it.value
        && program.methods[method].native.is_some()
        && mode != Mode::Value
    {
        units.all[it.unit].facts.extend(native_fact(program, method, it.span));
        return;
    }
    units.all[it.unit].sites.push(Site { span: it.span, target, mode, receiver: None });
}

/// What a library member does, as a fact where it runs.
pub(super) fn native_fact(
    program: &Program,
    method: MethodId,
    span: Span,
) -> Option<Fact> {
    let signature = program.methods[method].native.as_ref()?;
    (signature.io || signature.suspends || signature.sends || signature.receives)
        .then_some(Fact { span, kind: FactKind::Native(method) })
}

fn is_pooled(
    program: &Program,
    flow: &Flow,
    escaping: &BTreeSet<Var>,
    it: &ValueUse,
) -> bool {
    match it.how {
        Use::Called | Use::Node => false,
        Use::Stored | Use::Sent | Use::Thrown => true,
        Use::Passed { method, param } => param_escapes(program, escaping, method, param),
        Use::Bound(local) => !flow.is_tracked(it.body, local),
    }
}

fn param_escapes(
    program: &Program,
    escaping: &BTreeSet<Var>,
    method: MethodId,
    param: usize,
) -> bool {
    !declares_function(program, method, param)
        || !is_followed(program, method)
        || escaping.contains(&Var::Param(method, param))
}

fn pool(
    program: &Program,
    units: &mut Units,
    pooled: &mut BTreeSet<(Shape, Target)>,
    it: &ValueUse,
    ty: &Ty,
) {
    let target = match it.value {
        FnValue::Lambda(unit) => Target::Unit(unit),
        FnValue::Method { method, dispatch } => Target::Method { method, dispatch },
        FnValue::Local(..) | FnValue::Param(..) | FnValue::Unknown(_) => return,
    };
    let shape = units.shape(ty);
    if !pooled.insert((shape, target)) {
        return;
    }
    let pool = units.pool(shape);
    if let Target::Method { method, .. } = target
        && program.methods[method].native.is_some()
    {
        units.all[pool].facts.extend(native_fact(program, method, it.span));
        return;
    }
    let site = Site { span: it.span, target, mode: Mode::Call, receiver: None };
    units.all[pool].sites.push(site);
}

/// Parameters and lambdas whose value may be called after the call that got them.
fn escapes(
    program: &Program,
    units: &Units,
    flow: &Flow,
    uses: &[ValueUse],
) -> BTreeSet<Var> {
    let mut follows: BTreeMap<Var, Vec<Var>> = BTreeMap::new();
    let mut queue = Vec::new();
    for it in uses {
        let var = match it.value {
            FnValue::Lambda(unit) => Var::Lambda(unit),
            FnValue::Param(method, param) => Var::Param(method, param),
            FnValue::Method { .. } | FnValue::Local(..) | FnValue::Unknown(_) => continue,
        };
        if matches!(var, Var::Param(..)) {
            for lambda in enclosing_lambdas(units, it.unit) {
                follows.entry(Var::Lambda(lambda)).or_default().push(var);
            }
        }
        match it.how {
            Use::Called => {}
            // A network runs its nodes after the call.
            Use::Node | Use::Stored | Use::Sent | Use::Thrown => queue.push(var),
            Use::Bound(local) if flow.is_tracked(it.body, local) => {}
            Use::Bound(_) => queue.push(var),
            Use::Passed { method, param } => {
                if param_escapes(program, &BTreeSet::new(), method, param) {
                    queue.push(var);
                } else {
                    follows.entry(Var::Param(method, param)).or_default().push(var);
                }
            }
        }
    }
    // Lambdas that are nodes run later too: what they capture outlives the call.
    let noted: BTreeSet<FnValue> = uses.iter().map(|it| it.value).collect();
    let nodes =
        units.lambdas.values().filter(|it| !noted.contains(&FnValue::Lambda(**it)));
    queue.extend(nodes.map(|it| Var::Lambda(*it)));
    let mut escaping = BTreeSet::new();
    while let Some(var) = queue.pop() {
        if escaping.insert(var) {
            queue.extend(follows.get(&var).into_iter().flatten());
        }
    }
    escaping
}

/// The lambdas around a unit, itself included, up to the root.
fn enclosing_lambdas(units: &Units, unit: UnitId) -> Vec<UnitId> {
    let mut found = Vec::new();
    let mut at = Some(unit);
    while let Some(unit) = at {
        if matches!(units.all[unit].kind, UnitKind::Lambda(..)) {
            found.push(unit);
        }
        at = units.all[unit].parent;
    }
    found
}

/// Whether arguments of the method are followed into its body: not those of constructors,
/// which run elsewhere, nor those that an override may receive instead.
fn is_followed(program: &Program, method: MethodId) -> bool {
    let method = &program.methods[method];
    method.kind == item::MethodKind::Method
        && method.overridable == Overridable::No
        && !matches!(method.decl.owner, Owner::Channel(_))
}

pub(super) fn declares_function(
    program: &Program,
    method: MethodId,
    param: usize,
) -> bool {
    let params = &program.methods[method].params;
    params.get(param).is_some_and(|it| function_type(&it.ty).is_some())
}

/// The shape of a function-typed parameter.
pub(super) fn shape_of_param(
    program: &Program,
    units: &mut Units,
    method: MethodId,
    param: usize,
) -> Shape {
    match program.methods[method].params.get(param) {
        Some(it) => units.shape(&it.ty),
        None => units.shape(&Ty::Error),
    }
}
