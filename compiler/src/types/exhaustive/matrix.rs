//! Maranget's matrix of patterns ("Warnings for pattern matching", 2007): one pass that
//! finds the values no row covers and the rows that no value reaches. Columns are split by
//! the constructors that the rows name; the work is bounded. It does not spell values.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::sets::{Numbers, Taken, Texts};
use super::{Case, Cover, Head, Useless};
use crate::hir::FieldId;
use crate::hir::ty::Ty;
use crate::support::Name;
use crate::support::span::Span;
use crate::types::cx::Shared;
use crate::types::generics;

/// How many cells the search looks at before it gives up.
const BUDGET: usize = 2_000_000;
/// How deep it goes.
const DEPTH: usize = 1_000;
/// How many values are put together that no row covers.
pub(super) const MANY: usize = 1_000;

const ALL: &Cover = &Cover::All;

/// A row, its first column last.
#[derive(Clone)]
struct Row<'c> {
    cells: Vec<&'c Cover>,
    case: usize,
    /// Takes no value for certain.
    vague: bool,
    /// Alternatives that were chosen on the way.
    chosen: Option<Rc<Chosen>>,
}

struct Chosen {
    span: Span,
    before: Option<Rc<Chosen>>,
}

/// Values, the first column last.
type Values = Vec<Cover>;

pub(super) struct Search<'s, 'c> {
    shared: &'s Shared<'s>,
    cases: &'c [Case],
    steps: usize,
    depth: usize,
    pub(super) gave_up: bool,
    useful: Vec<bool>,
    useful_alternatives: BTreeSet<Span>,
    /// What takes the values of a case or alternative before it, a few of each.
    by: BTreeMap<(usize, Option<Span>), Vec<Span>>,
}

impl<'s, 'c> Search<'s, 'c> {
    pub(super) fn new(shared: &'s Shared<'s>, cases: &'c [Case]) -> Self {
        Self {
            shared,
            cases,
            steps: 0,
            depth: 0,
            gave_up: false,
            useful: vec![false; cases.len()],
            useful_alternatives: BTreeSet::new(),
            by: BTreeMap::new(),
        }
    }

    /// Values of type `ty` that no case covers.
    pub(super) fn run(&mut self, ty: &Ty) -> Vec<Cover> {
        let rows = self.cases.iter().enumerate().map(|(case, it)| Row {
            cells: vec![&it.cover],
            case,
            vague: it.guarded,
            chosen: None,
        });
        let left = self.explore(rows.collect(), vec![ty.clone()]);
        left.into_iter().filter_map(|mut it| it.pop()).collect()
    }

    pub(super) fn useful(&self, case: usize) -> bool {
        self.useful[case]
    }

    /// Cases that no value reaches, and alternatives of the others.
    pub(super) fn useless(&self) -> Vec<Useless> {
        let mut out = Vec::new();
        let by = |key| self.by.get(&key).cloned().unwrap_or_default();
        for (case, it) in self.cases.iter().enumerate() {
            if !self.useful[case] {
                let by = by((case, None));
                out.push(Useless { case, alternative: None, by });
                continue;
            }
            let mut spans = Vec::new();
            alternatives(&it.cover, &mut spans);
            spans.retain(|it| !self.useful_alternatives.contains(it));
            // An alternative may come out in several pieces.
            spans.dedup();
            let outermost = |it: &Span| {
                let around = |other: &&Span| {
                    *other != it && other.lo <= it.lo && it.hi <= other.hi
                };
                !spans.iter().any(|other| around(&other))
            };
            for &span in spans.iter().filter(|it| outermost(it)).take(8) {
                let by = by((case, Some(span)));
                out.push(Useless { case, alternative: Some(span), by });
            }
        }
        out
    }

    fn explore(&mut self, rows: Vec<Row<'c>>, tys: Vec<Ty>) -> Vec<Values> {
        self.depth += 1;
        let left = self.explore_here(rows, tys);
        self.depth -= 1;
        left
    }

