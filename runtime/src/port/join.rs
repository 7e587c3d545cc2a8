//! Several sources as one: one message from each or none (join, combine), or any of them (merge).
//! They have no queue; what is not taken stays where it is.
//!
//! A join takes the turns of all its sources, in the order of their addresses so that two joins of the
//! same sources never hold each other up for long, and takes the heads only if all are there. It may
//! sleep while some heads are there: then at least one of the others is armed.
//!
//! Ports of one end with a protocol give their messages in the order in which they were sent. A join
//! of several of them has all when they are the next ones of the conversation, in whatever order, and
//! takes them in that order.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::Value;
use super::outlook::Outlook;
use super::source::{Ending, Front, InOrder, Item, Source, Supply, Take};
use crate::mailbox::Look;
use crate::mailbox::waiters::WaitPool;
use crate::network::control::Control;
use crate::scheduler::current;
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::Origin;
use crate::value::Array;

/// Where a message of some type is to be put: an `Option` of that type.
type Place<'a> = &'a mut dyn Any;

/// A source of a join, whatever it carries.
trait Part: Send + Sync {
    fn enter(&self, registered: bool) -> Option<Box<dyn PartFront + '_>>;
    fn arm(&self, pool: &mut WaitPool) -> bool;
    fn origin(&self) -> Origin;
    fn more_origins(&self, into: &mut Vec<Origin>);
    fn outlook(&self) -> Outlook;
    fn address(&self) -> usize;
    fn is_own(&self, strand: &Strand) -> bool;
    fn feeds(&self, into: &mut Vec<Arc<Control>>);
    fn valved(&self, control: &Arc<Control>) -> Arc<dyn Part>;
    fn dispose(&self);
}

trait PartFront {
    fn look(&mut self, n: usize) -> Look;
    /// Puts a copy of the `n`-th message into its place; `false` if there is none.
    fn peek(&mut self, n: usize, place: Place<'_>) -> bool;
    /// Puts the head into its place; `false` if there is none.
    fn pop(&mut self, place: Place<'_>) -> bool;
    fn guard(&mut self);
    fn ending(&self) -> Ending;
    fn order(&mut self, n: usize) -> Option<InOrder>;
}

impl<T: Value> Part for Source<T> {
    fn enter(&self, registered: bool) -> Option<Box<dyn PartFront + '_>> {
        let front = self.supply.enter(registered)?;
        Some(Box::new(TypedFront(front)))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        if self.supply.arm(pool) {
            return true;
        }
        // Something is there, which is fine for a join; if it has gone meanwhile, arm again.
        match self.supply.enter(true) {
            Some(mut front) => front.look(0) != Look::Empty,
            None => true,
        }
    }

    fn origin(&self) -> Origin {
        self.supply.origin()
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        self.supply.more_origins(into);
    }

    fn outlook(&self) -> Outlook {
        self.supply.outlook()
    }

    fn address(&self) -> usize {
        self.supply.address()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.supply.is_own(strand)
    }

    fn feeds(&self, into: &mut Vec<Arc<Control>>) {
        self.supply.feeds(into);
    }

    fn valved(&self, control: &Arc<Control>) -> Arc<dyn Part> {
        Arc::new(Source::valved(self, control))
    }

    fn dispose(&self) {
        self.supply.dispose();
    }
}

struct TypedFront<'a, T>(Box<dyn Front<T> + 'a>);

impl<T: Value> PartFront for TypedFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        self.0.look(n)
    }

    fn peek(&mut self, n: usize, place: Place<'_>) -> bool {
        let message = self.0.peek(n);
        put(message, place)
    }

    fn pop(&mut self, place: Place<'_>) -> bool {
        let message = self.0.pop().map(|item| item.value);
        put(message, place)
    }

    fn guard(&mut self) {
        self.0.guard();
    }

    fn ending(&self) -> Ending {
        self.0.ending()
    }

    fn order(&mut self, n: usize) -> Option<InOrder> {
        self.0.order(n)
    }
}

/// Whether there is a message, which is in its place then.
fn put<T: 'static>(message: Option<T>, place: Place<'_>) -> bool {
    let Some(place) = place.downcast_mut::<Option<T>>() else { return false };
    *place = message;
    place.is_some()
}

/// Gets the message of a member into its place; `false` if there is none.
type Get<'a> = dyn FnMut(usize, Place<'_>) -> bool + 'a;

/// What a joined message is made of.
trait Shape<U>: Send + Sync {
    /// Gets the messages of all members, in this order, and joins them.
    fn gather(
        &self,
        order: &mut dyn Iterator<Item = usize>,
        get: &mut Get<'_>,
    ) -> Option<U>;
}

