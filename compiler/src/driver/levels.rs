//! How severe each warning is taken, by `--allow`, `--warn` and `--deny`. It changes
//! severities and adds no findings.

use crate::diag::{Code, Diagnostic, Severity};

/// What becomes of a warning. Of two levels for one code the stricter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Allow,
    Warn,
    Deny,
}

/// What a level is set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// All warnings that have no level of their own.
    Warnings,
    Code(Code),
}

/// The levels of one run.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    set: Vec<(Subject, Level)>,
}

impl Levels {
    /// Sets a level.
    pub fn set(&mut self, subject: Subject, level: Level) {
        self.set.push((subject, level));
    }

    /// What becomes of a warning of this code.
    pub(super) fn of(&self, code: Code) -> Level {
        let strictest = |wanted: Subject| {
            let fitting = self.set.iter().filter(|(subject, _)| *subject == wanted);
            fitting.map(|(_, level)| *level).max()
        };
        let own = strictest(Subject::Code(code));
        if code == Code::NativeCode {
            // Nothing is wrong with it: it is told to those who ask.
            return own.unwrap_or(Level::Allow);
        }
        own.or_else(|| strictest(Subject::Warnings)).unwrap_or(Level::Warn)
    }

    /// The diagnostics with their severities as wanted. Errors stay what they are.
    #[must_use]
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let wanted = |mut it: Diagnostic| {
            if it.severity == Severity::Warning {
                match self.of(it.code) {
                    Level::Allow => return None,
                    Level::Warn => {}
                    Level::Deny => it.severity = Severity::Error,
                }
            }
            Some(it)
        };
        diagnostics.into_iter().filter_map(wanted).collect()
    }
}

#[cfg(test)]
mod tests {
    //! Which level counts.

    use super::{Level, Levels, Subject};
    use crate::diag::Code;

    #[test]
    fn a_code_counts_more_than_all_warnings() {
        let mut levels = Levels::default();
        levels.set(Subject::Warnings, Level::Deny);
        levels.set(Subject::Code(Code::Unused), Level::Allow);
        assert_eq!(levels.of(Code::Unused), Level::Allow);
        assert_eq!(levels.of(Code::Unreachable), Level::Deny);
    }

    #[test]
    fn native_code_is_reported_on_demand() {
        let mut levels = Levels::default();
        levels.set(Subject::Warnings, Level::Deny);
        assert_eq!(levels.of(Code::NativeCode), Level::Allow);
        levels.set(Subject::Code(Code::NativeCode), Level::Warn);
        assert_eq!(levels.of(Code::NativeCode), Level::Warn);
    }

    #[test]
    fn of_two_levels_the_stricter_counts() {
        let mut levels = Levels::default();
        levels.set(Subject::Code(Code::Unused), Level::Deny);
        levels.set(Subject::Code(Code::Unused), Level::Allow);
        assert_eq!(levels.of(Code::Unused), Level::Deny);
        assert_eq!(levels.of(Code::Unreachable), Level::Warn);
    }
}
