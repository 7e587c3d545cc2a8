//! Whether a wait can still end: what stands in the way of the messages that it is for.
//! It throws nothing: `receive` and `select` do, and what the end of the program finds.
//!
//! The messages of a conversation are taken in the order in which they were sent. A wait at one port
//! of an end is therefore in vain when the next message is at another of its ports and nobody takes
//! it there. That is certain at two moments:
//!
//! * The activity that waits is the only one of its agent, and the agent lives in no domain: nobody
//!   else can have the end.
//! * The whole program is at rest.

use crate::channel::hold::EndHold;
use crate::mailbox::waiters::WaitPool;
use crate::scheduler::current;
use crate::value::Exception;

/// What is known of a wait.
#[derive(Clone, Default)]
pub(crate) enum Outlook {
    /// Nothing stands in its way.
    #[default]
    Free,
    /// It is for one message of each of these ports of one end.
    Ports(EndHold, Ports),
    /// It is for all of these together.
    All(Vec<Outlook>),
    /// It is for any of these.
    Any(Vec<Outlook>),
}

/// Names of ports; most often one.
#[derive(Clone)]
pub(crate) enum Ports {
    One(&'static str),
    Many(Vec<&'static str>),
}

impl Ports {
    pub(crate) fn names(&self) -> &[&'static str] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// How a wait stands.
pub(crate) enum Stand {
    /// It may end.
    Open,
    /// Nothing will come any more.
    Over,
    /// What it is for cannot come before something that nobody takes.
    InVain(Exception),
}

impl std::fmt::Debug for Outlook {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Free => out.write_str("Free"),
            Self::Ports(_, ports) => write!(out, "Ports({:?})", ports.names()),
            Self::All(all) => write!(out, "All({all:?})"),
            Self::Any(any) => write!(out, "Any({any:?})"),
        }
    }
}

impl Outlook {
    pub(crate) fn is_free(&self) -> bool {
        matches!(self, Self::Free)
    }

    /// Of a wait that all of `parts` must come for.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all: Vec<Self> = Vec::new();
        for part in parts {
            let Self::Ports(end, ports) = part else {
                all.extend((!part.is_free()).then_some(part));
                continue;
            };
            // The messages of one end are waited for as one.
            let same = all.iter_mut().find_map(|it| match it {
                Self::Ports(other, ports) if other.is(&end) => Some(ports),
                _ => None,
            });
            match same {
                Some(same) => {
                    *same = Ports::Many([same.names(), ports.names()].concat());
                }
                None => all.push(Self::Ports(end, ports)),
            }
        }
        match all.len() {
            0 => Self::Free,
            _ => Self::All(all),
        }
    }

    /// Of a wait that ends when any of `parts` comes.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Vec::new();
        for part in parts {
            if part.is_free() {
                return Self::Free;
            }
            any.push(part);
        }
        match any.len() {
            0 => Self::Free,
            _ => Self::Any(any),
        }
    }

    /// How the wait stands now. Only while nobody else takes from what it waits for.
    pub(crate) fn stand(&self) -> Stand {
        match self {
            Self::Free => Stand::Open,
            Self::Ports(end, ports) => end.stand(ports.names()),
            Self::All(all) => {
                let mut together = Stand::Open;
                for part in all {
                    match part.stand() {
                        Stand::Open => {}
                        Stand::Over => together = Stand::Over,
                        in_vain @ Stand::InVain(_) => return in_vain,
                    }
                }
                together
            }
            Self::Any(any) => {
                let mut together = Stand::Over;
                for part in any {
                    match (part.stand(), &together) {
                        (Stand::Open, _) => return Stand::Open,
                        (Stand::InVain(exception), Stand::Over) => {
                            together = Stand::InVain(exception);
                        }
                        _ => {}
                    }
                }
                together
            }
        }
    }

    fn arm(&self, pool: &mut WaitPool) {
        match self {
            Self::Free => {}
            Self::Ports(end, _) => end.arm(pool),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.arm(pool));
            }
        }
    }

    /// Why the activity that is being polled, which has found nothing, need not wait: nobody else could
    /// take what is in the way. If that may still change, the change will wake it.
    pub(crate) fn in_vain(&self) -> Option<Exception> {
        let certain = match self {
            Self::Free => true,
            Self::Ports(end, Ports::One(port)) => end.expects_only(port),
            _ => false,
        };
        if certain || !current::is_alone() {
            return None;
        }
        // First, so that nothing comes unseen between the look and the sleep.
        current::with_waiting(|waiting| self.arm(&mut waiting.pool()));
        match self.stand() {
            Stand::InVain(exception) => Some(exception),
            Stand::Open | Stand::Over => None,
        }
    }
}
