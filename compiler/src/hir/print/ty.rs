//! Types of the dump. Messages spell types by `types::show`.

use super::path;
use crate::hir::Program;
use crate::hir::item::Decl;
use crate::hir::ty::{IntTy, Ty};

/// The type as it would be written.
#[must_use]
pub fn ty_text(program: &Program, ty: &Ty) -> String {
    let all = |tys: &[Ty]| {
        tys.iter().map(|it| ty_text(program, it)).collect::<Vec<_>>().join(", ")
    };
    let named = |decl: &Decl, args: &[Ty]| match args.is_empty() {
        true => path(program, decl),
        false => format!("{}<{}>", path(program, decl), all(args)),
    };
    let at_state = |channel: crate::hir::ChannelId, state: &Option<usize>| match state {
        Some(index) => match program.channels[channel].states.get(*index) {
            Some(state) => format!("@{}", state.name.name),
            None => "@?".to_owned(),
        },
        None => String::new(),
    };
    match ty {
        Ty::Error => "?".into(),
        Ty::Void => "void".into(),
        Ty::Never => "never".into(),
        Ty::Null => "null".into(),
        Ty::Any => "any".into(),
        Ty::Bool => "bool".into(),
        Ty::Char => "char".into(),
        Ty::String => "string".into(),
        Ty::Int(int) => int_text(*int).into(),
        Ty::Float => "float".into(),
        Ty::Double => "double".into(),
        Ty::Decimal => "decimal".into(),
        Ty::Duration => "Duration".into(),
        Ty::Signal => "Signal".into(),
        Ty::Range => "Range".into(),
        Ty::Index => "Index".into(),
        Ty::Array(element) => format!("{}[]", ty_text(program, element)),
        Ty::Nullable(inner) => format!("{}?", ty_text(program, inner)),
        Ty::Tuple(elements) => {
            let parts: Vec<String> = elements
                .iter()
                .map(|it| match &it.name {
                    Some(name) => format!("{} {name}", ty_text(program, &it.ty)),
                    None => ty_text(program, &it.ty),
                })
                .collect();
            format!("({})", parts.join(", "))
        }
        Ty::Func { params, returns } if **returns == Ty::Void => {
            match params.is_empty() {
                true => "Action".into(),
                false => format!("Action<{}>", all(params)),
            }
        }
        Ty::Func { params, returns } => {
            let mut parts: Vec<String> =
                params.iter().map(|it| ty_text(program, it)).collect();
            parts.push(ty_text(program, returns));
            format!("Func<{}>", parts.join(", "))
        }
        Ty::Record(id, args) => named(&program.records[*id].decl, args),
        Ty::Enum(id, args) => named(&program.enums[*id].decl, args),
        Ty::Native(id, args) => named(&program.natives[*id].decl, args),
        Ty::Param(id) => program.type_params[*id].name.name.to_string(),
        Ty::Using(id, args, state) => {
            named(&program.channels[*id].decl, args) + &at_state(*id, state)
        }
        Ty::Impl(id, args, state) => {
            let channel = named(&program.channels[*id].decl, args);
            format!("Impl<{channel}>{}", at_state(*id, state))
        }
        Ty::Request(value, reply) => {
            format!("Request<{}, {}>", ty_text(program, value), ty_text(program, reply))
        }
        Ty::Domain(id, args) => named(&program.domains[*id].decl, args),
        Ty::Infer(id) => format!("_{id}"),
    }
}

fn int_text(int: IntTy) -> &'static str {
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
