//! Expressions: one function for each that has no file of its own.

use crate::hir::ExprId;
use crate::hir::body::{ExprKind as HirKind, Initializer};
use crate::hir::ty::Ty;
use crate::ir::{Callee, Expr, ExprKind, Pattern};
use crate::support::Name;
use crate::types::tables::{ArgBinding, Call, Member};

use super::body::Fx;
use super::build::{At, Flags, value_block};
use super::literal;
use super::names::Key;

impl Fx<'_, '_> {
    /// The value of an expression as it is used: implicitly converted.
    pub(super) fn value(&mut self, id: ExprId) -> Expr {
        let table = self.frame.types;
        let from = self.ty(id);
        if let (Some(conversion), Some(Member::Port(_))) =
            (table.conversions.get(id), table.members.get(id))
            && let Some(side) = self.side_of_port(id, &from, conversion)
        {
            return side;
        }
        let value = match table.constants.get(id) {
            Some(constant) => {
                let at = self.go(self.frame.body.exprs[id].span);
                literal::constant(at, constant, &from)
            }
            None => self.raw(id),
        };
        match table.conversions.get(id) {
            Some(conversion) => {
                self.go(self.frame.body.exprs[id].span);
                self.convert(value, &from, conversion)
            }
            None => value,
        }
    }

    /// Values of several expressions, evaluated in order.
    pub(super) fn values(&mut self, ids: &[ExprId]) -> Vec<Expr> {
        let args: Vec<_> = ids.iter().map(|it| ArgBinding::Expr(*it)).collect();
        if let Some(held) = self.out_of_order(&args) {
            return self.settled(held);
        }
        let mut held = Vec::new();
        for id in ids {
            let value = self.value(*id);
            held.push(self.hold(value));
        }
        self.settled(held)
    }

    /// An array or collection of these elements.
    fn items(&mut self, id: ExprId, collection: &str, items: &[ExprId]) -> Expr {
        let at = self.at;
        let items = self.values(items);
        let of = if items.is_empty() { self.native_args(id) } else { vec![] };
        let callee = Callee::Rt(format!("{collection}::from_vec"), of);
        at.callee(callee, vec![at.expr(ExprKind::Vec(items))])
    }

    /// `new T[n]`
    fn new_array(&mut self, id: ExprId, size: ExprId) -> Expr {
        let at = self.at;
        let size = self.value(size);
        let of = self.native_args(id);
        match self.ty(id) {
            Ty::Array(element) if !self.lower.has_default(&element) => {
                let size = self.hold(size);
                let value = self.default_value(at, &element);
                let value = self.hold(value);
                let args = self.settled(vec![size, value]);
                at.rt("Array::filled_with", args).fallible()
            }
            _ => at.callee(Callee::Rt("Array::filled".into(), of), vec![size]).fallible(),
        }
    }

    /// Evaluates an expression for what it does.
    pub(super) fn effect(&mut self, id: ExprId) {
        match self.frame.body.exprs[id].kind {
            HirKind::Assign { target, op, value } => {
                self.go(self.frame.body.exprs[id].span);
                self.assign(id, target, op, value);
            }
            HirKind::Increment { decrement, operand, .. } => {
                self.go(self.frame.body.exprs[id].span);
                self.increment(id, decrement, operand);
            }
            HirKind::Network { .. } => {
                self.go(self.frame.body.exprs[id].span);
                self.discarded_network(id);
            }
            _ => {
                let value = self.raw(id);
                self.discard(value);
            }
        }
    }

    /// Runs an expression and drops its value.
    pub(super) fn discard(&mut self, value: Expr) {
        match value.kind {
            // Nothing happens when these are evaluated.
            ExprKind::Var(_) | ExprKind::Literal(_) => {}
            ExprKind::None | ExprKind::NoneOf(_) => {}
            ExprKind::RtConst(_) => {}
            // As a statement of its own it would have to be of no value.
            ExprKind::Match { ref arms, .. }
                if arms.iter().any(|it| it.body.value.is_some()) =>
            {
                let at = At(value.line);
                self.push(at.bind(Pattern::Wildcard, None, Some(value)));
            }
            _ => self.push_expr(value),
        }
    }

