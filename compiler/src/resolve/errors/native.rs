//! What can be wrong with a `native` block as it is written. Whether the Rust file fits it,
//! `foreign` finds.

use crate::diag::words::code_list;
use crate::diag::{Code, Diagnostic};
use crate::support::span::Span;
use crate::syntax::ast::Ident;

/// AX0107: a constructor, property or indexer in a `native` block.
pub(in crate::resolve) fn native_member(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        "a native block declares functions and opaque types",
        span,
        "neither a function nor an `opaque type`",
    )
    .help("declare a function for it, as in `function int Count(Picture p);`")
}

/// AX1004: type parameters.
pub(in crate::resolve) fn generic_native(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::NativeSignature,
        format!("native function `{}` has type parameters", name.name),
        name.span,
        "the Rust function is for certain types",
    )
    .help("declare one function for each type that is needed")
}

fn crate_error(message: String, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::Manifest, message, span, label)
}

/// AX1001: a name that cargo would not take.
pub(in crate::resolve) fn crate_name(name: &Ident) -> Diagnostic {
    crate_error(
        format!("`{}` cannot be the name of a crate", name.name),
        name.span,
        "a name is of letters, digits, `-` and `_`, and begins with a letter",
    )
}

/// AX1001: a table that says no version.
pub(in crate::resolve) fn no_crate_version(name: &Ident, span: Span) -> Diagnostic {
    let message = format!("crate `{}` has no version", name.name);
    crate_error(message, span, "`version` is missing here")
        .help(format!("write `{} = {{ version = \"1.0\" }}`", name.name))
}

/// AX1001: a version that is none.
pub(in crate::resolve) fn crate_version(name: &Ident, version: &Ident) -> Diagnostic {
    let message = format!("`{}` is no version of crate `{}`", version.name, name.name);
    crate_error(message, version.span, "expected numbers, as in `0.25` or `1.0.2`")
}

/// AX1001: a feature that can be none.
pub(in crate::resolve) fn crate_feature(feature: &Ident) -> Diagnostic {
    let message = format!("`{}` cannot be the name of a feature", feature.name);
    crate_error(message, feature.span, "expected a name, as in `png`")
}

/// AX1001: a setting with a value of another kind.
pub(in crate::resolve) fn crate_setting(
    key: &str,
    expected: &str,
    span: Span,
) -> Diagnostic {
    crate_error(format!("`{key}` is {expected}"), span, "something else stands here")
}

/// AX1001: a setting that there is none of.
pub(in crate::resolve) fn unknown_crate_setting(
    key: &Ident,
    known: &[&str],
    close: Option<&str>,
) -> Diagnostic {
    let message = format!("a crate has no setting `{}`", key.name);
    let label = format!("expected {}", code_list(known, "or"));
    let problem = crate_error(message, key.span, label);
    match close {
        Some(close) => {
            problem.fix(format!("use `{close}`"), vec![(key.span, close.to_owned())])
        }
        None => problem,
    }
}
