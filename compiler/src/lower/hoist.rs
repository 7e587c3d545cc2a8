//! Asks before a loop whether an array or list is shared, instead of at every store in it.
//!
//! `for (…) a[i] = …;` becomes `let mut a_1 = a.edit(); while … { a_1.set(i, …)?; }`, where the
//! loop uses `a` for nothing but reading and storing elements and asking for the length, and stores
//! whenever its body is run to the end. An `edit` copies at once what is shared, as the array
//! itself would have done at the first store, so nothing but the time it takes tells the difference.
//! A loop that may store nothing, however long it runs, has no edit: it would copy in vain. Runs
//! over finished functions, after moves were found; it knows no source.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Item, ItemKind, ItemRef, Pattern, Stmt,
    StmtKind, Ty, Var,
};
use crate::support::Name;

use super::build::At;
use super::rewrite::{self, Part};

/// Fields of the structs of a program.
pub(super) type Structs = HashMap<ItemRef, Vec<(Name, Ty)>>;

pub(super) fn structs(items: &[Item]) -> Structs {
    let fields = |it: &Item| match &it.kind {
        ItemKind::Struct(of) => Some((it.name, of.fields.clone())),
        _ => None,
    };
    items.iter().filter_map(fields).collect()
}

/// Introduces edits in one function.
pub(super) fn function(it: &mut Function, structs: &Structs) {
    let mut tys: HashMap<Var, Ty> =
        it.params.iter().map(|it| (it.var, it.ty.clone())).collect();
    note_tys(&mut it.body, &mut tys);
    let this = it.receiver.map(|(owner, _)| Ty::Item(owner));
    let mut cx = Hoist { structs, tys, this, vars: &mut it.vars };
    cx.block(&mut it.body);
}

struct Hoist<'h> {
    structs: &'h Structs,
    /// Types of variables that have a value from where they are declared.
    tys: HashMap<Var, Ty>,
    this: Option<Ty>,
    vars: &'h mut Vec<Name>,
}

/// A chain of fields: what an edit stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// `self` if there is none.
    root: Option<Var>,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Named(Name),
    Numbered(usize),
}

impl Place {
    /// Whether the place, or something that it is a part of, is among these. Nothing is a part
    /// of an array, so that settles whether it is used.
    fn is_within(&self, others: &BTreeSet<Self>) -> bool {
        (0..=self.fields.len()).any(|n| {
            others.contains(&Self { root: self.root, fields: self.fields[..n].to_vec() })
        })
    }
}

/// How a loop uses places.
#[derive(Default)]
struct Uses {
    /// By members that an edit has: whether one of them stores, and is not passed by.
    elements: BTreeMap<Place, bool>,
    /// In any other way.
    others: BTreeSet<Place>,
    declared: BTreeSet<Var>,
    /// What is looked at may be passed by.
    in_doubt: bool,
    /// So may all that follows in the body of the loop.
    skips: bool,
}

/// Members of collections that an edit has too, and whether they store.
fn member(name: &str, n_args: usize) -> Option<bool> {
    match (name, n_args) {
        ("at" | "at_ref", 1) | ("length" | "count", 0) => Some(false),
        ("at_mut", 1) | ("set", 2) => Some(true),
        _ => None,
    }
}

