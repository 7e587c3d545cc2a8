//! Namespaces, `using`, the library, and constructs that are not in the language.

use super::snapshot;

#[test]
fn namespaces_nest_and_are_used() {
    snapshot!(
        resolved,
        "
using System;
using Shop.Data;
namespace Shop {
    const int Limit = 3;
    namespace Data { schema Item { int Id; } function int Size() { return Limit; } }
    function Data.Item Make() { return new Data.Item { Id = Data.Size() }; }
}
function Item Other() { var x = Shop.Limit + Size(); return new Shop.Data.Item { Id = x }; }"
    );
}

#[test]
fn the_namespaces_of_2009_lead_to_the_library() {
    snapshot!(
        resolved,
        "
using System;
using System.Concurrency;
using System.Concurrency.Messaging;
using System.Collections.Generic;
using System.IO;
using Microsoft.Axum;
using Microsoft.Axum.IO;
using Axum;
agent Main : channel Microsoft.Axum.Application {
    public Main() {
        var line = Microsoft.Axum.IO.Console.ReadLine();
        var again = AsyncConsole.ReadLine();
        var n = Int32.Parse(line) + int.Parse(again) + System.Int32.Parse(\"3\");
        var all = new System.Collections.Generic.List<Int32> { n, Int32.MaxValue, Math.Max(1, 2) };
        System.Console.WriteLine(String.Format(\"{0}\", all.Count));
        String text = string.Join(\",\", all);
        Boolean b = text.Length > 1;
        ISource<int> s = new OrderedInteractionPoint<int>();
        IInteractionPoint<int> p = new OrderedInteractionPoint<int>();
        IEnumerable<Char> e;
        Timer.Every(5s) ==> Tick;
        send(p, 4);
        ExitCode <-- b ? 0 : 1;
    }
    void Tick(Signal s) { }
}"
    );
}

#[test]
fn the_programs_own_names_come_before_the_librarys() {
    snapshot!(
        resolved,
        "
namespace System { schema Console { int X; } }
schema Timer { int Every; }
function int F(Timer t, System.Console c) { return Math.Abs(t.Every + c.X); }
function System.String G() { return System.Math.Max(1, 2).ToString(); }"
    );
}

#[test]
fn unknown_namespaces_and_members_of_them() {
    snapshot!(
        reported,
        "
using Sytem;
using System.Linq;
namespace Shop { schema Item { int Id; } }
function Shop.Itme F() { return new Shop.Nothing(); }
function int G() { return Shop.Limit + System.Nothing(); }
function int H() { return Shop + Console; }"
    );
}

#[test]
fn unknown_types_are_suggested() {
    snapshot!(
        reported,
        "
function strng A(Lst<int> a, Itn b, Strng c) { return \"\"; }
function Dictionary<int> B(List c, Set<int, int> d, Func e) { return c; }
function object C(decimal a, dynamic b, var c, any d) { return a; }
function F G(void a, Action<void> b) { return a; }
schema S { Math.Max X; Console Y; S.Inner Z; }
[Fast] agent X { [Drain] int Y() { return 1; } [Unordered] int Z() { return Y() + Z(); } }"
    );
}

#[test]
fn what_follows_from_another_report_is_not_reported() {
    snapshot!(
        reported,
        "
agent A : channel Nowhere {
    public A() { Port <-- receive(PrimaryChannel::Other); this.member = base.Run(); }
    override int Run() { return 1; }
}
agent B : A { public B() { Inherited(); override_me = 1; } }
schema S : Unknown { rule Missing > 0; }
channel C : Unknown { Start: { Absent -> End; } }
agent D : channel C { public D() { Absent <-- receive(PrimaryChannel::Also); } }
domain Room { agent Guest { public Guest() { } } }
agent Main {
    public Main() {
        var a = A.CreateInNewDomain();
        a::Port <-- 1;
        unknown.Create<Guest>();
        unknown.Create<Room.Guest>();
        List<Missing> list = new List<int>();
        Func<Missing, int> f = null;
        switch (a) { case Nothing.Some(var v): Console.WriteLine(v + 1); break; }
    }
}"
    );
}

#[test]
fn names_lost_with_what_did_not_parse_are_not_unknown() {
    snapshot!(
        recovered,
        "
channel Line { input X Y Z; input int Z; }
schema Order : { int Id; }
agent A : channel Line {
    public A() { Order o = receive(X); Y <-- receive(PrimaryChannel::Z); Unknown(o); }
}"
    );
}

#[test]
fn what_csharp_has_and_axum_has_not() {
    snapshot!(
        reported,
        "
class Point { public int X; }
interface IShape { }
delegate int Op(int a);
struct S {
    int X;
    int Y { get; set; }
    int this[int i] { get { return i; } }
    public event Op Changed;
}
agent A {
    public A() {
        Point p;
        lock (p) { }
        goto end;
        end: ;
        var t = typeof(int);
        var q = from x in p select x;
        readonly int r = 1;
    }
}"
    );
}

#[test]
fn what_is_not_supported_yet() {
    snapshot!(
        reported,
        "
test \"one\" { assert(1 == 1); }
native \"lib.rs\" { function int Twice(int x); }
schema Box<T> { T Value; }
[Supervise(Restart.Always)] agent A {
    public A() {
        var x = Twice(1) + 1;
        var d = 1.5m + x;
    }
    void Serve(string s) { var h = new Host(s); Exit.Drain(h); new PersistentInteractionPoint<int>(s); }
}
enum E { One = 1 }"
    );
}

#[test]
fn names_that_stand_elsewhere_say_where() {
    snapshot!(
        reported,
        "
namespace Shop { schema Offer { int Price = 1; } function int Twice(int n) => 2 * n; }
domain Fair { agent Guest { public Guest() { Thread.Sleep(3); } } }
function string List(List<int> numbers) => \"\";
agent Visitor {
    public Visitor(Offer offer, Mutex mutex) {
        var twice = Twice(offer.Price);
        Guest.CreateInNewDomain();
        Fair.Create();
        switch (twice) { case other: break; }
    }
}"
    );
}
