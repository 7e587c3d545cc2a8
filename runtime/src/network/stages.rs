//! Links through a stage: transforms, sinks, and the ordered hand-on of parallel work.
//! They do not choose among targets; `vectors` does.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::control::{Control, Flight, give_up};
use super::links::{Often, connect, pull};
use super::net::Net;
use super::output::{OutputEnd, output};
use super::stage::{Job, Kind, Stage};
use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::port::point::OrderedPoint;
use crate::port::receive::Suspension;
use crate::port::source::{Ending, Source, Tag, Take};
use crate::port::target::Target;
use crate::scheduler::current;
use crate::value::Result;

/// `source ==> F`: every message through the stage.
pub fn transform<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stage: Stage<T, U>,
) -> Net<U> {
    link(me, source, stage, Often::Always)
}

/// `source --> F`: one message through the stage.
pub fn transform_once<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stage: Stage<T, U>,
) -> Net<U> {
    link(me, source, stage, Often::Once)
}

fn link<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stage: Stage<T, U>,
    often: Often,
) -> Net<U> {
    let (control, source) = connect(source);
    let (end, results) = output(Some(&control));
    work(me, &control, source, stage, end, often);
    Net::new(&control, results)
}

/// Starts the link that takes from `source` and hands on to `end`, as a part of `control`.
pub(super) fn work<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    control: &Arc<Control>,
    source: Source<T>,
    stage: Stage<T, U>,
    end: OutputEnd<U>,
    often: Often,
) {
    let link = Link { control: control.clone(), source, end };
    match (stage.kind, often) {
        (Kind::Node(node), _) => me.link(control, link.through_node(node, often)),
        (Kind::Pure(function), Often::Always) => {
            me.link(control, link.through_function(function))
        }
        (Kind::Pure(function), Often::Once) => {
            let node = move |message| -> super::stage::Running<U> {
                Box::pin(std::future::ready(function(message)))
            };
            me.link(control, link.through_node(Arc::new(node), often));
        }
    }
}

impl<A: Agent> Me<A> {
    /// A sink as a target, for vectors of targets. It runs as long as somebody can send to it.
    pub fn sink<T: Value>(&self, stage: Stage<T, ()>) -> Target<T> {
        let point = OrderedPoint::new();
        transform(self, point.source(), stage);
        point.target()
    }
}

struct Link<T, U: Value> {
    control: Arc<Control>,
    source: Source<T>,
    end: OutputEnd<U>,
}

type Node<T, U> = Arc<dyn Fn(T) -> super::stage::Running<U> + Send + Sync>;
type Function<T, U> = Arc<dyn Fn(T) -> Result<U> + Send + Sync>;

impl<T: Value, U: Value> Link<T, U> {
    /// One message at a time, each worked on to its end.
    async fn through_node(self, node: Node<T, U>, often: Often) -> Result<()> {
        let _life = self.control.link();
        let ending = loop {
            let item = match pull(&self.source).await {
                Ok(item) => item,
                Err(ending) => break ending,
            };
            let flight = self.control.take_off();
            let worked = node(item.value).await;
            if let Err(exception) = self.hand_on(worked, item.tag, flight) {
                give_up(exception).await;
            }
            if often == Often::Once {
                break Ending::Normal;
            }
        };
        self.end.complete(downstream(ending));
        Ok(())
    }

