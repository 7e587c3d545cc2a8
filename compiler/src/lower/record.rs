//! Structs and schemas → structs of the target; how values are made, changed by `with`,
//! and checked against the rules of a schema.

use crate::hir::body::Ident;
use crate::hir::ty::{Args, Ty};
use crate::hir::{ExprId, FieldId, RecordId};
use crate::ir::{self, Expr, ExprKind, ItemKind, ItemRef};
use crate::support::Name;

use super::Lower;
use super::body::{Fx, Host};
use super::build::{At, stmt_block};
use super::function::Shape;
use super::names::Key;
use super::ty::all;

impl Lower<'_> {
    pub(super) fn record(&mut self, name: ItemRef, id: RecordId, args: &Args) {
        let it = &self.program.records[id];
        let whole = Ty::Record(id, args.clone());
        let fields = match self.is_exception(id) {
            true => self.exception_fields(id),
            false => self.record_fields(id, args),
        };
        let fields = fields
            .into_iter()
            .map(|(field, ty)| (self.field_name(field), self.part_ty(&ty, &whole)))
            .collect();
        let derives = self.derives(&whole);
        let shown = it.decl.name.name.clone();
        let kind = ItemKind::Struct(ir::Struct { derives, shown, fields });
        self.add(name, &it.decl, kind);
    }

    /// The type of a field of a record, its own or inherited.
    pub(super) fn field_ty(&self, id: RecordId, args: &Args, field: FieldId) -> Ty {
        let fields = self.record_fields(id, args);
        let found = fields.into_iter().find(|it| it.0 == field);
        found.map_or_else(|| self.program.fields[field].ty.clone(), |it| it.1)
    }

    /// Type arguments of `base` as a base of a record with arguments of its own.
    pub(super) fn base_args(&self, id: RecordId, args: &Args, base: RecordId) -> Args {
        let (mut id, mut args) = (id, args.clone());
        while id != base {
            let record = &self.program.records[id];
            let Some((next, next_args)) = &record.base else { break };
            args = all(next_args, &record.type_params, &args);
            id = *next;
        }
        args
    }

    pub(super) fn derives_from(&self, mut id: RecordId, base: RecordId) -> bool {
        loop {
            if id == base {
                return true;
            }
            match &self.program.records[id].base {
                Some((next, _)) => id = *next,
                None => return false,
            }
        }
    }

    /// The record and its bases, outermost base first, with their type arguments.
    pub(super) fn bases(&self, id: RecordId, args: &Args) -> Vec<(RecordId, Args)> {
        let record = &self.program.records[id];
        let mut bases = match &record.base {
            Some((base, base_args)) => {
                self.bases(*base, &all(base_args, &record.type_params, args))
            }
            None => Vec::new(),
        };
        bases.push((id, args.clone()));
        bases
    }

    pub(super) fn has_rules(&self, id: RecordId) -> bool {
        let no_args: Args = [].into();
        let bases = self.bases(id, &no_args);
        bases.iter().any(|(base, _)| !self.program.records[*base].rules.is_empty())
    }

    /// `fn Order_checked(value: Order) -> Result<Order>`: the value, if it keeps its rules.
    pub(super) fn check_rules(&mut self, name: ItemRef, id: RecordId, args: &Args) {
        let it = &self.program.records[id];
        let decl_line = At(self.line(it.decl.name.span));
        let ty = self.ty(&Ty::Record(id, args.clone()));
        let bases = self.bases(id, args);
        let no_args: Args = [].into();
        let mut fx = Fx::new(self, name, Host::Free, None, (&[], &no_args));
        fx.at = decl_line;
        let value = fx.new_var("value");
        let shown = it.decl.name.name.clone();
        let (stmts, ()) = fx.seq(|cx| {
            for (base, base_args) in &bases {
                let this = Some(value);
                cx.host = Host::Record { record: id, args: args.clone(), this };
                for rule in &cx.lower.program.records[*base].rules {
                    cx.rule(*rule, (*base, base_args), &shown, value);
                }
            }
        });
        let body = ir::Block { stmts, value: Some(Box::new(decl_line.var(value))) };
        let shape = Shape {
            receiver: None,
            params: vec![ir::Param { var: value, ty: ty.clone() }],
            returns: ty,
            throws: true,
            suspends: false,
        };
        let function = ir::Function { hidden: true, ..fx.finish(shape, body) };
        self.add(name, &it.decl, ItemKind::Function(function));
    }
}

impl Fx<'_, '_> {
    /// `rule condition;`
    fn rule(
        &mut self,
        rule: crate::hir::BodyId,
        (owner, args): (RecordId, &Args),
        shown: &Name,
        value: ir::Var,
    ) {
        let params = &self.lower.program.records[owner].type_params;
        let span = self.lower.program.bodies[rule].span;
        let text = self.lower.text(span).trim().to_owned();
        let (stmts, condition) =
            self.seq(|cx| cx.in_body(rule, (params, args), Self::root_value));
        let at = self.go(span);
        // A rule that throws is broken.
        let condition = self.never_throwing(at.block(stmts, condition));
        let value = at.borrow(at.var(value));
        let args = vec![at.text(shown), at.text(&text), value];
        let thrown = match self.lower.is_exception(owner) {
            true => "rule_violation_by",
            false => "rule_violation",
        };
        let error = at.expr(ExprKind::Err(Box::new(at.rt(thrown, args))));
        let throw = at.expr(ExprKind::Try(Box::new(error)));
        let broken = stmt_block(vec![at.stmt(throw)]);
        self.push_expr(at.if_then(at.not(condition), broken));
    }

