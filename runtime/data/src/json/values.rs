//! The JSON form of the library's values: numbers and decimals digit for digit, collections
//! as arrays, dictionaries as objects, a duration as its seconds.

use std::hash::Hash;

use axum_rt::abi::v1::{Array, Dict, Duration, Link, List, Set, Shared, Str};

use super::{Error, FromJson, Read, Reader, ToJson, Writer, from_whole};
use crate::decimal::{Decimal, exact};

macro_rules! integers {
    ($($name:ident $shown:literal),*) => { $(
        impl ToJson for $name {
            fn write_json(&self, out: &mut Writer) {
                out.shown(self);
            }
        }

        impl FromJson for $name {
            fn read_json(from: &mut Reader<'_>) -> Read<Self> {
                let whole = whole(from, $shown)?;
                $name::try_from(whole).map_err(|_| no_room(from, whole, $shown))
            }

            fn read_key(key: &str) -> Read<Self> {
                from_whole(key)
            }
        }
    )* };
}

integers! {
    i8 "sbyte", i16 "short", i32 "int", i64 "long",
    u8 "byte", u16 "ushort", u32 "uint", u64 "ulong"
}

/// A whole number, also if written as `1e3` or `2.0`.
fn whole(from: &mut Reader<'_>, ty: &str) -> Read<i128> {
    let text = from.number()?;
    if let Ok(whole) = text.parse() {
        return Ok(whole);
    }
    match exact::scientific(text) {
        Ok(value) if value.is_integer() => Ok(value.trunc().mantissa()),
        Ok(_) => Err(from.fail_token(&format!("`{text}` is no whole number"))),
        Err(_) => Err(no_room(from, text, ty)),
    }
}

fn no_room(from: &mut Reader<'_>, number: impl std::fmt::Display, ty: &str) -> Error {
    from.fail_token(&format!("`{number}` does not fit into `{ty}`"))
}

macro_rules! floats {
    ($($name:ident $shown:literal),*) => { $(
        impl ToJson for $name {
            fn write_json(&self, out: &mut Writer) {
                if self.is_finite() {
                    out.shown(self);
                } else {
                    out.fail("NaN and the infinities have no JSON form");
                }
            }
        }

        impl FromJson for $name {
            fn read_json(from: &mut Reader<'_>) -> Read<Self> {
                let text = from.number()?;
                match text.parse::<$name>() {
                    Ok(value) if value.is_finite() => Ok(value),
                    _ => Err(no_room(from, text, $shown)),
                }
            }
        }
    )* };
}

floats! { f32 "float", f64 "double" }

impl ToJson for Decimal {
    fn write_json(&self, out: &mut Writer) {
        out.shown(self);
    }
}

impl FromJson for Decimal {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        let text = from.number()?;
        match exact::scientific(text) {
            Ok(value) => Ok(Decimal::from_inner(value)),
            Err(_) => Err(no_room(from, text, "decimal")),
        }
    }

    fn read_key(key: &str) -> Read<Self> {
        from_whole(key)
    }
}

impl ToJson for bool {
    fn write_json(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl FromJson for bool {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        from.boolean()
    }

    fn read_key(key: &str) -> Read<Self> {
        from_whole(key)
    }
}

impl ToJson for Str {
    fn write_json(&self, out: &mut Writer) {
        out.text(self.as_str());
    }
}

impl FromJson for Str {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        Ok(Str::from(&*from.string("a string")?))
    }

    fn read_key(key: &str) -> Read<Self> {
        Ok(Str::from(key))
    }
}

impl ToJson for char {
    fn write_json(&self, out: &mut Writer) {
        out.text(self.encode_utf8(&mut [0; 4]));
    }
}

impl FromJson for char {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        let text = from.string("a string of one character")?;
        let mut scalars = text.chars();
        match (scalars.next(), scalars.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(from.fail_token(&format!("\"{text}\" is not one character"))),
        }
    }
}

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

impl ToJson for Duration {
    fn write_json(&self, out: &mut Writer) {
        let nanos = self.as_nanos();
        let (whole, rest) = (nanos.unsigned_abs() / SECOND as u64, nanos % SECOND);
        let sign = if nanos < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{:09}", rest.unsigned_abs());
        out.raw(text.trim_end_matches('0').trim_end_matches('.'));
    }
}

