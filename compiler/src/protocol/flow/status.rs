//! What may be true of one value at one point: the states in which it may be, and how it got
//! there. It knows no protocol.

use std::rc::Rc;

use crate::hir::PortId;
use crate::support::span::Span;

/// One possibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Status {
    /// An end in this state of its protocol; a request that is open or answered.
    State(u32),
    /// An end whose conversation is over.
    End,
    /// In whatever state: looked at when the program runs.
    Unknown,
    /// As `Unknown`, and somebody else owns it.
    Borrowed,
    /// Given away.
    Moved,
}

impl Status {
    /// A request that waits for its answer.
    pub(super) const OPEN: Self = Self::State(0);
    /// A request with an answer.
    pub(super) const ANSWERED: Self = Self::State(1);

    pub(super) fn state(index: usize) -> Self {
        Self::State(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Of the state that follows a move.
    pub(super) fn next(next: Option<usize>) -> Self {
        next.map_or(Self::End, Self::state)
    }
}

/// Where a value went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocol) enum Into {
    Argument,
    Local,
    Field,
    Value,
    Message,
    Returned,
    Lambda,
}

/// Who owns what is borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocol) enum Owner {
    /// A field of an agent, domain or record.
    Field,
    /// A collection, by an index or a loop.
    Collection,
    /// The body around a lambda or local function.
    Around,
    /// Who has called a method of a record.
    Caller,
}

/// Something that happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Created,
    /// A type `C@State` says so.
    Declared,
    /// An agent runs its constructor.
    Began,
    Sent(PortId),
    Received(PortId),
    /// A request was received.
    Request,
    Answered,
    Moved(Into),
    Borrowed(Owner),
    Assumed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) span: Span,
    pub(super) event: Event,
    /// What the value was after it.
    pub(super) after: Status,
}

/// The last few things that happened, oldest first.
pub(super) type Path = Rc<[Step]>;

/// As many steps as a report shows.
const LONGEST: usize = 3;

/// A path of one step.
pub(super) fn path(span: Span, event: Event, after: Status) -> Path {
    Rc::new([Step { span, event, after }])
}

/// A path and one more step.
pub(super) fn longer(path: &Path, step: Step) -> Path {
    let from = (path.len() + 1).saturating_sub(LONGEST);
    path[from..].iter().copied().chain([step]).collect()
}

/// All possibilities, each with one way to it, in order.
#[derive(Clone, Debug)]
pub(super) struct Set(Rc<[(Status, Path)]>);

impl Set {
    pub(super) fn one(status: Status, path: Path) -> Self {
        Self(Rc::new([(status, path)]))
    }

    /// Nothing about it is known.
    pub(super) fn unknown() -> Self {
        Self::one(Status::Unknown, Rc::new([]))
    }

    /// It keeps the first way to each possibility.
    pub(super) fn from(parts: impl IntoIterator<Item = (Status, Path)>) -> Self {
        let mut all: Vec<(Status, Path)> = parts.into_iter().collect();
        all.sort_by_key(|it| it.0);
        all.dedup_by_key(|it| it.0);
        Self(all.into())
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, (Status, Path)> {
        self.0.iter()
    }

    pub(super) fn get(&self, status: Status) -> Option<&Path> {
        let at = self.0.binary_search_by_key(&status, |it| it.0).ok()?;
        Some(&self.0[at].1)
    }

    pub(super) fn has(&self, status: Status) -> bool {
        self.get(status).is_some()
    }

    /// Whether this is the only possibility.
    pub(super) fn is(&self, status: Status) -> bool {
        matches!(&*self.0, [(only, _)] if *only == status)
    }

    /// The possibilities without their paths.
    pub(super) fn statuses(&self) -> Vec<Status> {
        self.0.iter().map(|it| it.0).collect()
    }

    pub(super) fn without(&self, gone: Status) -> Self {
        Self(self.0.iter().filter(|it| it.0 != gone).cloned().collect())
    }

    /// Adds what `other` has; whether anything came.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        if Rc::ptr_eq(&self.0, &other.0) || other.iter().all(|it| self.has(it.0)) {
            return false;
        }
        if let [new] = &*other.0 {
            let at = self.0.partition_point(|it| it.0 < new.0);
            let (before, behind) = self.0.split_at(at);
            self.0 = before.iter().chain([new]).chain(behind).cloned().collect();
            return true;
        }
        // Sorting is stable: known possibilities keep their ways.
        *self = Self::from(self.iter().chain(other.iter()).cloned());
        true
    }
}
