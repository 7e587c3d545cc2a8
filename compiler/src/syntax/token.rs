//! The tokens: what logos recognises in the text, and the markers that the token pass adds
//! between text and grammar. It decides nothing that needs more than one token.

use super::ast::{Literal, ModifierKind};
use crate::support::Name;
use logos::Logos;

/// A token of the grammar. Variants without a logos attribute come from `lexer` (literals)
/// or from the token pass (contextual keywords and markers).
#[derive(Logos, Clone, Debug, PartialEq)]
#[logos(skip r"[ \t\r\n\u{0C}\u{0B}]+")]
pub(crate) enum Tok<'s> {
    // Names and literals.
    #[regex(r"[\p{XID_Start}_]\p{XID_Continue}*")]
    Ident(&'s str),
    /// Any literal but a string.
    Literal(Literal),
    Str(Name),
    InterpolationStart,
    InterpolationText(Name),
    HoleStart,
    HoleEnd(Box<HoleTail>),
    InterpolationEnd,

    // What the lexer continues by hand.
    #[token("///")]
    DocStart,
    #[token("//")]
    LineComment,
    #[token("/*")]
    BlockComment,
    #[token("\"")]
    Quote,
    #[token("@\"")]
    VerbatimQuote,
    #[token("$\"")]
    InterpolatedQuote,
    #[token("$@\"")]
    #[token("@$\"")]
    InterpolatedVerbatimQuote,
    #[token("'")]
    CharQuote,
    #[regex(r"[0-9][0-9A-Za-z_]*", priority = 10)]
    #[regex(r"[0-9][0-9_]*\.[0-9][0-9A-Za-z_]*", priority = 11)]
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?[eE][+-]?[0-9][0-9A-Za-z_]*", priority = 12)]
    #[regex(r"\.[0-9][0-9A-Za-z_]*", priority = 13)]
    #[regex(r"\.[0-9][0-9_]*[eE][+-]?[0-9][0-9A-Za-z_]*", priority = 14)]
    Number,
    /// The text of a doc comment; the pass takes these out of the stream.
    Doc(&'s str),

    // Words that are never names.
    #[token("if")]
    If,
    #[token("else")]
    Else,
    #[token("while")]
    While,
    #[token("do")]
    Do,
    #[token("for")]
    For,
    #[token("foreach")]
    Foreach,
    #[token("in")]
    In,
    #[token("switch")]
    Switch,
    #[token("case")]
    Case,
    #[token("default")]
    Default,
    #[token("break")]
    Break,
    #[token("continue")]
    Continue,
    #[token("return")]
    Return,
    #[token("throw")]
    Throw,
    #[token("try")]
    Try,
    #[token("catch")]
    Catch,
    #[token("finally")]
    Finally,
    #[token("using")]
    Using,
    #[token("namespace")]
    Namespace,
    #[token("new")]
    New,
    #[token("this")]
    This,
    #[token("base")]
    Base,
    #[token("null")]
    Null,
    #[token("true")]
    True,
    #[token("false")]
    False,
    #[token("is")]
    Is,
    #[token("as")]
    As,
    #[token("var")]
    Var,
    #[token("void")]
    Void,
    #[token("struct")]
    Struct,
    #[token("enum")]
    Enum,
    #[token("typeof")]
    Typeof,
    #[token("ref")]
    Ref,
    #[token("out")]
    Out,
    #[token("params")]
    Params,
    /// `sbyte` … `ulong`, `float double decimal bool char string`.
    #[regex(
        "sbyte|short|int|long|byte|ushort|uint|ulong|float|double|decimal|bool|char|string",
        priority = 30
    )]
    Builtin(&'s str),
    /// Words of C# that stand for something else here.
    #[regex(
        "class|interface|delegate|event|lock|goto|operator|implicit|explicit|sizeof",
        priority = 30
    )]
    Foreign(&'s str),
    #[token("public", |_| ModifierKind::Public)]
    #[token("private", |_| ModifierKind::Private)]
    #[token("protected", |_| ModifierKind::Protected)]
    #[token("internal", |_| ModifierKind::Internal)]
    #[token("virtual", |_| ModifierKind::Virtual)]
    #[token("override", |_| ModifierKind::Override)]
    #[token("abstract", |_| ModifierKind::Abstract)]
    #[token("sealed", |_| ModifierKind::Sealed)]
    #[token("static", |_| ModifierKind::Static)]
    #[token("readonly", |_| ModifierKind::Readonly)]
    #[token("const", |_| ModifierKind::Const)]
    #[token("unsafe", |_| ModifierKind::Unsafe)]
    Modifier(ModifierKind),

    // Contextual keywords, told from names by the pass.
    Agent,
    Channel,
    Domain,
    Schema,
    Input,
    Output,
    Receive,
    From,
    Into,
    Timeout,
    Required,
    Optional,
    Rule,
    Parent,
    Test,
    Native,
    Where,
    When,
    With,
    Yield,
    Uses,
    Opaque,
    TypeWord,
    Handle,
    Throws,
    Expect,
    Assert,
    Checked,
    Unchecked,
    Get,
    Set,
    And,
    Or,
    Not,

    // Brackets and separators.
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBracket,
    #[token("]")]
    RBracket,
    #[token(";")]
    Semi,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token("::")]
    ColonColon,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token("?")]
    Question,
    #[token("@")]
    At,

    // Operators.
    #[token("=")]
    Assign,
    #[token("+=")]
    PlusAssign,
    #[token("-=")]
    MinusAssign,
    #[token("*=")]
    StarAssign,
    #[token("/=")]
    SlashAssign,
    #[token("%=")]
    PercentAssign,
    #[token("&=")]
    AndAssign,
    #[token("|=")]
    OrAssign,
    #[token("^=")]
    XorAssign,
    #[token("<<=")]
    ShlAssign,
    ShrAssign,
    #[token("??=")]
    CoalesceAssign,
    #[token("=>")]
    FatArrow,
    #[token("->")]
    Arrow,
    #[token("==")]
    EqEq,
    #[token("!=")]
    NotEq,
    #[token("<=")]
    Le,
    Ge,
    #[token("<")]
    Lt,
    #[token(">")]
    Gt,
    #[token("<<")]
    Shl,
    Shr,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("&")]
    Amp,
    #[token("|")]
    Pipe,
    #[token("^")]
    Caret,
    #[token("!")]
    Bang,
    #[token("~")]
    Tilde,
    #[token("&&")]
    AndAnd,
    #[token("||")]
    OrOr,
    #[token("??")]
    Coalesce,
    #[token("++")]
    PlusPlus,
    #[token("--")]
    MinusMinus,

    // Sending and networks.
    #[token("<--")]
    Send,
    #[token("==>")]
    Forward,
    #[token("-->")]
    ForwardOnce,
    #[token("-<<")]
    Broadcast,
    #[token("-<:")]
    Alternate,
    Multiplex,
    #[token("&>-")]
    Combine,
    #[token("-<&")]
    Scatter,

    // Markers: ambiguous punctuation that the pass has settled.
    /// Stands before a type that a name follows.
    Decl,
    /// `{` of a vector.
    VectorOpen,
    /// `<` and `>` around type arguments.
    TypeLt,
    TypeGt,
    /// `(` of a cast.
    CastOpen,
    /// `(` of a lambda's parameters.
    LambdaOpen,
    /// `(` of a deconstruction.
    TupleOpen,
    /// `[]`
    Rank,
    /// `?` behind a type.
    Nullable,
    /// `?.`
    NullDot,
    /// `?[`
    NullBracket,
    /// `^` before an operand.
    FromEnd,
    /// `=>` of a `switch` arm.
    ArmArrow,
    /// `default` of `default(T)`.
    DefaultOf,
    /// A construct of C# that the language has not, as a whole.
    UnsupportedItem(Box<Foreign<'s>>),
    UnsupportedStmt(&'static str),
    UnsupportedExpr(&'static str),

    // What parsing starts with, and what recovery puts in.
    StartFile,
    StartItems,
    StartChannel,
    StartSchema,
    StartEnum,
    StartNative,
    StartProtocol,
    StartStmts,
    StartSwitch,
    StartReceive,
    /// A part that was parsed on its own: index into the parser's store.
    Parsed(u32),
    /// An expression that could not be parsed.
    ErrorExpr,
}

/// `,8:F2` behind the expression of a hole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HoleTail {
    pub(crate) alignment: Option<i32>,
    pub(crate) format: Option<Name>,
}

/// What an [`Tok::UnsupportedItem`] stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Foreign<'s> {
    pub(crate) what: &'static str,
    pub(crate) name: Option<(&'s str, u32)>,
}

/// A token with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token<'s> {
    pub(crate) lo: u32,
    pub(crate) hi: u32,
    pub(crate) tok: Tok<'s>,
}

