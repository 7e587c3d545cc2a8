//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn functions_take_what_they_use() {
    snapshot!(
        "const int Limit = 3 * 4;
function int Scale(int n, int by = Limit) => n * by;
function int Div(int a, int b) => a / b;
agent Main : ConsoleApplication {
    int n;
    int Twice(int k) { return k * 2; }
    int Own(int k) { return n + k; }
    override int Run(string[] args) { return Scale(2) + Div(4, 2) + Twice(3) + Own(4); }
}"
    );
}

#[test]
fn lambdas_copy_what_they_capture() {
    snapshot!(
        "agent Main : ConsoleApplication {
    int n;
    int Plus(int k) { return n + k; }
    override int Run(string[] args) {
        int k = 2;
        string s = \"x\";
        Func<int, int> f = a => a + k + s.Length + n;
        Func<int, int> g = Plus;
        Func<int, Func<int, int>> h = a => b => a + b + k;
        return f(1) + g(2) + h(3)(4);
    }
}"
    );
}

#[test]
fn local_functions_borrow_what_they_use() {
    snapshot!(
        "agent Main : ConsoleApplication {
    override int Run(string[] args) {
        int total = 0;
        string log;
        void Add(int n) { total += n; log = \"n\" + n; if (n > 0) Add(n - 1); }
        int Peek() => total;
        Add(Peek() + 3);
        return total + log.Length;
    }
}"
    );
}

#[test]
fn waiting_recursion_is_boxed() {
    snapshot!(
        "channel C { input int N; }
agent Main : channel Application {
    int Sum(OrderedInteractionPoint<int> p, int n) {
        return n == 0 ? 0 : receive(p) + Sum(p, n - 1);
    }
    public Main() {
        var p = new OrderedInteractionPoint<int>();
        p <-- 1;
        ExitCode <-- Sum(p, 1);
    }
}"
    );
}
