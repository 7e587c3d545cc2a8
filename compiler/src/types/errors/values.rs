//! Values of the wrong type, missing values, and operators that types do not have.

use super::super::convert::{Fit, fits_constant};
use super::super::cx::{Cx, Why};
use super::super::show::{int_name, show_qualified};
use super::super::tables::{Call, Constant, SendKind};
use super::super::ty::{Property, int_range, is_numeric};
use super::because;
use crate::diag::{Code, Diagnostic};
use crate::hir::body::{ExprKind, Literal};
use crate::hir::ty::{IntTy, Ty};
use crate::hir::*;
use crate::support::span::Span;
use crate::syntax::ast::Ident;

/// The value of `id` has type `found` and does not take type `want`.
pub(in crate::types) fn mismatch(
    cx: &Cx<'_>,
    id: ExprId,
    found: &Ty,
    want: &Ty,
    why: Why,
) -> Diagnostic {
    let span = cx.span(id);
    if *found == Ty::Void {
        return because(cx, no_value(cx, id), why);
    }
    if let Some(problem) = null_where_value(cx, id, found, want) {
        return because(cx, problem, why);
    }
    if is_numeric(found) && is_numeric(innermost(want)) {
        return because(cx, narrowing(cx, id, found, innermost(want)), why);
    }
    if let Ty::Request(payload, _) = found
        && cx.shared.implicit(payload, want, None).fits()
    {
        let problem = Diagnostic::error(
            Code::RequestPort,
            format!(
                "a request is found where its value, `{}`, is expected",
                cx.show(want)
            ),
            span,
            format!("this is `{}`", cx.show(found)),
        )
        .help("the value of the request is its `.Value`");
        return because(cx, problem, why);
    }
    if *want == Ty::Any {
        let problem = Diagnostic::error(
            Code::Mismatch,
            format!("`{}` has no text to print", cx.show(found)),
            span,
            "a function value or a handle cannot be printed",
        );
        return match cx.shared.source_element(found) {
            Some(_) => problem.help("`receive(…)` takes a message out of a source"),
            None => problem,
        };
    }
    let (found_text, want_text) = texts(cx, found, want);
    let problem = if why == Why::Condition {
        Diagnostic::error(
            Code::Mismatch,
            format!("a condition is `bool`, not `{found_text}`"),
            span,
            format!("this is `{found_text}`"),
        )
    } else if let Why::Port(port) = why {
        let name = &cx.program.ports[port].name.name;
        Diagnostic::error(
            Code::Mismatch,
            format!("port `{name}` takes `{want_text}`, not `{found_text}`"),
            span,
            format!("this is `{found_text}`"),
        )
    } else if let Why::Reply(_) = why {
        Diagnostic::error(
            Code::Mismatch,
            format!("the reply is `{want_text}`, not `{found_text}`"),
            span,
            format!("this is `{found_text}`"),
        )
    } else {
        Diagnostic::error(
            Code::Mismatch,
            format!("expected `{want_text}`, found `{found_text}`"),
            span,
            format!("this is `{found_text}`"),
        )
    };
    let problem = kept_by_protocol(cx, problem, found, want);
    let problem = match (cx.kind(id), why) {
        (ExprKind::Assign { .. }, Why::Condition) => problem.help("`==` compares"),
        (ExprKind::Literal(Literal::Int { value, .. }), _)
            if *innermost(want) == Ty::Duration =>
        {
            problem.help(format!(
                "a duration has a unit: `{value}ms`, `{value}s`, `{value}min`"
            ))
        }
        _ => with_remedy(cx, problem, found, want),
    };
    because(cx, problem, why)
}

