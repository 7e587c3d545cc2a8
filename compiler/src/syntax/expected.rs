//! What the grammar could have gone on with, in words a reader knows. It shows at most three.

/// Most alternatives that a message names.
const SHOWN: usize = 3;

/// Words for a set of terminals, as LALRPOP names them.
pub(super) fn words(terminals: &[String]) -> Vec<String> {
    let mut set: Vec<&str> = terminals.iter().map(|it| terminal(it)).collect();
    let has = |set: &[&str], all: &[&str]| all.iter().all(|it| set.contains(it));
    let mut classes: Vec<&str> = Vec::new();
    let mut class = |set: &mut Vec<&str>, signs: &[&str], members: &[&[&str]], word| {
        if has(set, signs) {
            set.retain(|it| !members.iter().any(|group| group.contains(it)));
            classes.push(word);
        }
    };
    class(
        &mut set,
        &["if", "while", "new"],
        &[STATEMENT, EXPRESSION, ITEM],
        "a statement",
    );
    class(&mut set, &["agent", "domain", "struct"], &[ITEM, TYPE], "a declaration");
    class(&mut set, &["new", "opaque"], &[ITEM, TYPE, &["new", "opaque"]], "a member");
    class(
        &mut set,
        &["input", "output", "modifier"],
        &[ITEM, TYPE, &["input", "output"]],
        "a port",
    );
    class(&mut set, &["new", "literal"], &[EXPRESSION], "an expression");
    class(&mut set, &["not", "literal"], &[EXPRESSION, PATTERN], "a pattern");
    class(&mut set, &["literal", "null", "identifier"], &[EXPRESSION], "a constant");
    class(&mut set, &["void", "var"], &[TYPE], "a type");
    class(&mut set, &["built-in type", "identifier"], &[TYPE, &["{", "[]"]], "a type");
    class(
        &mut set,
        &["declaration", "tuple ("],
        &[&["declaration", "tuple (", "var"]],
        "a declaration",
    );
    class(&mut set, &["+", "*"], &[OPERATOR, POSTFIX], "an operator");
    class(&mut set, &["==", "&&"], &[OPERATOR], "an operator");
    class(&mut set, &["==>", "-->"], &[OPERATOR], "a network operator");
    set.retain(|it| !HIDDEN.contains(it) && !it.starts_with("start "));
    let mut words: Vec<String> = Vec::new();
    let value = classes.contains(&"an expression");
    for first in FIRST.iter().filter(|it| set.contains(it)) {
        // What else may stand there is likelier to be meant.
        let rare = match *first {
            "{" => value,
            ":" => set.contains(&")"),
            _ => false,
        };
        if !rare {
            words.push(word(first));
        }
    }
    words.truncate(SHOWN);
    let rest = set.iter().filter(|it| !FIRST.contains(it)).map(|it| word(it));
    let shown = classes.iter().map(|it| (*it).to_string()).chain(rest);
    for word in shown {
        if !words.contains(&word) && words.len() < SHOWN {
            words.push(word);
        }
    }
    words
}

/// A terminal as the grammar writes it, without the quotes that LALRPOP puts around it.
pub(super) fn terminal(quoted: &str) -> &str {
    quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(quoted)
}

fn word(terminal: &str) -> String {
    match terminal {
        "identifier" => "a name".into(),
        "string" => "a string".into(),
        "literal" => "a literal".into(),
        "declaration" => "a declaration".into(),
        "hole }" => "`}`".into(),
        "type >" => "`>`".into(),
        "type <" => "`<`".into(),
        "arm =>" => "`=>`".into(),
        "vector {" => "`{`".into(),
        "lambda (" | "cast (" | "tuple (" => "`(`".into(),
        "built-in type" => "a type".into(),
        other => format!("`{other}`"),
    }
}

/// Shown before anything else.
const FIRST: &[&str] = &["arm =>", ";", ")", "]", "}", "hole }", "type >", ",", "{", ":"];

/// Terminals that no one writes.
const HIDDEN: &[&str] = &[
    "parsed",
    "error",
    "unsupported item",
    "unsupported statement",
    "unsupported expression",
    "interpolated text",
    "end of interpolation",
    "hole {",
    "nullable ?",
    "modifier",
    "[]",
    "@",
    "index ^",
    "?[",
    "default of",
];

const STATEMENT: &[&str] = &[
    "if",
    "while",
    "do",
    "for",
    "foreach",
    "switch",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "using",
    "checked",
    "unchecked",
    "receive",
    "yield",
    "assert",
    "expect",
    "declaration",
    "{",
    ";",
    "[",
    "tuple (",
    "var",
    "modifier",
];

const EXPRESSION: &[&str] = &[
    "identifier",
    "literal",
    "string",
    "$\\\"",
    "default",
    "new",
    "this",
    "base",
    "null",
    "true",
    "false",
    "built-in type",
    "receive",
    "parent",
    "checked",
    "unchecked",
    "(",
    "+",
    "-",
    "!",
    "~",
    "++",
    "--",
    "vector {",
    "cast (",
    "lambda (",
    "index ^",
    "..",
    "throw",
    "default of",
    "ref",
    "out",
    "unsupported expression",
];

const ITEM: &[&str] = &[
    "agent",
    "channel",
    "domain",
    "schema",
    "struct",
    "enum",
    "namespace",
    "test",
    "native",
    "modifier",
    "[",
    "declaration",
    "identifier",
    "using",
    "unsupported item",
];

const TYPE: &[&str] = &["void", "var", "identifier", "built-in type", "(", "declaration"];

const PATTERN: &[&str] =
    &["not", "declaration", "<", "<=", ">", ">=", "{", "var", "tuple (", "("];

const OPERATOR: &[&str] = &[
    "+", "-", "*", "/", "%", "<<", ">>", "<", "<=", ">", ">=", "==", "!=", "&", "|", "^",
    "&&", "||", "??", "?", "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=",
    ">>=", "??=", "<--", "==>", "-->", "-<<", "-<:", ">>-", "&>-", "-<&", "is", "as",
    "with", "switch", "..", "=>",
];

const POSTFIX: &[&str] = &[".", "?.", "?[", "::", "(", "[", "++", "--", "!", "type <"];
