//! Builds and counts perfect binary trees: many short-lived ones beside a long-lived one.

#[derive(Default)]
struct Node {
    left: Option<Box<Node>>,
    right: Option<Box<Node>>,
}

impl Node {
    fn count(&self) -> i32 {
        let mut count = 1;
        if let Some(left) = &self.left {
            count += left.count();
        }
        if let Some(right) = &self.right {
            count += right.count();
        }
        count
    }
}

fn build(depth: i32) -> Node {
    if depth == 0 {
        return Node::default();
    }
    Node { left: Some(Box::new(build(depth - 1))), right: Some(Box::new(build(depth - 1))) }
}

fn main() {
    let deepest: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let long_lived = build(deepest);
    for depth in (4..=deepest).step_by(4) {
        let n = 1 << (deepest - depth + 4);
        let mut check = 0;
        for _ in 0..n {
            check += build(depth).count();
        }
        println!("{n} trees of depth {depth}: {check}");
    }
    println!("long-lived tree of depth {deepest}: {}", long_lived.count());
}