/// An end of a channel with a protocol is none of the channel that it derives from.
fn kept_by_protocol(
    cx: &Cx<'_>,
    problem: Diagnostic,
    found: &Ty,
    want: &Ty,
) -> Diagnostic {
    let (id, base) = match (found, want) {
        (Ty::Using(id, ..), Ty::Using(base, ..))
        | (Ty::Impl(id, ..), Ty::Impl(base, ..)) => (*id, *base),
        _ => return problem,
    };
    let chain = || super::super::index::channels(cx.program, id);
    let with_protocol = chain().find(|it| !cx.program.channels[*it].states.is_empty());
    match with_protocol {
        Some(channel) if id != base && chain().any(|it| it == base) => {
            let decl = &cx.program.channels[channel].decl;
            let name = &decl.name.name;
            let text = format!("`{name}` has a protocol, so its ends keep their type");
            problem.label(decl.name.span, text)
        }
        _ => problem,
    }
}

fn with_remedy(cx: &Cx<'_>, problem: Diagnostic, found: &Ty, want: &Ty) -> Diagnostic {
    let printable = cx.shared.has(found, super::super::ty::Property::Printable);
    if let Some(member) = collecting(cx, found, want) {
        return problem.help(format!("`.{member}()` collects the elements"));
    }
    if *found != Ty::Error && cx.shared.coerce(found, want).is_ok() {
        return problem
            .help(format!("a cast makes one from the fields: `({})…`", cx.show(want)));
    }
    match want {
        Ty::String if printable => problem.help("`.ToString()` gives its text"),
        Ty::Signal => problem.help("write `Signal.Value`, which carries nothing"),
        _ => match cx.shared.source_element(found) {
            Some(element) if cx.shared.implicit(&element, want, None).fits() => {
                problem.help("`receive(…)` takes a message out of a source")
            }
            _ => problem,
        },
    }
}

/// The member that makes the wanted collection of the elements of what is found.
fn collecting(cx: &Cx<'_>, found: &Ty, want: &Ty) -> Option<&'static str> {
    let lang = &cx.program.lang;
    let element = cx.shared.iterated(found)?;
    let (wanted, member) = match innermost(want) {
        Ty::Array(wanted) => (&**wanted, "ToArray"),
        Ty::Native(id, args) if Some(*id) == lang.list => (args.first()?, "ToList"),
        Ty::Native(id, args) if Some(*id) == lang.set => (args.first()?, "ToSet"),
        _ => return None,
    };
    (element == *wanted).then_some(member)
}

fn innermost(ty: &Ty) -> &Ty {
    match ty {
        Ty::Nullable(inner) => inner,
        other => other,
    }
}

/// Both types as text; with their namespaces if they read alike without.
fn texts(cx: &Cx<'_>, found: &Ty, want: &Ty) -> (String, String) {
    let (found_text, want_text) = (cx.show(found), cx.show(want));
    if found_text == want_text {
        return (show_qualified(cx.program, found), show_qualified(cx.program, want));
    }
    (found_text, want_text)
}

fn null_where_value(
    cx: &Cx<'_>,
    id: ExprId,
    found: &Ty,
    want: &Ty,
) -> Option<Diagnostic> {
    let wanted = cx.show(want);
    match found {
        Ty::Null => Some(
            Diagnostic::error(
                Code::NullUsed,
                format!("`null` is found where `{wanted}` is expected"),
                cx.span(id),
                format!("`{wanted}` has no null"),
            )
            .help(format!("declare it as `{wanted}?` if it may be missing")),
        ),
        Ty::Nullable(inner)
            if !matches!(want, Ty::Nullable(_))
                && cx.shared.implicit(inner, want, None) != Fit::No =>
        {
            Some(
                Diagnostic::error(
                    Code::NullUsed,
                    format!(
                        "`{}` may be null where `{wanted}` is expected",
                        cx.show(found)
                    ),
                    cx.span(id),
                    format!("this is `{}`", cx.show(found)),
                )
                .help(
                    "give a value for null with `?? …`, or test it with `!= null` first",
                ),
            )
        }
        _ => None,
    }
}

/// A number that does not fit without a cast.
fn narrowing(cx: &Cx<'_>, id: ExprId, found: &Ty, want: &Ty) -> Diagnostic {
    let span = cx.span(id);
    let wanted = cx.show(want);
    if let (Some(Constant::Int(value)), Ty::Int(int)) = (cx.constant(id), want)
        && !fits_constant(want, cx.constant(id))
    {
        return out_of_range(*value, *int, span);
    }
    let problem = Diagnostic::error(
        Code::Narrowing,
        format!("`{}` does not fit into `{wanted}` without a cast", cx.show(found)),
        span,
        format!("this is `{}`", cx.show(found)),
    );
    if *want == Ty::Decimal
        && let Some((text, edit)) = as_decimal(cx, id)
    {
        return problem.fix(text, vec![edit]);
    }
    let edits = if is_primary(cx.kind(id)) {
        vec![(Span { hi: span.lo, ..span }, format!("({wanted})"))]
    } else {
        vec![
            (Span { hi: span.lo, ..span }, format!("({wanted})(")),
            (span.end(), ")".to_owned()),
        ]
    };
    problem.fix(format!("cast it: `({wanted})…`"), edits)
}

/// A constant beyond the range of its type.
pub(in crate::types) fn out_of_range(value: i128, int: IntTy, span: Span) -> Diagnostic {
    let (low, high) = int_range(int);
    Diagnostic::error(
        Code::Narrowing,
        format!("{value} does not fit into `{}`", int_name(int)),
        span,
        format!("`{}` goes from {low} to {high}", int_name(int)),
    )
}

/// Whether a cast can be put in front without parentheses.
fn is_primary(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Literal(_)
            | ExprKind::Local(_)
            | ExprKind::Field(_)
            | ExprKind::Member { .. }
            | ExprKind::Index { .. }
            | ExprKind::Call { .. }
            | ExprKind::Const(_)
            | ExprKind::Receive { .. }
    )
}

