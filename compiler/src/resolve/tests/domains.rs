//! Domains: reaching outward, and what may not be reached.

use super::snapshot;

#[test]
fn parents_are_reached_step_by_step() {
    snapshot!(
        resolved,
        "
domain Outer {
    int total;
    int same;
    const int Limit = 3;
    void Add(int x) { total += x; var inner = new Inner(); inner.Create<Inner.Guest>(); }
    domain Inner {
        int same;
        public Inner() { parent.same = same + Limit; Guest.Create(); }
        writer agent Guest {
            public Guest() {
                same = 1;
                parent.same = 2;
                parent.parent.same = 3;
                parent.Add(parent.total);
                var room = parent;
                room.Create<Guest>();
                parent.parent.Create<Host>();
            }
        }
    }
    agent Host { public Host() { Inner i = new Inner(); var g = i.Create<Guest>; } }
}
agent Main {
    public Main() {
        var outer = new Outer();
        var host = outer.Create<Host>();
        Outer.Host.CreateInNewDomain();
    }
}"
    );
}

#[test]
fn state_of_other_domains_is_out_of_reach() {
    snapshot!(
        reported,
        "
domain Outer {
    int total;
    int Sum() { return total; }
    domain Inner {
        int own;
        public Inner() { own = total + Sum(); }
        writer agent Guest { public Guest() { total = own; parent.missing = 1; this.own = 2; } }
    }
}
agent Main {
    public Main() {
        Console.WriteLine(Outer.total + Outer.Sum() + Outer.Missing);
        var inner = new Outer.Inner();
        Outer.Inner.Guest.CreateInNewDomain();
        Outer.Inner.Guest.Create();
        Outer.Host.Create();
        parent.x = 1;
        Console.WriteLine(total);
    }
}
agent Free { public Free() { var p = parent.parent; } }"
    );
}

#[test]
fn a_domain_does_not_name_its_own_state_through_its_type() {
    snapshot!(
        reported,
        "
domain Room {
    int size;
    public Room() { Room.size = 1; }
    writer agent Guest { public Guest() { Room.size = 2; } }
}"
    );
}

#[test]
fn readers_need_a_domain() {
    snapshot!(
        reported,
        "
reader agent A { }
writer agent B { }
domain D { reader agent C { } writer agent E { } }"
    );
}

#[test]
fn private_items_stay_inside() {
    snapshot!(
        reported,
        "
namespace Shop {
    private schema Secret { int X; }
    public schema Open { Secret Inner; }
    domain Store {
        private schema Till { int X; }
        private agent Clerk { }
        public Store() { Clerk.Create(); }
    }
}
namespace Other { using Shop; function int G(Secret s) { return Hidden() + s.X; } }
namespace Shop { private function int Hidden() { return 1; } private const int Unused = 2; }
function int F(Shop.Secret s, Shop.Store.Till t, Shop.Open o) { return 1; }
agent A { public A() { var s = new Shop.Store(); s.Create<Shop.Store.Clerk>(); } }"
    );
}
