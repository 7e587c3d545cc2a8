//! Cases of enums where a value is wanted. Their calls with a payload are calls.

use super::cx::Cx;
use super::errors::names;
use super::tables::Member;
use super::ty::is_known;
use crate::hir::body::Ident;
use crate::hir::ty::{Args, Ty};
use crate::hir::*;

impl Cx<'_> {
    /// A case as a value, found by its bare name.
    pub(super) fn enum_case_value(
        &mut self,
        id: ExprId,
        declared: EnumId,
        args: Args,
        name: &Ident,
    ) -> Ty {
        match self.shared.index.case(declared, &name.name) {
            Some(case) => self.case_value(id, (declared, case, &args), name, None),
            None => {
                let ty = Ty::Enum(declared, args);
                let problem = names::unknown_case(self, name, Some(&ty));
                self.report(problem);
                Ty::Error
            }
        }
    }

    pub(super) fn case_value(
        &mut self,
        id: ExprId,
        (declared, case, given): (EnumId, usize, &Args),
        name: &Ident,
        hint: Option<&Ty>,
    ) -> Ty {
        let payload = self.program.enums[declared].cases[case].payload.len();
        if payload > 0 {
            let problem = names::case_arguments(self, declared, case, 0, name.span);
            self.report(problem);
            let known = given.len() == self.program.enums[declared].type_params.len();
            let known = known && given.iter().all(is_known);
            return if known { Ty::Enum(declared, given.clone()) } else { Ty::Error };
        }
        let of = (declared, case, given);
        let Some(args) = self.case_args(id, of, name, &[], hint) else {
            return Ty::Error;
        };
        self.out.members.insert(id, Member::EnumCase(declared, case));
        Ty::Enum(declared, args)
    }
}
