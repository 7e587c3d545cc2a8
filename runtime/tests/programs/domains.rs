//! Domains: turns of readers and writers, nesting, constructors.

use std::process::ExitCode;

use axum_rt::abi::v1 as rt;

use crate::channel;
use crate::support::{Program, program, run};

pub(crate) struct Bank {
    balance: i64,
    busy: i32,
}

impl rt::Domain for Bank {
    const NAME: &'static str = "Bank";
    type Parent = rt::NoDomain;
}

channel!(Work { input Go: i32, output Done: i64, });

macro_rules! member {
    ($name:ident in $domain:ty, $access:ident) => {
        pub(crate) struct $name {}

        impl rt::Agent for $name {
            const NAME: &'static str = stringify!($name);
            type Channel = Work;
            type Domain = $domain;
            const ACCESS: rt::Access = rt::Access::$access;
        }
    };
}

member!(Teller in Bank, Write);
member!(Auditor in Bank, Read);

/// Adds one `n` times; the two halves of each change are in one turn.
async fn Teller_new(me: rt::Me<Teller>) -> rt::Result<()> {
    let n = rt::receive(&me.port().Go).await?;
    for _ in 0..n {
        me.enter().await;
        let before = me.domain().read(|d| d.balance);
        me.domain().write(|d| d.busy += 1);
        if me.domain().read(|d| d.busy) != 1 {
            rt::console::write_line(&rt::Str::lit("two writers"));
        }
        me.enter().await;
        me.domain().write(|d| {
            d.balance = before + 1;
            d.busy -= 1;
        });
        rt::yield_now().await;
    }
    me.port().Done.send(0);
    Ok(())
}

async fn Auditor_new(me: rt::Me<Auditor>) -> rt::Result<()> {
    let n = rt::receive(&me.port().Go).await?;
    let mut last = 0;
    for _ in 0..n {
        me.enter().await;
        let (balance, busy) = me.domain().read(|d| (d.balance, d.busy));
        if busy != 0 || balance < last {
            rt::console::write_line(&rt::Str::lit("a reader beside a writer"));
        }
        last = balance;
        rt::yield_now().await;
    }
    me.port().Done.send(last);
    Ok(())
}

fn bank() -> rt::Result<rt::Dom<Bank>> {
    rt::Dom::create(rt::Dom::none(), Bank { balance: 0, busy: 0 }, |_| Ok(()))
}

