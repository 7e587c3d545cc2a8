//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::{body_snapshot, snapshot};

#[test]
fn loops_leave_and_go_on() {
    body_snapshot!(
        "int n = args.Length;
for (int i = 0; i < 9; i++) { if (i == n) continue; if (i > 5) break; n += i; }
while (n > 0) { n--; if (n == 3) continue; if (n == 1) break; }
do { n++; if (n == 2) continue; } while (n < 5);
foreach (var a in args) { if (a == \"x\") break; n++; }
for (;;) { switch (n) { case 1: n = 2; continue; case 2: if (n > 0) break; n = 3; break; default: break; } break; }"
    );
}

#[test]
fn switches_become_matches() {
    snapshot!(
        "enum Shape { Circle(double r), Rect(double w, double h), Named(string name), Empty }
function string Kind(int n) {
    switch (n) { case 0: return \"zero\"; case 1: case 2: return \"few\"; case > 100: return \"many\"; }
    return \"some\";
}
function string Word(string s) => s switch { \"a\" or \"an\" => \"article\", _ => \"other\" };
function double Area(Shape s) {
    switch (s) {
        case Circle(var r) when r > 1: return r * r;
        case Circle(_): return 1;
        case Rect(var w, 2.0): return w;
        case Rect(var w, var h): return w * h;
        case Named(\"unit\"): return 1;
        default: return 0;
    }
}
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        var s = Shape.Rect(1, 2);
        if (s is Shape.Rect(var w, var h) && w < h) Console.WriteLine(w + h);
        if (!(s is Shape.Circle(var r))) return 1;
        Console.WriteLine(r);
        bool plain = args.Length is > 1 and < 5;
        return Area(s) > 1 ? Kind(1).Length : Word(\"a\").Length;
    }
}"
    );
}
