//! What can be wrong between a `native` block and its Rust file, one constructor each. It
//! decides wording only; the rules are in `foreign` itself.

use super::fit::Fit;
use crate::diag::words::{code_list, count};
use crate::diag::{Code, Diagnostic};
use crate::hir::item::{Enum, Ident, Module};
use crate::hir::ty::Ty;
use crate::hir::{MethodId, ModuleId, Program};
use crate::support::span::Span;
use crate::support::{Name, snake_case};

/// AX1002
pub(super) fn missing(module: &Module, why: &str) -> Diagnostic {
    let path = &module.path.name;
    Diagnostic::error(
        Code::MissingFile,
        format!("the Rust file `{path}` cannot be read"),
        module.path.span,
        why.to_owned(),
    )
    .note("the path is relative to the folder of this file")
}

/// AX0102
pub(super) fn twice(module: &Module, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Duplicate,
        format!("two native blocks are about `{}`", module.path.name),
        module.path.span,
        "the second block for this file",
    )
    .label(first, "the first one")
    .help("declare all that is used of the file in one block")
}

/// AX1004 for what is not Rust.
pub(super) fn unread(module: &Module, message: &str, place: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NativeSignature,
        format!("`{}` cannot be read as Rust", module.path.name),
        module.path.span,
        "named here",
    )
    .label(place, message.to_owned())
}

/// AX1005
pub(super) fn trusted(program: &Program, module: &Module) -> Diagnostic {
    let path = &module.path.name;
    let mut found = Diagnostic::warning(
        Code::NativeCode,
        format!("`{path}` is Rust code, which is trusted and not checked"),
        module.span,
        "taken into the program here",
    );
    let functions: Vec<&Name> =
        module.functions.iter().map(|it| &program.methods[*it].decl.name.name).collect();
    let pure = module.functions.iter().filter(|it| {
        let it = &program.methods[**it];
        it.function.is_some()
    });
    if !functions.is_empty() {
        let promised = match pure.count() {
            0 => String::new(),
            1 => "; 1 promises to have no effect".to_owned(),
            n => format!("; {n} promise to have no effect"),
        };
        let list = code_list(&functions, "and");
        found = found
            .note(format!("{}: {list}{promised}", count(functions.len(), "function")));
    }
    let crates: Vec<String> = module
        .crates
        .iter()
        .map(|it| format!("{} {}", it.name.name, it.version.name))
        .collect();
    if !crates.is_empty() {
        let list = code_list(&crates, "and");
        found = found.note(format!("{}: {list}", count(crates.len(), "crate")));
    }
    found
}

fn type_error(message: String, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::NativeSignature, message, span, label)
}

/// AX1004: an opaque type that the file does not have.
pub(super) fn no_type(module: &Module, name: &Ident) -> Diagnostic {
    let message = format!("`{}` has no type `{}`", module.path.name, name.name);
    type_error(message, name.span, "declared here")
        .help(format!("declare `pub struct {}` there, or `pub type {0} = …;`", name.name))
}

/// AX1004
pub(super) fn private_type(name: &Ident, place: Span) -> Diagnostic {
    type_error(
        format!("Rust type `{}` is not `pub`", name.name),
        name.span,
        "declared here",
    )
    .label(place, "written without `pub`")
    .help("write `pub` before it")
}

/// AX1004
pub(super) fn generic_type(name: &Ident, place: Span) -> Diagnostic {
    let message = format!("Rust type `{}` has parameters", name.name);
    type_error(message, name.span, "an opaque type has none")
        .label(place, "written with parameters")
        .help("declare a `pub type` of another name that leaves none open")
}

/// AX1004: a type that has no form in Rust.
pub(super) fn barred(
    program: &Program,
    module: ModuleId,
    ty: &Ty,
    part: &Ty,
    span: Span,
) -> Diagnostic {
    let show = |ty: &Ty| crate::types::show::show(program, ty);
    let what = show(part);
    let label = if std::ptr::eq(ty, part) || ty == part {
        "has no form in Rust".to_owned()
    } else {
        format!("`{}` holds it", show(ty))
    };
    let problem =
        type_error(format!("`{what}` cannot be handed to native code"), span, label);
    match part {
        Ty::Native(id, _) if program.natives[*id].module.is_some_and(|it| it != module) => {
            problem.note("an opaque type belongs to the Rust file that it is declared with")
        }
        _ => problem.note(
            "numbers, `bool`, `char`, `string`, `Duration`, arrays, lists, sets and \
             dictionaries with plain keys, tuples, nullables, structs, schemas, enums and \
             opaque types can",
        ),
    }
}

