//! The beginning of a graph: its slots, what each is at first, and what lambdas and local
//! functions mention.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Shared;
use super::super::graph::*;
use super::super::kind::Kind;
use super::super::status::{Event, Into, Owner, Set, Status, path};
use super::call::declared_state;
use super::{Build, borrowed};
use crate::hir::body::{Body, ExprKind, Root};
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::BodyTypes;

/// What some code mentions that is declared around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    pub(super) slots: Vec<Slot>,
    /// Those of them that it assigns.
    pub(super) assigned: Vec<Slot>,
    pub(super) own: bool,
}

#[derive(Clone, Copy, Debug)]
enum Mention {
    /// A followed local.
    Slot {
        slot: Slot,
        /// Where it is declared.
        at: u32,
        assigned: bool,
    },
    /// The own channel.
    Own,
    LocalFn(LocalFnId),
}

/// Mentions of what is followed, by offset.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    all: Vec<(u32, Mention)>,
    local_fns: BTreeMap<LocalFnId, Inside>,
}

impl Mentions {
    fn find(cx: &Shared<'_>, body: &Body, locals: &BTreeMap<LocalId, Slot>) -> Self {
        let mut found = Self::default();
        if body.lambdas.is_empty() && body.local_fns.is_empty() {
            return found;
        }
        let targets = targets(body);
        for (id, expr) in body.exprs.enumerate() {
            let mention = match &expr.kind {
                ExprKind::Local(local) => match locals.get(local) {
                    Some(&slot) => Mention::Slot {
                        slot,
                        at: body.locals[*local].span.lo,
                        assigned: targets.contains(&id),
                    },
                    None => continue,
                },
                ExprKind::OwnPort(_) | ExprKind::PrimaryChannel => Mention::Own,
                ExprKind::Method(it) | ExprKind::BaseMethod(it) if cx.touches(*it) => {
                    Mention::Own
                }
                ExprKind::LocalFn(id) => Mention::LocalFn(*id),
                _ => continue,
            };
            found.all.push((expr.span.lo, mention));
        }
        found.all.sort_by_key(|it| it.0);
        found.close(body);
        found
    }

    /// What each local function mentions, by those that it calls too.
    fn close(&mut self, body: &Body) {
        let mut changed = true;
        // Each round adds to some function, or is the last.
        while changed {
            changed = false;
            for id in body.local_fns.ids() {
                let now = self.within(local_fn_span(body, id));
                let before = self.local_fns.get(&id);
                changed |= before.is_none_or(|it| {
                    it.slots.len() != now.slots.len()
                        || it.assigned.len() != now.assigned.len()
                        || it.own != now.own
                });
                self.local_fns.insert(id, now);
            }
        }
    }

    /// What the code within a span mentions that is declared outside.
    pub(super) fn within(&self, span: Span) -> Inside {
        let from = self.all.partition_point(|it| it.0 < span.lo);
        let to = self.all.partition_point(|it| it.0 < span.hi);
        let mut inside = Inside::default();
        for (_, mention) in &self.all[from..to] {
            match mention {
                Mention::Slot { slot, at, assigned } => {
                    if !(span.lo..span.hi).contains(at) {
                        inside.slots.push(*slot);
                        inside.assigned.extend(assigned.then_some(*slot));
                    }
                }
                Mention::Own => inside.own = true,
                Mention::LocalFn(id) => {
                    if let Some(it) = self.local_fns.get(id) {
                        inside.slots.extend(&it.slots);
                        inside.assigned.extend(&it.assigned);
                        inside.own |= it.own;
                    }
                }
            }
        }
        for slots in [&mut inside.slots, &mut inside.assigned] {
            slots.sort_unstable();
            slots.dedup();
        }
        inside
    }

    pub(super) fn of_local_fn(&self, id: LocalFnId) -> Inside {
        self.local_fns.get(&id).cloned().unwrap_or_default()
    }
}

/// Expressions to which values are assigned.
fn targets(body: &Body) -> BTreeSet<ExprId> {
    let mut targets = BTreeSet::new();
    for expr in body.exprs.iter() {
        let ExprKind::Assign { target, .. } = &expr.kind else { continue };
        match &body.exprs[*target].kind {
            ExprKind::Tuple(parts) => targets.extend(parts.iter().map(|it| it.1)),
            _ => _ = targets.insert(*target),
        }
    }
    targets
}

fn local_fn_span(body: &Body, id: LocalFnId) -> Span {
    let it = &body.local_fns[id];
    let end = match &it.body {
        Root::Block(block) => block.span,
        Root::Expr(expr) => body.exprs[*expr].span,
    };
    it.name.span.to(end)
}

