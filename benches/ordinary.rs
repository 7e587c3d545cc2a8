//! Writes a long ordinary program, in Axum or as the Rust that a person would write for the
//! same job with what `std` has. Both print the same. It measures nothing: `build_time.sh`
//! builds both.
//!
//! `ordinary axum|rust PARTS EDIT`: a part is 50 lines of Axum; EDIT is a number that stands in
//! one of them, as if somebody had just changed it.

use std::fmt::Write as _;

fn main() {
    let mut args = std::env::args().skip(1);
    let language = args.next().unwrap_or_default();
    let mut number = |or: u32| args.next().and_then(|it| it.parse().ok()).unwrap_or(or);
    let (parts, edit) = (number(40), number(0));
    let program = match language.as_str() {
        "axum" => whole(AXUM, AXUM_MAIN, "        Console.WriteLine(Run§());\n", parts, edit),
        "rust" => whole(RUST, RUST_MAIN, "    println!(\"{}\", run§());\n", parts, edit),
        _ => panic!("usage: ordinary axum|rust [PARTS] [EDIT]"),
    };
    print!("{program}");
}

/// The parts with their numbers, and an entry that runs them all. `§` stands for the number
/// of a part, `@` for a number that differs from part to part, `¶` for the edited one.
fn whole(part: &str, main: &str, call: &str, parts: u32, edit: u32) -> String {
    let fill = |text: &str, n: u32| {
        let edit = if n == parts / 2 { edit } else { 0 };
        text.replace('§', &n.to_string())
            .replace('@', &(n * 7 % 13 + 3).to_string())
            .replace('¶', &edit.to_string())
    };
    let (head, items) = part.split_once("----\n").expect("a part has a head");
    let (items, methods) = items.split_once("----\n").expect("a part has methods");
    let mut out = head.to_owned();
    for n in 0..parts {
        out.push_str(&fill(items, n));
    }
    let (before, after) = main.split_once("----\n").expect("the entry has a middle");
    let methods: String = (0..parts).map(|n| fill(methods, n)).collect();
    let calls: String = (0..parts).map(|n| fill(call, n)).collect();
    write!(out, "{before}{calls}{after}").expect("text grows");
    out.replace("~~~~\n", &methods)
}

const AXUM: &str = r#"using System;
----

/// What part § keeps of a thing that is sold.
struct Item§ { int Id; string Name; double Price; }

enum Shape§ { Circle(double r), Rect(double w, double h), Empty }

channel Sum§ { input int Add; input int Finish : int; }

function double Area§(Shape§ shape) {
    switch (shape) {
        case Circle(var r): return 3.0 * r * r;
        case Rect(var w, var h): return w * h;
        case Empty: return 0.0;
    }
}

function List<Item§> Items§(int n) {
    var items = new List<Item§>();
    for (var i = 0; i < n; i++) {
        items.Add(new Item§ { Id = i, Name = "item" + i, Price = i * 1.5 });
    }
    return items;
}

function double Total§(List<Item§> items) {
    var total = 0.0;
    foreach (var item in items) {
        if (item.Id % 2 == 0) {
            total += item.Price;
        } else {
            total -= 0.25;
        }
    }
    return total;
}

function string Most§(string text) {
    var counts = new Dictionary<string, int>();
    foreach (var word in text.Split(" ")) {
        counts[word] = counts.ContainsKey(word) ? counts[word] + 1 : 1;
    }
    var best = "";
    foreach (var word in text.Split(" ")) {
        if (best == "" || counts[word] > counts[best]) { best = word; }
    }
    return best;
}

agent Summer§ : channel Sum§ {
    public Summer§() {
        var sum = 0;
        for (var i = 0; i < @; i++) { sum += receive(Add); }
        var request = receive(Finish);
        request <-- sum * request.Value;
    }
}
----

    string Run§() {
        var summer = Summer§.CreateInNewDomain();
        for (var i = 0; i < @; i++) { summer::Add <-- i + ¶; }
        var sum = receive(summer::Finish <-- 2);
        var area = Area§(Shape§.Rect(2.5, @)) + Area§(Shape§.Circle(@)) + Area§(Shape§.Empty);
        return $"§: {sum} {area} {Total§(Items§(@))} {Most§("the cat and the dog and the bird")}";
    }
"#;

const AXUM_MAIN: &str = r#"
agent Main : ConsoleApplication {
    override int Run(string[] args) {
----
        return 0;
    }
~~~~
}
"#;

const RUST: &str = r#"use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
----

/// What part § keeps of a thing that is sold.
#[derive(Clone, Debug, PartialEq)]
struct Item§ {
    id: i32,
    name: String,
    price: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape§ {
    Circle { r: f64 },
    Rect { w: f64, h: f64 },
    Empty,
}

enum Sum§ {
    Add(i32),
    Finish(i32, Sender<i32>),
}

fn area§(shape: &Shape§) -> f64 {
    match shape {
        Shape§::Circle { r } => 3.0 * r * r,
        Shape§::Rect { w, h } => w * h,
        Shape§::Empty => 0.0,
    }
}

fn items§(n: i32) -> Vec<Item§> {
    let mut items = Vec::new();
    for i in 0..n {
        items.push(Item§ { id: i, name: format!("item{i}"), price: f64::from(i) * 1.5 });
    }
    items
}

fn total§(items: &[Item§]) -> f64 {
    let mut total = 0.0;
    for item in items {
        if item.id % 2 == 0 {
            total += item.price;
        } else {
            total -= 0.25;
        }
    }
    total
}

fn most§(text: &str) -> String {
    let mut counts: HashMap<&str, i32> = HashMap::new();
    for word in text.split(' ') {
        *counts.entry(word).or_insert(0) += 1;
    }
    let mut best = "";
    for word in text.split(' ') {
        if best.is_empty() || counts[word] > counts[best] {
            best = word;
        }
    }
    best.to_owned()
}

fn summer§(messages: Receiver<Sum§>) {
    let mut sum = 0;
    for message in messages {
        match message {
            Sum§::Add(value) => sum += value,
            Sum§::Finish(factor, reply) => {
                let _ = reply.send(sum * factor);
            }
        }
    }
}
----

fn run§() -> String {
    let (summer, messages) = channel();
    let worker = thread::spawn(move || summer§(messages));
    for i in 0..@ {
        let _ = summer.send(Sum§::Add(i + ¶));
    }
    let (reply, answer) = channel();
    let _ = summer.send(Sum§::Finish(2, reply));
    let sum = answer.recv().unwrap_or_default();
    drop(summer);
    let _ = worker.join();
    let area = area§(&Shape§::Rect { w: 2.5, h: @.0 })
        + area§(&Shape§::Circle { r: @.0 })
        + area§(&Shape§::Empty);
    let (total, most) = (total§(&items§(@)), most§("the cat and the dog and the bird"));
    format!("§: {sum} {area} {total} {most}")
}
"#;

const RUST_MAIN: &str = r#"~~~~

fn main() {
----
}
"#;
