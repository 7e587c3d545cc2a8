//! `new`, object and collection initialisers, `with`.

use super::cx::{Cx, Why};
use super::errors::{names, values};
use super::generics;
use super::member::Natives;
use super::tables::{Call, Receiver};
use super::ty::{Property, is_known};
use crate::hir::body::{Arg, Ident, Initializer};
use crate::hir::item::RecordKind;
use crate::hir::ty::{Args, Ty};
use crate::hir::*;

impl<'p> Cx<'p> {
    pub(super) fn new_value(
        &mut self,
        id: ExprId,
        ty: Option<&'p Ty>,
        args: &'p [Arg],
        init: Option<&'p Initializer>,
        hint: Option<&Ty>,
    ) -> Ty {
        let expected = match hint {
            Some(Ty::Nullable(inner)) => Some(&**inner),
            other => other,
        };
        let Some(made) = ty.or(expected.filter(|it| is_known(it))).cloned() else {
            self.absorb_args(args);
            self.absorb_init(init);
            let problem = values::cannot_infer(self, id);
            self.report(problem);
            return Ty::Error;
        };
        // What is expected was looked at where it is declared.
        if ty.is_some() && ty != expected {
            self.well_formed(&made, self.span(id));
        }
        match &made {
            Ty::Error => {
                self.absorb_args(args);
                self.absorb_init(init);
                Ty::Error
            }
            Ty::Record(record, record_args) => {
                self.new_record(id, *record, record_args, args, init);
                made
            }
            Ty::Domain(domain, type_args) => {
                self.reject_init(init);
                self.new_domain(id, *domain, type_args, args)
            }
            _ => match self.receiver_native(&made) {
                Some((native, native_args)) if !matches!(made, Ty::Nullable(_)) => {
                    self.new_native(id, &made, native, native_args, args, init);
                    made
                }
                _ => {
                    self.absorb_args(args);
                    self.absorb_init(init);
                    let problem = names::cannot_make(self, &made, self.span(id));
                    self.report(problem);
                    made
                }
            },
        }
    }

    fn absorb_init(&mut self, init: Option<&Initializer>) {
        match init {
            Some(Initializer::Fields(fields)) => {
                for (_, value) in fields {
                    self.absorb(*value);
                }
            }
            Some(Initializer::Items(items)) => {
                for item in items {
                    self.absorb(*item);
                }
            }
            Some(Initializer::Pairs(pairs)) => {
                for (key, value) in pairs {
                    self.absorb(*key);
                    self.absorb(*value);
                }
            }
            None => {}
        }
    }

    fn reject_init(&mut self, init: Option<&Initializer>) {
        let first = match init {
            Some(Initializer::Fields(fields)) => fields.first().map(|it| it.1),
            Some(Initializer::Items(items)) => items.first().copied(),
            Some(Initializer::Pairs(pairs)) => pairs.first().map(|it| it.0),
            None => None,
        };
        self.absorb_init(init);
        if let Some(first) = first {
            let span = self.span(first);
            self.report(names::no_initializer(span));
        }
    }

    fn new_record(
        &mut self,
        id: ExprId,
        record: RecordId,
        args: &Args,
        values: &'p [Arg],
        init: Option<&'p Initializer>,
    ) {
        let mut fields: Vec<(FieldId, ExprId)> = Vec::new();
        for arg in values {
            match &arg.name {
                Some(name) => self.set_field(record, args, name, arg.value, &mut fields),
                None => self.positional(record, args, values, arg, &mut fields),
            }
        }
        match init {
            Some(Initializer::Fields(items)) => {
                for (name, value) in items {
                    self.set_field(record, args, name, *value, &mut fields);
                }
            }
            // `new Point { }` has nothing to say about fields.
            Some(Initializer::Items(items)) if items.is_empty() => {}
            other => self.reject_init(other),
        }
        self.require_fields(id, record, args, &fields);
        self.out.calls.insert(id, Call::NewRecord { record, fields });
    }

    /// Only exceptions take a value by position: their message (decision 43).
    fn positional(
        &mut self,
        record: RecordId,
        args: &Args,
        values: &'p [Arg],
        arg: &'p Arg,
        fields: &mut Vec<(FieldId, ExprId)>,
    ) {
        if self.shared.is_exception(record) && values.len() == 1 {
            let name = Ident { name: "Message".into(), span: arg.span };
            self.set_field(record, args, &name, arg.value, fields);
            return;
        }
        self.absorb(arg.value);
        let problem = names::record_constructor(self, record, arg.span);
        self.report(problem);
    }

