//! `Boolean`: reading `bool` from text.
//! Writing it is in `value/show.rs`.

use super::numbers::{Fault, thrown};
use crate::value::{Result, Str};

fn read(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Reads `true` or `false`.
#[track_caller]
pub fn parse(text: Option<Str>) -> Result<bool> {
    match text.as_ref().and_then(|text| read(text.as_str())) {
        Some(value) => Ok(value),
        None => Err(thrown(text, Fault::Shape, "bool")),
    }
}

/// Reads `true` or `false`, or gives null.
pub fn try_parse(text: Option<Str>) -> Option<bool> {
    read(text?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let text = |text| Some(Str::from(text));
        assert_eq!(parse(text(" TRUE ")), Ok(true));
        assert_eq!(
            (try_parse(text("False")), try_parse(text("no"))),
            (Some(false), None)
        );
        assert_eq!(parse(text("1")).unwrap_err().kind(), "FormatException");
        assert_eq!(parse(None).unwrap_err().kind(), "FormatException");
    }
}
