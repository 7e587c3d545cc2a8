//! To whom a strand belongs, and how strands are shown. It says nothing of memory.

use std::fmt;

use super::block::{Activity, ActivityRef, StrandRef};
use super::share::Share;
use super::strand::Strand;
use crate::value::Exception;

/// To whom a strand belongs.
pub(crate) trait Owner: Send + Sync + 'static {
    /// For reports.
    const NAME: &'static str;

    /// What lies in the block beside the owner and may outlive it.
    type Share: Share;

    /// All activities are done, or one has failed: takes apart what is left. Called once, on the strand.
    /// If the owner `goes`, there is no handle of it, and it is dropped next.
    fn end(
        &self,
        own: &<Self::Share as Share>::Own,
        strand: &Strand,
        failure: Option<Exception>,
        goes: bool,
    );
}

impl fmt::Debug for Activity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Activity({})", self.index())
    }
}

impl fmt::Debug for ActivityRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Activity({} {})", self.strand().name(), self.index())
    }
}

impl fmt::Debug for StrandRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}
