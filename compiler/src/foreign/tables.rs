//! What was found out about the Rust functions that a program calls: how each of their
//! parameters is written, which decides how a value is handed over.

use std::collections::BTreeMap;

use crate::hir::{EnumId, MethodId, ModuleId, NativeId, RecordId};
use crate::support::Name;
use crate::support::index::IdMap;

/// The Rust side of all `native` blocks.
#[derive(Debug, Default)]
pub struct Foreign {
    /// The place of each module's file in the list of Rust files.
    pub files: IdMap<ModuleId, usize>,
    pub functions: BTreeMap<MethodId, Signature>,
    /// Structs of the program that a Rust file has too, with their fields in the program's order.
    pub records: BTreeMap<(ModuleId, RecordId), Vec<(Name, RustTy)>>,
    /// Enums of the program that a Rust file has too, with what their cases carry.
    pub enums: BTreeMap<(ModuleId, EnumId), Vec<Vec<RustTy>>>,
}

/// A Rust function as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub params: Vec<Crossing>,
    /// What it gives, inside of its `Result` if it throws.
    pub returns: Crossing,
}

/// A type at a parameter or result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    pub ty: RustTy,
    /// Behind `&`.
    pub by_ref: bool,
}

/// A type as the Rust file writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustTy {
    Unit,
    /// `i32`, `bool`, `f64` …
    Prim(&'static str),
    /// `str`, only behind `&`.
    Str,
    String,
    /// `[T]`, only behind `&`.
    Slice(Box<RustTy>),
    Vec(Box<RustTy>),
    /// `HashMap<K, V>` or `BTreeMap<K, V>`
    Map(Order, Box<RustTy>, Box<RustTy>),
    /// `HashSet<T>` or `BTreeSet<T>`
    Set(Order, Box<RustTy>),
    Option(Box<RustTy>),
    Tuple(Vec<RustTy>),
    /// `std::time::Duration`
    Duration,
    Opaque(NativeId),
    Record(RecordId),
    Enum(EnumId),
}

/// Whether a map or set of Rust has an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Hash,
    Tree,
}