impl Tok<'_> {
    /// Whether it links nodes of a network.
    pub(crate) fn is_network(&self) -> bool {
        matches!(
            self,
            Tok::Forward
                | Tok::ForwardOnce
                | Tok::Broadcast
                | Tok::Alternate
                | Tok::Multiplex
                | Tok::Combine
                | Tok::Scatter
        )
    }
    /// Whether it stands between operands and is no `=`.
    pub(crate) fn is_operator(&self) -> bool {
        matches!(
            self,
            Tok::Plus
                | Tok::Minus
                | Tok::Star
                | Tok::Slash
                | Tok::Percent
                | Tok::Amp
                | Tok::Pipe
                | Tok::Caret
                | Tok::Lt
                | Tok::Gt
                | Tok::Le
                | Tok::EqEq
                | Tok::NotEq
                | Tok::AndAnd
                | Tok::OrOr
                | Tok::Coalesce
                | Tok::Shl
                | Tok::Bang
                | Tok::Is
                | Tok::As
                | Tok::DotDot
                | Tok::PlusPlus
                | Tok::MinusMinus
                | Tok::Send
        ) || self.is_network()
    }
    /// Whether it takes no room in the text: errors are then reported at what follows.
    pub(crate) fn is_marker(&self) -> bool {
        matches!(self, Tok::Decl)
    }
}