    fn set_field(
        &mut self,
        record: RecordId,
        args: &Args,
        name: &Ident,
        value: ExprId,
        fields: &mut Vec<(FieldId, ExprId)>,
    ) {
        let Some(field) = self.shared.index.field(self.program, record, &name.name)
        else {
            self.absorb(value);
            let problem = names::unknown_field(self, record, name);
            self.report(problem);
            return;
        };
        let want = generics::field_type(self.program, record, args, field);
        self.check(value, &want, Why::Field(field));
        fields.push((field, value));
    }

    /// Reports fields that must be given and are not.
    fn require_fields(
        &mut self,
        id: ExprId,
        record: RecordId,
        args: &Args,
        given: &[(FieldId, ExprId)],
    ) {
        let program = self.program;
        let is_struct = program.records[record].kind == RecordKind::Struct;
        let given: std::collections::BTreeSet<FieldId> =
            given.iter().map(|it| it.0).collect();
        let missing: Vec<FieldId> = generics::record_fields(program, record, args)
            .into_iter()
            .filter(|(id, ty)| {
                let field = &program.fields[*id];
                let has_value = field.optional
                    || field.init.is_some()
                    || (is_struct && self.shared.has(ty, Property::Defaultable));
                !has_value && !ty.is_error() && !given.contains(id)
            })
            .map(|it| it.0)
            .collect();
        if !missing.is_empty() {
            let problem = names::missing_fields(self, record, &missing, self.span(id));
            self.report(problem);
        }
    }

    fn new_native(
        &mut self,
        id: ExprId,
        made: &Ty,
        native: NativeId,
        native_args: Vec<Ty>,
        args: &'p [Arg],
        init: Option<&'p Initializer>,
    ) {
        let item = &self.program.natives[native];
        let constructors = self.shared.index.constructors(native);
        if constructors.is_empty() {
            self.absorb_args(args);
            self.absorb_init(init);
            let problem = names::cannot_make(self, made, self.span(id));
            self.report(problem);
            return;
        }
        let natives = Natives {
            methods: constructors,
            params: &item.type_params,
            args: native_args.clone(),
            receiver: Receiver::None,
        };
        let what = format!("`{}`", item.decl.name.name);
        if let Some(chosen) = self.choose(&natives, &what, &[], args, self.span(id)) {
            let call = Call::NewNative {
                native,
                type_args: native_args.clone(),
                constructor: chosen.method,
                args: chosen.args,
            };
            self.out.calls.insert(id, call);
        }
        self.fill_collection(made, native, &native_args, init);
    }

    /// `{ a, b }` and `{ { k, v }, … }` behind a new collection.
    fn fill_collection(
        &mut self,
        made: &Ty,
        native: NativeId,
        args: &[Ty],
        init: Option<&'p Initializer>,
    ) {
        let lang = &self.program.lang;
        let id = Some(native);
        match init {
            None => {}
            Some(Initializer::Items(items)) if items.is_empty() => {}
            Some(Initializer::Items(items))
                if id == lang.list
                    || id == lang.set
                    || id == lang.queue
                    || id == lang.stack =>
            {
                for item in items {
                    self.check(*item, &args[0], Why::Nothing);
                }
            }
            Some(Initializer::Items(items)) if id == lang.dictionary => {
                self.absorb_init(init);
                let span = self.span(items[0]);
                self.report(names::pairs_wanted(span));
            }
            Some(Initializer::Pairs(pairs)) if id == lang.dictionary => {
                for (key, value) in pairs {
                    self.check(*key, &args[0], Why::Nothing);
                    self.check(*value, &args[1], Why::Nothing);
                }
            }
            Some(Initializer::Fields(fields)) => {
                self.absorb_init(init);
                if let Some((name, _)) = fields.first() {
                    let text = self.show(made);
                    self.report(names::unknown_member(&text, name, []));
                }
            }
            other => self.reject_init(other),
        }
    }

    /// `e with { A = 1 }`
    pub(super) fn with(
        &mut self,
        id: ExprId,
        operand: ExprId,
        fields: &'p [(Ident, ExprId)],
    ) -> Ty {
        let ty = self.value(operand);
        let Ty::Record(record, args) = &ty else {
            for (_, value) in fields {
                self.absorb(*value);
            }
            if !ty.is_error() {
                let problem = names::with_on(self, operand, &ty);
                self.report(problem);
            }
            return Ty::Error;
        };
        let mut set = Vec::new();
        for (name, value) in fields {
            self.set_field(*record, args, name, *value, &mut set);
        }
        self.out.calls.insert(id, Call::NewRecord { record: *record, fields: set });
        ty
    }
}
