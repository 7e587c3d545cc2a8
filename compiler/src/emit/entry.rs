//! `fn main`: hands the entry agent to the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, function::Body};
use crate::ir::Entry;

/// The entry agent → `fn main() { rt::run(…) }`.
pub(super) fn entry(cx: &Cx<'_>, it: &Entry) -> TokenStream {
    let application = cx.path(it.application);
    let body = Body::new(cx, &it.vars, &[], &it.create, true);
    let create = body.function_block(&it.create, false);
    quote! {
        fn main() -> std::process::ExitCode {
            rt::run(
                || { #create },
                |app: &#application| rt::Entry {
                    command_line: &app.CommandLine,
                    exit_code: &app.ExitCode,
                    done: &app.Done,
                },
            )
        }
    }
}
