//! What stands behind a `.`: fields, tuple elements, properties, methods, cases. It finds
//! members; `call` calls them.

use super::cx::Cx;
use super::early::Code;
use super::errors::{iterators, names, values};
use super::generics::{self, Subst};
use super::index;
use super::infer::Inference;
use super::tables::{Conversion, Member, Receiver};
use super::ty::Property;
use crate::hir::body::{Context, ExprKind, Ident};
use crate::hir::item::{MethodKind, Owner, Visibility};
use crate::hir::ty::{Args, Ty};
use crate::hir::*;
use crate::support::span::Span;

/// What a name behind a `.` is.
#[derive(Clone, Debug)]
pub(super) enum Found<'p> {
    /// A value of this type; its meaning is in the table of members.
    Value(Ty),
    /// A method of a struct or schema, and what the type parameters of its owner stand for.
    Method(MethodId, Subst),
    /// A property, or overloads of a method, of a library type or namespace.
    Natives(Natives<'p>),
    Case(EnumId, Args, usize),
    Create(AgentId, Creation),
    Close,
    Monitor,
    ToText,
    ToJson,
    /// Of this type.
    FromJson(Ty),
    /// It was reported.
    Error,
}

/// Members of one name of a library type or namespace.
#[derive(Clone, Debug)]
pub(super) struct Natives<'p> {
    pub(super) methods: &'p [MethodId],
    /// Type parameters of the library type, and what they are here.
    pub(super) params: &'p [TypeParamId],
    pub(super) args: Vec<Ty>,
    pub(super) receiver: Receiver,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Creation {
    InNewDomain,
    InCurrentDomain,
}

impl<'p> Cx<'p> {
    /// `base.name` where a value is wanted.
    pub(super) fn member_value(
        &mut self,
        id: ExprId,
        base: ExprId,
        name: &Ident,
        null_safe: bool,
        hint: Option<&Ty>,
    ) -> Ty {
        let (found, in_chain) = self.member(id, base, name, null_safe);
        let ty = match found {
            Found::Value(ty) => ty,
            Found::Method(method, owner) => {
                self.out.members.insert(id, Member::Method(method));
                self.method_group(id, method, Receiver::Expr(base), &owner, hint)
            }
            Found::Natives(natives) => self.native_value(id, &natives),
            Found::Case(declared, args, case) => {
                self.case_value(id, (declared, case, &args), name, hint)
            }
            Found::Create(..)
            | Found::Close
            | Found::Monitor
            | Found::ToText
            | Found::ToJson
            | Found::FromJson(_) => {
                self.report(names::method_as_value(name));
                Ty::Error
            }
            Found::Error => Ty::Error,
        };
        if in_chain {
            return self.close_chain(id, ty);
        }
        // A field of an immutable value keeps what was found out about it.
        self.narrowed(id, ty)
    }

    /// Finds `base.name`; the second result says whether a `?.` stands in the chain.
    pub(super) fn member(
        &mut self,
        id: ExprId,
        base: ExprId,
        name: &Ident,
        null_safe: bool,
    ) -> (Found<'p>, bool) {
        if !self.is_value(base) {
            return (self.static_member(id, base, name), false);
        }
        let (mut ty, in_chain) = self.chain_base(base, null_safe);
        if self.asks_nullable(&ty, &name.name) {
            ty = self.as_declared(base, ty);
        }
        (self.value_member(id, base, &ty, name), in_chain)
    }

    /// Whether a member is asked for that only the nullable of the type has.
    fn asks_nullable(&self, ty: &Ty, name: &str) -> bool {
        let Some(nullable) = self.program.lang.nullable else { return false };
        let index = &self.shared.index;
        let own = match ty {
            Ty::Request(..) => true,
            Ty::Record(record, _) => index.field(self.program, *record, name).is_some(),
            _ => self
                .receiver_native(ty)
                .is_some_and(|(native, _)| !index.native(native, name).is_empty()),
        };
        !own && !index.native(nullable, name).is_empty()
    }

