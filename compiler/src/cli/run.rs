//! `axumc run`: builds a program and becomes it.

use std::ffi::OsString;
use std::path::Path;

use crate::driver::{Exit, Session};

/// Runs the program at `path` with `arguments`. Returns only if it is not run.
pub(super) fn command(
    mut session: Session,
    path: Option<&Path>,
    release: bool,
    arguments: &[OsString],
) -> Exit {
    let Some(program) = session.load(path) else { return session.finish(None) };
    let built = session.compile(&program).and_then(|output| match output {
        Some(output) => session.executable(&program, &output, release),
        None => Ok(None),
    });
    match built {
        Ok(Some(executable)) => {
            let failure = session.execute(&executable, arguments);
            session.fail(&failure);
        }
        Ok(None) => {}
        Err(failure) => session.fail(&failure),
    }
    session.finish(Some(&program.shown))
}
