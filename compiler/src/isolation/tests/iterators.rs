//! What iterators do when they are gone through.

use super::effects;

#[test]
fn an_iterator_reads_state_when_it_is_called() {
    effects!(
        "
agent Main : ConsoleApplication {
    int least = 3;
    IEnumerable<int> Large(List<int> all) {
        foreach (var n in all) { if (n > least) { yield return n; } }
    }
    IEnumerable<int> Plain() { yield return 1; }
    override int Run(string[] args) {
        return Large(new List<int>(Plain())).Select(n => n + least).Sum();
    }
}
"
    );
}
