//! What every part of the checker shares: the program with its index, and the context of
//! one body with the tables that it fills. It has no rules of its own.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::coerce::Coercions;
use super::constants::Constants;
use super::convert::Fit;
use super::early::{EarlyReads, WithoutDefault};
use super::exceptions::Handling;
use super::flow::{Flow, Place, Root as PlaceRoot, State};
use super::index::{self, Index};
use super::port::PortRef;
use super::tables::{BodyTypes, Constant, Conversion};
use super::ty::{Properties, Property, is_known};
use super::{errors, show};
use crate::diag::Diagnostic;
use crate::hir::body::{Body, Context, ExprKind};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// The program, and what was found out about it as a whole.
#[derive(Debug)]
pub(super) struct Shared<'p> {
    pub(super) program: &'p Program,
    pub(super) index: Index,
    pub(super) properties: Properties,
    pub(super) constants: Constants,
    /// Fields that methods read and constructors must have assigned before they call them.
    pub(super) early: EarlyReads,
    pub(super) without_default: WithoutDefault,
    /// Methods of structs that change their receiver.
    pub(super) mutating: BTreeSet<MethodId>,
    pub(super) coercions: RefCell<Coercions>,
}

impl Shared<'_> {
    pub(super) fn has(&self, ty: &Ty, property: Property) -> bool {
        self.properties.has(self.program, ty, property)
    }
    pub(super) fn show(&self, ty: &Ty) -> String {
        show::show(self.program, ty)
    }
    /// Whether a method changes its receiver.
    pub(super) fn mutates(&self, method: MethodId) -> bool {
        match &self.program.methods[method].native {
            Some(native) => native.mutates,
            None => self.mutating.contains(&method),
        }
    }
}

/// What a piece of code gives back: a method, a lambda, or a local function.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// `None` where it is inferred from the `return`s.
    pub(super) returns: Option<Ty>,
    /// Where the type is written.
    pub(super) why: Why,
    /// Values returned so far, where the type is inferred.
    pub(super) values: Vec<(ExprId, Ty)>,
    /// Facts that hold at every `return`.
    pub(super) exits: State,
    /// What an iterator's elements are; `return` is none of its statements.
    pub(super) elements: Option<Ty>,
    /// Constructors check their fields where they end.
    pub(super) constructor: bool,
    /// A statement could not be read: it may have been a `return`.
    pub(super) lost: bool,
}

/// Something that `break` leaves.
#[derive(Clone, Debug)]
pub(super) struct Breakable {
    /// Whether `continue` acts on it.
    pub(super) is_loop: bool,
    pub(super) breaks: State,
    pub(super) continues: State,
}

/// What is known of a local function once its body was checked.
#[derive(Clone, Debug, Default)]
pub(super) struct LocalFnFacts {
    /// Locals that it reads and that were not assigned where it stands.
    pub(super) needs: Vec<LocalId>,
    /// Facts that hold behind a call.
    pub(super) assigns: Vec<LocalId>,
}

/// Why a type is expected; says where a secondary label stands and what it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Why {
    Nothing,
    Local(LocalId),
    Field(FieldId),
    Param(MethodId, usize),
    LocalFnParam(LocalFnId, usize),
    /// The return type that stands at the span.
    Returns(Span),
    Port(PortId),
    /// The request that is answered.
    Reply(ExprId),
    EnumCase(EnumId, usize),
    Const(ConstId),
    Condition,
}

/// The context of one body.
#[derive(Debug)]
pub(super) struct Cx<'p> {
    pub(super) shared: &'p Shared<'p>,
    pub(super) program: &'p Program,
    pub(super) body: &'p Body,
    /// Which body it is, where that is known.
    pub(super) body_id: Option<BodyId>,
    pub(super) out: BodyTypes,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) flow: Flow,
    /// `checked` or `unchecked` around this point, if any.
    pub(super) checked: Option<bool>,
    pub(super) frames: Vec<Frame>,
    pub(super) breakables: Vec<Breakable>,
    pub(super) handling: Handling,
    pub(super) local_fns: BTreeMap<LocalFnId, Option<LocalFnFacts>>,
    /// Locals read though unassigned, while a local function is checked.
    pub(super) needs: Option<Vec<LocalId>>,
    /// The constructor that the body is, with its fields to be assigned.
    pub(super) constructor: Option<Vec<FieldId>>,
    /// Values of local constants.
    pub(super) local_consts: BTreeMap<LocalId, Constant>,
    /// The expression that the innermost lambda without braces gives.
    pub(super) lambda_value: Option<ExprId>,
    /// Ports by the expressions that name them.
    pub(super) port_refs: BTreeMap<ExprId, PortRef>,
    /// Where variables of patterns were bound first: alternatives may share one.
    pub(super) bound_here: BTreeMap<LocalId, Span>,
    /// Some part of the pattern at hand was reported.
    pub(super) lost_pattern: bool,
}