/// One message from each of several sources.
struct Joined<U> {
    /// Distinct sources, by address.
    parts: Vec<Arc<dyn Part>>,
    /// For each member of the joined message: its source among `parts`.
    members: Vec<usize>,
    /// For each member: how many before it have the same source.
    nths: Vec<usize>,
    /// For each source: how many members it gives.
    counts: Vec<usize>,
    shape: Arc<dyn Shape<U>>,
}

impl<U> fmt::Debug for Joined<U> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Joined({})", self.members.len())
    }
}

impl<U: Value> Joined<U> {
    fn new(sources: Vec<Arc<dyn Part>>, shape: Arc<dyn Shape<U>>) -> Self {
        let mut parts = sources.clone();
        parts.sort_by_key(|part| part.address());
        parts.dedup_by_key(|part| part.address());
        let mut counts = vec![0; parts.len()];
        let mut members = Vec::with_capacity(sources.len());
        let mut nths = Vec::with_capacity(sources.len());
        for source in &sources {
            let address = source.address();
            let part = parts.partition_point(|part| part.address() < address);
            members.push(part);
            nths.push(counts[part]);
            counts[part] += 1;
        }
        Self { parts, members, nths, counts, shape }
    }

    fn enter_all(&self, registered: bool) -> Option<JoinedFront<'_, U>> {
        let fronts = self
            .parts
            .iter()
            .map(|part| part.enter(registered))
            .collect::<Option<_>>()?;
        Some(JoinedFront { joined: self, fronts })
    }
}

impl<U: Value> Supply<U> for Joined<U> {
    fn take(&self, registered: bool) -> Take<U> {
        let Some(mut front) = self.enter_all(registered) else { return Take::Busy };
        match front.look(0) {
            Look::Empty => Take::Empty,
            Look::Over => Take::Over(front.ending()),
            Look::Ready => match front.pop() {
                Some(item) => Take::Item(item),
                // A protocol has moved since the look.
                None => Take::Busy,
            },
        }
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<U> + '_>> {
        let front = self.enter_all(registered)?;
        Some(Box::new(front))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        let mut armed = true;
        for part in &self.parts {
            armed &= part.arm(pool);
        }
        armed
    }

    fn origin(&self) -> Origin {
        let first = self.members.first();
        first.map_or(Origin::other("no source"), |first| self.parts[*first].origin())
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        for (index, member) in self.members.iter().enumerate() {
            if index > 0 {
                into.push(self.parts[*member].origin().joined());
            }
            self.parts[*member].more_origins(into);
        }
    }

    fn outlook(&self) -> Outlook {
        Outlook::all(self.members.iter().map(|member| self.parts[*member].outlook()))
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.parts.iter().any(|part| part.is_own(strand))
    }

    fn feeds(&self, into: &mut Vec<Arc<Control>>) {
        self.parts.iter().for_each(|part| part.feeds(into));
    }

    fn valved(&self, _: &Source<U>, control: &Arc<Control>) -> Source<U> {
        let sources = self
            .members
            .iter()
            .map(|member| self.parts[*member].clone())
            .collect::<Vec<_>>();
        // Valves keep the addresses, so the members stay what they are.
        let valved = sources.iter().map(|part| part.valved(control)).collect();
        Source::new(Self::new(valved, self.shape.clone()))
    }

    fn dispose(&self) {
        self.parts.iter().for_each(|part| part.dispose());
    }
}

struct JoinedFront<'a, U> {
    joined: &'a Joined<U>,
    fronts: Vec<Box<dyn PartFront + 'a>>,
}

impl<U: Value> JoinedFront<'_, U> {
    /// Whether all parts of the `n`-th message are there and come one after the other in their
    /// conversations: each source for itself knows only of its own.
    fn are_in_order(&mut self, n: usize) -> bool {
        let mut places = Vec::new();
        for part in 0..self.fronts.len() {
            let n_wanted = (n + 1) * self.joined.counts[part];
            let front = &mut self.fronts[part];
            if front.look(n_wanted - 1) == Look::Ready && front.order(0).is_none() {
                continue;
            }
            for nth in 0..n_wanted {
                let Some(place) = front.order(nth) else { return false };
                places.push(place);
            }
        }
        places.sort();
        let follows = |pair: &[InOrder]| {
            let next = InOrder { before: pair[0].before + 1, ..pair[0] };
            pair[1] == next || begins(&pair[1], pair[0].conversation)
        };
        places.first().is_none_or(|first| first.before == 0)
            && places.windows(2).all(follows)
    }
}

/// Whether the place is the first of a conversation other than the one given.
fn begins(place: &InOrder, other: usize) -> bool {
    place.before == 0 && place.conversation != other
}

