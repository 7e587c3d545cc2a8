//! How the body of an iterator hands over one element, and is resumed up to its next one. It does not
//! know what a body is, or when it is resumed: see `generator`.

use std::any::TypeId;
use std::cell::Cell;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use crate::value::Result;

/// The future of a body: it ends when there are no more elements, or with what was thrown.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<()>> + Send + Sync>>;

/// Where an element is left for the consumer. The layout is fixed, so that the type can be read before
/// it is known.
#[repr(C)]
struct Handoff<T> {
    /// Of the elements.
    ty: TypeId,
    /// The consumer wants no more.
    stop: bool,
    element: Cell<Option<T>>,
}

/// Marks the wakers made by [`resume`]; a clone of one is a waker that does nothing.
static OWN: RawWakerVTable = RawWakerVTable::new(idle, ignore, ignore, ignore);
static IDLE: RawWakerVTable = RawWakerVTable::new(idle, ignore, ignore, ignore);

fn idle(_: *const ()) -> RawWaker {
    RawWaker::new(ptr::null(), &IDLE)
}

fn ignore(_: *const ()) {}

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

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let waker = cx.waker();
        let ours = ptr::eq(waker.vtable(), &raw const OWN);
        assert!(ours, "only a body that is gone through hands over elements");
        // SAFETY: `resume` alone makes wakers with this table. Their data is a `Handoff` on its own
        // stack, which outlives the poll; the type of its elements is its first field (`repr(C)`).
        let ty = unsafe { *waker.data().cast::<TypeId>() };
        assert!(ty == TypeId::of::<T>(), "a body hands over elements of its own type");
        // SAFETY: as above, and `T` is the type of its elements.
        let handoff = unsafe { &*waker.data().cast::<Handoff<T>>() };
        match self.element.take() {
            Some(element) if !handoff.stop => {
                handoff.element.set(Some(element));
                Poll::Pending
            }
            _ => Poll::Ready(handoff.stop),
        }
    }
}

/// Runs a body up to its next element. `None` is its end.
pub(super) fn resume<T: 'static>(body: &mut Running, stop: bool) -> Option<Result<T>> {
    let handoff = Handoff { ty: TypeId::of::<T>(), stop, element: Cell::new(None) };
    // SAFETY: the functions of the table do nothing with the data, and the waker, of which clones have
    // other data, is dropped before `handoff`.
    let waker = unsafe { Waker::new((&raw const handoff).cast(), &OWN) };
    match body.as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Ready(Ok(())) => None,
        Poll::Ready(Err(thrown)) => Some(Err(thrown)),
        Poll::Pending => handoff.element.take().map(Ok),
    }
}