    /// The value of an expression before its conversion.
    pub(super) fn raw(&mut self, id: ExprId) -> Expr {
        let body = self.frame.body;
        let expr = &body.exprs[id];
        let at = self.go(expr.span);
        if let Some(inner) = self.frame.types.null_chains.get(id)
            && !self.open_chains.contains(&self.expr_key(id))
        {
            return self.null_chain(id, inner);
        }
        match &expr.kind {
            HirKind::Literal(it) => {
                let ty = self.ty(id);
                self.literal(it, &ty)
            }
            HirKind::Interpolated(parts) => self.interpolated(parts),
            HirKind::Local(_)
            | HirKind::Field(_)
            | HirKind::OwnPort(_)
            | HirKind::NonNull(_) => {
                let place = self.naked(id);
                self.read(place)
            }
            HirKind::Const(it) => {
                let item = self.lower.need(Key::Const(*it));
                at.call(item, vec![])
            }
            HirKind::This => self.this(),
            HirKind::Parent(level) => self.dom_value(*level),
            HirKind::PrimaryChannel => at.method(self.me(), "channel", vec![]),
            HirKind::Member { base, .. } => self.member(id, *base),
            HirKind::Port { base, .. } => self.member(id, *base),
            HirKind::BareCase(_) => self.member(id, id),
            HirKind::Index { base, .. } => self.index(id, *base),
            HirKind::Call { callee, .. } => self.call(id, *callee),
            HirKind::New { init, .. } => self.new_value(id, init.as_ref()),
            HirKind::NewArray { size, .. } => self.new_array(id, *size),
            HirKind::NewArrayInit { items, .. } | HirKind::Vector(items) => {
                self.items(id, "Array", items)
            }
            HirKind::Tuple(parts) => {
                let ids: Vec<ExprId> = parts.iter().map(|it| it.1).collect();
                let parts = self.values(&ids);
                at.expr(ExprKind::Tuple(parts))
            }
            HirKind::Unary { op, operand } => self.unary(id, *op, *operand),
            HirKind::Increment { prefix, decrement, operand } => {
                self.incremented(id, *prefix, *decrement, *operand)
            }
            HirKind::Cast { operand, .. } => {
                let value = self.value(*operand);
                let from = self.converted_ty(*operand);
                self.at = at;
                match self.frame.types.casts.get(id) {
                    Some(how) => self.convert(value, &from, how),
                    None => value,
                }
            }
            HirKind::Binary { .. } => self.binary(id),
            HirKind::Coalesce { left, right } => self.coalesce(id, *left, *right),
            HirKind::Conditional { condition, then, otherwise } => {
                self.conditional(*condition, *then, *otherwise)
            }
            HirKind::Assign { target, op, value } => {
                self.assigned(id, *target, *op, *value)
            }
            HirKind::Is { operand, pattern } => self.is_pattern(*operand, pattern),
            HirKind::With { operand, fields } => self.with(id, *operand, fields),
            HirKind::Switch { subject, arms } => self.switch_value(id, *subject, arms),
            HirKind::Lambda(lambda) => self.lambda_value(*lambda),
            HirKind::Checked { operand, .. } => self.value(*operand),
            HirKind::Receive { source, timeout } => self.receive(*source, *timeout),
            HirKind::Throw(value) => self.thrown(*value),
            HirKind::Send { target, value } => self.send(id, *target, *value),
            HirKind::Network { .. } => self.network_value(id),
            HirKind::Default(_) => {
                let ty = self.ty(id);
                self.default_value(at, &ty)
            }
            // A method's name has no value: the conversion to a function makes one.
            HirKind::Method(_) | HirKind::BaseMethod(_) | HirKind::LocalFn(_) => {
                at.unit()
            }
            HirKind::Range { .. } | HirKind::FromEnd(_) | HirKind::Placeholder => {
                unreachable!("stands only in an index or a network")
            }
            HirKind::TypeName(_)
            | HirKind::AgentName(_)
            | HirKind::DomainName(_)
            | HirKind::SpaceName(_)
            | HirKind::EnumName(_)
            | HirKind::CreateIn { .. }
            | HirKind::NewAgent { .. }
            | HirKind::Error => unreachable!("is no value of a checked program"),
        }
    }

    fn this(&mut self) -> Expr {
        let at = self.at;
        match self.host {
            super::body::Host::Record { this: Some(var), .. } => at.clone(at.var(var)),
            super::body::Host::Record { this: None, .. } => {
                at.clone(at.deref(at.expr(ExprKind::This)))
            }
            super::body::Host::Domain { .. } => self.dom_value(0),
            _ => unreachable!("an agent is no value"),
        }
    }

