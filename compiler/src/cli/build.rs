//! `axumc build`: an executable, or the Rust it would be made of.

use std::path::{Path, PathBuf};

use super::args::Emit;
use crate::driver::{Exit, Failure, Session};

/// Builds the program at `path`.
pub(super) fn command(
    mut session: Session,
    path: Option<&Path>,
    release: bool,
    output: Option<PathBuf>,
    emit: Option<Emit>,
) -> Exit {
    if let Err(failure) = build(&mut session, path, release, output, emit) {
        session.fail(&failure);
    }
    session.finish(None)
}

fn build(
    session: &mut Session,
    path: Option<&Path>,
    release: bool,
    output: Option<PathBuf>,
    emit: Option<Emit>,
) -> Result<(), Failure> {
    let Some(program) = session.load(path) else { return Ok(()) };
    let Some(rust) = session.compile(&program)? else { return Ok(()) };
    match emit {
        Some(Emit::Rust) => {
            let folder =
                output.unwrap_or_else(|| format!("{}-rust", program.name).into());
            session.write_project(&program, &rust, &folder)
        }
        None => {
            let default = || format!("{}{}", program.name, std::env::consts::EXE_SUFFIX);
            let target = output.unwrap_or_else(|| default().into());
            match session.executable(&program, &rust, release)? {
                Some(executable) => session.place(&executable, &target),
                None => Ok(()),
            }
        }
    }
}
