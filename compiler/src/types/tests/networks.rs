//! Networks: roles of operands, what operators build, and what does not line up.

use super::{accepted_at_length, snapshot};

#[test]
fn the_published_network_lines_up() {
    snapshot!(
        typed,
        "
agent Main {
    public Main() {
        ISourceAndTarget<int[]> join = new OrderedInteractionPoint<int[]>();
        var a = new OrderedInteractionPoint<int>();
        var b = new OrderedInteractionPoint<int>();
        ITarget<int> sum = new OrderedInteractionPoint<int>();
        { a ==> TraceNumber, b ==> TraceNumber }
        &>- join -<: { GetSum, GetSum } >>- sum;
    }
    private int TraceNumber(int n) { Console.WriteLine(\"Got number {0}\", n); return n; }
    private function int GetSum(int[] nums) {
        int result = 0;
        foreach (var num in nums) result += num;
        return result;
    }
}"
    );
}

#[test]
fn nodes_take_messages_in_many_ways() {
    snapshot!(
        typed,
        "
schema Pair { int A; int B; }
struct Scale { int By; int Times(int n) => n * By; }
channel C { input int In; output int Out; input Pair Add : int; input int Reset : Signal; }
agent A : channel C {
    int total;
    public A() {
        var ints = new OrderedInteractionPoint<int>();
        var pairs = new OrderedInteractionPoint<(int, string)>();
        Func<int, int> f = x => x + 1;
        In ==> (x => x * 2) ==> Out;
        ints ==> n => total += n;
        ints ==> Console.WriteLine;
        var scale = new Scale { By = 2 };
        ints ==> scale.Times ==> Out;
        pairs ==> Both;
        pairs ==> (n, s) => total = n + s.Length;
        { ints, In } &>- Two ==> Out;
        { ints, pairs } &>- (n, p) => Console.WriteLine(n + p.Item2);
        In --> f ==> Out;
        Timer.Every(20ms) ==> Tick;
        Add ==> Sum;
        Reset ==> Clear;
        Add -<: { Sum, p => p.A * p.B };
        var kept = ints ==> f;
        int r = receive(kept);
        INetwork net = ints ==> Out;
    }
    void Both(int n, string s) { }
    int Two(int a, int b) => a + b;
    function int Sum(Pair p) => p.A + p.B;
    void Clear(int to) { total = to; }
    void Tick() { total++; }
}"
    );
}

#[test]
fn vectors_may_be_known_at_run_time() {
    snapshot!(
        typed,
        "
agent A {
    public A(int n) {
        var sources = new List<OrderedInteractionPoint<int>>();
        ITarget<int>[] targets = { new OrderedInteractionPoint<int>() };
        var workers = new List<Func<int, int>> { x => x + 1 };
        var start = new OrderedInteractionPoint<int>();
        sources >>- Show;
        sources &>- All;
        start -<< targets;
        start -<: workers >>- start;
        start -<: sources &>- All;
    }
    void Show(int x) { }
    void All(int[] xs) { }
}"
    );
}

#[test]
fn operands_that_do_not_line_up_are_rejected() {
    snapshot!(
        reported,
        "
agent A {
    OrderedInteractionPoint<int> ints = new OrderedInteractionPoint<int>();
    OrderedInteractionPoint<string> texts = new OrderedInteractionPoint<string>();
    public A() {
        ints ==> Text;
        ints ==> texts;
        { ints, ints } >>- All;
        { ints, ints } &>- One;
        { ints, ints } ==> One;
        ints >>- One;
        ints ==> { One, One };
        ints -<< One;
        { ints, texts } >>- One;
        ints ==> Two;
        ints ==> None;
        ints ==> One ==> One;
        One ==> ints;
        ints ==> 5;
        5 ==> ints;
        ints ==> Add ==> x => x ==> ints;
        ints ==> Add;
        ints -<< { };
        ints ==> Add(1);
        int i = 3;
        while (i-->0) { }
        var y = i>>-1;
        var net = ints -<: { Add, Add };
        ints ==> (string s) => Text(s);
        ints ==> (a, b) => One(a);
        ints -<& { One };
        ints ==> Add(10, _);
        { ints, ints } ==> All;
    }
    void Text(string s) { }
    void All(int[] xs) { }
    void One(int x) { }
    void Two(int a, int b) { }
    void None() { }
    int Add(int x) => x + 1;
}"
    );
}

#[test]
fn requests_are_answered_by_networks_that_fit() {
    snapshot!(
        reported,
        "
channel C { input int Add : string; input int Plain; output int Out; input int Clear : Signal; }
agent A : channel C {
    OrderedInteractionPoint<int> point = new OrderedInteractionPoint<int>();
    public A() {
        Add ==> Good;
        Add ==> Half ==> Good;
        Add ==> Half;
        Add ==> Sink;
        Clear ==> Sink;
        Add ==> point;
        Add -<< { Good, Good };
        { Add, Add } &>- Good;
        Add -<: { Good, Good };
        Out ==> Sink;
        point ==> Plain;
        Add ==> ByHand;
        Plain ==> Good;
        var c = A.CreateInNewDomain();
        point ==> c::Add;
        point ==> c::Plain;
        c::Plain ==> Sink;
    }
    string Good(int x) => \"x\";
    int Half(int x) => x / 2;
    void Sink(int x) { }
    void ByHand(Request<int, string> rq) { rq <-- \"y\"; }
}"
    );
}

#[test]
fn long_networks_are_checked_without_recursion() {
    let chain = vec!["Add"; 5_000].join(" ==> ");
    accepted_at_length(format!(
        "agent A {{
            public A() {{
                var p = new OrderedInteractionPoint<int>();
                p ==> {chain} ==> p;
            }}
            int Add(int x) => x + 1;
        }}"
    ));
}
