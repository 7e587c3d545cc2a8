//! `channel C { input int P; }` → a struct of ports and how to open it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, names, ty};
use crate::ir::{Channel, ItemRef, Port, ProtocolState};

/// `channel Adder { input int Num1; }` → `struct Adder { Num1: rt::Port<i32> }`,
/// `impl rt::Channel for Adder`.
pub(super) fn channel(cx: &Cx<'_>, item: ItemRef, it: &Channel) -> TokenStream {
    let name = cx.name(item);
    let shown = cx.shown(item);
    let fields = it.ports.iter().map(|port| {
        let (name, ty) = (names::plain(&port.name), ty::ty(cx, &port.ty));
        quote! { pub #name: rt::Port<#ty>, }
    });
    let opened = it.ports.iter().map(|port| open(cx, port));
    let core = if it.ports.is_empty() { "_core" } else { "core" };
    let core = names::fixed(core);
    let protocol = (!it.protocol.is_empty()).then(|| protocol(&it.protocol));
    let base = it.base.map(|(base, n_ports)| {
        let base = cx.path(base);
        let ports = it.ports[..n_ports].iter().map(|port| {
            let port = names::plain(&port.name);
            quote! { #port: self.#port.clone(), }
        });
        quote! {
            impl rt::Derived for #name {
                type Base = #base;
                fn base(&self) -> #base { #base { #(#ports)* } }
            }
        }
    });
    quote! {
        pub struct #name { #(#fields)* }
        #base
        impl rt::Channel for #name {
            const NAME: &'static str = #shown;
            #protocol
            fn open(#core: &rt::ChannelCore) -> Self {
                Self { #(#opened)* }
            }
        }
    }
}

fn open(cx: &Cx<'_>, port: &Port) -> TokenStream {
    let (name, shown) = (names::plain(&port.name), &*port.name);
    let direction = match (port.input, port.bounds.is_some()) {
        (true, false) => "input",
        (false, false) => "output",
        (true, true) => "bounded_input",
        (false, true) => "bounded_output",
    };
    let direction = names::fixed(direction);
    let bounds = port.bounds.map(|(capacity, policy)| {
        let policy = names::fixed(policy);
        let capacity = proc_macro2::Literal::u32_unsuffixed(capacity);
        quote! { , #capacity, rt::Overflow::#policy }
    });
    let guards = (!port.guards.is_empty()).then(|| guards(cx, port));
    quote! { #name: core.#direction(#shown #bounds)#guards, }
}

/// `.guarded(|guard, message| match guard { 0 => Bids_guard_0(message.clone()), _ => true })`
fn guards(cx: &Cx<'_>, port: &Port) -> TokenStream {
    let payload = match port.request {
        true => quote! { message.value() },
        false => quote! { message.clone() },
    };
    let arms = port.guards.iter().map(|(number, guard)| {
        let guard = cx.path(*guard);
        quote! { #number => #guard(#payload), }
    });
    quote! { .guarded(|guard, message| match guard { #(#arms)* _ => true }) }
}

fn protocol(states: &[ProtocolState]) -> TokenStream {
    let states = states.iter().map(|state| {
        let name = &*state.name;
        let moves = state.moves.iter().map(|it| {
            let port = &*it.port;
            match it.next {
                Some(next) => quote! { (#port, #next) },
                None => quote! { (#port, rt::Protocol::END) },
            }
        });
        let guards = state.moves.iter().map(|it| match it.guard {
            Some(guard) => quote! { Some(#guard) },
            None => quote! { None },
        });
        let guards = match state.moves.iter().any(|it| it.guard.is_some()) {
            true => quote! { &[#(#guards),*] },
            false => quote! { &[] },
        };
        quote! { rt::ProtocolState { name: #name, moves: &[#(#moves),*], guards: #guards } }
    });
    quote! {
        const PROTOCOL: Option<&'static rt::Protocol> =
            Some(&rt::Protocol { states: &[#(#states),*] });
    }
}
