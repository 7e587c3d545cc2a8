//! Members of the library that the runtime implements. Their names and effects stand in
//! the library's declarations.

use crate::hir::ExprId;
use crate::hir::item::{Method, Owner};
use crate::hir::ty::{Args, Ty};
use crate::hir::{MethodId, NativeId, TypeParamId};
use crate::ir::{Callee, Expr, ExprKind};
use crate::types::tables::{ArgBinding, Receiver};

use super::Lower;
use super::body::Fx;
use super::build::{At, Flags};
use super::format::shown;
use super::place::Place;

impl<'a> Fx<'_, 'a> {
    pub(super) fn native_call(
        &mut self,
        method: MethodId,
        receiver: &Receiver,
        args: &[ArgBinding],
        type_args: &Args,
    ) -> Expr {
        let at = self.at;
        match receiver {
            Receiver::Expr(base) if self.is_sequence_member(method) => {
                self.sequence_member(method, *base, args)
            }
            Receiver::Expr(base) => {
                let place = self.place(*base);
                self.at = at;
                self.native_method(method, place, args)
            }
            _ => self.native_function(method, args, type_args),
        }
    }

    /// `Console.WriteLine(x)`
    fn native_function(
        &mut self,
        method: MethodId,
        args: &[ArgBinding],
        type_args: &Args,
    ) -> Expr {
        let at = self.at;
        let it = &self.lower.program.methods[method];
        let sig = it.native.as_ref().expect("asked for native functions only");
        if sig.format {
            return self.formatting(method, args);
        }
        let held = self.arguments(method, args);
        self.at = at;
        let args = self.settled(held);
        let args = passed(at, &self.lower.passing(it), false, args);
        // What no argument tells is written out.
        let told = |id: &TypeParamId| {
            let without = |ty: &Ty| ty.substitute(&[*id], &[Ty::Error]) == *ty;
            !it.params.iter().all(|param| without(&param.ty))
        };
        let generics = match it.type_params.iter().all(told) {
            true => vec![],
            false => type_args.iter().map(|ty| self.lower.ty(ty)).collect(),
        };
        let callee = match sig.module {
            Some(_) => Callee::Item(self.lower.foreign_item(method)),
            None => Callee::Rt(self.function_path(method), generics),
        };
        let call = at.callee(callee, args);
        self.marked(method, call)
    }

    /// The path of a function of a library namespace.
    pub(super) fn function_path(&self, method: MethodId) -> String {
        let it = &self.lower.program.methods[method];
        let sig = it.native.as_ref().expect("asked for native functions only");
        match it.decl.owner {
            Owner::Space(space) => {
                format!("{}::{}", self.lower.program.spaces[space].rust, sig.rust)
            }
            Owner::Native(native) => {
                format!("{}::{}", self.lower.program.natives[native].rust, sig.rust)
            }
            _ => sig.rust.clone(),
        }
    }

    /// Adds what the declaration says: that it throws, that it waits.
    fn marked(&mut self, method: MethodId, mut call: Expr) -> Expr {
        let sig = self.signature(method);
        if sig.throws {
            call = call.fallible();
        }
        if sig.suspends {
            call = call.awaited();
            self.suspend();
        }
        call
    }

    fn signature(&self, method: MethodId) -> &'a crate::hir::item::NativeSignature {
        self.lower.program.methods[method]
            .native
            .as_ref()
            .unwrap_or_else(|| unreachable!("members of library types are native"))
    }

    /// `Console.WriteLine("{0} {1}", a, b)`, `String.Format(…)`
    fn formatting(&mut self, method: MethodId, args: &[ArgBinding]) -> Expr {
        let at = self.at;
        let (format, values) = match args {
            [ArgBinding::Expr(format), ArgBinding::Rest(values)] => {
                (*format, &values[..])
            }
            [ArgBinding::Expr(format)] => (*format, &[][..]),
            _ => unreachable!("a format and its values"),
        };
        if let Some(text) = self.constant_text(format)
            && let Some(plain) = self.unformatted(method)
            && let Some(text) = self.composite(&text, values)
        {
            self.at = at;
            return match plain {
                Unformatted::Itself => text,
                Unformatted::By(path) => at.rt(&path, vec![shown(at, text)]),
            };
        }
        let mut held = vec![];
        let value = self.value(format);
        held.push(self.hold(value));
        for value in values {
            held.push(self.printed(*value));
        }
        self.at = at;
        let operands = self.settled(held);
        let args = passed(at, &[], true, operands);
        let call = at.rt(&self.function_path(method), args);
        self.marked(method, call)
    }

    /// What a formatting function does with the finished text.
    fn unformatted(&self, method: MethodId) -> Option<Unformatted> {
        let program = self.lower.program;
        let it = &program.methods[method];
        if it.returns == Ty::String {
            return Some(Unformatted::Itself);
        }
        let Owner::Space(space) = it.decl.owner else { return None };
        let sibling = program.spaces[space].members.iter().copied().find(|&other| {
            let other = &program.methods[other];
            other.decl.name.name == it.decl.name.name
                && matches!(&other.params[..], [param] if param.ty == Ty::Any)
                && other.native.as_ref().is_some_and(|sig| !sig.format && !sig.throws)
        })?;
        Some(Unformatted::By(self.function_path(sibling)))
    }

    /// A method of a library type on the value in `place`.
    pub(super) fn native_method(
        &mut self,
        method: MethodId,
        place: Place,
        args: &[ArgBinding],
    ) -> Expr {
        let at = self.at;
        let sig = self.signature(method);
        let it = &self.lower.program.methods[method];
        let handle = match it.decl.owner {
            Owner::Native(native) => self.lower.program.natives[native].handle,
            _ => false,
        };
        let mutable = sig.mutates && !handle;
        let held = self.arguments(method, args);
        self.at = at;
        let place = match sig.suspends && Self::in_state(&place) {
            true => {
                let ty = place.ty.clone();
                let value = self.read(place);
                let value = self.bind(value);
                self.value_place(value, ty)
            }
            false => place,
        };
        let passing = self.lower.passing(it);
        // Function values may look at the state themselves: they run outside its closure.
        let runs_functions = self.takes_functions(method);
        if runs_functions && Self::in_state(&place) {
            return self.on_copy(place, mutable, held, |at, receiver, args| {
                let call = at.method(receiver, &sig.rust, args);
                if sig.throws { call.fallible() } else { call }
            });
        }
        let call = self.access(place, mutable, held, |at, reached, args| {
            let args = passed(at, &passing, sig.format, args);
            let receiver = if mutable { reached.receiver_mut(at) } else { reached.expr };
            let call = at.method(receiver, &sig.rust, args);
            if sig.throws { call.fallible() } else { call }
        });
        if sig.suspends {
            self.suspend();
            return call.awaited();
        }
        call
    }

    /// `list.Count`, `Math.PI`
    pub(super) fn property(&mut self, method: MethodId, base: ExprId) -> Expr {
        let at = self.at;
        if let Owner::Space(_) = self.lower.program.methods[method].decl.owner {
            let call = at.rt(&self.function_path(method), vec![]);
            return self.marked(method, call);
        }
        // Members of nullables look at the value before any narrowing.
        let nullable = match self.lower.program.methods[method].decl.owner {
            Owner::Native(native) => Some(native) == self.lower.program.lang.nullable,
            _ => false,
        };
        let place = if nullable { self.storage(base) } else { self.place(base) };
        self.at = at;
        self.property_of(method, place)
    }

    pub(super) fn property_of(&mut self, method: MethodId, place: Place) -> Expr {
        self.native_method(method, place, &[])
    }

    /// `new List<int>()`
    pub(super) fn new_native(
        &mut self,
        native: NativeId,
        constructor: MethodId,
        args: &[ArgBinding],
        id: ExprId,
    ) -> Expr {
        let at = self.at;
        let name = match &self.signature(constructor).rust {
            name if name.is_empty() => "new",
            name => name,
        };
        let path = format!("{}::{name}", self.lower.program.natives[native].rust);
        let held = self.arguments(constructor, args);
        self.at = at;
        let args = self.settled(held);
        let it = &self.lower.program.methods[constructor];
        let args = passed(at, &self.lower.passing(it), false, args);
        let of = self.native_args(id);
        let call = at.callee(Callee::Rt(path, of), args);
        self.marked(constructor, call)
    }

    /// Type arguments of the library type that an expression makes a value of.
    pub(super) fn native_args(&mut self, id: ExprId) -> Vec<crate::ir::Ty> {
        let ty = match self.ty(id) {
            Ty::Nullable(inner) => (*inner).clone(),
            other => other,
        };
        match self.lower.ty(&ty) {
            crate::ir::Ty::Rt(_, args) => args,
            _ => Vec::new(),
        }
    }
}

