//! The two ends of a channel as handles: `Using<C>` and `Impl<C>`.
//! It does not queue; the ports do. Where the channel is, and until when, `here` knows.

use std::fmt;
use std::ops::Deref;

use super::here::Here;
use super::hold;
use super::{Channel, Side};
use crate::port::event::EventSource;
use crate::port::source::{Ending, Source};
use crate::scheduler::waits::What;
use crate::value::{Exception, Result};

macro_rules! ends {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        pub struct $name<C: Channel> {
            end: hold::$name<C>,
        }

        impl<C: Channel> $name<C> {
            const SIDE: Side = hold::$name::<C>::SIDE;

            #[inline]
            pub(super) fn new(end: hold::$name<C>) -> Self {
                Self { end }
            }

            fn here(&self) -> Here<'_> {
                self.end.here()
            }

            /// Ends this end's sending: what is queued is still delivered, and receiving goes on.
            pub fn close(&self) {
                self.here().close(Self::SIDE);
            }

            /// `Completion`: delivers once the other end has gone: null, or how its agent failed.
            pub fn completion(&self) -> Source<Option<Exception>> {
                let what = match Self::SIDE {
                    Side::Using => What::EndOf(self.here().port_of("")),
                    Side::Impl => What::EndOfUsers,
                };
                let done = EventSource::new(self.here().done(Self::SIDE), what);
                Source::new(done).map(|ending: Ending| match ending {
                    Ending::Failed(failure) => Some(failure.observe()),
                    Ending::Normal | Ending::NoReply | Ending::Replied => None,
                })
            }
        }

        impl<B: Channel, C: Channel + Deref<Target = B>> $name<C> {
            /// The same end as one of the channel that this one derives from.
            pub fn base_end(&self) -> $name<B> {
                $name { end: self.end.base_end() }
            }
        }

        impl<C: Channel> Clone for $name<C> {
            fn clone(&self) -> Self {
                Self { end: self.end.clone() }
            }
        }

        impl<C: Channel> PartialEq for $name<C> {
            fn eq(&self, other: &Self) -> bool {
                self.here().is(other.here())
            }
        }

        impl<C: Channel> Eq for $name<C> {}

        impl<C: Channel> fmt::Debug for $name<C> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), C::NAME)
            }
        }

        impl<C: Channel> Deref for $name<C> {
            type Target = C;

            #[inline]
            fn deref(&self) -> &C {
                self.end.ports()
            }
        }
    )* };
}

ends! {
    /// The using end of a channel. A clone names the same end; `==` is identity. When the last handle
    /// goes, both ways are closed.
    Using;
    /// The implementing end of a channel. It goes with its agent.
    Impl;
}

/// An end whose protocol can be asked for its state.
pub trait ProtocolEnd {
    /// Whether it is in a state, or what is wrong.
    fn check_state(&self, state: usize) -> Result<()>;
}

macro_rules! protocol_ends {
    ($($name:ident)*) => { $(
        impl<C: Channel> ProtocolEnd for $name<C> {
            #[track_caller]
            fn check_state(&self, state: usize) -> Result<()> {
                let here = self.here();
                match here.kind().protocol {
                    Some(protocol) => {
                        protocol.expect(C::NAME, here.walk(Self::SIDE).state(), state)
                    }
                    None => Ok(()),
                }
            }
        }
    )* };
}

protocol_ends! { Using Impl }

/// A value that takes a type `C@State`: throws `ProtocolException` in another state.
#[track_caller]
pub fn in_state<E: ProtocolEnd>(end: E, state: usize) -> Result<E> {
    end.check_state(state)?;
    Ok(end)
}

impl<C: Channel> Using<C> {
    /// `Monitor()`: the same as `completion`.
    pub fn monitor(&self) -> Source<Option<Exception>> {
        self.completion()
    }
}
