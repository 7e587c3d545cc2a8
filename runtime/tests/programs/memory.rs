//! Memory: what has ended is used again.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::support::{Program, program, run};
use crate::{agent, channel, stress};

channel!(Sum { input Number: i32, output Total: i32, });
agent!(Adding: Sum {});

/// Makes agents, and waits for what each says before its end.
async fn create_and_die(rounds: usize) -> rt::Result<i32> {
    let mut total = 0;
    for round in 0..rounds {
        let agents: Vec<rt::Using<Sum>> = (0..10)
            .map(|_| {
                rt::spawn(rt::Dom::none(), Adding {}, |me| async move {
                    let number = rt::receive(&me.port().Number).await?;
                    me.port().Total.send(number + 1);
                    Ok(())
                })
            })
            .collect();
        for agent in &agents {
            agent.Number.send(i32::try_from(round % 2).unwrap_or_default());
        }
        for agent in &agents {
            total += rt::receive(&agent.Total).await?;
        }
    }
    Ok(total)
}

/// How many pages of memory the process has resident; a constant where no system says so.
fn resident_pages() -> i64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or_default()
}

/// Half a megabyte of what 100,000 agents take.
const FEW_PAGES: i64 = 128;

fn flat() -> ExitCode {
    run(|me| async move {
        create_and_die(1_000).await?;
        let before = resident_pages();
        let total = create_and_die(10_000).await?;
        let grown = resident_pages() - before;
        rt::console::write_line(&total);
        // Sanitizers keep what is freed.
        if grown > FEW_PAGES && stress::scale() == 1 {
            rt::console::write_line(&grown);
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![program("agents that have ended leave no memory behind", flat, "150000\n")]
}
