//! Nodes of networks.

use super::{effects, snapshot};

#[test]
fn nodes_run_later_and_elsewhere() {
    effects!(
        "
channel Sum { input int Number; output int Total; }
agent Adder : channel Sum {
    int total;
    int Double(int n) { return n * 2; }
    void Keep(int n) { total += n; }
    int Wait(int n) { return n + receive(Number); }
    public Adder() {
        Number ==> Double ==> (n => n + total) ==> Total;
        Number ==> Keep;
        Number ==> Wait ==> (n => { total = n; });
    }
}
"
    );
}

#[test]
fn captured_locals_are_read_only() {
    snapshot!(
        "
channel Sum { input int Number; output int Total; }
agent Adder : channel Sum {
    int total;
    public Adder() {
        var sum = 0;
        var list = new List<int>();
        Number ==> n => sum += n;
        Number ==> n => { list.Add(n); };
        Number ==> n => { total += n; var own = n; own++; Total <-- own + sum; };
        void Local(int n) { sum += n; }
        Local(3);
        Number ==> n => { Local(n); };
        Total <-- sum + list.Count;
    }
}
"
    );
}
