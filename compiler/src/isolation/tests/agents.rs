//! Effects of agents' methods, as each derived agent runs them.

use super::{effects, snapshot};

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