impl<U: Value> Front<U> for JoinedFront<'_, U> {
    fn look(&mut self, n: usize) -> Look {
        if self.fronts.is_empty() {
            return Look::Over;
        }
        let mut all = Look::Ready;
        for part in 0..self.fronts.len() {
            let last = (n + 1) * self.joined.counts[part] - 1;
            match self.fronts[part].look(last) {
                Look::Over => return Look::Over,
                Look::Empty => all = Look::Empty,
                Look::Ready => {}
            }
        }
        if all == Look::Empty && self.are_in_order(n) { Look::Ready } else { all }
    }

    fn peek(&mut self, n: usize) -> Option<U> {
        let (joined, fronts) = (self.joined, &mut self.fronts);
        // A source that occurs several times gives as many messages, in order.
        let mut get = |member: usize, place: Place<'_>| {
            let part = joined.members[member];
            fronts[part].peek(n * joined.counts[part] + joined.nths[member], place)
        };
        joined.shape.gather(&mut (0..joined.members.len()), &mut get)
    }

    fn pop(&mut self) -> Option<Item<U>> {
        let (joined, fronts) = (self.joined, &mut self.fronts);
        let mut order: Vec<usize> = Vec::new();
        if fronts.iter_mut().any(|front| front.order(0).is_some()) {
            // Conversations go on with what was sent first, whichever member that is.
            order.extend(0..joined.members.len());
            order.sort_by_cached_key(|member| {
                let front = &mut fronts[joined.members[*member]];
                front.order(joined.nths[*member]).map_or(0, |place| place.before)
            });
        }
        let mut get =
            |member: usize, place: Place<'_>| fronts[joined.members[member]].pop(place);
        let mut in_order = (0..joined.members.len()).map(|n| *order.get(n).unwrap_or(&n));
        let message = joined.shape.gather(&mut in_order, &mut get);
        message.map(Item::plain)
    }

    fn guard(&mut self) {
        self.fronts.iter_mut().for_each(|front| front.guard());
    }

    fn ending(&self) -> Ending {
        // The failure of one of them says more than the end of another.
        let mut endings = self.fronts.iter().map(|front| front.ending());
        endings
            .find(|ending| matches!(ending, Ending::Failed(_)))
            .unwrap_or(Ending::Normal)
    }
}

/// So many messages as an array.
struct Row(usize);

impl<T: Value> Shape<Array<T>> for Row {
    fn gather(
        &self,
        order: &mut dyn Iterator<Item = usize>,
        get: &mut Get<'_>,
    ) -> Option<Array<T>> {
        let mut places: Vec<Option<T>> = Vec::new();
        places.resize_with(self.0, || None);
        for member in order {
            if !get(member, &mut places[member]) {
                return None;
            }
        }
        places.into_iter().collect::<Option<Vec<T>>>().map(Array::from_vec)
    }
}

/// One message from each source, as an array. No sources: it is over at once.
pub(crate) fn join_array<T: Value>(sources: Vec<Source<T>>) -> Source<Array<T>> {
    let shape = Arc::new(Row(sources.len()));
    let parts =
        sources.into_iter().map(|source| Arc::new(source) as Arc<dyn Part>).collect();
    Source::new(Joined::new(parts, shape))
}

/// One message of each type as a tuple.
struct Tuple;

macro_rules! joins {
    ($($name:ident($($part:ident: $T:ident = $member:literal),*);)*) => { $(
        impl<$($T: Value),*> Shape<($($T),*)> for Tuple {
            fn gather(
                &self,
                order: &mut dyn Iterator<Item = usize>,
                get: &mut Get<'_>,
            ) -> Option<($($T),*)> {
                $(let mut $part: Option<$T> = None;)*
                for member in order {
                    let place: Place<'_> = match member {
                        $($member => &mut $part,)*
                        _ => return None,
                    };
                    if !get(member, place) {
                        return None;
                    }
                }
                Some(($($part?),*))
            }
        }

        /// One message from each source, as a tuple.
        pub(crate) fn $name<$($T: Value),*>(
            ($($part),*): ($(Source<$T>),*)
        ) -> Source<($($T),*)> {
            let parts = vec![$(Arc::new($part) as Arc<dyn Part>),*];
            Source::new(Joined::new(parts, Arc::new(Tuple)))
        }
    )* };
}

