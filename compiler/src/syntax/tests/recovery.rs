//! What is reported where a text does not parse, and what is kept of it.

use super::{body, snapshot};

#[test]
fn missing_semicolons_are_reported_behind_the_word_before() {
    body!(
        r###"
        x = 5
        y = 6;
        int z = 1
        List<int> l = null
        return x + y
"###
    );
}

#[test]
fn missing_closing_brackets_are_reported_with_the_opening_one() {
    body!(
        r###"
        foo(a, b;
        bar(baz(1, qux(2;
        if (a { b(); }
        while (x c();
        x = xs[1;
        int[] y = new int[] { 1, 2;
        z();
"###
    );
}

#[test]
fn each_statement_has_one_error() {
    body!(
        r###"
        var a = 1 +;
        foo(a, +, b);
        foo(a b);
        var ok = a;
        if (x) foo() else bar();
        for (int i = 0, i < 5, i++) { }
        else { }
        case 1: a();
        x = $"{a +} b";
        x = $"{a ? b : c}";
        return x y;
        retrun 0;
        List<int x = 3;
        x = (1, ;
        var c = new;
        ok = 2;
"###
    );
}

#[test]
fn errors_in_cases_cost_one_case() {
    body!(
        r###"
        receive {
            from a into var x: foo(;
            from b into: bar();
            timeout : baz();
            default: qux();
        }
        receive { foo(); from a: break; }
        switch (x) {
            case : a();
            case 1: b(;
            case 2, 3: c();
            default: d()
        }
        switch (x) { foo(); }
"###
    );
}

#[test]
fn errors_in_members_cost_one_member() {
    snapshot!(
        r###"
agent A : channel C {
    int x = ;
    int y = 5
    void F(int) { G(); }
    void Good() { H(); }
    Console.WriteLine("x");
    if (x) { y(); }
    int z
}
channel C {
    input int ;
    input int A
    output : int;
    input int Ok;
    S: { A -> ; Ok -> End; B End; }
}
schema S { required int; rule ; int X = 5 optional string? N; }
enum E { A, B(, C = }
struct P { int X; int }
domain D { int x; agent Inner { void F( { } int y; } }
"###
    );
}

#[test]
fn errors_in_items_cost_one_item() {
    snapshot!(
        r###"
agnet A : channel B { void F() { } }
agent { int x; }
agent C : : channel D { int x; }
using ;
domain E : { int x; }
namespace ;
schema F { int X; }
fucntion int G() { return 1; }
x = 3;
struct H { int X; }
"###
    );
}

#[test]
fn a_missing_brace_is_found_by_indentation() {
    snapshot!(
        r###"
agent A {
    void F() {
        if (x) {
            y();
    }
    void G() { }
}
agent B {
    void H() {
        z();

agent C { int ok; }
"###
    );
}

#[test]
fn a_brace_too_many_is_found_by_indentation() {
    snapshot!(
        r###"
agent A {
    void F() {
        y();
        }
    }
    void G() { }
}
agent B { int ok; }
}
"###
    );
}

#[test]
fn an_open_file_is_reported_at_its_end() {
    snapshot!("\nagent A { void F() { x = 1;");
}

#[test]
fn text_that_was_left_out_is_reported_once() {
    snapshot!(
        r###"
agent A {
    void F() {
        x = 3 # 4;
        y("abc);
        z = 1;
    }
}
"###
    );
}

#[test]
fn names_of_what_is_lost_are_remembered() {
    snapshot!(
        r###"
agent Lost : : { int a; }
agent A {
    int b c;
    void Gone(int) { }
    void F() { var d = 1 2 3 4 ) ; List<int> e f; }
}
"###
    );
}

#[test]
fn dashes_of_word_processors_have_fixes() {
    body!(
        r###"
        p <– 3; p <— 3; x = a – b; x = a − b; a –> b; a –<< t; a –<: t; s >>– b; s &>– b; a –<& t; i––; i—; x –= 1; request::Reply <– _theState;
"###
    );
}

#[test]
fn literals_and_comments_without_end() {
    snapshot!(
        r###"
agent A {
    string a = "abc;
    char b = 'x;
    string c = $"a {b + ";
    string d = $"a {b";
    int ok = 1;
}
/* open /* nested */
"###
    );
}

#[test]
fn malformed_literals() {
    body!(
        r###"
        x = 'ab'; x = ''; x = 99999999999999999999; x = "a\qb\u12"; x = '\uD800'; x = 10abc; x = 0x; x = 0b12; x = 1_; x = 1e999; x = 5000000h; x = 1.0000000001s; x = $"a } b";
"###
    );
}

#[test]
fn characters_that_no_token_has() {
    body!(
        r###"
        x = 3 # 4; y = “a”; z = @name; w = a \ b; v = `c`; ok = 1; z = 2;
"###
    );
}

#[test]
fn names_that_look_alike() {
    snapshot!(
        r###"
agent A { int total; int tоtal; int größe; int ｘ; int x; }
"###
    );
}

#[test]
fn a_byte_order_mark_and_other_line_ends() {
    snapshot!("\u{FEFF}/// Doc\r\nagent A {\r\n    string s = \"x\";\r\n}\r\n");
}

#[test]
fn characters_that_turn_the_direction_of_reading() {
    body!("\n        x = \"a\u{202E}b\"; // c\u{2066}d\n        y = 'e\u{200F}';\n");
}
