//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn receive_statements_select_a_case() {
    snapshot!(
        "channel C { input int A; input string B; output int Out; }
agent Main : channel Application {
    public Main() {
        var a = new OrderedInteractionPoint<int>();
        var b = new OrderedInteractionPoint<string>();
        int limit = 3; bool ready = true;
        while (true) {
            receive {
                from a into var x when x > limit: Console.WriteLine(x); break;
                from b when ready: continue;
                from a, b into (var p, var q): if (p > 1) break; Console.WriteLine(q + p);
                timeout 5ms: ExitCode <-- 1;
            }
            limit++;
        }
    }
}"
    );
}
