//! How the body of an iterator hands over one element, and is resumed up to its next one. It does not
//! know what a body is, or when it is resumed: see `generator`.
//!
//! Both meet at a place that belongs to the enumeration. While a body runs, its thread keeps the place;
//! a body that goes through another one sets its own aside meanwhile.

use std::any::Any;
use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::value::Result;

/// The future of a body: it ends when there are no more elements, or with what was thrown.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<()>> + Send + Sync>>;

/// Where an element is left for the consumer.
struct Handoff<T> {
    /// The consumer wants no more.
    stop: bool,
    element: Option<T>,
}

/// A [`Handoff`] of elements whose type only the body and its consumer know.
type Place = Box<dyn Any + Send + Sync>;

fn of<T: 'static>(place: &mut Place) -> &mut Handoff<T> {
    place.downcast_mut().expect("a body hands over elements of its own type")
}

thread_local! {
    /// That of the body that runs.
    static CURRENT: Cell<Option<Place>> = const { Cell::new(None) };
}

/// `yield return element;`. The result says whether to stop.
pub fn give<T: Unpin + 'static>(element: T) -> Give<T> {
    Give { element: Some(element) }
}

/// What [`give`] waits for: the consumer's wish for more, or for the end.
#[derive(Debug)]
pub struct Give<T> {
    element: Option<T>,
}

impl<T: Unpin + 'static> Future for Give<T> {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<bool> {
        let place = CURRENT.take();
        let mut place = place.expect("only a body that is gone through gives elements");
        let handoff = of::<T>(&mut place);
        let next = match self.element.take() {
            Some(element) if !handoff.stop => {
                handoff.element = Some(element);
                Poll::Pending
            }
            _ => Poll::Ready(handoff.stop),
        };
        CURRENT.set(Some(place));
        next
    }
}

/// A body with the place where it leaves its elements.
pub(super) struct Enumeration {
    body: Running,
    /// `None` while the body runs.
    place: Option<Place>,
}

impl Enumeration {
    /// Of a body that gives elements of type `T`.
    pub(super) fn new<T: Send + Sync + 'static>(body: Running) -> Self {
        let handoff = Handoff::<T> { stop: false, element: None };
        Self { body, place: Some(Box::new(handoff)) }
    }

    /// Runs the body up to its next element. `None` is its end, or that it was left by unwinding before.
    pub(super) fn resume<T: 'static>(&mut self, stop: bool) -> Option<Result<T>> {
        let mut place = self.place.take()?;
        of::<T>(&mut place).stop = stop;
        let outer = Aside(CURRENT.replace(Some(place)));
        let polled = self.body.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.place = CURRENT.take();
        drop(outer);
        match polled {
            Poll::Ready(Ok(())) => None,
            Poll::Ready(Err(thrown)) => Some(Err(thrown)),
            Poll::Pending => of::<T>(self.place.as_mut()?).element.take().map(Ok),
        }
    }
}

/// The place of the body further out, until the one that it goes through has run or is unwound.
struct Aside(Option<Place>);

impl Drop for Aside {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}
