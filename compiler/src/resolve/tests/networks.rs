//! Operands of networks.

use super::snapshot;

#[test]
fn nodes_are_bound_by_name() {
    snapshot!(
        resolved,
        "
channel Adder { input (int, int) Add : int; input int X; }
agent A : channel Adder {
    int sum;
    public A() {
        var p = new OrderedInteractionPoint<int>();
        int k = 3;
        Add ==> Sum;
        X -<: { Twice, x => x + k } >>- p ==> n => sum += n;
        { p, X } &>- Scale(10, _);
        var net = p --> Math.Abs;
        using (var other = p -<< { p, p }) { }
        using var last = X ==> this.Twice;
        last.Dispose();
        net.Dispose();
    }
    function int Sum(int a, int b) { return a + b; }
    function int Twice(int x) { return 2 * x; }
    void Scale(int by, int[] xs) { }
}"
    );
}