    /// The type of a value that something is taken from, behind the `?.` if there is one,
    /// and whether it belongs to a chain with a `?.`.
    pub(super) fn chain_base(&mut self, base: ExprId, null_safe: bool) -> (Ty, bool) {
        let mut ty = self.value(base);
        let inside = self.out.null_chains.remove(base);
        if let Some(inner) = &inside {
            ty = inner.clone();
            self.out.exprs.insert(base, ty.clone());
        }
        if !null_safe {
            return (ty, inside.is_some());
        }
        let ty = self.as_declared(base, ty);
        match ty {
            Ty::Nullable(inner) => ((*inner).clone(), true),
            Ty::Error => (Ty::Error, inside.is_some()),
            other => {
                let problem = names::never_null(self, base, &other);
                self.report(problem);
                (other, inside.is_some())
            }
        }
    }

    /// Ends a chain with `?.` at this expression, at least until something more is taken
    /// from it.
    pub(super) fn close_chain(&mut self, id: ExprId, ty: Ty) -> Ty {
        if ty.is_error() {
            return ty;
        }
        self.out.null_chains.insert(id, ty.clone());
        let ty = if ty == Ty::Void { ty } else { Ty::nullable(ty) };
        self.out.exprs.insert(id, ty.clone());
        ty
    }

