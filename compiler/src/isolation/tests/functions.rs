//! The promise of `function`.

use super::{effects, snapshot};

#[test]
fn direct_effects_are_blamed_at_their_places() {
    snapshot!(
        "
channel Sum { input int Number; output int Total; }
struct Point { int X; void Shift(int by) { X += by; } function void Move(int by) { X += by; } }
agent Adder : channel Sum {
    int total;
    List<int> seen;
    Point point;
    function int Writes(int n) { total = n; seen.Add(n); point.Shift(n); return total; }
    function int Sends(int n) { Total <-- n; return n; }
    function int Waits() { return receive(Number); }
    function int Speaks(int n) { Console.WriteLine(n); return n; }
    function int Links(int n) { Number ==> Total; return n; }
    function int Keeps(int n) {
        var list = seen;
        list.Add(n);
        var moved = point;
        moved.Shift(n);
        return n == 0 ? total : Keeps(n - 1);
    }
    public Adder() { Writes(Sends(Waits() + Speaks(1)) + Links(Keeps(1))); point.Move(1); }
}
"
    );
}

#[test]
fn calls_are_blamed_with_the_chain() {
    snapshot!(
        "
agent Adder {
    int total;
    void Through() { Deeper(); }
    void Deeper() { Deepest(); }
    void Deepest() { Console.WriteLine(total); }
    void Count() { total++; }
    function int Chain() { Through(); return 1; }
    function int Near() { Count(); return 2; }
    function int Innocent() { return Chain() + Near(); }
    public Adder() { Console.WriteLine(Innocent()); }
}
"
    );
}

#[test]
fn function_values_have_to_keep_the_promise() {
    snapshot!(
        "
function int Twice(Func<int, int> f, int x) { return f(f(x)); }
agent Main {
    int total;
    int Effectful(int n) { total += n; return n; }
    int Harmless(int n) { return n + total; }
    function int Inside(int n) {
        int Local(int x) { total = x; return x; }
        return Twice(x => x + total, n) + Local(n) + Twice(Harmless, n);
    }
    public Main() {
        var k = 3;
        Console.WriteLine(Twice(x => x + k, Inside(1)));
        Console.WriteLine(Twice(x => { Console.WriteLine(x); return x; }, 1));
        Console.WriteLine(Twice(Effectful, 1));
    }
}
"
    );
}

#[test]
fn overrides_are_bound_by_the_promise_of_what_they_override() {
    snapshot!(
        "
agent Base {
    int total;
    virtual function int Cost() { return total; }
    virtual void Note() { }
    function int Noted() { Note(); return total; }
    public Base() { Console.WriteLine(Noted() + Cost()); }
}
agent Derived : Base {
    override function int Cost() { total++; return total; }
    override void Note() { Console.WriteLine(1); }
    public Derived() { }
}
"
    );
}

#[test]
fn function_values_are_charged_where_they_are_called() {
    effects!(
        "
agent Main {
    int total;
    List<Func<int, int>> kept = new List<Func<int, int>>();
    int Apply(Func<int, int> f, int x) { return f(x); }
    int Deep(Func<int, int> f, int x) { return Apply(f, x); }
    int Pure(int n) { return Deep(x => x + 1, n); }
    int Reads(int n) { return Deep(x => x + total, n); }
    int Prints(int n) { return Apply(Print, n); }
    int Print(int n) { Console.WriteLine(n); return n; }
    int Bound(int n) { Func<int, int> f = x => x + total; return f(n); }
    int Made(int n) { Func<int, int> _f = x => x + total; return n; }
    void Keep() { kept.Add(x => x + total); }
    int Kept(int n) { return kept[0](n); }
    int Listed(List<int> list) { return list.Select(x => x + total).Count(); }
    public Main() {
        Keep();
        Console.WriteLine(Pure(Reads(Prints(Bound(Made(Kept(Listed(new List<int>()))))))));
    }
}
"
    );
}