    /// `base.name` that is no call.
    fn member(&mut self, id: ExprId, base: ExprId) -> Expr {
        let at = self.at;
        let Some(member) = self.frame.types.members.get(id) else {
            unreachable!("every member of a checked program is known")
        };
        match member {
            Member::Field(_)
            | Member::TupleElement(_)
            | Member::Port(_)
            | Member::NullableValue => {
                let place = self.naked(id);
                self.read(place)
            }
            Member::Completion => {
                let end = self.place(base);
                self.access(end, false, vec![], |at, it, _| {
                    at.method(it.expr, "completion", vec![])
                })
            }
            Member::RequestValue => {
                let request = self.place(base);
                self.access(request, false, vec![], |at, it, _| {
                    at.method(it.expr, "value", vec![])
                })
            }
            Member::RequestReply => unreachable!("only as the target of a send"),
            Member::SignalValue => at.expr(ExprKind::RtConst("Signal".into())),
            Member::HasValue => {
                let place = self.storage(base);
                self.access(place, false, vec![], |at, it, _| {
                    at.method(it.expr, "is_some", vec![])
                })
            }
            Member::Property { method, .. } => self.property(*method, base),
            Member::EnumCase(of, case) => {
                let ty = enum_ty(self, id);
                self.enum_case(at, *of, *case, ty, vec![])
            }
            // As above: the conversion makes the value.
            Member::Method(_) => at.unit(),
        }
    }

    fn index(&mut self, id: ExprId, base: ExprId) -> Expr {
        let Some(Call::Method { args, .. }) = self.frame.types.calls.get(id) else {
            unreachable!("every indexer of a checked program is known")
        };
        let range = match &args[..] {
            [ArgBinding::Expr(arg)] => match &self.frame.body.exprs[*arg].kind {
                HirKind::Range { from, to } => Some((*from, *to)),
                _ => None,
            },
            _ => None,
        };
        if let Some((from, to)) = range {
            return self.slice(base, from, to);
        }
        let in_place = match self.converted_ty(base) {
            Ty::Array(_) => true,
            Ty::Native(it, _) => {
                let lang = &self.lower.program.lang;
                [lang.list, lang.dictionary, lang.json].contains(&Some(it))
            }
            _ => false,
        };
        if in_place {
            let place = self.naked(id);
            return self.read(place);
        }
        let place = self.place(base);
        self.indexed(place, args)
    }

    /// An element of something that cannot be changed in place: a character of a string.
    fn indexed(&mut self, place: super::place::Place, args: &[ArgBinding]) -> Expr {
        let [ArgBinding::Expr(arg)] = args else {
            unreachable!("an index is one expression")
        };
        let back = match self.frame.body.exprs[*arg].kind {
            HirKind::FromEnd(back) => Some(back),
            _ => None,
        };
        let value = self.value(back.unwrap_or(*arg));
        let value = self.hold(value);
        self.access(place, false, vec![value], |at, it, mut args| {
            let mut arg = args.pop().expect("the index was passed above");
            if back.is_some() {
                let end = at.method(it.expr.clone(), "length", vec![]);
                arg = at.method(end, "wrapping_sub", vec![arg]);
            }
            at.method(it.expr, "at", vec![arg]).fallible()
        })
    }

    /// `a[1..3]`
    fn slice(&mut self, base: ExprId, from: Option<ExprId>, to: Option<ExprId>) -> Expr {
        let at = self.at;
        let length = match self.converted_ty(base) {
            Ty::Native(..) => "count",
            _ => "length",
        };
        let place = self.place(base);
        let mut held = Vec::new();
        let mut ends = Vec::new();
        for end in [from, to] {
            let Some(end) = end else {
                ends.push(None);
                continue;
            };
            let back = match self.frame.body.exprs[end].kind {
                HirKind::FromEnd(back) => Some(back),
                _ => None,
            };
            let value = self.value(back.unwrap_or(end));
            held.push(self.hold(value));
            ends.push(Some(back.is_some()));
        }
        self.at = at;
        self.access(place, false, held, |at, it, args| {
            let mut args = args.into_iter();
            let ends = ends.into_iter().map(|end| match end {
                None => at.expr(ExprKind::None),
                Some(back) => {
                    let arg = args.next().expect("one argument for each end");
                    let arg = match back {
                        true => {
                            let end = at.method(it.expr.clone(), length, vec![]);
                            at.method(end, "wrapping_sub", vec![arg])
                        }
                        false => arg,
                    };
                    at.some(arg)
                }
            });
            let ends = ends.collect();
            at.method(it.expr, "slice", ends).fallible()
        })
    }

