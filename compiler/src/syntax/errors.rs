//! What can be wrong with text, and how it is said. It finds nothing by itself.

use crate::diag::{Code, Diagnostic};
use crate::support::span::{FileId, Span};

/// A place in the file at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) lo: u32,
    pub(crate) hi: u32,
}

impl Range {
    pub(crate) fn new(lo: usize, hi: usize) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { lo: narrow(lo), hi: narrow(hi) }
    }
    fn span(self, file: FileId) -> Span {
        Span { file, lo: self.lo, hi: self.hi }
    }
}

/// A problem of one file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    UnexpectedChar {
        at: Range,
        c: char,
        within: Option<&'static str>,
    },
    Unterminated {
        what: &'static str,
        at: Range,
    },
    Dash {
        at: Range,
        operator: &'static str,
    },
    TypographicQuotes {
        open: Range,
        close: Range,
        quote: &'static str,
    },
    BadLiteral {
        at: Range,
        why: String,
    },
    TooDeep {
        at: Range,
    },
    /// A chain of operators or branches beyond any use.
    TooLong {
        at: Range,
    },
    Confusable {
        at: Range,
        name: String,
        other: String,
        other_at: Range,
    },
    /// Something stands where something else was expected.
    Unexpected {
        at: Range,
        /// `None` for the end of the file.
        found: Option<String>,
        expected: Vec<String>,
        hint: Option<String>,
    },
    /// `;` or a closing bracket is missing behind a token.
    Missing {
        behind: Range,
        what: &'static str,
        open: Option<Range>,
    },
    /// A type with the values of its fields, and no `new` before it.
    MissingNew {
        ty: Range,
    },
    /// An opening bracket that the file never closes.
    Unclosed {
        open: Range,
        bracket: &'static str,
        end: Range,
    },
    /// Commas alone in brackets: `int[,]`.
    Rectangular {
        at: Range,
    },
    /// A `return` that would leave a `finally`.
    ReturnInFinally {
        at: Range,
    },
    /// `case` or `default` before an arm of a switch expression.
    CaseAsArm {
        at: Range,
    },
    /// A closing bracket that nothing opened.
    Unopened {
        at: Range,
        bracket: &'static str,
    },
}

impl Problem {
    /// Where it stands.
    pub(crate) fn at(&self) -> Range {
        match *self {
            Self::UnexpectedChar { at, .. }
            | Self::Unterminated { at, .. }
            | Self::Dash { at, .. }
            | Self::BadLiteral { at, .. }
            | Self::TooDeep { at }
            | Self::TooLong { at }
            | Self::ReturnInFinally { at }
            | Self::CaseAsArm { at }
            | Self::Rectangular { at }
            | Self::Confusable { at, .. }
            | Self::Unexpected { at, .. }
            | Self::Unopened { at, .. } => at,
            Self::TypographicQuotes { open, .. } => open,
            Self::Missing { behind, .. } => Range { lo: behind.hi, hi: behind.hi },
            Self::Unclosed { end, .. } => end,
            Self::MissingNew { ty } => ty,
        }
    }

    /// A place where text was left out or is missing, so that what is around it may not parse.
    pub(crate) fn spoils(&self) -> Option<u32> {
        match self {
            Self::UnexpectedChar { at, within: None, .. } => Some(at.lo),
            Self::Unterminated { at, .. }
            | Self::TooDeep { at }
            | Self::CaseAsArm { at }
            | Self::TooLong { at } => Some(at.lo),
            Self::Unopened { at, .. } => Some(at.lo),
            Self::Unclosed { open, .. } => Some(open.lo),
            _ => None,
        }
    }

