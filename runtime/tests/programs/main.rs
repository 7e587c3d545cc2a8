//! Whole programs in the style of generated code, each run with one, two and eight workers.
//! Every run is a process of its own: this binary starts itself with the name of the program.

#![expect(non_snake_case, reason = "as in generated code")]

mod agents;
mod channels;
mod domains;
mod ends;
mod memory;
mod networks;
mod points;
mod protocols;
mod receives;
mod stress;
mod support;

use std::process::ExitCode;

use support::Program;

fn programs() -> Vec<Program> {
    [
        agents::programs(),
        channels::programs(),
        domains::programs(),
        ends::programs(),
        memory::programs(),
        networks::programs(),
        points::programs(),
        protocols::programs(),
        receives::programs(),
        stress::programs(),
    ]
    .concat()
}

fn main() -> ExitCode {
    if let Some(name) = std::env::var_os("AXUM_TEST_PROGRAM") {
        let name = name.to_string_lossy();
        return match programs().into_iter().find(|program| program.name == name) {
            Some(program) => (program.main)(),
            None => ExitCode::from(99),
        };
    }
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    support::run_all(&programs(), &wanted)
}
