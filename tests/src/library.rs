//! The declarations of the library as its documentation sees them: what each member looks
//! like, what is said of it, and its examples, as programs that run. It judges nothing.
//!
//! A line of a doc comment that is one code span is an example of the declaration below it.
//! Statements may stand before an expression that must hold, or that must throw:
//!
//! ```text
//! /// Where `text` first stands, or -1.
//! /// `"banana".IndexOf("na") == 2`
//! /// `var list = new List<int>(); list[0] throws ArgumentOutOfRangeException`
//! ```
//!
//! Longer ones are fenced blocks: `test` blocks run, programs are only compiled.

use axumc::support::span::FileId;
use axumc::syntax::{self, ast};

use crate::markdown;

/// A type, namespace or other declaration of the library.
#[derive(Clone, Debug)]
pub struct Declaration {
    pub name: String,
    /// As a heading shows it: `Dictionary<K, V>`.
    pub title: String,
    pub docs: Vec<String>,
    pub members: Vec<Member>,
    /// Line in its file, from 1.
    pub line: usize,
    /// A namespace of functions, such as `Math`.
    pub is_namespace: bool,
}

/// A member of a native type or namespace.
#[derive(Clone, Debug)]
pub struct Member {
    /// `IndexOf`, `new` or `this`.
    pub name: String,
    /// Without attributes, promises and accessors: `int IndexOf(string text)`.
    pub signature: String,
    pub throws: bool,
    pub docs: Vec<String>,
    pub line: usize,
}

/// The code span that a line of documentation consists of.
#[must_use]
pub fn example(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('`')?.strip_suffix('`')?;
    let is_code = !inner.is_empty() && !inner.contains('`');
    is_code.then_some(inner)
}

/// What a file of the library declares, in order.
#[must_use]
pub fn declarations(text: &str) -> Vec<Declaration> {
    let (file, _) = syntax::parse(FileId(0), text);
    let mut found = Vec::new();
    collect(text, &file.items, &mut found);
    found
}

fn collect(text: &str, items: &[ast::Item], found: &mut Vec<Declaration>) {
    for item in items {
        let (name, params, members, is_namespace) = match &item.kind {
            ast::ItemKind::Namespace { items, .. } => {
                collect(text, items, found);
                continue;
            }
            ast::ItemKind::Native(ast::Native::Type {
                name,
                type_params,
                members,
                ..
            }) => (name, &type_params[..], &members[..], false),
            ast::ItemKind::Native(ast::Native::Namespace { name, members }) => {
                (name, &[][..], &members[..], true)
            }
            ast::ItemKind::Agent(it) => (&it.name, &it.type_params[..], &[][..], false),
            ast::ItemKind::Channel(it) => (&it.name, &it.type_params[..], &[][..], false),
            ast::ItemKind::Schema(it) => (&it.name, &it.type_params[..], &[][..], false),
            ast::ItemKind::Enum(it) => (&it.name, &it.type_params[..], &[][..], false),
            _ => continue,
        };
        let params: Vec<&str> = params.iter().map(|it| &*it.name.name).collect();
        let title = match params.is_empty() {
            true => name.name.to_string(),
            false => format!("{}<{}>", name.name, params.join(", ")),
        };
        found.push(Declaration {
            name: name.name.to_string(),
            title,
            docs: item.docs.clone(),
            members: members.iter().filter_map(|it| member(text, it)).collect(),
            line: line_of(text, name.span.lo),
            is_namespace,
        });
    }
}

fn member(text: &str, node: &ast::NativeMember) -> Option<Member> {
    let (name, throws) = match &node.kind {
        ast::NativeMemberKind::OpaqueType(_) => return None,
        ast::NativeMemberKind::Method(it) => (it.name.name.to_string(), it.throws),
        ast::NativeMemberKind::New { throws, .. } => ("new".to_owned(), *throws),
        ast::NativeMemberKind::Property { name, throws, .. } => {
            (name.name.to_string(), *throws)
        }
        ast::NativeMemberKind::Indexer { throws, .. } => ("this".to_owned(), *throws),
    };
    let before = node.attributes.iter().map(|it| it.span.hi);
    let before = before.chain(node.modifiers.iter().map(|it| it.span.hi)).max();
    let from = before.unwrap_or(node.span.lo) as usize;
    let whole = &text[from..node.span.hi as usize];
    let whole = whole.trim_start_matches([']', ' ', '\n', ',']);
    let end = whole.find([';', '{']).unwrap_or(whole.len());
    let words: Vec<&str> = whole[..end].split_whitespace().collect();
    let signature = words.join(" ").replace(" throws", "");
    let line = line_of(text, node.span.lo);
    Some(Member { name, signature, throws, docs: node.docs.clone(), line })
}

fn line_of(text: &str, offset: u32) -> usize {
    text[..offset as usize].bytes().filter(|it| *it == b'\n').count() + 1
}

