//! Nodes: methods, library functions, lambdas and function values, and how their
//! parameters take a message.

use super::super::cx::Cx;
use super::super::early::Code;
use super::super::errors::network as errors;
use super::super::generics::Subst;
use super::super::lambda::Wanted;
use super::super::member::{Found, Natives};
use super::super::tables::{Member, Node, NodeKind, Receiver};
use super::super::ty::Property;
use super::right::{Choice, Consumer, Offer};
use super::{Link, unlike};
use crate::hir::body::ExprKind;
use crate::hir::ty::Ty;
use crate::hir::*;

/// Why parameters do not take a message.
enum Misfit {
    /// Their number does not fit.
    Count,
    Types,
}

/// Whether as many parameters may take what is chosen, if it is of their types.
fn counts(choice: &Choice, n_params: usize) -> bool {
    match &choice.message {
        _ if n_params == 1 => true,
        Ty::Tuple(elements) => elements.len() == n_params,
        _ => false,
    }
}

/// Why parameters of this number take nothing of what is on offer.
fn misfit(offer: &Offer, n_params: usize) -> Misfit {
    let fits = offer.choices.iter().any(|it| counts(it, n_params));
    if fits { Misfit::Types } else { Misfit::Count }
}

impl<'p> Cx<'p> {
    /// The choice that parameters of these types take: one parameter the message, several
    /// the elements of a tuple, none a `Signal`.
    fn pick<'o>(&self, offer: &'o Offer, params: &[Ty]) -> Result<&'o Choice, Misfit> {
        let takes = |choice: &Choice| match params {
            [] => matches!(choice.message, Ty::Signal | Ty::Error),
            [Ty::Any] => self.shared.has(&choice.message, Property::Printable),
            [one] => !unlike(&choice.message, one),
            several => match &choice.message {
                Ty::Tuple(elements) => {
                    elements.len() == several.len()
                        && elements.iter().zip(several).all(|(a, b)| !unlike(&a.ty, b))
                }
                other => other.is_error(),
            },
        };
        if let Some(choice) = offer.choices.iter().find(|it| takes(it)) {
            return Ok(choice);
        }
        Err(misfit(offer, params.len()))
    }

    fn misfit(
        &mut self,
        link: &Link,
        id: ExprId,
        offer: &Offer,
        params: &[Ty],
        misfit: &Misfit,
        method: Option<MethodId>,
    ) {
        let problem = match misfit {
            Misfit::Count => {
                errors::parameters(self, id, offer.first(), params.len(), method)
            }
            Misfit::Types => {
                let takes = match params {
                    [one] => one.clone(),
                    several => Ty::tuple(several.iter().cloned()),
                };
                errors::types(self, link, id, offer.first(), &takes)
            }
        };
        self.report(problem);
    }

    /// A method or function of the program by its name.
    pub(super) fn method_node(
        &mut self,
        link: &Link,
        id: ExprId,
        method: MethodId,
        offer: &Offer,
    ) -> Option<Consumer> {
        self.early_reads(Code::Method(method), id);
        let receiver = self.receiver_of(method);
        self.out.members.insert(id, Member::Method(method));
        let owner = self.own_owner(method);
        self.node(link, id, method, receiver, &owner.params, &owner.args, offer)
    }

    #[expect(clippy::too_many_arguments, reason = "a method with its type arguments")]
    fn node(
        &mut self,
        link: &Link,
        id: ExprId,
        method: MethodId,
        receiver: Receiver,
        type_params: &[TypeParamId],
        type_args: &[Ty],
        offer: &Offer,
    ) -> Option<Consumer> {
        let declared = &self.program.methods[method];
        let owner = Subst::new(type_params, type_args);
        let type_args = self.node_args(id, method, &owner, offer)?;
        let fill =
            |ty: &Ty| owner.apply(ty).substitute(&declared.type_params, &type_args);
        let params: Vec<Ty> = declared.params.iter().map(|it| fill(&it.ty)).collect();
        let returns = fill(&declared.returns);
        self.out.exprs.insert(
            id,
            Ty::Func { params: params.clone().into(), returns: returns.clone().into() },
        );
        let (many, gives) = self.given(returns);
        match self.pick(offer, &params) {
            Ok(choice) => {
                let node = Node {
                    kind: NodeKind::Method { method, receiver, type_args },
                    takes: choice.message.clone(),
                    gives,
                    many,
                    n_params: params.len(),
                };
                Some(Consumer::node(choice, node))
            }
            Err(misfit) => {
                self.misfit(link, id, offer, &params, &misfit, Some(method));
                None
            }
        }
    }

    /// The type arguments of a generic method that is a node: those that are written, or
    /// those that the message tells.
    fn node_args(
        &mut self,
        id: ExprId,
        method: MethodId,
        owner: &Subst,
        offer: &Offer,
    ) -> Option<Vec<Ty>> {
        let n_params = self.program.methods[method].params.len();
        let fitting = offer.choices.iter().find(|it| counts(it, n_params));
        let message = fitting.map_or(offer.first(), |it| &it.message);
        let told = match message {
            Ty::Tuple(elements) if n_params != 1 => {
                elements.iter().map(|it| it.ty.clone()).collect()
            }
            Ty::Error => vec![Ty::Error; n_params],
            message => vec![message.clone()],
        };
        let told = Ty::Func { params: told.into(), returns: Ty::Void.into() };
        self.group_args(id, method, owner, Some(&told))
    }

    /// What a node that returns this gives: of a sequence or source each element.
    fn given(&self, returns: Ty) -> (bool, Ty) {
        let source = match &returns {
            Ty::Native(id, args) if Some(*id) == self.program.lang.source => {
                args.first().cloned()
            }
            _ => self.shared.sequence_element(&returns),
        };
        source.map_or((false, returns), |message| (true, message))
    }

    /// `Console.WriteLine`, `point.Move`, or a value behind a `.`.
    pub(super) fn member_consumer(
        &mut self,
        link: &Link,
        id: ExprId,
        offer: &Offer,
    ) -> Option<Consumer> {
        let ExprKind::Member { base, name, null_safe, .. } = self.kind(id) else {
            return None;
        };
        let (found, in_chain) = self.member(id, *base, name, *null_safe);
        let found = match found {
            Found::Natives(it) if self.is_property(&it) => {
                Found::Value(self.native_value(id, &it))
            }
            other => other,
        };
        match found {
            Found::Value(ty) => {
                let ty = if in_chain {
                    self.close_chain(id, ty)
                } else {
                    self.out.exprs.insert(id, ty.clone());
                    self.narrowed(id, ty)
                };
                self.value_consumer(link, id, &ty, offer)
            }
            Found::Method(method, owner) if !in_chain => {
                self.out.members.insert(id, Member::Method(method));
                if self.shared.mutates(method) {
                    let problem = errors::node_changes_copy(self, id);
                    self.report(problem);
                    return None;
                }
                self.node(
                    link,
                    id,
                    method,
                    Receiver::Expr(*base),
                    &owner.params,
                    &owner.args,
                    offer,
                )
            }
            Found::Natives(natives) if !in_chain => {
                self.native_node(link, id, &natives, offer)
            }
            Found::Error => None,
            _ => {
                let problem = errors::no_target(self, link, id, None);
                self.report(problem);
                None
            }
        }
    }

    fn is_property(&self, natives: &Natives<'p>) -> bool {
        self.program.methods[natives.methods[0]].kind == item::MethodKind::Property
    }

    fn native_node(
        &mut self,
        link: &Link,
        id: ExprId,
        natives: &Natives<'p>,
        offer: &Offer,
    ) -> Option<Consumer> {
        let program = self.program;
        let first = natives.methods[0];
        let suits = |method: &&MethodId| {
            let method = &program.methods[**method];
            let params = method.params.iter();
            let params: Vec<Ty> = params
                .map(|it| it.ty.substitute(natives.params, &natives.args))
                .collect();
            self.pick(offer, &params).is_ok()
        };
        let method = natives.methods.iter().find(suits).copied().unwrap_or(first);
        self.out.members.insert(id, Member::Method(method));
        if self.shared.mutates(method) {
            let problem = errors::node_changes_copy(self, id);
            self.report(problem);
            return None;
        }
        let receiver = natives.receiver.clone();
        self.node(link, id, method, receiver, natives.params, &natives.args, offer)
    }

    /// A function value.
    pub(super) fn function_node(
        &mut self,
        link: &Link,
        id: ExprId,
        params: &[Ty],
        returns: &Ty,
        offer: &Offer,
    ) -> Option<Consumer> {
        let (many, gives) = self.given(returns.clone());
        match self.pick(offer, params) {
            Ok(choice) => {
                let node = Node {
                    kind: NodeKind::Value,
                    takes: choice.message.clone(),
                    gives,
                    many,
                    n_params: params.len(),
                };
                Some(Consumer::node(choice, node))
            }
            Err(misfit) => {
                self.misfit(link, id, offer, params, &misfit, None);
                None
            }
        }
    }

    /// A lambda: its parameters take their types from the message.
    pub(super) fn lambda_node(
        &mut self,
        link: &Link,
        id: ExprId,
        lambda: LambdaId,
        offer: &Offer,
    ) -> Option<Consumer> {
        let declared = &self.body.lambdas[lambda];
        let written: Vec<Option<Ty>> = declared
            .params
            .iter()
            .map(|it| self.body.locals[*it].declared.clone())
            .collect();
        let fits = |choice: &&Choice| {
            let agrees = |written: &Option<Ty>, ty: &Ty| {
                written.as_ref().is_none_or(|it| !unlike(it, ty))
            };
            match (written.as_slice(), &choice.message) {
                ([], message) => matches!(message, Ty::Signal | Ty::Error),
                ([one], message) => agrees(one, message),
                (several, Ty::Tuple(elements)) => {
                    several.len() == elements.len()
                        && several
                            .iter()
                            .zip(elements.iter())
                            .all(|(a, b)| agrees(a, &b.ty))
                }
                (_, message) => message.is_error(),
            }
        };
        let Some(choice) = offer.choices.iter().find(fits) else {
            let takes: Option<Vec<Ty>> = written.iter().cloned().collect();
            if let Some(takes) = takes {
                let misfit = misfit(offer, takes.len());
                self.misfit(link, id, offer, &takes, &misfit, None);
                return None;
            }
            let problem =
                errors::parameters(self, id, offer.first(), written.len(), None);
            self.report(problem);
            return None;
        };
        let params = match (written.len(), &choice.message) {
            (0, _) => Vec::new(),
            (1, message) => vec![message.clone()],
            (_, Ty::Tuple(elements)) => elements.iter().map(|it| it.ty.clone()).collect(),
            (n, _) => vec![Ty::Error; n],
        };
        let n_params = params.len();
        let wanted = Wanted { params: Some(params), node: true, ..Wanted::default() };
        let ty = self.lambda_as(id, lambda, &wanted);
        self.out.exprs.insert(id, ty.clone());
        let Ty::Func { returns, .. } = ty else { return None };
        if returns.is_error() {
            return None;
        }
        let (many, gives) = self.given((*returns).clone());
        let node = Node {
            kind: NodeKind::Lambda(lambda),
            takes: choice.message.clone(),
            gives,
            many,
            n_params,
        };
        Some(Consumer::node(choice, node))
    }
}
