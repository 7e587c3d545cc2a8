//! Calls whose arguments do not go with what is called.

use super::super::call::{ArgFault, Signature};
use super::super::cx::Cx;
use super::super::member::Natives;
use super::super::place::NoPlace;
use crate::diag::{Code, Diagnostic, suggest::closest, words};
use crate::hir::body::{Arg, Ident};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// Arguments do not match parameters.
pub(in crate::types) fn arguments(
    cx: &Cx<'_>,
    signature: &Signature<'_>,
    args: &[Arg],
    span: Span,
    fault: &ArgFault,
) -> Diagnostic {
    let what = &signature.what;
    let problem = match fault {
        ArgFault::Count => {
            let most = signature.params.len();
            let least = signature.optional.iter().filter(|it| !**it).count();
            let wanted = if least == most {
                words::count(most, "argument")
            } else {
                format!("{least} to {}", words::count(most, "argument"))
            };
            Diagnostic::error(
                Code::ArgumentCount,
                format!("{what} takes {wanted}, not {}", args.len()),
                span,
                match args.len() > most {
                    true => "too many".to_owned(),
                    false => missing(signature, args.len()),
                },
            )
        }
        ArgFault::UnknownName(at) => {
            let name = args[*at].name.as_ref().map_or("", |it| &it.name);
            let near = closest(name, signature.params.iter().map(|it| &*it.name));
            let problem = Diagnostic::error(
                Code::ArgumentCount,
                format!("{what} has no parameter `{name}`"),
                args[*at].span,
                "unknown parameter",
            );
            match near {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            }
        }
        ArgFault::Twice(at) => Diagnostic::error(
            Code::ArgumentCount,
            format!("a parameter of {what} is given twice"),
            args[*at].span,
            "it has an argument already",
        ),
        ArgFault::Missing(at) => Diagnostic::error(
            Code::ArgumentCount,
            format!("{what} needs an argument for `{}`", signature.params[*at].name),
            span,
            "missing here",
        ),
    };
    match signature.span {
        Some(declared) if cx.is_user(declared) => {
            problem.label(declared, "declared here")
        }
        _ => problem,
    }
}

fn missing(signature: &Signature<'_>, given: usize) -> String {
    let names: Vec<&str> = signature
        .params
        .iter()
        .zip(&signature.optional)
        .skip(given)
        .filter(|(_, optional)| !**optional)
        .map(|(name, _)| &*name.name)
        .collect();
    format!("{} missing", words::code_list(&names, "and"))
}

/// No overload takes so many arguments.
pub(in crate::types) fn no_overload(
    cx: &Cx<'_>,
    natives: &Natives<'_>,
    what: &str,
    args: &[Arg],
    span: Span,
) -> Diagnostic {
    let mut counts: Vec<usize> =
        natives.methods.iter().map(|it| cx.program.methods[*it].params.len()).collect();
    counts.sort_unstable();
    counts.dedup();
    let wanted = match counts.as_slice() {
        [one] => words::count(*one, "argument"),
        several => {
            let several: Vec<String> = several.iter().map(usize::to_string).collect();
            format!("{} arguments", words::list(&several, "or"))
        }
    };
    Diagnostic::error(
        Code::ArgumentCount,
        format!("{what} takes {wanted}, not {}", args.len()),
        span,
        words::count(args.len(), "argument"),
    )
}

/// What is called is no method and no function value.
pub(in crate::types) fn not_callable(
    cx: &Cx<'_>,
    callee: ExprId,
    ty: Option<&Ty>,
) -> Diagnostic {
    let label = match ty {
        Some(ty) => format!("this is `{}`", cx.show(ty)),
        None => "this is a type".to_owned(),
    };
    let problem = Diagnostic::error(
        Code::Mismatch,
        "what is called is neither a method nor a function value",
        cx.span(callee),
        label,
    );
    if ty.is_none() { problem.help("`new` makes a value of a type") } else { problem }
}

