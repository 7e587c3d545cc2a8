//! Which crate of the runtime a program needs: the smallest that has all it names. Names of
//! the larger ones are told apart here; what they do is the runtime's.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// What of the runtime a program links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    /// Agents, values, the library: nothing beside Rust's own library.
    #[default]
    Core,
    /// The same, and decimals and JSON by crates that `axumc` carries.
    Data,
}

/// What stands directly in the ABI of [`Flavour::Data`] and not in that of the core. Every
/// value of its types comes from something that is named so.
const DATA: &[&str] = &["Decimal", "Json", "decimal", "json"];

impl Flavour {
    /// The crate that generated code names.
    #[must_use]
    pub fn library(self) -> &'static str {
        match self {
            Self::Core => "axum_rt",
            Self::Data => "axum_rt_data",
        }
    }

    pub(super) fn ident(self) -> Ident {
        Ident::new(self.library(), Span::call_site())
    }
}

/// The flavour that has all names in these tokens.
pub(super) fn of<'a>(tokens: impl IntoIterator<Item = &'a TokenStream>) -> Flavour {
    match tokens.into_iter().any(|it| names_data(it.clone())) {
        true => Flavour::Data,
        false => Flavour::Core,
    }
}

/// Whether `rt::NAME` stands anywhere, `NAME` being one of [`DATA`].
fn names_data(tokens: TokenStream) -> bool {
    // How much of `rt :: NAME` the last tokens are.
    let mut seen = 0;
    tokens.into_iter().any(|token| {
        seen = match (&token, seen) {
            (TokenTree::Ident(it), 3) if DATA.iter().any(|name| it == name) => {
                return true;
            }
            (TokenTree::Ident(it), _) if it == "rt" => 1,
            (TokenTree::Punct(it), 1 | 2) if it.as_char() == ':' => seen + 1,
            (TokenTree::Group(group), _) => {
                if names_data(group.stream()) {
                    return true;
                }
                0
            }
            _ => 0,
        };
        false
    })
}

#[cfg(test)]
mod tests {
    //! Reading tokens.

    use super::{Flavour, of};
    use quote::quote;

    #[test]
    fn the_smallest_that_has_all_names_is_taken() {
        let core = quote! { fn f(decimal: rt::List<Decimal>) { rt::decimals::x(); } };
        assert_eq!(of([&core]), Flavour::Core);
        let data = quote! { fn f() { let x = [Some(rt::decimal::add(a, b)?)]; } };
        assert_eq!(of([&core, &data]), Flavour::Data);
        assert_eq!(of([&quote! { (rt::List<rt::Decimal>) }]), Flavour::Data);
    }
}
