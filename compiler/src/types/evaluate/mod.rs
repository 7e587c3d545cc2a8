//! Conditions over constants, as far as they are known at compile time: what the rules of
//! schemas ask. What it does not know it says so; it never guesses.

mod functions;
mod values;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::cx::Shared;
use super::literal::widened;
use super::tables::{
    BodyTypes, Call, Constant, Conversion, Member, OperatorKind, PatternMeaning, Types,
};
use crate::hir::body::{
    BinaryOp, Body, ExprKind, Literal, Pattern, PatternKind, Root, UnaryOp,
};
use crate::hir::item::Owner;
use crate::hir::*;
use functions::is_string_member;
use values::{
    compute, computed_in, is_null, known_bool, not_null, object, order, same,
    same_pattern,
};

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Unknown,
    Constant(Constant),
    /// A case without payload.
    Case(EnumId, usize),
    Record(Fields),
}

/// What is known of the fields of a record; those that are left out are unknown.
pub(super) type Fields = Rc<BTreeMap<FieldId, Value>>;

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Stop {
    /// It throws.
    Throws,
    /// `?.` met null: the chain around it gives null.
    Null,
    /// `return` in a function.
    Returned(Value),
}

type Outcome = Result<Value, Stop>;

/// Expressions and calls inside each other; what is deeper is not known.
const MAX_DEPTH: usize = 100;

/// Expressions evaluated for the whole program. What comes later is checked when it runs.
pub(super) const FUEL: usize = 1_000_000;

pub(super) struct Evaluator<'s, 'p> {
    pub(super) shared: &'s Shared<'p>,
    pub(super) types: &'s Types,
    pub(super) fuel: usize,
    /// Fields of the value in question that were looked at.
    pub(super) looked_at: Vec<FieldId>,
    depth: usize,
}

/// The code at hand.
struct Frame<'s> {
    body: &'s Body,
    table: &'s BodyTypes,
    /// The record whose member it is, and whether that is the value in question.
    this: Option<(Fields, bool)>,
    locals: BTreeMap<LocalId, Value>,
    /// Functions are looked into.
    calls: bool,
}

const UNKNOWN: Outcome = Ok(Value::Unknown);

fn bool_value(value: bool) -> Outcome {
    Ok(Value::Constant(Constant::Bool(value)))
}

impl<'s, 'p> Evaluator<'s, 'p> {
    pub(super) fn new(shared: &'s Shared<'p>, types: &'s Types, fuel: usize) -> Self {
        Self { shared, types, fuel, looked_at: Vec::new(), depth: 0 }
    }

