//! Functions that differ from their declarations, each in one thing.
use std::collections::HashMap;

struct Hidden;
pub struct Many<T>(T);
pub struct Point {
    pub x: i32,
    y: i32,
}
pub struct Size {
    pub w: i32,
}
pub enum Color {
    Red,
    Green(u8),
}
mod inner {
    pub fn elsewhere() {}
}
pub use inner::elsewhere;

fn private(n: i32) -> i32 {
    n
}
pub unsafe fn dangerous(n: i32) -> i32 {
    n
}
pub async fn later(n: i32) -> i32 {
    n
}
pub fn generic<T>(n: T) -> T {
    n
}
pub fn count(n: i32, m: i32) -> i32 {
    n + m
}
pub fn kind(n: u32) -> i32 {
    n as i32
}
pub fn borrowed(text: &mut String) {
    text.clear();
}
pub fn result(n: i32) -> i64 {
    i64::from(n)
}
pub fn quiet(n: i32) {
    let _ = n;
}
pub fn may_fail(n: i32) -> Result<i32, String> {
    Ok(n)
}
pub fn never_fails(n: i32) -> i32 {
    n
}
pub fn unordered() -> HashMap<String, i32> {
    HashMap::new()
}
pub fn shape(p: Point, s: Size, c: Color) {
    let _ = (p, s, c);
}
pub struct Tree {
    pub value: i32,
    pub below: Vec<Tree>,
}
pub fn grow(tree: Tree) {
    let _ = tree.value + tree.below.len() as i32;
}
