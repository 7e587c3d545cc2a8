//! How expressions, patterns and types parse.
use super::{body, snapshot};

#[test]
fn operators_have_the_precedence_of_csharp() {
    body!(
        r###"
        x = a + b * c - d % e / f;
        x = a << 1 + 2 >> b;
        x = a < b == c >= d != e;
        x = a & b | c ^ d && e || f;
        x = a ?? b ?? c;
        x = a ? b : c ? d : e;
        x = !a && -b + ~c > +d;
        x = -a.b() * (c);
        x += y -= z *= 1; x /= 2; x %= 2; x &= 2; x |= 2; x ^= 2; x <<= 2; x >>= 2; x ??= y;
        x++; --x; x = y++ + ++z - -w;
        x = a! .b![0]!.c;
"###
    );
}

#[test]
fn type_arguments_are_told_from_comparisons() {
    body!(
        r###"
        F(G<A, B>(7));
        F(a < b, c > d);
        F(a < b, c > (d));
        bool b = a < c && d > e;
        x = a < b ? c : d > e;
        var l = new List<Dictionary<string, List<int>>>();
        Foo<int>.Bar<string, int?>(x).Baz<T[]>();
        x = y.F<int> ?? z.G<int>;
        if (i < n && m > 0) { }
        for (int i = 0; i < n; i++) { }
        x = a >> b; x = a > b; x = a >= b; x = a < b >> c; F(a < b, c >= d);
        Func<List<int>, (int, string)> f = null; var m = new Dictionary<string, (int a, int b)>();
"###
    );
}

#[test]
fn casts_are_told_from_parentheses() {
    body!(
        r###"
        x = (int)y; x = (Foo)y; x = (Foo)(y); x = (a) - b; x = (int)-b; x = (a.B<int>[])c; x = (T?)d;
        x = (Foo)"s"; x = (Foo)!b; x = (a)[0]; x = (a).b; x = (f)(y); x = (byte)1 + 2; x = ((int, string))t;
        x = (Foo)new Bar(); x = (Foo)this; x = (a) is int; x = (a) with { B = 1 }; x = (Foo)~y; x = (a)! ;
        if (a) (b).c(); x = (Summary)order;
"###
    );
}

#[test]
fn nullable_types_are_told_from_conditionals() {
    body!(
        r###"
        int? n = null; A.B? m; List<int?>? l = null; int?[] a = null; var x = b ? c : d;
        var y = b ? (c) : -d; y = a?.b?[1]?.c(); y = a ? [1] : b; 
"###
    );
}

#[test]
fn lambdas_have_parameters_with_and_without_types() {
    body!(
        r###"
        Func<int, int> a = x => x + 1; var b = (x, y) => x; var c = () => 1; var d = (int x, List<int> y) => { return x; };
        F(x => y => z, (a) => b, _ => 1); var e = (a) => (b) => c; list.Map(x => x > 1 ? x : y);
"###
    );
}

#[test]
fn objects_arrays_and_collections_are_created() {
    body!(
        r###"
        var a = new Point { X = 1, Y = { 1, 2 } }; var b = new Point(X = 1, Y = 2); Point c = new(1) { X = 2 }; Point d = new();
        var e = new int[3]; var f = new int[3][]; var g = new int[] { 1, 2 }; var h = new[] { 1, 2, }; var i = new int[][] { new int[0] };
        var j = new List<int> { 1, 2 }; var k = new Dictionary<string, int> { { "a", 1 }, { "b", 2 } }; var l = new D { ["a"] = 1, ["b"] = x };
        int[] m = { 1, 2 }, n = { }; int[][] o = { { 1 }, { 2, 3 } }; var p = new A.B<int>(1, name: 2, x: y => z); F(new T());
        var q = r with { X = 1, Y = 2 }; var s = new string?[2];
"###
    );
}

#[test]
fn tuples_ranges_and_indices() {
    body!(
        r###"
        var t = (1, "a"); var u = (id: 1, name: "x"); (a, b) = (b, a); (int, string) v = t; (int id, string name) w = t;
        x = xs[1..3]; x = xs[..b]; x = xs[a..]; x = xs[..]; x = xs[^1]; x = xs[^2..^1]; x = xs[1..n - 1]; x = a..b == c; x = y[1, 2];
"###
    );
}

#[test]
fn switch_expressions_have_patterns() {
    body!(
        r###"
        var e = x switch {
            1 or 2 => "a", > 2 and < 10 => "b", (1, _) => "c", (var a, (int b, _)) => "t",
            Circle(var r) => r.ToString(), Shape.Rect(double w, Foo h) when w > 1 => "d",
            { Id: 1, Name: var n } => n, Order { Id: > 0 } => "x", _ => throw new Exception("x"),
        };
        var f = y switch { null => 0, not null => 1 };
        var g = y switch { Option<int>.Some(3) => x => x, A.B => (x) => 1, "s" => -1, 'c' => 1, true => 2, -1 => 3, N + 1 => 4, var z when F(z => z) => 5, string s => 6 };
        if (x is Foo y && y.Z) { } if (x is not null) { } y = x is A and (B or C); y = x is A or (> 1 and < 2) && b; if (x is A or B && c) { } var t = x is int ? 1 : 2; t = x is Foo { A: 1 } ? 1 : 2; t = x is (1, 2) == b; t = x is > 3 || y;
"###
    );
}

#[test]
fn strings_interpolate() {
    body!(
        r###"
        var s = $"{x,8:F2} {name} {{}} {(a ? b : c)} {F("q", 'c')} {c::P} {$"in{1}"} {new T { A = 1 }.B} {x,-5}";
        s = $@"a\b {x} ""q"" 
second"; s = @"c:\d ""q"""; s = "\t\"\u0041\x41\U0001F600\0"; s = $"\t{x:yyyy-MM-dd}"; s = $""; s = $"{a.B<int, string>(c)}";
"###
    );
}

#[test]
fn literals_of_every_kind() {
    body!(
        r###"
        x = 10; x = 10L; x = 10u; x = 10UL; x = 0xFF; x = 0xFFL; x = 1_000; x = 0b101; x = 1.5; x = 1.5f; x = 2d; x = 5m; x = 1e10; x = 1.5e-3; x = .5;
        x = 250ms; x = 5s; x = 2min; x = 1h; x = 3us; x = 4ns; x = 1.5s; x = 'a'; x = '\n'; x = '\''; x = null; x = true; x = false; x = 2 * 5s;
        x = 18446744073709551615; x = int.MaxValue; x = string.Format("{0}", 1); x = default; x = default(List<int>); x = checked(a + b); x = unchecked(c);
"###
    );
}

#[test]
fn constructs_of_csharp_are_recognised() {
    body!(
        r###"
        x = typeof(int).Name; x = sizeof(int); x = y as Foo; x = await Foo(); x = from y in ys where y > 1 select y; F(ref x, out var y, out z); x = new { A = 1 }; x = delegate (int x) { return x; };
"###
    );
}
