//! Readers, writers and strangers.

use super::{effects, snapshot};

#[test]
fn domain_state_is_told_from_own_state() {
    effects!(
        "
channel Ask { input int Question; output int Answer; }
domain Room {
    int users;
    readonly int limit = 10;
    public Room(int n) { users = n; }
    function bool Full() { return users >= limit; }
    void Enter() { users++; }
    domain Corner {
        int seats;
        int All() { return seats + parent.users; }
        writer agent Sitter : channel Ask {
            public Sitter() { seats = All(); parent.parent.users = seats; }
        }
    }
    writer agent User : channel Ask {
        int seen;
        void Look() { seen = users; }
        void Limit() { seen = limit; }
        public User() { if (!Full()) { Enter(); } Look(); Limit(); }
    }
}
agent Main {
    public Main() {
        var room = new Room(3);
        var user = room.Create<Room.User>();
        user::Question <-- 1;
    }
}
"
    );
}

#[test]
fn a_stranger_may_not_touch_state() {
    snapshot!(
        "
domain Room {
    int users;
    readonly int limit = 10;
    List<string> names;
    void Enter(string name) { users++; names.Add(name); }
    function bool Full() { return users >= limit; }
    agent Stranger {
        public Stranger() {
            Console.WriteLine(limit);
            Console.WriteLine(users);
            users = 3;
            names.Add(\"me\");
            Enter(\"me\");
            Helper();
        }
        void Helper() { Console.WriteLine(Full()); }
    }
    agent Looker { public Looker() { Console.WriteLine(users); } }
}
"
    );
}

#[test]
fn a_reader_may_not_write() {
    snapshot!(
        "
struct Reach { int Length; void Grow(int by) { Length += by; } }
domain Room {
    int users;
    Reach reach;
    List<int> sizes;
    void Enter() { Count(); }
    void Count() { users++; }
    reader agent Reader {
        public Reader() {
            Console.WriteLine(users + reach.Length + sizes.Count);
            users += 1;
            sizes[0] = 3;
            reach.Grow(2);
            reach.Length = 3;
            Enter();
        }
    }
}
"
    );
}

#[test]
fn state_around_the_domain_follows_the_same_rules() {
    snapshot!(
        "
domain Outer {
    int total;
    void Add(int n) { total += n; }
    domain Inner {
        int count;
        void Both(int n) { count += n; parent.total += n; }
        reader agent Reader {
            public Reader() {
                Console.WriteLine(count + parent.parent.total);
                parent.parent.total = 1;
                parent.parent.Add(1);
                Both(1);
            }
        }
    }
}
"
    );
}

#[test]
fn stale_state_is_shown_with_its_wait_and_its_write() {
    snapshot!(
        "
channel Ask { input int Question; output int Answer; }
domain Room {
    int count;
    writer agent User : channel Ask {
        public User() {
            var old = count;
            var more = receive(Question);
            count = old + more;
            parent.count = parent.count + receive(Question);
            count = receive(Question) < count ? count : Later(count);
        }
        int Later(int n) { yield; return n; }
    }
}
"
    );
}
