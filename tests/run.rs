//! Whole programs: every folder below `tests/run` and `examples` is compiled with all
//! warnings as errors and run with 1, 2 and 8 workers, and under the systematic scheduler
//! with some seeds. `AXUM_BLESS=1` rewrites the expected output.
#![forbid(unsafe_code)]

use std::sync::{Arc, OnceLock};

use axum_tests::batch::{self, Batch, Ran, Schedule};
use axum_tests::case::{self, Program};
use axum_tests::{bless, compiler};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let mut arguments = Arguments::from_args();
    // Each program is given 8 workers at times, so more at once only disturb each other.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let batch: Arc<OnceLock<Result<Batch, String>>> = Arc::default();
    let trials = case::programs().into_iter().map(|program| {
        let batch = Arc::clone(&batch);
        Trial::test(program.name.clone(), move || {
            let batch = batch.get_or_init(Batch::new).as_ref().map_err(String::clone)?;
            check(batch, &program).map_err(Failed::from)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// How often each program is run with each number of workers.
fn n_rounds() -> usize {
    let rounds = std::env::var("AXUM_TEST_ROUNDS").ok();
    rounds.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What a program printed, with `_` for the time in the line `RESULT workload nanoseconds check` of
/// a benchmark.
fn without_times(printed: &str) -> String {
    let line = |line: &str| {
        let words: Vec<&str> = line.trim_end().split(' ').collect();
        match words[..] {
            ["RESULT", workload, time, check] if time.parse::<u64>().is_ok() => {
                format!("RESULT {workload} _ {check}\n")
            }
            _ => line.to_owned(),
        }
    };
    printed.split_inclusive('\n').map(line).collect()
}

fn check(batch: &Batch, program: &Program) -> Result<(), String> {
    let output = compiler::compile(program.sources())?;
    let executable = batch.build(program, &output)?;
    for workers in [1, 2, 8].repeat(n_rounds()) {
        let schedule = Schedule::Workers(workers);
        let ran = batch::run(&executable, program, schedule)?;
        judge(program, &ran).map_err(|it| format!("{schedule}: {it}"))?;
    }
    let mut first = None;
    // The first seed once more: it has to do the same again.
    for seed in (0..program.seeds).chain(0..program.seeds.min(1)) {
        let schedule = Schedule::Seed(seed);
        let mut ran = batch::run(&executable, program, schedule)?;
        let signature = split_signature(&mut ran.stderr);
        judge(program, &ran).map_err(|it| format!("{schedule}: {it}"))?;
        let n_steps = n_steps(&signature)?;
        if let Some(most) = program.steps.filter(|most| n_steps > *most) {
            return Err(format!("{schedule}: {n_steps} steps, expected at most {most}"));
        }
        if seed == 0 && *first.get_or_insert_with(|| signature.clone()) != signature {
            let before = first.unwrap_or_default();
            return Err(format!("{schedule}: once {before}, once {signature}"));
        }
    }
    Ok(())
}

/// Cuts off the last line, which tells the steps that the scheduler took.
fn split_signature(stderr: &mut String) -> String {
    let before = stderr.trim_end().rfind('\n').map_or(0, |it| it + 1);
    stderr.split_off(before)
}

/// `809` of `seed 1: 809 steps, signature 1234`.
fn n_steps(signature: &str) -> Result<u64, String> {
    let number = signature.split(' ').nth(2).and_then(|it| it.parse().ok());
    number.ok_or_else(|| format!("`{signature}` is no signature"))
}

fn judge(program: &Program, ran: &Ran) -> Result<(), String> {
    let with = |it: String| format!("{it}\nstderr:\n{}", ran.stderr);
    bless::compare(&program.stdout, &without_times(&ran.stdout)).map_err(with)?;
    if ran.status.code() != Some(program.exit_code) {
        let expected = program.exit_code;
        return Err(with(format!("{}, expected exit code {expected}", ran.status)));
    }
    for part in &program.stderr_contains {
        if !ran.stderr.contains(part) {
            return Err(with(format!("stderr does not contain `{part}`")));
        }
    }
    let whole = program.folder.join("stderr.txt");
    if whole.exists() {
        bless::compare(&whole, &ran.stderr).map_err(with)?;
    } else if program.stderr_contains.is_empty() && !ran.stderr.is_empty() {
        return Err(with("stderr is not empty".to_owned()));
    }
    Ok(())
}
