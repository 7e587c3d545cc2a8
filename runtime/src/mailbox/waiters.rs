//! Who waits for something: lists of sleepers, and the nodes that one sleeper hangs into such lists.
//! It does not know what is waited for; the reasoning is in the room's `mod.rs`.
//!
//! A sleeper owns a pool of nodes and uses a node again and again: a node that still hangs in a list
//! from an earlier wait is armed again instead of hanging in a second one. So a sleeper has at most one
//! node in each list, however often it waits.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::sync::Arc;

use super::Sleeper;
use super::inbox::{Claimed, Hanging, Inbox};
use crate::scheduler::strand::Strand;
use crate::sync::{AtomicBool, Ordering, Tally};

/// One sleeper in one list.
#[derive(Debug)]
pub(crate) struct WaitNode {
    /// The sleeper wants to be woken. Set by the sleeper, cleared by it or by the one who wakes.
    wanted: AtomicBool,
    sleeper: Sleeper,
}

impl WaitNode {
    fn new(sleeper: Sleeper) -> Arc<Hanging<Self>> {
        Hanging::new(Self { wanted: AtomicBool::new(false), sleeper })
    }
}

/// Lists shorter than this are never swept.
const SWEEP_AT_LEAST: usize = 32;

/// Those who wait for one thing.
#[derive(Debug)]
pub(crate) struct Waiters {
    list: Inbox<Claimed<WaitNode>>,
    /// About how many nodes hang in the list.
    n_linked: Tally,
    /// When there are more, the list is swept.
    limit: Tally,
}

impl Waiters {
    pub(crate) fn new() -> Self {
        Self {
            list: Inbox::new(),
            n_linked: Tally::new(0),
            limit: Tally::new(SWEEP_AT_LEAST),
        }
    }

    /// Wakes all who wait. Whoever registers later sees what the caller did before.
    pub(crate) fn wake(&self) {
        self.wake_and_count();
    }

    fn wake_and_count(&self) -> usize {
        let chain = self.list.take_always();
        if !chain.is_empty() {
            // Relaxed: an estimate.
            self.n_linked.store(0, Ordering::Relaxed);
        }
        let mut n_woken = 0;
        for claimed in chain {
            let node = claimed.release();
            // After `release`: a sleeper that wanted to be woken but found its node still hanging
            // has set the flag before, and `release` acquired that.
            if node.wanted.swap(false, Ordering::AcqRel) {
                node.sleeper.clone().wake();
                n_woken += 1;
            }
        }
        n_woken
    }

    /// Nodes of sleepers that wait elsewhere now, or have ended, hang on until the next wake. So that
    /// they do not pile up in the list of something that never happens, all are woken once there are
    /// twice as many as waited the last time; those who still wait come back.
    fn sweep_if_long(&self) {
        let n_linked = self.n_linked.fetch_add(1, Ordering::Relaxed) + 1;
        if n_linked > self.limit.load(Ordering::Relaxed) {
            let n_woken = self.wake_and_count();
            self.limit.store(SWEEP_AT_LEAST.max(2 * n_woken), Ordering::Relaxed);
        }
    }
}

/// What one sleeper needs to wait: a handle that is set aside for the next head of a queue, and its nodes for
/// lists. A view of what lies where the sleeper does.
pub(crate) struct WaitPool<'a> {
    owner: &'a Strand,
    spare: &'a Cell<Option<Sleeper>>,
    rare: &'a Rare,
}

/// Made when it is first needed.
pub(crate) type Rare = OnceCell<Box<RefCell<RareWaits>>>;

/// What a sleeper needs seldom; made when it is first needed. Plain receives do without.
#[derive(Default)]
pub(crate) struct RareWaits {
    /// Each with the address of the list in which it hung last; only compared, never followed.
    nodes: Vec<(usize, Arc<Hanging<WaitNode>>)>,
    /// What else is to be kept of the sleeper, for others.
    pub(crate) more: Option<Box<dyn Any + Send + Sync>>,
}

