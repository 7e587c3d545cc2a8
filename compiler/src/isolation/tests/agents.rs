//! Effects of agents' methods, as each derived agent runs them.

use super::{effects, infer, snapshot, texts};
use crate::isolation::{call_graph, value, walk};
use crate::types;

#[test]
fn own_state_ports_and_io_are_told_apart() {
    effects!(
        "
channel Sum { input int Number; output int Total; }
agent Adder : channel Sum {
    int total;
    int Reads() { return total; }
    void Writes(int n) { total += n; }
    void Sets(int n) { total = n; }
    int Receives() { return receive(Number); }
    void Sends(int n) { Total <-- n; }
    void Speaks() { Console.WriteLine(1); }
    int Listens() { return Int32.Parse(Console.ReadLine()); }
    int Pure(int n) { return n * 2; }
    int Through(int n) { Writes(Pure(n)); return Receives(); }
    public Adder() { Sends(Through(2)); Sets(Reads()); Speaks(); Listens(); }
}
"
    );
}

#[test]
fn derived_agents_run_their_overrides() {
    effects!(
        "
agent Base {
    int total;
    virtual int Step() { return 1; }
    int Twice() { return Step() + Step(); }
    int Lazy() { Func<int> step = () => Step(); return step(); }
    public Base() { Console.WriteLine(Twice() + Lazy()); }
}
agent Derived : Base {
    override int Step() { return total; }
    public Derived() { }
}
agent Last : Derived {
    override int Step() { Console.WriteLine(1); return base.Step(); }
    int More() { return Twice(); }
    public Last() { More(); }
}
"
    );
}

#[test]
fn a_console_application_runs_what_overrides_run() {
    effects!(
        "
agent Main : ConsoleApplication {
    override int Run(string[] args) { return args.Length; }
}
"
    );
}

#[test]
fn cycles_of_calls_are_found() {
    effects!(
        "
function int Even(int n) { return n == 0 ? 1 : Odd(n - 1); }
function int Odd(int n) { return n == 0 ? 0 : Even(n - 1); }
function int Down(int n) { return n == 0 ? 0 : Down(n - 1); }
function int Up(int n) { return Down(n) + Even(n); }
"
    );
}

#[test]
fn a_derived_agent_needs_the_access_of_its_base() {
    snapshot!(
        "
domain Room {
    int users;
    writer agent Base {
        virtual void Enter() { users++; }
        public Base() { Enter(); }
    }
    reader agent Weaker : Base { public Weaker() { } }
    agent Weakest : Base { public Weakest() { } }
    writer agent Same : Base { public Same() { } }
}
"
    );
}

#[test]
fn agents_run_what_the_nearest_base_runs() {
    effects!(
        "
agent Base {
    int total;
    virtual int Step() { return 1; }
    int Twice() { return Step() + Step(); }
    public Base() { Twice(); }
}
agent Between : Base { int Early() { return Twice(); } public Between() { Early(); } }
agent Reading : Between { override int Step() { return total; } }
agent Below : Reading { int More() { return Twice(); } public Below() { More(); } }
agent Pure : Below { override int Step() { return 2; } }
agent Last : Pure { int Most() { return Early() + More(); } public Last() { Most(); } }
agent Beside : Below { override int Step() { Console.WriteLine(1); return 3; } }
"
    );
}

/// Units of a program, and nodes of its call graph for derived agents.
fn counts(source: &str) -> (usize, usize) {
    let (program, _, _) = infer(&texts(source));
    let (types, _) = types::check(&program);
    let mut cx = walk::Cx::new(&program, &types);
    for body in program.bodies.ids() {
        walk::walk(&mut cx, body);
    }
    let walk::Cx { mut units, flow, .. } = cx;
    value::settle(&program, &types, &mut units, &flow);
    let graph = call_graph::Graph::build(&program, &units);
    (units.all.len(), graph.nodes.len() - units.all.len())
}

#[test]
fn only_code_that_calls_an_override_is_seen_once_more() {
    let mut source = String::from(
        "agent A0 { public A0() { M0(); } virtual int Step() { return 1; } void M0() { Step(); } }\n",
    );
    for n in 1..40 {
        let base = n - 1;
        let step = if n == 20 { "override int Step() { return 2; }" } else { "" };
        source.push_str(&format!(
            "agent A{n} : A{base} {{ public A{n}() {{ M{n}(); }} {step} void M{n}() {{ M{base}(); }} }}\n",
        ));
    }
    // The constructors and methods of the twenty agents above the override.
    let (units, derived) = counts(&source);
    assert!(units > 80, "{units}");
    assert_eq!(derived, 40);
}
