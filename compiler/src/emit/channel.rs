//! `channel C { input int P; }` → a struct of ports and how to open it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, names, ty};
use crate::ir::{Channel, ItemRef, Port, ProtocolState};

/// `channel Adder { input int Num1; }` → `struct Adder { Num1: rt::Port<i32> }`,
/// `impl rt::Channel for Adder`. A channel that derives from another has that one's struct as its
/// first field, also in memory, and derefs to it.
pub(super) fn channel(cx: &Cx<'_>, item: ItemRef, it: &Channel) -> TokenStream {
    let name = cx.name(item);
    let shown = cx.shown(item);
    let (base, n_inherited) = match it.base {
        Some((base, n_ports)) => (Some(cx.path(base)), n_ports),
        None => (None, 0),
    };
    let own = &it.ports[n_inherited..];
    let fields = own.iter().map(|port| {
        let (name, ty) = (names::plain(&port.name), ty::ty(cx, &port.ty));
        quote! { pub #name: rt::Port<#ty>, }
    });
    let opened = own.iter().map(open);
    let declared = it.ports.iter().map(|port| declared(cx, port));
    let core = if it.ports.is_empty() && base.is_none() { "_core" } else { "core" };
    let core = names::fixed(core);
    let protocol = (!it.protocol.is_empty()).then(|| protocol(&it.protocol));
    let derefs = base.as_ref().map(|base| {
        quote! {
            impl std::ops::Deref for #name {
                type Target = #base;
                fn deref(&self) -> &#base { &self.base }
            }
        }
    });
    let (layout, field, constant, opened_base) = match &base {
        Some(base) => (
            quote! { #[repr(C)] },
            quote! { base: #base, },
            quote! {
                const BASE: Option<&'static rt::Kind> = Some(rt::Kind::of::<#base>());
            },
            quote! { base: <#base as rt::Channel>::open(core), },
        ),
        None => Default::default(),
    };
    quote! {
        #layout
        pub struct #name { #field #(#fields)* }
        #derefs
        impl rt::Channel for #name {
            const NAME: &'static str = #shown;
            #protocol
            #constant
            const PORTS: &'static [rt::Declared<Self>] = &[#(#declared)*];
            fn open(#core: &rt::ChannelCore) -> Self {
                Self { #opened_base #(#opened)* }
            }
        }
    }
}

/// `Num1: core.port()`, or `Num1: core.bounded("Num1", 3, rt::Overflow::Suspend)`
fn open(port: &Port) -> TokenStream {
    let (name, shown) = (names::plain(&port.name), &*port.name);
    match port.bounds {
        None => quote! { #name: core.port(), },
        Some((capacity, policy)) => {
            let policy = names::fixed(policy);
            let capacity = proc_macro2::Literal::u32_unsuffixed(capacity);
            quote! { #name: core.bounded(#shown, #capacity, rt::Overflow::#policy), }
        }
    }
}

/// `rt::Declared::input("Num1", |it| &it.Num1)`
fn declared(cx: &Cx<'_>, port: &Port) -> TokenStream {
    let (name, shown) = (names::plain(&port.name), &*port.name);
    let direction = names::fixed(if port.input { "input" } else { "output" });
    let port_of = quote! { |it| &it.#name };
    if port.guards.is_empty() {
        return quote! { rt::Declared::#direction(#shown, #port_of), };
    }
    let guards = guards(cx, port);
    quote! { rt::Declared::<Self>::#direction(#shown, #port_of)#guards, }
}

/// `.guarded(|n, it| match n { 0 => Bids_guard_0(rt::message::<i32>(it)), _ => true })`
fn guards(cx: &Cx<'_>, port: &Port) -> TokenStream {
    let ty = ty::ty(cx, &port.ty);
    let payload = match port.request {
        true => quote! { rt::message::<#ty>(it).value() },
        false => quote! { rt::message::<#ty>(it) },
    };
    let arms = port.guards.iter().map(|(number, guard)| {
        let guard = cx.path(*guard);
        quote! { #number => #guard(#payload), }
    });
    quote! { .guarded(|n, it| match n { #(#arms)* _ => true }) }
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
