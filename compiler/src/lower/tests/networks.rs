//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn nodes_run_by_their_effect() {
    snapshot!(
        "agent Main : channel Application {
    int n;
    function int Pure(int a, int b) => a + b;
    int Count(int k) { n += k; return n; }
    void Show(string s) { Console.WriteLine(s + n); }
    public Main() {
        var a = new OrderedInteractionPoint<int>();
        var b = new OrderedInteractionPoint<int>();
        string tag = \"t\";
        { a, b } &>- Pure ==> Count ==> (k => tag + k) ==> Show;
        a --> (k => { Console.WriteLine(tag + k); });
        a -<: { Count, Count } >>- b;
        a -<< new ITarget<int>[] { b };
        using (var net = a ==> Count) { receive(net); }
        INetwork kept = a ==> b;
        kept.Dispose();
    }
}"
    );
}

#[test]
fn requests_are_answered_by_the_end_of_a_network() {
    snapshot!(
        "channel C { input int Twice : int; input string Log : Signal; }
agent W : channel C {
    function int Double(int n) => n * 2;
    void Write(string s) { Console.WriteLine(s); }
    public W() {
        Twice ==> Double ==> (n => n);
        PrimaryChannel::Log ==> Write;
    }
}
agent Main : channel Application {
    public Main() { var w = W.CreateInNewDomain(); ExitCode <-- receive(w::Twice <-- 4); }
}"
    );
}