/// Wrong number of arguments for a function value.
pub(in crate::types) fn function_value_arguments(
    cx: &Cx<'_>,
    ty: &Ty,
    n_params: usize,
    args: &[Arg],
    span: Span,
) -> Diagnostic {
    let text = cx.show(ty);
    if let Some(named) = args.iter().find(|it| it.name.is_some()) {
        return Diagnostic::error(
            Code::ArgumentCount,
            format!("parameters of `{text}` have no names"),
            named.span,
            "an argument by name",
        );
    }
    Diagnostic::error(
        Code::ArgumentCount,
        format!(
            "`{text}` takes {}, not {}",
            words::count(n_params, "argument"),
            args.len()
        ),
        span,
        words::count(args.len(), "argument"),
    )
}

/// A case of an enum with the wrong number of values or sub-patterns.
pub(in crate::types) fn case_arguments(
    cx: &Cx<'_>,
    id: EnumId,
    case: usize,
    found: usize,
    span: Span,
) -> Diagnostic {
    let case = &cx.program.enums[id].cases[case];
    let wanted = words::count(case.payload.len(), "value");
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("case `{}` carries {wanted}, not {found}", case.name.name),
        span,
        words::count(found, "value"),
    );
    if cx.is_user(case.name.span) {
        problem.label(case.name.span, "declared here")
    } else {
        problem
    }
}

pub(in crate::types) fn property_called(name: &Ident, ty: &str) -> Diagnostic {
    Diagnostic::error(
        Code::Mismatch,
        format!("`{}` is a property, not a method", name.name),
        name.span,
        format!("its value is `{ty}`"),
    )
    .help("leave out the parentheses")
}

/// A type argument that neither the arguments nor what is expected tell.
pub(in crate::types) fn argument_unknown(
    cx: &Cx<'_>,
    name: &Ident,
    missing: Option<TypeParamId>,
    span: Span,
    written: &str,
) -> Diagnostic {
    let param = missing.map(|it| &cx.program.type_params[it].name);
    let what = param.map_or("?", |it| &it.name);
    let problem = Diagnostic::error(
        Code::CannotInfer,
        format!("the type argument `{what}` of `{}` is not known", name.name),
        span,
        "neither values nor an expected type tell it",
    );
    let problem = match param {
        Some(param) if cx.is_user(param.span) => {
            problem.label(param.span, format!("`{what}` is declared here"))
        }
        _ => problem,
    };
    problem.help(format!("write it: `{written}`"))
}

/// More or fewer type arguments than a method has type parameters.
pub(in crate::types) fn type_argument_count(
    cx: &Cx<'_>,
    method: &item::Method,
    given: usize,
    span: Span,
) -> Diagnostic {
    item_argument_count(cx, &method.decl, method.type_params.len(), given, span)
}

/// More or fewer type arguments than there are type parameters.
pub(in crate::types) fn item_argument_count(
    cx: &Cx<'_>,
    decl: &item::Decl,
    n_params: usize,
    given: usize,
    span: Span,
) -> Diagnostic {
    let name = &decl.name;
    let takes = match n_params {
        0 => "takes no type arguments".to_owned(),
        n => format!("takes {}", words::count(n, "type argument")),
    };
    let given = match given {
        1 => "1 is given".to_owned(),
        n => format!("{n} are given"),
    };
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("`{}` {takes}, and {given}", name.name),
        span,
        "named here",
    );
    if cx.is_user(name.span) {
        problem.label(name.span, "declared here")
    } else {
        problem
    }
}

/// A generic function's name alone, where nothing tells its type arguments.
pub(in crate::types) fn type_arguments_unknown(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::CannotInfer,
        format!("the type arguments of `{name}` are not known"),
        span,
        "the arguments do not tell them",
    )
    .help(format!("write them: `{name}<…>(…)`"))
}

pub(in crate::types) fn format_arguments(
    span: Span,
    highest: usize,
    n_values: usize,
) -> Diagnostic {
    Diagnostic::error(
        Code::ArgumentCount,
        format!("the format names `{{{highest}}}`, and {} given", are(n_values)),
        span,
        "counted from 0",
    )
}

fn are(n: usize) -> String {
    match n {
        0 => "no value is".to_owned(),
        1 => "1 value is".to_owned(),
        n => format!("{n} values are"),
    }
}

pub(in crate::types) fn format_malformed(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Code::BadLiteral, "the format is malformed", span, what)
}

/// An argument that cannot leave its domain.
pub(in crate::types) fn not_sendable_argument(
    cx: &Cx<'_>,
    id: ExprId,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::NotSendable,
        format!("`{text}` cannot be given to another domain"),
        cx.span(id),
        format!("this is `{text}`"),
    )
    .note("points, sources, targets and networks stay in the domain that made them")
}

