//! Schemas that do not become others, and rules that constants break.

use super::super::coerce::{Fault, FaultKind};
use super::super::cx::{Cx, Shared};
use super::super::evaluate::Value;
use super::super::generics;
use super::super::tables::Constant;
use crate::diag::words::{code, code_list, list};
use crate::diag::{Code, Diagnostic};
use crate::hir::body::ExprKind;
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::*;

/// Faults told of at once.
const MAX_FAULTS: usize = 4;

/// A cast between schemas of which the target asks for more than there is.
pub(in crate::types) fn no_coercion(
    cx: &Cx<'_>,
    operand: ExprId,
    found: &Ty,
    want: &Ty,
    faults: &[Fault],
) -> Diagnostic {
    let first = &faults[0];
    let problem = Diagnostic::error(
        Code::NoCoercion,
        headline(cx, first, faults),
        cx.span(operand),
        format!("this is `{}`", cx.show(found)),
    );
    let mut problem =
        faults.iter().take(MAX_FAULTS).fold(problem, |it, fault| declared(cx, it, fault));
    if let FaultKind::Exception = first.kind {
        return match is_exception(cx, first.from) && is_exception(cx, first.to) {
            true => {
                let name = &cx.program.records[first.to].decl.name.name;
                problem.help(format!("`catch ({name} e)` tells exceptions apart"))
            }
            false => problem.help("make it with `new` from the fields it needs"),
        };
    }
    if let Some(text) = by_hand(cx, operand, found, want, first) {
        problem = problem.help(format!("name the fields: `{text}`"));
    }
    problem.note("a cast between schemas fills every required field from one of the same name and a type that fits")
}

fn headline(cx: &Cx<'_>, first: &Fault, faults: &[Fault]) -> String {
    let program = cx.program;
    let name = |id: RecordId| &program.records[id].decl.name.name;
    let field = |id: FieldId| &program.fields[id].name.name;
    let (from, to) = (name(first.from), name(first.to));
    let path: Vec<&str> = first.path.iter().map(|it| &**field(*it)).collect();
    let inside = match path.is_empty() {
        true => String::new(),
        false => format!("in `{}`, ", path.join(".")),
    };
    match &first.kind {
        FaultKind::Missing(_) => {
            let same = faults.iter().filter(|it| it.path == first.path);
            let missing: Vec<&str> = same
                .filter_map(|it| match it.kind {
                    FaultKind::Missing(id) => Some(&**field(id)),
                    _ => None,
                })
                .collect();
            let missing = code_list(&missing, "and");
            format!("{inside}`{from}` lacks {missing}, which `{to}` requires")
        }
        FaultKind::Optional(source, _) => {
            let source = field(*source);
            format!("{inside}`{source}` of `{from}` may be null, and `{to}` requires it")
        }
        FaultKind::Type { source, target } => {
            let (have, want) = (cx.show(&source.1), cx.show(&target.1));
            let name = field(target.0);
            format!("{inside}`{name}` is `{have}` in `{from}` and `{want}` in `{to}`")
        }
        FaultKind::Exception => "an exception takes no part in coercion".to_owned(),
    }
}

/// Where the fields of a fault are declared.
fn declared(cx: &Cx<'_>, problem: Diagnostic, fault: &Fault) -> Diagnostic {
    let program = cx.program;
    let label = |problem: Diagnostic, id: FieldId, text: String| {
        let name = &program.fields[id].name;
        match cx.is_user(name.span) {
            true => problem.label(name.span, text),
            false => problem,
        }
    };
    let name = |id: FieldId| program.fields[id].name.name.clone();
    match &fault.kind {
        FaultKind::Missing(target) => {
            let name = name(*target);
            let text = match program.fields[*target].init {
                Some(_) => {
                    format!("`{name}` is required, its default is for `new` alone")
                }
                None if program.fields[*target].visibility
                    == item::Visibility::Private =>
                {
                    format!("`{name}` is private, so that nothing outside fills it")
                }
                None => format!("`{name}` is required"),
            };
            label(problem, *target, text)
        }
        FaultKind::Optional(source, target) => {
            let problem = label(problem, *source, "this may be null".to_owned());
            label(problem, *target, format!("`{}` is required", name(*target)))
        }
        FaultKind::Type { source, target } => {
            let problem =
                label(problem, source.0, format!("this is `{}`", cx.show(&source.1)));
            label(problem, target.0, format!("this is `{}`", cx.show(&target.1)))
        }
        FaultKind::Exception => {
            let exception = match is_exception(cx, fault.from) {
                true => fault.from,
                false => fault.to,
            };
            let decl = &program.records[exception].decl;
            match decl.library {
                true => problem,
                false => problem.label(decl.name.span, "this derives `Exception`"),
            }
        }
    }
}

fn is_exception(cx: &Cx<'_>, id: RecordId) -> bool {
    cx.shared.is_exception(id)
}

/// Fields of a schema that is short enough to be written out.
const MAX_FIELDS: usize = 6;

