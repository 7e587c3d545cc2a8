//! Interaction points and overload policies.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::agent;
use crate::support::{Program, program, run};

pub(crate) struct Narrow {
    pub(crate) In: rt::Port<i32>,
    pub(crate) Strict: rt::Port<i32>,
    pub(crate) Out: rt::Port<i32>,
}

impl rt::Channel for Narrow {
    const NAME: &'static str = "Narrow";
    const PORTS: &'static [rt::Declared<Self>] = &[
        rt::Declared::input("In", |it| &it.In),
        rt::Declared::input("Strict", |it| &it.Strict),
        rt::Declared::output("Out", |it| &it.Out),
    ];

    fn open(core: &rt::ChannelCore) -> Self {
        Self {
            In: core.bounded("In", 3, rt::Overflow::Suspend),
            Strict: core.bounded("Strict", 2, rt::Overflow::Fail),
            Out: core.port(),
        }
    }
}

agent!(NarrowAgent: Narrow {});

fn kinds() -> ExitCode {
    run(|me| async move {
        let single = rt::SingleItemPoint::<i32>::new();
        single.send(1);
        single.send(2);
        rt::console::write_line(&(
            single.count(),
            single.try_receive(),
            single.try_receive(),
        ));
        let latest = rt::SingleItemPoint::with_policy(rt::Overflow::DropOldest);
        latest.send(1);
        latest.send(2);
        rt::console::write_line(&rt::receive(&latest).await?);
        let once = rt::WriteOncePoint::<i32>::new();
        once.send_checked(5)?;
        if let Err(e) = once.send_checked(6) {
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        rt::console::write_line(&(rt::receive(&once).await?, rt::receive(&once).await?));
        let bounded = rt::BoundedPoint::<i32>::new(2, rt::Overflow::DropOldest)?;
        for n in 0..5 {
            bounded.send(n);
        }
        rt::console::write_line(&(
            bounded.try_receive(),
            bounded.try_receive(),
            bounded.dropped(),
        ));
        let failing = rt::BoundedPoint::<i32>::new(1, rt::Overflow::Fail)?;
        failing.target().send_checked(1)?;
        if let Err(e) = failing.both().send_checked(2) {
            rt::console::write_line(&rt::Str::from(e.kind()));
        }
        rt::console::write_line(&rt::BoundedPoint::<i32>::suspending(0).is_err());
        let ordered = rt::OrderedPoint::<i32>::new();
        rt::console::write_line(&(
            ordered == ordered.clone(),
            ordered.source() == ordered.both().source(),
        ));
        ordered.send(1);
        ordered.close();
        ordered.send(2);
        rt::console::write_line(&(ordered.count(), ordered.dropped()));
        let empty = rt::WriteOncePoint::<i32>::new();
        empty.close();
        rt::console::write_line(&rt::next(&empty).await?.is_none());
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// A sender that is held back is never far ahead of the receiver.
fn suspend() -> ExitCode {
    run(|me| async move {
        let receiver = rt::spawn(rt::Dom::none(), NarrowAgent {}, |me| async move {
            while let Some(n) = rt::next(&me.port().In).await? {
                me.port().Out.send(n);
                rt::yield_now().await;
            }
            Ok(())
        });
        let point = rt::BoundedPoint::<i32>::suspending(4)?;
        let network = rt::forward(&me, point.source(), receiver.In.target());
        let mut most = 0;
        for n in 0..1000 {
            point.send(n);
            most = most.max(point.count());
            rt::yield_now().await;
        }
        rt::console::write_line(&(most <= 5));
        point.close();
        rt::receive(&network.completion()).await?;
        receiver.close();
        let mut sum = 0;
        while let Some(n) = rt::next(&receiver.Out).await? {
            sum += n;
        }
        rt::console::write_line(&sum);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

fn bounded_ports() -> ExitCode {
    run(|me| async move {
        let agent = rt::spawn(rt::Dom::none(), NarrowAgent {}, |me| async move {
            rt::receive(&me.port().In).await?;
            while let Some(n) = rt::next(&me.port().Strict).await? {
                me.port().Out.send(n);
            }
            Ok(())
        });
        let results: Vec<bool> =
            (0..4).map(|n| agent.Strict.send_checked(n).is_ok()).collect();
        rt::console::write_line(&rt::List::from_vec(results));
        agent.In.send(0);
        rt::console::write_line(&rt::receive(&agent.Out).await?);
        rt::console::write_line(&rt::receive(&agent.Out).await?);
        // A sender that is held back by an agent that has gone is free.
        let gone = rt::spawn(rt::Dom::none(), NarrowAgent {}, |me| async move {
            rt::receive(&me.port().In).await?;
            rt::yield_now().await;
            Ok(())
        });
        for n in 0..10 {
            gone.In.send(n);
        }
        rt::receive(&gone.completion()).await?;
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program(
            "points keep what their kind says",
            kinds,
            "(1, 1, )\n2\nInvalidOperationException\n(5, 5)\n(3, 4, 3)\nOverloadException\n\
             True\n(True, True)\n(1, 1)\nTrue\n",
        ),
        program("full points hold senders back", suspend, "True\n499500\n"),
        program(
            "ports can be bounded",
            bounded_ports,
            "[True, True, False, False]\n0\n1\n",
        ),
    ]
}
