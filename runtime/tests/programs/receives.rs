//! `receive { }`, limits, joins.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::support::{Program, program, run};
use crate::{agent, channel};

channel!(Two { input A: i32, input B: rt::Str, input Stop: rt::Signal, output Out: i32, });
agent!(TwoAgent: Two {});

const MS: i64 = 1_000_000;

fn ms(n: i64) -> rt::Duration {
    rt::Duration::from_nanos(n * MS)
}

fn line(text: &'static str) {
    rt::console::write_line(&rt::Str::lit(text));
}

/// All messages of two senders arrive, each once, whichever case takes them.
fn both() -> ExitCode {
    run(|me| async move {
        let agent = rt::spawn(rt::Dom::none(), TwoAgent {}, |me| async move {
            let (mut sum, mut n_texts) = (0, 0);
            loop {
                let (mut one, mut two, mut three) = (None, None, None);
                let select = rt::Select::new()
                    .case(&me.port().A, &mut one)
                    .case(&me.port().B, &mut two)
                    .case(&me.port().Stop, &mut three);
                match select.wait().await? {
                    0 => sum += rt::taken::<i32>(one),
                    1 => n_texts += rt::taken::<rt::Str>(two).as_str().len() as i32,
                    2 => break,
                    _ => unreachable!(),
                }
            }
            // What is left.
            loop {
                let (mut one, mut two) = (None, None);
                let select = rt::Select::new()
                    .case(&me.port().A, &mut one)
                    .case(&me.port().B, &mut two)
                    .default_case();
                match select.wait().await? {
                    0 => sum += rt::taken::<i32>(one),
                    1 => n_texts += rt::taken::<rt::Str>(two).as_str().len() as i32,
                    _ => break,
                }
            }
            me.port().Out.send(sum);
            me.port().Out.send(n_texts);
            Ok(())
        });
        let senders: Vec<rt::Using<Two>> = (0..3)
            .map(|_| {
                let agent = agent.clone();
                rt::spawn(rt::Dom::none(), TwoAgent {}, |_| async move {
                    for n in 0..1000 {
                        agent.A.send(n);
                        agent.B.send(rt::Str::lit("ab"));
                        if n % 50 == 0 {
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
        agent.Stop.send(rt::Signal);
        rt::console::write_line(&rt::receive(&agent.Out).await?);
        rt::console::write_line(&rt::receive(&agent.Out).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

fn limits() -> ExitCode {
    run(|me| async move {
        let point = rt::OrderedPoint::<i32>::new();
        let mut one = None;
        let select = rt::Select::new().case(&point, &mut one).timeout(ms(5));
        if select.wait().await? == rt::Select::TIMEOUT {
            line("timeout");
        }
        let (mut one, mut two) = (None, None);
        let select = rt::Select::new()
            .case_when(&point, |_| Ok(false), &mut one)
            .case(&point, &mut two)
            .timeout(ms(10_000));
        point.send(3);
        if select.wait().await? == 1 {
            rt::console::write_line(&rt::taken::<i32>(two));
        }
        if let Err(e) = rt::receive_within(&point, ms(2)).await {
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        point.send(4);
        rt::console::write_line(&rt::receive_within(&point, ms(10_000)).await?);
        // All sources over: an exception, with a limit too.
        point.close();
        let mut one = None;
        let select = rt::Select::new().case(&point, &mut one).timeout(ms(10_000));
        if let Err(e) = select.wait().await {
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        let ticks = rt::Timer::every(ms(2));
        for _ in 0..3 {
            rt::receive(&ticks).await?;
        }
        ticks.dispose();
        line("ticked");
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// A guard that refuses the head leaves it; another receiver that takes it brings up the next one.
fn guards() -> ExitCode {
    run(|me| async move {
        let point = rt::OrderedPoint::<i32>::new();
        let source = point.source();
        let odd = rt::spawn(rt::Dom::none(), TwoAgent {}, move |me| async move {
            while source != me.port().A.source() {
                let mut one = None;
                let select = rt::Select::new().case_when(
                    &source,
                    |n: &i32| Ok(n % 2 == 1),
                    &mut one,
                );
                match select.wait().await {
                    Ok(_) => me.port().Out.send(rt::taken::<i32>(one)),
                    Err(_) => break,
                }
            }
            Ok(())
        });
        let source = point.source();
        let even = rt::spawn(rt::Dom::none(), TwoAgent {}, move |me| async move {
            loop {
                let mut one = None;
                let select = rt::Select::new().case_when(
                    &source,
                    |n: &i32| Ok(n % 2 == 0),
                    &mut one,
                );
                match select.wait().await {
                    Ok(_) => me.port().Out.send(rt::taken::<i32>(one)),
                    Err(_) => break,
                }
            }
            Ok(())
        });
        for n in 0..2000 {
            point.send(n);
        }
        point.close();
        let mut sums = [0, 0];
        for (sum, agent) in sums.iter_mut().zip([&odd, &even]) {
            while let Some(n) = rt::next(&agent.Out).await? {
                *sum += n;
            }
        }
        rt::console::write_line(&sums[0]);
        rt::console::write_line(&sums[1]);
        point.send(1);
        let full = rt::OrderedPoint::<i32>::new();
        full.send(1);
        let mut one = None;
        let select = rt::Select::new().case_when(
            &full,
            |n: &i32| Ok(rt::div(1, *n - 1)? == 0),
            &mut one,
        );
        if let Err(e) = select.wait().await {
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Joins of the same two sources in different orders, and of one source with itself.
fn joins() -> ExitCode {
    run(|me| async move {
        let (a, b) = (rt::OrderedPoint::<i32>::new(), rt::OrderedPoint::<i32>::new());
        let joiner = |a: rt::Source<i32>, b: rt::Source<i32>| {
            rt::spawn(rt::Dom::none(), TwoAgent {}, move |me| async move {
                loop {
                    let mut one = None;
                    let select = rt::Select::new().join2(&a, &b, &mut one);
                    match select.wait().await {
                        Ok(_) => {
                            let (x, y): (i32, i32) = rt::taken(one);
                            me.port().Out.send(x + y);
                        }
                        Err(_) => break,
                    }
                }
                Ok(())
            })
        };
        let agents = [joiner(a.source(), b.source()), joiner(b.source(), a.source())];
        for n in 0..1000 {
            a.send(n);
            if n % 10 == 0 {
                rt::yield_now().await;
            }
            b.send(1);
        }
        a.close();
        b.close();
        let (mut sum, mut n_pairs) = (0, 0);
        for agent in &agents {
            while let Some(n) = rt::next(&agent.Out).await? {
                sum += n;
                n_pairs += 1;
            }
        }
        rt::console::write_line(&sum);
        rt::console::write_line(&n_pairs);
        let c = rt::OrderedPoint::<i32>::new();
        c.send(1);
        c.send(2);
        c.send(3);
        let mut one = None;
        let select = rt::Select::new().join2_when(&c, &c, |(x, y)| Ok(x < y), &mut one);
        select.wait().await?;
        rt::console::write_line(&rt::taken::<(i32, i32)>(one));
        // One message is not enough, and stays.
        let mut one = None;
        let select = rt::Select::new().join2(&c, &c, &mut one).timeout(ms(3));
        rt::console::write_line(&(select.wait().await? == rt::Select::TIMEOUT));
        rt::console::write_line(&rt::receive(&c).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Both of two sources that are always ready are taken from.
fn fairness() -> ExitCode {
    run(|me| async move {
        let (a, b) = (rt::OrderedPoint::<i32>::new(), rt::OrderedPoint::<i32>::new());
        for n in 0..2000 {
            a.send(n);
            b.send(n);
        }
        let mut n_taken = [0, 0];
        for _ in 0..2000 {
            let (mut one, mut two) = (None, None);
            let select = rt::Select::new().case(&a, &mut one).case(&b, &mut two);
            n_taken[select.wait().await?] += 1;
            rt::taken::<i32>(one.or(two));
        }
        rt::console::write_line(&(n_taken[0] > 500 && n_taken[1] > 500));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("a select takes each message once", both, "1498500\n6000\n"),
        program(
            "waits have limits",
            limits,
            "timeout\n3\nTimeoutException\n4\nChannelClosedException\nticked\n",
        ),
        program(
            "guards leave what they refuse",
            guards,
            "1000000\n999000\nDivideByZeroException\n",
        ),
        program("joins take both or neither", joins, "500500\n1000\n(1, 2)\nTrue\n3\n"),
        program("a select prefers none", fairness, "True\n"),
    ]
}
