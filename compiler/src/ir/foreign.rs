//! Rust code that the program brings along: the files, and the items that stand between
//! their functions and the program's own.

use super::{ItemRef, Ty};
use crate::support::Name;
use crate::support::span::Span;

/// A Rust file.
#[derive(Clone, Debug)]
pub struct Module {
    /// An identifier of its own, from the name of the file.
    pub name: Name,
    /// Its place in the list of Rust files.
    pub file: usize,
    /// Where the program names it.
    pub span: Span,
    /// Crates that it uses, each with what cargo is told and where it is asked for.
    pub crates: Vec<(Name, String, Span)>,
    /// Opaque types, and where they are declared.
    pub types: Vec<(Name, Span)>,
    /// Structs and enums of the program that it has too.
    pub shapes: Vec<Name>,
    pub functions: Vec<Function>,
}

/// A function as its file has it.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    pub params: Vec<Crossing>,
    pub returns: Crossing,
    /// It gives a `Result`.
    pub throws: bool,
}

/// A type at a parameter or result.
#[derive(Clone, Debug)]
pub struct Crossing {
    pub ty: RustTy,
    /// Behind `&`.
    pub by_ref: bool,
}

/// A type as the file writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustTy {
    Unit,
    Prim(&'static str),
    Str,
    String,
    Slice(Box<RustTy>),
    Vec(Box<RustTy>),
    /// `HashMap` or `BTreeMap`
    Map(&'static str, Box<RustTy>, Box<RustTy>),
    /// `HashSet` or `BTreeSet`
    Set(&'static str, Box<RustTy>),
    Option(Box<RustTy>),
    Tuple(Vec<RustTy>),
    Duration,
    /// An opaque type.
    Opaque(Name),
    /// A struct or enum.
    Named(Name),
}

/// A type of a Rust file as a type of the program.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// Which of the modules.
    pub module: usize,
    pub rust: Name,
}

/// A function of the program that calls one of a Rust file.
#[derive(Clone, Debug)]
pub struct Call {
    pub module: usize,
    /// Which of its functions.
    pub function: usize,
    /// Names and types of the parameters.
    pub params: Vec<(Name, Ty)>,
    pub returns: Ty,
    pub suspends: bool,
}

/// How a struct or enum of the program becomes that of a Rust file, and back.
#[derive(Clone, Debug)]
pub struct Bridge {
    pub module: usize,
    pub of: ItemRef,
    pub rust: Name,
    pub shape: Shape,
    /// Checks the rules of what comes back.
    pub check: Option<ItemRef>,
}

#[derive(Clone, Debug)]
pub enum Shape {
    /// Fields here and there.
    Record(Vec<(Name, Name)>),
    /// Cases, and how many values each carries.
    Enum(Vec<(Name, usize)>),
}
