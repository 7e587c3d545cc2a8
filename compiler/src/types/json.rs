//! Which types have a JSON form: all that is made of plain data. What the form is, the
//! runtime knows.

use super::call::Signature;
use super::cx::{Cx, Shared, Why};
use super::errors::shapes;
use super::generics::record_fields;
use super::tables::Call;
use crate::hir::body::{Arg, Ident};
use crate::hir::item::RecordKind;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// The longest tuple that has a JSON form.
const LONGEST_TUPLE: usize = 12;

/// A part of a type that has no JSON form.
#[derive(Debug)]
pub(in crate::types) struct NoJson {
    /// The declared type and the field or case that leads to it, if there is one.
    pub(in crate::types) inside: Option<String>,
    pub(in crate::types) ty: Ty,
    /// It stands where the key of a dictionary does.
    pub(in crate::types) key: bool,
}

impl<'p> Cx<'p> {
    /// Whether the type has a JSON form; reports what has none.
    pub(super) fn has_json(&mut self, ty: &Ty, span: Span) -> bool {
        let found = Walk { shared: self.shared, seen: Vec::new() }.look(ty, None);
        if let Some(found) = &found {
            let problem = shapes::no_json(self, ty, found, span);
            self.report(problem);
        }
        found.is_none()
    }

    /// `T.FromJson(text)`
    pub(super) fn read_json(
        &mut self,
        id: ExprId,
        ty: Ty,
        name: &'p Ident,
        args: &'p [Arg],
    ) -> Ty {
        let text = Ident { name: "text".into(), span: name.span };
        let signature = Signature {
            what: "`FromJson`".to_owned(),
            params: vec![&text],
            optional: vec![false],
            span: None,
        };
        if self.bind(&signature, args, name.span).is_some() {
            let text = args[0].value;
            self.check(text, &Ty::String, Why::Nothing);
            self.out.calls.insert(id, Call::FromJson { text, ty: ty.clone() });
        }
        ty
    }
}

struct Walk<'a> {
    shared: &'a Shared<'a>,
    /// Declared types that were looked into: what they lack is told once.
    seen: Vec<Ty>,
}

impl Walk<'_> {
    /// The first part without a JSON form. `inside` says what the type is part of.
    fn look(&mut self, ty: &Ty, inside: Option<&str>) -> Option<NoJson> {
        let program = self.shared.program;
        let lang = &program.lang;
        let none = |ty: &Ty, key| {
            let inside = inside.map(str::to_owned);
            Some(NoJson { inside, ty: ty.clone(), key })
        };
        match ty {
            Ty::Error | Ty::Infer(_) | Ty::Never => None,
            Ty::Bool | Ty::Char | Ty::String | Ty::Int(_) => None,
            Ty::Float | Ty::Double | Ty::Decimal | Ty::Duration => None,
            Ty::Array(it) | Ty::Nullable(it) => self.look(it, inside),
            Ty::Tuple(parts) if parts.len() <= LONGEST_TUPLE => {
                parts.iter().find_map(|it| self.look(&it.ty, inside))
            }
            Ty::Native(id, args) if Some(*id) == lang.list || Some(*id) == lang.set => {
                args.iter().find_map(|it| self.look(it, inside))
            }
            Ty::Native(id, args) if Some(*id) == lang.dictionary => {
                let [key, value] = &args[..] else { return None };
                if !self.is_key(key) {
                    return none(key, true);
                }
                self.look(value, inside)
            }
            Ty::Native(id, _) if Some(*id) == lang.json => None,
            Ty::Record(id, _) if program.records[*id].kind == RecordKind::Exception => {
                none(ty, false)
            }
            Ty::Enum(id, _) if program.enums[*id].decl.library => none(ty, false),
            Ty::Record(..) | Ty::Enum(..) => {
                if self.seen.contains(ty) {
                    return None;
                }
                self.seen.push(ty.clone());
                self.declared(ty)
            }
            _ => none(ty, false),
        }
    }

    fn declared(&mut self, ty: &Ty) -> Option<NoJson> {
        let program = self.shared.program;
        match ty {
            Ty::Record(id, args) => {
                let shown = &program.records[*id].decl.name.name;
                record_fields(program, *id, args).iter().find_map(|(field, ty)| {
                    let field = &program.fields[*field].name.name;
                    self.look(ty, Some(&format!("{shown}.{field}")))
                })
            }
            Ty::Enum(id, args) => {
                let declared = &program.enums[*id];
                let shown = &declared.decl.name.name;
                declared.cases.iter().find_map(|case| {
                    let inside = format!("{shown}.{}", case.name.name);
                    case.payload.iter().find_map(|(_, ty)| {
                        self.look(
                            &ty.substitute(&declared.type_params, args),
                            Some(&inside),
                        )
                    })
                })
            }
            _ => None,
        }
    }

    /// Whether values of the type can be keys of a JSON object.
    fn is_key(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Error | Ty::Infer(_) => true,
            Ty::String | Ty::Char | Ty::Bool | Ty::Int(_) | Ty::Decimal => true,
            Ty::Enum(id, _) => {
                let declared = &self.shared.program.enums[*id];
                !declared.decl.library
                    && declared.cases.iter().all(|it| it.payload.is_empty())
            }
            _ => false,
        }
    }
}
