//! The `axumc` executable. All of it is in the library.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    axumc::cli::main()
}