/// The program that runs the examples of a file: each stands on the line where the library
/// has it. It prints the line of each that does not hold.
#[must_use]
pub fn program(text: &str) -> String {
    let source: Vec<&str> = text.lines().collect();
    let mut lines = vec![String::new(); source.len() + 1];
    let mut tests = Vec::new();
    let mut outside = Vec::new();
    let docs: Vec<&str> = source.iter().map(|it| doc(it).unwrap_or_default()).collect();
    let mut fenced = vec![false; source.len()];
    for block in markdown::blocks(&docs.join("\n")) {
        let n_lines = block.text.lines().count();
        let inside = block.line - 1..(block.line + n_lines + 1).min(source.len());
        fenced[inside].fill(true);
        if block.info == "axum" && block.text.lines().any(|it| it.starts_with("test \""))
        {
            test_block(&block, &mut lines, &mut tests, &mut outside);
        }
    }
    for (at, line) in docs.iter().enumerate() {
        let Some(code) = example(line).filter(|_| !fenced[at]) else { continue };
        let body = one_line(code, at + 1);
        lines[at] += &format!("void Example{}() {{ {body} }}", at + 1);
        tests.push(at + 1);
    }
    let outside = outside.join(" ");
    lines[0] = format!(
        "{outside} agent Main : ConsoleApplication {{ \
         void Check(int line, bool holds) {{ if (!holds) {{ Console.WriteLine(line); }} }} \
         void Missed(int line) {{ Console.WriteLine($\"{{line}} (throws nothing)\"); }}"
    );
    let calls: Vec<String> =
        tests.iter().map(|line| format!("Example{line}();")).collect();
    let last = lines.len() - 1;
    lines[last] =
        format!("override int Run(string[] args) {{ {} return 0; }} }}", calls.join(" "));
    lines.join("\n") + "\n"
}

/// What stands behind `///`.
fn doc(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("///")?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// A fenced block: `test`s become methods where they stand, the rest comes first.
fn test_block(
    block: &markdown::Block,
    lines: &mut [String],
    tests: &mut Vec<usize>,
    outside: &mut Vec<String>,
) {
    let mut in_test = false;
    for (at, line) in block.text.lines().enumerate() {
        let number = block.line + 1 + at;
        if line.starts_with("test \"") {
            in_test = true;
            tests.push(number);
            lines[number - 1] += &format!("void Example{number}() {{");
        } else if in_test {
            let line = line.replace("assert(", &format!("Check({number}, "));
            lines[number - 1] += &expected(&line, number);
            in_test = !line.starts_with('}');
        } else {
            outside.push(line.to_owned());
        }
    }
}

/// `expect throws E { … }` on one line.
fn expected(line: &str, number: usize) -> String {
    let Some((before, rest)) = line.split_once("expect throws ") else {
        return line.to_owned();
    };
    let (kind, body) = rest.split_once('{').unwrap_or((rest, "}"));
    let body = body.rsplit_once('}').map_or(body, |it| it.0);
    format!("{before}{}", throwing(body, kind.trim(), number))
}

fn throwing(body: &str, kind: &str, number: usize) -> String {
    format!("try {{ {body} Missed({number}); }} catch ({kind}) {{ }}")
}

/// `statements; expression`, `statements; expression throws E`
fn one_line(code: &str, number: usize) -> String {
    let (code, kind) = match code.rsplit_once(" throws ") {
        Some((code, kind)) => (code, Some(kind)),
        None => (code, None),
    };
    let (statements, last) = match code.rsplit_once("; ") {
        Some((statements, last)) => (format!("{statements}; "), last),
        None => (String::new(), code),
    };
    let last = last.trim_end_matches(';');
    match kind {
        // Calls are statements; anything else has to be used.
        Some(kind) if last.ends_with(')') => {
            throwing(&format!("{statements}{last};"), kind, number)
        }
        Some(kind) => {
            throwing(&format!("{statements}var _unused = {last};"), kind, number)
        }
        None if code.ends_with(';') => format!("{statements}{last};"),
        None => format!("{statements}Check({number}, {last});"),
    }
}

#[cfg(test)]
mod tests {
    //! What becomes of examples.

    use super::{declarations, example, program};

    const FILE: &str = "namespace Axum;\n\n\
        /// Numbers.\n///\n/// ```axum\n/// test \"x\" {\n///     assert(1 < 2);\n/// }\n/// ```\n\
        native namespace Num {\n    /// One.\n    /// `var x = Num.One(0); x == 1`\n    \
        [Io, Rust(\"one\")]\n    function int One(int n) throws;\n}\n";

    #[test]
    fn examples_stand_where_the_library_has_them() {
        let text = program(FILE);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[5], "void Example6() {");
        assert_eq!(lines[6], "    Check(7, 1 < 2);");
        assert_eq!(
            lines[11],
            "void Example12() { var x = Num.One(0); Check(12, x == 1); }"
        );
        assert!(text.ends_with("{ Example6(); Example12(); return 0; } }\n"));
    }

    #[test]
    fn signatures_have_no_attributes() {
        let found = declarations(FILE);
        assert_eq!(found[0].members[0].signature, "int One(int n)");
        assert!(found[0].members[0].throws && found[0].is_namespace);
        assert_eq!(example("`a == b`"), Some("a == b"));
        assert_eq!(example("`a` and `b`"), None);
    }
}
