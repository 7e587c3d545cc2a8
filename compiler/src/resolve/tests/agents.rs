//! Agents: members, bases, creation, and what is hidden.

use super::snapshot;

#[test]
fn members_ports_and_domain_state_are_found_by_bare_name() {
    snapshot!(
        resolved,
        "
channel Adder { input int Left; output int Sum; }
domain Bank {
    int total;
    function int Rest() { return total; }
    reader agent Teller : channel Adder {
        int factor = 2;
        public Teller(int start) {
            var left = receive(Left) + receive(PrimaryChannel::Left);
            this.factor = start;
            Sum <-- Twice(left) * factor + total + parent.total + Rest();
            this.PrimaryChannel::Sum <-- 0;
        }
        function int Twice(int x) { return 2 * x; }
    }
}"
    );
}

#[test]
fn a_local_hides_a_field_which_hides_a_port() {
    snapshot!(
        resolved,
        "
channel C { input int X; input int Y; }
agent A : channel C {
    int X;
    public A() {
        var first = X;
        int Y = receive(PrimaryChannel::Y);
        Console.WriteLine(first + Y + receive(PrimaryChannel::X));
    }
}"
    );
}

#[test]
fn bases_hand_on_channel_and_members() {
    snapshot!(
        resolved,
        "
channel Line { output int Code; }
agent Base : channel Line {
    const int Start = 3;
    int count;
    public Base(int start) { count = start; Code <-- Work(this.Start); }
    virtual int Work(int x) { return x; }
}
agent Derived : Base {
    public Derived() : base(1 + 2) { count++; }
    override int Work(int x) { return base.Work(x) + count + Start; }
}
agent Hello : ConsoleApplication {
    private override int Run(String[] args) { return args.Length; }
}"
    );
}

#[test]
fn overrides_match_what_they_replace() {
    snapshot!(
        reported,
        "
agent Base {
    int count;
    public Base() { Fixed(); }
    virtual int Work(int x) { return x + count; }
    void Fixed() { }
}
agent Derived : Base {
    override long Work(int x) { return x; }
    override void Fixed() { }
    override void Missing() { }
}
agent Hiding : Base {
    int count;
    int Work(int x) { return x + count; }
}
agent Alone {
    override int Run() { return 0; }
}"
    );
}

#[test]
fn nothing_derives_from_itself() {
    snapshot!(
        reported,
        "
agent A : B { }
agent B : C { }
agent C : A { }
agent Own : Own { }
channel P : Q { input int X; }
channel Q : P { }
schema S : S { int X; }"
    );
}

#[test]
fn bases_are_channels_or_agents() {
    snapshot!(
        reported,
        "
schema Message { int X; }
channel Line { input int X; }
agent Wrong : Message { }
agent Short : Line { public Short() { receive(X); } }
agent Worded : channel Short { }
agent Unknown : channel Lien { }
domain Room { agent Guest { } }
agent Outside : Room.Guest { }
domain Other : Room { }"
    );
}

#[test]
fn agents_are_made_in_domains_and_hidden() {
    snapshot!(
        reported,
        "
channel Line { input int X; }
agent Worker : channel Line {
    public int Total;
    public Worker(int start) { Total = start + Total; }
}
agent Starter {
    public Starter() {
        var a = new Worker(1);
        var b = Worker(2);
        Console.WriteLine(Worker.Total);
        Worker.X <-- 1;
        Worker.Missing();
        var c = Worker.CreateInNewDomain(3);
        c::X <-- 1;
        Worker d = c;
    }
}"
    );
}

#[test]
fn one_agent_is_the_entry() {
    snapshot!(
        reported,
        "
agent Base : channel Application { }
agent Main : Base { }
agent Second : ConsoleApplication { override int Run(string[] args) { return 0; } }
agent Third : channel Microsoft.Axum.Application { }"
    );
}

#[test]
fn nobody_gives_the_entry_agent_arguments() {
    snapshot!(
        reported,
        "
domain Room {
    public Room(int size, int more = 2) { Console.WriteLine(size + more); }
    agent Main : ConsoleApplication {
        public Main(string name, int n) { Console.WriteLine(name); }
        override int Run(string[] args) { return 0; }
    }
}"
    );
}

#[test]
fn constructors_have_the_name_of_their_agent() {
    snapshot!(
        reported,
        "
agent A {
    public A() { }
    public A(int x) { }
    public B() { }
}
agent C { public C() : base(1) { } }
struct S { public S() { } int X; }"
    );
}

#[test]
fn shared_statics_and_other_modifiers_are_rejected() {
    snapshot!(
        reported,
        "
int counter = 0;
agent A {
    static int total;
    static readonly int limit = 3;
    protected int hidden;
    static void Run() { }
    reader int Odd() { return 1; }
    private public int Both() { return 2; }
    public A() { Console.WriteLine(total + limit + hidden + counter); Run(); Odd(); Both(); }
}
sealed agent B { }
reader writer agent C { }"
    );
}

#[test]
fn unused_private_members_are_warned_of() {
    snapshot!(
        reported,
        "
agent A {
    int total;
    int _kept;
    int used;
    int Unused() { return 1; }
    public A() { used = 1; }
}
domain D {
    int state;
    public int shown;
    public D() { }
}"
    );
}
