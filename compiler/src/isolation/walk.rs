//! Walks one body and notes what each of its units does and calls. It judges nothing, and
//! keeps its own stack, so that long chains of operators cost no native one.

use super::cycles;
use super::guard::Guard;
use super::unit::*;
use super::value::{Flow, Use};
use crate::hir::body::*;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::index::IdVec;
use crate::support::span::Span;
use crate::types::Types;
use crate::types::tables::{BodyTypes, Iteration};

/// What a walk reads and fills.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    pub(super) program: &'a Program,
    pub(super) types: &'a Types,
    pub(super) units: Units,
    pub(super) flow: Flow,
    /// Ports of channels that have a protocol: using them can throw.
    pub(super) guarded_ports: IdVec<PortId, bool>,
    /// Guards of the cases of `receive { }`.
    pub(super) guards: Vec<Guard>,
    /// Networks that are made, and points that may stand in them.
    pub(super) networks: cycles::Noted,
}

impl<'a> Cx<'a> {
    pub(super) fn new(program: &'a Program, types: &'a Types) -> Self {
        let mut guarded_ports = IdVec::new();
        for _ in program.ports.ids() {
            guarded_ports.push(false);
        }
        for (id, channel) in program.channels.enumerate() {
            if !channel.states.is_empty() {
                for base in bases_of_channel(program, id) {
                    for &port in &program.channels[base].ports {
                        guarded_ports[port] = true;
                    }
                }
            }
        }
        let units = Units::declare(program);
        Self {
            program,
            types,
            units,
            flow: Flow::default(),
            guarded_ports,
            guards: Vec::new(),
            networks: cycles::Noted::default(),
        }
    }
}

/// The walk of one body.
pub(super) struct Walk<'a, 'c> {
    pub(super) cx: &'c mut Cx<'a>,
    pub(super) body_id: BodyId,
    pub(super) body: &'a Body,
    pub(super) table: &'a BodyTypes,
    /// The unit whose code is at hand.
    pub(super) unit: UnitId,
    /// How the parts of the expression at hand are used.
    pub(super) parts: Use,
    work: Vec<(Work<'a>, UnitId)>,
}

/// A part still to be visited.
enum Work<'a> {
    Expr(ExprId, Use),
    /// The left of an assignment, or the receiver of a member that changes it.
    Target(ExprId),
    Stmt(&'a Stmt),
}

/// Notes the units of one body.
pub(super) fn walk(cx: &mut Cx<'_>, id: BodyId) {
    let body = &cx.program.bodies[id];
    let types = cx.types;
    let (Some(table), Some(&unit)) = (types.bodies.get(id), cx.units.roots.get(id))
    else {
        return;
    };
    if let Role::Method(method) = cx.units.all[unit].role {
        base_constructor(cx, unit, method);
    }
    let (parts, work) = (Use::Stored, Vec::new());
    let mut walk = Walk { cx, body_id: id, body, table, unit, parts, work };
    walk.root(&body.root);
    while let Some((work, unit)) = walk.work.pop() {
        walk.unit = unit;
        match work {
            Work::Expr(expr, how) => walk.expr(expr, how),
            Work::Target(expr) => walk.target(expr),
            Work::Stmt(stmt) => walk.stmt(stmt),
        }
    }
}

/// A constructor of an agent runs that of its base.
fn base_constructor(cx: &mut Cx<'_>, unit: UnitId, method: MethodId) {
    let program = cx.program;
    let data = &program.methods[method];
    let item::Owner::Agent(agent) = data.decl.owner else { return };
    if data.kind != item::MethodKind::Constructor {
        return;
    }
    let span = data.decl.name.span;
    for body in data.base_args.iter().flatten() {
        if let Some(&root) = cx.units.roots.get(*body) {
            let target = Target::Unit(root);
            let site = Site { span, target, mode: Mode::Call, receiver: None };
            cx.units.all[unit].sites.push(site);
        }
    }
    let bases = bases_of_agent(program, agent);
    let base = bases[1..].iter().find_map(|&it| program.agents[it].constructor);
    if let Some(method) = base {
        let target = Target::Method { method, dispatch: Dispatch::Exact };
        let site = Site { span, target, mode: Mode::Call, receiver: None };
        cx.units.all[unit].sites.push(site);
    }
}

impl<'a> Walk<'a, '_> {
    pub(super) fn push(&mut self, expr: ExprId, how: Use) {
        self.work.push((Work::Expr(expr, how), self.unit));
    }

    pub(super) fn push_all(&mut self, exprs: impl IntoIterator<Item = ExprId>) {
        for expr in exprs {
            self.push(expr, self.parts);
        }
    }

    pub(super) fn push_target(&mut self, expr: ExprId) {
        self.work.push((Work::Target(expr), self.unit));
    }

    fn push_stmt(&mut self, stmt: &'a Stmt) {
        self.work.push((Work::Stmt(stmt), self.unit));
    }

    fn block(&mut self, block: &'a Block) {
        for stmt in block.stmts.iter().rev() {
            self.push_stmt(stmt);
        }
    }

    fn root(&mut self, root: &'a Root) {
        match root {
            Root::Block(block) => self.block(block),
            Root::Expr(expr) => self.push(*expr, Use::Stored),
        }
    }

    pub(super) fn here(&mut self) -> &mut Unit {
        &mut self.cx.units.all[self.unit]
    }

    pub(super) fn fact(&mut self, span: Span, kind: FactKind) {
        self.here().facts.push(Fact { span, kind });
    }

    pub(super) fn site(&mut self, span: Span, target: Target, mode: Mode) {
        self.here().sites.push(Site { span, target, mode, receiver: None });
    }

    pub(super) fn throws(&mut self) {
        self.here().direct.throws = true;
    }

