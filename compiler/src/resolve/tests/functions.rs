//! Functions of namespaces, local functions and lambdas.

use super::snapshot;

#[test]
fn local_functions_see_the_locals_around() {
    snapshot!(
        resolved,
        "
function int F(int n) {
    var k = 2;
    int result = Twice(n);
    return result;
    int Twice(int x) { k++; return Half(x) * k; }
    function int Half(int x) => x / n;
}"
    );
}

#[test]
fn lambdas_have_parameters_of_their_own() {
    snapshot!(
        resolved,
        "
function int F(int n) {
    Func<int, int> add = x => x + n;
    Func<int, int, int> mul = (a, b) => { var k = a * b; return k + n; };
    Action say = () => Console.WriteLine(n);
    Func<int, Func<int, int>> nested = x => y => x + y;
    say();
    return add(1) + mul(2, 3) + nested(1)(2);
}"
    );
}

#[test]
fn names_are_declared_once_in_a_body() {
    snapshot!(
        reported,
        "
function int F(int n) {
    int n = 1;
    var a = 1;
    if (n > 0) { int a = 2; Console.WriteLine(a); }
    { var b = 1; Console.WriteLine(b); }
    { var b = 2; Console.WriteLine(b); }
    Func<int, int> f = a => a + 1;
    int Local(int a) { return a; }
    void Local() { }
    for (int i = 0; i < 3; i++) { var i = 1; Console.WriteLine(i); }
    return f(a) + Local(1);
}"
    );
}

#[test]
fn parameters_are_passed_by_value() {
    snapshot!(
        reported,
        "
function int F(ref int a, out int b, params int[] c) { return a + c.Length; }
function int G() { int Local(in int a) { return a; } return Local(1); }"
    );
}

#[test]
fn methods_stand_in_agents_and_domains() {
    snapshot!(
        reported,
        "
int Add(int a, int b) { return a + b; }
function int Sub(int a, int b);
function T Id<T>(T x) { return x; }
virtual function int V() { return Add(1, 2); }"
    );
}
