//! How agents parse.
use super::{body, snapshot};

#[test]
fn an_agent_has_fields_a_constructor_methods_and_nested_declarations() {
    snapshot!(
        r###"
/// Adds numbers.
/// Slowly.
[Supervise(Restart.Always, Max = 5, Within = 10s, Backoff = 100ms)]
public reader agent Adder<T> : channel Sums<T> where T : number {
    int total, count = 1;
    const int Limit = 10;
    readonly List<Dictionary<string, List<int>>> seen = new List<Dictionary<string, List<int>>>();
    public Adder(int start, string name = "x") : base(start) { total = start; }
    virtual int Next(int x) => x + 1;
    override function bool Done() { return total > Limit; }
    private (int, string) Pair((int a, int b) both, List<int>[] lists) { return (1, "a"); }
    struct Point { int X; int Y; }
    enum Mode { Slow, Fast = 2 }
    agent Inner { Inner() { } }
}
"###
    );
}

#[test]
fn agents_have_bases_of_several_kinds() {
    snapshot!(
        r###"
agent A { }
agent B : A { }
writer agent C : channel Some.Nested<int> { }
private agent D : Pseudo { }
abstract agent E<K, V> : channel F<K, V> where K : hashable, equatable where V : comparable { }
"###
    );
}

#[test]
fn words_of_agents_stay_names() {
    snapshot!(
        r###"
agent agent : channel channel {
    int reader; reader writer; agent[] domain = null;
    schema Make(channel input, output x) { return parent; }
    function agent test(int native) { return native; }
    asynchronous void asynchronous() { }
}
"###
    );
}

#[test]
fn a_port_is_named_with_or_without_the_channel() {
    body!(
        r###"
        this.PrimaryChannel::P <-- 1;
        PrimaryChannel::P <-- 2;
        P <-- 3;
        var u = room.Create<User>();
        Chatroom.User.CreateInNewDomain("a", 1);
        Generic<int>.CreateInNewDomain();
"###
    );
}
