//! Names that the compiler itself knows, and the library items that the language refers
//! to. It resolves no types; `types` does.

use super::Cx;
use super::scope::{Builtin, Def, LIBRARY};
use crate::hir::ty::{IntTy, Ty};
use crate::support::Name;

/// The built-in type of a name, .NET aliases included.
pub(super) fn named(name: &str) -> Option<Builtin> {
    Some(match name {
        "void" => Builtin::Void,
        "bool" | "Boolean" => Builtin::Bool,
        "char" | "Char" => Builtin::Char,
        "string" | "String" => Builtin::String,
        "sbyte" | "SByte" => Builtin::Int(IntTy::SByte),
        "short" | "Int16" => Builtin::Int(IntTy::Short),
        "int" | "Int32" => Builtin::Int(IntTy::Int),
        "long" | "Int64" => Builtin::Int(IntTy::Long),
        "byte" | "Byte" => Builtin::Int(IntTy::Byte),
        "ushort" | "UInt16" => Builtin::Int(IntTy::UShort),
        "uint" | "UInt32" => Builtin::Int(IntTy::UInt),
        "ulong" | "UInt64" => Builtin::Int(IntTy::ULong),
        "float" | "Single" => Builtin::Float,
        "double" | "Double" => Builtin::Double,
        "decimal" | "Decimal" => Builtin::Decimal,
        "Duration" => Builtin::Duration,
        "Signal" => Builtin::Signal,
        "any" => Builtin::Any,
        "Range" => Builtin::Range,
        "Array" => Builtin::Array,
        "Nullable" => Builtin::Nullable,
        "Func" => Builtin::Func,
        "Action" => Builtin::Action,
        "Request" => Builtin::Request,
        "Impl" => Builtin::Impl,
        "object" | "Object" | "dynamic" => Builtin::Object,
        _ => return None,
    })
}

/// Names of [`named`] as C# spells them, but those that only the library uses.
const KEYWORDS: [&str; 14] = [
    "bool", "char", "string", "sbyte", "short", "int", "long", "byte", "ushort", "uint",
    "ulong", "float", "double", "decimal",
];

/// Names of [`named`] as .NET spells them.
const ALIASES: [&str; 14] = [
    "Boolean", "Char", "String", "SByte", "Int16", "Int32", "Int64", "Byte", "UInt16",
    "UInt32", "UInt64", "Single", "Double", "Decimal",
];

/// Built-in types that a misspelt name may have meant.
pub(super) fn candidates<'c>(wanted: &str) -> impl Iterator<Item = &'c str> + use<'c> {
    const OTHERS: [&str; 8] =
        ["Duration", "Signal", "Array", "Nullable", "Func", "Action", "Request", "Impl"];
    let capital = wanted.starts_with(char::is_uppercase);
    let aliases = ALIASES.into_iter().filter(move |_| capital);
    KEYWORDS.into_iter().chain(OTHERS).chain(aliases)
}

impl Builtin {
    /// The type, if the name alone is one.
    pub(super) fn ty(self) -> Option<Ty> {
        Some(match self {
            Self::Void => Ty::Void,
            Self::Bool => Ty::Bool,
            Self::Char => Ty::Char,
            Self::String => Ty::String,
            Self::Int(int) => Ty::Int(int),
            Self::Float => Ty::Float,
            Self::Double => Ty::Double,
            Self::Decimal => Ty::Decimal,
            Self::Duration => Ty::Duration,
            Self::Signal => Ty::Signal,
            Self::Any => Ty::Any,
            Self::Range => Ty::Range,
            _ => return None,
        })
    }

    /// Spellings that name the same type, for finding its library namespace.
    pub(super) fn spellings(self) -> impl Iterator<Item = &'static str> {
        let all = KEYWORDS.into_iter().chain(ALIASES);
        all.filter(move |it| named(it) == Some(self))
    }
}

/// Fills `lang` from what the library declares, and gives aliases their names.
pub(super) fn fill(cx: &mut Cx<'_>) {
    for id in cx.program.natives.ids() {
        let name = cx.program.natives[id].decl.name.name.clone();
        let lang = &mut cx.program.lang;
        match &*name {
            "string" => lang.string = Some(id),
            "Array" => lang.array = Some(id),
            "Nullable" => lang.nullable = Some(id),
            "Duration" => lang.duration = Some(id),
            "List" => lang.list = Some(id),
            "Dictionary" => lang.dictionary = Some(id),
            "Json" => lang.json = Some(id),
            "Set" => lang.set = Some(id),
            "Queue" => lang.queue = Some(id),
            "Stack" => lang.stack = Some(id),
            "IEnumerable" => lang.sequence = Some(id),
            "IOrderedEnumerable" => lang.ordered = Some(id),
            "IGrouping" => lang.grouping = Some(id),
            "ISource" => lang.source = Some(id),
            "ITarget" => lang.target = Some(id),
            "ISourceAndTarget" => lang.both = Some(id),
            "INetwork" => lang.network = Some(id),
            other => {
                if let Some(ty) = named(other).and_then(Builtin::ty) {
                    lang.primitives.push((ty, id));
                }
            }
        }
    }
    let library =
        |cx: &Cx<'_>, name: &str| cx.scopes.namespaces[LIBRARY].names.get(name).copied();
    if let Some(Def::Channel(id)) = library(cx, "Application") {
        cx.program.lang.application = Some(id);
    }
    if let Some(Def::Agent(id)) = library(cx, "ConsoleApplication") {
        cx.program.lang.console_application = Some(id);
    }
    if let Some(Def::Record(id)) = library(cx, "Exception") {
        cx.program.lang.exception = Some(id);
    }
    if let Some(Def::Record(id)) = library(cx, "AgentFailedException") {
        cx.program.lang.agent_failed = Some(id);
    }
    // The interface name of 2009.
    if let Some(def) = library(cx, "ISourceAndTarget") {
        let alias = Name::from("IInteractionPoint");
        cx.scopes.namespaces[LIBRARY].names.entry(alias).or_insert(def);
    }
}
