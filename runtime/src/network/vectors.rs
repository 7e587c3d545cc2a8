//! From one source to a vector of targets or stages: broadcast and alternate.
//! They do not join; combining and merging are sources (`port::join`).

use super::feed::{Feed, Inlet, open};
use super::links::{Often, carry, nothing};
use super::net::{Net, NetVec};
use super::output::{OutputEnd, between, output};
use super::stage::Stage;
use super::stages::{downstream, work};
use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::port::source::{Ending, Item};
use crate::port::target::Target;
use crate::value::Result;

/// Which members of the vector get a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    All,
    InTurn,
}

/// `source -<< targets`: each message to every target. No targets: it ends at once.
pub fn broadcast<A: Agent, I: Inlet>(
    me: &Me<A>,
    inlet: I,
    targets: Vec<Target<I::Item>>,
) -> Net<()> {
    to_targets(me, inlet, targets, Choice::All)
}

/// `source -<: targets`: the messages to the targets in turn. No targets: it ends at once.
pub fn alternate<A: Agent, I: Inlet>(
    me: &Me<A>,
    inlet: I,
    targets: Vec<Target<I::Item>>,
) -> Net<()> {
    to_targets(me, inlet, targets, Choice::InTurn)
}

/// `source -<< stages`: each message through every stage.
pub fn broadcast_stages<A: Agent, I: Inlet, U: Value>(
    me: &Me<A>,
    inlet: I,
    stages: Vec<Stage<I::Item, U>>,
) -> NetVec<U> {
    to_stages(me, inlet, stages, Choice::All)
}

/// `source -<: stages`: the messages through the stages in turn.
pub fn alternate_stages<A: Agent, I: Inlet, U: Value>(
    me: &Me<A>,
    inlet: I,
    stages: Vec<Stage<I::Item, U>>,
) -> NetVec<U> {
    to_stages(me, inlet, stages, Choice::InTurn)
}

fn to_targets<A: Agent, I: Inlet>(
    me: &Me<A>,
    inlet: I,
    targets: Vec<Target<I::Item>>,
    choice: Choice,
) -> Net<()> {
    let feed = open(inlet);
    let control = feed.control();
    me.link(&control, spread(feed, Ways::Targets(targets), choice));
    nothing(&control)
}

fn to_stages<A: Agent, I: Inlet, U: Value>(
    me: &Me<A>,
    inlet: I,
    stages: Vec<Stage<I::Item, U>>,
    choice: Choice,
) -> NetVec<U> {
    let feed = open(inlet);
    let control = feed.control();
    let mut inlets = Vec::with_capacity(stages.len());
    let mut results = Vec::with_capacity(stages.len());
    for stage in stages {
        // Between links of one network there is no valve: what is on its way runs through.
        let (inlet, messages) = between(Some(&control), Vec::new());
        let (end, outlet) = output(&control);
        work(me, &control, messages, stage, end);
        inlets.push(inlet);
        results.push(outlet);
    }
    me.link(&control, spread(feed, Ways::Stages(inlets), choice));
    NetVec::new(&control, results, nothing(&control).source())
}

enum Ways<T: Value> {
    Targets(Vec<Target<T>>),
    Stages(Vec<OutputEnd<T>>),
}

impl<T: Value> Ways<T> {
    fn len(&self) -> usize {
        match self {
            Self::Targets(targets) => targets.len(),
            Self::Stages(stages) => stages.len(),
        }
    }

    fn send(&self, way: usize, item: Item<T>) -> Result<()> {
        match self {
            Self::Targets(targets) => targets[way].send_checked(item.value),
            Self::Stages(stages) => {
                stages[way].push_any(item);
                Ok(())
            }
        }
    }

    fn complete(&self, ending: Ending) {
        if let Self::Stages(stages) = self {
            let ending = downstream(ending);
            stages.iter().for_each(|stage| stage.complete(ending.clone()));
        }
    }
}

async fn spread<T: Value, U: Value, F>(
    mut feed: Feed<T, U, F>,
    ways: Ways<U>,
    choice: Choice,
) -> Result<()>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    if ways.len() == 0 {
        return Ok(());
    }
    let mut turn = 0;
    let ending = carry(&mut feed, Often::Always, |item| match choice {
        Choice::InTurn => {
            let way = turn;
            turn = (turn + 1) % ways.len();
            ways.send(way, item)
        }
        Choice::All => (0..ways.len())
            // A copy answers no request: several could.
            .map(|way| ways.send(way, Item::plain(item.value.clone())))
            .fold(Ok(()), Result::and),
    });
    let ending = ending.await;
    ways.complete(ending);
    Ok(())
}