/// The expression gives no value, and one is needed.
pub(in crate::types) fn no_value(cx: &Cx<'_>, id: ExprId) -> Diagnostic {
    let span = cx.span(id);
    if let ExprKind::Send { target, .. } = cx.kind(id)
        && let Some(SendKind::Port(port)) = cx.out.sends.get(*target)
    {
        let port = &cx.program.ports[*port];
        let problem = Diagnostic::error(
            Code::RequestPort,
            format!("port `{}` is plain: nothing comes back", port.name.name),
            span,
            "a send to a plain port gives no value",
        );
        return if cx.is_user(port.span) {
            problem.label(port.span, "declared without a reply type")
        } else {
            problem
        };
    }
    let problem = |label: &str| {
        let message = "a value is expected, and this has none";
        Diagnostic::error(Code::Mismatch, message, span, label)
    };
    if let Some(Call::CreateAgent { agent, .. }) = cx.out.calls.get(id) {
        let decl = &cx.program.agents[*agent].decl.name;
        let problem = problem("makes an agent without a channel");
        return match cx.is_user(decl.span) {
            true => problem.label(decl.span, "declared without `: channel …` here"),
            false => problem,
        };
    }
    problem("this is `void`")
}

/// What no literal or constant expression gives.
pub(in crate::types) fn not_constant(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::BadLiteral,
        "the value is not known at compile time",
        span,
        "a constant is expected here",
    )
}

/// The value of a constant expression lies outside its type, or does not exist.
pub(in crate::types) fn constant_fails(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Code::BadLiteral, what, span, "this constant has no value")
}

/// The numbers of an enum that need themselves to be known.
pub(in crate::types) fn cyclic_number(named: &Ident, needed: &Ident) -> Diagnostic {
    let (a, b) = (&named.name, &needed.name);
    let head = match named.span == needed.span {
        true => format!("the numbers of `{a}` depend on themselves"),
        false => format!("the values of `{a}` and `{b}` depend on each other"),
    };
    let problem =
        Diagnostic::error(Code::Cyclic, head, named.span, format!("needs `{b}`"));
    match named.span == needed.span {
        true => problem,
        false => problem.label(needed.span, format!("needs `{a}`")),
    }
}

