//! What an idle agent takes: a change here is one of memory for each.

use crate::channel::{NoChannel, Port};
use crate::scheduler::strand::Strand;

#[test]
fn the_parts_of_a_block_are_small() {
    assert_eq!(size_of::<Strand>(), 80);
    assert_eq!(size_of::<NoChannel>(), 0);
    assert_eq!(size_of::<Port<i32>>(), 40);
}
