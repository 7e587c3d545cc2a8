//! Whether patterns cover every value: Maranget's usefulness on a matrix of patterns,
//! asking only whether something is left over, and what. It reports nothing.

use std::collections::BTreeMap;

use super::cx::Shared;
use crate::hir::ty::Ty;
use crate::hir::*;

/// A pattern as far as coverage is concerned.
#[derive(Clone, Debug)]
pub(super) enum Cover {
    /// Every value.
    All,
    /// No value for certain: constants of endless types, relations, guarded cases.
    Nothing,
    Head(Head, Vec<Cover>),
    /// A struct or schema, by the fields that are tested.
    Record(Vec<(FieldId, Cover)>),
    Either(Vec<Cover>),
}

/// The outermost constructor of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Head {
    False,
    True,
    Null,
    NotNull,
    Case(usize),
    Tuple,
    Record,
}

/// How many steps the search takes before it gives up and calls the rest uncovered.
const BUDGET: usize = 200_000;

type Row = Vec<Cover>;

impl Shared<'_> {
    /// Values of type `ty` that no row covers, as patterns; empty if all are covered.
    pub(super) fn uncovered(&self, ty: &Ty, rows: &[Cover]) -> Vec<String> {
        let mut search = Search { shared: self, steps: 0 };
        let rows: Vec<Row> = rows.iter().map(|it| vec![it.clone()]).collect();
        let rows = search.spread(rows);
        let Some(heads) = self.heads(ty, &rows) else {
            let left = search.left_over(rows, std::slice::from_ref(ty));
            return left.map(|it| self.spell(&it[0], ty)).into_iter().collect();
        };
        let mut out = Vec::new();
        let mut split = search.by_head(rows, &heads);
        for (head, parts) in heads {
            let Some(rows) = split.remove(&head) else { continue };
            if let Some(rest) = search.left_over(rows, &parts) {
                out.push(self.spell(&rebuild(head, rest), ty));
            }
        }
        out
    }

    /// The constructors of a type with the types of their parts; `None` where there is no
    /// end of them. Of records only the fields that some row tests are parts.
    fn heads(&self, ty: &Ty, rows: &[Row]) -> Option<Vec<(Head, Vec<Ty>)>> {
        Some(match ty {
            Ty::Bool => vec![(Head::False, Vec::new()), (Head::True, Vec::new())],
            Ty::Nullable(inner) => {
                vec![(Head::Null, Vec::new()), (Head::NotNull, vec![(**inner).clone()])]
            }
            Ty::Enum(id, args) => {
                let declared = &self.program.enums[*id];
                let cases = declared.cases.iter().enumerate();
                cases
                    .map(|(at, case)| {
                        let parts = case.payload.iter();
                        let parts =
                            parts.map(|it| it.1.substitute(&declared.type_params, args));
                        (Head::Case(at), parts.collect())
                    })
                    .collect()
            }
            Ty::Tuple(elements) => {
                vec![(Head::Tuple, elements.iter().map(|it| it.ty.clone()).collect())]
            }
            Ty::Record(id, args) => {
                let params = &self.program.records[*id].type_params;
                let fields = tested_fields(rows);
                let parts = fields.iter();
                let parts =
                    parts.map(|it| self.program.fields[*it].ty.substitute(params, args));
                vec![(Head::Record, parts.collect())]
            }
            _ => return None,
        })
    }

    /// A value that is left over, as a pattern to write.
    fn spell(&self, cover: &Cover, ty: &Ty) -> String {
        let Cover::Head(head, parts) = cover else { return "_".to_owned() };
        let all = |tys: &[Ty]| {
            let parts = parts.iter().zip(tys).map(|(part, ty)| self.spell(part, ty));
            parts.collect::<Vec<_>>().join(", ")
        };
        match (head, ty) {
            (Head::False, _) => "false".to_owned(),
            (Head::True, _) => "true".to_owned(),
            (Head::Null, _) => "null".to_owned(),
            (Head::NotNull, Ty::Nullable(inner)) => match parts.first() {
                Some(Cover::All) | None => "not null".to_owned(),
                Some(part) => self.spell(part, inner),
            },
            (Head::Case(at), Ty::Enum(id, args)) => {
                let declared = &self.program.enums[*id];
                let case = &declared.cases[*at];
                let tys: Vec<Ty> = case
                    .payload
                    .iter()
                    .map(|it| it.1.substitute(&declared.type_params, args))
                    .collect();
                if tys.is_empty() {
                    return case.name.name.to_string();
                }
                format!("{}({})", case.name.name, all(&tys))
            }
            (Head::Tuple, Ty::Tuple(elements)) => {
                let tys: Vec<Ty> = elements.iter().map(|it| it.ty.clone()).collect();
                format!("({})", all(&tys))
            }
            _ => "_".to_owned(),
        }
    }
}

struct Search<'s> {
    shared: &'s Shared<'s>,
    steps: usize,
}

