//! Blocks, statements and what they consist of.

use super::{Attribute, Declarator, Expr, Ident, Method, Modifier, Pattern, Type};
use crate::support::{Name, span::Span};

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub span: Span,
    pub stmts: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub span: Span,
    pub attributes: Vec<Attribute>,
    pub kind: StmtKind,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `;`
    Empty,
    Block(Block),
    /// `T a = e, b = f;` `var x = e;` `const int N = 3;`
    Local {
        constant: bool,
        ty: Type,
        declarators: Vec<Declarator>,
    },
    /// `var (a, b) = e;` `(int a, string b) = e;`
    Deconstruct {
        pattern: TuplePattern,
        value: Expr,
    },
    LocalFunction {
        modifiers: Vec<Modifier>,
        method: Box<Method>,
    },
    Expr(Expr),
    If {
        condition: Expr,
        then: Box<Stmt>,
        otherwise: Option<Box<Stmt>>,
    },
    While {
        condition: Expr,
        body: Box<Stmt>,
    },
    DoWhile {
        body: Box<Stmt>,
        condition: Expr,
    },
    For {
        init: Vec<Stmt>,
        condition: Option<Expr>,
        update: Vec<Expr>,
        body: Box<Stmt>,
    },
    /// `foreach (T x in e) s`; also the `for (var x in e)` spelling.
    Foreach {
        binding: ForeachBinding,
        iterable: Expr,
        body: Box<Stmt>,
    },
    Switch {
        subject: Expr,
        sections: Vec<SwitchSection>,
    },
    Break,
    Continue,
    Return(Option<Expr>),
    Throw(Option<Expr>),
    Try {
        body: Block,
        catches: Vec<Catch>,
        finally: Option<Block>,
    },
    /// `using (var x = e) s`, `using (e) s`
    Using {
        resource: UsingResource,
        body: Box<Stmt>,
    },
    /// `using var x = e;`, to the end of the block.
    UsingVar {
        ty: Type,
        declarators: Vec<Declarator>,
    },
    Checked {
        checked: bool,
        body: Block,
    },
    Receive(Vec<ReceiveCase>),
    /// `yield;`
    Yield,
    YieldReturn(Expr),
    YieldBreak,
    Assert(Vec<Expr>),
    /// `expect throws E { … }`
    ExpectThrows {
        ty: Type,
        body: Block,
    },
    /// A construct that is recognised to be rejected (`lock`, `goto`, a label …).
    Unsupported {
        what: Name,
    },
    Error,
}

#[derive(Clone, Debug)]
pub enum ForeachBinding {
    Single { ty: Type, name: Ident },
    Tuple(TuplePattern),
}

/// `var (a, b)`, `(int a, _)`; nested allowed.
#[derive(Clone, Debug)]
pub struct TuplePattern {
    pub span: Span,
    pub parts: Vec<TuplePatternPart>,
}

#[derive(Clone, Debug)]
pub enum TuplePatternPart {
    /// `ty` is `Var` under a leading `var`; `_` discards.
    Name {
        ty: Type,
        name: Ident,
    },
    /// A name alone: declared, or assigned where a value is taken apart.
    Bare(Ident),
    Nested(TuplePattern),
}

#[derive(Clone, Debug)]
pub enum UsingResource {
    Local { ty: Type, declarators: Vec<Declarator> },
    Expr(Expr),
}

#[derive(Clone, Debug)]
pub struct SwitchSection {
    pub span: Span,
    pub labels: Vec<SwitchLabel>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct SwitchLabel {
    pub span: Span,
    /// `None` for `default`.
    pub pattern: Option<Pattern>,
    pub guard: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Catch {
    pub span: Span,
    /// `catch`, `catch (E)`, `catch (E e)`.
    pub ty: Option<Type>,
    pub name: Option<Ident>,
    pub filter: Option<Expr>,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct ReceiveCase {
    pub span: Span,
    pub kind: ReceiveCaseKind,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub enum ReceiveCaseKind {
    /// `from a, b into (var x, var y) when g:`
    From {
        sources: Vec<Expr>,
        into: Option<ReceiveBinding>,
        guard: Option<Expr>,
    },
    Timeout(Expr),
    Default,
}

#[derive(Clone, Debug)]
pub enum ReceiveBinding {
    Single {
        ty: Type,
        name: Ident,
    },
    /// `into x`, which lacks `var`.
    Bare(Ident),
    Tuple(TuplePattern),
}