impl Hoist<'_> {
    fn block(&mut self, it: &mut Block) {
        let mut stmts = Vec::with_capacity(it.stmts.len());
        for mut stmt in std::mem::take(&mut it.stmts) {
            if let StmtKind::Expr(expr) = &mut stmt.kind
                && is_loop(expr)
            {
                let at = At(stmt.line);
                stmts.extend(self.edits(at, expr));
            }
            match &mut stmt.kind {
                StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) => {
                    self.expr(it);
                }
                StmtKind::Let { init: None, .. } | StmtKind::Note(_) => {}
            }
            stmts.push(stmt);
        }
        it.stmts = stmts;
        if let Some(value) = &mut it.value {
            self.expr(value);
        }
    }

    fn expr(&mut self, it: &mut Expr) {
        rewrite::parts(it, &mut |part| match part {
            Part::Expr(it) => self.expr(it),
            Part::Block(it) => self.block(it),
        });
    }

    /// Declares the edits of a loop, and makes the loop use them.
    fn edits(&mut self, at: At, it: &mut Expr) -> Vec<Stmt> {
        let mut uses = Uses::default();
        self.scan(it, &mut uses);
        let mut stmts = Vec::new();
        let mut edits = BTreeMap::new();
        for (place, stores) in &uses.elements {
            let inside = place.root.is_some_and(|it| uses.declared.contains(&it));
            if !stores || inside || place.is_within(&uses.others) {
                continue;
            }
            let name = match place.fields.last() {
                Some(Field::Named(name)) => name.clone(),
                Some(Field::Numbered(_)) => "ax".into(),
                None => match place.root {
                    Some(var) => self.vars[var.0 as usize].clone(),
                    None => continue,
                },
            };
            self.vars.push(name);
            let edit = Var(u32::try_from(self.vars.len() - 1).expect("fewer than 2^32"));
            let whole = at.borrow_mut(place_expr(at, place));
            let init = at.method(whole, "edit", vec![]);
            stmts.push(at.bind(Pattern::Var(edit), None, Some(init)));
            edits.insert(place.clone(), edit);
        }
        if !edits.is_empty() {
            self.replace(it, &edits);
        }
        stmts
    }

    /// Notes how the expression uses places.
    fn scan(&self, it: &mut Expr, uses: &mut Uses) {
        if let Some(place) = self.place(it) {
            uses.others.insert(place);
            return;
        }
        if let ExprKind::Method { receiver, name, args, .. } = &mut it.kind
            && let Some(stores) = member(name, args.len())
            && let Some(place) = self.place(peeled(receiver))
            && self.is_sequence(&place)
        {
            *uses.elements.entry(place).or_default() |= stores && !uses.in_doubt;
            for arg in args {
                self.scan(arg, uses);
            }
            return;
        }
        match &mut it.kind {
            // What runs elsewhere cannot use an edit.
            ExprKind::Closure { .. } | ExprKind::Async { .. } => {
                let mut inner = Uses::default();
                rewrite::parts(it, &mut |part| self.scan_part(part, &mut inner));
                uses.others.extend(inner.elements.into_keys().chain(inner.others));
            }
            ExprKind::For { .. } | ExprKind::While { .. } | ExprKind::Loop { .. } => {
                if let ExprKind::For { pattern, .. } = &it.kind {
                    declare(pattern, uses);
                }
                let before = (uses.in_doubt, uses.skips);
                rewrite::parts(it, &mut |part| self.scan_part(part, uses));
                (uses.in_doubt, uses.skips) = before;
            }
            ExprKind::Match { arms, .. } => {
                arms.iter().for_each(|it| declare(&it.pattern, uses));
                self.scan_choice(it, uses);
            }
            ExprKind::If { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) => {
                self.scan_choice(it, uses);
            }
            ExprKind::Handled { .. } => {
                let in_doubt = std::mem::replace(&mut uses.in_doubt, true);
                rewrite::parts(it, &mut |part| self.scan_part(part, uses));
                uses.in_doubt = in_doubt || uses.skips;
            }
            // What follows is left out, in this round of the loop. One that ends has copied once at most.
            ExprKind::Continue(_) | ExprKind::Break(Some(_), _) => {
                rewrite::parts(it, &mut |part| self.scan_part(part, uses));
                uses.skips = true;
            }
            _ => rewrite::parts(it, &mut |part| self.scan_part(part, uses)),
        }
    }

    /// Notes how something uses places of which only the first part is certain.
    fn scan_choice(&self, it: &mut Expr, uses: &mut Uses) {
        let in_doubt = uses.in_doubt;
        rewrite::parts(it, &mut |part| {
            self.scan_part(part, uses);
            uses.in_doubt = true;
        });
        uses.in_doubt = in_doubt || uses.skips;
    }

    fn scan_part(&self, part: Part<'_>, uses: &mut Uses) {
        match part {
            Part::Expr(it) => self.scan(it, uses),
            Part::Block(it) => {
                for stmt in &mut it.stmts {
                    match &mut stmt.kind {
                        StmtKind::Let { pattern, init, .. } => {
                            declare(pattern, uses);
                            if let Some(init) = init {
                                self.scan(init, uses);
                            }
                        }
                        StmtKind::Expr(it) => self.scan(it, uses),
                        StmtKind::Note(_) => {}
                    }
                }
                if let Some(value) = &mut it.value {
                    self.scan(value, uses);
                }
            }
        }
    }

    /// Puts the edits wherever their places are receivers of methods.
    fn replace(&self, it: &mut Expr, edits: &BTreeMap<Place, Var>) {
        rewrite::expr(it, &mut |expr| {
            let ExprKind::Method { receiver, .. } = &mut expr.kind else { return };
            let receiver = match &mut receiver.kind {
                ExprKind::RefMut(inner) | ExprKind::Ref(inner) => inner,
                _ => receiver,
            };
            if let Some(edit) = self.place(receiver).and_then(|it| edits.get(&it)) {
                receiver.kind = ExprKind::Var(*edit);
            }
        });
    }

    /// The place that an expression names.
    fn place(&self, it: &Expr) -> Option<Place> {
        let mut fields = Vec::new();
        let mut at = it;
        let root = loop {
            match &at.kind {
                ExprKind::Var(var) => break Some(*var),
                ExprKind::This => break None,
                ExprKind::Field(base, name) => {
                    fields.push(Field::Named(name.clone()));
                    at = base;
                }
                ExprKind::TupleField(base, index) => {
                    fields.push(Field::Numbered(*index));
                    at = base;
                }
                // A borrow stands for what it borrows.
                ExprKind::Deref(inner) => match inner.kind {
                    ExprKind::Var(_) | ExprKind::This => at = inner,
                    _ => return None,
                },
                _ => return None,
            }
        };
        fields.reverse();
        Some(Place { root, fields })
    }

    /// Whether the place is known to hold an array or list that can be changed in place.
    fn is_sequence(&self, place: &Place) -> bool {
        let root = match place.root {
            Some(var) => self.tys.get(&var),
            None => self.this.as_ref(),
        };
        let Some(mut ty) = root else { return false };
        if let Ty::RefMut(inner) = ty {
            ty = inner;
        }
        for field in &place.fields {
            let part = match (field, ty) {
                (Field::Named(name), Ty::Item(item)) => {
                    let fields = self.structs.get(item);
                    fields
                        .and_then(|it| it.iter().find(|it| it.0 == *name))
                        .map(|it| &it.1)
                }
                (Field::Numbered(index), Ty::Tuple(parts)) => parts.get(*index),
                _ => None,
            };
            let Some(part) = part else { return false };
            ty = part;
        }
        matches!(ty, Ty::Rt(name, _) if matches!(&**name, "Array" | "List"))
    }
}