/// What a body is part of.
pub(in super::super) struct Role {
    /// The own channel of the agent, if it has a protocol.
    pub(in super::super) own: Option<Kind>,
    /// Where the type of the result stands.
    pub(in super::super) returns: Option<Span>,
}

/// The graph of one body; `None` if nothing in it is followed.
pub(in super::super) fn graph(
    cx: &Shared<'_>,
    body: &Body,
    table: &BodyTypes,
    role: &Role,
) -> Option<Graph> {
    let mut slots = Vec::new();
    let mut add = |kind, name: &crate::support::Name| {
        slots.push(SlotData {
            kind,
            name: Some(name.clone()),
            whole: None,
            given: false,
        });
        u32::try_from(slots.len() - 1).unwrap_or(u32::MAX)
    };
    let own = role.own.map(|kind| add(kind, &"PrimaryChannel".into()));
    let mut locals = BTreeMap::new();
    for (id, local) in body.locals.enumerate() {
        let kind = table.locals.get(id).and_then(|ty| cx.kinds.of(ty));
        if let Some(kind) = kind {
            locals.insert(id, add(kind, &local.name));
        }
    }
    let relevant = |expr: &crate::hir::body::Expr| match &expr.kind {
        ExprKind::OwnPort(_) | ExprKind::PrimaryChannel => own.is_some(),
        ExprKind::Method(it) | ExprKind::BaseMethod(it) => {
            own.is_some() && cx.touches(*it)
        }
        _ => false,
    };
    let temporary = || table.exprs.iter().any(|(_, ty)| cx.kinds.of(ty).is_some());
    if locals.is_empty() && !body.exprs.iter().any(relevant) && !temporary() {
        return None;
    }
    let mentions = Mentions::find(cx, body, &locals);
    let params: Vec<Option<Slot>> =
        body.params.iter().map(|it| locals.get(it).copied()).collect();
    let n_named = slots.len();
    let mut build = Build {
        cx,
        body,
        table,
        slots,
        locals,
        own,
        mentions: &mentions,
        returns: role.returns,
        blocks: Vec::new(),
        at: 0,
        handler: 0,
        exit: 0,
        frames: Vec::new(),
        copies: BTreeMap::new(),
        n_tries: 0,
        n_finally: 0,
        scopes: Vec::new(),
        temps: Vec::new(),
        made: Vec::new(),
    };
    let start = build.params(&body.params);
    let main = build.routine(&body.root, start);
    let mut inner = Vec::new();
    for lambda in body.lambdas.iter() {
        inner.push(build.inner(&lambda.body, lambda.span, &lambda.params));
    }
    for (id, it) in body.local_fns.enumerate() {
        inner.push(build.inner(&it.body, local_fn_span(body, id), &it.params));
    }
    debug_assert!(n_named <= build.slots.len(), "slots are only added");
    Some(Graph { span: body.span, slots: build.slots, own, params, main, inner })
}

impl<'a> Build<'a, '_> {
    /// What parameters are at first.
    fn params(&self, params: &[LocalId]) -> Vec<(Slot, Set)> {
        let mut start = Vec::new();
        for local in params {
            let Some(slot) = self.slot_of(*local) else { continue };
            let data = &self.body.locals[*local];
            let kind = self.slots[slot as usize].kind;
            let state = data.declared.as_ref().and_then(|ty| declared_state(ty, kind));
            let set = match state {
                Some(state) => {
                    let status = Status::state(state);
                    Set::one(status, path(data.span, Event::Declared, status))
                }
                None => Set::unknown(),
            };
            start.push((slot, set));
        }
        start
    }

    /// A lambda or local function: it does not own what it captures.
    fn inner(&mut self, root: &'a Root, span: Span, params: &[LocalId]) -> Routine {
        let captured = self.mentions.within(span).slots;
        let captured = captured.into_iter().map(|it| (it, borrowed(Owner::Around, span)));
        let mut start: Vec<(Slot, Set)> = captured.collect();
        start.extend(self.params(params));
        let returns = self.returns.take();
        let routine = self.routine(root, start);
        self.returns = returns;
        routine
    }

    fn routine(&mut self, root: &'a Root, start: Vec<(Slot, Set)>) -> Routine {
        self.blocks = Vec::new();
        self.copies = BTreeMap::new();
        self.handler = 0;
        let thrown = self.new_block();
        self.handler = thrown;
        self.exit = self.new_block();
        let entry = self.new_block();
        self.at = entry;
        match root {
            Root::Block(block) => self.block(block),
            Root::Expr(expr) => {
                self.stored_as(*expr, Into::Returned, self.returns);
                self.end_temps();
            }
        }
        self.edge(self.at, self.exit);
        let blocks = std::mem::take(&mut self.blocks);
        Routine { blocks, entry, exit: self.exit, thrown, start }
    }
}
