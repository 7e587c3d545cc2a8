//! How statements parse.
use super::{body, snapshot};

#[test]
fn branches_and_loops() {
    body!(
        r###"
        if (a) b(); if (a) b(); else c(); if (a) { } else if (b) { } else { }
        if (a) if (b) c(); else d();
        while (a) b(); do a(); while (b); do { } while (c);
        for (int i = 0, j = 1; i < n; i++, j--) a(); for (;;) break; for (i = 0; ; ) continue; for (var x in xs) a();
        foreach (var x in xs) a(); foreach (int x in F()) { } foreach (var (k, v) in d) a(); foreach ((int k, string v) in d) a(); foreach (List<int> l in ls) a();
        ; { }
"###
    );
}

#[test]
fn locals_are_told_from_expressions() {
    body!(
        r###"
        int a; int b = 1, c; var d = 2; A.B<int>[] e = null; int? f; ISource<int> g; const int H = 3; List<int>[] i; Foo j; Foo? k = null; (int, int) l; Func<int> m = () => 1;
        a.b = c; a[1] = 2; a.B<int>(); a * b; a ? b : c; a(b).c(); (a) = b;
        var (x, (y, _)) = t; (int x, var y) = t; (int a, (var b, _)) = t;
"###
    );
}

#[test]
fn switch_statements_have_patterns() {
    body!(
        r###"
        switch (x) {
            case 1: case 2 when y > 1: F(); break;
            case Circle(var r): break; case (1, _): break; case > 0 and < 10 or 20: break; case { Id: 1, X: var z }: break;
            case Order { Id: 1 }: break; case null: break; case not null: break; case Foo f: break; case Foo: { break; }
            case Shape.Rect(double w, _) when w > 1: a ? b : c; break;
            default: break;
        }
        switch (a, b) { case (1, 2): break; }
        switch (x) { }
"###
    );
}

#[test]
fn exceptions_and_resources() {
    body!(
        r###"
        try { } catch (E e) when (e.X > 1) { } catch (A.F) { } catch when (x) { } catch { } finally { }
        try { } finally { } throw; throw new E("x"); var x = y ?? throw z; F(a => throw b);
        using (var n = a ==> b) { } using (x) y(); using var m = a ==> b; using (List<int> l = F()) { }
        checked { x++; } unchecked { } return; return x; 
"###
    );
}

#[test]
fn a_finally_does_not_return() {
    body!(
        r###"
        try { return; } finally { if (x) { return 1; } while (y) return; F(() => { return; }); int G() { return 1; } switch (z) { case 1: return; } }
        return 1;
"###
    );
}

#[test]
fn receive_statements_have_cases() {
    body!(
        r###"
        receive {
            from PrimaryChannel::Left into var x: F(x); break;
            from other::Answer into string s when ready && s.Length > 1: { }
            from a, b into (var x, var y): y = 3; from = 4; timeout = from; from.x(); timeout();
            from c: break;
            from d ? e : f when g: break;
            from h into List<int> l: break;
            timeout 500ms: break;
            timeout slow ? 1s : 2s: break;
            default: break;
        }
        receive { } receive(x); var receive = 3; from(x); timeout++;
"###
    );
}

#[test]
fn small_statements() {
    body!(
        r###"
        yield; yield return 1; yield break; assert(x == 1); assert(a, "b"); expect throws E { F(); } expect throws A.B<int> { }
        string yield = ""; yield = "a"; expect(3); assert = 2; int test = 5; var checked1 = checked(x);
"###
    );
}

#[test]
fn contextual_words_stay_names() {
    body!(
        r###"
        agent = 3; channel.Foo(); int domain = 4; schema(3); input = output; rule(); function = 3; native = 2; parent.x = parent; when = with; into(3); where = 1; uses = opaque; type = blocking; throws = throws + 1; and = or + not; get = set; partial = 1; handle.x();
        int into = 1, when = 2; Foo where = null; var and = 3; List<int> or = null; Foo when(int x) { return x; } select(x => x); x = a.receive(3).from.timeout;
"###
    );
}

#[test]
fn constructs_of_csharp_are_recognised() {
    body!(
        r###"
        goto end; lock (a) { b(); } end: x++; unsafe { } static int s = 1;
"###
    );
}
