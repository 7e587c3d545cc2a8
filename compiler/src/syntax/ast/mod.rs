//! The syntax tree: what was written, with spans. It gives nothing a meaning: names are
//! unresolved, literals are unparsed beyond their kind, and every construct of the
//! grammar is here whether or not a later phase supports it.

mod expr;
mod item;
mod stmt;

pub use expr::*;
pub use item::*;
pub use stmt::*;

use crate::support::{Name, span::Span};

/// An identifier with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    pub name: Name,
    pub span: Span,
}

/// A dotted name, at least one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub parts: Vec<Ident>,
    pub span: Span,
}

/// One source file.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub usings: Vec<Path>,
    pub items: Vec<Item>,
    /// Names declared in what could not be parsed: nobody should call them unknown.
    pub lost: Vec<Ident>,
}

#[derive(Clone, Debug)]
pub struct Type {
    pub span: Span,
    pub kind: TypeKind,
}

#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `A.B<int>.C`; each part with its own type arguments.
    Named(Vec<TypePart>),
    /// `var`, where a type is written.
    Var,
    Void,
    Array(Box<Type>),
    Nullable(Box<Type>),
    /// Elements with their optional names.
    Tuple(Vec<(Type, Option<Ident>)>),
    /// `C@State`
    AtState(Box<Type>, Ident),
    Error,
}

#[derive(Clone, Debug)]
pub struct TypePart {
    pub name: Ident,
    pub args: Vec<Type>,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub span: Span,
    pub kind: PatternKind,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    Wildcard,
    /// `var x`
    Var(Ident),
    /// `T x`
    Typed {
        ty: Type,
        name: Ident,
    },
    /// A constant expression, or a name that may be an enum case.
    Expr(Expr),
    /// `Circle(var r)`, `Shape.Circle(_)`
    Case {
        path: Path,
        args: Vec<Pattern>,
    },
    Tuple(Vec<Pattern>),
    /// `{ Id: 1 }`, `Order { Id: 1 }`, `{ Id: 1 } order`
    Properties {
        ty: Option<Type>,
        fields: Vec<(Ident, Pattern)>,
        /// What the whole value is bound to.
        name: Option<Ident>,
    },
    Relational {
        op: BinaryOp,
        value: Expr,
    },
    Or(Box<Pattern>, Box<Pattern>),
    And(Box<Pattern>, Box<Pattern>),
    Not(Box<Pattern>),
    Error,
}
