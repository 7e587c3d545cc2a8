//! What yields, and what cannot.

use super::snapshot;

#[test]
fn code_that_yields_is_an_iterator() {
    snapshot!(
        resolved,
        "
function IEnumerable<int> Down(int n) {
    while (n > 0) { yield return n; n--; }
    yield break;
}
function int Sum(int n) {
    IEnumerable<int> Own() { yield return n; }
    var sum = 0;
    foreach (var x in Own()) { sum += x; }
    return sum;
}"
    );
}
