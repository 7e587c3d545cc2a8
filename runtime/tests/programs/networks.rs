//! Networks: every operator, order, parallelism, failures, life.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::support::{Main, Program, program, run};
use crate::{agent, channel};

channel!(Flow {
    input In: i32,
    input Ask: rt::Request<i32, i32>,
    output Out: i32,
});
agent!(FlowAgent: Flow { n: i32, });

fn line(text: &'static str) {
    rt::console::write_line(&rt::Str::lit(text));
}

fn print(me: &rt::Me<Main>) -> rt::Stage<i32, ()> {
    me.node(|_, n: i32| async move {
        rt::console::write_line(&n);
        Ok(())
    })
}

/// Forward, transform, sink; pure stages keep the order.
fn pipeline() -> ExitCode {
    run(|me| async move {
        let start = rt::OrderedPoint::<i32>::new();
        let middle = rt::OrderedPoint::<i32>::new();
        rt::forward(&me, start.source(), middle.target());
        let squares = rt::transform(
            &me,
            middle.source(),
            rt::pure(|n: i32| {
                // The later ones are done first.
                let mut sum = 0_u64;
                for i in 0..(200 - n as u64) * 100 {
                    sum = std::hint::black_box(sum.wrapping_add(i));
                }
                Ok(n * n)
            }),
        );
        let last = rt::transform(&me, squares.source(), rt::pure(|n: i32| Ok(n + 1)));
        for n in 0..200 {
            start.send(n);
        }
        for n in 0..200 {
            let result = rt::receive(&last).await?;
            if result != n * n + 1 {
                rt::console::write_line(&result);
            }
        }
        line("in order");
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

fn vectors() -> ExitCode {
    run(|me| async move {
        let point = || rt::OrderedPoint::<i32>::new();
        let (a, b, c) = (point(), point(), point());
        rt::broadcast(&me, a.source(), vec![b.target(), c.target()]);
        a.send(1);
        a.send(2);
        let pairs = rt::combine(&me, vec![b.source(), c.source()]);
        rt::console::write_line(&rt::receive(&pairs).await?);
        rt::console::write_line(&rt::receive(&pairs).await?);
        let (d, e) = (point(), point());
        rt::alternate(&me, a.source(), vec![]);
        let network = rt::alternate(&me, c.source(), vec![d.target(), e.target()]);
        for n in 10..16 {
            c.send(n);
        }
        for _ in 0..3 {
            rt::console::write_line(&rt::receive(&d).await?);
            rt::console::write_line(&rt::receive(&e).await?);
        }
        network.dispose();
        rt::receive(&network.completion()).await?;
        let words = rt::OrderedPoint::<rt::Str>::new();
        let mixed = rt::combine2(&me, c.source(), words.source());
        c.send(1);
        rt::yield_now().await;
        words.send(rt::Str::lit("one"));
        rt::console::write_line(&rt::receive(&mixed).await?);
        let merged = rt::merge(&me, vec![d.source(), e.source()]);
        d.send(3);
        e.send(4);
        let sum = rt::receive(&merged).await? + rt::receive(&merged).await?;
        rt::console::write_line(&sum);
        let out = rt::transform_once(&me, merged.clone(), rt::pure(|n: i32| Ok(n * 2)));
        d.send(21);
        d.send(22);
        rt::console::write_line(&rt::receive(&out).await?);
        rt::receive(&out.completion()).await?;
        rt::console::write_line(&rt::receive(&merged).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// `start -<: workers &>- end`, `start -<< workers >>- end`, with stages on both kinds of thread.
fn vectors_of_stages() -> ExitCode {
    run(|me| async move {
        let start = rt::OrderedPoint::<i32>::new();
        let workers: Vec<rt::Stage<i32, i32>> = vec![
            rt::pure(|n| Ok(n * 10)),
            me.node(|_, n: i32| async move {
                rt::yield_now().await;
                Ok(n * 100)
            }),
            rt::pure_func(rt::func1(|n: i32| Ok(n * 1000))),
        ];
        let spread = rt::alternate_stages(&me, start.source(), workers.clone());
        let rounds = rt::combine(&me, spread.sources());
        let sums = rt::transform(
            &me,
            rounds,
            rt::pure(|ns: rt::Array<i32>| Ok(ns.iter_values().sum::<i32>())),
        );
        for n in 1..=6 {
            start.send(n);
        }
        rt::console::write_line(&rt::receive(&sums).await?);
        rt::console::write_line(&rt::receive(&sums).await?);
        let copies = rt::OrderedPoint::<i32>::new();
        let spread = rt::broadcast_stages(&me, copies.source(), workers);
        let merged = rt::merge(&me, spread.sources());
        for _ in 0..100 {
            copies.send(1);
        }
        let mut sum = 0;
        for _ in 0..300 {
            sum += rt::receive(&merged).await?;
        }
        rt::console::write_line(&sum);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Nodes of an agent never run during a turn of its constructor or of each other; one node takes its
/// next message only when it is done, and others go on meanwhile.
fn one_logical_thread() -> ExitCode {
    run(|me| async move {
        let agent = rt::spawn(rt::Dom::none(), FlowAgent { n: 0 }, |me| async move {
            let slow = me.node(|me: rt::Me<FlowAgent>, n: i32| async move {
                let before = me.state(|s| s.n);
                me.state_mut(|s| s.n = before + 1);
                for _ in 0..3 {
                    rt::yield_now().await;
                }
                Ok(n)
            });
            let (a, b) = (rt::OrderedPoint::<i32>::new(), rt::OrderedPoint::<i32>::new());
            rt::forward(
                &me,
                rt::transform(&me, a.source(), slow.clone()).source(),
                me.port().Out.target(),
            );
            rt::forward(
                &me,
                rt::transform(&me, b.source(), slow).source(),
                me.port().Out.target(),
            );
            for n in 0..100 {
                a.send(n);
                b.send(1000 + n);
                me.state_mut(|s| s.n += 1);
            }
            Ok(())
        });
        let (mut a, mut b) = (Vec::new(), Vec::new());
        while let Some(n) = rt::next(&agent.Out).await? {
            if n < 1000 { a.push(n) } else { b.push(n) }
        }
        rt::console::write_line(
            &(a.is_sorted() && b.is_sorted() && a.len() + b.len() == 200),
        );
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// A server whose requests go through a pipeline, an alternate and a merge.
fn requests() -> ExitCode {
    run(|me| async move {
        let server = rt::spawn(rt::Dom::none(), FlowAgent { n: 0 }, |me| async move {
            let requests = rt::serve(&me, &me.port().Ask);
            let checked = rt::transform(
                &me,
                requests,
                me.node(|me: rt::Me<FlowAgent>, n: i32| async move {
                    me.state_mut(|s| s.n += 1);
                    if n == 13 {
                        return Err(rt::Exception::new("Exception", "unlucky"));
                    }
                    Ok(n)
                }),
            );
            let failures = checked.failures();
            rt::transform(
                &me,
                failures,
                me.node(|_, e: rt::Exception| async move {
                    rt::console::write_line(&e);
                    Ok(())
                }),
            );
            let workers = (0..3).map(|_| rt::pure(|n: i32| Ok(n * 2))).collect();
            let spread = rt::alternate_stages(&me, checked.source(), workers);
            let merged = rt::merge(&me, spread.sources());
            rt::answer(&me, rt::transform(&me, merged, rt::pure(|n: i32| Ok(n + 1))));
            Ok(())
        });
        let replies: Vec<_> = (0..100).map(|n| rt::request(&server.Ask, n)).collect();
        let mut sum = 0;
        for (n, reply) in replies.iter().enumerate() {
            match rt::receive(reply).await {
                Ok(reply) if reply == 2 * n as i32 + 1 => sum += reply,
                Ok(reply) => rt::console::write_line(&reply),
                Err(e) => rt::console::write_line(&rt::Str::from(e.kind())),
            }
        }
        rt::console::write_line(&sum);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// A failure that nobody listens to fails the agent; one of a parallel stage comes in its place.
fn failures() -> ExitCode {
    run(|me| async move {
        let start = rt::OrderedPoint::<i32>::new();
        let quotients =
            rt::transform(&me, start.source(), rt::pure(|n: i32| rt::div(12, n)));
        let failures = quotients.failures();
        for n in [4, 0, 3, 2, 0] {
            start.send(n);
        }
        for _ in 0..3 {
            rt::console::write_line(&rt::receive(&quotients).await?);
        }
        for _ in 0..2 {
            let e: rt::Exception = rt::receive(&failures).await?;
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        start.close();
        rt::console::write_line(&rt::next(&quotients).await?.is_none());
        rt::console::write_line(&rt::next(&failures).await?.is_none());
        let agent = rt::spawn(rt::Dom::none(), FlowAgent { n: 0 }, |me| async move {
            let quotients = rt::transform(
                &me,
                me.port().In.source(),
                rt::pure(|n: i32| rt::div(12, n)),
            );
            rt::forward(&me, quotients.source(), me.port().Out.target());
            Ok(())
        });
        for n in [6, 0, 1] {
            agent.In.send(n);
        }
        rt::console::write_line(&rt::receive(&agent.Out).await?);
        if let Err(e) = rt::receive(&agent.Out).await {
            rt::console::write_line(&rt::unwrap(e.cause())?.message());
        }
        // A panic in a stage is an exception as well.
        let more = rt::OrderedPoint::<i32>::new();
        let broken = rt::transform(
            &me,
            more.source(),
            rt::pure(|n: i32| if n > 0 { panic!("positive") } else { Ok(n) }),
        );
        let failures = broken.failures();
        more.send(1);
        more.send(-1);
        rt::console::write_line(&rt::receive(&broken).await?);
        rt::console::write_line(&rt::Str::from(rt::receive(&failures).await?.kind()));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// What is on its way is delivered, what is not yet taken stays.
fn life() -> ExitCode {
    run(|me| async move {
        let (a, b) = (rt::OrderedPoint::<i32>::new(), rt::OrderedPoint::<i32>::new());
        let slow = me.node(|_, n: i32| async move {
            rt::yield_now().await;
            Ok(n)
        });
        let through = rt::transform(&me, a.source(), slow);
        let network = rt::forward(&me, through.source(), b.target());
        network.pause();
        a.send(1);
        a.send(2);
        for _ in 0..10 {
            rt::yield_now().await;
        }
        rt::console::write_line(&(a.count(), b.count(), network.count()));
        network.resume();
        rt::console::write_line(&rt::receive(&b).await?);
        rt::console::write_line(&rt::receive(&b).await?);
        a.send(3);
        // Until the node has it.
        while a.count() > 0 {
            rt::yield_now().await;
        }
        network.dispose();
        a.send(4);
        rt::console::write_line(&rt::receive(&b).await?);
        rt::receive(&network.completion()).await?;
        rt::receive(&network.completion()).await?;
        rt::console::write_line(&(a.count(), b.count(), network.count()));
        // Another network goes on with what stayed.
        rt::forward_once(&me, a.source(), b.target());
        a.send(5);
        rt::console::write_line(&rt::receive(&b).await?);
        rt::console::write_line(&a.count());
        rt::console::write_line(&(network.network() == network.network()));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Links keep an agent alive while their sources can deliver, and no longer.
fn links_keep_agents() -> ExitCode {
    run(|me| async move {
        let agent = rt::spawn(rt::Dom::none(), FlowAgent { n: 0 }, |me| async move {
            let point = rt::OrderedPoint::<i32>::new();
            rt::forward(&me, me.port().In.source(), point.target());
            rt::transform(
                &me,
                point.source(),
                me.node(|me: rt::Me<FlowAgent>, n: i32| async move {
                    me.port().Out.send(n * 2);
                    Ok(())
                }),
            );
            let sink = me.sink(me.node(|me: rt::Me<FlowAgent>, n: i32| async move {
                me.port().Out.send(n);
                Ok(())
            }));
            sink.send(7);
            Ok(())
        });
        for n in 1..4 {
            agent.In.send(n);
        }
        agent.close();
        let mut all = Vec::new();
        while let Some(n) = rt::next(&agent.Out).await? {
            all.push(n);
        }
        all.sort_unstable();
        rt::console::write_line(&rt::List::from_vec(all));
        rt::transform(&me, rt::Timer::every(rt::Duration::from_nanos(1_000_000)), {
            me.node(|me: rt::Me<Main>, _: rt::Signal| async move {
                rt::exit(&me.port().ExitCode, 5).await;
                Ok(())
            })
        });
        Ok(())
    })
}

fn sinks() -> ExitCode {
    run(|me| async move {
        let start = rt::OrderedPoint::<i32>::new();
        let targets = vec![me.sink(print(&me)), me.sink(print(&me))];
        let network = rt::alternate(&me, start.source(), targets);
        for n in [1, 2] {
            start.send(n);
            rt::yield_now().await;
            rt::yield_now().await;
        }
        start.close();
        rt::receive(&network.completion()).await?;
        Ok(())
    })
}

/// Two networks in two agents, each fed by the other.
fn ring() -> ExitCode {
    run(|me| async move {
        let doubler = || {
            rt::spawn(rt::Dom::none(), FlowAgent { n: 0 }, |me| async move {
                let doubled = rt::transform(
                    &me,
                    me.port().In.source(),
                    rt::pure(|n: i32| Ok(n + 1)),
                );
                rt::forward(&me, doubled.source(), me.port().Out.target());
                Ok(())
            })
        };
        let (one, two) = (doubler(), doubler());
        rt::forward(&me, one.Out.source(), two.In.target());
        let back = rt::transform(
            &me,
            two.Out.source(),
            me.node(|me: rt::Me<Main>, n: i32| async move {
                if n == 2000 {
                    rt::exit(&me.port().ExitCode, 0).await;
                }
                Ok(n)
            }),
        );
        rt::forward(&me, back.source(), one.In.target());
        one.In.send(0);
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("a pipeline keeps the order", pipeline, "in order\n"),
        program(
            "vectors of sources and targets",
            vectors,
            "[1, 1]\n[2, 2]\n10\n11\n12\n13\n14\n15\n(1, one)\n7\n42\n22\n",
        ),
        program("vectors of stages", vectors_of_stages, "3210\n6540\n111000\n"),
        program("nodes share one logical thread", one_logical_thread, "True\n"),
        program(
            "requests go through networks",
            requests,
            "Exception: unlucky\nNoReplyException\n9973\n",
        ),
        program(
            "failures of stages",
            failures,
            "3\n4\n6\nDivideByZeroException\nDivideByZeroException\nTrue\nTrue\n2\n\
             FlowAgent failed: DivideByZeroException: attempted to divide by zero\n-1\n\
             NativeException\n",
        ),
        program(
            "networks are paused and disposed of",
            life,
            "(2, 0, 0)\n1\n2\n3\n(1, 0, 0)\n4\n1\nTrue\n",
        ),
        Program {
            code: 5,
            ..program("links keep their agent", links_keep_agents, "[2, 4, 6, 7]\n")
        },
        program("sinks are targets", sinks, "1\n2\n"),
        program("networks in a ring", ring, ""),
    ]
}
