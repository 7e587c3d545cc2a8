//! Small tools that know nothing about Axum: ids, spans, names, the dump printer.

pub mod dump;
pub mod index;
pub mod span;

/// A name as written in the source. Cloning is cheap.
pub type Name = std::rc::Rc<str>;
