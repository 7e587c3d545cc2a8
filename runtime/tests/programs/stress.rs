//! Many agents at once on everything that is shared: what sanitizers are to watch. Small by default;
//! `AXUM_STRESS=20` makes twenty times the work (`tests/sanitize`).

use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;

use axum_rt::abi::v1 as rt;

use crate::support::{Main, Program, program, run};
use crate::{agent, channel};

/// How much more work is done than in the ordinary tests.
pub(crate) fn scale() -> i32 {
    let scale = std::env::var("AXUM_STRESS").ok().and_then(|text| text.parse().ok());
    scale.unwrap_or(1)
}

/// A message with memory that is shared with all its copies.
#[derive(Clone)]
pub(crate) struct Parcel {
    n: i32,
    text: rt::Str,
    items: rt::Array<i32>,
    #[expect(dead_code, reason = "it is counted")]
    probe: Arc<()>,
}

fn parcel(n: i32, probe: &Arc<()>) -> Parcel {
    let text = format!("a text that is too long for its handle: {n}");
    let items = (0..n % 5 + 1).collect();
    Parcel { n, text: rt::Str::from(&*text), items, probe: probe.clone() }
}

impl Parcel {
    /// Changes what others may hold, too.
    fn changed(mut self) -> Self {
        self.text.push_str("!");
        self.items.at_mut(0).into_iter().for_each(|it| *it += 1);
        self
    }
}

channel!(Hall {
    input In: Parcel,
    input Ask: rt::Request<Parcel, Parcel>,
    input Stop: rt::Signal,
    output Out: Parcel,
    output Sum: i32,
});
agent!(Doorman: Hall {});

fn doorman<F, Fut>(body: F) -> rt::Using<Hall>
where
    F: FnOnce(rt::Me<Doorman>) -> Fut + Send + 'static,
    Fut: Future<Output = rt::Result<()>> + Send + 'static,
{
    rt::spawn(rt::Dom::none(), Doorman {}, body)
}

/// Says what is wrong, and ends the program.
async fn end(me: &rt::Me<Main>, probe: Arc<()>) {
    // What is on its way to be dropped.
    while Arc::strong_count(&probe) > 1 {
        rt::yield_now().await;
    }
    rt::console::write_line(&rt::Str::lit("done"));
    rt::exit(&me.port().ExitCode, 0).await;
}

fn check(found: i32, expected: i32) {
    if found != expected {
        rt::console::write_line(&(found, expected));
    }
}

