//! Ports and everything else that messages come from and go to.
//! It does not know the two ends of a channel (`channel`) nor networks (`network`).
//!
//! * [`source`]: what can be received from, as one trait ([`source::Supply`]) and one handle.
//! * [`target`]: what can be sent to.
//! * [`line`]: a mailbox with a capacity; ports and interaction points are lines.
//! * [`request`]: a message that carries the way back.
//! * [`receive`], [`select`], [`join`]: the suspending operations.
//! * [`outlook`]: whether a wait can still end.
//! * [`event`]: what happens once and stays.

pub(crate) mod case;
pub(crate) mod event;
pub(crate) mod join;
pub(crate) mod joined_cases;
pub(crate) mod line;
pub(crate) mod mapped;
pub(crate) mod outlook;
pub(crate) mod point;
pub(crate) mod receive;
pub(crate) mod request;
pub(crate) mod select;
pub(crate) mod source;
pub(crate) mod target;

#[cfg(test)]
pub(crate) mod tests;

/// What can be a message: every value of the language is.
pub trait Value: Clone + Send + Sync + 'static {}

impl<T: Clone + Send + Sync + 'static> Value for T {}
