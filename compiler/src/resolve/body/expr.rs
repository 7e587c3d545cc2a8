//! Expressions, one arm a construct; calls and `new` are in `call`, names in `name`.

use std::collections::BTreeMap;

use super::BodyCx;
use crate::hir::ExprId;
use crate::hir::body::{
    Context, ExprKind, InterpolationPart, Lambda, LocalKind, Root, SwitchArm,
};
use crate::resolve::items::port_names;
use crate::resolve::{errors, types};
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident, Literal};

/// Fields that are given values, and where each was first.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) list: Vec<(Ident, ExprId)>,
    set: BTreeMap<Name, Span>,
}

impl<'a> BodyCx<'_, 'a> {
    /// An expression as a value.
    pub(super) fn expr(&mut self, expr: &'a ast::Expr) -> ExprId {
        match &*expr.kind {
            ast::ExprKind::Paren(inner) => self.expr(inner),
            ast::ExprKind::Binary { .. } => self.binary(expr),
            ast::ExprKind::Network { .. } => self.network(expr),
            ast::ExprKind::Name(ident) => self.name_value(ident),
            ast::ExprKind::GenericName { .. }
            | ast::ExprKind::TypeName(_)
            | ast::ExprKind::Member { .. } => self.dotted(expr),
            ast::ExprKind::Call { callee, args } => self.call(expr.span, callee, args),
            ast::ExprKind::New { .. }
            | ast::ExprKind::NewArray { .. }
            | ast::ExprKind::NewArrayInit { .. } => self.new_expr(expr),
            ast::ExprKind::Literal(_)
            | ast::ExprKind::This
            | ast::ExprKind::Parent
            | ast::ExprKind::Base
            | ast::ExprKind::Placeholder
            | ast::ExprKind::Default(_)
            | ast::ExprKind::Unsupported { .. }
            | ast::ExprKind::Error => self.leaf(expr),
            ast::ExprKind::Lambda { params, body } => {
                self.lambda(expr.span, params, body)
            }
            ast::ExprKind::Interpolated(_)
            | ast::ExprKind::SwitchExpr { .. }
            | ast::ExprKind::Is { .. }
            | ast::ExprKind::With { .. } => self.with_parts(expr),
            ast::ExprKind::Port { base, name } => self.port(expr.span, base, name),
            _ => self.operator(expr),
        }
    }

    fn exprs(&mut self, list: &'a [ast::Expr]) -> Vec<ExprId> {
        list.iter().map(|it| self.expr(it)).collect()
    }

    fn option(&mut self, expr: Option<&'a ast::Expr>) -> Option<ExprId> {
        expr.map(|it| self.expr(it))
    }

    /// A chain of operators leans left and may be long, so it is walked, not recursed into.
    fn binary(&mut self, expr: &'a ast::Expr) -> ExprId {
        let mut chain = Vec::new();
        let mut at = expr;
        while let ast::ExprKind::Binary { op, left, right } = &*at.kind {
            chain.push((at.span, *op, right));
            at = left;
        }
        let mut left = self.expr(at);
        while let Some((span, op, right)) = chain.pop() {
            let right = self.expr(right);
            left = self.push(span, ExprKind::Binary { op, left, right });
        }
        left
    }

    fn network(&mut self, expr: &'a ast::Expr) -> ExprId {
        let mut chain = Vec::new();
        let mut at = expr;
        while let ast::ExprKind::Network { op, op_span, left, right } = &*at.kind {
            chain.push((at.span, *op, *op_span, right));
            at = left;
        }
        let mut left = self.expr(at);
        while let Some((span, op, op_span, right)) = chain.pop() {
            let right = self.expr(right);
            left = self.push(span, ExprKind::Network { op, op_span, left, right });
        }
        left
    }

    fn dotted(&mut self, expr: &'a ast::Expr) -> ExprId {
        let entity = self.left(expr);
        self.value(entity, expr.span)
    }

    fn leaf(&mut self, expr: &'a ast::Expr) -> ExprId {
        let span = expr.span;
        let kind = match &*expr.kind {
            ast::ExprKind::Literal(Literal::Error) => {
                self.incomplete = true;
                ExprKind::Error
            }
            ast::ExprKind::Literal(literal) => ExprKind::Literal(literal.clone()),
            ast::ExprKind::This => match self.context {
                Context::Free | Context::Test => {
                    self.report(errors::no_this(span));
                    ExprKind::Error
                }
                _ => ExprKind::This,
            },
            ast::ExprKind::Parent => self.parent(span, 0),
            ast::ExprKind::Base => {
                self.report(errors::no_base_here(span));
                ExprKind::Error
            }
            ast::ExprKind::Placeholder => ExprKind::Placeholder,
            ast::ExprKind::Default(ty) => ExprKind::Default(
                ty.as_ref().map(|it| types::value(self.cx, self.scope, it)),
            ),
            ast::ExprKind::Unsupported { what } => {
                self.incomplete = true;
                self.report(errors::not_in_language(what, span));
                ExprKind::Error
            }
            _ => {
                self.incomplete = true;
                ExprKind::Error
            }
        };
        self.push(span, kind)
    }

    /// `c::Port`
    fn port(&mut self, span: Span, base: &'a ast::Expr, name: &'a Ident) -> ExprId {
        let base = self.expr(base);
        if matches!(self.exprs[base].kind, ExprKind::PrimaryChannel)
            && let Some(channel) = self.own_channel()
            // Decision 52: `Done` is built in.
            && &*name.name != "Done"
            && self.cx.port(channel, &name.name).is_none()
        {
            if self.is_excused(name) {
                return self.error(span);
            }
            let names = port_names(self.cx, channel);
            let decl = &self.cx.program.channels[channel].decl;
            let declared = (!decl.library).then_some(decl.name.span);
            let names = names.iter().map(|it| &**it);
            let problem = errors::unknown_port(name, &decl.name.name, declared, names);
            self.report(problem);
            return self.error(span);
        }
        self.push(span, ExprKind::Port { base, name: name.clone() })
    }

    fn lambda(
        &mut self,
        span: Span,
        params: &'a [ast::LambdaParam],
        body: &'a ast::LambdaBody,
    ) -> ExprId {
        let id = self.lambdas.push(Lambda {
            span,
            params: Vec::new(),
            body: Root::Block(crate::hir::body::Block::default()),
            outer: self.lambda,
        });
        let mark = self.env.enter_function();
        let outer = self.lambda.replace(id);
        let around = std::mem::replace(&mut self.in_lambda, true);
        let in_finally = std::mem::take(&mut self.in_finally);
        let mut locals = Vec::with_capacity(params.len());
        for param in params {
            let ty = param.ty.as_ref();
            let ty = ty.and_then(|it| types::local(self.cx, self.scope, it));
            locals.push(self.bind(&param.name, LocalKind::LambdaParam, ty));
        }
        let body = match body {
            ast::LambdaBody::Expr(expr) => Root::Expr(self.value_or_throw(expr)),
            ast::LambdaBody::Block(block) => Root::Block(self.block(block)),
        };
        self.lambda = outer;
        self.in_lambda = around;
        self.in_finally = in_finally;
        self.env.leave(mark);
        self.lambdas[id].params = locals;
        self.lambdas[id].body = body;
        self.push(span, ExprKind::Lambda(id))
    }

    /// Expressions with patterns, holes or fields inside.
    fn with_parts(&mut self, expr: &'a ast::Expr) -> ExprId {
        let kind = match &*expr.kind {
            ast::ExprKind::Interpolated(parts) => {
                ExprKind::Interpolated(parts.iter().map(|it| self.part(it)).collect())
            }
            ast::ExprKind::SwitchExpr { subject, arms } => {
                let subject = self.expr(subject);
                let arms = arms.iter().map(|it| self.arm(it)).collect();
                ExprKind::Switch { subject, arms }
            }
            ast::ExprKind::Is { operand, pattern } => {
                let operand = self.expr(operand);
                ExprKind::Is { operand, pattern: self.pattern(pattern) }
            }
            ast::ExprKind::With { operand, fields } => {
                let operand = self.expr(operand);
                ExprKind::With { operand, fields: self.fields(fields) }
            }
            _ => unreachable!("`expr` sends only these here"),
        };
        self.push(expr.span, kind)
    }

    fn part(&mut self, part: &'a ast::InterpolationPart) -> InterpolationPart {
        match part {
            ast::InterpolationPart::Text(text) => InterpolationPart::Text(text.clone()),
            ast::InterpolationPart::Hole { value, alignment, format } => {
                InterpolationPart::Hole {
                    value: self.expr(value),
                    alignment: *alignment,
                    format: format.clone(),
                }
            }
        }
    }

    fn arm(&mut self, arm: &'a ast::SwitchArm) -> SwitchArm {
        self.scoped(|this| {
            let pattern = this.pattern(&arm.pattern);
            let guard = this.option(arm.guard.as_ref());
            let value = this.value_or_throw(&arm.value);
            SwitchArm { span: arm.span, pattern, guard, value }
        })
    }

    /// `A = 1, B = 2` of an initialiser or `with`; reports a field that is set twice.
    pub(super) fn fields(
        &mut self,
        fields: &'a [(Ident, ast::Expr)],
    ) -> Vec<(Ident, ExprId)> {
        let mut result = Fields::default();
        for (name, value) in fields {
            let value = self.expr(value);
            self.add_field(&mut result, name, value);
        }
        result.list
    }

    pub(super) fn add_field(&mut self, fields: &mut Fields, name: &Ident, value: ExprId) {
        match fields.set.get(&name.name) {
            Some(first) => self.report(errors::set_twice(name, *first)),
            None => {
                fields.set.insert(name.name.clone(), name.span);
                fields.list.push((name.clone(), value));
            }
        }
    }

    /// What has only expressions and types as parts.
    fn operator(&mut self, expr: &'a ast::Expr) -> ExprId {
        let kind = match &*expr.kind {
            ast::ExprKind::NullMember { base, name, args } => {
                let base = self.expr(base);
                let (name, type_args) = (name.clone(), self.type_args(args));
                ExprKind::Member { base, name, type_args, null_safe: true }
            }
            ast::ExprKind::Index { base, args } => {
                let base = self.expr(base);
                ExprKind::Index { base, args: self.exprs(args), null_safe: false }
            }
            ast::ExprKind::NullIndex { base, args } => {
                let base = self.expr(base);
                ExprKind::Index { base, args: self.exprs(args), null_safe: true }
            }
            ast::ExprKind::Vector(items) => ExprKind::Vector(self.exprs(items)),
            ast::ExprKind::Tuple(items) => ExprKind::Tuple(
                items.iter().map(|(name, it)| (name.clone(), self.expr(it))).collect(),
            ),
            ast::ExprKind::Unary { op, operand } => {
                ExprKind::Unary { op: *op, operand: self.expr(operand) }
            }
            ast::ExprKind::Increment { prefix, decrement, operand } => {
                let (prefix, decrement) = (*prefix, *decrement);
                ExprKind::Increment { prefix, decrement, operand: self.expr(operand) }
            }
            ast::ExprKind::Cast { ty, operand } => {
                let ty = types::value(self.cx, self.scope, ty);
                ExprKind::Cast { ty, operand: self.expr(operand) }
            }
            ast::ExprKind::NonNull(operand) => ExprKind::NonNull(self.expr(operand)),
            ast::ExprKind::Checked { checked, operand } => {
                ExprKind::Checked { checked: *checked, operand: self.expr(operand) }
            }
            ast::ExprKind::FromEnd(operand) => ExprKind::FromEnd(self.expr(operand)),
            ast::ExprKind::Range { from, to } => {
                let from = self.option(from.as_ref());
                ExprKind::Range { from, to: self.option(to.as_ref()) }
            }
            ast::ExprKind::Coalesce { left, right } => {
                let left = self.expr(left);
                ExprKind::Coalesce { left, right: self.value_or_throw(right) }
            }
            ast::ExprKind::Conditional { condition, then, otherwise } => {
                let condition = self.expr(condition);
                let then = self.value_or_throw(then);
                let otherwise = self.value_or_throw(otherwise);
                ExprKind::Conditional { condition, then, otherwise }
            }
            ast::ExprKind::Assign { target, op, value } => {
                let target = self.expr(target);
                ExprKind::Assign { target, op: *op, value: self.expr(value) }
            }
            ast::ExprKind::Receive { source, timeout } => {
                let source = self.expr(source);
                ExprKind::Receive { source, timeout: self.option(timeout.as_ref()) }
            }
            ast::ExprKind::Send { target, value } => {
                let target = self.expr(target);
                ExprKind::Send { target, value: self.expr(value) }
            }
            ast::ExprKind::Throw(value) => self.misplaced_throw(expr.span, value),
            _ => unreachable!("`expr` handles all others"),
        };
        self.push(expr.span, kind)
    }
}
