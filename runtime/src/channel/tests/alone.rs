//! Channels whose agent has ended but for its end of the channel, for models of channels. It tests nothing.

use std::marker::PhantomData;

use crate::channel::{Channel, Impl, Using};
use crate::scheduler::strand::{Made, Owner, Owning};
use crate::scheduler::tests::loom_block::end_unpolled;

/// An owner that leaves its channel alone.
struct Alone<C>(PhantomData<fn() -> C>);

impl<C: Channel> Owner for Alone<C> {
    const NAME: &'static str = "Alone";

    type Part = C;
}

/// Opens a channel whose agent never ran.
pub(super) fn open<C: Channel>() -> (Using<C>, Impl<C>) {
    let mut own = None;
    let alone = Alone(PhantomData);
    let Made { strand, users, .. } = Owning::strand_for(alone, |me: Owning<Alone<C>>| {
        own = Some(me.impl_end());
        std::future::ready(Ok(()))
    });
    end_unpolled(strand);
    (Using::first(users), own.expect("the owner is made"))
}
