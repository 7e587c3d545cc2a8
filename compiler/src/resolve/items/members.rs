//! Fields, constructors and methods of agents, domains and structs. Schema fields are in
//! `record`; nested items were declared by `collect`.

use super::super::modifiers::{self, find};
use super::super::{Code, Cx, Member, Work, collect, context_of, errors, types};
use super::{attributes, is_nested_item, method};
use crate::hir::item::{self, Owner, Visibility};
use crate::hir::{FieldId, MethodId};
use crate::syntax::ast::{self, Ident, ItemKind, ModifierKind};

use super::super::scope::ScopeId;

/// Resolves the members of one agent, domain or record.
pub(super) fn resolve<'a>(
    cx: &mut Cx<'a>,
    owner: Owner,
    scope: ScopeId,
    members: &'a [ast::Item],
) {
    for item in members {
        match &item.kind {
            ItemKind::Field(node) => fields(cx, owner, scope, item, node),
            ItemKind::Method(node) => {
                let id = method::declare(cx, item, node, (owner, scope));
                add_method(cx, owner, id);
            }
            ItemKind::Constructor(node) => constructor(cx, owner, scope, item, node),
            other => debug_assert!(is_nested_item(other), "all members are listed"),
        }
    }
}

fn fields<'a>(
    cx: &mut Cx<'a>,
    owner: Owner,
    scope: ScopeId,
    item: &'a ast::Item,
    node: &'a ast::FieldDecl,
) {
    let words = &item.modifiers;
    if find(words, ModifierKind::Const).is_some() {
        return;
    }
    attributes(cx, &item.attributes, "a field", &[], &[]);
    let allowed = [ModifierKind::Readonly, ModifierKind::Static];
    modifiers::check(cx, words, "a field", &allowed);
    let private = matches!(owner, Owner::Agent(_) | Owner::Domain(_));
    let default = if private { Visibility::Private } else { Visibility::Public };
    let ty = types::part(cx, scope, &node.ty);
    for declarator in &node.declarators {
        let name = &declarator.name;
        if let Some(span) = find(words, ModifierKind::Static) {
            let problem = match find(words, ModifierKind::Readonly) {
                Some(_) => errors::not_in_language("static", span),
                None => errors::mutable_static(name, span),
            };
            cx.report(problem);
        }
        public_of_agent(cx, owner, name, words);
        let init = declarator.init.as_ref().map(|init| {
            cx.queue(Work {
                context: context_of(owner),
                scope,
                params: Vec::new(),
                code: Code::Expr(init),
                span: init.span,
            })
        });
        let id = cx.program.fields.push(item::Field {
            name: name.clone(),
            owner,
            visibility: modifiers::visibility(words, default),
            ty: ty.clone(),
            ty_span: node.ty.span,
            optional: false,
            readonly: find(words, ModifierKind::Readonly).is_some(),
            init,
        });
        if find(words, ModifierKind::Static).is_some() {
            cx.used_fields.insert(id);
        }
        add_field(cx, owner, id);
    }
}

/// Decision 92: an agent shows nothing but its channel.
fn public_of_agent(cx: &mut Cx<'_>, owner: Owner, name: &Ident, words: &[ast::Modifier]) {
    let Owner::Agent(agent) = owner else { return };
    let decl = &cx.program.agents[agent].decl;
    if let Some(public) = find(words, ModifierKind::Public)
        && !decl.library
    {
        let agent = decl.name.name.clone();
        cx.report(errors::public_agent_member(&agent, name, public));
    }
}

