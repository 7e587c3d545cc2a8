//! Agents: messages, state, failures.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use axum_rt::abi::v1 as rt;

use crate::support::{Program, program, run};
use crate::{agent, channel};

channel!(Adder { input Num1: i32, input Num2: i32, output Sum: i32, });
agent!(AdderAgent: Adder {});

async fn AdderAgent_new(me: rt::Me<AdderAgent>) -> rt::Result<()> {
    let result: i32 = rt::receive(&me.port().Num1)
        .await?
        .wrapping_add(rt::receive(&me.port().Num2).await?);
    me.port().Sum.send(result);
    Ok(())
}

fn adder() -> ExitCode {
    run(|me| async move {
        let adder: rt::Using<Adder> =
            rt::spawn(rt::Dom::none(), AdderAgent {}, AdderAgent_new);
        adder.Num1.send(10);
        adder.Num2.send(20);
        rt::console::write_line(&rt::receive(&adder.Sum).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

channel!(Player { input Ball: i32, output Back: i32, });
agent!(Pong: Player {});

fn ping_pong() -> ExitCode {
    run(|me| async move {
        let pong = rt::spawn(rt::Dom::none(), Pong {}, |me| async move {
            while let Some(n) = rt::next(&me.port().Ball).await? {
                me.port().Back.send(n + 1);
            }
            Ok(())
        });
        let mut n = 0;
        while n < 20_000 {
            pong.Ball.send(n);
            n = rt::receive(&pong.Back).await?;
        }
        rt::console::write_line(&n);
        rt::exit(&me.port().ExitCode, 300).await;
        Ok(())
    })
}

agent!(Forwarder: Player { next: Option<rt::Using<Player>>, n_seen: i32, });

/// Hands each ball on around a ring until it has been counted down.
async fn Forwarder_new(me: rt::Me<Forwarder>) -> rt::Result<()> {
    while let Some(n) = rt::next(&me.port().Ball).await? {
        me.state_mut(|s| s.n_seen += 1);
        match me.state(|s| s.next.clone()) {
            Some(next) => {
                next.Ball.send(n + 1);
                me.port().Back.send(rt::receive(&next.Back).await?);
            }
            None => me.port().Back.send(n),
        }
    }
    Ok(())
}

fn chain() -> ExitCode {
    run(|me| async move {
        let mut next = None;
        for _ in 0..100 {
            next = Some(rt::spawn(
                rt::Dom::none(),
                Forwarder { next, n_seen: 0 },
                Forwarder_new,
            ));
        }
        let first = rt::unwrap(next)?;
        for n in 0..100 {
            first.Ball.send(n);
        }
        let mut sum = 0;
        for _ in 0..100 {
            sum += rt::receive(&first.Back).await?;
        }
        rt::console::write_line(&sum);
        rt::exit(&me.port().Done, rt::Signal).await;
        Ok(())
    })
}

fn many() -> ExitCode {
    run(|me| async move {
        let mut sum = 0_i64;
        for round in 0..100 {
            let agents: Vec<rt::Using<Adder>> = (0..100)
                .map(|_| rt::spawn(rt::Dom::none(), AdderAgent {}, AdderAgent_new))
                .collect();
            for (n, agent) in agents.iter().enumerate() {
                agent.Num1.send(n as i32);
                agent.Num2.send(round);
            }
            for agent in &agents {
                sum += i64::from(rt::receive(&agent.Sum).await?);
            }
        }
        rt::console::write_line(&sum);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// The failure of an agent is seen by its users and by nobody else.
fn failure() -> ExitCode {
    run(|me| async move {
        let failing = rt::spawn(rt::Dom::none(), AdderAgent {}, |me| async move {
            let a = rt::receive(&me.port().Num1).await?;
            let b = rt::receive(&me.port().Num2).await?;
            me.port().Sum.send(rt::div(a, b)?);
            rt::receive(&me.port().Num1).await?;
            panic!("broken");
        });
        failing.Num1.send(6);
        failing.Num2.send(3);
        rt::console::write_line(&rt::receive(&failing.Sum).await?);
        failing.Num1.send(1);
        match rt::receive(&failing.Sum).await {
            Ok(n) => rt::console::write_line(&n),
            Err(e) => {
                rt::console::write_line(&rt::Str::from(e.kind()));
                let cause = rt::unwrap(e.cause())?;
                rt::console::write_line(&rt::Str::from(cause.kind()));
                let cause = rt::unwrap(cause.cause())?;
                rt::console::write_line(&rt::Str::from(cause.kind()));
            }
        }
        if let Some(e) = rt::receive(&failing.completion()).await? {
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// The agent that fails holds another one in its state, which ends when that is let go of.
fn unobserved_failure() -> ExitCode {
    run(|me| async move {
        let witness = rt::spawn(
            rt::Dom::none(),
            Forwarder { next: None, n_seen: 0 },
            Forwarder_new,
        );
        let has_failed = witness.completion();
        let other = rt::spawn(
            rt::Dom::none(),
            Forwarder { next: Some(witness), n_seen: 0 },
            |me| async move {
                let n = rt::receive(&me.port().Ball).await?;
                me.port().Back.send(rt::div(n, 0)?);
                Ok(())
            },
        );
        other.Ball.send(1);
        let fine = rt::spawn(rt::Dom::none(), AdderAgent {}, AdderAgent_new);
        fine.Num1.send(1);
        fine.Num2.send(2);
        rt::console::write_line(&rt::receive(&fine.Sum).await?);
        rt::receive(&has_failed).await?;
        rt::exit(&me.port().ExitCode, 0).await;
        drop(other);
        Ok(())
    })
}

/// Handles held by an agent go with it, so a chain of agents ends when the first does.
fn memory_is_freed() -> ExitCode {
    run(|me| async move {
        let probe = rt::List::from_vec(vec![1, 2, 3]);
        for _ in 0..1000 {
            let inner = rt::spawn(rt::Dom::none(), AdderAgent {}, AdderAgent_new);
            let held = probe.clone();
            let outer = rt::spawn(
                rt::Dom::none(),
                Forwarder { next: None, n_seen: 0 },
                move |me| async move {
                    let (_held, _inner) = (held, inner);
                    rt::receive(&me.port().Ball).await?;
                    Ok(())
                },
            );
            drop(outer);
        }
        rt::console::write_line(&rt::Str::lit("end"));
        drop(me);
        Ok(())
    })
}

/// Everything that was sent is a clone of one probe, so its count tells what is left.
type Piece = Arc<()>;
channel!(Parts {
    input In: Piece,
    input Ask: rt::Request<Piece, Piece>,
    output Back: Piece,
});
agent!(Keeper: Parts { kept: Option<Piece>, fails: bool, });

/// Fails with a piece in its state, one at hand, a request, and more of each in its ports.
async fn Keeper_new(me: rt::Me<Keeper>) -> rt::Result<()> {
    let kept = rt::receive(&me.port().In).await?;
    me.state_mut(|s| s.kept = Some(kept));
    let at_hand = rt::receive(&me.port().In).await?;
    me.port().Back.send(at_hand.clone());
    let rq = rt::receive(&me.port().Ask).await?;
    if me.state(|s| s.fails) {
        let _: i32 = rt::div(1, 0)?;
    }
    rq.reply(at_hand)
}

/// Sent = received + dropped, whoever fails: nothing of it is left.
fn failing_leaves_nothing() -> ExitCode {
    run(|me| async move {
        let probe = Piece::default();
        let (mut n_replies, mut n_none, mut n_failed) = (0, 0, 0);
        for round in 0..50 {
            let keepers: Vec<rt::Using<Parts>> = (0..20)
                .map(|n| {
                    let state = Keeper { kept: None, fails: (n + round) % 10 == 0 };
                    rt::spawn(rt::Dom::none(), state, Keeper_new)
                })
                .collect();
            let mut replies = Vec::new();
            for keeper in &keepers {
                (0..3).for_each(|_| keeper.In.send(probe.clone()));
                (0..2).for_each(|_| {
                    replies.push(rt::request(&keeper.Ask, probe.clone()));
                });
            }
            for reply in &replies {
                match rt::receive(reply).await {
                    Ok(_) => n_replies += 1,
                    Err(_) => n_none += 1,
                }
            }
            for keeper in &keepers {
                n_failed += i32::from(rt::receive(&keeper.completion()).await?.is_some());
            }
        }
        // The state of an agent goes after its channel has been completed.
        while Arc::strong_count(&probe) > 1 {
            rt::yield_now().await;
        }
        for n in [n_replies, n_none, n_failed] {
            rt::console::write_line(&n);
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Makes agents in a loop that does not wait; how many there were when the one that was made first got a message.
async fn made_before_the_first_runs(n: i32) -> rt::Result<i32> {
    let n_made = Arc::new(AtomicI32::new(0));
    let seen = n_made.clone();
    let first = rt::spawn(rt::Dom::none(), Pong {}, move |me| async move {
        rt::receive(&me.port().Ball).await?;
        me.port().Back.send(seen.load(Ordering::Relaxed));
        Ok(())
    });
    let to = first.clone();
    rt::spawn(rt::Dom::none(), Pong {}, move |_me| async move {
        for _ in 0..n {
            rt::breathe().await;
            let to = to.clone();
            let agent = rt::spawn(rt::Dom::none(), Pong {}, move |me| async move {
                to.Ball.send(rt::receive(&me.port().Ball).await?);
                Ok(())
            });
            agent.Ball.send(1);
            n_made.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    });
    rt::receive(&first.Back).await
}

fn made_without_waiting() -> ExitCode {
    run(|me| async move {
        let n_made = made_before_the_first_runs(10_000).await?;
        // With others at work it may wait until one of them takes it.
        let is_alone = std::env::var("AXUM_WORKERS").is_ok_and(|it| it == "1");
        rt::console::write_line(&(n_made < 500 || !is_alone));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("two numbers are added", adder, "30\n"),
        Program {
            code: 300 % 256,
            ..program("a ball goes to and fro", ping_pong, "20000\n")
        },
        program("balls go down a chain and back", chain, "14850\n"),
        program("ten thousand agents live and end", many, "990000\n"),
        program(
            "who makes agents without waiting lets them run",
            made_without_waiting,
            "True\n",
        ),
        program(
            "a failure reaches the users of the agent",
            failure,
            "2\nChannelClosedException\nAgentFailedException\nNativeException\n\
             AgentFailedException\n",
        ),
        Program {
            stderr: &["agent Forwarder failed: DivideByZeroException", "agents.rs:"],
            ..program("a failure that nobody sees is reported", unobserved_failure, "3\n")
        },
        program("agents end when their users have gone", memory_is_freed, "end\n"),
        program(
            "agents that fail leave nothing behind",
            failing_leaves_nothing,
            "900\n1100\n100\n",
        ),
    ]
}
