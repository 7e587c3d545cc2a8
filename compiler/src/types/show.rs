//! Types as text, spelled as a user writes them. It does not decide when a type is shown
//! with its namespace: the caller does, where two types read alike.

use crate::hir::ty::{Args, IntTy, Ty};
use crate::hir::*;

/// The type as written in a program: `List<int>`, `(int id, string)`, `Impl<Calculator>`.
#[must_use]
pub fn show(program: &Program, ty: &Ty) -> String {
    Show { program, qualified: false }.ty(ty)
}

/// Like [`show`], with the namespaces of declared types in front of their names.
#[must_use]
pub fn show_qualified(program: &Program, ty: &Ty) -> String {
    Show { program, qualified: true }.ty(ty)
}

/// The word for an integer type.
#[must_use]
pub fn int_name(int: IntTy) -> &'static str {
    match int {
        IntTy::SByte => "sbyte",
        IntTy::Short => "short",
        IntTy::Int => "int",
        IntTy::Long => "long",
        IntTy::Byte => "byte",
        IntTy::UShort => "ushort",
        IntTy::UInt => "uint",
        IntTy::ULong => "ulong",
    }
}

struct Show<'p> {
    program: &'p Program,
    qualified: bool,
}

impl Show<'_> {
    fn ty(&self, ty: &Ty) -> String {
        let program = self.program;
        match ty {
            Ty::Error | Ty::Infer(_) => "?".to_owned(),
            Ty::Void => "void".to_owned(),
            Ty::Never => "never".to_owned(),
            Ty::Null => "null".to_owned(),
            Ty::Any => "any".to_owned(),
            Ty::Bool => "bool".to_owned(),
            Ty::Char => "char".to_owned(),
            Ty::String => "string".to_owned(),
            Ty::Int(int) => int_name(*int).to_owned(),
            Ty::Float => "float".to_owned(),
            Ty::Double => "double".to_owned(),
            Ty::Decimal => "decimal".to_owned(),
            Ty::Duration => "Duration".to_owned(),
            Ty::Signal => "Signal".to_owned(),
            Ty::Range => "Range".to_owned(),
            Ty::Index => "Index".to_owned(),
            Ty::Array(element) => match &**element {
                Ty::Func { .. } => format!("({})[]", self.ty(element)),
                _ => format!("{}[]", self.ty(element)),
            },
            Ty::Nullable(inner) => format!("{}?", self.ty(inner)),
            Ty::Tuple(elements) => {
                let parts = elements.iter().map(|it| match &it.name {
                    Some(name) => format!("{} {name}", self.ty(&it.ty)),
                    None => self.ty(&it.ty),
                });
                format!("({})", parts.collect::<Vec<_>>().join(", "))
            }
            Ty::Func { params, returns } => self.func(params, returns),
            Ty::Record(id, args) => self.declared(&program.records[*id].decl, args),
            Ty::Enum(id, args) => self.declared(&program.enums[*id].decl, args),
            Ty::Native(id, _) if program.lang.network == Some(*id) => {
                program.natives[*id].decl.name.name.to_string()
            }
            Ty::Native(id, args) => self.declared(&program.natives[*id].decl, args),
            Ty::Param(id) => program.type_params[*id].name.name.to_string(),
            Ty::Using(id, args, state) => self.end(*id, args, *state, false),
            Ty::Impl(id, args, state) => self.end(*id, args, *state, true),
            Ty::Request(value, reply) => {
                format!("Request<{}, {}>", self.ty(value), self.ty(reply))
            }
            Ty::Domain(id, args) => self.declared(&program.domains[*id].decl, args),
        }
    }

    fn func(&self, params: &[Ty], returns: &Ty) -> String {
        let mut parts: Vec<String> = params.iter().map(|it| self.ty(it)).collect();
        if *returns == Ty::Void {
            if parts.is_empty() {
                return "Action".to_owned();
            }
            return format!("Action<{}>", parts.join(", "));
        }
        parts.push(self.ty(returns));
        format!("Func<{}>", parts.join(", "))
    }

    fn declared(&self, decl: &item::Decl, args: &Args) -> String {
        let mut text = String::new();
        if self.qualified {
            for part in &decl.namespace {
                text.push_str(part);
                text.push('.');
            }
        }
        text.push_str(&decl.name.name);
        if !args.is_empty() {
            let parts: Vec<String> = args.iter().map(|it| self.ty(it)).collect();
            text.push_str(&format!("<{}>", parts.join(", ")));
        }
        text
    }

    fn end(&self, id: ChannelId, args: &Args, state: Option<usize>, own: bool) -> String {
        let channel = &self.program.channels[id];
        let mut text = self.declared(&channel.decl, args);
        if own {
            text = format!("Impl<{text}>");
        }
        if let Some(state) = state.and_then(|it| channel.states.get(it)) {
            text.push('@');
            text.push_str(&state.name.name);
        }
        text
    }
}