joins! {
    join2(a: A = 0, b: B = 1);
    join3(a: A = 0, b: B = 1, c: C = 2);
    join4(a: A = 0, b: B = 1, c: C = 2, d: D = 3);
    join5(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4);
    join6(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5);
    join7(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5, g: G = 6);
    join8(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5, g: G = 6, h: H = 7);
    join9(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5, g: G = 6, h: H = 7, i: I = 8);
    join10(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5, g: G = 6, h: H = 7, i: I = 8, j: J = 9);
    join11(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5, g: G = 6, h: H = 7, i: I = 8, j: J = 9, k: K = 10);
    join12(a: A = 0, b: B = 1, c: C = 2, d: D = 3, e: E = 4, f: F = 5, g: G = 6, h: H = 7, i: I = 8, j: J = 9, k: K = 10, l: L = 11);
}

/// Whatever comes first from any of several sources.
struct Merged<T> {
    parts: Vec<Source<T>>,
}

/// Any of the sources. No sources: it is over at once.
pub(crate) fn merge<T: Value>(parts: Vec<Source<T>>) -> Source<T> {
    Source::new(Merged { parts })
}

impl<T: Value> Merged<T> {
    /// The parts, beginning with another one each time, so that none is preferred.
    fn in_turn(&self) -> impl Iterator<Item = &Source<T>> {
        let n_parts = self.parts.len();
        let start = current::random(n_parts);
        (0..n_parts).map(move |step| &self.parts[(start + step) % n_parts])
    }
}

impl<T: Value> Supply<T> for Merged<T> {
    fn take(&self, registered: bool) -> Take<T> {
        let mut outcome = Take::Over(Ending::Normal);
        for part in self.in_turn() {
            match part.supply.take(registered) {
                Take::Item(item) => return Take::Item(item),
                Take::Busy => outcome = Take::Busy,
                Take::Empty => {
                    if matches!(outcome, Take::Over(_)) {
                        outcome = Take::Empty;
                    }
                }
                Take::Over(ending @ Ending::Failed(_)) => {
                    if matches!(outcome, Take::Over(_)) {
                        outcome = Take::Over(ending);
                    }
                }
                Take::Over(_) => {}
            }
        }
        outcome
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>> {
        let mut is_over = true;
        let mut ending = Ending::Normal;
        for part in self.in_turn() {
            let mut front = part.supply.enter(registered)?;
            match front.look(0) {
                // Only the turn of the one that will be taken from is kept.
                Look::Ready => {
                    let chosen = Some(front);
                    return Some(Box::new(MergedFront {
                        chosen,
                        is_over: false,
                        ending,
                    }));
                }
                Look::Empty => is_over = false,
                Look::Over => {
                    if let failed @ Ending::Failed(_) = front.ending() {
                        ending = failed;
                    }
                }
            }
        }
        Some(Box::new(MergedFront { chosen: None, is_over, ending }))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        let mut armed = true;
        for part in &self.parts {
            // One that is over can be neither armed nor looked at again.
            armed &= part.supply.arm(pool) || is_over(part);
        }
        armed
    }

    fn origin(&self) -> Origin {
        let first = self.parts.first();
        first.map_or(Origin::other("no source"), |part| part.supply.origin())
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                into.push(part.supply.origin());
            }
            part.supply.more_origins(into);
        }
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.parts.iter().any(|part| part.supply.is_own(strand))
    }

    fn feeds(&self, into: &mut Vec<Arc<Control>>) {
        self.parts.iter().for_each(|part| part.supply.feeds(into));
    }

    fn valved(&self, _: &Source<T>, control: &Arc<Control>) -> Source<T> {
        merge(self.parts.iter().map(|part| part.valved(control)).collect())
    }

    fn dispose(&self) {
        self.parts.iter().for_each(|part| part.supply.dispose());
    }
}

fn is_over<T: Value>(source: &Source<T>) -> bool {
    source.supply.enter(true).is_some_and(|mut front| front.look(0) == Look::Over)
}

struct MergedFront<'a, T> {
    chosen: Option<Box<dyn Front<T> + 'a>>,
    is_over: bool,
    /// Of one that is over, if any is.
    ending: Ending,
}

impl<T: Value> Front<T> for MergedFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        match &mut self.chosen {
            Some(front) => front.look(n),
            None if self.is_over => Look::Over,
            None => Look::Empty,
        }
    }

    fn peek(&mut self, n: usize) -> Option<T> {
        self.chosen.as_mut()?.peek(n)
    }

    fn pop(&mut self) -> Option<Item<T>> {
        self.chosen.as_mut()?.pop()
    }

    fn guard(&mut self) {
        if let Some(front) = &mut self.chosen {
            front.guard();
        }
    }

    fn ending(&self) -> Ending {
        self.ending.clone()
    }

    fn order(&mut self, n: usize) -> Option<InOrder> {
        self.chosen.as_mut()?.order(n)
    }
}
