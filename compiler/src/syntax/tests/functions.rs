//! How functions and methods parse.
use super::{body, snapshot};

#[test]
fn functions_stand_at_namespace_level() {
    snapshot!(
        r###"
const double Pi = 3.14;
function int Twice(int x) => 2 * x;
function T Larger<T>(T a, T b) where T : comparable { return a > b ? a : b; }
function (int min, int max) Range(int[] xs, int from = 0) { return (1, 2); }
private function Func<int, int> Adder(int k) { return x => x + k; }
ISource<int> Numbers(int n) { yield return n; yield break; }
"###
    );
}

#[test]
fn local_functions_belong_to_a_body() {
    body!(
        r###"
        int Twice(int a) => a * 2;
        function T Same<T>(T x) where T : equatable { return x; }
        List<int> Build() { return new List<int>(); }
        asynchronous void Wait() { }
        void Empty() { }
        string? Maybe(int? x) { return null; }
        (int, int) Pair() => (1, 2);
"###
    );
}

#[test]
fn native_modules_declare_signatures() {
    snapshot!(
        r###"
native "native/image.rs" uses { image = "0.25", rand = "1" } {
    opaque type Picture;
    function Picture Resize(Picture p, int w, int h);
    Picture Load(string path) throws;
    blocking void Save(Picture p, string path) throws;
}
native "plain.rs" { void Go(); }
native "more.rs" uses {
    image = { version = "0.25", default_features = false, features = ["png", "jpeg"] },
    "wasm-bindgen" = "0.2",
} { function int Next(int n = 1); }
"###
    );
}

#[test]
fn native_library_forms_parse() {
    snapshot!(
        r###"
native type List<T> : IEnumerable<T> where T : equatable {
    new();
    [Rust("with_capacity")] new(int capacity) throws;
    function int Count { get; }
    function T this[int index] throws { get; set; }
    function List<T> this[Range range] throws { get; }
    function bool Contains(T item) where T : equatable;
    /// Puts in.
    [Rust("insert")] void Insert(int index, T item) throws;
    KeyValue<T, Foo> Both(Foo a, Bar<T> b) throws where T : hashable;
}
[Rust("Str")] native type string { function int Length { get; } function char this[int i] throws { get; } }
native handle OrderedInteractionPoint<T> : ISourceAndTarget<T>, IInteractionPoint<T> { new(); [Sends] void Close(); }
native namespace Console {
    [Io] void WriteLine(any value);
    [Io, Format] void WriteLine(string format, any args);
    [Io, Suspends] string? ReadLine() throws;
    function int MaxValue { get; }
}
"###
    );
}
