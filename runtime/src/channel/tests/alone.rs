//! Channels without an agent, for models of channels. It tests nothing.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::channel::block::Together;
use crate::channel::{Channel, Impl, Kind, Using};
use crate::pool;
use crate::scheduler::strand::{Home, Share};

/// Blocks that have nothing but a channel.
struct Alone<C>(PhantomData<C>);

impl<C: Channel> Alone<C> {
    const HOME: &'static Home = &Home {
        name: "Alone",
        kind: Some(Kind::of::<C>()),
        offset: 0,
        release: |all| {
            let all = all.cast::<Together<C>>();
            // SAFETY: nobody uses the channel any more; its memory came from the pool.
            unsafe {
                all.drop_in_place();
                pool::put(all);
            }
        },
    };
}

/// Opens a channel without an agent.
pub(super) fn open<C: Channel>() -> (Using<C>, Impl<C>) {
    // SAFETY: the memory is for this, and goes with the channel.
    unsafe {
        let all = pool::get::<Together<C>>();
        let using = Together::<C>::make(all, Alone::<C>::HOME);
        (using, ManuallyDrop::into_inner(Together::own(all)))
    }
}
