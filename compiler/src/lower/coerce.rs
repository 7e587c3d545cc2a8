//! `(Summary)order`: a function for each pair of schemas that makes the fields of one from
//! those of the other. Which become which was decided by `types`.

use crate::hir::ty::{Args, Ty};
use crate::ir::{self, Expr, ExprKind, ItemKind, ItemRef, Pattern};
use crate::types::tables::{CoercionId, Conversion};

use super::Lower;
use super::body::{Fx, Host};
use super::build::{At, Flags};
use super::function::Shape;
use super::names::Key;

impl Lower<'_> {
    /// `fn Order_to_Summary(value: Order) -> Summary`, which fails if a rule is broken.
    pub(super) fn coercion(&mut self, name: ItemRef, id: CoercionId, args: &Args) {
        let plan = &self.types.coercions[id];
        let from = plan.from.substitute(&plan.params, args);
        let to = plan.to.substitute(&plan.params, args);
        let Ty::Record(target, target_args) = &to else {
            unreachable!("schemas become schemas")
        };
        let decl = &self.program.records[*target].decl;
        let at = At(self.line(decl.name.span));
        let (ty, returns) = (self.ty(&from), self.ty(&to));
        let mut fx = Fx::new(self, name, Host::Free, None, (&plan.params, args));
        fx.at = at;
        let value = fx.new_var("value");
        let body = fx.value_block(|cx| {
            let mut held = Vec::new();
            for field in &plan.fields {
                let made = match &field.source {
                    None => at.expr(ExprKind::None),
                    Some((source, how)) => {
                        let whole = cx.var_place(value, from.clone());
                        let place = cx.part(whole, *source);
                        let ty = place.ty.clone();
                        let made = cx.read(place);
                        match how {
                            Some(how) => cx.convert(made, &ty, how),
                            None => made,
                        }
                    }
                };
                held.push(cx.hold(made));
            }
            let made = cx.settled(held);
            let mut parts = Vec::new();
            for (field, made) in plan.fields.iter().zip(made) {
                let ty = cx.lower.field_ty(*target, target_args, field.target);
                parts.push(super::record::part(cx, at, field.target, &ty, &to, made));
            }
            cx.record_value(at, &to, parts, None)
        });
        let shape = Shape {
            receiver: None,
            params: vec![ir::Param { var: value, ty }],
            returns,
            throws: false,
            suspends: false,
        };
        let function = ir::Function { hidden: true, ..fx.finish(shape, body) };
        self.add(name, decl, ItemKind::Function(function));
    }
}

impl Fx<'_, '_> {
    pub(super) fn coerced(&mut self, value: Expr, plan: CoercionId) -> Expr {
        let params = &self.lower.types.coercions[plan].params;
        let args = params.iter().map(|it| self.substitute(&Ty::Param(*it))).collect();
        let coercion = self.lower.need(Key::Coerce(plan, args));
        self.at.call(coercion, vec![value])
    }

    /// Elements one by one, by a function of the runtime that stops where one fails.
    pub(super) fn each(
        &mut self,
        value: Expr,
        from: &Ty,
        how: &Conversion,
        convert: &str,
    ) -> Expr {
        let at = self.at;
        let element = match from {
            Ty::Array(element) => (**element).clone(),
            Ty::Native(_, args) => args.last().cloned().unwrap_or(Ty::Error),
            _ => unreachable!("only collections have elements"),
        };
        let var = self.temp();
        let ty = self.lower.ty(&element);
        let body = self.value_block(|cx| cx.convert(at.var(var), &element, how));
        let closure = at.expr(ExprKind::Closure {
            params: vec![(Pattern::Var(var), Some(ty))],
            moves: false,
            suspends: false,
            returns: None,
            throws: true,
            body,
        });
        at.method(value, convert, vec![closure]).fallible()
    }
}
