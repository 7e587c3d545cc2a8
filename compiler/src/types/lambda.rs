//! Lambdas, typed from the outside in: parameters from what is expected, the result from
//! the body. Captures are `isolation`'s business.

use super::cx::{Cx, Frame, Why};
use super::errors::{names, values};
use super::flow::State;
use super::tables::LambdaTypes;
use super::ty::is_known;
use crate::hir::body::{ExprKind, Root};
use crate::hir::ty::Ty;
use crate::hir::*;

/// What is expected of a lambda; `None` where anything will do.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) params: Option<Vec<Ty>>,
    pub(super) returns: Option<Ty>,
    /// A sequence, of whatever elements.
    pub(super) sequence: bool,
    /// A node of a network: a body that is an assignment, increment or send gives nothing.
    pub(super) node: bool,
}

impl<'p> Cx<'p> {
    pub(super) fn lambda(
        &mut self,
        id: ExprId,
        lambda: LambdaId,
        hint: Option<&Ty>,
    ) -> Ty {
        let wanted = match hint {
            Some(Ty::Func { params, returns }) => Wanted {
                params: Some(params.to_vec()),
                returns: is_known(returns).then(|| (**returns).clone()),
                sequence: self.shared.sequence_element(returns).is_some(),
                node: false,
            },
            _ => Wanted::default(),
        };
        if let (Some(Ty::Func { .. }), Some(params)) = (hint, &wanted.params)
            && params.len() != self.body.lambdas[lambda].params.len()
        {
            self.skip_lambda(lambda);
            let problem = names::lambda_parameters(self, lambda, params.len());
            self.report(problem);
            return Ty::Error;
        }
        self.lambda_as(id, lambda, &wanted)
    }

    /// Gives the parameters of a lambda that is not checked further an error type.
    fn skip_lambda(&mut self, lambda: LambdaId) {
        for local in &self.body.lambdas[lambda].params {
            let declared = self.body.locals[*local].declared.clone();
            self.out.locals.insert(*local, declared.unwrap_or(Ty::Error));
        }
    }

    /// Checks a lambda of which the parameters are known, and gives its function type.
    pub(super) fn lambda_as(
        &mut self,
        id: ExprId,
        lambda: LambdaId,
        wanted: &Wanted,
    ) -> Ty {
        let declared = &self.body.lambdas[lambda];
        let mut params = Vec::new();
        for (at, local) in declared.params.iter().enumerate() {
            let written = self.body.locals[*local].declared.clone();
            let expected = wanted
                .params
                .as_ref()
                .and_then(|it| it.get(at))
                .filter(|it| is_known(it));
            let ty = match (written, expected) {
                (Some(written), expected) => {
                    let span = self.body.locals[*local].span;
                    self.well_formed(&written, span);
                    if let Some(expected) = expected
                        && *expected != written
                        && !written.is_error()
                        && !expected.is_error()
                    {
                        let problem = names::lambda_parameter_type(
                            self, *local, &written, expected,
                        );
                        self.report(problem);
                    }
                    written
                }
                (None, Some(expected)) => expected.clone(),
                (None, None) => {
                    self.skip_lambda(lambda);
                    let problem = values::cannot_infer(self, id);
                    self.report(problem);
                    return Ty::Error;
                }
            };
            self.out.locals.insert(*local, ty.clone());
            params.push(ty);
        }
        let returns = self.lambda_body(&declared.body, wanted);
        let types = LambdaTypes { params: params.clone(), returns: returns.clone() };
        self.out.lambdas.insert(lambda, types);
        Ty::Func { params: params.into(), returns: returns.into() }
    }

    fn lambda_body(&mut self, body: &'p Root, wanted: &Wanted) -> Ty {
        let outside = self.flow.state.clone();
        let breakables = std::mem::take(&mut self.breakables);
        let handling = std::mem::take(&mut self.handling);
        let returns = match body {
            Root::Expr(expr) => {
                let around = self.lambda_value.replace(*expr);
                let returns = self.expression_body(*expr, wanted);
                self.lambda_value = around;
                returns
            }
            Root::Block(block) => {
                self.frames.push(Frame {
                    returns: wanted.returns.clone(),
                    why: Why::Nothing,
                    values: Vec::new(),
                    exits: State::unreachable(),
                    elements: None,
                    constructor: false,
                    lost: false,
                });
                self.block(block);
                let falls_through = !self.flow.state.dead;
                let frame = self.frames.pop().expect("pushed above");
                self.block_result(block, frame, falls_through, wanted)
            }
        };
        self.breakables = breakables;
        self.handling = handling;
        self.flow.split = None;
        self.flow.state = outside;
        returns
    }

    fn expression_body(&mut self, expr: ExprId, wanted: &Wanted) -> Ty {
        if wanted.node && self.is_effect(expr) {
            self.infer(expr, None);
            return Ty::Void;
        }
        match &wanted.returns {
            Some(Ty::Void) => {
                let ty = self.infer(expr, None);
                if ty != Ty::Void && !ty.is_error() {
                    self.require_statement(expr);
                }
                Ty::Void
            }
            Some(want) => {
                self.check(expr, want, Why::Nothing);
                want.clone()
            }
            None => {
                let ty = self.infer(expr, None);
                if matches!(ty, Ty::Null | Ty::Never) {
                    let problem = values::cannot_infer(self, expr);
                    self.report(problem);
                    return Ty::Error;
                }
                self.as_wanted(&[(expr, ty.clone())], ty, wanted)
            }
        }
    }

    /// Values that a lambda gives as a sequence, where one is wanted of any elements.
    fn as_wanted(&mut self, values: &[(ExprId, Ty)], ty: Ty, wanted: &Wanted) -> Ty {
        let element = self.shared.iterated(&ty).filter(|_| wanted.sequence);
        let Some(element) = element else { return ty };
        let sequence = self.shared.sequence_of(element);
        for (value, found) in values {
            let found = self.done(*value).unwrap_or_else(|| found.clone());
            self.adapt(*value, &found, &sequence, Why::Nothing);
        }
        sequence
    }

    /// Whether a node with this body is a sink, whatever the expression gives (decision 69).
    fn is_effect(&self, expr: ExprId) -> bool {
        matches!(
            self.kind(expr),
            ExprKind::Assign { .. } | ExprKind::Increment { .. } | ExprKind::Send { .. }
        )
    }

    fn block_result(
        &mut self,
        block: &body::Block,
        frame: Frame,
        falls_through: bool,
        wanted: &Wanted,
    ) -> Ty {
        let returns = match frame.returns.clone() {
            Some(returns) => returns,
            None if frame.values.is_empty() => return Ty::Void,
            None => match self.common(&frame.values) {
                Some(ty) => self.as_wanted(&frame.values, ty, wanted),
                None => {
                    let (first, _) = frame.values[0];
                    let problem = values::cannot_infer(self, first);
                    self.report(problem);
                    Ty::Error
                }
            },
        };
        if falls_through && !frame.lost && returns != Ty::Void && !returns.is_error() {
            let problem =
                super::errors::flow::lambda_missing_return(self, block, &returns);
            self.report(problem);
        }
        returns
    }
}
