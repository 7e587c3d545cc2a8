//! Reads the items of a Rust file: functions, types, aliases, imports. It looks into no body
//! and into no other file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

/// Longer items are not read: what is nested in them may go deeper than the stack.
const MOST_TOKENS: usize = 50_000;
/// The same for brackets.
const DEEPEST: usize = 200;

/// What a Rust file declares.
#[derive(Default)]
pub(super) struct Source {
    pub(super) functions: BTreeMap<String, Function>,
    pub(super) types: BTreeMap<String, Declared>,
    /// Names that `pub use` brings in.
    pub(super) exported: BTreeSet<String>,
}

/// A function of the file.
pub(super) struct Function {
    pub(super) signature: syn::Signature,
    pub(super) is_public: bool,
}

/// A type of the file.
pub(super) struct Declared {
    pub(super) is_public: bool,
    pub(super) name: Range<usize>,
    pub(super) has_params: bool,
    /// `#[non_exhaustive]`: others cannot make a value.
    pub(super) is_closed: bool,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    Struct(syn::Fields),
    Enum(Vec<syn::Variant>),
    Alias(Box<syn::Type>),
}

/// Why a file could not be read, and where.
pub(super) type Unread = (String, Range<usize>);

/// Reads the text of a file.
pub(super) fn read(text: &str) -> Result<Source, Unread> {
    let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| {
        ("this is no token of Rust".to_owned(), error.span().byte_range())
    })?;
    let tokens = without_bodies(tokens)?;
    let file = syn::parse2::<syn::File>(tokens)
        .map_err(|error| (error.to_string(), error.span().byte_range()))?;
    let mut source = Source::default();
    for item in file.items {
        source.item(item);
    }
    Ok(source)
}

/// The items without what stands in the braces of functions, modules, and blocks of methods:
/// only signatures and types matter, and the Rust compiler will look at the rest.
fn without_bodies(tokens: TokenStream) -> Result<TokenStream, Unread> {
    let mut out = Vec::new();
    let (mut has_body, mut length) = (false, 0);
    for token in tokens {
        length += size(&token, 0)?;
        if length > MOST_TOKENS && !has_body {
            let message = "this item is too long to be read".to_owned();
            return Err((message, token.span().byte_range()));
        }
        match &token {
            TokenTree::Ident(word) => {
                let words = ["fn", "impl", "trait", "mod", "macro_rules", "extern"];
                has_body |= words.iter().any(|it| word == it);
                out.push(token);
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if has_body {
                    let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
                    empty.set_span(group.span());
                    out.push(TokenTree::Group(empty));
                } else {
                    out.push(token);
                }
                (has_body, length) = (false, 0);
            }
            TokenTree::Punct(it) if it.as_char() == ';' => {
                (has_body, length) = (false, 0);
                out.push(token);
            }
            _ => out.push(token),
        }
    }
    Ok(out.into_iter().collect())
}

/// How many tokens there are.
fn size(token: &TokenTree, depth: usize) -> Result<usize, Unread> {
    let TokenTree::Group(group) = token else { return Ok(1) };
    if depth > DEEPEST {
        let message = "this is nested too deeply to be read".to_owned();
        return Err((message, group.span().byte_range()));
    }
    let mut sum = 2;
    for token in group.stream() {
        sum += size(&token, depth + 1)?;
    }
    Ok(sum)
}

impl Source {
    fn item(&mut self, item: syn::Item) {
        match item {
            syn::Item::Fn(it) => {
                let name = it.sig.ident.unraw().to_string();
                let is_public = is_public(&it.vis);
                let function = Function { signature: it.sig, is_public };
                self.functions.entry(name).or_insert(function);
            }
            syn::Item::Struct(it) => {
                let attributes = (&it.attrs[..], &it.vis);
                let shape = Shape::Struct(it.fields);
                self.declare(&it.ident, attributes, &it.generics, shape);
            }
            syn::Item::Enum(it) => {
                let shape = Shape::Enum(it.variants.into_iter().collect());
                self.declare(&it.ident, (&it.attrs, &it.vis), &it.generics, shape);
            }
            syn::Item::Type(it) => {
                let shape = Shape::Alias(it.ty);
                self.declare(&it.ident, (&it.attrs, &it.vis), &it.generics, shape);
            }
            syn::Item::Use(it) if is_public(&it.vis) => self.exports(&it.tree),
            _ => {}
        }
    }

    fn declare(
        &mut self,
        name: &proc_macro2::Ident,
        (attributes, visibility): (&[syn::Attribute], &syn::Visibility),
        generics: &syn::Generics,
        shape: Shape,
    ) {
        let is_closed = attributes.iter().any(|it| it.path().is_ident("non_exhaustive"));
        let declared = Declared {
            is_public: is_public(visibility),
            name: name.span().byte_range(),
            has_params: !generics.params.is_empty(),
            is_closed,
            shape,
        };
        self.types.entry(name.unraw().to_string()).or_insert(declared);
    }

    fn exports(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(it) => self.exports(&it.tree),
            syn::UseTree::Name(it) => {
                self.exported.insert(it.ident.unraw().to_string());
            }
            syn::UseTree::Rename(it) => {
                self.exported.insert(it.rename.unraw().to_string());
            }
            syn::UseTree::Group(it) => it.items.iter().for_each(|it| self.exports(it)),
            _ => {}
        }
    }
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// Where the head of a function stands.
pub(super) fn head(signature: &syn::Signature) -> Range<usize> {
    let before = signature.asyncness.map(|it| it.span);
    let safety = match signature.safety {
        syn::Safety::Unsafe(it) => Some(it.span),
        _ => None,
    };
    let first = before.or(safety).unwrap_or(signature.fn_token.span);
    let from = first.byte_range().start;
    let to = match &signature.output {
        syn::ReturnType::Default => signature.paren_token.span.close().byte_range().end,
        syn::ReturnType::Type(_, ty) => ty.span().byte_range().end,
    };
    // A type of several tokens is joined only as far as the span's own file allows.
    from..to.max(signature.paren_token.span.close().byte_range().end)
}
