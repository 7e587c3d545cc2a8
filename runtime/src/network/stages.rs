//! Links through a stage: transforms and sinks.
//! They do not choose among targets; `vectors` does.

use std::future::poll_fn;
use std::sync::Arc;

use super::control::{Control, give_up};
use super::feed::{Feed, Inlet, open};
use super::job::caught;
use super::links::{Often, carry};
use super::net::Net;
use super::output::{OutputEnd, output};
use super::stage::{Kind, Stage, Works};
use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::port::point::OrderedPoint;
use crate::port::source::{Ending, Item, Source};
use crate::port::target::Target;
use crate::value::Result;

/// `source ==> F`, where the functions of a chain of pure stages are those of `inlet`.
pub fn results<A: Agent, I: Inlet>(me: &Me<A>, inlet: I) -> Net<I::Item> {
    let feed = open(inlet);
    let control = feed.control();
    let (end, results) = output(&control);
    me.link(&control, hand_on(feed, end));
    Net::new(&control, results)
}

/// `source ==> F`, where `F` runs on the agent's one logical thread and never waits.
pub fn act<A: Agent, I: Inlet, U: Value>(
    me: &Me<A>,
    inlet: I,
    body: impl Fn(&Me<A>, I::Item) -> Result<U> + Send + Sync + 'static,
) -> Net<U> {
    let feed = open(inlet);
    let control = feed.control();
    let (end, results) = output(&control);
    let own = me.clone();
    me.link(&control, act_on(feed, end, move |message| body(&own, message)));
    Net::new(&control, results)
}

/// `source ==> F`: every message through the stage.
pub fn transform<A: Agent, I: Inlet, U: Value>(
    me: &Me<A>,
    inlet: I,
    stage: Stage<I::Item, U>,
) -> Net<U> {
    let feed = open(inlet);
    let control = feed.control();
    let (end, results) = output(&control);
    match stage.kind {
        Kind::Node(node) => {
            me.link(&control, through_node(feed, node(), end, Often::Always));
        }
        Kind::Pure(function) => {
            me.link(&control, act_on(feed, end, move |message| function(message)));
        }
    }
    Net::new(&control, results)
}

/// `source --> F`: one message through the stage.
pub fn transform_once<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stage: Stage<T, U>,
) -> Net<U> {
    let feed = open(source);
    let control = feed.control();
    let (end, results) = output(&control);
    let node = match stage.kind {
        Kind::Node(node) => node(),
        Kind::Pure(function) => {
            let stage = me.action(move |_, message| function(message));
            match stage.kind {
                Kind::Node(node) => node(),
                Kind::Pure(_) => unreachable!("an action is a node"),
            }
        }
    };
    me.link(&control, through_node(feed, node, end, Often::Once));
    Net::new(&control, results)
}

/// Starts the link of a vector that takes from `source` and hands on to `end`, as a part of `control`.
pub(super) fn work<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    control: &Arc<Control>,
    source: Source<T>,
    stage: Stage<T, U>,
    end: OutputEnd<U>,
) {
    match stage.kind {
        Kind::Node(node) => {
            let feed = Feed::new(control, source, Ok, true);
            me.link(control, through_node(feed, node(), end, Often::Always));
        }
        Kind::Pure(function) => {
            let function = move |message| function(message);
            let feed = Feed::new(control, source, function, false);
            me.link(control, hand_on(feed, end));
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

/// The results of the feed itself.
async fn hand_on<T: Value, U: Value, F>(
    mut feed: Feed<T, U, F>,
    end: OutputEnd<U>,
) -> Result<()>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    let ending = carry(&mut feed, Often::Always, |item| {
        end.push(item);
        Ok(())
    });
    end.complete(downstream(ending.await));
    Ok(())
}

/// One message at a time, each worked on at once.
async fn act_on<T: Value, U: Value, V: Value, F>(
    mut feed: Feed<T, U, F>,
    end: OutputEnd<V>,
    work: impl Fn(U) -> Result<V> + Send + Sync,
) -> Result<()>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    let ending = carry(&mut feed, Often::Always, |Item { value, tag }| {
        // The request of a message that failed gets no reply: its tag is dropped.
        let value = caught(|| work(value))?;
        end.push(Item { value, tag });
        Ok(())
    });
    end.complete(downstream(ending.await));
    Ok(())
}

/// One message at a time, each worked on to its end.
async fn through_node<T: Value, U: Value, V: Value, F>(
    mut feed: Feed<T, U, F>,
    mut node: Box<dyn Works<U, V>>,
    end: OutputEnd<V>,
    often: Often,
) -> Result<()>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    let ending = loop {
        let Item { value, tag } = match feed.next().await {
            Ok(item) => item,
            Err(ending) => break ending,
        };
        node.begin(value);
        match poll_fn(|cx| node.poll(cx)).await {
            Ok(value) => end.push(Item { value, tag }),
            Err(exception) => {
                drop(tag);
                if let Err(exception) = feed.tell(exception) {
                    give_up(exception).await;
                }
            }
        }
        if often == Often::Once {
            break Ending::Normal;
        }
    };
    end.complete(downstream(ending));
    Ok(())
}

/// How the end of a source goes on to those who wait for the results.
pub(super) fn downstream(ending: Ending) -> Ending {
    match ending {
        Ending::Failed(_) | Ending::NoReply => ending,
        Ending::Normal | Ending::Replied => Ending::Normal,
    }
}