    fn explore_here(&mut self, mut rows: Vec<Row<'c>>, mut tys: Vec<Ty>) -> Vec<Values> {
        self.steps += (1 + rows.len()) * (1 + tys.len());
        if self.steps > BUDGET || self.depth > DEPTH {
            self.gave_up = true;
        }
        if self.gave_up {
            return Vec::new();
        }
        let mut begin = 0;
        let column = loop {
            let Some(first) = rows.get(begin) else {
                return vec![vec![Cover::All; tys.len()]];
            };
            // The leftmost column that the first row tests: others may not matter to it.
            let tested = |it: &Cover| !matches!(it, Cover::All);
            if let Some(column) = first.cells.iter().copied().rposition(tested) {
                break column;
            }
            self.reached(first);
            if !first.vague {
                let first = first.clone();
                self.covered(&first, &rows[begin + 1..]);
                return Vec::new();
            }
            begin += 1;
        };
        rows.drain(..begin);
        let top = tys.len() - 1;
        tys.swap(column, top);
        for row in &mut rows {
            row.cells.swap(column, top);
        }
        let rows = self.spread(rows);
        let mut left = self.split(rows, tys);
        for values in &mut left {
            values.swap(column, top);
        }
        left
    }

    /// Alternatives in the first column as rows of their own.
    fn spread(&mut self, rows: Vec<Row<'c>>) -> Vec<Row<'c>> {
        let mut out = Vec::with_capacity(rows.len());
        let mut open = rows;
        open.reverse();
        while let Some(mut row) = open.pop() {
            let top = row.cells.len() - 1;
            match row.cells[top] {
                Cover::Maybe(inner) => {
                    row.cells[top] = inner;
                    row.vague = true;
                    open.push(row);
                }
                Cover::Alternative(span, inner) => {
                    row.cells[top] = inner;
                    let before = row.chosen.take();
                    row.chosen = Some(Rc::new(Chosen { span: *span, before }));
                    open.push(row);
                }
                Cover::Either(parts) => {
                    self.steps += parts.len() * row.cells.len();
                    for part in parts.iter().rev() {
                        let mut row = row.clone();
                        row.cells[top] = part;
                        open.push(row);
                    }
                }
                _ => out.push(row),
            }
        }
        out
    }

    fn split(&mut self, rows: Vec<Row<'c>>, tys: Vec<Ty>) -> Vec<Values> {
        let Some(ty) = tys.last() else { return Vec::new() };
        match ty {
            Ty::Bool | Ty::Nullable(_) | Ty::Enum(..) | Ty::Tuple(_) => {
                self.split_heads(rows, tys)
            }
            Ty::Record(..) => self.split_record(rows, tys),
            Ty::String => self.split_texts(rows, tys),
            _ => match Numbers::all_of(ty) {
                Some(all) if tys.len() == 1 => self.sweep(&rows, &all),
                Some(all) => self.split_numbers(rows, tys, &all),
                // Whatever is tested there, some values may pass and some may not.
                None => {
                    let mut rows = rows;
                    for row in &mut rows {
                        let top = row.cells.len() - 1;
                        row.vague |= !matches!(row.cells[top], Cover::All);
                        row.cells[top] = ALL;
                    }
                    self.explore(rows, tys)
                }
            },
        }
    }

    /// The constructors of a type with the types of their parts.
    fn heads(&self, ty: &Ty) -> Vec<(Head, Vec<Ty>)> {
        match ty {
            Ty::Bool => vec![(Head::False, Vec::new()), (Head::True, Vec::new())],
            Ty::Nullable(inner) => {
                vec![(Head::Null, Vec::new()), (Head::NotNull, vec![(**inner).clone()])]
            }
            Ty::Enum(id, args) => {
                let declared = &self.shared.program.enums[*id];
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
            _ => Vec::new(),
        }
    }

    fn split_heads(&mut self, rows: Vec<Row<'c>>, mut tys: Vec<Ty>) -> Vec<Values> {
        let Some(ty) = tys.pop() else { return Vec::new() };
        let heads = self.heads(&ty);
        let mut named: BTreeMap<Head, Vec<Row<'c>>> = BTreeMap::new();
        for row in &rows {
            if let Some(Cover::Head(head, _)) = row.cells.last() {
                named.entry(*head).or_default();
            }
        }
        let n_parts =
            |head: Head| heads.iter().find(|it| it.0 == head).map_or(0, |it| it.1.len());
        let mut others = Vec::new();
        for mut row in rows {
            match row.cells.pop() {
                Some(Cover::Head(head, parts)) => {
                    row.cells.extend(parts.iter().rev());
                    if let Some(rows) = named.get_mut(head) {
                        rows.push(row);
                    }
                }
                _ => {
                    for (head, rows) in &mut named {
                        let mut row = row.clone();
                        let n = row.cells.len() + n_parts(*head);
                        row.cells.resize(n, ALL);
                        self.steps += n;
                        rows.push(row);
                    }
                    others.push(row);
                }
            }
        }
        let nothing_named = named.is_empty();
        let missing = heads.iter().any(|it| !named.contains_key(&it.0));
        let rest = if missing { self.explore(others, tys.clone()) } else { Vec::new() };
        let mut left = Vec::new();
        if nothing_named {
            return behind(rest, &Cover::All);
        }
        for (head, parts) in heads {
            let n_parts = parts.len();
            let Some(rows) = named.remove(&head) else {
                let whole = Cover::Head(head, vec![Cover::All; n_parts]);
                left.extend(behind(rest.clone(), &whole));
                left.truncate(MANY);
                continue;
            };
            let mut tys = tys.clone();
            tys.extend(parts.into_iter().rev());
            for mut values in self.explore(rows, tys) {
                let mut parts = values.split_off(values.len() - n_parts);
                parts.reverse();
                values.push(Cover::Head(head, parts));
                left.push(values);
            }
            left.truncate(MANY);
        }
        left
    }

    /// Of a struct or schema the fields that some row tests are columns.
    fn split_record(&mut self, rows: Vec<Row<'c>>, mut tys: Vec<Ty>) -> Vec<Values> {
        let Some(Ty::Record(id, args)) = tys.pop() else { return Vec::new() };
        let program = self.shared.program;
        let mut fields: Vec<FieldId> = Vec::new();
        let mut seen = BTreeSet::new();
        for row in &rows {
            if let Some(Cover::Record(tests)) = row.cells.last() {
                fields.extend(tests.iter().map(|it| it.0).filter(|it| seen.insert(*it)));
            }
        }
        fields.reverse();
        tys.extend(fields.iter().map(|it| generics::field_type(program, id, &args, *it)));
        let mut out = Vec::with_capacity(rows.len());
        for mut row in rows {
            let cell = row.cells.pop();
            let tests: BTreeMap<FieldId, &Cover> = match cell {
                Some(Cover::Record(tests)) => {
                    tests.iter().map(|it| (it.0, &it.1)).collect()
                }
                _ => BTreeMap::new(),
            };
            row.cells
                .extend(fields.iter().map(|it| tests.get(it).copied().unwrap_or(ALL)));
            out.push(row);
        }
        let mut left = self.explore(out, tys);
        for values in &mut left {
            let parts = values.split_off(values.len() - fields.len());
            let tests = fields.iter().copied().zip(parts).rev();
            let tests: Vec<_> = tests.filter(|it| !matches!(it.1, Cover::All)).collect();
            values.push(if tests.is_empty() { Cover::All } else { Cover::Record(tests) });
        }
        left
    }

    fn split_texts(&mut self, rows: Vec<Row<'c>>, mut tys: Vec<Ty>) -> Vec<Values> {
        tys.pop();
        let mut named: BTreeMap<Name, Vec<Row<'c>>> = BTreeMap::new();
        for row in &rows {
            if let Some(Cover::Texts(texts)) = row.cells.last() {
                for text in &texts.named {
                    named.entry(text.clone()).or_default();
                }
            }
        }
        let mut others = Vec::new();
        for mut row in rows {
            match row.cells.pop() {
                Some(Cover::Texts(texts)) if !texts.others => {
                    for text in &texts.named {
                        self.steps += row.cells.len();
                        if let Some(rows) = named.get_mut(text) {
                            rows.push(row.clone());
                        }
                    }
                }
                cell => {
                    for (text, rows) in &mut named {
                        self.steps += 1;
                        if !matches!(cell, Some(Cover::Texts(it)) if !it.has(text)) {
                            self.steps += row.cells.len();
                            rows.push(row.clone());
                        }
                    }
                    others.push(row);
                }
            }
        }
        let rest = Texts { named: named.keys().cloned().collect(), others: true };
        let mut left = Vec::new();
        for (text, rows) in named {
            let found = self.explore(rows, tys.clone());
            left.extend(behind(found, &Cover::Texts(Texts::one(text))));
            left.truncate(MANY);
        }
        let found = self.explore(others, tys);
        left.extend(behind(found, &Cover::Texts(rest)));
        left
    }

    /// Numbers are split where some row tells them apart; numbers that all rows take for
    /// the same go together.
    fn split_numbers(
        &mut self,
        rows: Vec<Row<'c>>,
        mut tys: Vec<Ty>,
        all: &Numbers,
    ) -> Vec<Values> {
        tys.pop();
        let mut cuts: Vec<i128> = all.parts().iter().map(|it| it.0).collect();
        for row in &rows {
            if let Some(Cover::Numbers(numbers)) = row.cells.last() {
                cuts.extend(numbers.parts().iter().flat_map(|it| [it.0, it.1 + 1]));
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        // Which rows take the numbers from each cut to the next.
        let mut takers: Vec<Vec<usize>> = vec![Vec::new(); cuts.len()];
        let mut open = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let Some(Cover::Numbers(numbers)) = row.cells.last() else {
                open.push(at);
                continue;
            };
            for (low, high) in numbers.parts() {
                let from = cuts.partition_point(|it| it < low);
                let to = cuts.partition_point(|it| it <= high);
                self.steps += to - from;
                if self.steps > BUDGET {
                    self.gave_up = true;
                    return Vec::new();
                }
                for takers in &mut takers[from..to] {
                    takers.push(at);
                }
            }
        }
        let mut groups: BTreeMap<Vec<usize>, Vec<(i128, i128)>> = BTreeMap::new();
        for (at, takers) in takers.into_iter().enumerate() {
            let high = cuts.get(at + 1).map_or(i128::MAX, |it| it - 1);
            groups.entry(takers).or_default().push((cuts[at], high));
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|it| it.1[0].0);
        let mut left = Vec::new();
        for (takers, parts) in groups {
            let numbers = Numbers::from_sorted(parts).and(all);
            if numbers.is_empty() {
                continue;
            }
            let mut chosen: Vec<usize> = takers.iter().chain(&open).copied().collect();
            chosen.sort_unstable();
            self.steps += chosen.len() * (1 + tys.len());
            if self.steps > BUDGET {
                self.gave_up = true;
                return Vec::new();
            }
            let rows = chosen.into_iter().map(|it| {
                let mut row = rows[it].clone();
                row.cells.pop();
                row
            });
            let found = self.explore(rows.collect(), tys.clone());
            left.extend(behind(found, &Cover::Numbers(numbers)));
            left.truncate(MANY);
        }
        left
    }

    /// The last column, of numbers: each row takes what is left, in order.
    fn sweep(&mut self, rows: &[Row<'c>], all: &Numbers) -> Vec<Values> {
        let mut taken = Taken::default();
        for (at, row) in rows.iter().enumerate() {
            let wanted = match row.cells.last() {
                Some(Cover::Numbers(numbers)) => numbers.and(all),
                _ => all.clone(),
            };
            let mut by = Vec::new();
            let mut reached = false;
            for part in wanted.parts() {
                let owner = (!row.vague).then_some(at);
                reached |= taken.take(*part, owner, &mut by);
            }
            if reached {
                self.reached(row);
            }
            for first in by {
                self.covered(&rows[first], std::slice::from_ref(row));
            }
        }
        let rest = taken.rest(all);
        if rest.is_empty() { Vec::new() } else { vec![vec![Cover::Numbers(rest)]] }
    }

    /// Some value gets to the row.
    fn reached(&mut self, row: &Row<'_>) {
        self.useful[row.case] = true;
        let mut at = row.chosen.as_ref();
        while let Some(chosen) = at {
            self.useful_alternatives.insert(chosen.span);
            at = chosen.before.as_ref();
        }
    }

    /// The first row takes values that would get to the others.
    fn covered(&mut self, first: &Row<'_>, others: &[Row<'c>]) {
        for row in others {
            self.steps += 1;
            let mut span = self.cases[first.case].span;
            if first.case == row.case {
                match &first.chosen {
                    Some(chosen) => span = chosen.span,
                    None => continue,
                }
            }
            let mut add = |key| {
                let by = self.by.entry(key).or_default();
                if by.len() < 3 && !by.contains(&span) {
                    by.push(span);
                }
            };
            if !self.useful[row.case] {
                add((row.case, None));
            }
            let mut at = row.chosen.as_ref();
            while let Some(chosen) = at {
                add((row.case, Some(chosen.span)));
                at = chosen.before.as_ref();
            }
        }
    }
}

/// Puts a first column in front of values.
fn behind(mut left: Vec<Values>, first: &Cover) -> Vec<Values> {
    for values in &mut left {
        values.push(first.clone());
    }
    left
}

fn alternatives(cover: &Cover, out: &mut Vec<Span>) {
    match cover {
        Cover::Alternative(span, inner) => {
            out.push(*span);
            alternatives(inner, out);
        }
        Cover::Maybe(inner) => alternatives(inner, out),
        Cover::Head(_, parts) | Cover::Either(parts) => {
            for part in parts {
                alternatives(part, out);
            }
        }
        Cover::Record(tests) => {
            for (_, test) in tests {
                alternatives(test, out);
            }
        }
        Cover::All | Cover::Numbers(_) | Cover::Texts(_) => {}
    }
}
