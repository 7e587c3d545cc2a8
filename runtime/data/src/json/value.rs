//! `Json`: a JSON value of unknown shape, to look into, to build and to print. Numbers keep
//! their digits, objects the order of their members.

use axum_rt::abi::v1::{Dict, Exception, List, Result, Show, Str, to_str};

use super::{FromJson, Read, Reader, ToJson, Writer, decode, encode};
use crate::decimal::Decimal;

/// Any JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as it was written.
    Number(Str),
    /// A string.
    Text(Str),
    /// `[…]`
    Array(List<Json>),
    /// `{…}`
    Object(Dict<Str, Json>),
}

impl ToJson for Json {
    fn write_json(&self, out: &mut Writer) {
        match self {
            Self::Null => out.raw("null"),
            Self::Bool(it) => it.write_json(out),
            Self::Number(it) => out.raw(it.as_str()),
            Self::Text(it) => it.write_json(out),
            Self::Array(it) => it.write_json(out),
            Self::Object(it) => it.write_json(out),
        }
    }
}

impl FromJson for Json {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        Ok(match from.peek() {
            Some(b'"') => Self::Text(Str::read_json(from)?),
            Some(b'[') => Self::Array(List::read_json(from)?),
            Some(b'{') => Self::Object(Dict::read_json(from)?),
            Some(b'-' | b'0'..=b'9') => Self::Number(Str::from(from.number()?)),
            Some(b't' | b'f') => Self::Bool(from.boolean()?),
            _ if from.null()? => Self::Null,
            _ => return Err(from.expected("a value")),
        })
    }
}

impl Show for Json {
    fn show(&self, out: &mut String) {
        let mut writer = Writer::default();
        self.write_json(&mut writer);
        out.push_str(writer.as_str());
    }
}

/// What an element is found by.
pub trait Place {
    /// The element.
    fn find(self, json: &Json) -> Option<&Json>;
    /// The element, to change in place. Behind a key that is not there is nothing.
    fn find_mut(self, json: &mut Json) -> Option<&mut Json>;
    /// Puts an element there, if there is such a place.
    fn put(self, json: &mut Json, value: Json) -> bool;
    /// Why nothing is found.
    fn why(&self, json: &Json) -> Exception;
}

impl Place for Str {
    fn find(self, json: &Json) -> Option<&Json> {
        match json {
            Json::Object(members) => members.at_ref(&self).ok(),
            _ => None,
        }
    }

    fn find_mut(self, json: &mut Json) -> Option<&mut Json> {
        match json {
            Json::Object(members) => members.at_mut(self).ok(),
            _ => None,
        }
    }

    fn put(self, json: &mut Json, value: Json) -> bool {
        if matches!(json, Json::Null) {
            *json = Json::Object(Dict::new());
        }
        match json {
            Json::Object(members) => members.set(self, value).is_ok(),
            _ => false,
        }
    }

    #[track_caller]
    fn why(&self, json: &Json) -> Exception {
        match json {
            Json::Object(_) => Exception::new(
                "KeyNotFoundException",
                format!("the JSON object has no member \"{self}\""),
            ),
            other => other.is_no("object"),
        }
    }
}

impl Place for i32 {
    fn find(self, json: &Json) -> Option<&Json> {
        match json {
            Json::Array(items) => items.as_slice().get(usize::try_from(self).ok()?),
            _ => None,
        }
    }

    fn find_mut(self, json: &mut Json) -> Option<&mut Json> {
        match json {
            Json::Array(items) => items.at_mut(self).ok(),
            _ => None,
        }
    }

    fn put(self, json: &mut Json, value: Json) -> bool {
        match json {
            Json::Array(items) => items.set(self, value).is_ok(),
            _ => false,
        }
    }

    #[track_caller]
    fn why(&self, json: &Json) -> Exception {
        match json {
            Json::Array(items) => Exception::new(
                "ArgumentOutOfRangeException",
                format!("index {self} is outside a JSON array of {}", items.count()),
            ),
            other => other.is_no("array"),
        }
    }
}

impl Json {
    /// `new Json()`
    #[must_use]
    pub fn new() -> Self {
        Self::Null
    }

    /// `null`, `bool`, `number`, `string`, `array` or `object`.
    #[must_use]
    pub fn kind(&self) -> Str {
        Str::lit(self.kind_name())
    }

    fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    #[track_caller]
    fn is_no(&self, wanted: &str) -> Exception {
        let found = self.kind_name();
        let message = format!("JSON of kind {wanted} is expected, {found} is found");
        Exception::new("InvalidOperationException", message)
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// `json["key"]`, `json[0]`
    #[track_caller]
    pub fn at(&self, place: impl Place + Clone) -> Result<Json> {
        self.at_ref(place).cloned()
    }

    /// The same, to look at.
    #[track_caller]
    pub fn at_ref(&self, place: impl Place + Clone) -> Result<&Json> {
        match place.clone().find(self) {
            Some(found) => Ok(found),
            None => Err(place.why(self)),
        }
    }

    /// The same, in place.
    #[track_caller]
    pub fn at_mut(&mut self, place: impl Place + Clone) -> Result<&mut Json> {
        if place.clone().find(self).is_none() {
            return Err(place.why(self));
        }
        Ok(place.find_mut(self).expect("it was just found"))
    }

    /// `json["key"] = value`: null becomes an object.
    #[track_caller]
    pub fn set(&mut self, place: impl Place + Clone, value: Json) -> Result<()> {
        if place.clone().put(self, value) { Ok(()) } else { Err(place.why(self)) }
    }

    /// The member of an object, or null.
    #[must_use]
    pub fn find(&self, key: Str) -> Option<Json> {
        key.find(self).cloned()
    }

    /// Whether it is an object with this member.
    #[must_use]
    pub fn contains_key(&self, key: Str) -> bool {
        key.find(self).is_some()
    }

    /// How many elements or members there are.
    #[must_use]
    pub fn count(&self) -> i32 {
        match self {
            Self::Array(items) => items.count(),
            Self::Object(members) => members.count(),
            _ => 0,
        }
    }

    /// The names of the members of an object.
    #[must_use]
    pub fn keys(&self) -> List<Str> {
        match self {
            Self::Object(members) => members.keys(),
            _ => List::new(),
        }
    }

    /// The elements of an array, the values of an object.
    #[must_use]
    pub fn items(&self) -> List<Json> {
        match self {
            Self::Array(items) => items.clone(),
            Self::Object(members) => members.values(),
            _ => List::new(),
        }
    }

    /// Adds to an array: null becomes one.
    #[track_caller]
    pub fn add(&mut self, item: Json) -> Result<()> {
        if self.is_null() {
            *self = Self::Array(List::new());
        }
        match self {
            Self::Array(items) => {
                items.add(item);
                Ok(())
            }
            other => Err(other.is_no("array")),
        }
    }

    /// Removes a member; whether it was there.
    pub fn remove(&mut self, key: Str) -> bool {
        match self {
            Self::Object(members) => members.remove(key),
            _ => false,
        }
    }

    /// The `bool` that it is.
    #[track_caller]
    pub fn as_bool(&self) -> Result<bool> {
        match self {
            Self::Bool(value) => Ok(*value),
            other => Err(other.is_no("bool")),
        }
    }

    /// The text that it is.
    #[track_caller]
    pub fn as_string(&self) -> Result<Str> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            other => Err(other.is_no("string")),
        }
    }

    #[track_caller]
    fn number<T: FromJson>(&self) -> Result<T> {
        match self {
            Self::Number(text) => decode(text.clone()),
            other => Err(other.is_no("number")),
        }
    }

    /// The number, if it is a whole one that fits.
    #[track_caller]
    pub fn as_int(&self) -> Result<i32> {
        self.number()
    }

    /// The number, if it is a whole one that fits.
    #[track_caller]
    pub fn as_long(&self) -> Result<i64> {
        self.number()
    }

    /// The nearest `double`.
    #[track_caller]
    pub fn as_double(&self) -> Result<f64> {
        self.number()
    }

    /// The number, digit for digit.
    #[track_caller]
    pub fn as_decimal(&self) -> Result<Decimal> {
        self.number()
    }

    /// With line breaks and two spaces a level.
    #[must_use]
    pub fn to_pretty(&self) -> Str {
        let mut out = String::new();
        self.pretty(0, &mut out);
        Str::from(out)
    }

    fn pretty(&self, level: usize, out: &mut String) {
        let line = |level: usize, out: &mut String| {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", level));
        };
        match self {
            Self::Array(items) if items.count() > 0 => {
                for (n, item) in items.as_slice().iter().enumerate() {
                    out.push(if n == 0 { '[' } else { ',' });
                    line(level + 1, out);
                    item.pretty(level + 1, out);
                }
                line(level, out);
                out.push(']');
            }
            Self::Object(members) if members.count() > 0 => {
                for (n, (key, value)) in members.iter().enumerate() {
                    out.push(if n == 0 { '{' } else { ',' });
                    line(level + 1, out);
                    Self::Text(key.clone()).show(out);
                    out.push_str(": ");
                    value.pretty(level + 1, out);
                }
                line(level, out);
                out.push('}');
            }
            other => other.show(out),
        }
    }
}

/// `Json.Parse(text)`
#[track_caller]
pub fn parse(text: Str) -> Result<Json> {
    decode(text)
}

/// `Json.TryParse(text)`
#[must_use]
pub fn try_parse(text: Option<Str>) -> Option<Json> {
    decode(text?).ok()
}

/// An empty object.
#[must_use]
pub fn object() -> Json {
    Json::Object(Dict::new())
}

/// An empty array.
#[must_use]
pub fn array() -> Json {
    Json::Array(List::new())
}

/// Text, or null.
#[must_use]
pub fn of_string(text: Option<Str>) -> Json {
    text.map_or(Json::Null, Json::Text)
}

/// `true` or `false`.
#[must_use]
pub fn of_bool(value: bool) -> Json {
    Json::Bool(value)
}

/// A whole number.
#[must_use]
pub fn of_long(value: i64) -> Json {
    Json::Number(to_str(&value))
}

/// A number; throws for NaN and the infinities.
#[track_caller]
pub fn of_double(value: f64) -> Result<Json> {
    encode(&value).map(Json::Number)
}

/// A number.
#[must_use]
pub fn of_decimal(value: Decimal) -> Json {
    Json::Number(to_str(&value))
}
