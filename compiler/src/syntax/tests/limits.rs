//! Nesting up to the limit is accepted and beyond it refused; chains have none to speak of.

use crate::support::span::FileId;
use crate::syntax::{parser, print};

/// Runs on a stack as large as the one the driver gives the compiler.
fn on_a_large_stack(test: impl FnOnce() + Send + 'static) {
    let builder = std::thread::Builder::new().stack_size(1 << 30);
    builder.spawn(test).expect("a thread can be had").join().expect("the test passes");
}

/// Codes of what is reported about statements in a method.
fn codes(statements: &str) -> Vec<&'static str> {
    let text = format!("agent A {{ void F() {{ {statements} }} }}");
    let (_, problems) = parser::parse(FileId(0), &text, false);
    problems.iter().map(|it| it.diagnose(FileId(0)).code.as_str()).collect()
}

/// What nests, as the text before and behind the inner part.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("a[", "]"),
    ("f(", ")"),
    ("new A(", ")"),
    ("new A { B = ", "}"),
    ("!", ""),
    ("- ", ""),
    ("(int)", ""),
    ("x => ", ""),
    ("(x) => ", ""),
    ("$\"{", "}\""),
    ("a switch { _ => ", " }"),
    ("a ==> { ", " }"),
    ("(1, ", ")"),
];

#[test]
fn two_hundred_levels_are_accepted_and_three_hundred_refused() {
    on_a_large_stack(|| {
        for (before, behind) in NESTS {
            let nest =
                |n: usize| format!("x = {}1{};", before.repeat(n), behind.repeat(n));
            assert_eq!(codes(&nest(200)), [""; 0], "{before}");
            assert_eq!(codes(&nest(300)), ["AX0006"], "{before}");
            assert_eq!(codes(&nest(10_000)), ["AX0006"], "{before}");
        }
    });
}

#[test]
fn statements_and_types_nest_as_deep() {
    on_a_large_stack(|| {
        let blocks = |n: usize| format!("{}{}", "{".repeat(n), "}".repeat(n));
        let branches = |n: usize| format!("{};", "if (a) ".repeat(n));
        let loops = |n: usize| format!("{};", "while (a) for (;;) ".repeat(n / 2));
        let types = |n: usize| format!("{}int{} x;", "List<".repeat(n), ">".repeat(n));
        let nests: [&dyn Fn(usize) -> String; 4] = [&blocks, &branches, &loops, &types];
        for nest in nests {
            assert_eq!(codes(&nest(200)), [""; 0], "{}", nest(2));
            assert_eq!(codes(&nest(10_000)), ["AX0006"], "{}", nest(2));
        }
    });
}

#[test]
fn the_rest_of_a_file_with_deep_nesting_is_parsed() {
    let deep = format!("{}1{}", "(".repeat(300), ")".repeat(300));
    let text =
        format!("function int A() => {deep};\nfunction int B() => 1 + ;\nstruct C {{ }}");
    let (tree, problems) = parser::parse(FileId(0), &text, false);
    let codes: Vec<_> =
        problems.iter().map(|it| it.diagnose(FileId(0)).code.as_str()).collect();
    assert_eq!(codes, ["AX0006", "AX0003"]);
    assert_eq!(tree.items.len(), 3);
}

#[test]
fn long_chains_are_accepted() {
    on_a_large_stack(|| {
        assert_eq!(codes(&format!("x = 1{};", " + 1".repeat(100_000))), [""; 0]);
        assert_eq!(codes(&format!("a{};", " ==> b".repeat(20_000))), [""; 0]);
        assert_eq!(codes(&format!("{};", "if (a) b(); else ".repeat(50_000))), [""; 0]);
        assert_eq!(
            codes(&format!("{}{{ }}", "if (a) { } else ".repeat(50_000))),
            [""; 0]
        );
        assert_eq!(codes(&format!("x = y{};", ".b()".repeat(20_000))), [""; 0]);
        assert_eq!(codes(&format!("x = {}1;", "a ?? ".repeat(20_000))), [""; 0]);
    });
}

#[test]
fn long_chains_are_printed() {
    on_a_large_stack(|| {
        let text = format!("const int N = 1{};", " + 1".repeat(100_000));
        let (tree, _) = parser::parse(FileId(0), &text, false);
        assert!(print::print(&tree).len() > 400_000);
    });
}

#[test]
fn odd_texts_are_parsed_in_linear_time() {
    on_a_large_stack(|| {
        let odd = [
            "(", ")", "{", "}", "[", "]", "<", ">", "a<", "a<b,", "$\"{", "\"", "'",
            "/*", "=>", "x =>", "?", "a?", "(a", "a(", "case ", "from a ", "if(",
            "else ", "agent A{", "1 ", "{(", "])", "switch{", "x is ", "(int)", "#",
            "\u{2013}", "where T:",
        ];
        for part in odd {
            let text = part.repeat(4_000);
            parser::parse(FileId(0), &text, false);
            codes(&text);
        }
    });
}
