//! Exceptions as values: one pointer that carries kind, message, place in the source, cause and payload.
//! It does not decide who catches what; generated code asks `is` and `value`.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::Location;
use std::sync::Arc;

use super::memory::{hash_roomy, roomy};
use super::{Show, Str};

/// What every operation returns that may throw.
pub type Result<T> = core::result::Result<T, Exception>;

/// A thrown, or throwable, exception. A clone names the same exception.
#[derive(Clone)]
pub struct Exception(Arc<Data>);

/// The value of an exception that the program declares.
trait Payload: Any + Show {
    fn any(&self) -> &dyn Any;
}

impl<T: Any + Show> Payload for T {
    fn any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone)]
struct Data {
    kind: &'static str,
    /// The kinds it derives from, nearest first; the root `Exception` is implied.
    bases: &'static [&'static str],
    message: Str,
    location: &'static Location<'static>,
    cause: Option<Exception>,
    value: Option<Arc<dyn Payload>>,
}

/// A chain of causes is let go of one by one, however long it is.
impl Drop for Data {
    fn drop(&mut self) {
        let mut next = self.cause.take();
        while let Some(mut cause) = next {
            next = Arc::get_mut(&mut cause.0).and_then(|it| it.cause.take());
        }
    }
}

/// The exception for a value of `schema` that breaks one of its rules.
#[track_caller]
#[cold]
pub fn rule_violation(schema: &str, rule: &str, value: &dyn Show) -> Exception {
    let mut message = format!("{schema}: rule `{rule}` is broken by ");
    value.show(&mut message);
    Exception::new("RuleViolationException", message)
}

/// The same for an exception of the program, whose text may lack its fields, or they it.
#[track_caller]
#[cold]
pub fn rule_violation_by(schema: &str, rule: &str, exception: &Exception) -> Exception {
    let message = exception.message();
    match exception.fields() {
        Some(fields) if fields != message => {
            let fields = format!("{fields} with the message `{message}`");
            rule_violation(schema, rule, &Str::from(fields))
        }
        _ => rule_violation(schema, rule, exception),
    }
}

/// Whether a rule's condition holds; one that throws does not.
pub fn holds(condition: impl FnOnce() -> Result<bool>) -> bool {
    condition().unwrap_or(false)
}

/// The name of the kind from which all others derive.
const ROOT: &str = "Exception";

impl Exception {
    /// An exception of the library: its kind and a message. The place is the caller's.
    #[track_caller]
    #[cold]
    pub fn new(kind: &'static str, message: impl Into<Str>) -> Self {
        Self(Arc::new(Data {
            kind,
            bases: &[],
            message: message.into(),
            location: Location::caller(),
            cause: None,
            value: None,
        }))
    }

    /// An exception of a kind that the program declares: `kinds` runs from the kind itself to the
    /// last base before `Exception`, `value` is the schema's value, which a handler takes out with
    /// [`Exception::value`]. Without a message the printed value is the message.
    #[track_caller]
    #[cold]
    pub fn with_value<T: Show + Any + Send + Sync>(
        kinds: &'static [&'static str],
        message: Option<Str>,
        value: T,
    ) -> Self {
        let message = message.unwrap_or_else(|| super::to_str(&value));
        let (kind, bases) = match kinds {
            [kind, bases @ ..] => (*kind, bases),
            [] => (ROOT, kinds),
        };
        Self(Arc::new(Data {
            kind,
            bases,
            message,
            location: Location::caller(),
            cause: None,
            value: Some(Arc::new(value)),
        }))
    }

    /// The same exception with `cause` as its cause.
    pub fn caused_by(mut self, cause: Exception) -> Self {
        Arc::make_mut(&mut self.0).cause = Some(cause);
        self
    }

    /// The same exception with the cause, if there is one.
    pub fn caused_by_any(self, cause: Option<Exception>) -> Self {
        match cause {
            Some(cause) => self.caused_by(cause),
            None => self,
        }
    }

    /// The same exception with another message.
    pub fn with_message(mut self, message: impl Into<Str>) -> Self {
        Arc::make_mut(&mut self.0).message = message.into();
        self
    }

    /// The same exception with other fields. A message that told the fields tells those.
    pub fn with_fields<T: Show + Any + Send + Sync>(&self, value: T) -> Self {
        let told = self.fields().as_ref() == Some(&self.0.message);
        let mut changed = self.clone();
        let data = Arc::make_mut(&mut changed.0);
        if told {
            data.message = super::to_str(&value);
        }
        data.value = Some(Arc::new(value));
        changed
    }

    /// The same exception with this message, or with the one that it has if none is given.
    pub fn with_text(self, message: Option<Str>) -> Self {
        let message = message.or_else(|| self.fields());
        let message = message.unwrap_or_else(|| self.kind().into());
        self.with_message(message)
    }

    /// The same exception with this cause, or none.
    pub fn with_cause(mut self, cause: Option<Exception>) -> Self {
        Arc::make_mut(&mut self.0).cause = cause;
        self
    }

    /// The same exception as thrown at another place.
    pub fn at(mut self, location: &'static Location<'static>) -> Self {
        Arc::make_mut(&mut self.0).location = location;
        self
    }

    /// The same exception, thrown here: what was made elsewhere counts from here on.
    #[track_caller]
    #[cold]
    pub fn thrown(self) -> Self {
        self.at(Location::caller())
    }

    /// Whether both name one exception, not only equal ones.
    pub fn same(&self, other: &Exception) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The name of its kind, such as `DivideByZeroException`; without the namespace that
    /// tells kinds of one name apart.
    pub fn kind(&self) -> &'static str {
        self.0.kind.rsplit_once('.').map_or(self.0.kind, |it| it.1)
    }

    /// Whether a handler for `kind` catches it.
    pub fn is(&self, kind: &str) -> bool {
        kind == ROOT || self.0.kind == kind || self.0.bases.contains(&kind)
    }

    /// The message.
    pub fn message(&self) -> Str {
        self.0.message.clone()
    }

    /// Where in the source it was made.
    pub fn location(&self) -> &'static Location<'static> {
        self.0.location
    }

    /// What led to it.
    pub fn cause(&self) -> Option<Exception> {
        self.0.cause.clone()
    }

    /// Of an `AgentFailedException`: the agent's name.
    pub fn agent(&self) -> Option<Str> {
        self.value::<FailedAgent>().map(|it| Str::lit(it.0))
    }

    /// The fields of the program's own exception type, printed; they decide whether two
    /// exceptions are equal.
    fn fields(&self) -> Option<Str> {
        self.0.value.as_deref().map(|it| {
            let mut text = String::new();
            it.show(&mut text);
            text.into()
        })
    }

    /// The value of the program's own exception type, if it is of that type.
    pub fn value<T: Any>(&self) -> Option<&T> {
        self.0.value.as_deref()?.any().downcast_ref()
    }
}