/// Two cases of an enum with one number.
pub(in crate::types) fn same_number(
    number: i32,
    case: &Ident,
    first: &Ident,
) -> Diagnostic {
    Diagnostic::error(
        Code::Duplicate,
        format!("`{}` and `{}` have the same number", first.name, case.name),
        case.span,
        format!("this is {number}"),
    )
    .label(first.span, "and so is this")
}

/// An operator between types that do not have it.
pub(in crate::types) fn no_binary(
    cx: &Cx<'_>,
    op: &str,
    span: Span,
    left: (ExprId, &Ty),
    right: (ExprId, &Ty),
) -> Diagnostic {
    let (left_text, right_text) = (cx.show(left.1), cx.show(right.1));
    let nullable = |ty: &Ty| matches!(ty, Ty::Nullable(_) | Ty::Null);
    if nullable(left.1) || nullable(right.1) {
        let at = if nullable(left.1) { left } else { right };
        return Diagnostic::error(
            Code::NullUsed,
            format!("`{op}` has an operand that may be null"),
            cx.span(at.0),
            format!("this is `{}`", cx.show(at.1)),
        )
        .help("give a value for null with `?? …`, or test it with `!= null` first");
    }
    let problem = Diagnostic::error(
        Code::NoOperator,
        format!("no operator `{op}` for `{left_text}` and `{right_text}`"),
        span,
        "not defined between these types",
    );
    let func = |ty: &Ty| matches!(ty, Ty::Func { .. });
    if func(left.1) && func(right.1) {
        return problem.note("function values cannot be compared");
    }
    for (char_side, text_side) in [(left, right), (right, left)] {
        if let (Ty::Char, ExprKind::Literal(Literal::String(text))) =
            (char_side.1, cx.kind(text_side.0))
            && text.chars().count() == 1
        {
            let span = cx.span(text_side.0);
            let text = format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
            return problem.fix(
                format!("a character is written `{text}`"),
                vec![(span, text.clone())],
            );
        }
    }
    let binary = |ty: &Ty| matches!(ty, Ty::Float | Ty::Double);
    let other = match (left.1, right.1) {
        (Ty::Decimal, ty) if binary(ty) => right.0,
        (ty, Ty::Decimal) if binary(ty) => left.0,
        _ => return generic_operand(cx, problem, op, &[left.1, right.1]),
    };
    match as_decimal(cx, other) {
        Some((text, edit)) => problem.fix(text, vec![edit]),
        None => problem.help("cast one side: `(decimal)…` or `(double)…`"),
    }
}

/// How a literal such as `1.5` becomes a decimal, if it is one without a suffix.
fn as_decimal(cx: &Cx<'_>, id: ExprId) -> Option<(String, (Span, String))> {
    let ExprKind::Literal(Literal::Float { value, single: false }) = cx.kind(id) else {
        return None;
    };
    let (span, text) = (cx.span(id), value.to_string());
    let as_written = (span.hi - span.lo) as usize == text.len();
    as_written.then(|| {
        (format!("write it as a decimal: `{text}m`"), (span.end(), "m".to_owned()))
    })
}

/// Names the constraint that gives a type parameter among the operands the operator.
fn generic_operand(
    cx: &Cx<'_>,
    problem: Diagnostic,
    op: &str,
    operands: &[&Ty],
) -> Diagnostic {
    use item::Constraint;
    if operands.iter().any(|it| cx.shared.source_element(it).is_some()) {
        return problem.help("`receive(…)` takes a message out of a source");
    }
    if operands.iter().any(|it| matches!(it, Ty::Request(..))) {
        return problem.help("the value of a request is its `.Value`");
    }
    let constraint = match op.trim_end_matches('=') {
        "" | "!" => Constraint::Equatable,
        "<" | ">" => Constraint::Comparable,
        "+" | "-" | "*" | "/" | "%" | "++" | "--" => Constraint::Number,
        _ => return problem,
    };
    let lacking = |ty: &&Ty| {
        // Equality looks into what a value holds.
        let params = match constraint {
            Constraint::Equatable => super::super::generics::params_in(ty),
            _ => match ty {
                Ty::Param(id) => vec![*id],
                _ => Vec::new(),
            },
        };
        let property = Property::Equatable;
        params.into_iter().find(|id| match constraint {
            Constraint::Equatable => !cx.shared.has(&Ty::Param(*id), property),
            _ => !cx.shared.properties.asks(cx.program, *id, &[constraint]),
        })
    };
    match operands.iter().find_map(lacking) {
        Some(param) => super::names::lacks(cx.shared, problem, param, constraint),
        None => problem,
    }
}

