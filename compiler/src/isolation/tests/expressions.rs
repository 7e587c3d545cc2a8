//! Function values and what expressions throw.

use super::{effects, snapshot};

#[test]
fn what_can_throw_is_known() {
    effects!(
        "
function int Index(int[] a) { return a[0]; }
function int Divide(int a, int b) { return a / b; }
function int Halve(int a) { return a / 2 + a % 3; }
function int Negate(int a) { return a / -1; }
function double Fraction(double a, double b) { return a / b; }
function int Checked(int a) { return checked(a + 1); }
function int Wraps(int a) { return a + 1; }
function byte Narrow(int a) { return (byte)a; }
function byte CheckedNarrow(int a) { return checked((byte)a); }
function int Assert(int? a) { return a!; }
function int Value(int? a) { return a.Value; }
function int Call(Func<int> f) { return f(); }
function int Parse(string s) { return Int32.Parse(s); }
function string Join(string a, int b) { return a + b; }
"
    );
}

#[test]
fn function_values_never_wait() {
    snapshot!(
        "
channel Sum { input int Number; output int Total; }
agent Adder : channel Sum {
    int total;
    int Next(int n) { return n + receive(Number); }
    int Reads(int n) { return n + total; }
    public Adder() {
        Func<int, int> reads = n => n + total;
        Action<int> prints = n => { Console.WriteLine(n); };
        Func<int, int> fine = Reads;
        Func<int, int> waits = n => n + receive(Number);
        Action<int> sends = n => { Total <-- n; };
        Action<int> writes = n => { total = n; };
        Func<int, int> named = Next;
        prints(reads(fine(waits(named(2)))));
        sends(3);
        writes(3);
    }
}
"
    );
}