/// What an `AgentFailedException` carries: the name of the agent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FailedAgent(pub(crate) &'static str);

impl Show for FailedAgent {
    fn show(&self, out: &mut String) {
        out.push_str(self.0);
    }
}

impl Show for Exception {
    fn show(&self, out: &mut String) {
        // A program's exception without a message already prints its name and fields.
        if !self.0.message.as_str().starts_with(self.kind()) {
            out.push_str(self.kind());
            if !self.0.message.as_str().is_empty() {
                out.push_str(": ");
            }
        }
        out.push_str(self.0.message.as_str());
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(super::to_str(self).as_str())
    }
}

impl fmt::Debug for Exception {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self} ({})", crate::position::Position(self.0.location))
    }
}

impl std::error::Error for Exception {}

/// By value, as for every schema: kind, message and cause count, the place does not.
impl PartialEq for Exception {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.kind == other.0.kind
                && self.0.message == other.0.message
                && self.fields() == other.fields()
                && roomy(|| self.0.cause == other.0.cause))
    }
}

impl Eq for Exception {}

impl Hash for Exception {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.kind.hash(state);
        self.0.message.hash(state);
        hash_roomy(&self.0.cause, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries_kind_message_and_place() {
        let thrown = Exception::new("TimeoutException", "nothing within 2s");
        let line = line!() - 1;
        assert_eq!(thrown.kind(), "TimeoutException");
        assert_eq!(thrown.message(), Str::lit("nothing within 2s"));
        assert_eq!(thrown.location().line(), line);
        assert!(thrown.is("TimeoutException") && thrown.is("Exception"));
        assert!(!thrown.is("FormatException"));
        assert_eq!(thrown.to_string(), "TimeoutException: nothing within 2s");
    }

    #[test]
    fn keeps_the_programs_value_and_bases() {
        const KINDS: &[&str] = &["NoFunds", "BankException"];
        let thrown = Exception::with_value(KINDS, None, 7_i32);
        assert!(thrown.is("NoFunds") && thrown.is("BankException"));
        assert_eq!(thrown.value::<i32>(), Some(&7));
        assert_eq!(thrown.value::<i64>(), None);
        assert_eq!(thrown.message().as_str(), "7");
    }

    #[test]
    fn has_a_cause() {
        let cause = Exception::new("AgentFailedException", "x");
        let thrown =
            Exception::new("ChannelClosedException", "").caused_by(cause.clone());
        assert_eq!(thrown.cause(), Some(cause));
        assert!(thrown.same(&thrown.clone()));
        let elsewhere = thrown.clone().at(Location::caller());
        assert_eq!(thrown, elsewhere);
        assert!(!thrown.same(&elsewhere));
        assert_eq!(thrown.to_string(), "ChannelClosedException");
    }
}