impl FromJson for Duration {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        let text = from.number()?;
        let seconds = exact::scientific(text).ok();
        let nanos = seconds.and_then(|it| exact::mul(it, SECOND.into()));
        let nanos = nanos.map(|it| it.round().mantissa());
        match nanos.and_then(|it| i64::try_from(it).ok()) {
            Some(nanos) => Ok(Duration::from_nanos(nanos)),
            None => Err(no_room(from, text, "Duration")),
        }
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write_json(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write_json(out),
            None => out.raw("null"),
        }
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        Ok(if from.null()? { None } else { Some(T::read_json(from)?) })
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

/// A field whose type contains itself.
impl<T: ToJson> ToJson for Shared<T> {
    fn write_json(&self, out: &mut Writer) {
        (**self).write_json(out);
    }
}

impl<T: FromJson> FromJson for Shared<T> {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        T::read_json(from).map(Shared::new)
    }

    fn missing() -> Option<Self> {
        T::missing().map(Shared::new)
    }
}

/// The same for a nullable one.
impl<T: ToJson> ToJson for Link<T> {
    fn write_json(&self, out: &mut Writer) {
        (**self).write_json(out);
    }
}

impl<T: FromJson> FromJson for Link<T> {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        Option::read_json(from).map(Link::new)
    }

    fn missing() -> Option<Self> {
        Some(Link::new(None))
    }
}

fn items<T: FromJson>(from: &mut Reader<'_>) -> Read<Vec<T>> {
    let mut items = Vec::new();
    from.array("an array", &mut |from, _| {
        items.push(T::read_json(from)?);
        Ok(())
    })?;
    Ok(items)
}

macro_rules! sequences {
    ($($name:ident),*) => { $(
        impl<T: ToJson> ToJson for $name<T> {
            fn write_json(&self, out: &mut Writer) {
                out.array(&mut self.as_slice().iter().map(|it| it as &dyn ToJson));
            }
        }

        impl<T: FromJson> FromJson for $name<T> {
            fn read_json(from: &mut Reader<'_>) -> Read<Self> {
                items(from).map($name::from_vec)
            }
        }
    )* };
}

sequences! { Array, List }

impl<T: ToJson + Eq + Hash + Clone> ToJson for Set<T> {
    fn write_json(&self, out: &mut Writer) {
        out.array(&mut self.iter().map(|it| it as &dyn ToJson));
    }
}

impl<T: FromJson + Eq + Hash + Clone> FromJson for Set<T> {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        items(from).map(Set::from_vec)
    }
}

impl<K: ToJson + Eq + Hash + Clone, V: ToJson + Clone> ToJson for Dict<K, V> {
    fn write_json(&self, out: &mut Writer) {
        let pairs =
            self.iter().map(|(key, value)| (key as &dyn ToJson, value as &dyn ToJson));
        out.object(&mut { pairs });
    }
}

impl<K: FromJson + Eq + Hash + Clone, V: FromJson + Clone> FromJson for Dict<K, V> {
    fn read_json(from: &mut Reader<'_>) -> Read<Self> {
        let mut pairs = Vec::new();
        from.object("an object", &mut |from, text| {
            let Ok(key) = K::read_key(&text) else {
                return Err(from.fail_token(&format!(
                    "the key \"{text}\" is not of the keys' type"
                )));
            };
            pairs.push((key, from.at_key(&text, V::read_json)?));
            Ok(())
        })?;
        Ok(Dict::from_pairs(pairs))
    }
}

macro_rules! tuples {
    ($($n:literal: $($part:ident $value:ident $at:tt),*;)*) => { $(
        impl<$($part: ToJson),*> ToJson for ($($part,)*) {
            fn write_json(&self, out: &mut Writer) {
                out.array(&mut [$(&self.$at as &dyn ToJson),*].into_iter());
            }
        }

        impl<$($part: FromJson),*> FromJson for ($($part,)*) {
            fn read_json(from: &mut Reader<'_>) -> Read<Self> {
                let mut parts = ($(None::<$part>,)*);
                from.array(concat!("an array of ", $n), &mut |from, n| match n {
                    $($at => {
                        parts.$at = Some($part::read_json(from)?);
                        Ok(())
                    })*
                    _ => Err(from.expected(concat!("the end of an array of ", $n))),
                })?;
                match parts {
                    ($(Some($value),)*) => Ok(($($value,)*)),
                    _ => Err(from.fail(concat!("the array has fewer than ", $n, " elements"))),
                }
            }
        }
    )* };
}

tuples! {
    1: A a 0;
    2: A a 0, B b 1;
    3: A a 0, B b 1, C c 2;
    4: A a 0, B b 1, C c 2, D d 3;
    5: A a 0, B b 1, C c 2, D d 3, E e 4;
    6: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5;
    7: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6;
    8: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7;
    9: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8;
    10: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9;
    11: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10;
    12: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11;
}
