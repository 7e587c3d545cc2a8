//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn fields_begin_and_are_initialised_in_order() {
    snapshot!(
        "channel C { input int N; output int Out; }
agent Worker : channel C {
    int start = 5;
    int next = Plus(1);
    C other;
    List<string> names = new List<string>();
    int Plus(int n) { return start + n; }
    public Worker(int n) {
        other = Worker.CreateInNewDomain(n - 1);
        other::N <-- next;
        names.Add(\"a\" + n);
        Out <-- names.Count + receive(other::Out);
    }
}
agent Main : channel Application {
    public Main() { var w = Worker.CreateInNewDomain(3); w.Close(); }
}"
    );
}

#[test]
fn a_derived_agent_runs_its_overrides() {
    snapshot!(
        "agent Base : channel Application {
    int n;
    public Base(int k) { n = k; Done <-- Signal.Value; Tell(); }
    virtual string Name() { return \"base\"; }
    void Tell() { Console.WriteLine(Name() + n); }
}
agent Main : Base {
    public Main() : base(7) { Tell(); }
    override string Name() { return \"main\"; }
}"
    );
}

#[test]
fn function_values_that_read_state_run_outside_its_closure() {
    snapshot!(
        "agent Main : ConsoleApplication {
    List<int> numbers = new List<int>();
    int least;
    override int Run(string[] args) {
        numbers.RemoveAll(n => n < least);
        return numbers.Where(n => n > least).Count();
    }
}"
    );
}
