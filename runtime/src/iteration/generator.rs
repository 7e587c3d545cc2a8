//! Iterator bodies: an async block that hands over one element each time it is polled.
//! It does not know where the elements go (`seq`), and it never touches the scheduler.
//!
//! The body of an iterator becomes a future that nothing but [`Body`] polls. `yield return` is
//! [`give`]: it leaves the element in a slot on the consumer's stack and is pending once. The way to
//! that slot is the waker's data pointer, so an enumeration needs no storage but the future itself.
//!
//! Leaving a loop early resumes the body once more, and then every `give` answers that it is to stop:
//! the generated code returns, and pending `finally` blocks run on the way.

use std::any::TypeId;
use std::cell::Cell;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use crate::stack;
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
fn resume<T: 'static>(body: &mut Running, stop: bool) -> Option<Result<T>> {
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

/// One enumeration of an iterator's elements.
pub struct Body<T: 'static> {
    /// `None` once it has ended.
    running: Option<Running>,
    /// The first element was asked for.
    started: bool,
    elements: std::marker::PhantomData<fn() -> T>,
}

impl<T> Body<T> {
    pub(super) fn new(running: Running) -> Self {
        Self {
            running: Some(running),
            started: false,
            elements: std::marker::PhantomData,
        }
    }
}

impl<T> Iterator for Body<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        // A body that is left by unwinding is gone.
        let mut running = self.running.take()?;
        self.started = true;
        if let Err(thrown) = stack::deep() {
            return Some(Err(thrown));
        }
        let next = resume(&mut running, false);
        if matches!(next, Some(Ok(_))) {
            self.running = Some(running);
        }
        next
    }
}

impl<T> Drop for Body<T> {
    fn drop(&mut self) {
        if let (true, Some(running)) = (self.started, &mut self.running) {
            // What a `finally` block throws here has nobody left to catch it.
            let _ = stack::caught(|| resume::<T>(running, true));
        }
    }
}

impl<T> std::fmt::Debug for Body<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").field("started", &self.started).finish_non_exhaustive()
    }
}
