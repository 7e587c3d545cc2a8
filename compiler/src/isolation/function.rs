//! The promises of `function`, of members of schemas, and of pure contexts: rules of schemas
//! and guards of protocols. It reports AX0505 and AX07xx.

use std::collections::BTreeSet;

use super::blame::{Facts, Part, changed_field};
use super::effects;
use super::errors::Promise;
use super::iterators;
use super::unit::*;
use super::value::{FnValue, Use, ValueUse, declares_function};
use crate::diag::{Code, Diagnostic};
use crate::hir::item::{MethodKind, Overridable, Owner, RecordKind};
use crate::hir::*;
use crate::support::span::Span;

/// What was blamed already: units with an effect, and function values given to a function.
#[derive(Debug, Default)]
pub(super) struct Blamed {
    pub(super) units: BTreeSet<UnitId>,
    pub(super) values: BTreeSet<Span>,
}

/// Checks every promise.
pub(super) fn check(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) -> Blamed {
    let mut cx = Cx { facts, found, blamed: Blamed::default(), seen: BTreeSet::new() };
    for (id, method) in facts.program.methods.enumerate() {
        cx.schema_method(id, method);
        if let Some(span) = promised(facts.program, id)
            && let Some(root) = facts.units.of_method(facts.program, id)
        {
            let name = &method.decl.name.name;
            let promise = Promise {
                who: format!("function `{name}`"),
                span,
                label: "promises to have no effect".to_owned(),
            };
            cx.within(root, &promise, Rule::Function);
        } else if iterators::is_method(facts.program, id)
            && let Some(root) = facts.units.of_method(facts.program, id)
        {
            let promise = iterators::promise(&method.decl.name);
            cx.within(root, &promise, Rule::Function);
        }
    }
    for (&(body, id), &unit) in &facts.units.local_fns {
        let local_fn = &facts.program.bodies[body].local_fns[id];
        if let Some(span) = local_fn.function {
            let promise = Promise {
                who: format!("function `{}`", local_fn.name.name),
                span,
                label: "promises to have no effect".to_owned(),
            };
            cx.within(unit, &promise, Rule::Function);
        } else if local_fn.iterator {
            cx.within(unit, &iterators::promise(&local_fn.name), Rule::Function);
        }
    }
    for it in facts.values {
        cx.argument(it);
    }
    cx.pure_contexts();
    cx.blamed
}

/// Where the method promises to be a `function`, itself or by what it overrides.
pub(super) fn promised(program: &Program, method: MethodId) -> Option<Span> {
    let data = &program.methods[method];
    if data.function.is_some() {
        return data.function;
    }
    let (Overridable::Override(_), Owner::Agent(agent)) =
        (data.overridable, data.decl.owner)
    else {
        return None;
    };
    let bases = bases_of_agent(program, agent);
    bases[1..].iter().flat_map(|&base| &program.agents[base].methods).find_map(|&base| {
        let base = &program.methods[base];
        base.function.filter(|_| base.decl.name.name == data.decl.name.name)
    })
}

/// What a context may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Function,
    /// Rules and guards: every effect is AX0706, and reading state too.
    Pure,
}

struct Cx<'a, 'f> {
    facts: &'a Facts<'a>,
    found: &'f mut Vec<Diagnostic>,
    blamed: Blamed,
    /// Places already reported, by code.
    seen: BTreeSet<(Span, Code)>,
}

impl Cx<'_, '_> {
    fn report(&mut self, unit: UnitId, diagnostic: Diagnostic) {
        self.blamed.units.insert(unit);
        if self.seen.insert((diagnostic.span(), diagnostic.code)) {
            self.found.push(diagnostic);
        }
    }

    fn schema_method(&mut self, id: MethodId, method: &item::Method) {
        let Owner::Record(record) = method.decl.owner else { return };
        let schema = self.facts.program.records[record].kind != RecordKind::Struct;
        if !schema || method.kind != MethodKind::Method || method.native.is_some() {
            return;
        }
        if method.function.is_none() {
            self.found.push(self.facts.schema_method(id));
        }
    }

    /// Whether `fact` changes a field of a schema, which `types` reports.
    fn is_schema_field(&self, unit: UnitId, fact: &Fact) -> bool {
        let record = match (fact.kind, self.facts.units.all[unit].context) {
            (FactKind::Write(_) | FactKind::WriteThis, body::Context::Record(record)) => {
                record
            }
            _ => return false,
        };
        self.facts.program.records[record].kind != RecordKind::Struct
    }

    /// Checks a unit with the lambdas and local functions inside it. Nodes of networks are
    /// left out: linking the network is the effect.
    fn within(&mut self, root: UnitId, promise: &Promise, rule: Rule) {
        let inside: Vec<UnitId> = self
            .facts
            .units
            .within(root)
            .into_iter()
            .filter(|&unit| !self.is_node(unit, root))
            .collect();
        for unit in inside {
            for fact in &self.facts.units.all[unit].facts {
                self.fact(unit, fact, promise, rule);
            }
            self.sites(unit, root, promise, rule);
        }
    }

    /// Whether a lambda is, or stands in, a node of a network below `root`.
    fn is_node(&self, unit: UnitId, root: UnitId) -> bool {
        chain(unit, |it| self.facts.units.all[it].parent)
            .into_iter()
            .take_while(|&it| it != root)
            .any(|it| self.facts.nodes.contains(&it))
    }

    /// Whether a unit is `root` or stands inside it, and is no node of a network.
    fn is_within(&self, unit: UnitId, root: UnitId) -> bool {
        chain(unit, |it| self.facts.units.all[it].parent).contains(&root)
            && !self.is_node(unit, root)
    }

