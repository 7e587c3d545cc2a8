//! Expressions. Parentheses appear only where precedence asks for them.

use proc_macro2::TokenStream;
use quote::quote;

use super::function::Body;
use super::operator::{assign_op, binary_op};
use super::{literal, names, ty};
use crate::ir::{BinaryOp, Block, Callee, Expr, ExprKind, Pattern, Ty, UnaryOp};

/// How tightly an expression binds; a higher number binds tighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// `return`, `break`, closures, assignment.
    Lowest,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Sum,
    Product,
    Cast,
    Unary,
    Postfix,
}

/// `"console::write_line"` → `rt::console::write_line`.
pub(super) fn rt_path(path: &str) -> TokenStream {
    let parts = path.split("::").map(names::fixed);
    quote! { rt::#(#parts)::* }
}

/// `List::new` as its type and its function; generics stand between the two.
fn type_path(path: &str) -> Option<(&str, &str)> {
    let (of, function) = path.rsplit_once("::")?;
    of.starts_with(|it: char| it.is_ascii_uppercase()).then_some((of, function))
}

impl Body<'_> {
    /// An expression where anything may stand.
    pub(super) fn expr(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            ExprKind::Literal(value) => literal::literal(value, true),
            ExprKind::Var(var) => {
                let name = self.var(*var);
                quote! { #name }
            }
            ExprKind::This => quote! { self },
            ExprKind::Field(base, name) => {
                let (base, name) = (self.postfix(base), names::plain(name));
                quote! { #base.#name }
            }
            ExprKind::TupleField(base, index) => {
                let (base, index) = (self.postfix(base), syn::Index::from(*index));
                quote! { #base.#index }
            }
            ExprKind::Call { .. }
            | ExprKind::CallValue { .. }
            | ExprKind::Method { .. } => self.call(it),
            ExprKind::Clone(inner) => {
                let inner = self.postfix(inner);
                quote! { #inner.clone() }
            }
            ExprKind::Ref(inner) => {
                let inner = self.within(inner, Level::Unary);
                quote! { &#inner }
            }
            ExprKind::RefMut(inner) => {
                let inner = self.within(inner, Level::Unary);
                quote! { &mut #inner }
            }
            ExprKind::Deref(inner) => {
                let inner = self.within(inner, Level::Unary);
                quote! { *#inner }
            }
            ExprKind::Unary(op, inner) => {
                let inner = self.within(inner, Level::Unary);
                match op {
                    UnaryOp::Neg => quote! { -#inner },
                    UnaryOp::Not => quote! { !#inner },
                }
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::Cast(inner, to) => {
                let (inner, to) = (self.within(inner, Level::Cast), ty::ty(self.cx, to));
                quote! { #inner as #to }
            }
            ExprKind::Closure { .. } => self.closure(it),
            ExprKind::Async { throws, body } => self.asynchronous(*throws, body),
            ExprKind::RtConst(path) => rt_path(path),
            ExprKind::Func(inner) => self.func(inner),
            ExprKind::Tuple(parts) => {
                let parts = parts.iter().map(|it| self.expr(it));
                quote! { (#(#parts,)*) }
            }
            ExprKind::Vec(parts) => {
                let parts = self.list(parts);
                quote! { vec![#parts] }
            }
            ExprKind::Slice(parts) => {
                let parts = self.list(parts);
                quote! { &[#parts] }
            }
            ExprKind::Struct { .. } | ExprKind::Case { .. } => self.construct(it),
            ExprKind::Some(inner) => {
                let inner = self.expr(inner);
                quote! { Some(#inner) }
            }
            ExprKind::None | ExprKind::NoneOf(_) => self.none(it),
            ExprKind::Ok(inner) => {
                let inner = self.expr(inner);
                quote! { Ok(#inner) }
            }
            ExprKind::Err(inner) => {
                let inner = self.expr(inner);
                quote! { Err(#inner) }
            }
            ExprKind::Assign { place, value } => {
                let (place, value) =
                    (self.within(place, Level::Unary), self.typed(value));
                quote! { #place = #value }
            }
            ExprKind::CompoundAssign { op, place, value } => {
                let (place, value) =
                    (self.within(place, Level::Unary), self.typed(value));
                let op = assign_op(*op);
                quote! { #place #op #value }
            }
            ExprKind::Matches(inner, pattern) => {
                let (inner, pattern) = (self.expr(inner), self.pattern(pattern));
                quote! { matches!(#inner, #pattern) }
            }
            ExprKind::Try(inner) => {
                let inner = self.postfix(inner);
                quote! { #inner? }
            }
            ExprKind::Unreachable(why) => quote! { unreachable!(#why) },
            _ => self.control(it),
        }
    }

    fn none(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            ExprKind::NoneOf(of) if *of != Ty::Infer => {
                let of = ty::ty(self.cx, of);
                quote! { None::<#of> }
            }
            _ => quote! { None },
        }
    }

    fn list(&self, parts: &[Expr]) -> TokenStream {
        let parts = parts.iter().map(|it| self.expr(it));
        quote! { #(#parts),* }
    }

    /// An expression where its type is written beside it: a number needs no suffix there.
    /// Anywhere else Rust might not know the type of `1` when it looks for a method.
    pub(super) fn typed(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            ExprKind::Literal(value) => literal::literal(value, false),
            ExprKind::NoneOf(_) => quote! { None },
            ExprKind::Call {
                callee: Callee::Rt(path, generics),
                args,
                suspends,
                throws,
            } if !generics.is_empty() && type_path(path).is_some() => {
                let (at, path, args) = (self.at(it.line), rt_path(path), self.list(args));
                let ending = ending(*suspends, *throws);
                quote! { #at #path(#args) #ending }
            }
            _ => self.expr(it),
        }
    }

    fn typed_list(&self, parts: &[Expr]) -> TokenStream {
        let parts = parts.iter().map(|it| self.typed(it));
        quote! { #(#parts),* }
    }

    /// An operand that must bind at least as tightly as `level`.
    fn within(&self, it: &Expr, level: Level) -> TokenStream {
        let tokens = self.expr(it);
        if self::level(it) < level {
            quote! { (#tokens) }
        } else {
            tokens
        }
    }

    /// The left of a `.`, `?` or call.
    fn postfix(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            ExprKind::Literal(value) if !literal::is_negative(value) => {
                literal::literal(value, true)
            }
            ExprKind::Literal(value) => {
                let value = literal::literal(value, true);
                quote! { (#value) }
            }
            // `x.add(1)` borrows by itself what `(&mut x).add(1)` would.
            ExprKind::Ref(inner) | ExprKind::RefMut(inner) => self.postfix(inner),
            // `x.f` of a borrow finds what `(*x).f` would.
            ExprKind::Deref(inner)
                if matches!(inner.kind, ExprKind::Var(_) | ExprKind::This) =>
            {
                self.postfix(inner)
            }
            _ => self.within(it, Level::Postfix),
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr) -> TokenStream {
        let level = op_level(op);
        let left_level = match level {
            // Comparisons do not associate; a cast before `<` would read as type arguments.
            Level::Compare if matches!(left.kind, ExprKind::Cast(..)) => Level::Unary,
            Level::Compare => Level::BitOr,
            other => other,
        };
        let right_level = match level {
            Level::Or => Level::And,
            Level::And => Level::Compare,
            Level::Compare => Level::BitOr,
            Level::BitOr => Level::BitXor,
            Level::BitXor => Level::BitAnd,
            Level::BitAnd => Level::Sum,
            Level::Sum => Level::Product,
            _ => Level::Cast,
        };
        // Beside an operand that has a type a number needs no suffix.
        let number = |it: &Expr| matches!(it.kind, ExprKind::Literal(_));
        let right = match (number(left), &right.kind) {
            (false, ExprKind::Literal(value)) if self::level(right) >= right_level => {
                literal::literal(value, false)
            }
            _ => self.within(right, right_level),
        };
        let (left, op) = (self.within(left, left_level), binary_op(op));
        quote! { #left #op #right }
    }

    fn call(&self, it: &Expr) -> TokenStream {
        let at = self.at(it.line);
        match &it.kind {
            ExprKind::Call { callee: Callee::Method(item), args, suspends, throws } => {
                let parts = &self.cx.program.names[item.0 as usize];
                let name = names::plain(parts.last().expect("an item has a name"));
                let (receiver, args) =
                    args.split_first().expect("a method has a receiver");
                let (receiver, args) = (self.postfix(receiver), self.typed_list(args));
                let ending = ending(*suspends, *throws);
                quote! { #receiver #at .#name(#args) #ending }
            }
            ExprKind::Call { callee, args, suspends, throws } => {
                let args = match callee {
                    Callee::Rt(..) | Callee::Prim(..) => self.list(args),
                    Callee::Item(_) | Callee::Method(_) | Callee::Assoc(..) => {
                        self.typed_list(args)
                    }
                };
                let callee = self.callee(callee);
                let ending = ending(*suspends, *throws);
                quote! { #at #callee(#args) #ending }
            }
            ExprKind::CallValue { callee, args, throws } => {
                let field =
                    matches!(callee.kind, ExprKind::Field(..) | ExprKind::TupleField(..));
                let callee = self.within(callee, Level::Postfix);
                let (args, ending) = (self.list(args), ending(false, *throws));
                if field {
                    quote! { #at (#callee)(#args) #ending }
                } else {
                    quote! { #at #callee(#args) #ending }
                }
            }
            ExprKind::Method { receiver, name, generics, args, suspends, throws } => {
                let args = match name.starts_with("wrapping_") || name.starts_with("at") {
                    true => self.typed_list(args),
                    false => self.list(args),
                };
                let (receiver, name) = (self.postfix(receiver), names::plain(name));
                let ending = ending(*suspends, *throws);
                if generics.is_empty() {
                    return quote! { #receiver #at .#name(#args) #ending };
                }
                let generics = ty::generics(self.cx, generics);
                quote! { #receiver #at .#name::#generics(#args) #ending }
            }
            _ => unreachable!("called for calls only"),
        }
    }

    fn callee(&self, it: &Callee) -> TokenStream {
        match it {
            Callee::Item(item) | Callee::Method(item) => self.cx.path(*item),
            Callee::Assoc(item, name) => {
                let (item, name) = (self.cx.path(*item), names::plain(name));
                quote! { #item::#name }
            }
            Callee::Rt(path, generics) if generics.is_empty() => rt_path(path),
            Callee::Rt(path, generics) => {
                let generics = ty::generics(self.cx, generics);
                match type_path(path) {
                    Some((of, function)) => {
                        let (of, function) = (rt_path(of), names::fixed(function));
                        quote! { #of::#generics::#function }
                    }
                    None => {
                        let path = rt_path(path);
                        quote! { #path::#generics }
                    }
                }
            }
            Callee::Prim(name, function) => {
                let (name, function) = (names::fixed(name), names::fixed(function));
                quote! { #name::#function }
            }
        }
    }

    fn construct(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            ExprKind::Struct { item, fields, rest } => {
                let item = self.cx.path(*item);
                let fields = fields.iter().map(|(name, value)| {
                    let (name, value) = (names::plain(name), self.typed(value));
                    if name == value.to_string() {
                        return quote! { #name, };
                    }
                    quote! { #name: #value, }
                });
                let rest = rest.as_ref().map(|it| {
                    let it = self.expr(it);
                    quote! { ..#it }
                });
                quote! { #item { #(#fields)* #rest } }
            }
            ExprKind::Case { item, case, args } => {
                let (item, case) = (self.cx.path(*item), names::plain(case));
                if args.is_empty() {
                    return quote! { #item::#case };
                }
                let args = self.typed_list(args);
                quote! { #item::#case(#args) }
            }
            _ => unreachable!("called for constructions only"),
        }
    }

    /// A shared function value. The runtime's constructor by number of parameters lets
    /// Rust infer its type wherever it stands.
    fn func(&self, closure: &Expr) -> TokenStream {
        let n_params = match &closure.kind {
            ExprKind::Closure { params, .. } => params.len(),
            _ => unreachable!("a function value is made from a closure"),
        };
        let make = names::fixed(&format!("func{n_params}"));
        let closure = self.expr(closure);
        quote! { rt::#make(#closure) }
    }

    fn closure(&self, it: &Expr) -> TokenStream {
        let ExprKind::Closure { params, moves, suspends, returns, throws, body } =
            &it.kind
        else {
            unreachable!("called for closures only")
        };
        let params = params
            .iter()
            .map(|(pattern, declared)| self.closure_param(pattern, declared));
        let moves = moves.then(|| quote! { move });
        let outer = self.throws.replace(*throws);
        let simple = body.stmts.is_empty() && returns.is_none();
        let block = self.function_block(body, *throws);
        self.throws.set(outer);
        let returns = returns.as_ref().map(|it| {
            let it = ty::ty(self.cx, it);
            if *throws {
                quote! { -> rt::Result<#it> }
            } else {
                quote! { -> #it }
            }
        });
        if *suspends {
            return quote! { #moves |#(#params),*| async move { #block } };
        }
        match simple && body.value.is_some() {
            true => quote! { #moves |#(#params),*| #block },
            false => quote! { #moves |#(#params),*| #returns { #block } },
        }
    }

    fn asynchronous(&self, throws: bool, body: &Block) -> TokenStream {
        let outer = self.throws.replace(throws);
        let block = self.function_block(body, throws);
        self.throws.set(outer);
        quote! { async move { #block } }
    }

    fn closure_param(&self, pattern: &Pattern, declared: &Option<Ty>) -> TokenStream {
        let pattern = self.pattern(pattern);
        match declared {
            Some(it) => {
                let it = ty::ty(self.cx, it);
                quote! { #pattern: #it }
            }
            None => pattern,
        }
    }

    fn control(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            ExprKind::If { condition, then, otherwise } => {
                let (condition, then) = (self.head(condition), self.braced(then));
                let otherwise = otherwise.as_ref().map(|it| self.otherwise(it));
                quote! { if #condition #then #otherwise }
            }
            ExprKind::Match { subject, arms } => {
                let subject = self.head(subject);
                let arms = arms.iter().map(|arm| {
                    let (at, pattern) = (self.at(arm.line), self.pattern(&arm.pattern));
                    let body = self.braced(&arm.body);
                    let guard = arm.guard.as_ref().map(|it| {
                        let it = self.expr(it);
                        quote! { if #it }
                    });
                    quote! { #at #pattern #guard => #body }
                });
                quote! { match #subject { #(#arms)* } }
            }
            ExprKind::Block(block) => self.braced(block),
            ExprKind::Handled { .. } | ExprKind::OrBreak(..) | ExprKind::Throw { .. } => {
                self.exceptional(it)
            }
            ExprKind::Labeled(label, block) => {
                let (label, block) = (names::label(*label), self.braced(block));
                quote! { #label: #block }
            }
            ExprKind::Loop { label, body } => {
                let (label, body) = (labelled(*label), self.braced(body));
                quote! { #label loop #body }
            }
            ExprKind::While { label, condition, body } => {
                let (label, body) = (labelled(*label), self.braced(body));
                let condition = self.head(condition);
                quote! { #label while #condition #body }
            }
            ExprKind::For { label, pattern, iterable, body } => {
                let (label, body) = (labelled(*label), self.braced(body));
                let (pattern, iterable) = (self.pattern(pattern), self.head(iterable));
                quote! { #label for #pattern in #iterable #body }
            }
            ExprKind::Break(label, value) => {
                let label = label.map(names::label);
                let value = value.as_ref().map(|it| self.left_with(it));
                quote! { break #label #value }
            }
            ExprKind::Continue(label) => {
                let label = label.map(names::label);
                quote! { continue #label }
            }
            ExprKind::Return(value) => match (value, self.throws.get()) {
                (Some(value), _) => {
                    let value = self.wrapped(value);
                    quote! { return #value }
                }
                (None, true) => quote! { return Ok(()) },
                (None, false) => quote! { return },
            },
            _ => unreachable!("every other expression is printed by `expr`"),
        }
    }

    /// `else …`; an `else` that holds nothing but an `if` is a chain.
    fn otherwise(&self, block: &Block) -> TokenStream {
        if let (true, Some(value)) = (block.stmts.is_empty(), &block.value)
            && matches!(value.kind, ExprKind::If { .. })
        {
            let value = self.expr(value);
            return quote! { else #value };
        }
        if let ([stmt], None) = (&block.stmts[..], &block.value)
            && let crate::ir::StmtKind::Expr(value) = &stmt.kind
            && matches!(value.kind, ExprKind::If { .. })
        {
            let value = self.expr(value);
            return quote! { else #value };
        }
        let block = self.braced(block);
        quote! { else #block }
    }

    /// An expression before a `{`: a struct literal in it is parenthesised.
    pub(super) fn head(&self, it: &Expr) -> TokenStream {
        let tokens = self.expr(it);
        if shows_struct(it) {
            quote! { (#tokens) }
        } else {
            tokens
        }
    }
}

fn labelled(label: Option<crate::ir::Label>) -> TokenStream {
    label.map_or_else(TokenStream::new, |it| {
        let it = names::label(it);
        quote! { #it: }
    })
}

fn shows_struct(it: &Expr) -> bool {
    match &it.kind {
        ExprKind::Struct { .. } => true,
        ExprKind::Field(a, _)
        | ExprKind::TupleField(a, _)
        | ExprKind::Clone(a)
        | ExprKind::Ref(a)
        | ExprKind::RefMut(a)
        | ExprKind::Deref(a)
        | ExprKind::Unary(_, a)
        | ExprKind::Cast(a, _)
        | ExprKind::Try(a)
        | ExprKind::Method { receiver: a, .. } => shows_struct(a),
        ExprKind::Binary(_, a, b) => shows_struct(a) || shows_struct(b),
        _ => false,
    }
}

fn ending(suspends: bool, throws: bool) -> TokenStream {
    match (suspends, throws) {
        (true, true) => quote! { .await? },
        (true, false) => quote! { .await },
        (false, true) => quote! { ? },
        (false, false) => TokenStream::new(),
    }
}

fn level(it: &Expr) -> Level {
    match &it.kind {
        ExprKind::Return(_)
        | ExprKind::Break(..)
        | ExprKind::Throw { .. }
        | ExprKind::Closure { .. }
        | ExprKind::Assign { .. }
        | ExprKind::CompoundAssign { .. } => Level::Lowest,
        ExprKind::Binary(op, ..) => op_level(*op),
        ExprKind::Cast(..) => Level::Cast,
        ExprKind::Unary(..)
        | ExprKind::Ref(_)
        | ExprKind::RefMut(_)
        | ExprKind::Deref(_) => Level::Unary,
        ExprKind::Literal(value) if literal::is_negative(value) => Level::Unary,
        // A block can start a statement; as an operand it is parenthesised for the reader.
        ExprKind::If { .. }
        | ExprKind::Match { .. }
        | ExprKind::Labeled(..)
        | ExprKind::Handled { .. }
        | ExprKind::OrBreak(..)
        | ExprKind::Loop { .. } => Level::Unary,
        _ => Level::Postfix,
    }
}

fn op_level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => Level::Product,
        BinaryOp::Add | BinaryOp::Sub => Level::Sum,
        BinaryOp::BitAnd => Level::BitAnd,
        BinaryOp::BitXor => Level::BitXor,
        BinaryOp::BitOr => Level::BitOr,
        BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge => Level::Compare,
        BinaryOp::And => Level::And,
        BinaryOp::Or => Level::Or,
    }
}