impl<'p> Cx<'p> {
    pub(super) fn new(shared: &'p Shared<'p>, body: &'p Body) -> Self {
        Self {
            shared,
            program: shared.program,
            body,
            body_id: None,
            out: BodyTypes::default(),
            problems: Vec::new(),
            flow: Flow::new(body),
            checked: None,
            frames: Vec::new(),
            breakables: Vec::new(),
            handling: Handling::default(),
            local_fns: BTreeMap::new(),
            needs: None,
            constructor: None,
            local_consts: BTreeMap::new(),
            lambda_value: None,
            port_refs: BTreeMap::new(),
            bound_here: BTreeMap::new(),
            lost_pattern: false,
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    pub(super) fn show(&self, ty: &Ty) -> String {
        self.shared.show(ty)
    }

    pub(super) fn span(&self, id: ExprId) -> Span {
        self.body.exprs[id].span
    }

    pub(super) fn kind(&self, id: ExprId) -> &'p ExprKind {
        &self.body.exprs[id].kind
    }

    /// Whether arithmetic throws on overflow here.
    pub(super) fn throws_on_overflow(&self) -> bool {
        self.checked == Some(true)
    }

    /// The constant value of an expression that was checked.
    pub(super) fn constant(&self, id: ExprId) -> Option<&Constant> {
        self.out.constants.get(id)
    }

    /// The type of an expression that was checked, as its user sees it.
    pub(super) fn done(&self, id: ExprId) -> Option<Ty> {
        let ty = self.out.exprs.get(id)?;
        match (self.out.conversions.get(id), ty) {
            (Some(Conversion::Narrowed), Ty::Nullable(inner)) => Some((**inner).clone()),
            _ => Some(ty.clone()),
        }
    }

    /// The type of the value of an expression, guided by the type that it will have to
    /// take. Operators and members to the left are gone through in a loop, because chains
    /// of them may be longer than the stack allows.
    pub(super) fn infer(&mut self, id: ExprId, hint: Option<&Ty>) -> Ty {
        if let Some(ty) = self.done(id) {
            return ty;
        }
        let mut spine = Vec::new();
        let mut at = id;
        while let Some(left) = self.left_of(at) {
            if self.out.exprs.contains(left) {
                break;
            }
            spine.push(left);
            at = left;
        }
        while let Some(left) = spine.pop() {
            self.infer_one(left, None);
        }
        self.infer_one(id, hint)
    }

    /// The operand that is checked before anything else of the expression, where it may be
    /// the end of a long chain.
    fn left_of(&self, id: ExprId) -> Option<ExprId> {
        let left = match self.kind(id) {
            ExprKind::Binary { left, .. } => *left,
            ExprKind::Member { base, .. }
            | ExprKind::Index { base, .. }
            | ExprKind::NonNull(base) => *base,
            ExprKind::Call { callee, .. } => match self.kind(*callee) {
                ExprKind::Member { base, .. } => *base,
                _ => return None,
            },
            _ => return None,
        };
        let chained = matches!(
            self.kind(left),
            ExprKind::Binary { .. }
                | ExprKind::Index { .. }
                | ExprKind::NonNull(_)
                | ExprKind::Call { .. }
        );
        let value = match self.kind(left) {
            ExprKind::Member { base, .. } => self.is_value(*base),
            _ => chained,
        };
        value.then_some(left)
    }

    /// Whether the expression is a value and not a name that something is looked up in.
    pub(super) fn is_value(&self, id: ExprId) -> bool {
        !matches!(
            self.kind(id),
            ExprKind::TypeName(_)
                | ExprKind::AgentName(_)
                | ExprKind::DomainName(_)
                | ExprKind::SpaceName(_)
                | ExprKind::EnumName(_)
        )
    }

    /// The type of a value whose type nothing prescribes; `void` is reported.
    pub(super) fn value(&mut self, id: ExprId) -> Ty {
        let ty = self.infer(id, None);
        self.not_void(id, ty)
    }

    /// Reports a value that is none.
    pub(super) fn not_void(&mut self, id: ExprId, ty: Ty) -> Ty {
        if ty != Ty::Void {
            return ty;
        }
        let problem = errors::no_value(self, id);
        self.report(problem);
        Ty::Error
    }

    /// Checks that the value of the expression fits where `want` is expected, and notes
    /// how it converts.
    pub(super) fn check(&mut self, id: ExprId, want: &Ty, why: Why) {
        if want.is_error() {
            self.absorb(id);
            return;
        }
        let ty = self.infer(id, Some(want));
        self.adapt(id, &ty, want, why);
    }

    /// Checks an expression of which nothing is expected because the expectation failed.
    pub(super) fn absorb(&mut self, id: ExprId) {
        if self.needs_expectation(id) {
            self.out.exprs.insert(id, Ty::Error);
        } else {
            self.infer(id, None);
        }
    }

    /// Whether only an expected type gives the expression one.
    pub(super) fn needs_expectation(&self, id: ExprId) -> bool {
        matches!(
            self.kind(id),
            ExprKind::Lambda(_)
                | ExprKind::Vector(_)
                | ExprKind::New { ty: None, .. }
                | ExprKind::NewArrayInit { element: None, .. }
                | ExprKind::BareCase(_)
                | ExprKind::Default(None)
                | ExprKind::Literal(body::Literal::Null)
        ) || self.is_generic_case(id)
            || self.is_generic_name(id)
            || matches!(self.kind(id), ExprKind::Call { callee, .. }
            if matches!(self.kind(*callee), ExprKind::BareCase(_))
                || self.is_generic_case(*callee))
    }

    /// The name of a generic method alone, whose type arguments are not written.
    pub(super) fn is_generic_name(&self, id: ExprId) -> bool {
        matches!(self.kind(id), ExprKind::Method(method)
            if !self.program.methods[*method].type_params.is_empty()
                && !self.body.type_args.contains(id))
    }

    /// `Option.None`: a case of a generic enum whose type arguments are not written.
    fn is_generic_case(&self, id: ExprId) -> bool {
        matches!(self.kind(id), ExprKind::Member { base, .. }
            if matches!(self.kind(*base), ExprKind::EnumName(_)))
    }

    /// Notes how a value of type `ty` takes the type `want`, or reports that it does not.
    pub(super) fn adapt(&mut self, id: ExprId, ty: &Ty, want: &Ty, why: Why) {
        if !is_known(want) {
            return;
        }
        // A value that was found not to be null may be wanted as it was declared.
        let narrowed = self.out.conversions.get(id) == Some(&Conversion::Narrowed);
        if narrowed && self.out.exprs.get(id) == Some(want) {
            self.out.conversions.remove(id);
            return;
        }
        if *want == Ty::Any && *ty == Ty::Null {
            let problem = errors::values::cannot_infer(self, id);
            self.report(problem);
            return;
        }
        match self.shared.implicit(ty, want, self.constant(id)) {
            Fit::Same => {}
            Fit::By(conversion) => self.convert(id, conversion),
            Fit::No => {
                let problem = errors::mismatch(self, id, ty, want, why);
                self.report(problem);
                self.out.misfits.insert(id);
            }
        }
    }

    /// Adds a conversion behind those that the expression has already.
    pub(super) fn convert(&mut self, id: ExprId, conversion: Conversion) {
        let all = match self.out.conversions.remove(id) {
            Some(first) => Conversion::Then(Box::new(first), Box::new(conversion)),
            None => conversion,
        };
        self.out.conversions.insert(id, all);
    }

    /// Checks a condition; gives the states where it is true and where it is false.
    pub(super) fn condition(&mut self, id: ExprId) -> (State, State) {
        self.check(id, &Ty::Bool, Why::Condition);
        self.branches()
    }

    /// The states behind the boolean that was checked last.
    pub(super) fn branches(&mut self) -> (State, State) {
        match self.flow.split.take() {
            Some(split) => *split,
            None => (self.flow.state.clone(), self.flow.state.clone()),
        }
    }

    /// Notes both states behind a boolean.
    pub(super) fn split(&mut self, when_true: State, when_false: State) {
        self.flow.state = when_true.clone().join(&when_false);
        self.flow.split = Some(Box::new((when_true, when_false)));
    }

    /// The place that keeps what is found out about this value, if it is one.
    pub(super) fn place(&self, id: ExprId) -> Option<Place> {
        match self.kind(id) {
            ExprKind::Local(local) => {
                Some(Place { root: PlaceRoot::Local(*local), path: Vec::new() })
            }
            ExprKind::Field(field) => {
                let item::Owner::Record(record) = self.program.fields[*field].owner
                else {
                    return None;
                };
                let schema =
                    self.program.records[record].kind != item::RecordKind::Struct;
                schema.then(|| Place { root: PlaceRoot::Own(*field), path: Vec::new() })
            }
            ExprKind::Member { base, .. } => {
                let super::tables::Member::Field(field) = self.out.members.get(id)?
                else {
                    return None;
                };
                let place = self.place(*base)?;
                self.field_of(&place, *field)
            }
            _ => None,
        }
    }

    /// The field of a value at a place, as a place; only fields that never change are.
    pub(super) fn field_of(&self, place: &Place, field: FieldId) -> Option<Place> {
        let item::Owner::Record(record) = self.program.fields[field].owner else {
            return None;
        };
        if self.program.records[record].kind == item::RecordKind::Struct {
            return None;
        }
        let mut place = place.clone();
        place.path.push(field);
        Some(place)
    }

    /// The agent, if the body is an agent's.
    pub(super) fn agent(&self) -> Option<AgentId> {
        match self.body.context {
            Context::Agent(id) => Some(id),
            _ => None,
        }
    }

    /// Domains around the body, innermost first: those of its agent, or the one whose
    /// member it is.
    pub(super) fn domains(&self) -> impl Iterator<Item = DomainId> + use<'p> {
        let innermost = match self.body.context {
            Context::Agent(id) => index::agents(self.program, id)
                .find_map(|it| self.program.agents[it].domain),
            Context::Domain(id) => Some(id),
            _ => None,
        };
        index::domains(self.program, innermost)
    }

    /// How many domains outward this one is.
    pub(super) fn level_of(&self, domain: DomainId) -> Option<usize> {
        self.domains().position(|it| it == domain)
    }
}
