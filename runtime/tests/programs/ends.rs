//! How programs end, and their input.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::support::{Program, program, run};
use crate::{agent, channel};

channel!(Peer { input In: i32, input Ask: rt::Request<i32, i32>, output Out: i32, });
agent!(PeerAgent: Peer { other: Option<rt::Using<Peer>>, });

fn line(text: &'static str) {
    rt::console::write_line(&rt::Str::lit(text));
}

fn nothing_left() -> ExitCode {
    run(|_| async {
        line("main");
        rt::spawn(rt::Dom::none(), PeerAgent { other: None }, |_| async {
            rt::yield_now().await;
            line("other");
            Ok(())
        });
        Ok(())
    })
}

fn main_fails() -> ExitCode {
    run(|_| async {
        line("main");
        let _: i32 = rt::div(1, 0)?;
        Ok(())
    })
}

fn main_panics() -> ExitCode {
    run(|_| async { panic!("something is broken") })
}

fn cannot_start() -> ExitCode {
    rt::run(
        || {
            Err::<rt::Using<crate::support::Application>, _>(rt::Exception::new(
                "FormatException",
                "bad",
            ))
        },
        |app| rt::Entry {
            command_line: &app.CommandLine,
            exit_code: &app.ExitCode,
            done: &app.Done,
        },
    )
}

/// Each waits for a reply of the other.
fn stuck() -> ExitCode {
    run(|_| async move {
        let server =
            rt::spawn(rt::Dom::none(), PeerAgent { other: None }, |me| async move {
                let rq = rt::receive(&me.port().Ask).await?;
                rt::receive(&me.port().In).await?;
                rq.reply(1)
            });
        let reply = rt::request(&server.Ask, 1);
        rt::console::write_line(&rt::receive(&reply).await?);
        Ok(())
    })
}

fn stuck_at_a_point() -> ExitCode {
    run(|me| async move {
        let point = rt::OrderedPoint::<i32>::new();
        rt::receive(&point).await?;
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Two servers hold each other's ends, and nobody else does: they wait for nobody.
fn idle_servers() -> ExitCode {
    run(|_| async {
        let serve = |me: rt::Me<PeerAgent>| async move {
            let other = rt::receive(&me.port().Ask).await;
            drop(other);
            rt::receive(&me.port().In).await?;
            Ok(())
        };
        let one = rt::spawn(rt::Dom::none(), PeerAgent { other: None }, serve);
        rt::spawn(rt::Dom::none(), PeerAgent { other: Some(one) }, |me| async move {
            me.state(|s| s.other.clone());
            rt::receive(&me.port().In).await?;
            Ok(())
        });
        let ring = rt::spawn(rt::Dom::none(), Ring {}, |me| async move {
            let me_again = rt::receive(&me.port().Me).await?;
            rt::receive(&me.port().Me).await?;
            drop(me_again);
            Ok(())
        });
        ring.Me.send(ring.clone());
        line("main");
        Ok(())
    })
}

channel!(RingChannel { input Me: rt::Using<RingChannel>, });
agent!(Ring: RingChannel {});

fn first_exit_counts() -> ExitCode {
    run(|me| async move {
        me.port().ExitCode.send(-1);
        me.port().ExitCode.send(4);
        rt::receive(&rt::OrderedPoint::<i32>::new()).await?;
        Ok(())
    })
}

fn arguments() -> ExitCode {
    run(|me| async move {
        let args = rt::receive(&me.port().CommandLine).await?;
        rt::console::write_line(&args);
        // There is only one command line: this is the normal end.
        rt::receive(&me.port().CommandLine).await?;
        Ok(())
    })
}

fn input() -> ExitCode {
    run(|me| async move {
        while let Some(text) = rt::console::read_line().await {
            rt::console::write_line(&text);
        }
        rt::console::write_line(&rt::console::read_line().await.is_none());
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Reading blocks nobody, and what was not asked for is not read.
fn input_beside_work() -> ExitCode {
    run(|me| async move {
        let reader =
            rt::spawn(rt::Dom::none(), PeerAgent { other: None }, |me| async move {
                let text = rt::unwrap(rt::console::read_line().await)?;
                me.port().Out.send(rt::int32::parse(Some(text))?);
                Ok(())
            });
        let mut sum = 0;
        for n in 0..1000 {
            sum += n;
            rt::yield_now().await;
        }
        sum += rt::receive(&reader.Out).await?;
        rt::console::write_line(&sum);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

fn pending_work_is_dropped() -> ExitCode {
    run(|me| async move {
        for _ in 0..3 {
            rt::spawn(rt::Dom::none(), PeerAgent { other: None }, |_| async {
                loop {
                    rt::yield_now().await;
                }
            });
        }
        rt::console::write(&rt::Str::lit("no line end"));
        rt::exit(&me.port().Done, rt::Signal).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("a program without agents left ends", nothing_left, "main\nother\n"),
        Program {
            code: 70,
            stderr: &["agent Main failed: DivideByZeroException", "at ", "ends.rs:"],
            ..program("the entry agent fails", main_fails, "main\n")
        },
        Program {
            code: 70,
            stderr: &[
                "agent Main failed: NativeException: something is broken",
                "ends.rs:",
            ],
            ..program("the entry agent panics", main_panics, "")
        },
        Program {
            code: 70,
            stderr: &["the application cannot start: FormatException: bad"],
            ..program("the entry agent cannot be made", cannot_start, "")
        },
        Program {
            code: 71,
            stderr: &[
                "all agents wait and nothing can wake them",
                "Main waits at runtime/tests/programs/ends.rs:",
                "for the reply to a request at `Peer::Ask`",
                "PeerAgent waits at",
                "its own port `Peer::In`",
            ],
            ..program("agents wait for each other", stuck, "")
        },
        Program {
            code: 71,
            stderr: &["Main waits at", "a message at the OrderedInteractionPoint of"],
            ..program("an agent waits for nobody", stuck_at_a_point, "")
        },
        program("idle servers do not keep a program", idle_servers, "main\n"),
        Program {
            code: 255,
            ..program("the first exit code counts", first_exit_counts, "")
        },
        Program {
            args: &["a", "b c"],
            ..program("the command line is a message", arguments, "[a, b c]\n")
        },
        Program {
            stdin: "one\r\ntwo\n\nlast",
            ..program("input is read line by line", input, "one\ntwo\n\nlast\nTrue\n")
        },
        Program {
            stdin: "5\n6\n",
            ..program("reading blocks nobody", input_beside_work, "499505\n")
        },
        program("the end drops pending work", pending_work_is_dropped, "no line end"),
    ]
}
