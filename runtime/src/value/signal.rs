//! `Signal`: the message that says only that something happened.
//! It does not travel by itself; ports and networks carry it.

use super::Show;

/// The type with one value, `Signal.Value`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Signal;

impl Show for Signal {
    fn show(&self, out: &mut String) {
        out.push_str("Signal");
    }
}
