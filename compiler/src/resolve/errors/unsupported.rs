//! AX0107: constructs that the language does not have, with what replaces each, and those
//! that it has but this compiler does not support yet.

use crate::diag::{Code, Diagnostic};
use crate::support::span::Span;
use crate::syntax::ast::Ident;

/// Something of the language that is not supported yet; `what` is a plural or a name.
pub(in crate::resolve) fn not_yet(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("{what} not supported yet"),
        span,
        "this compiler does not support it yet",
    )
}

/// `yield return` or `yield break` in a lambda.
pub(in crate::resolve) fn yield_in_lambda(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        "a lambda that yields is not in the language",
        span,
        "only methods, functions and local functions are iterators",
    )
    .help("make it a local function that returns `IEnumerable<…>`, and name that")
}

/// `yield return` or `yield break` in a `finally`.
pub(in crate::resolve) fn yield_in_finally(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        "`yield` inside `finally`",
        span,
        "runs when the `try` was left, also by those who want no more elements",
    )
    .help("yield behind the `try` statement")
}

/// Names of the library that the language reference promises and that are still missing.
pub(in crate::resolve) fn is_planned(name: &str) -> bool {
    ["Host", "PersistentInteractionPoint", "Restart", "Exit"].contains(&name)
}

/// What takes the place of a type that is often looked for, of .NET or another language.
pub(in crate::resolve) fn instead_of_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "let" | "auto" | "val" => "`var` declares a local, with the type of its value",
        "boolean" => "the type is called `bool`",
        "integer" | "Integer" | "i32" | "int32" => "the type is called `int`",
        "i64" | "int64" | "Long" => "the type is called `long`",
        "float64" | "f64" | "number" | "Number" => "the type is called `double`",
        "str" | "text" => "the type is called `string`",
        "HashSet" | "SortedSet" | "ISet" => "the type is called `Set<T>`",
        "Map" | "HashMap" | "dict" | "IDictionary" | "SortedDictionary" => {
            "the type is called `Dictionary<K, V>`; it keeps the order of insertion"
        }
        "Vec" | "ArrayList" | "LinkedList" | "IList" => "the type is called `List<T>`",
        _ => return instead_of_class(name),
    })
}

/// What takes the place of a name that is often looked for where a value stands.
pub(in crate::resolve) fn instead_of_value(name: &str) -> Option<&'static str> {
    Some(match name {
        "print" | "println" | "printf" | "puts" | "echo" => {
            "`Console.WriteLine(…)` prints a line, `Console.Write(…)` a part of one"
        }
        "nil" | "None" | "NULL" | "undefined" => "what is missing is called `null`",
        "True" | "TRUE" | "yes" => "the value is called `true`",
        "False" | "FALSE" | "no" => "the value is called `false`",
        "self" => "a value calls itself `this`",
        _ => return instead_of_class(name),
    })
}

/// What takes the place of a class of .NET, wherever it is named.
fn instead_of_class(name: &str) -> Option<&'static str> {
    Some(match name {
        "Thread" | "ThreadPool" | "Task" | "Parallel" => {
            "agents run side by side: `A.CreateInNewDomain()`; \
             `receive(Timer.Every(1s))` waits for a time"
        }
        "Mutex"
        | "Monitor"
        | "Semaphore"
        | "SemaphoreSlim"
        | "Interlocked"
        | "ReaderWriterLock"
        | "ReaderWriterLockSlim" => {
            "state belongs to an agent, or to a domain whose `writer` agents have it alone"
        }
        _ => return None,
    })
}

/// A word of C# that the language does not have.
pub(in crate::resolve) fn not_in_language(what: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::NotInLanguage,
        format!("{} not in the language", subject(what)),
        span,
        "recognised, but not in the language",
    );
    match replacement(what) {
        Some(hint) => problem.help(hint),
        None => problem,
    }
}

