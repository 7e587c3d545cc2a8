//! Values made, taken apart or matched in a shape that they do not have.

use super::super::cx::Cx;
use super::super::json::NoJson;
use crate::diag::{Code, Diagnostic, words};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// A type without a default value where one is needed.
pub(in crate::types) fn no_default(cx: &Cx<'_>, ty: &Ty, span: Span) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::MissingField,
        format!("`{text}` has no default value"),
        span,
        "its values must be given",
    )
    .help(format!("write the elements: `new {text}[] {{ … }}`"))
}

pub(in crate::types) fn no_initializer(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Mismatch,
        "this type takes no values in braces",
        span,
        "no initialiser is expected here",
    )
}

pub(in crate::types) fn pairs_wanted(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Mismatch,
        "a dictionary is filled with pairs",
        span,
        "a single value",
    )
    .help("write `{ key, value }` for each entry")
}

/// A struct or schema made with values by position.
pub(in crate::types) fn record_constructor(
    cx: &Cx<'_>,
    record: RecordId,
    span: Span,
) -> Diagnostic {
    let record = &cx.program.records[record];
    let name = &record.decl.name.name;
    let field = record.fields.first().map(|it| &cx.program.fields[*it].name.name);
    let field = field.map_or("A", |it| it);
    let problem = Diagnostic::error(
        Code::ArgumentCount,
        format!("`{name}` has no constructor: its fields are given by name"),
        span,
        "a value without a name",
    );
    let problem = if cx.is_user(record.decl.name.span) {
        problem.label(record.decl.name.span, "declared here")
    } else {
        problem
    };
    problem.help(format!("write `new {name} {{ {field} = … }}`"))
}

/// Fields that must be given and are not.
pub(in crate::types) fn missing_fields(
    cx: &Cx<'_>,
    record: RecordId,
    missing: &[FieldId],
    span: Span,
) -> Diagnostic {
    let decl = &cx.program.records[record].decl;
    let names: Vec<&str> =
        missing.iter().map(|it| &*cx.program.fields[*it].name.name).collect();
    let list = words::code_list(&names, "and");
    let are = if names.len() == 1 { "is" } else { "are" };
    let mut problem = Diagnostic::error(
        Code::MissingField,
        format!("{list} of `{}` {are} not given", decl.name.name),
        span,
        format!("{} missing", words::count(names.len(), "field")),
    );
    for field in missing.iter().take(3) {
        let field = &cx.program.fields[*field];
        if cx.is_user(field.name.span) {
            problem = problem
                .label(field.name.span, format!("`{}` is required", field.name.name));
        }
    }
    let given: Vec<String> = names.iter().take(5).map(|it| format!("{it} = …")).collect();
    let more = if names.len() > given.len() { ", …" } else { "" };
    problem.help(format!("add `{}{more}` to the fields", given.join(", ")))
}

/// `new` of what is not made so.
pub(in crate::types) fn cannot_make(cx: &Cx<'_>, ty: &Ty, span: Span) -> Diagnostic {
    let text = cx.show(ty);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("`{text}` is not made with `new`"),
        span,
        "it has no constructor",
    );
    match ty {
        Ty::Enum(id, _) => match cx.program.enums[*id].cases.first() {
            Some(case) => {
                problem.help(format!("write a case: `{text}.{}`", case.name.name))
            }
            None => problem,
        },
        Ty::Signal => problem.help("its value is `Signal.Value`"),
        Ty::Using(..) => {
            problem.help("an agent with this channel gives one: `A.CreateInNewDomain()`")
        }
        _ if cx.shared.source_element(ty).is_some()
            || cx.shared.target_element(ty).is_some() =>
        {
            problem.help("a point is both: `new OrderedInteractionPoint<T>()`")
        }
        _ => problem,
    }
}

/// `with` on what has no fields.
pub(in crate::types) fn with_on(cx: &Cx<'_>, operand: ExprId, ty: &Ty) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::Mismatch,
        format!("`with` needs a struct or schema, not `{text}`"),
        cx.span(operand),
        format!("this is `{text}`"),
    )
}

/// A lambda with another number of parameters than wanted.
pub(in crate::types) fn lambda_parameters(
    cx: &Cx<'_>,
    lambda: LambdaId,
    wanted: usize,
) -> Diagnostic {
    let lambda = &cx.body.lambdas[lambda];
    let found = words::count(lambda.params.len(), "parameter");
    Diagnostic::error(
        Code::Mismatch,
        format!("a lambda with {found} stands where one with {wanted} is expected"),
        lambda.span,
        format!("has {found}"),
    )
}

/// A parameter of a lambda declared with another type than wanted.
pub(in crate::types) fn lambda_parameter_type(
    cx: &Cx<'_>,
    local: LocalId,
    written: &Ty,
    expected: &Ty,
) -> Diagnostic {
    let local = &cx.body.locals[local];
    let (written, expected) = (cx.show(written), cx.show(expected));
    Diagnostic::error(
        Code::Mismatch,
        format!("parameter `{}` is `{written}`, and gets `{expected}`", local.name),
        local.span,
        format!("`{expected}` is expected"),
    )
}

