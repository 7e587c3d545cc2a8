//! Bodies that yield, and chains of members.

use super::snapshot;

#[test]
fn a_body_is_started_for_each_enumeration() {
    snapshot!(
        "function IEnumerable<string> Lines(List<string> all, int n) {
    try { foreach (var line in all.Take(n)) { yield return line; } }
    finally { n = 0; }
}
struct Pair {
    int A;
    int B;
    function IEnumerable<int> Both() { yield return A; yield return B; }
}
agent Main : ConsoleApplication {
    int factor = 3;
    IEnumerable<int> Scaled(Pair pair) {
        foreach (var n in pair.Both()) { yield return n * factor; }
    }
    override int Run(string[] args) {
        IEnumerable<int> Own() { yield return args.Length; }
        foreach (long n in Scaled(new Pair { A = 1 }).Concat(Own())) { Console.WriteLine(n); }
        return 0;
    }
}"
    );
}

#[test]
fn a_chain_is_one_expression() {
    snapshot!(
        "agent Main : ConsoleApplication {
    override int Run(string[] args) {
        var lengths = args.Where(a => a != \"\").Select(a => a.Length);
        Func<int, bool> even = n => n % 2 == 0;
        return lengths.Where(even).OrderBy(n => -n).ThenBy(n => n % 10).Take(3).Sum();
    }
}"
    );
}
