//! Harness of the whole-compiler tests.
