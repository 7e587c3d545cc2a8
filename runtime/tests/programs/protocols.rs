//! Protocols that are checked at run time.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::agent;
use crate::support::{Program, program, run};

pub(crate) struct Sum {
    pub(crate) Left: rt::Port<i32>,
    pub(crate) Right: rt::Port<i32>,
    pub(crate) Result: rt::Port<i32>,
}

impl rt::Channel for Sum {
    const NAME: &'static str = "Sum";
    const PROTOCOL: Option<&'static rt::Protocol> = Some(&rt::Protocol {
        states: &[
            rt::ProtocolState { name: "Start", moves: &[("Left", 1)], guards: &[] },
            rt::ProtocolState {
                name: "GotLeft",
                moves: &[("Right", 2), ("Left", 1)],
                guards: &[],
            },
            rt::ProtocolState {
                name: "Ready",
                moves: &[("Result", rt::Protocol::END)],
                guards: &[],
            },
        ],
    });

    const PORTS: &'static [rt::Declared<Self>] = &[
        rt::Declared::input("Left", |it| &it.Left),
        rt::Declared::input("Right", |it| &it.Right),
        rt::Declared::output("Result", |it| &it.Result),
    ];

    fn open(core: &rt::ChannelCore) -> Self {
        Self { Left: core.port(), Right: core.port(), Result: core.port() }
    }
}

agent!(SumAgent: Sum {});

fn said<T>(result: rt::Result<T>) -> rt::Str {
    match result {
        Ok(_) => rt::Str::lit("fine"),
        Err(e) => rt::to_str(&e),
    }
}

fn show<T>(result: rt::Result<T>) {
    rt::console::write_line(&said(result));
}

fn both_ends() -> ExitCode {
    run(|me| async move {
        let log = rt::OrderedPoint::<rt::Str>::new();
        let said_there = log.target();
        let sum = rt::spawn(rt::Dom::none(), SumAgent {}, |me| async move {
            let left = rt::receive(&me.port().Left).await?;
            said_there.send(said(me.port().Result.send_checked(1)));
            let right = rt::receive(&me.port().Right).await?;
            me.port().Result.send_checked(left + right)?;
            said_there.send(said(me.port().Result.send_checked(2)));
            said_there.send(said(rt::receive(&me.port().Left).await));
            Ok(())
        });
        show(sum.Right.send_checked(1));
        show(rt::receive(&sum.Result).await);
        sum.Left.send_checked(1)?;
        sum.Right.send_checked(2)?;
        show(sum.Left.send_checked(3));
        rt::console::write_line(&rt::receive(&sum.Result).await?);
        rt::console::write_line(&rt::receive(&sum.completion()).await?.is_none());
        show(rt::receive(&sum.Result).await);
        show(sum.Left.send_checked(3));
        for _ in 0..3 {
            rt::console::write_line(&rt::receive(&log).await?);
        }
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Networks on the ports of a protocol take what its state allows, in that order.
fn networks() -> ExitCode {
    run(|me| async move {
        let sum = rt::spawn(rt::Dom::none(), SumAgent {}, |me| async move {
            let right = rt::OrderedPoint::<i32>::new();
            rt::forward(&me, me.port().Right.source(), right.target());
            let left = rt::OrderedPoint::<i32>::new();
            rt::forward(&me, me.port().Left.source(), left.target());
            for _ in 0..10 {
                rt::yield_now().await;
            }
            let mut total = rt::receive(&right).await?;
            while let Some(n) = left.try_receive() {
                total += n;
            }
            me.port().Result.send_checked(total)
        });
        sum.Left.send_checked(1)?;
        sum.Left.send_checked(2)?;
        sum.Right.send_checked(4)?;
        rt::console::write_line(&rt::receive(&sum.Result).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("networks follow protocols", networks, "7\n"),
        program(
            "both ends follow the protocol",
            both_ends,
            "ProtocolException: port `Right` cannot be sent to in state `Start`, which expects `Left`\n\
             ProtocolException: port `Result` cannot be received from in state `Start`, which expects `Left`\n\
             ProtocolException: port `Left` cannot be sent to in state `Ready`, which expects `Result`\n\
             3\nTrue\n\
             ChannelClosedException: the channel is closed, nothing more will come\n\
             ProtocolException: port `Left` cannot be sent to in state `End`: the channel is over\n\
             ProtocolException: port `Result` cannot be sent to in state `GotLeft`, which expects `Right` or `Left`\n\
             ProtocolException: port `Result` cannot be sent to in state `End`: the channel is over\n\
             ChannelClosedException: the channel of this agent is closed, nothing more will come\n",
        ),
    ]
}