    /// A member of a type, a namespace, or an agent by its name.
    fn static_member(&mut self, id: ExprId, base: ExprId, name: &Ident) -> Found<'p> {
        match self.kind(base) {
            ExprKind::TypeName(Ty::Error) => Found::Error,
            ExprKind::TypeName(Ty::Signal) if &*name.name == "Value" => {
                self.out.members.insert(id, Member::SignalValue);
                Found::Value(Ty::Signal)
            }
            ExprKind::TypeName(Ty::Enum(declared, args)) => {
                self.case(*declared, args.clone(), name)
            }
            ExprKind::EnumName(declared) => self.case(*declared, [].into(), name),
            ExprKind::TypeName(ty) if &*name.name == "FromJson" => {
                self.from_json(ty.clone(), name.span)
            }
            ExprKind::TypeName(ty) => {
                match self.shared.index.space_of(self.program, ty) {
                    Some(space) => self.space_member(space, name),
                    None => {
                        let text = self.show(ty);
                        self.report(names::unknown_member(&text, name, []));
                        Found::Error
                    }
                }
            }
            ExprKind::SpaceName(space) => self.space_member(*space, name),
            ExprKind::AgentName(agent) => match &*name.name {
                "CreateInNewDomain" => Found::Create(*agent, Creation::InNewDomain),
                "Create" => Found::Create(*agent, Creation::InCurrentDomain),
                _ => {
                    let agent = &self.program.agents[*agent].decl.name;
                    self.report(names::agent_member(&agent.name, name));
                    Found::Error
                }
            },
            ExprKind::DomainName(domain) => {
                let domain = &self.program.domains[*domain].decl;
                self.report(names::domain_member(&domain.name.name, name));
                Found::Error
            }
            _ => Found::Error,
        }
    }

    fn from_json(&mut self, ty: Ty, span: Span) -> Found<'p> {
        if self.has_json(&ty, span) { Found::FromJson(ty) } else { Found::Error }
    }

    fn case(&mut self, declared: EnumId, args: Args, name: &Ident) -> Found<'p> {
        match self.shared.index.case(declared, &name.name) {
            Some(case) => Found::Case(declared, args, case),
            None if &*name.name == "FromJson" => {
                self.from_json(Ty::Enum(declared, args), name.span)
            }
            None => {
                let item = &self.program.enums[declared];
                let cases = item.cases.iter().map(|it| &*it.name.name);
                self.report(names::unknown_member(&item.decl.name.name, name, cases));
                Found::Error
            }
        }
    }

    fn space_member(&mut self, space: SpaceId, name: &Ident) -> Found<'p> {
        let methods = self.shared.index.space(space, &name.name);
        if methods.is_empty() {
            let known = self.shared.index.space_member_names(space);
            let text = &self.program.spaces[space].decl.name.name;
            self.report(names::unknown_member(text, name, known));
            return Found::Error;
        }
        Found::Natives(Natives {
            methods,
            params: &[],
            args: Vec::new(),
            receiver: Receiver::None,
        })
    }

    fn value_member(
        &mut self,
        id: ExprId,
        base: ExprId,
        ty: &Ty,
        name: &Ident,
    ) -> Found<'p> {
        let found = match ty {
            Ty::Error | Ty::Never => return Found::Error,
            Ty::Nullable(inner) => self.nullable_member(id, base, inner, name),
            Ty::Record(record, args) => self.record_member(id, *record, args, name),
            Ty::Tuple(elements) => super::indexer::tuple_element(elements, &name.name)
                .map(|at| {
                    self.out.members.insert(id, Member::TupleElement(at));
                    Found::Value(elements[at].ty.clone())
                }),
            Ty::Using(..) | Ty::Impl(..) => self.end_member(id, ty, name),
            Ty::Request(value, _) => matches!(&*name.name, "Value" | "RequestValue")
                .then(|| {
                    self.out.members.insert(id, Member::RequestValue);
                    Found::Value((**value).clone())
                }),
            Ty::Domain(domain, _) => self.domain_member(*domain, name),
            _ => None,
        };
        if let Some(found) = found {
            return found;
        }
        if let Some((native, args)) = self.receiver_native(ty)
            && let Some(natives) = self.native_member(native, &args, base, &name.name, 0)
        {
            return Found::Natives(natives);
        }
        if let Some(natives) = self.sequence_member(ty, base, &name.name) {
            return Found::Natives(natives);
        }
        match &*name.name {
            "ToString" if self.shared.has(ty, Property::Printable) => Found::ToText,
            "ToJson" if self.has_json(ty, name.span) => Found::ToJson,
            "ToJson" => Found::Error,
            _ => {
                let problem = names::no_member(self, base, ty, name);
                self.report(problem);
                Found::Error
            }
        }
    }

    fn nullable_member(
        &mut self,
        id: ExprId,
        base: ExprId,
        inner: &Ty,
        name: &Ident,
    ) -> Option<Found<'p>> {
        match &*name.name {
            "HasValue" => {
                self.out.members.insert(id, Member::HasValue);
                let here = self.flow.state.clone();
                let mut known = here.clone();
                self.learn_non_null(&mut known, base);
                self.split(known, here);
                Some(Found::Value(Ty::Bool))
            }
            "Value" => {
                self.out.members.insert(id, Member::NullableValue);
                Some(Found::Value(inner.clone()))
            }
            _ => None,
        }
    }

    fn record_member(
        &mut self,
        id: ExprId,
        record: RecordId,
        args: &Args,
        name: &Ident,
    ) -> Option<Found<'p>> {
        let index = &self.shared.index;
        if let Some(field) = index.field(self.program, record, &name.name) {
            let declared = &self.program.fields[field];
            self.out.members.insert(id, Member::Field(field));
            if declared.visibility == Visibility::Private && !self.is_inside(record) {
                let problem = names::private_field(self, field, name);
                self.report(problem);
            }
            let ty = generics::field_type(self.program, record, args, field);
            return Some(Found::Value(ty));
        }
        let method = index.record_method(self.program, record, &name.name)?;
        let declared = &self.program.methods[method].decl;
        if declared.visibility == Visibility::Private && !self.is_inside(record) {
            let problem = names::private_method(self, method, name);
            self.report(problem);
        }
        let owner = self.owner_in(method, record, args);
        Some(Found::Method(method, owner))
    }

    /// Whether the body belongs to the record or to one derived from it.
    fn is_inside(&self, record: RecordId) -> bool {
        match self.body.context {
            Context::Record(own) => {
                index::records(self.program, own).any(|it| it == record)
            }
            _ => false,
        }
    }

    fn end_member(&mut self, id: ExprId, end: &Ty, name: &Ident) -> Option<Found<'p>> {
        match &*name.name {
            "Completion" => {
                self.out.members.insert(id, Member::Completion);
                Some(Found::Value(self.completion_type()))
            }
            "Close" => Some(Found::Close),
            "Monitor" if matches!(end, Ty::Using(..)) => Some(Found::Monitor),
            _ => None,
        }
    }

    /// `ISource<AgentFailedException?>`
    pub(super) fn completion_type(&self) -> Ty {
        let failed = match self.program.lang.agent_failed {
            Some(record) => Ty::nullable(Ty::Record(record, [].into())),
            None => Ty::Error,
        };
        self.source_of(failed)
    }

    fn domain_member(&mut self, domain: DomainId, name: &Ident) -> Option<Found<'p>> {
        let item = &self.program.domains[domain];
        let field = item
            .fields
            .iter()
            .find(|it| self.program.fields[**it].name.name == name.name);
        let method = item
            .methods
            .iter()
            .find(|it| self.program.methods[**it].decl.name.name == name.name);
        if field.is_none() && method.is_none() {
            return None;
        }
        let problem = names::domain_state(self, domain, name);
        self.report(problem);
        Some(Found::Error)
    }

    /// The library type that implements the members of a type, with its type arguments.
    pub(super) fn receiver_native(&self, ty: &Ty) -> Option<(NativeId, Vec<Ty>)> {
        let lang = &self.program.lang;
        match ty {
            Ty::Native(id, args) => Some((*id, args.to_vec())),
            Ty::String => lang.string.map(|it| (it, Vec::new())),
            Ty::Duration => lang.duration.map(|it| (it, Vec::new())),
            Ty::Array(element) => lang.array.map(|it| (it, vec![(**element).clone()])),
            Ty::Nullable(inner) => lang.nullable.map(|it| (it, vec![(**inner).clone()])),
            _ => lang
                .primitives
                .iter()
                .find(|(primitive, _)| primitive == ty)
                .map(|(_, native)| (*native, Vec::new())),
        }
    }

    pub(super) fn native_member(
        &self,
        native: NativeId,
        args: &[Ty],
        base: ExprId,
        name: &str,
        depth: usize,
    ) -> Option<Natives<'p>> {
        let item = &self.program.natives[native];
        let methods = self.shared.index.native(native, name);
        if !methods.is_empty() {
            return Some(Natives {
                methods,
                params: &item.type_params,
                args: args.to_vec(),
                receiver: Receiver::Expr(base),
            });
        }
        // Library types form no deep hierarchy; the bound only ends a cycle.
        if depth > 8 {
            return None;
        }
        item.bases.iter().find_map(|it| match it.substitute(&item.type_params, args) {
            Ty::Native(id, args) => self.native_member(id, &args, base, name, depth + 1),
            _ => None,
        })
    }

    /// A property, or a method as a function value.
    pub(super) fn native_value(&mut self, id: ExprId, natives: &Natives<'p>) -> Ty {
        let methods = natives.methods;
        let is_property =
            |it: &&MethodId| self.program.methods[**it].kind == MethodKind::Property;
        let method = *methods.iter().find(is_property).unwrap_or(&methods[0]);
        let declared = &self.program.methods[method];
        if declared.kind == MethodKind::Property {
            let n_written = match self.kind(id) {
                ExprKind::Member { type_args, .. } => type_args.len(),
                _ => 0,
            };
            if n_written > 0 {
                let (decl, span) = (&declared.decl, self.span(id));
                let problem = names::item_argument_count(self, decl, 0, n_written, span);
                self.report(problem);
            }
            let member = Member::Property { method, type_args: natives.args.clone() };
            self.out.members.insert(id, member);
            if let Some(constant) = self.shared.constants.properties.get(&method) {
                self.out.constants.insert(id, constant.clone());
            }
            return declared.returns.substitute(natives.params, &natives.args);
        }
        if natives.methods.len() > 1 || !declared.type_params.is_empty() {
            let sequence = self.program.lang.sequence.map(Owner::Native);
            let problem = match sequence == Some(declared.decl.owner) {
                true => iterators::not_called(self, id, &declared.decl.name.name),
                false => values::cannot_infer(self, id),
            };
            self.report(problem);
            return Ty::Error;
        }
        self.out.members.insert(id, Member::Method(method));
        let receiver = natives.receiver.clone();
        let owner = Subst::new(natives.params, &natives.args);
        self.method_group(id, method, receiver, &owner, None)
    }

    /// A method name as a function value. What type arguments it needs, those that are
    /// written or the function type that is expected tell.
    pub(super) fn method_group(
        &mut self,
        id: ExprId,
        method: MethodId,
        receiver: Receiver,
        owner: &Subst,
        hint: Option<&Ty>,
    ) -> Ty {
        let declared = &self.program.methods[method];
        let Some(type_args) = self.group_args(id, method, owner, hint) else {
            return Ty::Error;
        };
        let fill =
            |ty: &Ty| owner.apply(ty).substitute(&declared.type_params, &type_args);
        let inputs: Args = declared.params.iter().map(|it| fill(&it.ty)).collect();
        if inputs.contains(&Ty::Any) {
            let problem = values::cannot_infer(self, id);
            self.report(problem);
            return Ty::Error;
        }
        let returns = fill(&declared.returns);
        self.convert(id, Conversion::MethodToFunc { method, receiver, type_args });
        Ty::Func { params: inputs, returns: returns.into() }
    }

    /// The type arguments of a method that is not called here; reports it where nothing
    /// tells them.
    pub(super) fn group_args(
        &mut self,
        id: ExprId,
        method: MethodId,
        owner: &Subst,
        hint: Option<&Ty>,
    ) -> Option<Vec<Ty>> {
        let declared = &self.program.methods[method];
        let span = self.span(id);
        self.meets_owner(&declared.constraints, owner, span);
        let written: &[Ty] = match self.kind(id) {
            ExprKind::Member { type_args, .. } => type_args,
            _ => self.body.type_args.get(id).map_or(&[], Vec::as_slice),
        };
        let n_params = declared.type_params.len();
        if !written.is_empty() && written.len() != n_params {
            let problem = names::type_argument_count(self, declared, written.len(), span);
            self.report(problem);
            return None;
        }
        if n_params == 0 {
            return Some(Vec::new());
        }
        for ty in written {
            self.well_formed(ty, span);
        }
        let before = self.problems.len();
        let mut inference = Inference::new(&declared.type_params, written);
        let params = declared.params.iter().map(|it| owner.apply(&it.ty)).collect();
        let returns = owner.apply(&declared.returns).into();
        let whole = inference.open(&Ty::Func { params, returns });
        inference.expect(&whole, hint);
        let name = &declared.decl.name;
        let how = |args: &str| format!("{}{args}", name.name);
        self.solve(&inference, name, (span, before), &how)
    }

    /// A bare method name where a value is wanted.
    pub(super) fn method_value(
        &mut self,
        id: ExprId,
        method: MethodId,
        hint: Option<&Ty>,
    ) -> Ty {
        self.early_reads(Code::Method(method), id);
        let receiver = self.receiver_of(method);
        let owner = self.own_owner(method);
        self.method_group(id, method, receiver, &owner, hint)
    }

    /// Whose member a bare method name is.
    pub(super) fn receiver_of(&self, method: MethodId) -> Receiver {
        match self.program.methods[method].decl.owner {
            Owner::Agent(_) | Owner::Record(_) | Owner::Native(_) | Owner::Enum(_) => {
                Receiver::This
            }
            Owner::Domain(domain) => Receiver::Domain(self.level_of(domain).unwrap_or(0)),
            Owner::Namespace | Owner::Channel(_) | Owner::Space(_) => Receiver::None,
        }
    }
}
