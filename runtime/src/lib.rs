//! The runtime that compiled Axum programs link.
