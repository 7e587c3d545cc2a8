//! How the body of a `try` with `finally` was left. What happens then is written in the
//! generated code.

use super::Exception;

/// How a body was left that something has to run behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left<T> {
    /// Control ran out at its end.
    Ended,
    /// By an exception.
    Thrown(Exception),
    /// By `return`, with this value.
    Returned(T),
    /// By `break` of something around it.
    Broken,
    /// By `continue` of a loop around it.
    Continued,
}