fn is_loop(it: &Expr) -> bool {
    matches!(
        it.kind,
        ExprKind::Loop { .. } | ExprKind::While { .. } | ExprKind::For { .. }
    )
}

/// The receiver of a method without the borrow that is written for it.
fn peeled(it: &Expr) -> &Expr {
    match &it.kind {
        ExprKind::RefMut(inner) | ExprKind::Ref(inner) => inner,
        _ => it,
    }
}

fn declare(pattern: &Pattern, uses: &mut Uses) {
    crate::ir::visit::bound(pattern, &mut |var| {
        uses.declared.insert(var);
    });
}

fn place_expr(at: At, place: &Place) -> Expr {
    let root = place.root.map_or_else(|| at.expr(ExprKind::This), |it| at.var(it));
    place.fields.iter().fold(root, |base, field| match field {
        Field::Named(name) => at.field(base, name),
        Field::Numbered(index) => at.expr(ExprKind::TupleField(Box::new(base), *index)),
    })
}

/// Notes the types of variables that are declared with a value.
fn note_tys(it: &mut Block, tys: &mut HashMap<Var, Ty>) {
    for stmt in &mut it.stmts {
        match &mut stmt.kind {
            StmtKind::Let { pattern, ty, init: Some(init) } => {
                if let (Pattern::Var(var), Some(ty)) = (&*pattern, &*ty) {
                    tys.insert(*var, ty.clone());
                }
                note_in(init, tys);
            }
            StmtKind::Expr(it) => note_in(it, tys),
            StmtKind::Let { init: None, .. } | StmtKind::Note(_) => {}
        }
    }
    if let Some(value) = &mut it.value {
        note_in(value, tys);
    }
}

fn note_in(it: &mut Expr, tys: &mut HashMap<Var, Ty>) {
    rewrite::parts(it, &mut |part| match part {
        Part::Expr(it) => note_in(it, tys),
        Part::Block(it) => note_tys(it, tys),
    });
}
