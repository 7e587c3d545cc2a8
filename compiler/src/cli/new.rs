//! `axumc new`: the folder of a new package.

use crate::driver::{Exit, Session};

/// Makes the package `name` and says how to go on.
pub(super) fn command(mut session: Session, name: &str, quiet: bool) -> Exit {
    match session.create(name) {
        Ok(()) if quiet => {}
        Ok(()) => session.print(&format!(
            "made package `{name}`; go on with\n\n    cd {name}\n    axumc run\n"
        )),
        Err(failure) => session.fail(&failure),
    }
    session.finish(None)
}
