//! Full output of the three formats, without colour except where colour is the point.

use insta::assert_snapshot;

use crate::diag::render::{Format, footer, json_summary, render};
use crate::diag::texts::Texts;
use crate::diag::{Code, Diagnostic};
use crate::support::span::{FileId, Span};

const HUMAN: Format = Format::Human { color: false };

const BANK: &str = "\
domain Bank {
    int total;
    reader agent Audit : channel Reports {
        public Audit() {
            total = 0;
        }
    }
}
";

fn span(text: &str, part: &str) -> Span {
    span_in(FileId(0), text, part)
}

fn span_in(file: FileId, text: &str, part: &str) -> Span {
    let lo = text.find(part).expect("the part stands in the text");
    Span::new(file, lo, lo + part.len())
}

fn reader_writes() -> (Texts, Diagnostic) {
    let headline = "reader agent `Audit` writes to `total`";
    let target = span(BANK, "total = 0");
    let diagnostic =
        Diagnostic::error(Code::ReaderWrites, headline, target, "written here")
            .label(span(BANK, "reader"), "declared `reader` here")
            .label(span(BANK, "int total"), "`total` belongs to domain `Bank`")
            .note("readers run side by side, so none of them may write")
            .help("declare the agent as `writer agent Audit`")
            .fix(
                "declare it as a writer",
                vec![(span(BANK, "reader"), "writer".to_owned())],
            );
    (Texts::new([("src\\bank.ax", BANK)]), diagnostic)
}

#[test]
fn human_shows_both_parties_the_rule_and_the_remedy() {
    let (texts, diagnostic) = reader_writes();
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
}

#[test]
fn colour_marks_the_same_text() {
    let (texts, diagnostic) = reader_writes();
    let colored = render(Format::Human { color: true }, &texts, &diagnostic);
    assert!(colored.contains("\u{1b}["));
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, code)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = code.split_once('m').expect("a colour code ends in m").1;
    }
    plain.push_str(rest);
    assert_eq!(plain, render(HUMAN, &texts, &diagnostic));
}

#[test]
fn short_is_one_line() {
    let (texts, diagnostic) = reader_writes();
    assert_snapshot!(render(Format::Short, &texts, &diagnostic));
}

#[test]
fn json_has_every_part_in_a_fixed_order() {
    let (texts, diagnostic) = reader_writes();
    let line = render(Format::Json, &texts, &diagnostic);
    assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    assert_snapshot!(line);
}

#[test]
fn json_escapes_and_counts() {
    let text = "var \u{1F600} = \"a\";";
    let found = span(text, "\"a\"");
    let diagnostic =
        Diagnostic::warning(Code::Unused, "a \"quoted\"\nword", found, "tab\there");
    assert_snapshot!(render(Format::Json, &Texts::new([("a.ax", text)]), &diagnostic));
    assert_snapshot!(json_summary(2, 1));
}

#[test]
fn a_warning_is_called_one() {
    let text = "int unused = 1;\n";
    let unused = span(text, "unused");
    let diagnostic =
        Diagnostic::warning(Code::Unused, "local `unused` is never read", unused, "");
    let texts = Texts::new([("a.ax", text)]);
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
    assert_snapshot!(render(Format::Short, &texts, &diagnostic));
}

#[test]
fn labels_in_two_files_are_shown_with_their_files() {
    let (first, second) = ("agent Main { }\n", "\n\nagent Main { }\n");
    let texts = Texts::new([("one.ax", first), ("two.ax", second)]);
    let here = span_in(FileId(1), second, "Main");
    let diagnostic =
        Diagnostic::error(Code::Duplicate, "`Main` twice", here, "again here")
            .label(span_in(FileId(0), first, "Main"), "first declared here");
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
}

#[test]
fn columns_count_characters_not_bytes() {
    let text = "    äöü = ß + missing;\n";
    let missing = span(text, "missing");
    let texts = Texts::new([("umlaut.ax", text)]);
    let diagnostic =
        Diagnostic::error(Code::UnknownName, "unknown `missing`", missing, "here");
    assert_snapshot!(render(Format::Short, &texts, &diagnostic));
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
}

#[test]
fn wide_letters_keep_the_underline_in_place() {
    let text = "var 名前 = bad;\n";
    let diagnostic =
        Diagnostic::error(Code::UnknownName, "unknown", span(text, "bad"), "here");
    assert_snapshot!(render(HUMAN, &Texts::new([("wide.ax", text)]), &diagnostic));
}

