//! How values print: invariant culture, `True`, shortest doubles, `[1, 2]`, `(1, a)`, nothing for null.
//! It does not know format strings (`format.rs`) nor numeric formats (`digits.rs`).

use std::sync::Arc;

use super::digits::{self, Digits, Source};
use super::memory::roomy;
use super::{Exception, Result, Str};

/// What can be printed.
pub trait Show: Send + Sync {
    /// Appends the printed form.
    fn show(&self, out: &mut String);

    /// Appends the printed form to text of the language.
    fn add_to(&self, text: &mut Str) {
        text.edit(|out| self.show(out));
    }

    /// Appends the form that a format such as `F2` asks for. What has no formats ignores them.
    fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
        let _ = spec;
        self.show(out);
        Ok(())
    }
}

/// The printed form.
pub fn to_str<T: Show + ?Sized>(value: &T) -> Str {
    let mut text = Str::empty();
    value.add_to(&mut text);
    text
}

/// What `a + b` of text and values gives.
pub fn concat(parts: &[&dyn Show]) -> Str {
    let mut text = Str::empty();
    append(&mut text, parts);
    text
}

/// `text += …`: grows in place if nobody else holds the text.
pub fn append(text: &mut Str, parts: &[&dyn Show]) {
    for part in parts {
        part.add_to(text);
    }
}

/// Prints a struct or schema: `Point { X = 1, Y = 2 }`.
pub fn show_record(out: &mut String, name: &str, fields: &[(&str, &dyn Show)]) {
    out.push_str(name);
    out.push_str(" {");
    for (n, (field, value)) in fields.iter().enumerate() {
        out.push_str(if n == 0 { " " } else { ", " });
        out.push_str(field);
        out.push_str(" = ");
        roomy(|| value.show(out));
    }
    out.push_str(" }");
}

/// Prints an enum case: `Empty`, `Circle(2.5)`.
pub fn show_case(out: &mut String, name: &str, payload: &[&dyn Show]) {
    out.push_str(name);
    if !payload.is_empty() {
        out.push('(');
        show_items(out, payload.iter().copied());
        out.push(')');
    }
}

/// Prints a collection: `[1, 2]`.
pub fn show_sequence<'a, T: Show + 'a>(
    out: &mut String,
    items: impl IntoIterator<Item = &'a T>,
) {
    out.push('[');
    show_items(out, items);
    out.push(']');
}

fn show_items<'a, T: Show + ?Sized + 'a>(
    out: &mut String,
    items: impl IntoIterator<Item = &'a T>,
) {
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        roomy(|| item.show(out));
    }
}

macro_rules! integers {
    ($($name:ident),*) => { $(
        impl Show for $name {
            fn show(&self, out: &mut String) {
                let mut text = Str::empty();
                self.add_to(&mut text);
                out.push_str(text.as_str());
            }

            fn add_to(&self, text: &mut Str) {
                text.push_decimal(i128::from(*self) < 0, self.abs_diff(0).into());
            }

            #[track_caller]
            fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
                let value = i128::from(*self);
                digits::format(Source::Int { value, bits: $name::BITS }, spec, out)
            }
        }
    )* };
}

integers! { i8, i16, i32, i64, u8, u16, u32, u64 }

impl Show for f64 {
    fn show(&self, out: &mut String) {
        digits::show_float(
            *self,
            || Digits::shortest(&format!("{:e}", self.abs())),
            15,
            out,
        );
    }

    #[track_caller]
    fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
        match spec {
            "" | "G" | "g" | "R" | "r" => {
                self.show(out);
                Ok(())
            }
            _ => digits::format(Source::Float(*self), spec, out),
        }
    }
}

impl Show for f32 {
    fn show(&self, out: &mut String) {
        let shortest = || Digits::shortest(&format!("{:e}", self.abs()));
        digits::show_float(f64::from(*self), shortest, 7, out);
    }

    #[track_caller]
    fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
        match spec {
            "" | "G" | "g" | "R" | "r" => {
                self.show(out);
                Ok(())
            }
            _ => digits::format(Source::Float(f64::from(*self)), spec, out),
        }
    }
}

