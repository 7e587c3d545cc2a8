//! Prints tokens so that those of `.ax` line N stand on line N, and strips the markers
//! that say which. It does not format for reading; `chunk` does.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};

const MARKER: &str = "__axl_";

/// A marker: the tokens behind it belong on line `line`. Line 0 marks nothing.
pub(super) fn at(line: u32) -> Option<Ident> {
    (line > 0).then(|| Ident::new(&format!("{MARKER}{line}"), Span::call_site()))
}

fn marked(ident: &Ident) -> Option<u32> {
    ident.to_string().strip_prefix(MARKER)?.parse().ok()
}

/// Whether the word is a marker.
pub(super) fn is_marker(ident: &Ident) -> bool {
    marked(ident).is_some()
}

/// The tokens without their markers.
pub(super) fn strip(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Ident(ident) if marked(&ident).is_some() => None,
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), strip(group.stream()));
                inner.set_span(group.span());
                Some(TokenTree::Group(inner))
            }
            other => Some(other),
        })
        .collect()
}

/// A file under construction.
#[derive(Debug)]
pub(super) struct Printer {
    out: String,
    line: u32,
    glued: bool,
}

impl Printer {
    /// An empty file, at line 1.
    pub(super) fn new() -> Self {
        Self { out: String::new(), line: 1, glued: true }
    }

    /// Moves down to `line`; never up.
    pub(super) fn seek(&mut self, line: u32) {
        while self.line < line {
            self.out.push('\n');
            self.line += 1;
            self.glued = true;
        }
    }

    /// Appends the tokens.
    pub(super) fn print(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => match marked(&ident) {
                    Some(line) => self.seek(line),
                    None => self.word(&ident.to_string(), false),
                },
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    self.line += u32::try_from(text.matches('\n').count()).unwrap_or(0);
                    self.word(&text, false);
                }
                TokenTree::Punct(punct) => {
                    let mut buffer = [0; 4];
                    let text = punct.as_char().encode_utf8(&mut buffer);
                    self.word(text, punct.spacing() == Spacing::Joint);
                }
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    if !open.is_empty() {
                        self.word(open, true);
                    }
                    self.print(group.stream());
                    if !close.is_empty() {
                        self.word(close, false);
                    }
                }
            }
        }
    }

    fn word(&mut self, text: &str, glue_next: bool) {
        if !self.glued {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.glued = glue_next;
    }

    /// The whole text, ending in a line break.
    pub(super) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn marked_tokens_stand_on_their_lines() {
        let (three, five) = (at(3), at(5));
        let mut printer = Printer::new();
        printer.print(quote! { fn f() { #three let a = 1; #five g(a, 'x', "a\nb"); } });
        let text = printer.finish();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("fn f"));
        assert!(lines[2].starts_with("let a"));
        assert!(lines[4].starts_with("g (a"));
    }

    #[test]
    fn a_line_behind_the_current_one_is_passed_over() {
        let (four, two) = (at(4), at(2));
        let mut printer = Printer::new();
        printer.print(quote! { #four a #two b });
        assert_eq!(printer.finish(), "\n\n\na b\n");
    }

    #[test]
    fn labels_and_joint_operators_stay_whole() {
        let mut printer = Printer::new();
        printer.print(quote! { 'ax_0: loop { a += b; c..=d; e::f } });
        let text = printer.finish();
        for part in ["'ax_0", "+=", "..=", "::"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn stripping_removes_markers_at_every_depth() {
        let mark = at(9);
        let tokens = strip(quote! { #mark a { #mark b } });
        assert_eq!(tokens.to_string(), quote! { a { b } }.to_string());
    }
}
