//! Puts every small change of a file into it at once, each behind a switch. It runs nothing.
//!
//! What is changed: a condition becomes true or false, an operand of `&&` and `||` stops to
//! matter, a comparison counts its bound in or out, a statement that calls, reports or assigns is
//! left out, a case of a `match` never applies, a function gives its result at once.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    BinOp, Block, Expr, Item, Pat, ReturnType, Signature, Stmt, Type, UnOp, parse_quote,
};

/// One small change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The file below `compiler/src`.
    pub file: String,
    pub line: usize,
    /// The function it is in.
    pub function: String,
    /// What is done.
    pub what: &'static str,
    /// The code it is done to, on one line.
    pub code: String,
}

impl Mutant {
    /// What it is called where no numbers help, since these change with the file.
    pub fn name(&self) -> String {
        format!("{} | {} | {} | {}", self.file, self.function, self.what, self.code)
    }
}

/// Hands out numbers. Those that do not compile are handed out and not used.
#[derive(Debug)]
pub struct Mutants {
    pub all: Vec<Mutant>,
    pub left_out: BTreeSet<u32>,
}

/// The text of a file with all its switches.
pub fn rewrite(
    file: &str,
    text: &str,
    mutants: &mut Mutants,
) -> Result<String, syn::Error> {
    let mut tree = syn::parse_file(text)?;
    let mut rewriter = Rewriter { file, text, mutants, function: String::new() };
    rewriter.visit_file_mut(&mut tree);
    Ok(prettyplease::unparse(&tree))
}

struct Rewriter<'a> {
    file: &'a str,
    text: &'a str,
    mutants: &'a mut Mutants,
    function: String,
}

/// What a boolean expression is changed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Either,
    True,
    False,
    Neither,
}