fn turns() -> ExitCode {
    run(|me| async move {
        let bank = bank()?;
        let mut agents = Vec::new();
        for _ in 0..4 {
            agents.push(rt::spawn(bank.clone(), Teller {}, Teller_new));
            agents.push(rt::spawn(bank.clone(), Auditor {}, Auditor_new));
        }
        for agent in &agents {
            agent.Go.send(500);
        }
        for agent in &agents {
            rt::receive(&agent.Done).await?;
        }
        let last = rt::spawn(bank, Auditor {}, Auditor_new);
        last.Go.send(1);
        rt::console::write_line(&rt::receive(&last.Done).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) struct Branch {
    total: i64,
}

impl rt::Domain for Branch {
    const NAME: &'static str = "Branch";
    type Parent = Bank;
}

member!(Clerk in Branch, Write);
member!(Visitor in Branch, Read);

/// Writers and readers of an inner domain use the outer one's state too.
fn nested() -> ExitCode {
    run(|me| async move {
        let bank = bank()?;
        let mut agents = Vec::new();
        for _ in 0..2 {
            let branch = rt::Dom::create(bank.clone(), Branch { total: 0 }, |_| Ok(()))?;
            for _ in 0..2 {
                agents.push(rt::spawn(branch.clone(), Clerk {}, |me| async move {
                    let n = rt::receive(&me.port().Go).await?;
                    for _ in 0..n {
                        me.enter().await;
                        me.domain().write(|d| d.total += 1);
                        me.domain().parent().write(|d| d.balance += 1);
                        rt::yield_now().await;
                    }
                    me.enter().await;
                    me.port().Done.send(me.domain().read(|d| d.total));
                    Ok(())
                }));
                agents.push(rt::spawn(branch.clone(), Visitor {}, |me| async move {
                    let n = rt::receive(&me.port().Go).await?;
                    for _ in 0..n {
                        me.enter().await;
                        let total = me.domain().read(|d| d.total);
                        let balance = me.domain().parent().read(|d| d.balance);
                        if total > balance {
                            rt::console::write_line(&rt::Str::lit("torn"));
                        }
                        rt::yield_now().await;
                    }
                    me.port().Done.send(0);
                    Ok(())
                }));
            }
        }
        agents.push(rt::spawn(bank.clone(), Teller {}, Teller_new));
        for agent in &agents {
            agent.Go.send(300);
        }
        for agent in &agents {
            rt::receive(&agent.Done).await?;
        }
        let last = rt::spawn(bank, Auditor {}, Auditor_new);
        last.Go.send(1);
        rt::console::write_line(&rt::receive(&last.Done).await?);
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// Agents that a constructor makes start when it has returned, and never if it throws.
fn constructor() -> ExitCode {
    run(|me| async move {
        let started = rt::OrderedPoint::<i32>::new();
        let mut teller = None;
        let bank = rt::Dom::create(rt::Dom::none(), Bank { balance: 7, busy: 0 }, |d| {
            let started = started.clone();
            let agent = rt::spawn(d.clone(), Teller {}, move |me| async move {
                me.enter().await;
                started.send(me.domain().read(|d| d.balance) as i32);
                Ok(())
            });
            teller = Some(agent);
            d.write(|d| d.balance = 8);
            Ok(())
        })?;
        rt::console::write_line(&rt::receive(&started).await?);
        let mut unborn = None;
        let failed =
            rt::Dom::create(rt::Dom::none(), Bank { balance: 0, busy: 0 }, |d| {
                unborn = Some(rt::spawn(d.clone(), Teller {}, |_| async move {
                    rt::console::write_line(&rt::Str::lit("started"));
                    Ok(())
                }));
                Err(rt::Exception::new("Exception", "no"))
            });
        rt::console::write_line(&failed.is_err());
        let unborn = rt::unwrap(unborn)?;
        rt::console::write_line(&rt::receive(&unborn.completion()).await?.is_none());
        rt::console::write_line(&(bank == bank.clone()));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// A writer among readers that never pause gets its turn, and readers among writers too.
fn nobody_starves() -> ExitCode {
    run(|me| async move {
        let bank = bank()?;
        let stop = rt::WriteOncePoint::<rt::Signal>::new();
        let mut agents = Vec::new();
        for n in 0..6 {
            let stop = stop.clone();
            if n < 5 {
                agents.push(rt::spawn(bank.clone(), Auditor {}, move |me| async move {
                    while stop.try_receive().is_none() {
                        me.enter().await;
                        me.domain().read(|d| d.balance);
                        rt::yield_now().await;
                    }
                    me.port().Done.send(1);
                    Ok(())
                }));
            } else {
                agents.push(rt::spawn(bank.clone(), Teller {}, move |me| async move {
                    for _ in 0..1000 {
                        me.enter().await;
                        me.domain().write(|d| d.balance += 1);
                        rt::yield_now().await;
                    }
                    stop.send(rt::Signal);
                    me.port().Done.send(1);
                    Ok(())
                }));
            }
        }
        for agent in &agents {
            rt::receive(&agent.Done).await?;
        }
        rt::console::write_line(&rt::Str::lit("done"));
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

/// While an activity waits for its turn, its agent does nothing else.
fn entering_is_no_suspension() -> ExitCode {
    run(|me| async move {
        let bank = bank()?;
        let noisy: Vec<rt::Using<Work>> =
            (0..3).map(|_| rt::spawn(bank.clone(), Teller {}, Teller_new)).collect();
        for agent in &noisy {
            agent.Go.send(1000);
        }
        let point = rt::OrderedPoint::<i64>::new();
        let agent = rt::spawn(bank, Counting { n: 0 }, |me| async move {
            let bump = me.node(|me: rt::Me<Counting>, _: i64| async move {
                let before = me.state(|s| s.n);
                me.enter().await;
                me.domain().write(|d| d.balance += 0);
                me.state_mut(|s| s.n = before + 1);
                Ok(())
            });
            rt::transform(&me, point.source(), bump.clone());
            rt::transform(&me, point.source(), bump.clone());
            let third = rt::transform(&me, point.source(), bump);
            for n in 0..600 {
                point.send(n);
            }
            point.close();
            rt::receive(&third.completion()).await?;
            rt::yield_now().await;
            Ok(())
        });
        let probe = agent.completion();
        rt::receive(&probe).await?;
        for agent in &noisy {
            rt::receive(&agent.Done).await?;
        }
        rt::console::write_line(&rt::receive(&agent.Done).await.is_err());
        rt::exit(&me.port().ExitCode, 0).await;
        Ok(())
    })
}

pub(crate) struct Counting {
    n: i64,
}

impl Drop for Counting {
    fn drop(&mut self) {
        if self.n != 600 {
            rt::console::write_line(&self.n);
        }
    }
}

impl rt::Agent for Counting {
    const NAME: &'static str = "Counting";
    type Channel = Work;
    type Domain = Bank;
    const ACCESS: rt::Access = rt::Access::Write;
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        program("writers exclude each other and readers", turns, "2000\n"),
        program("inner domains take the turns of outer ones", nested, "1500\n"),
        program("a domain's agents start after it", constructor, "8\nTrue\nTrue\nTrue\n"),
        program("neither readers nor writers starve", nobody_starves, "done\n"),
        program(
            "waiting for a turn keeps the agent to itself",
            entering_is_no_suspension,
            "True\n",
        ),
    ]
}
