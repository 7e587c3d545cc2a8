//! Schemas, structs and enums. Whether a record would hold itself without end is checked
//! by `check`.

use std::collections::BTreeMap;

use super::super::{Code, Cx, RecordNode, Work, errors, types};
use super::{attributes, base_first, members, method};
use crate::hir::RecordId;
use crate::hir::body::Context;
use crate::hir::item::{self, EnumCase, Owner, Visibility};
use crate::hir::ty::Ty;
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast;

use super::super::scope::ScopeId;

/// Resolves the fields, methods and rules of all records, of bases before what derives
/// from them.
pub(super) fn records(cx: &mut Cx<'_>) {
    let records = &cx.program.records;
    let base = |id: RecordId| records[id].base.as_ref().map(|it| it.0);
    for id in base_first(records.ids(), base) {
        record(cx, id);
    }
}

fn record(cx: &mut Cx<'_>, id: RecordId) {
    let source = &cx.sources.records[id];
    let (item, node, scope) = (source.item, source.node, source.scope);
    attributes(cx, &item.attributes, "a type", &[], &[]);
    let owner = Owner::Record(id);
    match node {
        RecordNode::Struct(node) => members::resolve(cx, owner, scope, &node.members),
        RecordNode::Schema(node) => {
            for field in &node.fields {
                schema_field(cx, owner, scope, field);
            }
            for rule in &node.rules {
                let body = cx.queue(Work {
                    context: Context::Record(id),
                    scope,
                    params: Vec::new(),
                    code: Code::Expr(&rule.condition),
                    span: rule.condition.span,
                });
                cx.program.records[id].rules.push(body);
            }
            members::resolve(cx, owner, scope, &node.members);
        }
    }
}

fn schema_field<'a>(
    cx: &mut Cx<'a>,
    owner: Owner,
    scope: ScopeId,
    field: &'a ast::SchemaField,
) {
    attributes(cx, &field.attributes, "a field", &[], &[]);
    let ty = types::part(cx, scope, &field.ty);
    let ty = if field.optional { Ty::nullable(ty) } else { ty };
    let init = field.init.as_ref().map(|init| {
        cx.queue(Work {
            context: Context::Free,
            scope,
            params: Vec::new(),
            code: Code::Expr(init),
            span: init.span,
        })
    });
    let id = cx.program.fields.push(item::Field {
        name: field.name.clone(),
        owner,
        visibility: Visibility::Public,
        ty,
        ty_span: field.ty.span,
        optional: field.optional,
        readonly: true,
        init,
    });
    members::add_field(cx, owner, id);
}

/// Resolves the payloads of all enums.
pub(super) fn enums(cx: &mut Cx<'_>) {
    for id in cx.program.enums.ids() {
        let source = &cx.sources.enums[id];
        let (item, node, scope) = (source.item, source.node, source.scope);
        attributes(cx, &item.attributes, "an enum", &[], &[]);
        let mut cases: Vec<EnumCase> = Vec::with_capacity(node.cases.len());
        let mut seen: BTreeMap<Name, Span> = BTreeMap::new();
        for case in &node.cases {
            let number = case.value.as_ref().map(|value| {
                if let Some(part) = case.payload.first() {
                    cx.report(errors::numbered_payload(value.span, part.name.span));
                }
                cx.queue(Work {
                    context: Context::Free,
                    scope,
                    params: Vec::new(),
                    code: Code::Expr(value),
                    span: value.span,
                })
            });
            for part in &case.payload {
                types::refuse_state(cx, &part.ty);
            }
            let payload = method::params(cx, scope, &case.payload);
            let payload = payload.into_iter().map(|it| (it.name, it.ty)).collect();
            let name = case.name.clone();
            if let Some(first) = seen.get(&name.name) {
                cx.report(errors::duplicate("case", &name, Some(*first)));
                continue;
            }
            seen.insert(name.name.clone(), name.span);
            cases.push(EnumCase { name, payload, number });
        }
        cx.program.enums[id].cases = cases;
    }
}