/// Subject and verb of the headline; words of the source stand in backticks.
fn subject(what: &str) -> String {
    match what {
        "property" => "properties are".to_owned(),
        "indexer" => "indexers of programs are".to_owned(),
        "label" | "label in receive" => "labels are".to_owned(),
        "block as node" => "a block as a node is".to_owned(),
        "user-defined operator" | "anonymous delegate" => format!("{what}s are"),
        "query expression" | "anonymous type" => format!("{what}s are"),
        "this" => "`this` before a parameter is".to_owned(),
        "a method without a type" => format!("{what} is"),
        _ => match what.strip_suffix(" local") {
            Some(word) => format!("`{word}` before a local is"),
            None => format!("`{}` is", what.strip_suffix(" alias").unwrap_or(what)),
        },
    }
}

/// What to write instead.
fn replacement(what: &str) -> Option<&'static str> {
    Some(match what {
        "class" => "use a `struct`, or a `schema` for what is sent in messages",
        "interface" => "use a type parameter with a constraint, or function values",
        "delegate" => "use the function types `Func<…>` and `Action<…>`",
        "anonymous delegate" => "use a lambda: `x => x + 1`",
        "event" => "use an output port of a channel, or a network",
        "lock" => "put the shared state into a domain, with `reader` and `writer` agents",
        "unsafe" => "use native code, which is written in Rust",
        "goto" | "label" => "use a loop, `switch`, or a method",
        "block as node" => "name the message, to make a lambda of it: `x => { … }`",
        "label in receive" => "a case begins with `from`, `timeout` or `default`",
        "static" => {
            "make it a `const`, a field of a domain, or a function of a namespace"
        }
        "property" => "use a field, or a `function` without parameters",
        "indexer" => "use a method with a name",
        "object" | "Object" | "dynamic" => {
            "use the type itself, an `enum` or a type parameter"
        }
        "user-defined operator" => "use a `function` with a name",
        "await" => "use `receive`, or just call the method: it may suspend",
        "ref" | "out" | "in" => "return the value, several of them as a tuple",
        "params" => "take an array: `T[]`",
        "this" => "call the function with the value as its first argument",
        "as" => "use `is` with a pattern, or a cast",
        "anonymous type" => "use a tuple, or a `schema`",
        "typeof" | "sizeof" => "name what is meant: types are no values",
        "query expression" => {
            "use the methods of collections, such as `Where` and `Select`"
        }
        "using alias" => "name the type itself",
        "using static" => "name the functions with what they belong to",
        "protected" => {
            "leave it out: members are for the agent and those derived from it"
        }
        "internal" => "leave it out, or write `private`",
        "abstract" => "declare the method `virtual` and give it a body",
        "sealed" => "leave it out: only `virtual` methods can be overridden",
        "partial" => "declare it in one place",
        "readonly local" | "static local" => "use `const`, or a plain local",
        _ => return None,
    })
}

/// AX0107: an item where it cannot stand.
pub(in crate::resolve) fn misplaced_item(
    what: &str,
    places: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("{what} cannot be declared here"),
        span,
        format!("expected in {places}"),
    )
}

/// AX0107: forms that only the library uses.
pub(in crate::resolve) fn library_only(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("`{}` is declared in a form that only the library has", name.name),
        name.span,
        "a type or namespace of the runtime",
    )
    .help("use a `struct`, a `schema` or a namespace")
}

/// AX0107: a constructor where none can be.
pub(in crate::resolve) fn no_constructor(what: &str, name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("a {what} has no constructors"),
        name.span,
        "a constructor",
    )
    .help(format!("set the fields where it is made: `new {} {{ … }}`", name.name))
}

/// AX0107: a method without the word `function` where only functions may stand.
pub(in crate::resolve) fn namespace_method(name: &Ident, returns: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("method `{}` belongs to no agent or domain", name.name),
        name.span,
        "outside of agents and domains only functions can stand",
    )
    .fix(
        "mark it `function`",
        vec![(Span { hi: returns.lo, ..returns }, "function ".into())],
    )
}

/// AX0107: a method without a body.
pub(in crate::resolve) fn no_body(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        format!("method `{}` has no body", name.name),
        name.span,
        "declared without a body",
    )
    .help("give it a body; one that others replace is `virtual`")
}
