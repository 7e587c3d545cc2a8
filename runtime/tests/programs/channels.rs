//! Channels: requests, closing, completion, ends as messages.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::support::{Program, program, run};
use crate::{agent, channel};

channel!(Squares {
    input Square: rt::Request<i32, i32>,
    input Get: rt::Request<rt::Signal, i32>,
});
agent!(Squarer: Squares {});

fn text(e: &rt::Exception) -> rt::Str {
    rt::Str::from(e.kind())
}

async fn Squarer_new(me: rt::Me<Squarer>) -> rt::Result<()> {
    while let Some(rq) = rt::next(&me.port().Square).await? {
        rq.reply(rq.value() * rq.value())?;
    }
    Ok(())
}

fn replies() -> ExitCode {
    run(|me| async move {
        let server = rt::spawn(rt::Dom::none(), Squarer {}, Squarer_new);
        let first = rt::request(&server.Square, 3);
        let second = rt::request(&server.Square, 4);
        // In another order than they were asked for.
        rt::console::write_line(&rt::receive(&second).await?);
        rt::console::write_line(&rt::receive(&first).await?);
        if let Err(e) = rt::receive(&first).await {
            rt::console::write_line(&text(&e));
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Each way in which a request can stay without a reply.
fn no_reply() -> ExitCode {
    run(|me| async move {
        // Dropped by the one who received it.
        let server = rt::spawn(rt::Dom::none(), Squarer {}, |me| async move {
            drop(rt::receive(&me.port().Square).await?);
            rt::receive(&me.port().Square).await?.reply(1)?;
            let rq = rt::receive(&me.port().Square).await?;
            rq.reply(2)?;
            // The asker prints what the first reply was: the second one waits for that.
            let go = rt::receive(&me.port().Get).await?;
            if let Err(e) = rq.reply(3) {
                rt::console::write_line(&text(&e));
            }
            go.reply(0)?;
            // Ends with a request in its port, and another one in its hands.
            let _held = rt::receive(&me.port().Square).await?;
            Ok(())
        });
        let dropped = rt::request(&server.Square, 0);
        if let Err(e) = rt::receive(&dropped).await {
            rt::console::write_line(&text(&e));
        }
        rt::console::write_line(&rt::receive(&rt::request(&server.Square, 0)).await?);
        rt::console::write_line(&rt::receive(&rt::request(&server.Square, 0)).await?);
        rt::receive(&rt::request(&server.Get, rt::Signal)).await?;
        let held = rt::request(&server.Square, 0);
        let queued = rt::request(&server.Square, 0);
        let other = rt::request(&server.Get, rt::Signal);
        for correlator in [&held, &queued, &other] {
            if let Err(e) = rt::receive(correlator).await {
                rt::console::write_line(&text(&e));
            }
        }
        rt::receive(&server.completion()).await?;
        // To a port that nobody serves any more.
        if let Err(e) = rt::receive(&rt::request(&server.Square, 0)).await {
            rt::console::write_line(&text(&e));
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

fn reply_after_timeout() -> ExitCode {
    run(|me| async move {
        let server = rt::spawn(rt::Dom::none(), Squarer {}, |me| async move {
            let rq = rt::receive(&me.port().Square).await?;
            let go = rt::receive(&me.port().Get).await?;
            rq.reply(7)?;
            go.reply(8)
        });
        let late = rt::request(&server.Square, 0);
        if let Err(e) =
            rt::receive_within(&late, rt::Duration::from_nanos(1_000_000)).await
        {
            rt::console::write_line(&text(&e));
        }
        let go = rt::request(&server.Get, rt::Signal);
        rt::console::write_line(&rt::receive(&late).await?);
        rt::console::write_line(&rt::receive(&go).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

channel!(Numbers { input In: i32, output Out: i32, });
agent!(Counter: Numbers {});

async fn Counter_new(me: rt::Me<Counter>) -> rt::Result<()> {
    while let Some(n) = rt::next(&me.port().In).await? {
        me.port().Out.send(n * 10);
    }
    me.port().Out.send(-1);
    Ok(())
}

/// What was sent before closing arrives; receiving goes on until the other end has gone.
fn close() -> ExitCode {
    run(|me| async move {
        let counter = rt::spawn(rt::Dom::none(), Counter {}, Counter_new);
        for n in 0..3 {
            counter.In.send(n);
        }
        counter.close();
        counter.In.send(99);
        while let Some(n) = rt::next(&counter.Out).await? {
            rt::console::write_line(&n);
        }
        if let Err(e) = rt::receive(&counter.Out).await {
            rt::console::write_line(&text(&e));
        }
        rt::console::write_line(&rt::receive(&counter.monitor()).await?.is_none());
        rt::console::write_line(&rt::receive(&counter.completion()).await?.is_none());
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

channel!(Broker { input Client: rt::Using<Numbers>, });
agent!(BrokerAgent: Broker {});

/// An end is handed to another agent; it stays open as long as somebody holds it.
fn ends_travel() -> ExitCode {
    run(|me| async move {
        let counter = rt::spawn(rt::Dom::none(), Counter {}, Counter_new);
        let broker = rt::spawn(rt::Dom::none(), BrokerAgent {}, |me| async move {
            while let Some(client) = rt::next(&me.port().Client).await? {
                client.In.send(5);
            }
            Ok(())
        });
        broker.Client.send(counter.clone());
        broker.Client.send(counter.clone());
        let results = counter.Out.source();
        drop(counter);
        drop(broker);
        while let Some(n) = rt::next(&results).await? {
            rt::console::write_line(&n);
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// An agent whose users go while it waits at its port ends normally, also if it passes on what it caught.
fn users_go() -> ExitCode {
    run(|me| async move {
        let counter = rt::spawn(rt::Dom::none(), Counter {}, |me| async move {
            loop {
                if let Err(e) = rt::receive(&me.port().In).await {
                    me.port().Out.send(1);
                    return Err(e);
                }
            }
        });
        let done = counter.completion();
        let out = counter.Out.source();
        drop(counter);
        rt::console::write_line(&rt::receive(&out).await?);
        rt::console::write_line(&rt::receive(&done).await?.is_none());
        let first = rt::spawn(rt::Dom::none(), Counter {}, |me| async move {
            rt::receive(&me.port().In).await?;
            Ok(())
        });
        // A channel that another agent closes is a failure if it escapes.
        let second = rt::spawn(rt::Dom::none(), Counter {}, |me| async move {
            rt::receive(&me.port().In).await?;
            let other = rt::spawn(rt::Dom::none(), Counter {}, |_| async { Ok(()) });
            rt::receive(&other.Out).await?;
            Ok(())
        });
        first.In.send(0);
        second.In.send(0);
        rt::console::write_line(&rt::receive(&first.completion()).await?.is_none());
        rt::console::write_line(&rt::receive(&second.completion()).await?.is_none());
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Every receiver of one port gets some, all get each once.
fn receivers_compete() -> ExitCode {
    run(|me| async move {
        let source = rt::spawn(rt::Dom::none(), Counter {}, |me| async move {
            for n in 0..10_000 {
                me.port().Out.send(n);
                if n % 100 == 0 {
                    rt::yield_now().await;
                }
            }
            Ok(())
        });
        let workers: Vec<rt::Using<Numbers>> = (0..4)
            .map(|_| {
                let source = source.clone();
                rt::spawn(rt::Dom::none(), Counter {}, move |me| async move {
                    let mut sum = 0;
                    while let Some(n) = rt::next(&source.Out).await? {
                        sum += n;
                    }
                    me.port().Out.send(sum);
                    Ok(())
                })
            })
            .collect();
        let mut sum = 0;
        for worker in &workers {
            sum += rt::receive(&worker.Out).await?;
        }
        rt::console::write_line(&sum);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("requests get replies", replies, "16\n9\nChannelClosedException\n"),
        program(
            "requests that are dropped tell their askers",
            no_reply,
            "NoReplyException\n1\n2\nAlreadyRepliedException\nNoReplyException\n\
             NoReplyException\nNoReplyException\nNoReplyException\n",
        ),
        program(
            "a correlator that timed out is received again",
            reply_after_timeout,
            "TimeoutException\n7\n8\n",
        ),
        program(
            "closing ends sending only",
            close,
            "0\n10\n20\n-1\nChannelClosedException\nTrue\nTrue\n",
        ),
        program("ends travel in messages", ends_travel, "50\n50\n-1\n"),
        program("agents end with their users", users_go, "1\nTrue\nTrue\nFalse\n"),
        program("receivers of one port compete", receivers_compete, "49995000\n"),
    ]
}
