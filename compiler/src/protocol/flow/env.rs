//! What is known about all followed values at one point. It is a persistent tree, so that
//! branches share what they leave alone, and joining them costs what they changed.

use std::rc::Rc;

use super::status::Set;

/// Children of each node.
const WIDTH: usize = 8;
const BITS: u32 = 3;

#[derive(Clone, Debug)]
enum Node {
    Leaf([Option<Set>; WIDTH]),
    Inner([Option<Rc<Node>>; WIDTH]),
}

/// Sets by number. A missing one is of a value that does not exist here.
#[derive(Clone, Debug)]
pub(super) struct Env {
    root: Option<Rc<Node>>,
    /// Levels of inner nodes above the leaves.
    depth: u32,
}

impl Env {
    /// Room for the numbers below `n`.
    pub(super) fn new(n: usize) -> Self {
        let mut depth = 0;
        while n > WIDTH << (BITS * depth) {
            depth += 1;
        }
        Self { root: None, depth }
    }

    fn child(slot: u32, level: u32) -> usize {
        (slot >> (BITS * level)) as usize % WIDTH
    }

    pub(super) fn get(&self, slot: u32) -> Option<&Set> {
        let mut node = self.root.as_deref()?;
        let mut level = self.depth;
        loop {
            match node {
                Node::Leaf(sets) => return sets[Self::child(slot, 0)].as_ref(),
                Node::Inner(children) => {
                    node = children[Self::child(slot, level)].as_deref()?;
                    level -= 1;
                }
            }
        }
    }

    pub(super) fn set(&mut self, slot: u32, set: Option<Set>) {
        put(&mut self.root, self.depth, slot, set);
    }

    /// Adds all possibilities of `other`; whether anything came.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        join(&mut self.root, other.root.as_ref())
    }
}

fn put(at: &mut Option<Rc<Node>>, level: u32, slot: u32, set: Option<Set>) {
    let empty = || match level {
        0 => Rc::new(Node::Leaf([const { None }; WIDTH])),
        _ => Rc::new(Node::Inner([const { None }; WIDTH])),
    };
    match Rc::make_mut(at.get_or_insert_with(empty)) {
        Node::Leaf(sets) => sets[Env::child(slot, 0)] = set,
        Node::Inner(children) => {
            put(&mut children[Env::child(slot, level)], level - 1, slot, set);
        }
    }
}

fn join(mine: &mut Option<Rc<Node>>, theirs: Option<&Rc<Node>>) -> bool {
    let Some(theirs) = theirs else { return false };
    let Some(node) = mine else {
        *mine = Some(theirs.clone());
        return true;
    };
    if Rc::ptr_eq(node, theirs) {
        return false;
    }
    match (Rc::make_mut(node), &**theirs) {
        (Node::Leaf(mine), Node::Leaf(theirs)) => {
            let mut changed = false;
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                changed |= match (mine, theirs) {
                    (Some(mine), Some(theirs)) => mine.join(theirs),
                    (mine @ None, Some(theirs)) => {
                        *mine = Some(theirs.clone());
                        true
                    }
                    (_, None) => false,
                };
            }
            changed
        }
        (Node::Inner(mine), Node::Inner(theirs)) => {
            let mut changed = false;
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                changed |= join(mine, theirs.as_ref());
            }
            changed
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::status::Status;
    use super::*;

    fn set(state: u32) -> Set {
        Set::one(Status::State(state), Rc::new([]))
    }

    #[test]
    fn what_was_put_is_found_and_joined() {
        let mut left = Env::new(100);
        let mut right = left.clone();
        left.set(3, Some(set(1)));
        left.set(99, Some(set(2)));
        right.set(3, Some(set(4)));
        right.set(70, Some(set(5)));
        assert!(left.join(&right));
        assert!(!left.join(&right));
        let statuses = |slot| left.get(slot).map(Set::statuses);
        assert_eq!(statuses(3), Some(vec![Status::State(1), Status::State(4)]));
        assert_eq!(statuses(99), Some(vec![Status::State(2)]));
        assert_eq!(statuses(70), Some(vec![Status::State(5)]));
        assert_eq!(statuses(4), None);
    }
}
