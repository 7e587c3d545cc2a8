//! Calls that rules make: functions of the program as far as their way to `return` is
//! known, and what is asked of text. Functions with loops are not looked into.

use super::values::{known_bool, object};
use super::{Evaluator, Frame, Outcome, Stop, UNKNOWN, Value, bool_value};
use crate::hir::body::{Block, ExprKind, Root, Stmt, StmtKind};
use crate::hir::item::Owner;
use crate::hir::*;
use crate::types::tables::{ArgBinding, Call, Constant, Receiver};

impl<'s> Evaluator<'s, '_> {
    pub(super) fn call(&mut self, frame: &mut Frame<'s>, id: ExprId) -> Outcome {
        let program = self.shared.program;
        let Some(Call::Method { method, receiver, args, .. }) = frame.table.calls.get(id)
        else {
            return UNKNOWN;
        };
        if !frame.calls {
            return UNKNOWN;
        }
        let this = match receiver {
            Receiver::None => None,
            Receiver::This => frame.this.clone(),
            Receiver::Expr(object_of) => {
                let null_safe = matches!(&frame.body.exprs[id].kind,
                ExprKind::Call { callee, .. } if matches!(
                    frame.body.exprs[*callee].kind,
                    ExprKind::Member { null_safe: true, .. }
                ));
                match object(self.expr(frame, *object_of)?, null_safe)? {
                    Value::Record(fields) => Some((fields, false)),
                    Value::Constant(Constant::String(text)) => {
                        return self.of_text(frame, *method, &text, args);
                    }
                    _ => return UNKNOWN,
                }
            }
            Receiver::Domain(_) => return UNKNOWN,
        };
        let item = &program.methods[*method];
        let mut values = Vec::new();
        for arg in args {
            values.push(match arg {
                ArgBinding::Expr(value) => self.expr(frame, *value)?,
                ArgBinding::Default(body) => self.initial(*body),
                ArgBinding::Rest(_) => Value::Unknown,
            });
        }
        let Some(body) = item.body else {
            return Ok(of_null_or_text(program, *method, &values));
        };
        let Some(mut inner) = self.frame(body) else { return UNKNOWN };
        if inner.body.iterator || item.function.is_none() {
            return UNKNOWN;
        }
        inner.this = this;
        inner.calls = true;
        inner.locals = inner.body.params.iter().copied().zip(values).collect();
        match &inner.body.root {
            Root::Expr(value) => self.expr(&mut inner, *value),
            Root::Block(block) => match self.block(&mut inner, block) {
                Err(Stop::Returned(value)) => Ok(value),
                Err(stop) => Err(stop),
                Ok(()) => UNKNOWN,
            },
        }
    }

    /// Statements up to the `return` that is certain to be met.
    fn block(&mut self, frame: &mut Frame<'s>, block: &Block) -> Result<(), Stop> {
        block.stmts.iter().try_for_each(|it| self.stmt(frame, it))
    }

    fn stmt(&mut self, frame: &mut Frame<'s>, stmt: &Stmt) -> Result<(), Stop> {
        match &stmt.kind {
            StmtKind::Empty => Ok(()),
            StmtKind::Block(block) => self.block(frame, block),
            StmtKind::Return(Some(value)) => {
                Err(Stop::Returned(self.expr(frame, *value)?))
            }
            StmtKind::If { condition, then, otherwise } => {
                let condition = self.expr(frame, *condition)?;
                match (known_bool(&condition), otherwise) {
                    (Some(true), _) => self.stmt(frame, then),
                    (Some(false), Some(otherwise)) => self.stmt(frame, otherwise),
                    (Some(false), None) => Ok(()),
                    (None, _) => Err(Stop::Returned(Value::Unknown)),
                }
            }
            StmtKind::Throw(Some(_)) => Err(Stop::Throws),
            // What else there is may change anything.
            _ => Err(Stop::Returned(Value::Unknown)),
        }
    }

    /// Members of text that rules ask.
    fn of_text(
        &mut self,
        frame: &mut Frame<'s>,
        method: MethodId,
        text: &str,
        args: &'s [ArgBinding],
    ) -> Outcome {
        let [ArgBinding::Expr(arg)] = args else { return UNKNOWN };
        let wanted = match self.expr(frame, *arg)? {
            Value::Constant(Constant::String(it)) => it.to_string(),
            Value::Constant(Constant::Char(it)) => it.to_string(),
            _ => return UNKNOWN,
        };
        let is = |name: &str| {
            let with_char = format!("{name}_char");
            is_string_member(self.shared.program, method, name)
                || is_string_member(self.shared.program, method, &with_char)
        };
        if is("contains") {
            return bool_value(text.contains(&wanted));
        }
        if is("starts_with") {
            return bool_value(text.starts_with(&wanted));
        }
        if is("ends_with") {
            return bool_value(text.ends_with(&wanted));
        }
        UNKNOWN
    }
}

/// `String.IsNullOrEmpty(x)` and its kin.
fn of_null_or_text(program: &Program, method: MethodId, args: &[Value]) -> Value {
    let method = &program.methods[method];
    let (Some(native), [Value::Constant(value)]) = (&method.native, args) else {
        return Value::Unknown;
    };
    let text: &str = match value {
        Constant::String(text) => text,
        Constant::Null => "",
        _ => return Value::Unknown,
    };
    let answer = match native.rust.rsplit("::").next() {
        Some("is_null_or_empty") => text.is_empty(),
        Some("is_null_or_white_space") => text.trim().is_empty(),
        _ => return Value::Unknown,
    };
    Value::Constant(Constant::Bool(answer))
}

pub(super) fn is_string_member(program: &Program, method: MethodId, name: &str) -> bool {
    let item = &program.methods[method];
    let of_string =
        matches!(item.decl.owner, Owner::Native(it) if Some(it) == program.lang.string);
    of_string && item.native.as_ref().is_some_and(|it| it.rust == name)
}
