//! Nodes that give many messages for one: each message becomes a sequence or a source, whose elements
//! are handed on in order, those of one message before those of the next.

use std::future::Future;

use super::control::give_up;
use super::feed::{Feed, Inlet, open};
use super::net::Net;
use super::output::{OutputEnd, between, output};
use super::stage::Stage;
use super::stages::{downstream, transform, transform_once};
use crate::agent::{Agent, Me};
use crate::iteration::seq::{Element, Elements, Seq};
use crate::port::Value;
use crate::port::receive::{next, yield_now};
use crate::port::source::{Ending, Item, Source};
use crate::value::Result;

/// After so many elements of a sequence others have their turn.
const SLICE: usize = 64;

/// What such a node gives for one message.
pub trait Many: Value {
    /// One of the messages.
    type Message: Value;
    /// Goes through them.
    type Run: Run<Self::Message> + Send;

    /// Begins.
    fn begin(self) -> Self::Run;
}

/// Messages that come one after the other.
pub trait Run<T> {
    /// The next one, if there is one.
    fn next(&mut self) -> impl Future<Output = Result<Option<T>>> + Send;
}

impl<T: Element> Many for Seq<T> {
    type Message = T;
    type Run = Going<T>;

    fn begin(self) -> Going<T> {
        Going { elements: self.iterate(), n_given: 0 }
    }
}

/// A sequence on its way.
#[derive(Debug)]
pub struct Going<T: Element> {
    elements: Elements<T>,
    n_given: usize,
}

impl<T: Element> Run<T> for Going<T> {
    async fn next(&mut self) -> Result<Option<T>> {
        self.n_given += 1;
        if self.n_given.is_multiple_of(SLICE) {
            yield_now().await;
        }
        self.elements.next().transpose()
    }
}

impl<T: Value> Many for Source<T> {
    type Message = T;
    type Run = Self;

    fn begin(self) -> Self {
        self
    }
}

impl<T: Value> Run<T> for Source<T> {
    async fn next(&mut self) -> Result<Option<T>> {
        next(self).await
    }
}

/// `source ==> F`, where `F` gives many messages for each, and is the last function of `inlet`.
pub fn many<A: Agent, I: Inlet>(me: &Me<A>, inlet: I) -> Net<<I::Item as Many>::Message>
where
    I::Item: Many,
{
    let feed = open(inlet);
    let control = feed.control();
    let (end, results) = output(&control);
    me.link(&control, each(feed, end));
    Net::new(&control, results)
}

/// `source ==> F`, where `F` gives many messages for each.
pub fn transform_many<A: Agent, I: Inlet, M: Many>(
    me: &Me<A>,
    inlet: I,
    stage: Stage<I::Item, M>,
) -> Net<M::Message> {
    many(me, transform(me, inlet, stage))
}

/// `source --> F`, where `F` gives many messages for one.
pub fn transform_once_many<A: Agent, T: Value, M: Many>(
    me: &Me<A>,
    source: Source<T>,
    stage: Stage<T, M>,
) -> Net<M::Message> {
    many(me, transform_once(me, source, stage))
}

async fn each<T: Value, M: Many, F>(
    mut feed: Feed<T, M, F>,
    end: OutputEnd<M::Message>,
) -> Result<()>
where
    F: Fn(T) -> Result<M> + Send + Sync + 'static,
{
    let ending = loop {
        let item = match feed.next().await {
            Ok(item) => item,
            Err(ending) => break ending,
        };
        let mut run = item.value.begin();
        loop {
            match run.next().await {
                Ok(Some(message)) => end.push(Item::plain(message)),
                Ok(None) => break,
                Err(exception) => {
                    if let Err(exception) = feed.tell(exception) {
                        give_up(exception).await;
                    }
                    break;
                }
            }
        }
    };
    end.complete(downstream(ending));
    Ok(())
}

/// A call of an iterator that returns a source: its elements become messages.
pub fn source_of<T: Element>(me: &Me<impl Agent>, items: Seq<T>) -> Source<T> {
    let (end, results) = between(None, Vec::new());
    me.add(async move {
        let mut run = items.begin();
        while let Some(message) = run.next().await? {
            end.push_any(Item::plain(message));
        }
        end.complete(Ending::Normal);
        Ok(())
    });
    results
}