    /// Many messages at a time; results are handed on in the order of the messages.
    async fn through_function(self, function: Function<T, U>) -> Result<()> {
        let _life = self.control.link();
        let mut flying = VecDeque::new();
        let max_flying = MAX_FLYING_PER_WORKER * current::scheduler().n_workers();
        let mut over = None;
        loop {
            match self.step(&flying, flying.len() < max_flying && over.is_none()).await {
                Step::Taken(item) => {
                    let flight = self.control.take_off();
                    let job = Job::start(&function, item.value);
                    flying.push_back(Flying { job, tag: item.tag, flight });
                }
                Step::Landed(worked) => {
                    // The step saw the result of the first one.
                    let Some(first) = flying.pop_front() else { continue };
                    drop(first.job);
                    if let Err(exception) = self.hand_on(worked, first.tag, first.flight)
                    {
                        // Those behind it are not waited for.
                        flying.clear();
                        give_up(exception).await;
                    }
                }
                Step::Over(ending) => over = Some(ending),
                Step::Empty => break,
            }
        }
        self.end.complete(downstream(over.unwrap_or(Ending::Normal)));
        Ok(())
    }

    fn hand_on(&self, worked: Result<U>, tag: Option<Tag>, flight: Flight) -> Result<()> {
        match worked {
            Ok(value) => {
                self.end.push(value, tag, Some(flight));
                Ok(())
            }
            // The request of a message that failed gets no reply: its tag is dropped.
            Err(exception) => self.control.fail(exception),
        }
    }

    fn step<'a>(
        &'a self,
        flying: &'a VecDeque<Flying<U>>,
        may_take: bool,
    ) -> Stepping<'a, T, U> {
        let first = flying.front().map(|flying| &flying.job);
        Stepping {
            source: &self.source,
            first,
            may_take,
            suspension: Suspension::of_link(),
        }
    }
}

/// How many messages a pure stage works on at a time.
const MAX_FLYING_PER_WORKER: usize = 8;

struct Flying<U> {
    job: Job<U>,
    tag: Option<Tag>,
    flight: Flight,
}

enum Step<T, U> {
    Taken(crate::port::source::Item<T>),
    /// The first of those at work has its result.
    Landed(Result<U>),
    Over(Ending),
    /// Nothing is at work and nothing may be taken.
    Empty,
}

/// Waits for the first result, or for the next message if one may be taken.
struct Stepping<'a, T, U> {
    source: &'a Source<T>,
    first: Option<&'a Job<U>>,
    may_take: bool,
    suspension: Suspension,
}

impl<T: Value, U: Value> Stepping<'_, T, U> {
    /// `Pending` if nothing is to be had; `registered` as for sources.
    fn look(&self, registered: bool) -> Poll<Step<T, U>> {
        if let Some(job) = self.first
            && let Some(worked) = job.result.get()
        {
            return Poll::Ready(Step::Landed(worked.clone()));
        }
        if !self.may_take {
            return if self.first.is_some() {
                Poll::Pending
            } else {
                Poll::Ready(Step::Empty)
            };
        }
        match self.source.supply.take(registered) {
            Take::Item(item) => Poll::Ready(Step::Taken(item)),
            Take::Over(ending) => Poll::Ready(Step::Over(ending)),
            Take::Empty | Take::Busy => Poll::Pending,
        }
    }
}

impl<T: Value, U: Value> Future for Stepping<'_, T, U> {
    type Output = Step<T, U>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Step<T, U>> {
        let this = self.get_mut();
        std::task::ready!(this.suspension.begin(cx));
        if let Poll::Ready(step) = this.look(false) {
            return Poll::Ready(step);
        }
        current::with_waiting(|waiting| waiting.pool.begin());
        loop {
            let armed = current::with_waiting(|waiting| {
                if let Some(job) = this.first {
                    job.result.register(&mut waiting.pool);
                }
                !this.may_take || this.source.supply.arm(&mut waiting.pool)
            });
            match this.look(true) {
                Poll::Ready(step) => return Poll::Ready(step),
                Poll::Pending if armed => return Poll::Pending,
                // Something was there when arming, and another took it: arm again.
                Poll::Pending => {}
            }
        }
    }
}

/// How the end of a source goes on to those who wait for the results.
pub(super) fn downstream(ending: Ending) -> Ending {
    match ending {
        Ending::Failed(_) | Ending::NoReply => ending,
        Ending::Normal | Ending::Replied => Ending::Normal,
    }
}
