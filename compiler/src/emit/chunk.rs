//! Formats one item for reading. It does not keep lines; `lines` does.

use proc_macro2::TokenStream;

use super::lines;

/// The tokens as rustfmt would lay them out.
pub(super) fn format(tokens: TokenStream) -> String {
    let tokens = lines::strip(tokens);
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // Templates give whole items; what cannot be parsed is shown as it is, so that the
        // mistake is visible in the output and in rustc's report.
        Err(_) => format!("{tokens}\n"),
    }
}
