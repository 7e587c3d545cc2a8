//! Networks: links that carry messages from sources to targets, through stages.
//! It does not schedule; every link is an activity of the agent that made it.
//!
//! * [`control`]: the life of a network: open, paused, disposed; its failures, its completion.
//! * [`valve`]: keeps a link from taking what it may not take any more.
//! * [`stage`]: what is done with a message: pure (in parallel, handed on in order) or a node of the agent.
//! * [`output`]: the results of a stage, as a source.
//! * [`net`]: the handles.
//! * [`links`], [`stages`], [`vectors`]: the operators, one loop each. [`many`]: nodes that give several
//!   messages for one.
//!
//! A link takes a message only through its valves, so disposing and pausing have taken effect when they
//! return: both are called on the agent's own strand, on which the links run too. What a link has taken
//! it delivers. A network whose source is another network is disposed of at that one's sources: what is
//! on its way runs through, and then each link ends because its source is over.

pub(crate) mod control;
pub(crate) mod feed;
mod job;
pub(crate) mod links;
pub(crate) mod many;
pub(crate) mod net;
pub(crate) mod output;
mod pace;
pub(crate) mod stage;
pub(crate) mod stages;
pub(crate) mod valve;
pub(crate) mod vectors;
