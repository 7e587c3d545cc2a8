//! What can be wrong with types: each function turns facts into one diagnostic. It decides
//! nothing; only the choice between codes of a mismatch is made here, in one place.

pub(super) mod agents;
pub(super) mod calls;
pub(super) mod flow;
pub(super) mod instances;
pub(super) mod iterators;
pub(super) mod names;
pub(super) mod network;
pub(super) mod patterns;
pub(super) mod ports;
pub(super) mod receive;
pub(super) mod schemas;
pub(super) mod shapes;
pub(super) mod values;

pub(super) use values::{mismatch, no_value};

use super::cx::{Cx, Why};
use crate::diag::Diagnostic;
use crate::hir::body::ExprKind;
use crate::support::span::Span;

impl Cx<'_> {
    /// Whether the place is in a file of the user, so that a label can point at it.
    pub(super) fn is_user(&self, span: Span) -> bool {
        span.file.0 < self.program.n_user_files
    }
}

/// The secondary label that shows where the expectation comes from.
pub(super) fn because(cx: &Cx<'_>, diagnostic: Diagnostic, why: Why) -> Diagnostic {
    match reason(cx, why) {
        Some((span, text)) if cx.is_user(span) => diagnostic.label(span, text),
        _ => diagnostic,
    }
}

fn reason(cx: &Cx<'_>, why: Why) -> Option<(Span, String)> {
    let program = cx.program;
    Some(match why {
        Why::Nothing | Why::Condition => return None,
        Why::Local(id) => {
            let local = &cx.body.locals[id];
            let ty = cx.out.locals.get(id).or(local.declared.as_ref())?;
            let text = format!("`{}` is `{}`", local.name, cx.show(ty));
            (local.span, text)
        }
        Why::Field(id) => {
            let field = &program.fields[id];
            let text = format!("`{}` is `{}`", field.name.name, cx.show(&field.ty));
            (field.name.span, text)
        }
        Why::Param(id, at) => {
            let param = program.methods[id].params.get(at)?;
            let text =
                format!("parameter `{}` is `{}`", param.name.name, cx.show(&param.ty));
            (param.ty_span, text)
        }
        Why::LocalFnParam(id, at) => {
            let local = &cx.body.locals[*cx.body.local_fns[id].params.get(at)?];
            let ty = local.declared.as_ref()?;
            (local.span, format!("parameter `{}` is `{}`", local.name, cx.show(ty)))
        }
        Why::Returns(span) => (span, "this type is returned".to_owned()),
        Why::Port(id) => {
            let port = &program.ports[id];
            let text =
                format!("port `{}` carries `{}`", port.name.name, cx.show(&port.payload));
            (port.span, text)
        }
        Why::Reply(target) => {
            let request = match cx.kind(target) {
                ExprKind::Port { base, .. } => *base,
                _ => target,
            };
            let ty = cx.out.exprs.get(request)?;
            (cx.span(request), format!("this is `{}`", cx.show(ty)))
        }
        Why::EnumCase(id, case) => {
            let case = program.enums[id].cases.get(case)?;
            (case.name.span, format!("case `{}` is declared here", case.name.name))
        }
        Why::Const(id) => {
            let constant = &program.consts[id];
            let name = &constant.decl.name;
            (name.span, format!("`{}` is `{}`", name.name, cx.show(&constant.ty)))
        }
    })
}