/// Makes a field known to its owner.
pub(super) fn add_field(cx: &mut Cx<'_>, owner: Owner, id: FieldId) {
    let name = cx.program.fields[id].name.clone();
    let member = Member::Field(id);
    let (table, inherited) = match owner {
        Owner::Agent(agent) => {
            cx.program.agents[agent].fields.push(id);
            let base = cx.program.agents[agent].base;
            let inherited = base.and_then(|it| cx.agent_member(it, &name.name));
            if let Some(first) = inherited {
                let first = cx.member_span(first);
                cx.used_fields.insert(id);
                cx.report(errors::hides_base(&name, "field", first, false));
            }
            (&mut cx.members.agents[agent], None)
        }
        Owner::Domain(domain) => {
            cx.program.domains[domain].fields.push(id);
            (&mut cx.members.domains[domain], None)
        }
        Owner::Record(record) => {
            cx.program.records[record].fields.push(id);
            let base = cx.program.records[record].base.as_ref().map(|it| it.0);
            let inherited = base.and_then(|it| cx.record_member(it, &name.name));
            (&mut cx.members.records[record], inherited)
        }
        _ => return,
    };
    let own = collect::add_member(table, &name.name, member);
    if let Some(first) = own.or(inherited) {
        let first = cx.member_span(first);
        cx.report(errors::duplicate("field", &name, Some(first)));
    }
}

/// Makes a method known to its owner.
pub(super) fn add_method(cx: &mut Cx<'_>, owner: Owner, id: MethodId) {
    let name = cx.program.methods[id].decl.name.clone();
    let member = Member::Method(id);
    let (table, inherited) = match owner {
        Owner::Agent(agent) => {
            cx.program.agents[agent].methods.push(id);
            (&mut cx.members.agents[agent], None)
        }
        Owner::Domain(domain) => {
            cx.program.domains[domain].methods.push(id);
            (&mut cx.members.domains[domain], None)
        }
        Owner::Record(record) => {
            cx.program.records[record].methods.push(id);
            let base = cx.program.records[record].base.as_ref().map(|it| it.0);
            let inherited = base.and_then(|it| cx.record_member(it, &name.name));
            (&mut cx.members.records[record], inherited)
        }
        _ => return,
    };
    let own = collect::add_member(table, &name.name, member);
    if let Some(first) = own.or(inherited) {
        let span = cx.member_span(first);
        let problem = match first {
            Member::Method(_) => errors::overload(&name, span),
            Member::Field(_) => errors::duplicate("method", &name, Some(span)),
        };
        cx.report(problem);
    }
}

fn constructor<'a>(
    cx: &mut Cx<'a>,
    owner: Owner,
    scope: ScopeId,
    item: &'a ast::Item,
    node: &'a ast::Constructor,
) {
    let (what, name, base) = match owner {
        Owner::Agent(id) => {
            let agent = &cx.program.agents[id];
            ("agent", agent.decl.name.clone(), agent.base)
        }
        Owner::Domain(id) => ("domain", cx.program.domains[id].decl.name.clone(), None),
        Owner::Record(id) => {
            let what = match cx.program.records[id].kind {
                item::RecordKind::Struct => "struct",
                item::RecordKind::Schema | item::RecordKind::Exception => "schema",
            };
            cx.report(errors::no_constructor(what, &node.name));
            return;
        }
        _ => return,
    };
    if node.name.name != name.name {
        cx.report(errors::constructor_name(&node.name, &name.name, name.span));
        cx.program.lost.insert(node.name.name.clone());
        return;
    }
    let base_args = match &node.base_args {
        Some(_) if base.is_none() && cx.is_open(context_of(owner)) => None,
        Some(args) if base.is_none() => {
            let span = args.first().map_or(node.name.span, |it| it.span);
            cx.report(errors::base_args_without_base(what, &name.name, span));
            None
        }
        args => args.as_ref(),
    };
    let id = method::constructor(cx, item, node, (owner, scope), base_args);
    let slot = match owner {
        Owner::Agent(agent) => &mut cx.program.agents[agent].constructor,
        Owner::Domain(domain) => &mut cx.program.domains[domain].constructor,
        _ => return,
    };
    match *slot {
        None => *slot = Some(id),
        Some(first) => {
            let first = cx.program.methods[first].decl.name.span;
            let what = format!("the constructor of {what} `{}`", name.name);
            cx.report(errors::second(&what, node.name.span, first));
        }
    }
}
