//! Links without a stage: forward, once or lastingly, and the answers of a network to requests.
//! They do not change messages.
#![expect(clippy::too_many_arguments, reason = "one for each source")]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::control::{Control, give_up};
use super::net::Net;
use super::output::output;
use crate::agent::{Agent, Me};
use crate::channel::Port;
use crate::port::Value;
use crate::port::join;
use crate::port::receive::{Suspension, take_or_wait};
use crate::port::request::{ReplyRight, Request};
use crate::port::source::{Ending, Item, Source};
use crate::port::target::Target;
use crate::value::{Array, Result};

/// How many messages a link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Often {
    Once,
    Always,
}

/// The control of a new network that takes from `source`, and the source behind its valves.
pub(super) fn connect<T: Value>(source: Source<T>) -> (Arc<Control>, Source<T>) {
    let mut feeds = Vec::new();
    source.supply.feeds(&mut feeds);
    let mut origins = vec![source.supply.origin()];
    source.supply.more_origins(&mut origins);
    let control = Control::new(feeds, origins);
    let source = source.supply.valved(&control);
    (control, source)
}

/// Waits for the next message of a link. No wait of the program's own: it is not reported.
#[track_caller]
pub(super) fn pull<T: Value>(source: &Source<T>) -> Pull<T> {
    Pull { source: source.clone(), suspension: Suspension::of_link() }
}

pub(super) struct Pull<T> {
    source: Source<T>,
    suspension: Suspension,
}

impl<T: Value> Future for Pull<T> {
    type Output = core::result::Result<Item<T>, Ending>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        std::task::ready!(this.suspension.begin(cx));
        take_or_wait(&*this.source.supply)
    }
}

/// `source ==> target`: every message, lastingly.
pub fn forward<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    target: Target<T>,
) -> Net<()> {
    link(me, source, target, Often::Always)
}

/// `source --> target`: one message.
pub fn forward_once<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    target: Target<T>,
) -> Net<()> {
    link(me, source, target, Often::Once)
}

fn link<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    target: Target<T>,
    often: Often,
) -> Net<()> {
    let (control, source) = connect(source);
    me.link(&control, carry(control.clone(), source, target, often));
    nothing(&control)
}

async fn carry<T: Value>(
    control: Arc<Control>,
    source: Source<T>,
    target: Target<T>,
    often: Often,
) -> Result<()> {
    let _life = control.link();
    while let Ok(item) = pull(&source).await {
        let _flight = control.take_off();
        let sent = target.send_checked(item.value);
        if let Err(exception) = sent.or_else(|exception| control.fail(exception)) {
            give_up(exception).await;
        }
        if often == Often::Once {
            break;
        }
    }
    Ok(())
}

/// A network that yields no results.
pub(super) fn nothing(control: &Arc<Control>) -> Net<()> {
    Net::new(control, output(Some(control)).1)
}

/// The payloads that arrive at a request port. Each carries its request along through stages,
/// `alternate` and `merge`, to [`answer`].
pub fn serve<A: Agent, T: Value, R: Value>(
    _: &Me<A>,
    port: &Port<Request<T, R>>,
) -> Source<T> {
    port.source().payloads()
}

/// The results of a network that begins at a request port become the replies.
pub fn answer<R: Value>(me: &Me<impl Agent>, net: Net<R>) -> Net<()> {
    let (control, source) = connect(net.source());
    me.link(&control, reply::<R>(control.clone(), source));
    nothing(&control)
}

async fn reply<R: Value>(control: Arc<Control>, source: Source<R>) -> Result<()> {
    let _life = control.link();
    while let Ok(item) = pull(&source).await {
        let _flight = control.take_off();
        // A result without a request answers nobody.
        let Some(tag) = item.tag else { continue };
        let Ok(right) = tag.0.downcast::<ReplyRight<R>>() else { continue };
        let replied = right.reply(item.value);
        if let Err(exception) = replied.or_else(|exception| control.fail(exception)) {
            give_up(exception).await;
        }
    }
    Ok(())
}

/// `sources >>- …`: whatever comes first.
pub fn merge<A: Agent, T: Value>(_: &Me<A>, sources: Vec<Source<T>>) -> Source<T> {
    join::merge(sources)
}

/// `sources &>- …`: one message from each, as an array.
pub fn combine<A: Agent, T: Value>(
    _: &Me<A>,
    sources: Vec<Source<T>>,
) -> Source<Array<T>> {
    join::join_array(sources)
}

// One for each length that a tuple may have.
macro_rules! combines {
    ($($name:ident is $join:ident($($part:ident: $T:ident),*);)*) => { $(
        /// `{ … } &>- …` over unlike sources: one message from each, as a tuple.
        pub fn $name<Own: Agent, $($T: Value),*>(
            _: &Me<Own>,
            $($part: Source<$T>),*
        ) -> Source<($($T),*)> {
            join::$join(($($part),*))
        }
    )* };
}

combines! {
    combine2 is join2(a: A, b: B);
    combine3 is join3(a: A, b: B, c: C);
    combine4 is join4(a: A, b: B, c: C, d: D);
    combine5 is join5(a: A, b: B, c: C, d: D, e: E);
    combine6 is join6(a: A, b: B, c: C, d: D, e: E, f: F);
    combine7 is join7(a: A, b: B, c: C, d: D, e: E, f: F, g: G);
    combine8 is join8(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H);
    combine9 is join9(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I);
    combine10 is join10(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J);
    combine11 is join11(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J, k: K);
    combine12 is join12(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J, k: K, l: L);
}