/// What is assigned or changed is no place.
pub(in crate::types) fn not_assignable(
    cx: &Cx<'_>,
    id: ExprId,
    reason: NoPlace,
) -> Diagnostic {
    let span = cx.span(id);
    let error = |headline: String, label: &str| {
        Diagnostic::error(Code::NotAssignable, headline, span, label)
    };
    match reason {
        NoPlace::Foreach(local) => {
            let local = &cx.body.locals[local];
            error(
                format!("`{}` of the `foreach` cannot be assigned", local.name),
                "it is a copy of the element",
            )
            .label(local.span, "declared here")
            .help("go over the indices with `for`, and assign the element")
        }
        NoPlace::ConstLocal(local) => {
            let local = &cx.body.locals[local];
            error(format!("constant `{}` cannot be assigned", local.name), "a constant")
                .label(local.span, "declared `const` here")
        }
        NoPlace::Using(local) => {
            let local = &cx.body.locals[local];
            error(
                format!("`{}` of the `using` cannot be assigned", local.name),
                "it is closed at the end of its block",
            )
            .label(local.span, "declared here")
        }
        NoPlace::Readonly(field) => {
            let field = &cx.program.fields[field];
            error(
                format!("`{}` is `readonly`", field.name.name),
                "assigned outside of a constructor",
            )
            .label(field.name.span, "declared `readonly` here")
        }
        NoPlace::Schema(field) => {
            let field = &cx.program.fields[field];
            let problem = Diagnostic::error(
                Code::SchemaField,
                format!("field `{}` of a schema is assigned", field.name.name),
                span,
                "a schema never changes",
            );
            let problem = if cx.is_user(field.name.span) {
                problem.label(field.name.span, "declared here")
            } else {
                problem
            };
            problem.help(format!(
                "make a changed copy: `… with {{ {} = … }}`",
                field.name.name
            ))
        }
        NoPlace::Temporary => error(
            "what is assigned is no place but a temporary value".to_owned(),
            "nothing would keep the change",
        )
        .help("keep the value in a variable first"),
        NoPlace::ReadOnlyMember => {
            error("this can only be read".to_owned(), "it cannot be assigned")
        }
        NoPlace::NotAValue => error(
            "what is assigned is no variable".to_owned(),
            "a variable, field or element is expected",
        ),
    }
}

/// A method that changes a value which nobody keeps.
pub(in crate::types) fn mutates_temporary(
    cx: &Cx<'_>,
    call: ExprId,
    base: ExprId,
    name: &Ident,
    reason: NoPlace,
) -> Diagnostic {
    let label = match reason {
        NoPlace::Foreach(_) => "a `foreach` variable is a copy of the element",
        _ => "this is a temporary value",
    };
    Diagnostic::warning(
        Code::MutatesTemporary,
        format!("`{}` changes a value that nothing keeps", name.name),
        cx.span(call),
        "the change is lost",
    )
    .label(cx.span(base), label)
    .help("keep the value in a variable first")
}

/// `: base(…)` with the wrong number of arguments, or none where some are needed.
pub(in crate::types) fn base_arguments(
    program: &Program,
    span: Span,
    (least, most): (usize, usize),
    found: usize,
    declared: Option<Span>,
) -> Diagnostic {
    let wanted = if least == most {
        words::count(most, "argument")
    } else {
        format!("{least} to {}", words::count(most, "argument"))
    };
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("the base constructor takes {wanted}, not {found}"),
        span,
        words::count(found, "argument"),
    );
    let problem = match declared {
        Some(declared) if declared.file.0 < program.n_user_files => {
            problem.label(declared, "declared here")
        }
        _ => problem,
    };
    if found == 0 { problem.help("pass them on: `: base(…)`") } else { problem }
}

/// A name that no parameter of the base constructor has, or one that has its value already.
pub(in crate::types) fn base_argument_name(
    program: &Program,
    name: &Ident,
    declared: Option<Span>,
) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("the base constructor takes no argument `{}` here", name.name),
        name.span,
        "no parameter is left for it",
    );
    match declared {
        Some(declared) if declared.file.0 < program.n_user_files => {
            problem.label(declared, "declared here")
        }
        _ => problem,
    }
}
