//! A model of the count of parts.

mod loom_parts;