/// The `new` that says which field comes from where, with dots for what is not there.
fn by_hand(
    cx: &Cx<'_>,
    operand: ExprId,
    found: &Ty,
    want: &Ty,
    first: &Fault,
) -> Option<String> {
    let (Ty::Record(from, from_args), Ty::Record(to, args)) = (found, want) else {
        return None;
    };
    let program = cx.program;
    let value = match cx.kind(operand) {
        ExprKind::Local(local) => &cx.body.locals[*local].name,
        ExprKind::Field(field) => &program.fields[*field].name.name,
        _ => return None,
    };
    let fields = generics::record_fields(program, *to, args);
    if !first.path.is_empty() || fields.len() > MAX_FIELDS {
        return None;
    }
    let mut parts = Vec::new();
    for (target, want) in fields {
        let name = &program.fields[target].name.name;
        let source = cx.shared.index.field(program, *from, name);
        let have = source.map(|it| generics::field_type(program, *from, from_args, it));
        match have {
            Some(have) if cx.shared.implicit(&have, &want, None).fits() => {
                parts.push(format!("{name} = {value}.{name}"));
            }
            Some(Ty::Nullable(have)) if cx.shared.implicit(&have, &want, None).fits() => {
                parts.push(format!("{name} = {value}.{name} ?? …"));
            }
            None if program.fields[target].optional => {}
            _ => parts.push(format!("{name} = …")),
        }
    }
    Some(format!("new {} {{ {} }}", cx.show(want), parts.join(", ")))
}

/// A rule that is broken whenever a value is made.
pub(in crate::types) struct Broken {
    pub(in crate::types) record: RecordId,
    pub(in crate::types) rule: BodyId,
    /// Its condition does not come to an end.
    pub(in crate::types) throws: bool,
    /// Fields that it looks at, what they are, and where that is given.
    pub(in crate::types) values: Vec<(FieldId, Value, Option<ExprId>)>,
}

/// A rule broken by the constants of a `new` or `with`.
pub(in crate::types) fn broken(
    shared: &Shared<'_>,
    (body, made): (BodyId, ExprId),
    it: &Broken,
) -> Diagnostic {
    let program = shared.program;
    let exprs = &program.bodies[body].exprs;
    let name = |field: FieldId| &program.fields[field].name.name;
    let told: Vec<_> = it
        .values
        .iter()
        .filter_map(|(field, value, given)| Some((*field, told(program, value)?, *given)))
        .take(MAX_FAULTS)
        .collect();
    let schema = &program.records[it.record].decl.name.name;
    let facts: Vec<String> = told
        .iter()
        .map(|(field, text, _)| format!("`{}` is {text}", name(*field)))
        .collect();
    let head = match facts.is_empty() {
        true => format!("a rule of `{schema}` is broken by every value"),
        false => format!("a rule of `{schema}` is broken: {}", list(&facts, "and")),
    };
    let given =
        told.iter().find_map(|(field, text, given)| Some((*field, text, (*given)?)));
    let (span, label) = match given {
        Some((field, text, value)) => {
            (exprs[value].span, format!("`{}` is {text} here", name(field)))
        }
        None => (exprs[made].span, "made here".to_owned()),
    };
    let mut problem = Diagnostic::error(Code::RuleBroken, head, span, label);
    for (field, text, value) in &told {
        let declared = &program.fields[*field];
        let place = match (value, declared.init) {
            (Some(value), _) => exprs[*value].span,
            (None, Some(init)) => program.bodies[init].span,
            (None, None) => declared.name.span,
        };
        if place != span {
            problem = problem.label(place, format!("`{}` is {text}", name(*field)));
        }
    }
    let rule = match it.throws {
        true => "this rule throws then, and so is broken",
        false => "this rule is broken then",
    };
    problem
        .label(program.bodies[it.rule].span, rule)
        .note("rules are checked wherever a value is made; this one would throw `RuleViolationException`")
}

/// Text longer than this is not quoted.
const MAX_TEXT: usize = 30;

fn told(program: &Program, value: &Value) -> Option<String> {
    Some(match value {
        Value::Constant(Constant::Bool(it)) => format!("`{it}`"),
        Value::Constant(Constant::Int(it)) => it.to_string(),
        Value::Constant(Constant::Float(it)) => it.to_string(),
        Value::Constant(Constant::Decimal(it)) => it.to_string(),
        Value::Constant(Constant::Char(it)) => format!("`{it:?}`"),
        Value::Constant(Constant::Null) => "null".to_owned(),
        Value::Constant(Constant::String(it)) if it.is_empty() => "empty".to_owned(),
        Value::Constant(Constant::String(it)) => match it.chars().count() > MAX_TEXT {
            true => "this text".to_owned(),
            false => code(&format!("{it:?}")),
        },
        Value::Case(id, case) => {
            format!("`{}`", program.enums[*id].cases[*case].name.name)
        }
        Value::Record(_) => "this value".to_owned(),
        Value::Unknown => return None,
    })
}

/// AX0106: an initial value that makes another value of the record of its field.
pub(in crate::types) fn endless_start(
    cx: &Shared<'_>,
    field: FieldId,
    by: FieldId,
) -> Diagnostic {
    let declared = |it: FieldId| &cx.program.fields[it];
    let span = |it: FieldId| {
        declared(it)
            .init
            .map_or(declared(it).name.span, |init| cx.program.bodies[init].span)
    };
    let name = &declared(field).name.name;
    let record = match declared(field).owner {
        Owner::Record(record) => &*cx.program.records[record].decl.name.name,
        _ => "its owner",
    };
    let problem = Diagnostic::error(
        Code::Cyclic,
        format!("the initial value of `{name}` makes another `{record}`"),
        span(field),
        format!("what is made here begins with a new `{record}` again"),
    );
    let problem = match by == field {
        true => problem,
        false => {
            problem.label(span(by), format!("by way of `{}`", declared(by).name.name))
        }
    };
    problem.help(format!("leave it out, and give `{name}` where `{record}` is made"))
}
