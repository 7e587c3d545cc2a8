//! Element types, members of sequences, and conversions of bound elements.

use super::snapshot;

#[test]
fn chains_have_element_types() {
    snapshot!(
        typed,
        "
function IEnumerable<long> Wide(List<int> items, IEnumerable<string> words) {
    foreach (long item in items) { yield return item; }
    foreach (var (at, word) in words.Index()) { yield return at + word.Length; }
    var letters = words.SelectMany(w => w.ToArray()).GroupBy(c => c).OrderBy(g => g.Key);
    yield return letters.First().Count() + items.Count() + items.Sum();
    yield return Total(items) + Total(Enumerable.Range(0, 3));
}
function int Total(IEnumerable<int> numbers) { return numbers.Sum(); }"
    );
}
