//! Patterns. Whether a lone name is an enum case or a constant is decided by the type of
//! the subject, in `types`.

use std::collections::BTreeMap;

use super::BodyCx;
use super::name::Entity;
use crate::diag::suggest::closest;
use crate::hir::body::{
    ExprKind, LocalKind, Pattern, PatternKind, TuplePattern, TuplePatternPart,
};
use crate::hir::ty::Ty;
use crate::hir::{LocalId, TypeParamId};
use crate::resolve::scope::Def;
use crate::resolve::{errors, types};
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident, Literal};

/// Names that a pattern binds.
#[derive(Default)]
struct Names<'a> {
    /// So far, by the whole pattern.
    bound: Vec<(&'a Ident, LocalId)>,
    /// By the alternatives of this one.
    shared: BTreeMap<Name, LocalId>,
}

impl<'a> BodyCx<'_, 'a> {
    pub(super) fn tuple_pattern(
        &mut self,
        pattern: &'a ast::TuplePattern,
        kind: LocalKind,
    ) -> TuplePattern {
        let mut parts = Vec::with_capacity(pattern.parts.len());
        for part in &pattern.parts {
            parts.push(match part {
                ast::TuplePatternPart::Name { name, .. } if &*name.name == "_" => {
                    TuplePatternPart::Discard(name.span)
                }
                ast::TuplePatternPart::Bare(name) => match &*name.name {
                    "_" => TuplePatternPart::Discard(name.span),
                    _ => TuplePatternPart::Local(self.bind(name, kind, None)),
                },
                ast::TuplePatternPart::Name { ty, name } => {
                    let ty = types::local(self.cx, self.scope, ty);
                    TuplePatternPart::Local(self.bind(name, kind, ty))
                }
                ast::TuplePatternPart::Nested(inner) => {
                    TuplePatternPart::Nested(self.tuple_pattern(inner, kind))
                }
            });
        }
        TuplePattern { span: pattern.span, parts }
    }

    /// `(x, var y) = …`: what is declared, and the names that are assigned behind it, each
    /// with a local of its own that has the value until then.
    pub(super) fn targets(
        &mut self,
        pattern: &'a ast::TuplePattern,
        assigned: &mut Vec<(&'a Ident, LocalId)>,
    ) -> TuplePattern {
        let mut parts = Vec::with_capacity(pattern.parts.len());
        for part in &pattern.parts {
            parts.push(match part {
                ast::TuplePatternPart::Bare(name) if &*name.name != "_" => {
                    let local = self.unnamed(name);
                    assigned.push((name, local));
                    TuplePatternPart::Local(local)
                }
                ast::TuplePatternPart::Nested(inner) => {
                    TuplePatternPart::Nested(self.targets(inner, assigned))
                }
                ast::TuplePatternPart::Bare(name) => TuplePatternPart::Discard(name.span),
                ast::TuplePatternPart::Name { name, .. } if &*name.name == "_" => {
                    TuplePatternPart::Discard(name.span)
                }
                ast::TuplePatternPart::Name { ty, name } => {
                    let ty = types::local(self.cx, self.scope, ty);
                    TuplePatternPart::Local(self.bind(name, LocalKind::Variable, ty))
                }
            });
        }
        TuplePattern { span: pattern.span, parts }
    }

    pub(super) fn pattern(&mut self, pattern: &'a ast::Pattern) -> Pattern {
        self.pattern_with(pattern, &mut Names::default())
    }

    /// A pattern next to others that lead to the same code: `shared` holds the variables
    /// of those, which it may bind too.
    pub(super) fn pattern_beside(
        &mut self,
        pattern: &'a ast::Pattern,
        shared: &mut BTreeMap<Name, LocalId>,
    ) -> Pattern {
        let mut names = Names { bound: Vec::new(), shared: std::mem::take(shared) };
        let pattern = self.pattern_with(pattern, &mut names);
        *shared = names.shared;
        shared.extend(names.bound.iter().map(|it| (it.0.name.clone(), it.1)));
        pattern
    }

    fn pattern_with(
        &mut self,
        pattern: &'a ast::Pattern,
        bound: &mut Names<'a>,
    ) -> Pattern {
        let span = pattern.span;
        let kind = match &pattern.kind {
            ast::PatternKind::Wildcard => PatternKind::Wildcard,
            ast::PatternKind::Var(name) if &*name.name == "_" => PatternKind::Wildcard,
            ast::PatternKind::Var(name) => {
                PatternKind::Var(self.bind_in_pattern(name, None, bound))
            }
            ast::PatternKind::Typed { ty, name } => {
                let ty = types::value(self.cx, self.scope, ty);
                let local = self.bind_in_pattern(name, Some(ty.clone()), bound);
                PatternKind::Typed { ty, local }
            }
            ast::PatternKind::Expr(expr) => self.constant_pattern(expr),
            ast::PatternKind::Case { path, args } => {
                let first = self.locals.next_id();
                let args: Vec<Pattern> =
                    args.iter().map(|it| self.pattern_with(it, bound)).collect();
                match self.case_pattern(&path.parts, Some(args)) {
                    PatternKind::Error => self.error_pattern(span, first),
                    kind => kind,
                }
            }
            ast::PatternKind::Tuple(parts) => PatternKind::Tuple(
                parts.iter().map(|it| self.pattern_with(it, bound)).collect(),
            ),
            ast::PatternKind::Properties { ty, fields, name } => {
                let ty = ty.as_ref().map(|it| types::value(self.cx, self.scope, it));
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, it)| (name.clone(), self.pattern_with(it, bound)))
                    .collect();
                let local = name
                    .as_ref()
                    .filter(|it| &*it.name != "_")
                    .map(|it| (it.span, self.bind_in_pattern(it, None, bound)));
                let bare = ty.is_none() && fields.is_empty();
                match local {
                    _ if bare => PatternKind::NonNull(local.map(|it| it.1)),
                    None => PatternKind::Properties { ty, fields },
                    Some((at, local)) => {
                        let pattern = |span, kind| Box::new(Pattern { span, kind });
                        let fields = PatternKind::Properties { ty, fields };
                        let whole = PatternKind::NonNull(Some(local));
                        PatternKind::And(pattern(span, fields), pattern(at, whole))
                    }
                }
            }
            ast::PatternKind::Relational { op, value } => {
                PatternKind::Relational { op: *op, value: self.expr(value) }
            }
            ast::PatternKind::Or(left, right) => {
                // What the left alternative binds, the right one may bind as well.
                let mark = bound.bound.len();
                let left = self.pattern_with(left, bound);
                let names = bound.bound.split_off(mark);
                let shared = bound.shared.clone();
                bound.shared.extend(names.iter().map(|it| (it.0.name.clone(), it.1)));
                let right = self.pattern_with(right, bound);
                bound.shared = shared;
                let known = |local| bound.bound[mark..].iter().any(|it| it.1 == local);
                let more: Vec<_> = names.into_iter().filter(|it| !known(it.1)).collect();
                bound.bound.extend(more);
                PatternKind::Or(Box::new(left), Box::new(right))
            }
            ast::PatternKind::And(left, right) => {
                let left = self.pattern_with(left, bound);
                let right = self.pattern_with(right, bound);
                PatternKind::And(Box::new(left), Box::new(right))
            }
            ast::PatternKind::Not(inner) => {
                PatternKind::Not(Box::new(self.pattern_with(inner, bound)))
            }
            ast::PatternKind::Error => {
                self.incomplete = true;
                PatternKind::Error
            }
        };
        Pattern { span, kind }
    }

    /// In place of a pattern that was reported: what it binds is of unknown type, and
    /// assigned all the same.
    fn error_pattern(&self, span: Span, first: LocalId) -> PatternKind {
        let mut kind = PatternKind::Error;
        for id in self.locals.ids().filter(|it| *it >= first) {
            let bound = PatternKind::Typed { ty: Ty::Error, local: id };
            let pattern = |kind| Box::new(Pattern { span, kind });
            kind = PatternKind::And(pattern(kind), pattern(bound));
        }
        kind
    }

    /// A pattern binds each name once; one that an alternative has bound is the same.
    fn bind_in_pattern(
        &mut self,
        name: &'a Ident,
        ty: Option<Ty>,
        bound: &mut Names<'a>,
    ) -> LocalId {
        let local = match bound.bound.iter().find(|it| it.0.name == name.name) {
            Some((first, _)) => {
                let first = Some(first.span);
                self.report(errors::duplicate("local", name, first));
                self.bind(name, LocalKind::Bound, ty)
            }
            None => match bound.shared.get(&name.name) {
                Some(local) => *local,
                None => self.bind(name, LocalKind::Bound, ty),
            },
        };
        bound.bound.push((name, local));
        local
    }

    fn constant_pattern(&mut self, expr: &'a ast::Expr) -> PatternKind {
        match &*expr.kind {
            ast::ExprKind::Literal(Literal::Null) => return PatternKind::Null,
            ast::ExprKind::Placeholder => return PatternKind::Wildcard,
            ast::ExprKind::Paren(inner) => return self.constant_pattern(inner),
            _ => {}
        }
        let mut path = Vec::new();
        if !dotted(expr, &mut path) {
            return PatternKind::Constant(self.expr(expr));
        }
        if let [name] = &path[..] {
            return self.lone_name(name);
        }
        let constant = self.expr(expr);
        match self.exprs[constant].kind {
            ExprKind::Error => PatternKind::Error,
            _ => PatternKind::Case { path, args: None, constant: Some(constant) },
        }
    }

    /// A bare name that is no constant and no case is often meant to be given to the value.
    fn unknown_in_pattern(&mut self, name: &Ident) {
        let begins_small = name.name.starts_with(char::is_lowercase);
        let cases = || self.cx.cases.keys().map(|it| &**it);
        match begins_small && closest(&name.name, cases()).is_none() {
            true => {
                self.report(errors::unbound(name));
                // Code behind the pattern means what it would have named.
                self.cx.program.lost.insert(name.name.clone());
            }
            false => self.unknown(name),
        }
    }

    fn lone_name(&mut self, name: &Ident) -> PatternKind {
        let path = vec![name.clone()];
        let constant = self.find_value(name);
        if constant.is_none() && !self.cx.cases.contains_key(&name.name) {
            match self.item(name) {
                Some(Entity::Item(found)) => {
                    self.report(errors::type_alone(name, Some(found.def)));
                }
                Some(Entity::Space(..)) => self.report(errors::type_alone(name, None)),
                _ if self.is_excused(name) => {}
                _ => self.unknown_in_pattern(name),
            }
            return PatternKind::Error;
        }
        PatternKind::Case { path, args: None, constant }
    }

    /// `Circle(var r)`, `Shape.Circle(_)`
    fn case_pattern(
        &mut self,
        path: &[Ident],
        args: Option<Vec<Pattern>>,
    ) -> PatternKind {
        let Some((case, prefix)) = path.split_last() else { return PatternKind::Error };
        if prefix.is_empty() {
            if self.cx.is_lost(&case.name) {
                return PatternKind::Error;
            }
            return PatternKind::Case { path: path.to_vec(), args, constant: None };
        }
        let parts: Vec<ast::TypePart> = prefix
            .iter()
            .map(|name| ast::TypePart { name: name.clone(), args: Vec::new() })
            .collect();
        let Some(found) = types::path(self.cx, self.scope, &parts) else {
            return PatternKind::Error;
        };
        let Def::Enum(id) = found.def else {
            if found.def != Def::Error {
                let what = types::describe(self.cx, found.def);
                let name = &found.ident.name;
                let problem =
                    errors::wrong_base(name, what, &["an enum"], found.ident.span);
                self.report(problem);
            }
            return PatternKind::Error;
        };
        let cases = &self.cx.program.enums[id].cases;
        if !cases.iter().any(|it| it.name.name == case.name) {
            let owner = format!("enum `{}`", found.ident.name);
            let names = cases.iter().map(|it| &*it.name.name);
            let problem = errors::unknown_member(case, &owner, names);
            self.report(problem);
            return PatternKind::Error;
        }
        // A generic enum takes its arguments from the subject.
        let params: &[TypeParamId] = &self.cx.program.enums[id].type_params;
        let base = if params.is_empty() {
            ExprKind::TypeName(Ty::Enum(id, [].into()))
        } else {
            ExprKind::EnumName(id)
        };
        let base = self.push(found.ident.span, base);
        let constant = self.push(
            found.ident.span.to(case.span),
            ExprKind::Member {
                base,
                name: case.clone(),
                type_args: Vec::new(),
                null_safe: false,
            },
        );
        PatternKind::Case { path: path.to_vec(), args, constant: Some(constant) }
    }
}

/// Collects the parts of `a.b.c`; whether the expression is one.
fn dotted(expr: &ast::Expr, path: &mut Vec<Ident>) -> bool {
    match &*expr.kind {
        ast::ExprKind::Name(name) => {
            path.push(name.clone());
            true
        }
        ast::ExprKind::Member { base, name, args } if args.is_empty() => {
            let is_path = dotted(base, path);
            path.push(name.clone());
            is_path
        }
        _ => false,
    }
}