#[test]
fn a_span_over_several_lines_shows_its_ends() {
    let text =
        "agent A {\n    one;\n    two;\n    three;\n    four;\n    five;\n    six;\n}\n";
    let diagnostic = Diagnostic::error(
        Code::Cyclic,
        "too much",
        span(text, text.trim_end()),
        "all this",
    );
    assert_snapshot!(render(HUMAN, &Texts::new([("long.ax", text)]), &diagnostic));
}

#[test]
fn a_span_with_its_line_break_stays_on_its_line() {
    let text = "first\nsecond\n";
    let diagnostic =
        Diagnostic::error(Code::Syntax, "odd", span(text, "first\n"), "this line");
    assert_snapshot!(render(HUMAN, &Texts::new([("a.ax", text)]), &diagnostic));
}

#[test]
fn the_end_of_the_file_can_be_pointed_at() {
    let text = "agent A {";
    let end = Span::new(FileId(0), text.len(), text.len());
    let diagnostic =
        Diagnostic::error(Code::Syntax, "expected `}`", end, "expected here")
            .label(span(text, "{"), "opened here");
    assert_snapshot!(render(HUMAN, &Texts::new([("open.ax", text)]), &diagnostic));
}

#[test]
fn an_empty_file_can_be_pointed_at() {
    let nowhere = Span::new(FileId(0), 0, 0);
    let diagnostic = Diagnostic::error(Code::EntryAgent, "no entry agent", nowhere, "");
    let texts = Texts::new([("empty.ax", "")]);
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
    assert_snapshot!(render(Format::Short, &texts, &diagnostic));
}

#[test]
fn offsets_beyond_the_file_do_no_harm() {
    let span = Span::new(FileId(0), 500, 900);
    let diagnostic = Diagnostic::error(Code::Syntax, "far off", span, "nowhere");
    let texts = Texts::new([("a.ax", "é")]);
    for format in [HUMAN, Format::Short, Format::Json] {
        assert!(render(format, &texts, &diagnostic).contains("far off"));
    }
    let inside_a_letter =
        Diagnostic::error(Code::Syntax, "in é", Span::new(FileId(0), 1, 1), "");
    assert!(render(Format::Short, &texts, &inside_a_letter).starts_with("a.ax:1:1: "));
    let no_file = Diagnostic::error(Code::Syntax, "lost", Span::new(FileId(7), 0, 1), "");
    for format in [HUMAN, Format::Short, Format::Json] {
        assert!(render(format, &texts, &no_file).contains("lost"));
    }
}

#[test]
fn a_very_long_line_is_shown_around_its_label() {
    let text = format!("{}missing{}", "a + ".repeat(1000), " + b".repeat(1000));
    let missing = span(&text, "missing");
    let diagnostic =
        Diagnostic::error(Code::UnknownName, "unknown", missing, "not declared");
    let texts = Texts::new([("long.ax", text)]);
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
}

#[test]
fn control_characters_of_the_source_do_not_reach_the_terminal() {
    let text = "var a\u{202E}b = \"\u{1b}[31m\"; bad\r\n";
    let diagnostic =
        Diagnostic::error(Code::UnexpectedCharacter, "odd", span(text, "bad"), "here");
    let shown = render(HUMAN, &Texts::new([("evil.ax", text)]), &diagnostic);
    assert!(!shown.contains(['\u{1b}', '\u{202E}', '\r']));
    assert_snapshot!(shown);
}

#[test]
fn a_label_over_a_thousand_lines_costs_little() {
    let text = "x\n".repeat(200_000);
    let all = Span::new(FileId(0), 0, text.len());
    let diagnostic = Diagnostic::error(Code::Cyclic, "huge", all, "all of it");
    assert_snapshot!(render(HUMAN, &Texts::new([("huge.ax", text)]), &diagnostic));
}

#[test]
fn what_is_about_no_place_has_none() {
    let diagnostic = Diagnostic::without_place(Code::MissingFile, "cannot read `a.ax`")
        .help("check the spelling of the path");
    let texts = Texts::default();
    assert_snapshot!(render(HUMAN, &texts, &diagnostic));
    assert_snapshot!(render(Format::Short, &texts, &diagnostic));
    assert_snapshot!(render(Format::Json, &texts, &diagnostic));
}

#[test]
fn a_fix_is_the_help_where_there_is_no_other() {
    let text = "a – b";
    let dash = span(text, "–");
    let diagnostic =
        Diagnostic::error(Code::TypographicDash, "typographic dash", dash, "here")
            .fix("write `-`", vec![(dash, "-".to_owned())]);
    assert_snapshot!(render(HUMAN, &Texts::new([("dash.ax", text)]), &diagnostic));
}

#[test]
fn the_footer_names_the_code() {
    assert_snapshot!(footer(Code::MutableStatic));
}
