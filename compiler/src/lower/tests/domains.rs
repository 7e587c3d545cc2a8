//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn a_turn_is_entered_before_state_is_touched_after_a_wait() {
    snapshot!(
        "channel C { input int N; output int Out; }
domain Room {
    int total; string topic = \"none\";
    readonly int limit = 10;
    public Room(int start) { total = start; }
    function bool Full() { return total > limit; }
    void Add(int n) { total += n; }
    public writer agent W : channel C {
        public W() {
            total += receive(N);
            topic += total;
            Add(receive(N) + 1);
            if (Full()) Out <-- total;
            Out <-- receive(N) + total;
        }
    }
    public reader agent R : channel C { public R() { foreach (var n in N) Out <-- n + total; } }
}
agent Main : channel Application {
    public Main() {
        var room = new Room(1);
        var w = room.Create<W>();
        w::N <-- 2;
        var r = room.Create<R>();
        r::N <-- receive(w::Out);
    }
}"
    );
}

#[test]
fn nested_domains_are_reached_level_by_level() {
    snapshot!(
        "channel C { input int N; }
domain Outer {
    int o;
    public domain Inner {
        int i;
        int Both() { return i + parent.o; }
        public writer agent W : channel C {
            public W() { parent.parent.o = receive(N); i = Both(); }
        }
    }
    public writer agent A : channel Application {
        public A() { var inner = new Inner(); var w = inner.Create<Inner.W>(); w::N <-- o; }
    }
}"
    );
}