    pub(super) fn uses_agent(&mut self) {
        self.here().direct.uses_agent = true;
    }

    pub(super) fn span(&self, expr: ExprId) -> Span {
        self.body.exprs[expr].span
    }

    pub(super) fn ty(&self, expr: ExprId) -> Option<&'a Ty> {
        self.table.exprs.get(expr)
    }

    /// Enters the code of a lambda or local function as a unit of its own.
    pub(super) fn enter(&mut self, inner: UnitId, root: &'a Root) {
        let outer = std::mem::replace(&mut self.unit, inner);
        if self.here().parent.replace(outer).is_none() {
            self.cx.units.all[outer].inner.push(inner);
        }
        self.root(root);
        self.unit = outer;
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Error
            | StmtKind::Empty
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::YieldBreak => {
                if self.feeds_source() {
                    self.uses_agent();
                }
            }
            StmtKind::Block(block) | StmtKind::Checked { body: block, .. } => {
                self.block(block)
            }
            StmtKind::Local { local, init } => {
                if let Some(init) = init {
                    self.linked(*init, Some(*local));
                    self.push(*init, Use::Bound(*local));
                }
            }
            StmtKind::Deconstruct { value, .. } => self.push(*value, Use::Stored),
            StmtKind::Using { resource, body, .. } => {
                self.disposal(*resource);
                self.block(body);
                self.push(*resource, Use::Stored);
            }
            StmtKind::YieldReturn(expr) => {
                if self.feeds_source() {
                    self.uses_agent();
                }
                self.push(*expr, Use::Stored);
            }
            StmtKind::Expr(expr) => {
                self.linked(*expr, None);
                self.push(*expr, Use::Stored);
            }
            StmtKind::Return(value) => self.push_all(*value),
            StmtKind::If { condition, then, otherwise } => {
                if let Some(otherwise) = otherwise {
                    self.push_stmt(otherwise);
                }
                self.push_stmt(then);
                self.push(*condition, Use::Stored);
            }
            StmtKind::While { condition, body }
            | StmtKind::DoWhile { body, condition } => {
                self.push_stmt(body);
                self.push(*condition, Use::Stored);
            }
            StmtKind::For { init, condition, update, body } => {
                self.push_stmt(body);
                self.push_all(update.iter().copied().chain(*condition));
                for stmt in init.iter().rev() {
                    self.push_stmt(stmt);
                }
            }
            StmtKind::Foreach { iterable, body, .. } => {
                match self.table.iterations.get(*iterable) {
                    Some(Iteration::Source(_)) => {
                        self.throws();
                        self.fact(self.span(*iterable), FactKind::Drain);
                    }
                    Some(Iteration::Sequence(_)) => self.throws(),
                    Some(Iteration::Collection(_)) | None => {}
                }
                self.push_stmt(body);
                self.push(*iterable, Use::Stored);
            }
            StmtKind::Switch { subject, sections } => {
                for section in sections.iter().rev() {
                    self.block(&section.body);
                    self.push_all(section.labels.iter().filter_map(|it| it.guard));
                }
                self.push(*subject, Use::Stored);
            }
            StmtKind::Receive(cases) => self.receive(stmt.span, cases),
            StmtKind::Try { body, catches, finally } => {
                if let Some(finally) = finally {
                    self.block(finally);
                }
                for catch in catches.iter().rev() {
                    self.block(&catch.body);
                    self.push_all(catch.filter);
                }
                self.block(body);
            }
            StmtKind::Throw(value) => {
                self.throws();
                self.push_all(*value);
            }
            StmtKind::Yield => self.fact(stmt.span, FactKind::Yield),
            StmtKind::LocalFn(id) => {
                if let Some(&unit) = self.cx.units.local_fns.get(&(self.body_id, *id)) {
                    let span = self.body.local_fns[*id].name.span;
                    self.site(span, Target::Unit(unit), Mode::Value);
                    self.enter(unit, &self.body.local_fns[*id].body);
                }
            }
        }
    }

    /// Notes what a local begins with, and a network that lasts: one that stands for itself, or is
    /// kept in a local.
    fn linked(&mut self, expr: ExprId, local: Option<LocalId>) {
        if let Some(local) = local {
            self.cx.networks.inits.insert((self.body_id, local), expr);
        }
        if let ExprKind::Network { .. } = self.body.exprs[expr].kind {
            self.cx.networks.chains.push((self.body_id, expr, local));
        }
    }

    /// Whether the elements of the iterator at hand become messages of its agent.
    fn feeds_source(&self) -> bool {
        let unit = &self.cx.units.all[self.unit];
        let returns = match (unit.kind, unit.role) {
            (UnitKind::LocalFn(_, id), _) => &self.body.local_fns[id].returns,
            (UnitKind::Root(_), Role::Method(method)) => {
                &self.cx.program.methods[method].returns
            }
            _ => return false,
        };
        matches!(returns, Ty::Native(id, _) if Some(*id) == self.cx.program.lang.source)
    }

    fn receive(&mut self, span: Span, cases: &'a [ReceiveCase]) {
        self.throws();
        // The statement begins with its word; its whole extent would mark every case.
        let word = Span { hi: span.hi.min(span.lo + 7), ..span };
        self.fact(word, FactKind::Receive);
        for case in cases.iter().rev() {
            self.block(&case.body);
            match &case.kind {
                ReceiveCaseKind::From { sources, guard, .. } => {
                    if let Some(guard) = guard {
                        let (unit, span) = (self.unit, self.span(*guard));
                        self.cx.guards.push(Guard { unit, span, receive: word });
                    }
                    self.push_all(sources.iter().copied().chain(*guard));
                }
                ReceiveCaseKind::Timeout(time) => self.push(*time, Use::Stored),
                ReceiveCaseKind::Default => {}
            }
        }
    }
}
