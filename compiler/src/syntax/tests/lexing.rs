//! What is wrong with characters and literals, and how the parser goes on.
use super::{body, snapshot};

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