/// An operator in front of or behind a type that does not have it.
pub(in crate::types) fn no_unary(
    cx: &Cx<'_>,
    op: &str,
    whole: ExprId,
    operand: ExprId,
    ty: &Ty,
) -> Diagnostic {
    let text = cx.show(ty);
    if matches!(ty, Ty::Nullable(_) | Ty::Null) {
        return Diagnostic::error(
            Code::NullUsed,
            format!("`{op}` has an operand that may be null"),
            cx.span(operand),
            format!("this is `{text}`"),
        )
        .help("give a value for null with `?? …`, or test it with `!= null` first");
    }
    let problem = Diagnostic::error(
        Code::NoOperator,
        format!("no operator `{op}` for `{text}`"),
        cx.span(whole),
        format!("`{op}` is not defined here"),
    )
    .label(cx.span(operand), format!("this is `{text}`"));
    generic_operand(cx, problem, op, &[ty])
}

/// A cast between types that no cast connects.
pub(in crate::types) fn no_cast(
    cx: &Cx<'_>,
    span: Span,
    found: &Ty,
    want: &Ty,
) -> Diagnostic {
    let (found_text, want_text) = texts(cx, found, want);
    let problem = Diagnostic::error(
        Code::Mismatch,
        format!("no cast from `{found_text}` to `{want_text}`"),
        span,
        format!("this is `{found_text}`"),
    );
    with_remedy(cx, problem, found, want)
}

/// A type that only an expectation could give, and there is none.
pub(in crate::types) fn cannot_infer(cx: &Cx<'_>, id: ExprId) -> Diagnostic {
    let (what, help) = match cx.kind(id) {
        ExprKind::Lambda(_) => (
            "the types of this lambda's parameters are not known",
            "write their types: `(int x) => …`",
        ),
        ExprKind::Literal(Literal::Null) => (
            "`null` alone has no type",
            "declare the variable with its type: `int? x = null;`",
        ),
        ExprKind::New { .. } => {
            ("what `new()` makes is not known", "write the type: `new T()`")
        }
        ExprKind::Default(_) => {
            ("the type of `default` is not known", "write the type: `default(T)`")
        }
        _ => (
            "the type of this expression is not known",
            "declare the variable with its type",
        ),
    };
    Diagnostic::error(Code::CannotInfer, what, cx.span(id), "no type is expected here")
        .help(help)
}

/// A construct that later versions may support.
pub(in crate::types) fn not_supported(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("{what} is not supported yet"),
        span,
        "not supported yet",
    )
}

/// An expression that does nothing where a statement stands.
pub(in crate::types) fn no_statement(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NoStatement,
        "an expression stands where a statement is expected",
        span,
        "its value is not used",
    )
    .note("calls, assignments, `++`, `--`, `new`, sends, `receive` and networks are statements")
}

/// `port <- value;`
pub(in crate::types) fn no_send(cx: &Cx<'_>, expr: ExprId) -> Diagnostic {
    Diagnostic::error(
        Code::NoStatement,
        "a port is compared where a statement is expected",
        cx.span(expr),
        "nothing is sent here",
    )
    .help("a message is sent with `<--`")
}

/// `??` on a value that is never null.
pub(in crate::types) fn no_coalesce(
    cx: &Cx<'_>,
    span: Span,
    (left, ty): (ExprId, &Ty),
) -> Diagnostic {
    let text = cx.show(ty);
    Diagnostic::error(
        Code::NoOperator,
        format!("no operator `??` for `{text}`, which is never null"),
        span,
        "nothing to choose",
    )
    .label(cx.span(left), format!("this is `{text}`"))
}