enum Unformatted {
    /// The text is the result.
    Itself,
    /// This function takes it.
    By(String),
}

/// How the runtime takes an argument.
#[derive(Clone, Copy)]
enum Passing {
    Owned,
    /// It is only looked at.
    Shown,
    /// Cases of the library's enums go by their numbers.
    Number,
}

impl Lower<'_> {
    fn passing(&self, method: &Method) -> Vec<Passing> {
        let params = method.params.iter();
        // Functions of Rust files take values of the program as they are.
        if method.native.as_ref().is_some_and(|it| it.module.is_some()) {
            return vec![Passing::Owned; method.params.len()];
        }
        let passing = params.map(|it| match &it.ty {
            Ty::Any => Passing::Shown,
            Ty::Enum(id, _) if !self.is_overflow(*id) => Passing::Number,
            _ => Passing::Owned,
        });
        passing.collect()
    }
}

/// Arguments as the runtime takes them. Behind a format all are values to be shown.
fn passed(at: At, passing: &[Passing], format: bool, args: Vec<Expr>) -> Vec<Expr> {
    let mut args = args.into_iter();
    if format {
        let first: Vec<Expr> = args.by_ref().take(1).collect();
        let values = args.map(|it| shown(at, it)).collect();
        return first.into_iter().chain([at.expr(ExprKind::Slice(values))]).collect();
    }
    args.enumerate()
        .map(|(index, arg)| match passing.get(index) {
            Some(Passing::Shown) => shown(at, arg),
            Some(Passing::Number) => at.cast(arg, crate::ir::Ty::Prim("i32")),
            _ => arg,
        })
        .collect()
}
