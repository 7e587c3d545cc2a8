//! `axumc check`: all front-end checks, no Rust.

use std::path::PathBuf;

use crate::driver::{Exit, Session};

/// Checks each path as a program of its own. A path that cannot be read keeps none of the
/// others from being checked.
pub(super) fn command(mut session: Session, paths: &[PathBuf]) -> Exit {
    let paths = paths.iter().map(|it| Some(it.as_path()));
    let none_given = paths.len() == 0;
    for path in paths.chain(none_given.then_some(None)) {
        if let Some(program) = session.load(path) {
            session.check(&program);
        }
    }
    session.finish(None)
}
