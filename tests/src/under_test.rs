//! The `axumc` command for the tests of the command line. It is what `compiler/src/main.rs`
//! is.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    axumc::cli::main()
}