impl Rewriter<'_> {
    /// A new number, unless it is left out.
    fn number(&mut self, what: &'static str, range: Range<usize>) -> Option<u32> {
        let id =
            u32::try_from(self.mutants.all.len()).expect("there are not that many") + 1;
        let code = self.text.get(range.clone()).unwrap_or_default();
        let mut code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        if code.chars().count() > 90 {
            code = code.chars().take(90).collect::<String>() + "…";
        }
        let line =
            self.text[..range.start.min(self.text.len())].matches('\n').count() + 1;
        self.mutants.all.push(Mutant {
            file: self.file.to_owned(),
            line,
            function: self.function.clone(),
            what,
            code,
        });
        (!self.mutants.left_out.contains(&id)).then_some(id)
    }

    /// The condition of a switch that takes something out; `None` if there is none.
    fn keep(&mut self, what: &'static str, range: Range<usize>) -> Option<Expr> {
        let id = self.number(what, range)?;
        Some(parse_quote!(crate::schemata::keep(#id)))
    }

    /// `expr` or other expressions, by their numbers.
    fn choose(
        &mut self,
        expr: &mut Expr,
        range: &Range<usize>,
        others: &[(&'static str, TokenStream)],
    ) {
        let mut arms = TokenStream::new();
        for (what, other) in others {
            if let Some(id) = self.number(what, range.clone()) {
                arms.extend(quote!(#id => #other,));
            }
        }
        if !arms.is_empty() {
            let from =
                u32::try_from(self.mutants.all.len() - others.len()).expect("few") + 1;
            let n = u32::try_from(others.len()).expect("few");
            *expr = parse_quote! {
                match crate::schemata::pick(#from, #n) { #arms _ => (#expr) }
            };
        }
    }

    /// A boolean expression: its parts, then the whole.
    fn boolean(&mut self, expr: &mut Expr, wanted: Wanted) {
        let range = range_of(expr);
        if has_let(expr) {
            self.chain(expr);
            return;
        }
        let mut swapped = Vec::new();
        match expr {
            Expr::Paren(it) => return self.boolean(&mut it.expr, wanted),
            Expr::Unary(it) if matches!(it.op, UnOp::Not(_)) => {
                self.boolean(&mut it.expr, Wanted::Neither);
            }
            Expr::Binary(it) if matches!(it.op, BinOp::And(_)) => {
                self.boolean(&mut it.left, Wanted::True);
                self.boolean(&mut it.right, Wanted::True);
            }
            Expr::Binary(it) if matches!(it.op, BinOp::Or(_)) => {
                self.boolean(&mut it.left, Wanted::False);
                self.boolean(&mut it.right, Wanted::False);
            }
            Expr::Binary(it) => {
                visit_mut::visit_expr_binary_mut(self, it);
                let (a, b) = (&it.left, &it.right);
                match it.op {
                    BinOp::Lt(_) => {
                        swapped.push(("`<` counts its bound in", quote!((#a) <= (#b))))
                    }
                    BinOp::Le(_) => {
                        swapped.push(("`<=` leaves its bound out", quote!((#a) < (#b))))
                    }
                    BinOp::Gt(_) => {
                        swapped.push(("`>` counts its bound in", quote!((#a) >= (#b))))
                    }
                    BinOp::Ge(_) => {
                        swapped.push(("`>=` leaves its bound out", quote!((#a) > (#b))))
                    }
                    _ => {}
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
        if matches!(wanted, Wanted::Either | Wanted::True) {
            swapped.push(("is taken as true", quote!(true)));
        }
        if matches!(wanted, Wanted::Either | Wanted::False) {
            swapped.push(("is taken as false", quote!(false)));
        }
        self.choose(expr, &range, &swapped);
    }

    /// `a && let p = b && c`: what is no `let` stops to matter.
    fn chain(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Binary(it) if matches!(it.op, BinOp::And(_)) => {
                self.chain(&mut it.left);
                self.chain(&mut it.right);
            }
            Expr::Let(it) => self.visit_expr_mut(&mut it.expr),
            other if has_let(other) => visit_mut::visit_expr_mut(self, other),
            other => self.boolean(other, Wanted::True),
        }
    }

    /// The condition of `if` and `while`.
    fn condition(&mut self, cond: &mut Expr, wanted: Wanted) {
        let range = range_of(cond);
        if !has_let(cond) {
            return self.boolean(cond, wanted);
        }
        self.chain(cond);
        if let Some(keep) = self.keep("never holds", range) {
            *cond = parse_quote!(#keep && #cond);
        }
    }

    /// A statement that may be left out.
    fn statement(&mut self, stmt: &mut Stmt) {
        let range = stmt.span().byte_range();
        let what = match stmt {
            Stmt::Expr(expr, Some(_)) if is_call(expr) => "is left out",
            Stmt::Expr(Expr::Assign(it), Some(_))
                if !matches!(*it.left, Expr::Path(_) | Expr::Infer(_)) =>
            {
                "is not assigned"
            }
            Stmt::Expr(Expr::Binary(it), Some(_)) if is_compound(&it.op) => {
                "is not assigned"
            }
            Stmt::Expr(expr, None) if is_unit_call(expr) => "is left out",
            _ => return visit_mut::visit_stmt_mut(self, stmt),
        };
        visit_mut::visit_stmt_mut(self, stmt);
        if let Some(keep) = self.keep(what, range) {
            if let Stmt::Expr(_, semi) = stmt {
                *semi = Some(Default::default());
            }
            *stmt = parse_quote!(if #keep { #stmt });
        }
    }

    fn function(&mut self, sig: &Signature, block: &mut Block) {
        if sig.constness.is_some() {
            return;
        }
        let outer = std::mem::replace(&mut self.function, sig.ident.to_string());
        // The span of a block begins with its brace: only the signature is shown.
        let range = sig.span().byte_range();
        let early: Vec<(&'static str, TokenStream)> = match &sig.output {
            ReturnType::Default => vec![("does nothing", quote!(return))],
            ReturnType::Type(_, ty) => results(ty),
        };
        visit_mut::visit_block_mut(self, block);
        let mut expr: Expr = parse_quote!({});
        self.choose(&mut expr, &range, &early);
        if let Expr::Match(it) = expr {
            block.stmts.insert(0, Stmt::Expr(Expr::Match(it), None));
        }
        self.function = outer;
    }
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::If(it) => {
                self.condition(&mut it.cond, Wanted::Either);
                self.visit_block_mut(&mut it.then_branch);
                if let Some((_, other)) = &mut it.else_branch {
                    self.visit_expr_mut(other);
                }
            }
            Expr::While(it) => {
                // Held for true it would never end.
                self.condition(&mut it.cond, Wanted::False);
                self.visit_block_mut(&mut it.body);
            }
            Expr::Match(it) => {
                self.visit_expr_mut(&mut it.expr);
                let n_arms = it.arms.len();
                let has_rest = it
                    .arms
                    .last()
                    .is_some_and(|arm| arm.guard.is_none() && takes_all(&arm.pat));
                for (at, arm) in it.arms.iter_mut().enumerate() {
                    let range = arm.pat.span().byte_range();
                    let takes_all = takes_all(&arm.pat);
                    match &mut arm.guard {
                        Some((_, guard)) => self.condition(guard, Wanted::Either),
                        None if has_rest && at + 1 < n_arms && !takes_all => {
                            if let Some(keep) = self.keep("is no case", range) {
                                arm.guard = Some((Default::default(), Box::new(keep)));
                            }
                        }
                        None => {}
                    }
                    let body = range_of(&arm.body);
                    let is_report = is_unit_call(&arm.body);
                    self.visit_expr_mut(&mut arm.body);
                    if is_report && let Some(keep) = self.keep("is left out", body) {
                        let inner = &arm.body;
                        *arm.body = parse_quote!({ if #keep { #inner; } });
                    }
                }
            }
            Expr::Binary(it) if is_boolean(&it.op) => self.boolean(expr, Wanted::Either),
            Expr::Unary(it) if matches!(it.op, UnOp::Not(_)) => {
                self.boolean(expr, Wanted::Either)
            }
            Expr::Macro(it) if it.mac.path.is_ident("matches") => {
                self.boolean(expr, Wanted::Either);
            }
            Expr::Repeat(_) | Expr::Const(_) => {}
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            self.statement(stmt);
        }
    }

    fn visit_item_mut(&mut self, item: &mut Item) {
        match item {
            Item::Fn(it) => {
                let sig = it.sig.clone();
                self.function(&sig, &mut it.block);
            }
            Item::Mod(it) if !it.attrs.iter().any(|it| it.path().is_ident("cfg")) => {
                visit_mut::visit_item_mod_mut(self, it);
            }
            Item::Impl(it) => {
                let of_std = it.trait_.as_ref().is_some_and(|(_, path, _)| {
                    let name = path.segments.last().map(|it| it.ident.to_string());
                    matches!(name.as_deref(), Some("Debug" | "Display" | "Default"))
                });
                if !of_std {
                    visit_mut::visit_item_impl_mut(self, it);
                }
            }
            Item::Trait(it) => visit_mut::visit_item_trait_mut(self, it),
            _ => {}
        }
    }

    fn visit_impl_item_fn_mut(&mut self, it: &mut syn::ImplItemFn) {
        let sig = it.sig.clone();
        self.function(&sig, &mut it.block);
    }

    fn visit_impl_item_const_mut(&mut self, _: &mut syn::ImplItemConst) {}

    fn visit_trait_item_fn_mut(&mut self, it: &mut syn::TraitItemFn) {
        let sig = it.sig.clone();
        if let Some(block) = &mut it.default {
            self.function(&sig, block);
        }
    }

    fn visit_type_mut(&mut self, _: &mut Type) {}

    fn visit_pat_mut(&mut self, _: &mut Pat) {}
}

/// `_`, or a name for whatever comes; `None` is a pattern like a name, too.
fn takes_all(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) => true,
        Pat::Ident(it) => {
            let name = it.ident.to_string();
            it.subpat.is_none() && name.starts_with(|c: char| c.is_lowercase())
        }
        _ => false,
    }
}

fn range_of(expr: &Expr) -> Range<usize> {
    expr.span().byte_range()
}

fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(it) => has_let(&it.left) || has_let(&it.right),
        _ => false,
    }
}

fn is_boolean(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::And(_)
            | BinOp::Or(_)
            | BinOp::Eq(_)
            | BinOp::Ne(_)
            | BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_)
    )
}

fn is_compound(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::BitXorAssign(_)
    )
}

fn is_call(expr: &Expr) -> bool {
    match expr {
        Expr::Try(it) => is_call(&it.expr),
        Expr::Call(_) | Expr::MethodCall(_) => true,
        _ => false,
    }
}

/// A call that gives nothing, as far as its name tells.
fn is_unit_call(expr: &Expr) -> bool {
    const NAMES: [&str; 4] = ["report", "push", "extend", "fact"];
    matches!(expr, Expr::MethodCall(it) if NAMES.iter().any(|name| it.method == name))
}

/// What a function may give at once, for types that have something plain.
fn results(ty: &Type) -> Vec<(&'static str, TokenStream)> {
    let name = match ty {
        Type::Path(it) => it.path.segments.last().map(|it| it.ident.to_string()),
        _ => None,
    };
    match name.as_deref() {
        Some("bool") => vec![
            ("gives true at once", quote!(return true)),
            ("gives false at once", quote!(return false)),
        ],
        Some("Option") => vec![("gives nothing at once", quote!(return None))],
        Some("Vec") => vec![("gives nothing at once", quote!(return Vec::new()))],
        _ => Vec::new(),
    }
}