impl Search<'_> {
    /// A row of values that no row of patterns covers.
    fn left_over(&mut self, rows: Vec<Row>, tys: &[Ty]) -> Option<Row> {
        self.steps += 1 + rows.len();
        let Some((ty, rest)) = tys.split_first() else {
            return rows.is_empty().then(Vec::new);
        };
        if rows.is_empty() || self.steps > BUDGET {
            return Some(vec![Cover::All; tys.len()]);
        }
        let rows = self.spread(rows);
        let tested = rows.iter().any(|row| !matches!(row[0], Cover::All));
        let heads = if tested { self.shared.heads(ty, &rows) } else { None };
        let Some(heads) = heads else {
            let rows = rows.into_iter().filter(|row| matches!(row[0], Cover::All));
            let rows = rows.map(|mut row| row.split_off(1)).collect();
            let mut left = self.left_over(rows, rest)?;
            left.insert(0, Cover::All);
            return Some(left);
        };
        let mut split = self.by_head(rows, &heads);
        for (head, parts) in heads {
            let rows = split.remove(&head).unwrap_or_default();
            let n_parts = parts.len();
            let tys: Vec<Ty> = parts.into_iter().chain(rest.iter().cloned()).collect();
            if let Some(mut left) = self.left_over(rows, &tys) {
                let others = left.split_off(n_parts);
                let mut out = vec![rebuild(head, left)];
                out.extend(others);
                return Some(out);
            }
        }
        None
    }

    /// Alternatives in the first column as rows of their own; rows that cover nothing go.
    fn spread(&mut self, rows: Vec<Row>) -> Vec<Row> {
        let mut out = Vec::with_capacity(rows.len());
        let mut open = rows;
        open.reverse();
        while let Some(mut row) = open.pop() {
            match std::mem::replace(&mut row[0], Cover::Nothing) {
                Cover::Nothing => {}
                Cover::Either(parts) => {
                    for part in parts.into_iter().rev() {
                        let mut row = row.clone();
                        row[0] = part;
                        open.push(row);
                    }
                }
                other => {
                    row[0] = other;
                    out.push(row);
                }
            }
        }
        self.steps += out.len();
        out
    }

    /// Rows by the constructor of their first column, which their parts replace. A row
    /// that tests nothing there belongs to each of them.
    fn by_head(
        &mut self,
        rows: Vec<Row>,
        heads: &[(Head, Vec<Ty>)],
    ) -> BTreeMap<Head, Vec<Row>> {
        let fields = tested_fields(&rows);
        let mut split: BTreeMap<Head, Vec<Row>> =
            heads.iter().map(|(head, _)| (*head, Vec::new())).collect();
        let mut open = Vec::new();
        for mut row in rows {
            let rest = row.split_off(1);
            match row.pop() {
                Some(Cover::Head(head, parts)) => {
                    let row = parts.into_iter().chain(rest).collect();
                    split.entry(head).or_default().push(row);
                }
                Some(Cover::Record(tests)) => {
                    let test = |field: &FieldId| {
                        tests
                            .iter()
                            .find(|it| it.0 == *field)
                            .map_or(Cover::All, |it| it.1.clone())
                    };
                    let row = fields.iter().map(test).chain(rest).collect();
                    split.entry(Head::Record).or_default().push(row);
                }
                _ => open.push(rest),
            }
        }
        for (head, parts) in heads {
            let rows = split.entry(*head).or_default();
            for rest in &open {
                let wild = std::iter::repeat_n(Cover::All, parts.len());
                rows.push(wild.chain(rest.iter().cloned()).collect());
            }
            self.steps += open.len();
        }
        split
    }
}

fn tested_fields(rows: &[Row]) -> Vec<FieldId> {
    let mut fields: Vec<FieldId> = rows
        .iter()
        .filter_map(|row| match &row[0] {
            Cover::Record(tests) => Some(tests.iter().map(|it| it.0)),
            _ => None,
        })
        .flatten()
        .collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn rebuild(head: Head, parts: Vec<Cover>) -> Cover {
    match head {
        // Which fields the parts are is not spelled.
        Head::Record => Cover::All,
        _ => Cover::Head(head, parts),
    }
}

/// What a pattern covers that matches where `cover` does not.
pub(super) fn complement(shared: &Shared<'_>, cover: &Cover, ty: &Ty) -> Cover {
    let Cover::Head(head, parts) = cover else {
        // What several patterns leave over together is not worked out.
        return Cover::Nothing;
    };
    let Some(heads) = shared.heads(ty, &[]) else { return Cover::Nothing };
    let mut all = Vec::new();
    for (other, tys) in heads {
        if other != *head {
            all.push(Cover::Head(other, vec![Cover::All; tys.len()]));
            continue;
        }
        for (at, (part, ty)) in parts.iter().zip(&tys).enumerate() {
            let mut rest = vec![Cover::All; tys.len()];
            rest[at] = complement(shared, part, ty);
            all.push(Cover::Head(other, rest));
        }
    }
    Cover::Either(all)
}