    fn frame(&self, body: BodyId) -> Option<Frame<'s>> {
        Some(Frame {
            body: &self.shared.program.bodies[body],
            table: self.types.bodies.get(body)?,
            this: None,
            locals: BTreeMap::new(),
            calls: false,
        })
    }

    /// An expression of code that knows nothing but constants.
    pub(super) fn constant(&mut self, body: BodyId, id: ExprId) -> Value {
        match self.frame(body) {
            Some(mut frame) => self.expr(&mut frame, id).unwrap_or(Value::Unknown),
            None => Value::Unknown,
        }
    }

    /// What a field starts with.
    pub(super) fn initial(&mut self, init: BodyId) -> Value {
        match &self.shared.program.bodies[init].root {
            Root::Expr(value) => self.constant(init, *value),
            Root::Block(_) => Value::Unknown,
        }
    }

    /// Whether a rule is broken by a value of which these fields are known: then whether it
    /// throws.
    pub(super) fn broken(&mut self, rule: BodyId, fields: &Fields) -> Option<bool> {
        let mut frame = self.frame(rule)?;
        frame.this = Some((fields.clone(), true));
        frame.calls = true;
        let Root::Expr(mut at) = frame.body.root else { return None };
        // Each part of `a && b` must hold, whatever the others give.
        let mut parts = Vec::new();
        while let ExprKind::Binary { op: BinaryOp::And, left, right } =
            &frame.body.exprs[at].kind
        {
            parts.push(*right);
            at = *left;
        }
        parts.push(at);
        parts.into_iter().rev().find_map(|part| {
            self.looked_at.clear();
            match self.expr(&mut frame, part) {
                Ok(Value::Constant(Constant::Bool(false))) => Some(false),
                Err(Stop::Throws) => Some(true),
                _ => None,
            }
        })
    }

    fn expr(&mut self, frame: &mut Frame<'s>, id: ExprId) -> Outcome {
        if self.fuel == 0 || self.depth > MAX_DEPTH {
            return UNKNOWN;
        }
        self.fuel -= 1;
        self.depth += 1;
        let outcome = self.chain(frame, id);
        self.depth -= 1;
        match frame.table.conversions.get(id) {
            Some(how) => self.convert(outcome?, how),
            None => outcome,
        }
    }

    /// An expression before its conversion; the outermost of a chain with `?.` takes what
    /// that gives.
    fn chain(&mut self, frame: &mut Frame<'s>, id: ExprId) -> Outcome {
        if let Some(constant) = frame.table.constants.get(id) {
            return Ok(Value::Constant(constant.clone()));
        }
        match self.plain(frame, id) {
            Err(Stop::Null) if frame.table.null_chains.contains(id) => {
                Ok(Value::Constant(Constant::Null))
            }
            outcome => outcome,
        }
    }

    fn plain(&mut self, frame: &mut Frame<'s>, id: ExprId) -> Outcome {
        let program = self.shared.program;
        match &frame.body.exprs[id].kind {
            ExprKind::Literal(Literal::Null) => Ok(Value::Constant(Constant::Null)),
            ExprKind::Local(local) => {
                Ok(frame.locals.get(local).cloned().unwrap_or(Value::Unknown))
            }
            ExprKind::Field(field) => match frame.this.clone() {
                Some((fields, outermost)) => {
                    if outermost && !self.looked_at.contains(field) {
                        self.looked_at.push(*field);
                    }
                    Ok(fields.get(field).cloned().unwrap_or(Value::Unknown))
                }
                None => UNKNOWN,
            },
            ExprKind::This => match &frame.this {
                Some((fields, _)) => Ok(Value::Record(fields.clone())),
                None => UNKNOWN,
            },
            ExprKind::Const(id) => match self.shared.constants.named.get(id) {
                Some(constant) => Ok(Value::Constant(constant.clone())),
                None => {
                    let value = program.consts[*id].value;
                    Ok(self.initial(value))
                }
            },
            ExprKind::Member { base, null_safe, .. } => {
                self.member(frame, id, *base, *null_safe)
            }
            ExprKind::Call { .. } => self.call(frame, id),
            ExprKind::New { .. } | ExprKind::With { .. } => self.record(frame, id),
            ExprKind::Unary { op, operand } => self.unary(frame, id, *op, *operand),
            ExprKind::Binary { op, left, right } => {
                self.binary(frame, id, *op, *left, *right)
            }
            ExprKind::Coalesce { left, right } => match self.expr(frame, *left)? {
                Value::Constant(Constant::Null) => self.expr(frame, *right),
                value => Ok(value),
            },
            ExprKind::Conditional { condition, then, otherwise } => {
                match self.expr(frame, *condition)? {
                    Value::Constant(Constant::Bool(true)) => self.expr(frame, *then),
                    Value::Constant(Constant::Bool(false)) => {
                        self.expr(frame, *otherwise)
                    }
                    _ => UNKNOWN,
                }
            }
            ExprKind::Is { operand, pattern } => {
                let value = self.expr(frame, *operand)?;
                match self.matches(frame, &value, pattern)? {
                    Some(answer) => bool_value(answer),
                    None => UNKNOWN,
                }
            }
            ExprKind::Switch { subject, arms } => {
                let value = self.expr(frame, *subject)?;
                for arm in arms {
                    let answer = match arm.guard {
                        Some(_) => None,
                        None => self.matches(frame, &value, &arm.pattern)?,
                    };
                    match answer {
                        Some(true) => return self.expr(frame, arm.value),
                        Some(false) => {}
                        None => return UNKNOWN,
                    }
                }
                UNKNOWN
            }
            ExprKind::Cast { operand, .. } => {
                let value = self.expr(frame, *operand)?;
                match frame.table.casts.get(id) {
                    Some(how) => self.convert(value, how),
                    None => UNKNOWN,
                }
            }
            ExprKind::NonNull(operand) => not_null(self.expr(frame, *operand)?),
            ExprKind::Checked { operand, .. } => self.expr(frame, *operand),
            ExprKind::Throw(_) => Err(Stop::Throws),
            _ => UNKNOWN,
        }
    }

    fn convert(&self, value: Value, how: &Conversion) -> Outcome {
        let null = matches!(value, Value::Constant(Constant::Null));
        match (how, value) {
            (Conversion::Then(first, second), value) => {
                let value = self.convert(value, first)?;
                self.convert(value, second)
            }
            (Conversion::Inside(_) | Conversion::ToNullable, value) if null => Ok(value),
            (Conversion::Inside(inner), value) => self.convert(value, inner),
            (Conversion::Null { .. }, _) => Ok(Value::Constant(Constant::Null)),
            (Conversion::Unwrap, value) => not_null(value),
            (
                Conversion::Identity
                | Conversion::ToNullable
                | Conversion::Narrowed
                | Conversion::ToBaseRecord { .. },
                value,
            ) => Ok(value),
            (
                Conversion::Numeric { to, .. } | Conversion::Constant { to },
                Value::Constant(constant),
            ) => Ok(widened(&constant, to).map_or(Value::Unknown, Value::Constant)),
            _ => UNKNOWN,
        }
    }

    fn member(
        &mut self,
        frame: &mut Frame<'s>,
        id: ExprId,
        base: ExprId,
        null_safe: bool,
    ) -> Outcome {
        let program = self.shared.program;
        match frame.table.members.get(id) {
            Some(Member::EnumCase(id, case)) => Ok(Value::Case(*id, *case)),
            Some(Member::Field(field)) => {
                match object(self.expr(frame, base)?, null_safe)? {
                    Value::Record(fields) => {
                        let outermost = matches!(frame.this, Some((_, true)))
                            && matches!(frame.body.exprs[base].kind, ExprKind::This);
                        if outermost && !self.looked_at.contains(field) {
                            self.looked_at.push(*field);
                        }
                        Ok(fields.get(field).cloned().unwrap_or(Value::Unknown))
                    }
                    _ => UNKNOWN,
                }
            }
            Some(Member::Property { method, .. }) => {
                let length = is_string_member(program, *method, "length");
                match object(self.expr(frame, base)?, null_safe)? {
                    Value::Constant(Constant::String(text)) if length => {
                        let length = i128::try_from(text.chars().count()).unwrap_or(0);
                        Ok(Value::Constant(Constant::Int(length)))
                    }
                    _ => UNKNOWN,
                }
            }
            Some(Member::HasValue) => match is_null(&self.expr(frame, base)?) {
                Some(null) => bool_value(!null),
                None => UNKNOWN,
            },
            Some(Member::NullableValue) => not_null(self.expr(frame, base)?),
            _ => UNKNOWN,
        }
    }

    fn unary(
        &mut self,
        frame: &mut Frame<'s>,
        id: ExprId,
        op: UnaryOp,
        operand: ExprId,
    ) -> Outcome {
        let value = self.expr(frame, operand)?;
        match (op, value) {
            (UnaryOp::Not, Value::Constant(Constant::Bool(it))) => bool_value(!it),
            (UnaryOp::Neg, Value::Constant(it)) => {
                let Some(operator) = frame.table.operators.get(id) else {
                    return UNKNOWN;
                };
                let zero = Constant::Int(0);
                compute(BinaryOp::Sub, &zero, &it, &operator.operand, operator.checked)
            }
            _ => UNKNOWN,
        }
    }

    fn binary(
        &mut self,
        frame: &mut Frame<'s>,
        id: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    ) -> Outcome {
        let a = self.expr(frame, left)?;
        if let (BinaryOp::And | BinaryOp::Or, answer) = (op, known_bool(&a)) {
            return match answer {
                Some(answer) if answer == (op == BinaryOp::Or) => bool_value(answer),
                Some(_) => self.expr(frame, right),
                // It may be that the right side is never asked.
                None => UNKNOWN,
            };
        }
        let b = self.expr(frame, right)?;
        let Some(operator) = frame.table.operators.get(id) else { return UNKNOWN };
        let equal = matches!(op, BinaryOp::Eq);
        match operator.kind {
            OperatorKind::NullTest | OperatorKind::Equality => {
                let answer = match (is_null(&a), is_null(&b)) {
                    (Some(true), Some(true)) => Some(true),
                    (Some(true), Some(false)) | (Some(false), Some(true)) => Some(false),
                    _ => same(&a, &b, &operator.operand),
                };
                match answer {
                    Some(answer) => bool_value(answer == equal),
                    None => UNKNOWN,
                }
            }
            OperatorKind::Int
            | OperatorKind::Float
            | OperatorKind::Decimal
            | OperatorKind::Bool
            | OperatorKind::NumericOrder => match (a, b) {
                (Value::Constant(a), Value::Constant(b)) => {
                    compute(op, &a, &b, &operator.operand, operator.checked)
                }
                _ => UNKNOWN,
            },
            // What a type parameter stands for, or text.
            OperatorKind::Order => match (a, b) {
                (Value::Constant(a), Value::Constant(b)) => order(op, &a, &b),
                _ => UNKNOWN,
            },
            _ => UNKNOWN,
        }
    }

    /// Whether a value matches, if that is known.
    fn matches(
        &mut self,
        frame: &mut Frame<'s>,
        value: &Value,
        pattern: &Pattern,
    ) -> Result<Option<bool>, Stop> {
        Ok(match &pattern.kind {
            PatternKind::Wildcard => Some(true),
            PatternKind::Var(local) => {
                frame.locals.insert(*local, value.clone());
                Some(true)
            }
            PatternKind::Null => is_null(value),
            PatternKind::NonNull(local) => {
                if let Some(local) = local {
                    frame.locals.insert(*local, value.clone());
                }
                is_null(value).map(|it| !it)
            }
            PatternKind::Not(inner) => self.matches(frame, value, inner)?.map(|it| !it),
            PatternKind::And(a, b) => match self.matches(frame, value, a)? {
                Some(true) => self.matches(frame, value, b)?,
                other => other,
            },
            PatternKind::Or(a, b) => match self.matches(frame, value, a)? {
                Some(false) => self.matches(frame, value, b)?,
                other => other,
            },
            PatternKind::Constant(constant) => {
                let constant = self.expr(frame, *constant)?;
                same_pattern(value, &constant)
            }
            PatternKind::Relational { op, value: limit } => {
                let limit = self.expr(frame, *limit)?;
                match (value, limit) {
                    (Value::Constant(Constant::Null), _) => Some(false),
                    (Value::Constant(a), Value::Constant(b)) => {
                        let ty = computed_in(a, &b);
                        known_bool(&compute(*op, a, &b, &ty, false)?)
                    }
                    _ => None,
                }
            }
            PatternKind::Case { constant, args: None, .. } => {
                match (frame.table.patterns.get(&pattern.span), value) {
                    (_, Value::Constant(Constant::Null)) => Some(false),
                    (Some(PatternMeaning::EnumCase(_, case)), Value::Case(_, have)) => {
                        Some(case == have)
                    }
                    (Some(PatternMeaning::Constant), _) => match constant {
                        Some(constant) => {
                            let constant = self.expr(frame, *constant)?;
                            same_pattern(value, &constant)
                        }
                        None => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        })
    }

    /// A record made by `new` or `with`.
    fn record(&mut self, frame: &mut Frame<'s>, id: ExprId) -> Outcome {
        let Some(Call::NewRecord { record, fields }) = frame.table.calls.get(id) else {
            return UNKNOWN;
        };
        let mut known = match &frame.body.exprs[id].kind {
            ExprKind::With { operand, .. } => match self.expr(frame, *operand)? {
                Value::Record(fields) => (*fields).clone(),
                _ => BTreeMap::new(),
            },
            _ => self.initials(*record),
        };
        for (field, value) in fields {
            let value = self.expr(frame, *value)?;
            known.insert(*field, value);
        }
        Ok(Value::Record(Rc::new(known)))
    }

    /// What the fields of a record have that are not given.
    fn initials(&mut self, record: RecordId) -> BTreeMap<FieldId, Value> {
        let program = self.shared.program;
        let mut known = BTreeMap::new();
        for id in super::index::record_fields(program, record) {
            let field = &program.fields[id];
            let value = match field.init {
                Some(init) => self.initial(init),
                None if field.optional && !self.is_library(field.owner) => {
                    Value::Constant(Constant::Null)
                }
                None => continue,
            };
            known.insert(id, value);
        }
        known
    }

    /// Fields of exceptions that the library declares get their values elsewhere.
    fn is_library(&self, owner: Owner) -> bool {
        let records = &self.shared.program.records;
        matches!(owner, Owner::Record(it) if records[it].decl.library)
    }
}
