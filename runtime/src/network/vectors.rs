//! From one source to a vector of targets or stages: broadcast and alternate.
//! They do not join; combining and merging are sources (`port::join`).

use std::sync::Arc;

use super::control::{Control, give_up};
use super::links::{Often, connect, nothing, pull};
use super::net::{Net, NetVec};
use super::output::{OutputEnd, output};
use super::stage::Stage;
use super::stages::{downstream, work};
use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::port::source::{Item, Source};
use crate::port::target::Target;
use crate::value::Result;

/// Which members of the vector get a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    All,
    InTurn,
}

/// `source -<< targets`: each message to every target. No targets: it ends at once.
pub fn broadcast<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    targets: Vec<Target<T>>,
) -> Net<()> {
    to_targets(me, source, targets, Choice::All)
}

/// `source -<: targets`: the messages to the targets in turn. No targets: it ends at once.
pub fn alternate<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    targets: Vec<Target<T>>,
) -> Net<()> {
    to_targets(me, source, targets, Choice::InTurn)
}

/// `source -<< stages`: each message through every stage.
pub fn broadcast_stages<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stages: Vec<Stage<T, U>>,
) -> NetVec<U> {
    to_stages(me, source, stages, Choice::All)
}

/// `source -<: stages`: the messages through the stages in turn.
pub fn alternate_stages<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stages: Vec<Stage<T, U>>,
) -> NetVec<U> {
    to_stages(me, source, stages, Choice::InTurn)
}

fn to_targets<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    targets: Vec<Target<T>>,
    choice: Choice,
) -> Net<()> {
    let (control, source) = connect(source);
    me.link(&control, spread(control.clone(), source, Ways::Targets(targets), choice));
    nothing(&control)
}

fn to_stages<A: Agent, T: Value, U: Value>(
    me: &Me<A>,
    source: Source<T>,
    stages: Vec<Stage<T, U>>,
    choice: Choice,
) -> NetVec<U> {
    let (control, source) = connect(source);
    let mut inlets = Vec::with_capacity(stages.len());
    let mut results = Vec::with_capacity(stages.len());
    for stage in stages {
        // Between links of one network there is no valve: what is on its way runs through.
        let (inlet, messages) = output(None);
        let (end, outlet) = output(Some(&control));
        work(me, &control, messages, stage, end, Often::Always);
        inlets.push(inlet);
        results.push(outlet);
    }
    me.link(&control, spread(control.clone(), source, Ways::Stages(inlets), choice));
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

    fn send(&self, way: usize, item: Item<T>, control: &Arc<Control>) -> Result<()> {
        match self {
            Self::Targets(targets) => targets[way].send_checked(item.value),
            Self::Stages(stages) => {
                stages[way].push_any(item.value, item.tag, Some(control.take_off()));
                Ok(())
            }
        }
    }
}

async fn spread<T: Value>(
    control: Arc<Control>,
    source: Source<T>,
    ways: Ways<T>,
    choice: Choice,
) -> Result<()> {
    let _life = control.link();
    let mut turn = 0;
    while ways.len() > 0 {
        let item = match pull(&source).await {
            Ok(item) => item,
            Err(ending) => {
                if let Ways::Stages(stages) = &ways {
                    let ending = downstream(ending);
                    stages.iter().for_each(|stage| stage.complete(ending.clone()));
                }
                break;
            }
        };
        let _flight = control.take_off();
        let sent = match choice {
            Choice::InTurn => {
                let way = turn;
                turn = (turn + 1) % ways.len();
                ways.send(way, item, &control)
            }
            Choice::All => (0..ways.len())
                // A copy answers no request: several could.
                .map(|way| ways.send(way, Item::plain(item.value.clone()), &control))
                .fold(Ok(()), Result::and),
        };
        if let Err(exception) = sent.or_else(|exception| control.fail(exception)) {
            give_up(exception).await;
        }
    }
    Ok(())
}