/// Many send into one queue, from which many take; some look at it with a guard first.
fn competing() -> ExitCode {
    run(|me| async move {
        let probe = Arc::default();
        let n_sent = 500 * scale();
        let queue = rt::OrderedPoint::<Parcel>::new();
        let takers: Vec<_> = (0..4)
            .map(|kind| {
                let queue = queue.clone();
                doorman(move |me| async move {
                    let mut sum = 0;
                    loop {
                        let (mut one, mut two) = (None, None);
                        let all = rt::Select::new();
                        let taken = if kind == 0 {
                            all.case_when(&queue, |it| Ok(it.n % 2 == 0), &mut one)
                                .case(&me.port().Stop, &mut two)
                                .wait()
                                .await?
                        } else {
                            all.case(&queue, &mut one)
                                .case(&me.port().Stop, &mut two)
                                .wait()
                                .await?
                        };
                        if taken == 1 {
                            break;
                        }
                        sum += rt::taken::<Parcel>(one).changed().n;
                    }
                    while let Some(left) = queue.try_receive() {
                        sum += left.n;
                    }
                    me.port().Sum.send(sum);
                    Ok(())
                })
            })
            .collect();
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let (queue, probe) = (queue.clone(), Arc::clone(&probe));
                doorman(move |_| async move {
                    for n in 0..n_sent {
                        queue.send(parcel(n, &probe));
                        if n % 16 == 0 {
                            rt::yield_now().await;
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        for sender in &senders {
            rt::receive(&sender.completion()).await?;
        }
        takers.iter().for_each(|it| it.Stop.send(rt::Signal));
        let mut sum = 0;
        for taker in &takers {
            sum += rt::receive(&taker.Sum).await?;
        }
        // The takers were stopped one after the other: what the last left is still there.
        while let Some(left) = queue.try_receive() {
            sum += left.n;
        }
        check(sum, 4 * (0..n_sent).sum::<i32>());
        end(&me, probe).await;
        Ok(())
    })
}

/// Requests to servers that answer, hand on, drop, end and fail.
fn asking() -> ExitCode {
    run(|me| async move {
        let probe: Arc<()> = Arc::default();
        for round in 0..10 * scale() {
            let servers: Vec<_> = (0..4)
                .map(|kind| {
                    doorman(move |me| async move {
                        for n in 0..40 {
                            let Some(rq) = rt::next(&me.port().Ask).await? else { break };
                            match (n + kind) % 8 {
                                3 => drop(rq),
                                // Answered by another agent.
                                5 => drop(doorman(move |_| async move {
                                    rq.reply(rq.value().clone())
                                })),
                                _ => rq.reply(rq.value().clone().changed())?,
                            }
                        }
                        let broken = i32::from(round % 3 == 0);
                        rt::div(1, 1 - broken).map(|_| ())
                    })
                })
                .collect();
            let askers: Vec<_> = (0..4)
                .map(|_| {
                    let (servers, probe) = (servers.clone(), Arc::clone(&probe));
                    doorman(move |me| async move {
                        let mut n_told = 0;
                        for n in 0..60 {
                            let server = &servers[n as usize % servers.len()];
                            let reply = rt::request(&server.Ask, parcel(n, &probe));
                            if n % 7 == 0 {
                                continue;
                            }
                            n_told += match rt::receive(&reply).await {
                                Ok(reply) => i32::from(reply.n == n),
                                Err(_) => 1,
                            };
                        }
                        me.port().Sum.send(n_told);
                        Ok(())
                    })
                })
                .collect();
            for asker in &askers {
                check(rt::receive(&asker.Sum).await?, 51);
            }
            for server in &servers {
                rt::receive(&server.completion()).await?;
            }
        }
        end(&me, probe).await;
        Ok(())
    })
}

/// A tree of agents, each of which ends when it has told its parent.
fn tree(
    me: rt::Me<Doorman>,
    depth: i32,
) -> Pin<Box<dyn Future<Output = rt::Result<()>> + Send>> {
    Box::pin(grow(me, depth))
}

async fn grow(me: rt::Me<Doorman>, depth: i32) -> rt::Result<()> {
    let given = rt::receive(&me.port().In).await?;
    let mut sum = given.n;
    if depth > 0 {
        let below: Vec<_> =
            (0..2).map(|_| doorman(move |me| tree(me, depth - 1))).collect();
        for child in &below {
            child.In.send(given.clone());
        }
        for child in &below {
            sum += rt::receive(&child.Sum).await?;
        }
    }
    me.port().Sum.send(sum);
    Ok(())
}

fn growing() -> ExitCode {
    run(|me| async move {
        let probe: Arc<()> = Arc::default();
        for _ in 0..4 * scale() {
            let root = doorman(|me| tree(me, 7));
            root.In.send(parcel(1, &probe));
            check(rt::receive(&root.Sum).await?, 255);
        }
        end(&me, probe).await;
        Ok(())
    })
}

/// Ends that go while others send, receive, wait and ask how it ended.
fn closing() -> ExitCode {
    run(|me| async move {
        let probe: Arc<()> = Arc::default();
        for round in 0..30 * scale() {
            let point = rt::OrderedPoint::<Parcel>::new();
            let echo = doorman(move |me| async move {
                for _ in 0..round % 30 {
                    let Some(it) = rt::next(&me.port().In).await? else { break };
                    me.port().Out.send(it.changed());
                }
                Ok(())
            });
            let others: Vec<_> = (0..4)
                .map(|kind| {
                    let (echo, point, probe) =
                        (echo.clone(), point.clone(), Arc::clone(&probe));
                    doorman(move |_| async move {
                        match kind {
                            0 => (0..20).for_each(|n| echo.In.send(parcel(n, &probe))),
                            1 => {
                                let out = echo.Out.source();
                                drop(echo);
                                while rt::next(&out).await?.is_some() {}
                            }
                            2 => {
                                for n in 0..20 {
                                    point.send(parcel(n, &probe));
                                    rt::yield_now().await;
                                }
                                point.close();
                            }
                            _ => while rt::next(&point).await?.is_some() {},
                        }
                        Ok(())
                    })
                })
                .collect();
            let ended = echo.completion();
            drop(echo);
            for other in &others {
                rt::receive(&other.completion()).await?;
            }
            rt::receive(&ended).await?;
        }
        end(&me, probe).await;
        Ok(())
    })
}

/// Networks with dear and cheap stages, which go while messages are in them.
fn flowing() -> ExitCode {
    run(|me| async move {
        let probe: Arc<()> = Arc::default();
        for round in 0..2 * scale() {
            let n_sent = 150;
            let point = || rt::OrderedPoint::<Parcel>::new();
            let (start, left, right) = (point(), point(), point());
            let dear = rt::pure(move |it: Parcel| {
                let n_steps = if round % 2 == 0 { 20_000 } else { 10 };
                let sum =
                    (0..n_steps).fold(0, |sum: i32, n| std::hint::black_box(sum ^ n));
                std::hint::black_box(sum);
                Ok(it.changed())
            });
            let done = rt::transform(&me, start.source(), dear);
            rt::broadcast(&me, done.source(), vec![left.target(), right.target()]);
            let halves = [point(), point()];
            let targets = halves.iter().map(|it| it.target()).collect();
            let network = rt::alternate(&me, left.source(), targets);
            let merged = rt::merge(&me, halves.iter().map(|it| it.source()).collect());
            for n in 0..n_sent {
                start.send(parcel(n, &probe));
            }
            let (mut one, mut two) = (0, 0);
            for _ in 0..n_sent {
                one += rt::receive(&merged).await?.n;
                two += rt::receive(&right).await?.n;
            }
            check(one, two);
            (0..20).for_each(|n| start.send(parcel(n, &probe)));
            network.dispose();
            [start, left, right].iter().for_each(|it| it.close());
            halves.iter().for_each(|it| it.close());
        }
        // Links that wait hold no message; what was under way may still be in a queue of theirs.
        rt::console::write_line(&rt::Str::lit("done"));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Waits with limits that run out, beside messages that come.
fn in_time() -> ExitCode {
    run(|me| async move {
        let probe: Arc<()> = Arc::default();
        let agents: Vec<_> = (0..4)
            .map(|kind: i32| {
                let probe = Arc::clone(&probe);
                doorman(move |me| async move {
                    let queue = rt::OrderedPoint::<Parcel>::new();
                    let sender = {
                        let queue = queue.clone();
                        doorman(move |me| async move {
                            while let Some(it) = rt::next(&me.port().In).await? {
                                queue.send(it.changed());
                            }
                            Ok(())
                        })
                    };
                    let mut n_late = 0;
                    for n in 0..20 * scale() {
                        sender.In.send(parcel(n, &probe));
                        let limit =
                            rt::Duration::from_nanos(i64::from(n % 5 + kind) * 10_000);
                        if rt::receive_within(&queue, limit).await.is_err() {
                            n_late += 1;
                        }
                    }
                    for _ in 0..n_late {
                        rt::receive(&queue).await?;
                    }
                    me.port().Sum.send(0);
                    Ok(())
                })
            })
            .collect();
        for agent in &agents {
            check(rt::receive(&agent.Sum).await?, 0);
        }
        end(&me, probe).await;
        Ok(())
    })
}

pub(crate) struct Shelf {
    items: rt::Array<i32>,
    text: rt::Str,
}

impl rt::Domain for Shelf {
    const NAME: &'static str = "Shelf";
    type Parent = rt::NoDomain;
}

channel!(Turns { input Go: i32, output Done: i32, });

macro_rules! member {
    ($name:ident, $access:ident) => {
        pub(crate) struct $name {}

        impl rt::Agent for $name {
            const NAME: &'static str = stringify!($name);
            type Channel = Turns;
            type Domain = Shelf;
            const ACCESS: rt::Access = rt::Access::$access;
        }
    };
}

member!(Stocker, Write);
member!(Browser, Read);

/// Readers keep copies of what writers change.
fn sharing() -> ExitCode {
    run(|me| async move {
        let state = Shelf { items: (0..8).map(|_| 0).collect(), text: rt::Str::lit("") };
        let shelf = rt::Dom::create(rt::Dom::none(), state, |_| Ok(()))?;
        let mut agents = Vec::new();
        for _ in 0..3 {
            agents.push(rt::spawn(shelf.clone(), Stocker {}, |me| async move {
                let n_turns = rt::receive(&me.port().Go).await?;
                for n in 0..n_turns {
                    me.enter().await;
                    me.domain().write(|d| {
                        d.items.at_mut(n % 8).into_iter().for_each(|it| *it += 1);
                        d.text.push_str("x");
                    });
                    rt::yield_now().await;
                }
                me.port().Done.send(0);
                Ok(())
            }));
        }
        let browsers: Vec<_> = (0..3)
            .map(|_| {
                rt::spawn(shelf.clone(), Browser {}, |me| async move {
                    let n_turns = rt::receive(&me.port().Go).await?;
                    let mut last = 0;
                    let mut kept = Vec::new();
                    for n in 0..n_turns {
                        me.enter().await;
                        let (items, text) =
                            me.domain().read(|d| (d.items.clone(), d.text.clone()));
                        rt::yield_now().await;
                        let sum: i32 = items.iter_values().sum();
                        if sum < last || sum != text.length() {
                            rt::console::write_line(&(sum, last, text.length()));
                        }
                        last = sum;
                        if n % 4 == 0 {
                            kept.push((items, text));
                        }
                    }
                    me.port().Done.send(0);
                    Ok(())
                })
            })
            .collect();
        let n_turns = 100 * scale();
        agents.iter().for_each(|it| it.Go.send(n_turns));
        browsers.iter().for_each(|it| it.Go.send(n_turns));
        for agent in &agents {
            rt::receive(&agent.Done).await?;
        }
        for browser in &browsers {
            rt::receive(&browser.Done).await?;
        }
        end(&me, Arc::default()).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("stress: many send and many take", competing, "done\n"),
        program("stress: requests are answered or not", asking, "done\n"),
        program("stress: trees of agents", growing, "done\n"),
        program("stress: ends go at any time", closing, "done\n"),
        program("stress: networks go with what is in them", flowing, "done\n"),
        program("stress: limits beside messages", in_time, "done\n"),
        program("stress: readers keep what writers change", sharing, "done\n"),
    ]
}