    fn conditional(
        &mut self,
        condition: ExprId,
        then: ExprId,
        otherwise: ExprId,
    ) -> Expr {
        let at = self.at;
        let condition = self.value(condition);
        let held = self.held;
        let then = self.value_block(|cx| cx.value(then));
        let after = std::mem::replace(&mut self.held, held);
        let otherwise = self.value_block(|cx| cx.value(otherwise));
        self.held &= after;
        self.at = at;
        at.if_else(condition, then, otherwise)
    }

    /// `a ?? b`
    fn coalesce(&mut self, id: ExprId, left: ExprId, right: ExprId) -> Expr {
        let at = self.at;
        let value = self.value(left);
        let held = self.held;
        let (stmts, fallback) = self.seq(|cx| cx.value(right));
        self.held &= held;
        self.at = at;
        // What is chosen from stays as it is where the whole may be null like it.
        let whole = self.frame.types.exprs.get(id);
        let both_nullable = whole.is_some() && whole == self.written_ty(left).as_ref();
        let cheap = matches!(
            fallback.kind,
            ExprKind::Literal(_) | ExprKind::None | ExprKind::NoneOf(_)
        );
        if stmts.is_empty() && cheap {
            let name = if both_nullable { "or" } else { "unwrap_or" };
            return at.method(value, name, vec![fallback]);
        }
        let var = self.temp();
        let found = if both_nullable { at.some(at.var(var)) } else { at.var(var) };
        let fallback = crate::ir::Block { stmts, value: Some(Box::new(fallback)) };
        let arms = vec![
            at.arm(Pattern::Some(Box::new(Pattern::Var(var))), None, value_block(found)),
            at.arm(Pattern::None, None, fallback),
        ];
        at.matching(value, arms)
    }

    fn new_value(&mut self, id: ExprId, init: Option<&Initializer>) -> Expr {
        let Some(call) = self.frame.types.calls.get(id) else {
            unreachable!("every `new` of a checked program is known")
        };
        match (call, init) {
            (Call::NewRecord { record, fields }, _) => {
                self.new_record(id, *record, fields)
            }
            (Call::NewDomain { domain, nested, args }, _) => {
                self.new_domain(*domain, *nested, args, id)
            }
            (Call::NewNative { native, .. }, Some(Initializer::Items(items))) => {
                let native = &self.lower.program.natives[*native].rust;
                self.items(id, native, items)
            }
            (Call::NewNative { native, .. }, Some(Initializer::Pairs(pairs))) => {
                let name =
                    format!("{}::from_pairs", self.lower.program.natives[*native].rust);
                let at = self.at;
                let ids: Vec<ExprId> = pairs.iter().flat_map(|it| [it.0, it.1]).collect();
                let mut parts = self.values(&ids).into_iter();
                let mut pairs = Vec::new();
                while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
                    pairs.push(at.expr(ExprKind::Tuple(vec![key, value])));
                }
                let of = if pairs.is_empty() { self.native_args(id) } else { vec![] };
                at.callee(Callee::Rt(name, of), vec![at.expr(ExprKind::Vec(pairs))])
            }
            (Call::NewNative { native, constructor, args, .. }, _) => {
                self.new_native(*native, *constructor, args, id)
            }
            _ => unreachable!("`new` makes a value of a record, library type or domain"),
        }
    }

    /// A case of an enum, which may be the runtime's `Overflow`.
    pub(super) fn enum_case(
        &mut self,
        at: At,
        id: crate::hir::EnumId,
        case: usize,
        ty: Ty,
        args: Vec<Expr>,
    ) -> Expr {
        let name: Name = self.lower.program.enums[id].cases[case].name.name.clone();
        if self.lower.is_overflow(id) {
            return at.expr(ExprKind::RtConst(format!("Overflow::{name}").into()));
        }
        let args = self.boxed_payload(id, case, &ty, args);
        match self.lower.ty(&ty) {
            crate::ir::Ty::Item(item) => {
                at.expr(ExprKind::Case { item, case: name, args })
            }
            _ => unreachable!("a case is of its enum's type"),
        }
    }
}

/// The type of an expression as an enum's, even where it is used as a nullable.
fn enum_ty(cx: &Fx<'_, '_>, id: ExprId) -> Ty {
    match cx.ty(id) {
        Ty::Nullable(inner) => (*inner).clone(),
        other => other,
    }
}
