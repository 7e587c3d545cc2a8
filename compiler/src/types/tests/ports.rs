//! Ports, sends, receives, requests.

use super::{accepted, snapshot};

#[test]
fn ports_send_and_receive() {
    snapshot!(
        typed,
        "
schema Pair { int A; int B; }
channel Calc { input int Left; output long Result; input Pair Add : int; input Get : string; }
agent Server : channel Calc {
    public Server() {
        Result <-- receive(Left) + receive(PrimaryChannel::Left, 2s);
        var rq = receive(Add);
        rq <-- rq.Value.A;
        foreach (var get in Get) get::Reply <-- \"x\";
    }
}
agent Client {
    public Client() {
        var c = Server.CreateInNewDomain();
        c::Left <-- 1;
        var reply = c::Add <-- new Pair { A = 1, B = 2 };
        int n = receive(reply) + receive(c::Add <-- new Pair { A = 3, B = 4 });
        string s = receive(c::Get <-- Signal.Value);
        foreach (var r in c::Result) n++;
        ISource<long> results = c::Result;
        ITarget<int> left = c::Left;
        left <-- n;
        var done = receive(c::Done);
        var failed = receive(c.Completion)?.Message;
        c.Close();
        receive(c.Monitor());
    }
}"
    );
}

#[test]
fn ports_used_the_wrong_way_are_rejected() {
    snapshot!(
        reported,
        "
schema Pair { int A; int B; }
channel Calc { input int Left; input int Right; output int Result; input Pair Add : int; }
agent Server : channel Calc {
    public Server() {
        Left <-- 1;
        int x = receive(Result);
        int y = receive(Add);
        Result <-- \"x\";
        var rq = receive(Add);
        rq <-- \"y\";
        Result <-- null;
        foreach (var r in Result) { }
    }
}
agent Client {
    public Client() {
        var c = Server.CreateInNewDomain();
        c::Leff <-- 1;
        c::Result <-- 1;
        receive(c::Left);
        var z = receive(c::Left <-- 2);
        var w = c::Left <-- 2;
        c::Add <-- 3;
        c <-- 3;
        5 <-- 3;
        receive(5);
        ITarget<Pair> add = c::Add;
        ISource<string> s = c::Result;
        var l = c.Left;
        c.Foo();
        3::Left <-- 1;
        int i = 3;
        if (i<--i) { }
        receive(c, \"x\");
    }
}"
    );
}

#[test]
fn receive_takes_one_of_several() {
    snapshot!(
        typed,
        "
channel C { input int A; input string B; output int O; }
agent S : channel C {
    public S() {
        int sum = 0;
        while (true) {
            receive {
                from A into var a when a > 2: sum += a; break;
                from A, B into (var x, var y) when x > y.Length: sum += x;
                from B: return;
                timeout 500ms: break;
                default: continue;
            }
        }
    }
}"
    );
}

#[test]
fn a_receive_all_of_whose_cases_return_ends_the_body() {
    accepted(
        "
channel C { input int A; input string B; }
agent S : channel C {
    public S() { Next(); }
    int Next() {
        receive {
            from A into int a: return a;
            from B into var b: return b.Length;
        }
    }
}",
    );
}

#[test]
fn ends_stand_for_their_only_fitting_port() {
    accepted(
        "
channel Talk { input string Say; output string Heard; }
agent Echo : channel Talk {
    public Echo() {
        foreach (var s in PrimaryChannel) PrimaryChannel <-- s;
    }
}
agent Client {
    public Client() {
        var e = Echo.CreateInNewDomain();
        e <-- \"x\";
        string s = receive(e);
        ISource<string> heard = e;
        ITarget<string> say = e;
        heard ==> say;
        e ==> Console.WriteLine;
    }
}",
    );
}

#[test]
fn mistakes_with_requests_and_sends_are_explained() {
    snapshot!(
        reported,
        "
channel Store { input string Get : int; input Now : int; input Signal Stop; output int Total; }
agent Asker {
    public Asker(Store store, OrderedInteractionPoint<int> point) {
        store::Stop <- Signal.Value;
        var a = receive(store::Get);
        var b = receive(store::Now);
        var c = store.Get(\"x\");
        store.Stop();
        store.Total;
        store::Stop;
        store::Get;
        if ((store::Get <-- \"x\") is 3) { }
        var d = point + receive(point, 2);
        store.Create();
        Console.WriteLine(store::Get <-- \"x\");
    }
}
agent Storing : channel Store {
    int Twice(int n) { return 2 * n; }
    public Storing() {
        foreach (var rq in Get) { if (rq is \"total\") { } }
        Get ==> Twice();
    }
}"
    );
}
