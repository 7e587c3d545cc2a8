//! Ports by name.

use super::snapshot;

#[test]
fn own_ports_are_declared() {
    snapshot!(
        reported,
        "
channel Adder { input int Left; output int Sum; }
agent A : channel Adder {
    public A() {
        PrimaryChannel::Smu <-- receive(Lfet);
        this.PrimaryChannel::Right <-- 1;
        this.Sum <-- 2;
        receive(PrimaryChannel::Done);
    }
}
agent B { public B() { PrimaryChannel::X <-- 1; } }"
    );
}

#[test]
fn a_port_is_declared_once() {
    snapshot!(
        reported,
        "
channel Base { input int X; }
channel Derived : Base { input int X; input int Y; output int Y; }"
    );
}

#[test]
fn a_port_has_a_direction() {
    snapshot!(
        reported,
        "
channel C { int X; void Run() { } input int Y; }
agent A : channel C { public A() { receive(X); Run(); Y <-- 1; } }"
    );
}

#[test]
fn attributes_of_ports_are_looked_at() {
    snapshot!(
        reported,
        "
channel C {
    [Bounded(10, Overflow.Suspend)] input int X;
    [Drain] input int Y;
    [Bouded(1)] input int Z;
}"
    );
}
