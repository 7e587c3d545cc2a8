//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::body_snapshot;

#[test]
fn loops_that_store_ask_once_who_holds_an_array() {
    body_snapshot!(
        "int[] a = { 1, 2, 3 };
for (int i = 0; i < a.Length; i++) { for (int j = 0; j < i; j++) a[j] += a[i]; }
var copies = new List<int[]>();
for (int i = 0; i < a.Length; i++) { a[i] = i; copies.Add(a); }
for (int i = 0; i < a.Length; i++) Console.Write(a[i]);
foreach (var x in a) a[0] = x;
var t = (a, 1);
while (t.Item1[0] < 9) t.Item1[0]++;
for (int i = 0; i < 3; i++) { int[] own = { i }; own[0]++; copies[0][i] = own[0]; }"
    );
}

#[test]
fn loops_that_may_store_nothing_do_not_ask_before() {
    body_snapshot!(
        "int[] a = { 1, 2, 3 };
for (int i = 0; i < a.Length; i++) { if (a[i] > 2) a[i] = 0; }
for (int i = 0; i < a.Length; i++) { if (a[i] == 0) continue; a[i]--; }
for (int i = 0; i < a.Length; i++) { if (i > 0) { while (a[i] < 9) a[i]++; } a[0] += a[i]; }
for (int i = 0; i < a.Length; i++) { if (a[i] > 9) break; a[i] = 1; }
int tries = 0;
while (tries++ < 3) { try { a[tries] = 1; } catch (Exception) { } }"
    );
}

#[test]
fn operands_that_only_look_come_before_those_that_take() {
    body_snapshot!(
        "function int[] Set(int[] xs, int i, int value) { xs[i] = value; return xs; }
int[] xs = { 1, 2 };
xs = Set(xs, 0, xs[1]);
var kept = Set(xs, 1, xs.Length);
var pair = (xs, xs.Length);
Console.WriteLine(pair.Item1[0] + kept[0]);"
    );
}

#[test]
fn text_grows_where_it_stands() {
    body_snapshot!(
        "string text = \"\";
text += 'c';
text += \"lit\";
text += args[0];
text += $\"{args.Length}: {text,4}\";
text += text[0];
text += args.Length + \"b\" + text;"
    );
}
