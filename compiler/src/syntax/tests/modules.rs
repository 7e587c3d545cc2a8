//! How files, namespaces and tests parse.
use super::snapshot;

#[test]
fn files_have_usings_and_namespaces() {
    snapshot!(
        r###"
using System;
using System.Collections.Generic;
namespace A.B {
    using C;
    agent X { }
    namespace D { schema S { int X; } }
}
namespace E { }
test "one and one" { assert(1 + 1 == 2); }
"###
    );
}

#[test]
fn a_namespace_may_cover_the_rest_of_the_file() {
    snapshot!(
        r###"
using System;
/// All of it.
namespace A.B;
using C;
agent X { }
function int F() => 1;
"###
    );
}

#[test]
fn constructs_of_csharp_are_recognised() {
    snapshot!(
        r###"
using X = System.Int32; using static System.Math;
public class Foo<T> : Bar { int x; class Inner { } }
interface IFoo { void F(); }
public delegate int D(int x, int y);
struct S {
    int Count { get; set; } public int Sum => 1; int Auto { get; private set; } = 3; event Action<int> Changed; event Foo E { add { } remove { } }
    public static S operator +(S a, S b) { return a; } static implicit operator int(S s) { return 1; } int this[int i] { get { return 1; } }
    static int shared; static void F(ref int x, out int y, in int z, params int[] rest, this Foo self) { } unsafe void G() { } delegate void H(); goto; 
}
"###
    );
}

#[test]
fn comments_nest_and_doc_comments_attach() {
    snapshot!(
        r###"
// line
/* block /* nested */ still */
/// Doc of A.
///   Indented.
//// no doc
agent A { /// Doc of x.
    int x; void F() { /// lost
        x = 1; } /// trailing
}
"###
    );
}