    fn fact(&mut self, unit: UnitId, fact: &Fact, promise: &Promise, rule: Rule) {
        let effect = effects::of_fact(self.facts.program, &fact.kind);
        match rule {
            Rule::Function => {
                if effect.keeps_promise() || self.is_schema_field(unit, fact) {
                    return;
                }
                let diagnostic = self.facts.promise_broken(promise, fact.span, fact.kind);
                self.report(unit, diagnostic);
            }
            Rule::Pure => {
                if Part::first(&Part::PURE, &effect).is_none()
                    || self.is_schema_field(unit, fact)
                {
                    return;
                }
                let mut diagnostic =
                    self.facts.promise_broken(promise, fact.span, fact.kind);
                diagnostic.code = Code::PureContext;
                self.report(unit, diagnostic);
            }
        }
    }

    fn sites(&mut self, unit: UnitId, root: UnitId, promise: &Promise, rule: Rule) {
        let facts = self.facts;
        for node in facts.graph.nodes_of(unit) {
            for &(index, target) in &facts.graph.edges[node] {
                let callee = facts.graph.nodes[target].unit;
                let effect = facts.passed_on(node, index, target);
                let parts: &[Part] = match rule {
                    Rule::Function => &Part::PROMISE,
                    Rule::Pure => &Part::PURE,
                };
                let Some(part) = Part::first(parts, &effect) else { continue };
                // What breaks a promise of its own is blamed there, and only there.
                let own = self.is_within(callee, root) || self.is_promised(callee);
                if own && Part::PROMISE.contains(&part) {
                    continue;
                }
                let site = &facts.units.all[unit].sites[index];
                let changed = changed_field(&facts.units.all[unit], index, facts, target);
                if let Some((field, span)) = changed
                    && matches!(part, Part::WritesOwn | Part::WritesDomain)
                {
                    let fact = Fact { span, kind: FactKind::Write(field) };
                    self.fact(unit, &fact, promise, rule);
                    continue;
                }
                let code = match rule {
                    Rule::Function => Code::FunctionCalls,
                    Rule::Pure => Code::PureContext,
                };
                let name = facts.name(&facts.units.all[callee]);
                let trail = facts.trail(target, part);
                let diagnostic =
                    facts.promise_broken_by_call(code, promise, site.span, &name, &trail);
                self.report(unit, diagnostic);
            }
        }
    }

    fn is_promised(&self, unit: UnitId) -> bool {
        let unit = &self.facts.units.all[unit];
        match (unit.kind, unit.role) {
            (UnitKind::Root(_), Role::Method(method)) => {
                promised(self.facts.program, method).is_some()
                    || iterators::is_method(self.facts.program, method)
            }
            (UnitKind::LocalFn(body, id), _) => {
                let it = &self.facts.program.bodies[body].local_fns[id];
                it.function.is_some() || it.iterator
            }
            _ => false,
        }
    }

    /// A function value given to a parameter of a `function` has to keep its promise.
    fn argument(&mut self, it: &ValueUse) {
        let facts = self.facts;
        let Use::Passed { method, param } = it.how else { return };
        let data = &facts.program.methods[method];
        let Some(word) = promised(facts.program, method) else { return };
        if data.native.is_some() || !declares_function(facts.program, method, param) {
            return;
        }
        let promise = Promise {
            who: format!("function value for `{}`", data.decl.name.name),
            span: word,
            label: format!("`{}` promises to have no effect", data.decl.name.name),
        };
        match it.value {
            FnValue::Lambda(unit) => self.within(unit, &promise, Rule::Function),
            FnValue::Method { method, dispatch } => {
                if let Some((fact, _)) = facts.of_library_value(it, &Part::PROMISE) {
                    self.blamed.values.insert(it.span);
                    let diagnostic = facts.promise_broken(&promise, it.span, fact);
                    self.report(it.unit, diagnostic);
                    return;
                }
                let nodes = facts.of_method_value(it, method, dispatch);
                let breaking = nodes.into_iter().find_map(|it| {
                    Some((it, Part::first(&Part::PROMISE, &facts.effects[it])?))
                });
                let Some((node, part)) = breaking else { return };
                if promised(facts.program, method).is_some() {
                    return;
                }
                let name = format!("`{}`", facts.method(method));
                let trail = facts.trail(node, part);
                let code = Code::FunctionCalls;
                let diagnostic =
                    facts.promise_broken_by_call(code, &promise, it.span, &name, &trail);
                self.blamed.values.insert(it.span);
                self.report(it.unit, diagnostic);
            }
            FnValue::Local(..) | FnValue::Param(..) | FnValue::Unknown(_) => {}
        }
    }

    fn pure_contexts(&mut self) {
        let facts = self.facts;
        for (id, unit) in facts.units.all.enumerate() {
            if !matches!(unit.kind, UnitKind::Root(_)) {
                continue;
            }
            let promise = match unit.role {
                Role::Rule(record) => {
                    let decl = &facts.program.records[record].decl;
                    Promise {
                        who: format!("rule of schema `{}`", decl.name.name),
                        span: decl.name.span,
                        label: "rules have no effect and read only the value".to_owned(),
                    }
                }
                Role::Guard(channel) => {
                    let decl = &facts.program.channels[channel].decl;
                    Promise {
                        who: format!("guard of channel `{}`", decl.name.name),
                        span: decl.name.span,
                        label: "guards have no effect and read only the message"
                            .to_owned(),
                    }
                }
                _ => continue,
            };
            self.within(id, &promise, Rule::Pure);
        }
    }
}
