//! The table of diagnostic codes, declared once. Numbers are stable and never reused.

/// Declares [`Code`] from `Name = "number", "summary";` lines.
macro_rules! codes {
    ($($name:ident = $number:literal, $summary:literal;)*) => {
        /// A stable diagnostic code, `AX` and four digits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $summary] $name,)* }

        impl Code {
            /// Every code, in order of number.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];
            /// The code as written: `AX0101`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => concat!("AX", $number),)* }
            }
            /// What it is about, in a few words.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Code::$name => $summary,)* }
            }
            /// The page that `axumc explain` prints, in Markdown.
            #[must_use]
            pub fn explain(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../../explain/AX", $number, ".md")),)*
                }
            }
        }
    };
}

impl Code {
    /// Whether what it reports leaves the program accepted.
    #[must_use]
    pub fn is_warning(self) -> bool {
        matches!(
            self,
            Code::Confusable
                | Code::Unreachable
                | Code::Unused
                | Code::MutatesTemporary
                | Code::Stale
                | Code::NoDomain
                | Code::RequestDropped
                | Code::NoWayToEnd
                | Code::PortUnused
                | Code::PortInNoState
                | Code::NeverWaits
                | Code::BareChannel
                | Code::ResultUnused
                | Code::Cycle
                | Code::NativeCode
        )
    }

    /// The code that `text` names; the prefix, leading zeros and case are optional, so
    /// `AX0401`, `ax401` and `401` are the same.
    #[must_use]
    pub fn parse(text: &str) -> Option<Code> {
        let prefix = text.get(..2).filter(|it| it.eq_ignore_ascii_case("ax"));
        let digits = &text[prefix.map_or(0, str::len)..];
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        let full = format!("AX{digits:0>4}");
        Self::ALL.iter().copied().find(|it| it.as_str() == full)
    }
}

codes! {
    UnexpectedCharacter = "0001", "unexpected character";
    Unterminated = "0002", "unterminated literal or comment";
    Syntax = "0003", "syntax error";
    TypographicDash = "0004", "typographic dash";
    BadLiteral = "0005", "malformed literal or constant";
    NestingTooDeep = "0006", "nesting too deep";
    Confusable = "0007", "identifier that looks like another";
    UnknownName = "0101", "unknown name";
    Duplicate = "0102", "declared twice";
    UnknownMember = "0103", "unknown member";
    UnknownType = "0104", "unknown type or attribute";
    ArgumentCount = "0105", "wrong number of arguments";
    Cyclic = "0106", "cyclic definition";
    NotInLanguage = "0107", "construct not in the language";
    Private = "0108", "private member used from outside";
    Ambiguous = "0109", "name that stands for two things";
    EntryAgent = "0110", "no entry agent, or more than one";
    UnknownPort = "0111", "unknown port";
    Mismatch = "0301", "types do not match";
    NoOperator = "0302", "no such operator for these types";
    NotAssignable = "0303", "not assignable";
    MissingReturn = "0304", "missing return";
    MaybeUnassigned = "0305", "maybe unassigned";
    NullUsed = "0306", "value may be null";
    CannotInfer = "0307", "type cannot be inferred";
    Constraint = "0308", "constraint not met";
    Narrowing = "0309", "narrowing needs a cast";
    Unreachable = "0310", "unreachable code";
    Unused = "0311", "unused";
    NotExhaustive = "0312", "switch is not exhaustive";
    FallThrough = "0313", "case runs on into the next";
    MutatesTemporary = "0314", "mutating method on a temporary";
    NoStatement = "0315", "expression is no statement";
    MutableStatic = "0401", "mutable static";
    AgentMember = "0402", "agent member used from outside";
    OtherDomain = "0403", "state of another domain";
    NeitherTouches = "0404", "agent that is neither reader nor writer touches domain state";
    ReaderWrites = "0405", "reader writes domain state";
    NotSendable = "0406", "value cannot be sent";
    Stale = "0410", "state read before a wait and written after it";
    NoDomain = "0411", "reader or writer without a domain";
    RuleBroken = "0501", "rule broken by constants";
    NoCoercion = "0502", "coercion impossible";
    MissingField = "0503", "required field missing";
    SchemaField = "0504", "assignment to a schema field";
    SchemaEffect = "0505", "schema member with an effect";
    Direction = "0601", "port used against its direction";
    RequestPort = "0602", "request port and plain port confused";
    AnsweredTwice = "0604", "request answered twice";
    RequestDropped = "0605", "request dropped";
    ProtocolViolated = "0606", "protocol violated";
    Copied = "0607", "end or request copied";
    BadState = "0608", "protocol state that does not fit";
    NoWayToEnd = "0609", "protocol state with no way to End";
    PortUnused = "0610", "port never used by the implementer";
    PortInNoState = "0611", "port in no protocol state";
    BareChannel = "0612", "channel of an agent without the word";
    DropsInProtocol = "0613", "port of a protocol that drops messages";
    FunctionWrites = "0701", "function writes state";
    FunctionCalls = "0702", "function calls what breaks its promise";
    FunctionSends = "0703", "function sends";
    FunctionSuspends = "0704", "function receives or suspends";
    FunctionIo = "0705", "function does I/O";
    PureContext = "0706", "pure context reads state";
    NeverWaits = "0707", "asynchronous method that never waits";
    NoSourceOrTarget = "0801", "operand is no source or target";
    NetworkTypes = "0802", "network types do not line up";
    NodeParameters = "0803", "parameters of a node do not fit";
    ScalarVector = "0804", "scalar and vector confused";
    CapturedAssigned = "0805", "captured local assigned";
    ResultUnused = "0806", "network result unused";
    Cycle = "0807", "cycle of links without a way out";
    Manifest = "1001", "manifest that does not fit";
    MissingFile = "1002", "missing or unreadable file";
    Toolchain = "1003", "toolchain missing or failed";
    NativeSignature = "1004", "native signature that does not fit";
    NativeCode = "1005", "native code";
    Internal = "9999", "internal error";
}
