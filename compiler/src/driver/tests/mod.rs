//! Tests of what the driver decides by itself. Whole runs of the binary are tested in the
//! `tests` package.

mod files;
mod panics;