impl Show for bool {
    fn show(&self, out: &mut String) {
        out.push_str(if *self { "True" } else { "False" });
    }
}

impl Show for char {
    fn show(&self, out: &mut String) {
        out.push(*self);
    }

    fn add_to(&self, text: &mut Str) {
        text.push(*self);
    }
}

impl Show for str {
    fn show(&self, out: &mut String) {
        out.push_str(self);
    }

    fn add_to(&self, text: &mut Str) {
        text.push_str(self);
    }
}

impl Show for () {
    fn show(&self, _: &mut String) {}
}

impl<T: Show> Show for Option<T> {
    fn show(&self, out: &mut String) {
        if let Some(value) = self {
            value.show(out);
        }
    }

    fn add_to(&self, text: &mut Str) {
        if let Some(value) = self {
            value.add_to(text);
        }
    }

    #[track_caller]
    fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
        match self {
            Some(value) => value.show_format(spec, out),
            None => Ok(()),
        }
    }
}

macro_rules! pointers {
    ($($pointer:ty),*) => { $(
        impl<T: Show + ?Sized> Show for $pointer {
            fn show(&self, out: &mut String) {
                (**self).show(out);
            }

            fn add_to(&self, text: &mut Str) {
                (**self).add_to(text);
            }

            #[track_caller]
            fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
                (**self).show_format(spec, out)
            }
        }
    )* };
}

pointers! { &T, Box<T>, Arc<T> }

macro_rules! tuples {
    ($($($name:ident)+;)*) => { $(
        impl<$($name: Show),+> Show for ($($name,)+) {
            fn show(&self, out: &mut String) {
                #[expect(non_snake_case, reason = "the type parameters name the parts too")]
                let ($($name,)+) = self;
                out.push('(');
                show_items(out, [$($name as &dyn Show),+]);
                out.push(')');
            }
        }
    )* };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}

/// The exception for a format that a value does not have.
#[track_caller]
#[cold]
pub(super) fn bad_format(what: impl Into<Str>) -> Exception {
    Exception::new("FormatException", what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<T: Show>(value: T) -> String {
        to_str(&value).into()
    }

    #[test]
    fn prints_simple_values() {
        assert_eq!(shown(-5), "-5");
        assert_eq!(shown(u64::MAX), "18446744073709551615");
        assert_eq!(shown(true), "True");
        assert_eq!(shown('é'), "é");
        assert_eq!(shown(Some(3)), "3");
        assert_eq!(shown(None::<i32>), "");
        assert_eq!(shown((1, Str::lit("a"))), "(1, a)");
        assert_eq!(concat(&[&1, &Str::lit("+"), &2.5]).as_str(), "1+2.5");
    }

    #[test]
    fn prints_shortest_doubles() {
        for (value, text) in [
            (5.0, "5"),
            (2.5, "2.5"),
            (-0.0, "-0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e20, "1E+20"),
            (1e15, "1E+15"),
            (999_999_999_999_999.0, "999999999999999"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (123_456_789_012_345_680.0, "1.2345678901234568E+17"),
            (0.0001, "0.0001"),
            (0.00001, "1E-05"),
            (1.5e-7, "1.5E-07"),
            (1e100, "1E+100"),
            (f64::MAX, "1.7976931348623157E+308"),
            (5e-324, "5E-324"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(shown(value), text);
        }
        assert_eq!(shown(0.1_f32), "0.1");
        assert_eq!(shown(1e7_f32), "1E+07");
        assert_eq!(shown(16_777_216_f32), "16777216");
    }

    #[test]
    fn prints_records_and_cases() {
        let mut out = String::new();
        show_record(&mut out, "Point", &[("X", &1), ("Y", &2.0)]);
        show_case(&mut out, "Circle", &[&2.5]);
        show_case(&mut out, "Empty", &[]);
        show_record(&mut out, "Unit", &[]);
        assert_eq!(out, "Point { X = 1, Y = 2 }Circle(2.5)EmptyUnit { }");
    }

    #[test]
    fn appends_in_place() {
        let mut text = Str::lit("a");
        append(&mut text, &[&1, &'ü']);
        assert_eq!((text.as_str(), text.length()), ("a1ü", 3));
    }
}
