//! Functions and methods: defaults, overloads of the library, constraints.

use super::snapshot;

#[test]
fn overloads_of_the_library_are_chosen_by_type() {
    snapshot!(
        typed,
        "
function void F(byte b, float f, int? n, string s) {
    var a = Math.Max(b, 3);
    var c = Math.Max(1, 2.5);
    var d = Math.Abs(f);
    Console.WriteLine(n);
    Console.WriteLine(\"{0}\", b);
    var e = s.Split(',')[0].IndexOf(\"x\");
    var g = String.Join(\",\", new[] { 1, 2 });
    var h = Int32.Parse(Console.ReadLine());
    var i = s.ToString() + b.ToString(\"X\");
}"
    );
}

#[test]
fn constraints_of_the_library_are_checked() {
    snapshot!(
        reported,
        "
struct Named { string Name; Func<int, int> Change; }
schema Key { int A; double B; }
agent A { Set<Named> names; }
function int F(Dictionary<double, int> prices, List<Named> all) {
    all.Sort();
    var b = all.Contains(all[0]);
    var set = new Set<Key>();
    return all.Sum();
}"
    );
}

#[test]
fn default_arguments_have_the_type_of_their_parameter() {
    snapshot!(
        reported,
        "
function int F(int a = 1, string b = 2, int? c = null, byte d = 300) => a;
function void G(int n) { F(c: n); }"
    );
}
