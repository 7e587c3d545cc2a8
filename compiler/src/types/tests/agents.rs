//! Agents: making them, their fields and constructors.

use super::snapshot;

#[test]
fn agents_are_made_in_domains() {
    snapshot!(
        typed,
        "
channel Talk { input int In; }
agent Plain : channel Talk { public Plain(int n, string s = \"x\") { } }
agent Silent { }
agent Derived : Plain { public Derived() : base(3) { } }
domain Room {
    int count;
    public Room(int n) { count = n; }
    reader agent User : channel Talk { public User() { var n = count + parent.count; } }
    writer agent Admin { public Admin() { var u = User.Create(); count = Twice(n: 2); } }
    function int Twice(int n) { return n * 2; }
    void Fill() { count = Twice(count); }
}
agent Main {
    public Main() {
        var p = Plain.CreateInNewDomain(1);
        Silent.CreateInNewDomain();
        var room = new Room(3);
        var u = room.Create<User>();
        room.Create<Room.Admin>();
    }
}"
    );
}

#[test]
fn makers_give_what_constructors_take() {
    snapshot!(
        reported,
        "
channel Talk { input int In; }
agent Plain : channel Talk { public Plain(int n) { } }
agent Derived : Plain { public Derived() { } }
agent Silent { }
domain Room {
    public Room(int n) { }
    agent User : channel Talk { public User() { } }
}
domain Other { int x; }
agent Main {
    public Main(OrderedInteractionPoint<int> point) {
        Plain.CreateInNewDomain();
        Plain.CreateInNewDomain(\"x\");
        var s = Silent.CreateInNewDomain();
        Room.User.CreateInNewDomain();
        var room = new Room();
        var other = new Other();
        other.Create<Room.User>();
        other.x = 3;
        Main.CreateInNewDomain(point);
        var self = this;
    }
}"
    );
}

#[test]
fn fields_without_default_are_assigned_by_the_constructor() {
    snapshot!(
        reported,
        "
channel Talk { input int In; }
enum Color { Red }
agent Server : channel Talk { }
agent A {
    int fine;
    OrderedInteractionPoint<int> point;
    Color color = Color.Red;
    readonly int fixed = 3;
    Server_ server;
    public A(bool b) {
        point <-- 1;
        point = new OrderedInteractionPoint<int>();
        point <-- fine;
        if (b) server = Talk.X;
        fixed = 4;
    }
    void Change() { fixed = 5; }
}
agent B { Color color; }
agent C { Color color; public C(bool b) { if (b) { color = Color.Red; return; } } }
domain D { OrderedInteractionPoint<int> point; public D() { point = new OrderedInteractionPoint<int>(); } }"
    );
}