/// AX1004: a function that the file does not have.
pub(super) fn no_function(
    module: &Module,
    name: &Ident,
    rust: &str,
    exported: bool,
    expected: &str,
) -> Diagnostic {
    let path = &module.path.name;
    if exported {
        let message = format!("`{path}` takes `{rust}` from elsewhere");
        return type_error(message, name.span, "declared here").help(format!(
            "write a function that calls it, so that its types are known: `{expected}`"
        ));
    }
    type_error(format!("`{path}` has no function `{rust}`"), name.span, "declared here")
        .help(format!("write `{expected}`"))
}

/// AX1004: a function with other types.
pub(super) fn misfit(
    name: &Ident,
    (place, written): (Span, &str),
    mismatch: &str,
    expected: &str,
) -> Diagnostic {
    type_error(mismatch.to_owned(), name.span, "declared here")
        .label(place, format!("found `{written}`"))
        .help(format!("write `{expected}`"))
}

/// AX1004: a struct or enum that the file does not have.
pub(super) fn no_struct(
    module: &Module,
    name: &Ident,
    span: Span,
    expected: &str,
) -> Diagnostic {
    let message = format!("`{}` has no type `{}`", module.path.name, name.name);
    type_error(message, span, "handed to Rust here")
        .label(name.span, "declared here")
        .help(format!("write the same type there: `{expected}`"))
}

/// AX1004: a type that holds values of itself.
pub(super) fn endless(program: &Program, ty: &Ty, span: Span) -> Diagnostic {
    let what = crate::types::show::show(program, ty);
    type_error(
        format!("`{what}` cannot be handed to native code"),
        span,
        "it holds itself",
    )
    .note("a type that holds values of itself has no form that Rust would share")
    .help("hand over what is in it, as a list of tuples or a text")
}

/// AX1004: a struct or enum that differs.
pub(super) fn misfit_struct(
    name: &Ident,
    span: Span,
    place: Span,
    expected: &str,
) -> Diagnostic {
    let message = format!("`{}` in Rust differs from `{0}` of the program", name.name);
    type_error(message, span, "handed to Rust here")
        .label(name.span, "declared here")
        .label(place, "written here")
        .help(format!("write `{expected}`"))
}

/// The signature that would fit.
pub(super) fn expected(fit: &Fit<'_>, method: MethodId) -> String {
    let declared = &fit.program.methods[method];
    let native = declared.native.as_ref();
    let throws = native.and_then(|it| it.module).is_some_and(|it| it.throws);
    let name = native.map_or("", |it| &it.rust);
    let params: Vec<String> = declared
        .params
        .iter()
        .map(|it| format!("{}: {}", identifier(&it.name.name), fit.param(&it.ty)))
        .collect();
    let head = format!("pub fn {}({})", identifier(name), params.join(", "));
    match &declared.returns {
        Ty::Void if !throws => head,
        ty => format!("{head} -> {}", expected_result(fit, ty, throws)),
    }
}

/// The type that a result should have.
pub(super) fn expected_result(fit: &Fit<'_>, ty: &Ty, throws: bool) -> String {
    match throws {
        true => format!("Result<{}, String>", fit.owned(ty)),
        false => fit.owned(ty),
    }
}

/// The struct that would fit.
pub(super) fn expected_struct(
    fit: &Fit<'_>,
    name: &str,
    fields: &[(Name, Ty, Span)],
) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, ty, _)| format!("pub {}: {}", identifier(name), fit.owned(ty)))
        .collect();
    format!("pub struct {name} {{ {} }}", fields.join(", "))
}

/// The enum that would fit.
pub(super) fn expected_enum(fit: &Fit<'_>, data: &Enum) -> String {
    let cases: Vec<String> = data
        .cases
        .iter()
        .map(|case| {
            let name = &case.name.name;
            let parts: Vec<String> =
                case.payload.iter().map(|it| fit.owned(&it.1)).collect();
            match parts.is_empty() {
                true => name.to_string(),
                false => format!("{name}({})", parts.join(", ")),
            }
        })
        .collect();
    format!("pub enum {} {{ {} }}", data.decl.name.name, cases.join(", "))
}

/// A name as Rust takes it.
fn identifier(name: &str) -> String {
    let name = snake_case(name);
    match syn::parse_str::<syn::Ident>(&name) {
        Ok(_) => name,
        Err(_) => format!("r#{name}"),
    }
}

/// A piece of the Rust file on one line.
pub(super) fn written(text: &str, range: &std::ops::Range<usize>) -> String {
    let piece = text.get(range.clone()).unwrap_or_default();
    piece.split_whitespace().collect::<Vec<_>>().join(" ")
}
