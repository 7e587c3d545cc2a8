//! No text makes the parser panic: every beginning of a program that uses the whole language,
//! and every text that differs from it by a token, is parsed.

use crate::support::span::FileId;
use crate::syntax::lexer::lex;
use crate::syntax::{parse, parser};

const PROGRAM: &str = r###"
using System;
/// Doc.
[Supervise(Restart.Always, Max = 5)]
reader agent A<T> : channel C<T> where T : number {
    readonly List<List<int>> d = new List<List<int>> { 1 };
    public A(int p, string q = "a") : base(p) {
        var a = (int)x + (T)y - (x);
        { a ==> F, b } &>- join -<: { G } >>- sum;
        nums ==> x => added = F(_, 1);
        var v = receive(c::Add <-- p, 2s);
        (int aa, var bb) = t; var (k, (l, m)) = t;
        receive {
            from P::L into var x when x > 1: break;
            from a, b into (var x, var y): y = 3;
            timeout 500ms: break;
            default: break;
        }
        foreach (var (k, v) in d) if (a) k(); else { }
        for (int i = 0; i < n; i++) do x++; while (y);
        switch (x) { case Circle(var r) when r > 1: case > 0 or { Id: 1 }: break; default: break; }
        var e = x switch { (1, _) => "a", not null => $"{x,8:F2} {(a ? b : c)}", _ => throw z };
        try { } catch (E e) when (e.X) { } finally { }
        using (var n = a) { } o = o with { X = xs[1..^1] };
        int? Local<U>(U? a) => a?.b?[1] ?? new(X = 1) { { "k", 2 } };
        yield return x is Foo f && f.a![0]; lock (a) { } l: goto l; assert(1 < 2);
    }
    int Count { get; set; }
}
channel C<T> { input T In : int; S: { In(var x) when x > 0 -> End; } }
schema S { required int Id; rule Id > 0; }
enum E { A(int x), B = 1 }
native "a.rs" uses { b = "1" } { opaque type P; function P F(P p) throws; }
native type L<T> { new(); function T this[int i] throws { get; set; } }
test "t" { expect throws X { } }
"###;

#[test]
fn the_program_parses() {
    assert_eq!(parser::parse(FileId(0), PROGRAM, false).1, []);
    super::assert_same_in_pieces(PROGRAM);
}

#[test]
fn every_beginning_is_parsed() {
    for (end, _) in PROGRAM.char_indices() {
        let (_, problems) = parse(FileId(0), &PROGRAM[..end]);
        assert!(problems.len() < 12, "{end}: {problems:?}");
    }
}

#[test]
fn every_text_without_a_token_is_parsed() {
    for token in lex(PROGRAM).tokens {
        let (lo, hi) = (token.lo as usize, token.hi as usize);
        _ = parse(FileId(0), &format!("{}{}", &PROGRAM[..lo], &PROGRAM[hi..]));
    }
}

#[test]
fn every_text_with_a_token_twice_is_parsed() {
    for token in lex(PROGRAM).tokens {
        let (lo, hi) = (token.lo as usize, token.hi as usize);
        _ = parse(FileId(0), &format!("{} {}", &PROGRAM[..hi], &PROGRAM[lo..]));
    }
}

#[test]
fn every_text_with_two_tokens_changed_places_is_parsed() {
    let tokens = lex(PROGRAM).tokens;
    for pair in tokens.windows(2) {
        let [a, b] = pair else { continue };
        let text = |lo: u32, hi: u32| &PROGRAM[lo as usize..hi as usize];
        let end = u32::try_from(PROGRAM.len()).expect("it is short");
        let (first, second) = (text(a.lo, a.hi), text(b.lo, b.hi));
        let rest = text(b.hi, end);
        _ = parse(FileId(0), &format!("{}{second} {first} {rest}", text(0, a.lo)));
    }
}