    /// `new Point { X = 1 }`: values in source order, then what the others start with.
    pub(super) fn new_record(
        &mut self,
        id: ExprId,
        record: RecordId,
        fields: &[(FieldId, ExprId)],
    ) -> Expr {
        let at = self.at;
        if self.lower.is_exception(record) {
            return self.new_exception(record, fields);
        }
        let whole = match self.ty(id) {
            Ty::Nullable(inner) => (*inner).clone(),
            other => other,
        };
        let Ty::Record(_, args) = &whole else {
            unreachable!("a record's value is of the record's type")
        };
        let mut held = Vec::new();
        for (_, value) in fields {
            let value = self.value(*value);
            held.push(self.hold(value));
        }
        self.at = at;
        let mut values = self.settled(held).into_iter();
        let tys = self.lower.record_fields(record, args);
        let mut parts = Vec::new();
        for (field, _) in fields {
            let ty = tys.iter().find(|it| it.0 == *field).map(|it| it.1.clone());
            let ty = ty.unwrap_or_else(|| unreachable!("the field is the record's"));
            let value = values.next().expect("one value for each field");
            parts.push(self.part_value(*field, &ty, &whole, value));
        }
        for (field, ty) in &tys {
            if fields.iter().all(|it| it.0 != *field) {
                let value = self.start_value(*field, ty, &whole);
                self.at = at;
                parts.push(self.part_value(*field, ty, &whole, value));
            }
        }
        self.record_value(at, &whole, parts, None)
    }

    fn part_value(
        &mut self,
        field: FieldId,
        ty: &Ty,
        whole: &Ty,
        value: Expr,
    ) -> (Name, Expr) {
        part(self, self.at, field, ty, whole, value)
    }

    /// What a field of a record has that no initialiser sets.
    pub(super) fn start_value(&mut self, field: FieldId, ty: &Ty, whole: &Ty) -> Expr {
        let at = self.at;
        let it = &self.lower.program.fields[field];
        let Some(init) = it.init else { return self.default_value(at, ty) };
        let (params, args) = match (it.owner, whole) {
            (crate::hir::item::Owner::Record(owner), Ty::Record(id, args)) => {
                let params = self.lower.program.records[owner].type_params.clone();
                (params, self.lower.base_args(*id, args, owner))
            }
            _ => (Vec::new(), [].into()),
        };
        self.in_body(init, (&params, &args), Self::root_value)
    }

    /// A struct value, checked against its rules.
    pub(super) fn record_value(
        &mut self,
        at: At,
        whole: &Ty,
        fields: Vec<(Name, Expr)>,
        rest: Option<Expr>,
    ) -> Expr {
        let Ty::Record(id, args) = whole else { unreachable!("asked for records only") };
        let item = self.lower.need(Key::Record(*id, args.clone()));
        let rest = rest.map(Box::new);
        let value = at.expr(ExprKind::Struct { item, fields, rest });
        if !self.lower.has_rules(*id) {
            return value;
        }
        let check = self.lower.need(Key::CheckRules(*id, args.clone()));
        at.call(check, vec![value])
    }

    /// A record whose fields all start by themselves.
    pub(super) fn default_record(&mut self, at: At, id: RecordId, args: &Args) -> Expr {
        let whole = Ty::Record(id, args.clone());
        let mut parts = Vec::new();
        for (field, ty) in self.lower.record_fields(id, args) {
            let value = self.start_value(field, &ty, &whole);
            self.at = at;
            parts.push(self.part_value(field, &ty, &whole, value));
        }
        self.record_value(at, &whole, parts, None)
    }

    /// `p with { X = 1 }`
    pub(super) fn with(
        &mut self,
        id: ExprId,
        operand: ExprId,
        fields: &[(Ident, ExprId)],
    ) -> Expr {
        let at = self.at;
        let whole = self.ty(id);
        let Ty::Record(record, args) = &whole else {
            unreachable!("`with` is for structs and schemas")
        };
        if self.lower.is_exception(*record) {
            return self.exception_with(id, operand, *record);
        }
        let base = self.value(operand);
        let mut held = vec![self.hold(base)];
        for (_, value) in fields {
            let value = self.value(*value);
            held.push(self.hold(value));
        }
        self.at = at;
        let mut values = self.settled(held).into_iter();
        let mut base = values.next().expect("the operand comes first");
        let plain = matches!(&base.kind, ExprKind::Var(_))
            || matches!(&base.kind, ExprKind::Clone(it) if matches!(it.kind, ExprKind::Var(_)));
        // Rust evaluates the rest of a struct behind its fields.
        if !plain && !fields.is_empty() {
            base = self.bind(base);
        }
        let tys = self.lower.record_fields(*record, args);
        let mut parts = Vec::new();
        for (name, _) in fields {
            let program = self.lower.program;
            let found =
                tys.iter().rev().find(|it| program.fields[it.0].name.name == name.name);
            let (field, ty) =
                found.unwrap_or_else(|| unreachable!("the field is the record's"));
            let value = values.next().expect("one value for each field");
            parts.push(self.part_value(*field, ty, &whole, value));
        }
        let rest = (parts.len() < tys.len()).then_some(base);
        self.record_value(at, &whole, parts, rest)
    }
}

/// A field with its value, behind a pointer where the type holds it so.
pub(super) fn part(
    cx: &Fx<'_, '_>,
    at: At,
    field: FieldId,
    ty: &Ty,
    whole: &Ty,
    value: Expr,
) -> (Name, Expr) {
    let value = match cx.lower.holds(ty, whole) {
        true => at.rt(super::enumeration::pointer_to(ty), vec![value]),
        false => value,
    };
    (cx.lower.field_name(field), value)
}
