//! Functions that do what they should.
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::time::Duration;

pub struct Picture(Vec<u8>);
type Names = Vec<String>;

pub fn resize(p: &Picture, w: i32, h: i32) -> Picture {
    let _ = (w, h);
    Picture(p.0.clone())
}
pub fn load(path: &str) -> io::Result<Picture> {
    std::fs::read(path).map(Picture)
}
pub fn save(p: Picture, path: String) -> Result<(), Box<dyn std::error::Error>> {
    Ok(std::fs::write(path, p.0)?)
}
pub fn all(a: i8, b: i16, c: i64, d: u8, e: u16, f: u32, g: u64, h: f32, i: f64, j: bool, k: char) {
    let _ = (a, b, c, d, e, f, g, h, i, j, k);
}
pub fn collections(
    a: &[i32],
    b: Vec<String>,
    c: &HashMap<String, i32>,
    d: BTreeMap<i32, Vec<f64>>,
    e: &BTreeSet<char>,
) -> BTreeMap<String, (i32, Option<f64>)> {
    let _ = (a, b, c, d, e);
    BTreeMap::new()
}
pub fn names() -> Names {
    vec![]
}
pub fn later(d: Duration) -> Option<Duration> {
    Some(d * 2)
}
pub fn label<'a>(it: &'a str) -> &'a str {
    it
}
