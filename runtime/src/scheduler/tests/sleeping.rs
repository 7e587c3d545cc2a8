//! Activities that never run, for tests of what sleeps at queues: who makes one hears when it is woken.
//!
//! They stay until the model ends: loom does not know that memory is given out again only after whoever had
//! it before is done, so it would let a new sleeper find its address in old values of heads.

use std::cell::RefCell;
use std::future;
use std::mem::ManuallyDrop;
use std::rc::Rc;

use crate::scheduler::strand::{ActivityRef, Owner, Runnable};

/// Whose strands do nothing.
pub(super) struct Nobody;

impl Owner for Nobody {
    const NAME: &'static str = "Nobody";

    type Part = ();
}

/// One of them. Loom runs the threads of a model on one thread of the system.
struct Sleeping {
    // A model that has failed leaves some, which must not be touched outside of it.
    strand: ManuallyDrop<Runnable>,
    hear: Rc<dyn Fn()>,
    /// Models are smaller if handles do not go one by one.
    woken: Vec<ManuallyDrop<ActivityRef>>,
}

thread_local! {
    static ALL: RefCell<Vec<Sleeping>> = const { RefCell::new(Vec::new()) };
}

/// A new one; `hear` is called when it is woken.
pub(crate) fn sleeper(hear: impl Fn() + 'static) -> ActivityRef {
    let strand = Runnable::of_new(Nobody, future::pending());
    let sleeper = strand.first().clone();
    let strand = ManuallyDrop::new(strand);
    ALL.with_borrow_mut(|all| {
        all.push(Sleeping { strand, hear: Rc::new(hear), woken: Vec::new() })
    });
    sleeper
}

/// Tells whoever has made it; gives back what is none of these.
pub(crate) fn hear(woken: ActivityRef) -> Option<ActivityRef> {
    let at = woken.front().address();
    let heard = ALL.with_borrow_mut(|all| {
        let Some(it) = all.iter_mut().find(|it| it.strand.address() == at) else {
            return Err(woken);
        };
        if cfg!(loom) {
            it.woken.push(ManuallyDrop::new(woken));
            Ok((it.hear.clone(), None))
        } else {
            Ok((it.hear.clone(), Some(woken)))
        }
    });
    match heard {
        Err(woken) => Some(woken),
        Ok((hear, woken)) => {
            drop(woken);
            hear();
            None
        }
    }
}

/// Explores a model whose sleepers go at its end.
#[cfg(loom)]
pub(crate) fn check(
    mut model: loom::model::Builder,
    body: impl Fn() + Sync + Send + 'static,
) {
    // What ends at the end counts, too.
    model.max_branches = 10_000;
    model.check(move || {
        body();
        for it in ALL.take() {
            let strand = ManuallyDrop::into_inner(it.strand);
            strand.within(|| {
                strand.first().finish();
                strand.end_lone_by(|_| ());
            });
            it.woken.into_iter().for_each(|it| drop(ManuallyDrop::into_inner(it)));
        }
    });
}
