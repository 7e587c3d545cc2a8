//! A string that does not end.
pub fn k() { "