impl fmt::Debug for RareWaits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RareWaits({})", self.nodes.len())
    }
}

/// Whether the node hangs in a list; "no" stays true until its sleeper hangs it up again.
fn is_hanging(node: &Hanging<WaitNode>) -> bool {
    node.is_claimed()
}

/// How many unused nodes a sleeper keeps.
const N_SPARE: usize = 4;

impl<'a> WaitPool<'a> {
    #[inline(always)]
    pub(crate) fn new(
        owner: &'a Strand,
        spare: &'a Cell<Option<Sleeper>>,
        rare: &'a Rare,
    ) -> Self {
        Self { owner, spare, rare }
    }

    /// The same for a call: so what a caller that is inlined has of it stays in registers.
    #[inline(always)]
    pub(crate) fn lend(&mut self) -> WaitPool<'_> {
        WaitPool { owner: self.owner, spare: self.spare, rare: self.rare }
    }

    /// Where the owner is. Only to be compared.
    #[inline(always)]
    pub(crate) fn owner_address(&self) -> usize {
        self.owner.address()
    }

    /// A handle of the owner, for the head of a queue.
    #[inline(always)]
    pub(super) fn take_sleeper(&mut self) -> Sleeper {
        self.spare.take().unwrap_or_else(|| self.owner.block())
    }

    /// A handle that was not needed.
    #[cold]
    pub(super) fn give_back(&mut self, sleeper: Sleeper) {
        self.spare.set(Some(sleeper));
    }

    /// Begins a new wait: what was registered before no longer counts.
    pub(crate) fn begin(&mut self) {
        let Some(rare) = self.rare.get() else { return };
        let mut n_spare = 0;
        rare.borrow_mut().nodes.retain(|(_, node)| {
            // Relaxed: a wake that comes through nevertheless is only spurious.
            node.wanted.store(false, Ordering::Relaxed);
            let hangs = is_hanging(node);
            n_spare += usize::from(!hangs);
            hangs || n_spare <= N_SPARE
        });
    }

    /// Makes the next `wake` of `waiters` wake this sleeper.
    pub(crate) fn register(&mut self, waiters: &Waiters) {
        let list = std::ptr::from_ref(waiters).addr();
        let mut rare = self.rare.get_or_init(Default::default).borrow_mut();
        let nodes = &mut rare.nodes;
        let known = nodes
            .iter()
            .position(|(at, node)| *at == list && is_hanging(node))
            .or_else(|| nodes.iter().position(|(_, node)| !is_hanging(node)));
        let index = known.unwrap_or_else(|| {
            nodes.push((list, WaitNode::new(self.owner.block())));
            nodes.len() - 1
        });
        let (at, node) = &mut nodes[index];
        *at = list;
        // Before the claim, whose acquire-release shows it to the one who takes the node out.
        node.wanted.store(true, Ordering::Release);
        let claimed = node.claim();
        drop(rare);
        if let Some(claimed) = claimed {
            waiters.list.push(claimed);
            waiters.sweep_if_long();
        }
    }
}

impl Drop for RareWaits {
    fn drop(&mut self) {
        for (_, node) in &self.nodes {
            node.wanted.store(false, Ordering::Relaxed);
        }
    }
}

/// What a sleeper of a test has.
#[cfg(test)]
pub(crate) struct Owner {
    sleeper: Sleeper,
    spare: Cell<Option<Sleeper>>,
    rare: Rare,
}

#[cfg(test)]
impl Owner {
    pub(crate) fn new(sleeper: Sleeper) -> Self {
        Self { sleeper, spare: Cell::new(None), rare: Rare::new() }
    }

    pub(crate) fn pool(&mut self) -> WaitPool<'_> {
        WaitPool::new(self.sleeper.front(), &self.spare, &self.rare)
    }
}
