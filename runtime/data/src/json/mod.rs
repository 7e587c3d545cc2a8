//! JSON: values to text and back. How each type of value does it is in `values`, the tokens
//! in `reader` and `writer`, text of unknown shape in `value`. Generated code implements
//! both traits for the program's structs, schemas and enums.

mod reader;
mod value;
mod values;
mod writer;

pub use reader::{Error, Read, Reader, Slot, taken};
pub use value::{
    Json, Place, array, object, of_bool, of_decimal, of_double, of_long, of_string,
    parse, try_parse,
};
pub use writer::{Writer, write_case, write_record};

use axum_rt::abi::v1::{Exception, Result, Str};

/// Arrays and objects may stand in each other this deep, written or read: no text can make
/// a program use up its stack.
pub(crate) const MOST_DEPTH: u32 = 128;

/// What has a JSON form.
pub trait ToJson {
    /// Appends it.
    fn write_json(&self, out: &mut Writer);
}

/// What can be read from JSON.
pub trait FromJson: Sized {
    /// Reads a value of this type.
    fn read_json(from: &mut Reader<'_>) -> Read<Self>;

    /// What stands for a field that is missing, if it need not be there.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }

    /// Reads the key of an object. Most keys are text.
    fn read_key(key: &str) -> Read<Self> {
        let mut quoted = Writer::default();
        quoted.text(key);
        from_whole(quoted.as_str())
    }
}

/// `x.ToJson()`
#[track_caller]
pub fn encode(value: &dyn ToJson) -> Result<Str> {
    let mut out = Writer::default();
    value.write_json(&mut out);
    out.finish()
}

/// `T.FromJson(text)`
#[track_caller]
pub fn decode<T: FromJson>(text: Str) -> Result<T> {
    match from_whole(text.as_str()) {
        Ok(value) => Ok(value),
        Err(Error::Thrown(exception)) => Err(exception.thrown()),
        Err(Error::Format(message)) => Err(Exception::new("FormatException", message)),
    }
}

/// A text that is one value and nothing more.
fn from_whole<T: FromJson>(text: &str) -> Read<T> {
    let mut reader = Reader::new(text);
    let value = T::read_json(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
