//! Functions and the context that their bodies are printed in.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::usage::Usage;
use super::{Cx, lines, names, ty};
use crate::ir::{
    Block, Expr, ExprKind, Function, Item, Line, Param, SelfMode, Stmt, StmtKind, Ty, Var,
};
use crate::support::Name;

/// One function's body while it is printed.
pub(super) struct Body<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) usage: Usage,
    names: Vec<String>,
    /// Whether `return` wraps its value in `Ok`; closures inside have their own.
    pub(super) throws: std::cell::Cell<bool>,
}

/// `int Add(int a, int b) { … }` → `fn Add(a: i32, b: i32) -> i32 { … }`. What an agent runs is
/// `fn A_new(me: rt::Me<A>) -> impl Future<Output = …> { async move { … } }`: an `async fn` keeps its parameters
/// twice, where they are given and where its body has them, and each agent would have both.
pub(super) fn function(cx: &Cx<'_>, item: &Item, it: &Function) -> TokenStream {
    let body = Body::new(cx, &it.vars, &it.params, &it.body, it.throws);
    let name = match it.receiver {
        Some(_) => {
            let parts = &cx.program.names[item.name.0 as usize];
            names::plain(parts.last().expect("an item has a name"))
        }
        None => cx.name(item.name).clone(),
    };
    let this = it.receiver.map(|(_, mode)| match mode {
        SelfMode::Ref => quote! { &self, },
        SelfMode::Mut => quote! { &mut self, },
    });
    let params = it.params.iter().map(|param| body.param(param));
    let mut block = body.function_block(&it.body, it.returns == Ty::Unit);
    let mut asynchronous = it.suspends.then(|| quote! { async });
    let mut gives = returns(cx, &it.returns, it.throws);
    if it.suspends && runs_agent(it) {
        let output = output(cx, &it.returns, it.throws);
        gives = quote! { -> impl Future<Output = #output> };
        block = quote! { async move { #block } };
        asynchronous = None;
    }
    let hidden = it.hidden.then(|| quote! { #[track_caller] });
    let function = quote! {
        #hidden
        pub #asynchronous fn #name(#this #(#params),*) #gives { #block }
    };
    match it.receiver {
        Some((owner, _)) => {
            let owner = cx.path(owner);
            quote! { impl #owner { #function } }
        }
        None => function,
    }
}

/// Whether it is the first activity of an agent, which has it by value.
fn runs_agent(it: &Function) -> bool {
    let first = it.params.first().map(|it| &it.ty);
    matches!(first, Some(Ty::Rt(name, _)) if **name == *"Me")
}

fn returns(cx: &Cx<'_>, it: &Ty, throws: bool) -> TokenStream {
    if *it == Ty::Unit && !throws {
        return TokenStream::new();
    }
    let output = output(cx, it, throws);
    quote! { -> #output }
}

fn output(cx: &Cx<'_>, it: &Ty, throws: bool) -> TokenStream {
    let inner = ty::ty(cx, it);
    if throws {
        quote! { rt::Result<#inner> }
    } else {
        inner
    }
}

impl<'a> Body<'a> {
    pub(super) fn new(
        cx: &'a Cx<'a>,
        vars: &[Name],
        params: &[Param],
        block: &Block,
        throws: bool,
    ) -> Self {
        let usage = Usage::of(vars.len(), params, block);
        let names = names::vars(vars);
        Self { cx, usage, names, throws: std::cell::Cell::new(throws) }
    }

    /// The identifier of a variable where it is used.
    pub(super) fn var(&self, var: Var) -> Ident {
        names::var(&self.names[var.0 as usize])
    }

    /// The identifier of a variable where it is bound: `_x` if it is never used.
    pub(super) fn binding(&self, var: Var) -> Ident {
        if self.usage.is_used(var) {
            return self.var(var);
        }
        names::fixed(&format!("_{}", self.names[var.0 as usize]))
    }

    /// A marker for the line, if it is one of the file that is being written.
    pub(super) fn at(&self, line: Line) -> Option<Ident> {
        if line.file == self.cx.file { lines::at(line.line) } else { None }
    }

    fn param(&self, param: &Param) -> TokenStream {
        let (name, ty) = (self.binding(param.var), ty::ty(self.cx, &param.ty));
        if self.usage.is_mut(param.var) {
            quote! { mut #name: #ty }
        } else {
            quote! { #name: #ty }
        }
    }

    /// The body of a function or closure without its braces. A last `return` becomes the
    /// value; `unit`: control may run out at the end.
    pub(super) fn function_block(&self, block: &Block, unit: bool) -> TokenStream {
        let (last, rest) = match (&block.value, block.stmts.split_last()) {
            (None, Some((last, rest))) => match returned(last) {
                Some(value) => (Some((last.line, value)), rest),
                None => (None, &block.stmts[..]),
            },
            _ => (None, &block.stmts[..]),
        };
        let stmts = rest.iter().map(|it| self.stmt(it));
        let value = match (last, &block.value) {
            (Some((line, Some(value))), _) => {
                let (at, value) = (self.at(line), self.wrapped(value));
                quote! { #at #value }
            }
            (_, Some(value)) => self.wrapped(value),
            (Some((_, None)), None) => self.unit(),
            (None, None) if unit => self.unit(),
            (None, None) => TokenStream::new(),
        };
        quote! { #(#stmts)* #value }
    }

    fn unit(&self) -> TokenStream {
        if self.throws.get() {
            quote! { Ok(()) }
        } else {
            TokenStream::new()
        }
    }

    /// The value of a function: `Ok(…)` around it if the function throws.
    pub(super) fn wrapped(&self, value: &Expr) -> TokenStream {
        if !self.throws.get() {
            return self.tail(value);
        }
        // `Ok(f()?)` is `f()`: every failure has the one type.
        if let Some(call) = fallible(value) {
            return self.tail(&call);
        }
        let value = self.expr(value);
        quote! { Ok(#value) }
    }
}

/// What a statement returns, if it is a `return`.
fn returned(stmt: &Stmt) -> Option<Option<&Expr>> {
    match &stmt.kind {
        StmtKind::Expr(Expr { kind: ExprKind::Return(value), .. }) => {
            Some(value.as_deref())
        }
        _ => None,
    }
}

/// The call without its `?`, if the value is a call that may fail.
fn fallible(value: &Expr) -> Option<Expr> {
    let mut call = value.clone();
    match &mut call.kind {
        ExprKind::Call { throws, .. }
        | ExprKind::CallValue { throws, .. }
        | ExprKind::Method { throws, .. }
            if *throws =>
        {
            *throws = false;
            Some(call)
        }
        _ => None,
    }
}