    /// The problem in words.
    pub(crate) fn diagnose(&self, file: FileId) -> Diagnostic {
        let span = self.at().span(file);
        match self {
            Self::UnexpectedChar { c, within, .. } => unexpected_char(*c, *within, span),
            Self::Unterminated { what, .. } => Diagnostic::error(
                Code::Unterminated,
                format!("{what} has no end"),
                span,
                "it begins here",
            )
            .help(match *what {
                "comment" => "close the comment with `*/`; comments nest",
                "character literal" => "close it with `'`",
                "hole of an interpolated string" => {
                    "close the hole with `}` before the text goes on or ends"
                }
                _ => "close the text with `\"` on the same line; text over several lines is written `@\"…\"`",
            }),
            Self::Dash { operator, .. } => Diagnostic::error(
                Code::TypographicDash,
                "typographic dash in place of an operator",
                span,
                format!("read as `{operator}`"),
            )
            .fix(format!("write `{operator}`"), vec![(span, (*operator).to_string())]),
            Self::TypographicQuotes { close, quote, .. } => Diagnostic::error(
                Code::UnexpectedCharacter,
                "typographic quotation mark",
                span,
                format!("read as `{quote}`"),
            )
            .fix(
                format!("write `{quote}`"),
                vec![(span, (*quote).to_string()), (close.span(file), (*quote).to_string())],
            ),
            Self::BadLiteral { why, .. } => {
                Diagnostic::error(Code::BadLiteral, "malformed literal", span, why.as_str())
            }
            Self::TooDeep { .. } => Diagnostic::error(
                Code::NestingTooDeep,
                "nesting is deeper than 256 levels",
                span,
                "level 257 begins here",
            )
            .help("move the inner part to a variable or a method of its own"),
            Self::TooLong { .. } => Diagnostic::error(
                Code::NestingTooDeep,
                "chain is too long",
                span,
                "more than 200,000 parts before this",
            )
            .help("build the value in a loop, or from several variables"),
            Self::Confusable { name, other, other_at, .. } => Diagnostic::warning(
                Code::Confusable,
                format!("`{name}` looks like `{other}`, but is spelled with other characters"),
                span,
                "a different name",
            )
            .label(other_at.span(file), "the name it looks like"),
            Self::Unexpected { found, expected, hint, .. } => {
                unexpected(found.as_deref(), expected, hint.as_deref(), span)
            }
            Self::Missing { what, open, .. } => {
                let message = format!("expected `{what}`");
                let label = format!("`{what}` is missing here");
                let mut it = Diagnostic::error(Code::Syntax, message, span, label);
                if let Some(open) = open {
                    it = it.label(open.span(file), "to close this");
                }
                it.fix(format!("insert `{what}`"), vec![(span, (*what).to_string())])
            }
            Self::MissingNew { .. } => missing_new(span),
            Self::Unclosed { open, bracket, .. } => Diagnostic::error(
                Code::Syntax,
                format!("expected `{bracket}`, found the end of the file"),
                span,
                format!("`{bracket}` is missing"),
            )
            .label(open.span(file), "this is never closed"),
            Self::Rectangular { .. } => rectangular(span),
            Self::ReturnInFinally { .. } => Diagnostic::error(
                Code::Syntax,
                "`return` inside `finally`",
                span,
                "this would hide how the `try` ended",
            )
            .help("return behind the `try` statement"),
            Self::CaseAsArm { .. } => case_as_arm(span),
            Self::Unopened { bracket, .. } => Diagnostic::error(
                Code::Syntax,
                format!("unexpected `{bracket}`"),
                span,
                "nothing is open that this could close",
            ),
        }
    }
}

/// A case of a `receive` that begins with its source.
pub(super) fn without_from(text: &str, at: Range) -> Problem {
    let found = text.get(at.lo as usize..at.hi as usize).map(str::to_owned);
    let hint = Some("a case that receives begins with `from`".to_owned());
    Problem::Unexpected { at, found, expected: vec!["`from`".to_owned()], hint }
}

fn case_as_arm(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        "cases of a statement in a switch that gives a value",
        span,
        "expected `pattern => value`",
    )
    .help("write its arms as `1 => \"one\", _ => \"more\"`")
}

fn missing_new(span: Span) -> Diagnostic {
    let front = Span { hi: span.lo, ..span };
    Diagnostic::error(
        Code::Syntax,
        "expected `new` before a type whose value is made",
        span,
        "`new` is missing before this",
    )
    .fix("insert `new`", vec![(front, "new ".to_string())])
}

fn unexpected_char(c: char, within: Option<&'static str>, span: Span) -> Diagnostic {
    let shown = match c {
        c if c.is_control() || c.is_whitespace() || within.is_some() || c == '`' => {
            format!("U+{:04X}", u32::from(c))
        }
        c => c.to_string(),
    };
    let it = match within {
        Some(within) => Diagnostic::error(
            Code::UnexpectedCharacter,
            format!("control character `{shown}` in {within}"),
            span,
            "it makes the text read in another order than it is",
        ),
        None => Diagnostic::error(
            Code::UnexpectedCharacter,
            format!("unexpected character `{shown}`"),
            span,
            "no token begins with this",
        ),
    };
    match c {
        '\u{201C}'..='\u{201F}' if within.is_none() => it.help("write `\"` around text"),
        '\u{2018}'..='\u{201B}' if within.is_none() => {
            it.help("write `'` around a character")
        }
        '#' => it.help("the language has no preprocessor"),
        '`' | '\\' | '$' => it,
        c if within.is_none() && c.is_whitespace() => it.help("use a plain space"),
        _ => it,
    }
}

fn rectangular(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        "rectangular arrays are not in the language",
        span,
        "recognised, but not in the language",
    )
    .help("use an array of arrays: `int[][]`")
}

fn unexpected(
    found: Option<&str>,
    expected: &[String],
    hint: Option<&str>,
    span: Span,
) -> Diagnostic {
    // In brackets that begin an array type nothing else is separated by commas.
    if found == Some(",") && expected.first().is_some_and(|it| it == "`]`") {
        return rectangular(span);
    }
    let found = match found {
        Some(text) => format!("`{text}`"),
        None => "the end of the file".to_string(),
    };
    let (message, label) = match expected {
        [] => (format!("unexpected {found}"), "this does not fit here".to_string()),
        [rest @ .., last] => {
            let list = match rest {
                [] => last.clone(),
                _ => format!("{} or {last}", rest.join(", ")),
            };
            (format!("expected {list}, found {found}"), format!("expected {list}"))
        }
    };
    let it = Diagnostic::error(Code::Syntax, message, span, label);
    match hint {
        Some(hint) => it.help(hint),
        None => it,
    }
}
