//! The handles of networks.
//! They do not keep a network running; its links and their agent do.

use std::fmt;
use std::sync::Arc;

use super::control::Control;
use super::feed::{Inlet, Pure, Through};
use crate::port::Value;
use crate::port::source::{Receive, Source};
use crate::value::{Exception, Signal};

/// A network whatever it yields (`INetwork`). A clone names the same network; `==` is identity.
#[derive(Clone)]
pub struct Network {
    pub(crate) control: Arc<Control>,
}

impl fmt::Debug for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Network")
    }
}

impl PartialEq for Network {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.control, &other.control)
    }
}

impl Eq for Network {}

impl Network {
    /// Takes the links away: nothing more is taken; what is on its way is delivered.
    pub fn dispose(&self) {
        self.control.dispose();
    }

    /// The same as [`Network::dispose`].
    pub fn close(&self) {
        self.dispose();
    }

    /// Takes nothing until [`Network::resume`].
    pub fn pause(&self) {
        self.control.pause();
    }

    /// Goes on after [`Network::pause`].
    pub fn resume(&self) {
        self.control.resume();
    }

    /// Delivers, as often as it is asked, once the network has ended.
    pub fn completion(&self) -> Source<Signal> {
        self.control.completion()
    }

    /// The exceptions of its nodes. While this source is held, they do not fail the agent.
    pub fn failures(&self) -> Source<Exception> {
        self.control.failures()
    }

    /// How many messages are on their way in it.
    pub fn count(&self) -> i32 {
        i32::try_from(self.control.count()).unwrap_or(i32::MAX)
    }

    /// Itself, so that networks of every type convert alike.
    pub fn network(&self) -> Network {
        self.clone()
    }
}

/// A network and the source of its results. A clone names the same network; `==` is identity.
pub struct Net<U> {
    network: Network,
    results: Source<U>,
}

impl<U: Value> Net<U> {
    pub(crate) fn new(control: &Arc<Control>, results: Source<U>) -> Self {
        Self { network: Network { control: control.clone() }, results }
    }

    /// The results.
    pub fn source(&self) -> Source<U> {
        self.results.clone()
    }

    /// It as a network whatever it yields.
    pub fn network(&self) -> Network {
        self.network.clone()
    }

    /// As [`Network::dispose`].
    pub fn dispose(&self) {
        self.network.dispose();
    }

    /// As [`Network::dispose`].
    pub fn close(&self) {
        self.network.dispose();
    }

    /// As [`Network::pause`].
    pub fn pause(&self) {
        self.network.pause();
    }

    /// As [`Network::resume`].
    pub fn resume(&self) {
        self.network.resume();
    }

    /// As [`Network::completion`].
    pub fn completion(&self) -> Source<Signal> {
        self.network.completion()
    }

    /// As [`Network::failures`].
    pub fn failures(&self) -> Source<Exception> {
        self.network.failures()
    }

    /// As [`Network::count`].
    pub fn count(&self) -> i32 {
        self.network.count()
    }
}

impl<U> Clone for Net<U> {
    fn clone(&self) -> Self {
        Self { network: self.network.clone(), results: self.results.clone() }
    }
}

impl<U> PartialEq for Net<U> {
    fn eq(&self, other: &Self) -> bool {
        self.network == other.network
    }
}

impl<U> Eq for Net<U> {}

impl<U> fmt::Debug for Net<U> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Net")
    }
}

impl<U: Value> Receive for Net<U> {
    type Item = U;

    fn source(&self) -> Source<U> {
        self.results.clone()
    }
}

impl<U: Value> Inlet for Net<U> {
    type Message = U;
    type Item = U;
    const IS_PLAIN: bool = true;

    fn parts(self) -> Through<U, U, impl Pure<U, U>> {
        self.results.parts()
    }
}

/// The network of a vector of stages: one source of results for each.
pub struct NetVec<U> {
    network: Network,
    results: Vec<Source<U>>,
    none: Source<()>,
}

impl<U: Value> NetVec<U> {
    pub(crate) fn new(
        control: &Arc<Control>,
        results: Vec<Source<U>>,
        none: Source<()>,
    ) -> Self {
        Self { network: Network { control: control.clone() }, results, none }
    }

    /// The results of each stage.
    pub fn sources(&self) -> Vec<Source<U>> {
        self.results.clone()
    }

    /// It as a network without results.
    pub fn net(&self) -> Net<()> {
        Net { network: self.network.clone(), results: self.none.clone() }
    }

    /// It as a network whatever it yields.
    pub fn network(&self) -> Network {
        self.network.clone()
    }
}

impl<U> Clone for NetVec<U> {
    fn clone(&self) -> Self {
        Self {
            network: self.network.clone(),
            results: self.results.clone(),
            none: self.none.clone(),
        }
    }
}

impl<U> fmt::Debug for NetVec<U> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "NetVec({})", self.results.len())
    }
}
