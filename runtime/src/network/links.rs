//! Links without a stage: forward, once or lastingly, and the answers of a network to requests.
//! They do not change messages.
#![expect(clippy::too_many_arguments, reason = "one for each source")]

use std::sync::Arc;

use super::control::{Control, give_up};
use super::feed::{Feed, Inlet, open};
use super::net::Net;
use super::output::output;
use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::port::join;
use crate::port::request::{ReplyRight, Request};
use crate::port::source::{Ending, Item, Receive, Source};
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
    let source = source.valved(&control);
    (control, source)
}

/// `source ==> target`: every message, lastingly.
pub fn forward<A: Agent, I: Inlet>(
    me: &Me<A>,
    inlet: I,
    target: Target<I::Item>,
) -> Net<()> {
    link(me, inlet, target, Often::Always)
}

/// `source --> target`: one message.
pub fn forward_once<A: Agent, T: Value>(
    me: &Me<A>,
    source: Source<T>,
    target: Target<T>,
) -> Net<()> {
    link(me, source, target, Often::Once)
}

fn link<A: Agent, I: Inlet>(
    me: &Me<A>,
    inlet: I,
    target: Target<I::Item>,
    often: Often,
) -> Net<()> {
    let mut feed = open(inlet);
    let control = feed.control();
    me.link(&control, async move {
        carry(&mut feed, often, |item| target.send_checked(item.value)).await;
        Ok(())
    });
    nothing(&control)
}

/// Gives each message of a feed to `finish`, and tells why there are no more.
pub(super) async fn carry<T: Value, U: Value, F>(
    feed: &mut Feed<T, U, F>,
    often: Often,
    mut finish: impl FnMut(Item<U>) -> Result<()> + Send,
) -> Ending
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    loop {
        let item = match feed.next().await {
            Ok(item) => item,
            Err(ending) => return ending,
        };
        if let Err(exception) = finish(item)
            && let Err(exception) = feed.tell(exception)
        {
            give_up(exception).await;
        }
        if often == Often::Once {
            return Ending::Normal;
        }
    }
}

/// A network that yields no results.
pub(super) fn nothing(control: &Arc<Control>) -> Net<()> {
    Net::new(control, output(control).1)
}

/// The payloads that arrive at a request port. Each carries its request along through stages,
/// `alternate` and `merge`, to [`answer`].
pub fn serve<A: Agent, T: Value, R: Value>(
    _: &Me<A>,
    port: &impl Receive<Item = Request<T, R>>,
) -> Source<T> {
    port.source().payloads()
}

/// The results of a network that begins at a request port become the replies.
pub fn answer<I: Inlet>(me: &Me<impl Agent>, inlet: I) -> Net<()> {
    let mut feed = open(inlet);
    let control = feed.control();
    me.link(&control, async move {
        carry(&mut feed, Often::Always, reply::<I::Item>).await;
        Ok(())
    });
    nothing(&control)
}

/// A result without a request answers nobody.
fn reply<R: Value>(item: Item<R>) -> Result<()> {
    let Some(tag) = item.tag else { return Ok(()) };
    let Ok(right) = tag.0.downcast::<ReplyRight<R>>() else { return Ok(()) };
    right.reply(item.value)
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