/// A pattern that no value of the subject's type can match.
pub(in crate::types) fn pattern_mismatch(
    cx: &Cx<'_>,
    span: Span,
    what: &str,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::Mismatch,
        format!("a pattern for {what} cannot match `{text}`"),
        span,
        format!("the value is `{text}`"),
    )
}

/// A value that is taken apart into another number of parts than it has.
pub(in crate::types) fn deconstruct(
    cx: &Cx<'_>,
    span: Span,
    n_parts: usize,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::Mismatch,
        format!("`{text}` does not come apart into {}", words::count(n_parts, "part")),
        span,
        format!("a tuple of {n_parts} is expected"),
    )
}

/// A variable bound to a part of a value, declared with another type.
pub(in crate::types) fn binding_type(
    cx: &Cx<'_>,
    local: LocalId,
    written: &Ty,
    found: &Ty,
) -> Diagnostic {
    let local = &cx.body.locals[local];
    let (written, found) = (cx.show(written), cx.show(found));
    Diagnostic::error(
        Code::Mismatch,
        format!("`{}` is `{written}`, and gets `{found}`", local.name),
        local.span,
        format!("`{found}` is expected"),
    )
    .help(format!("write `{found} {0}` or `var {0}`", local.name))
}

/// `using` of what cannot be closed.
pub(in crate::types) fn not_disposable(
    cx: &Cx<'_>,
    resource: ExprId,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::Mismatch,
        format!("`using` needs `Dispose()` or `Close()`, which `{text}` does not have"),
        cx.span(resource),
        format!("this is `{text}`"),
    )
}

/// `foreach` over what has no elements.
pub(in crate::types) fn not_iterable(
    cx: &Cx<'_>,
    iterable: ExprId,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::Mismatch,
        format!("`foreach` cannot go over `{text}`"),
        cx.span(iterable),
        "a collection, string or source is expected",
    )
}

/// An index on a value that may be null.
pub(in crate::types) fn index_of_null(cx: &Cx<'_>, base: ExprId, ty: &Ty) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::NullUsed,
        format!("`{text}` may be null where an element is taken from it"),
        cx.span(base),
        format!("this is `{text}`"),
    )
    .help("take it with `?[…]`, or test for null first")
}

/// An index of a type that the collection is not indexed by.
pub(in crate::types) fn index_type(
    cx: &Cx<'_>,
    arg: ExprId,
    ty: &Ty,
    found: &Ty,
) -> Diagnostic {
    let (text, found) = (cx.show(ty), cx.show(found));
    Diagnostic::error(
        Code::Mismatch,
        format!("`{text}` is not indexed by `{found}`"),
        cx.span(arg),
        format!("this is `{found}`"),
    )
}

/// An index on what has no elements, or not so many dimensions.
pub(in crate::types) fn not_indexed(
    cx: &Cx<'_>,
    base: ExprId,
    ty: &Ty,
    n_args: usize,
) -> Diagnostic {
    let text = cx.show(ty);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("`{text}` has no elements by {}", words::count(n_args, "index")),
        cx.span(base),
        format!("this is `{text}`"),
    );
    match ty {
        Ty::Tuple(_) => problem.help("elements of a tuple are `.Item1`, `.Item2` …"),
        _ => problem,
    }
}

/// A value whose type is not all plain data, where its JSON form is asked for.
pub(in crate::types) fn no_json(
    cx: &Cx<'_>,
    whole: &Ty,
    found: &NoJson,
    span: Span,
) -> Diagnostic {
    let (text, part) = (cx.show(whole), cx.show(&found.ty));
    let what = match &found.ty {
        Ty::Func { .. } => "a function value",
        Ty::Param(_) => "a type parameter, which promises no JSON form",
        Ty::Using(..) | Ty::Impl(..) | Ty::Request(..) => "an end of a conversation",
        Ty::Domain(..) => "a handle of a domain",
        Ty::Record(..) => "an exception",
        Ty::Tuple(_) => "a tuple of more than 12 elements",
        _ => "no plain data",
    };
    let label = match (&found.inside, found.key) {
        (Some(inside), true) => format!("the keys in `{inside}` are `{part}`"),
        (None, true) => format!("its keys are `{part}`"),
        (Some(inside), false) => format!("`{inside}` is `{part}`, {what}"),
        (None, false) => format!("`{part}` is {what}"),
    };
    let message = format!("`{text}` has no JSON form");
    let problem = Diagnostic::error(Code::Constraint, message, span, label);
    if found.key {
        return problem.note(
            "keys are `string`, `char`, `bool`, whole numbers, `decimal` or an enum without payload",
        );
    }
    problem.note(
        "plain data are numbers, `bool`, `char`, `string`, `Duration`, `Json`, structs, schemas, enums, and nullables, tuples, arrays, lists, sets and dictionaries of these",
    )
}
