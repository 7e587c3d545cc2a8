//! `fn main`: hands the entry agent to the runtime.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Cx, function::Body};
use crate::ir::visit::{self, Visitor};
use crate::ir::{Block, Entry, Expr, ItemKind, Line};

/// The entry agent → `fn main() { rt::run(…) }`. `tables` tells the runtime where the
/// program's functions stand, and where it uses ports.
pub(super) fn entry(cx: &Cx<'_>, it: &Entry, tables: Option<TokenStream>) -> TokenStream {
    let application = cx.path(it.application);
    let body = Body::new(cx, &it.vars, &[], &it.create, true);
    let create = body.function_block(&it.create, false);
    let (run, create) = match it.waits {
        true => (quote! { run_waiting }, quote! { || async move { #create } }),
        false => (quote! { run }, quote! { || { #create } }),
    };
    let drains = it.drains.then(|| quote! { rt::drain(); });
    quote! {
        fn main() -> std::process::ExitCode {
            #tables
            #drains
            rt::#run(
                #create,
                |app: &#application| rt::Entry {
                    command_line: &app.CommandLine,
                    exit_code: &app.ExitCode,
                    done: &app.Done,
                },
            )
        }
    }
}

/// `rt::functions(&[("main.ax", 3, 9, "Main.Divide"), …]);`
pub(super) fn functions(cx: &Cx<'_>) -> TokenStream {
    let all = cx.program.items.iter().filter_map(|item| {
        let ItemKind::Function(it) = &item.kind else { return None };
        if it.hidden {
            return None;
        }
        let file = cx.program.files.get(item.line.file as usize)?;
        let name = cx.shown(item.name);
        let (first, last) = (line(item.line.line), line(last_line(item.line, &it.body)));
        Some(quote! { (#file, #first, #last, #name) })
    });
    quote! { rt::functions(&[#(#all),*]); }
}

/// `rt::ports(&[("Quiet", "Out", true, "Silent", "main.ax", 7), …]);`, where there are any:
/// channel, port, whether it sends, agent, place.
pub(super) fn ports(cx: &Cx<'_>) -> Option<TokenStream> {
    let all = cx.program.port_uses.iter().filter_map(|it| {
        let file = cx.program.files.get(it.line.file as usize)?;
        let (channel, port, sends) = (cx.shown(it.channel), &*it.port, it.sends);
        let agent = it.agent.map(|it| cx.shown(it)).unwrap_or_default();
        let line = line(it.line.line);
        Some(quote! { (#channel, #port, #sends, #agent, #file, #line) })
    });
    let all: Vec<TokenStream> = all.collect();
    (!all.is_empty()).then(|| quote! { rt::ports(&[#(#all),*]); })
}

fn line(number: u32) -> Literal {
    Literal::u32_unsuffixed(number)
}

/// The last line of a function that begins at `first`.
fn last_line(first: Line, body: &Block) -> u32 {
    struct Last(Line);
    impl Visitor for Last {
        fn expr(&mut self, expr: &Expr) {
            if expr.line.file == self.0.file {
                self.0.line = self.0.line.max(expr.line.line);
            }
        }
    }
    let mut last = Last(first);
    visit::block(body, &mut last);
    last.0.line
}
