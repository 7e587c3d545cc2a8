//! Iterators: the body as a future that hands over its elements, and the call that copies what
//! the body uses. What may yield, and what its body may do, was checked.

use crate::hir::body::{ExprKind as HirKind, Root};
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::{ExprId, FieldId, LocalId};
use crate::ir::{Block, Callee, ExprKind, Pattern};

use super::body::Fx;
use super::build::Flags;
use super::walk;

impl Fx<'_, '_> {
    /// The code of a call of an iterator with these parameters and captures: it copies them,
    /// and what the body reads of agents and domains, for the enumerations to come.
    pub(super) fn iterator_of(
        &mut self,
        root: &Root,
        returns: &Ty,
        locals: &[LocalId],
    ) -> Block {
        let Root::Block(block) = root else { unreachable!("what yields has statements") };
        let Ty::Native(kind, args) = returns else {
            unreachable!("an iterator returns a sequence or source")
        };
        let source = Some(*kind) == self.lower.program.lang.source;
        self.elements = args.first().map(|it| self.lower.ty(it));
        self.value_block(|cx| {
            let at = cx.at;
            cx.copy_state(root);
            let make = cx.taking(at, locals, |cx| {
                let (lets, body) = cx.with_taken(at, locals, |cx| {
                    let outside = cx.outside();
                    let host = cx.take_host(at);
                    let body = cx.block(|cx| cx.stmts(&block.stmts));
                    cx.restore(outside);
                    let body = at.expr(ExprKind::Async { throws: true, body });
                    (host.into_iter().collect(), body)
                });
                cx.at = at;
                at.expr(ExprKind::Closure {
                    params: vec![],
                    moves: true,
                    suspends: false,
                    returns: None,
                    throws: false,
                    body: Block { stmts: lets, value: Some(Box::new(body)) },
                })
            });
            let elements = at.rt("iterate", vec![make]);
            match source {
                true => at.rt("source_of", vec![cx.me_ref(), elements]),
                false => elements,
            }
        })
    }

    /// Copies the fields of agents and domains that the code itself reads.
    fn copy_state(&mut self, root: &Root) {
        let body = self.frame.body;
        let mut fields: Vec<FieldId> = Vec::new();
        walk::expressions(body, root, &mut |id| {
            if let HirKind::Field(field) = body.exprs[id].kind
                && !fields.contains(&field)
            {
                fields.push(field);
            }
        });
        fields.sort();
        for field in fields {
            let it = &self.lower.program.fields[field];
            if !matches!(it.owner, Owner::Agent(_) | Owner::Domain(_)) {
                continue;
            }
            let at = self.at;
            let place = self.field_place(field);
            let value = self.read(place);
            let var = self.new_var(&it.name.name);
            self.push(at.bind(Pattern::Var(var), None, Some(value)));
            self.copied.insert(field, var);
        }
    }

    /// `yield return e;`
    pub(super) fn yield_return(&mut self, value: ExprId) {
        let at = self.at;
        let value = self.value(value);
        let generics = self.elements.clone().into_iter().collect();
        let give = at.callee(Callee::Rt("give".into(), generics), vec![value]);
        let leave = self.block(|cx| cx.give_back(None));
        self.push_expr(at.if_then(give.awaited(), leave));
    }

    /// `yield break;`
    pub(super) fn yield_break(&mut self) {
        self.give_back(None);
    }
}
