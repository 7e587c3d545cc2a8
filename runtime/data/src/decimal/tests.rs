//! Decimals: what .NET gives for the same.

use axum_rt::abi::v1::{Show as _, Str, to_str};

use super::namespace::*;
use super::{Decimal, math};

fn d(text: &str) -> Decimal {
    parse(Some(Str::from(text))).unwrap()
}

fn shown(value: Decimal) -> String {
    to_str(&value).as_str().to_owned()
}

fn formatted(value: &str, spec: &str) -> String {
    let mut out = String::new();
    match d(value).show_format(spec, &mut out) {
        Ok(()) => out,
        Err(thrown) => thrown.kind().into(),
    }
}

#[test]
fn results_keep_their_places() {
    assert_eq!(shown(add(d("1.5"), d("1.25")).unwrap()), "2.75");
    assert_eq!(shown(add(d("1.50"), d("1.50")).unwrap()), "3.00");
    assert_eq!(shown(sub(d("1.5"), d("1.50")).unwrap()), "0.00");
    assert_eq!(shown(mul(d("1.50"), d("2.0")).unwrap()), "3.000");
    assert_eq!(shown(div(d("10"), d("4")).unwrap()), "2.5");
    assert_eq!(shown(div(d("1"), d("3")).unwrap()), "0.3333333333333333333333333333");
    assert_eq!(shown(div(d("2"), d("3")).unwrap()), "0.6666666666666666666666666667");
    assert_eq!(shown(rem(d("5.0"), d("3")).unwrap()), "2.0");
    assert_eq!(shown(rem(d("-5.5"), d("2")).unwrap()), "-1.5");
    assert_eq!(shown(neg(d("1.50"))), "-1.50");
    assert_eq!(shown(neg(d("0.0"))), "0.0");
    assert_eq!(shown(mul(d("0.00"), d("1.5")).unwrap()), "0.000");
    assert_eq!(shown(div(d("1.00"), d("1.0")).unwrap()), "1.0");
    assert_eq!(shown(div(d("5.00"), d("2")).unwrap()), "2.50");
    assert_eq!(shown(div(d("1"), d("8")).unwrap()), "0.125");
    assert_eq!(shown(div(d("1"), d("0.5")).unwrap()), "2");
    assert_eq!(shown(sub(d("1"), d("0.00")).unwrap()), "1.00");
    assert_eq!(shown(add(d("0"), d("1.50")).unwrap()), "1.50");
    assert_eq!(shown(add(d("0.000"), d("1.5")).unwrap()), "1.500");
    assert_eq!(shown(sub(d("0.000"), d("1.5")).unwrap()), "-1.500");
    assert_eq!(shown(div(d("0.00"), d("3")).unwrap()), "0.00");
    assert_eq!(shown(rem(d("0.00"), d("3")).unwrap()), "0.00");
    assert_eq!(shown(rem(d("1"), d("3.00")).unwrap()), "1");
    assert_eq!(shown(rem(d("5"), d("3.00")).unwrap()), "2.00");
    assert_eq!(shown(rem(d("-6"), d("3")).unwrap()), "0");
    assert_eq!(shown(sub(max_value(), d("0.0")).unwrap()), shown(max_value()));
}

#[test]
fn what_does_not_fit_throws() {
    let kind = |it: axum_rt::abi::v1::Result<Decimal>| it.unwrap_err().kind().to_owned();
    assert_eq!(kind(add(max_value(), one())), "OverflowException");
    assert_eq!(kind(sub(min_value(), one())), "OverflowException");
    assert_eq!(kind(mul(max_value(), d("2"))), "OverflowException");
    assert_eq!(kind(div(max_value(), d("0.1"))), "OverflowException");
    assert_eq!(kind(div(one(), zero())), "DivideByZeroException");
    assert_eq!(kind(rem(one(), d("0.00"))), "DivideByZeroException");
    let line = line!() + 1;
    let thrown = mul(max_value(), d("-10")).unwrap_err();
    assert_eq!(thrown.location().line(), line);
    assert_eq!(
        thrown.message().as_str(),
        "79228162514264337593543950335 * -10 does not fit into decimal"
    );
    // What is too small is zero.
    let tiny = d("0.0000000000000000000000000001");
    assert!(mul(tiny, tiny).unwrap() == zero());
}

#[test]
fn places_do_not_matter_to_comparison() {
    use std::collections::HashSet;
    assert!(d("1.0") == d("1.00") && d("1.0") < d("1.01") && d("-1") < zero());
    assert!(neg(zero()) == zero());
    let set: HashSet<Decimal> = [d("1.0"), d("1.00"), d("1"), d("2")].into();
    assert_eq!(set.len(), 2);
}

#[test]
fn text_is_read_exactly() {
    for (text, value) in [
        ("1.50", "1.50"),
        (" -2 ", "-2"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("1,234.5", "1234.5"),
        ("007", "7"),
        ("-0.0", "0.0"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("0.12345678901234567890123456789", "0.1234567890123456789012345679"),
        ("0.00000000000000000000000000005", "0.0000000000000000000000000000"),
        ("7922816251426433759354395033.55", "7922816251426433759354395034"),
        ("79228162514264337593543950335.4", "79228162514264337593543950335"),
    ] {
        assert_eq!(shown(d(text)), value, "{text}");
    }
    for bad in
        ["", " ", ".", "x", "1.2.3", "1e3", "--1", ",1", "1.2,3", "1 2", "0x1", "١"]
    {
        let thrown = parse(Some(Str::from(bad))).unwrap_err();
        assert_eq!(thrown.kind(), "FormatException", "{bad}");
        assert_eq!(try_parse(Some(Str::from(bad))), None);
    }
    for large in ["79228162514264337593543950336", "79228162514264337593543950335.5"] {
        let thrown = parse(Some(Str::from(large))).unwrap_err();
        assert_eq!(thrown.kind(), "OverflowException", "{large}");
    }
    assert!(parse(None).is_err() && try_parse(None).is_none());
}

#[test]
fn exponents_are_read_exactly() {
    let read =
        |text: &str| super::exact::scientific(text).map(|it| shown(Decimal(it))).ok();
    for (text, value) in [
        ("1.5", "1.5"),
        ("-1.50e1", "-15.0"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("12.5e+1", "125"),
        ("0e999999999999999999999", "0"),
        ("1e-999999999999999999999", "0.0000000000000000000000000000"),
        ("7.9228162514264337593543950335e28", "79228162514264337593543950335"),
        ("0.0000000000000000000000000000000001e34", "1"),
    ] {
        assert_eq!(read(text).as_deref(), Some(value), "{text}");
    }
    for large in ["1e29", "1e999999999999999999999", "8e28"] {
        assert_eq!(read(large), None, "{large}");
    }
}

#[test]
fn casts_follow_dotnet() {
    assert_eq!(to_integer::<i32>(d("-2.9")), Ok(-2));
    assert_eq!(to_integer::<u8>(d("255.9")), Ok(255));
    let thrown = to_integer::<u8>(d("256.0")).unwrap_err();
    assert_eq!(thrown.kind(), "OverflowException");
    assert_eq!(thrown.message().as_str(), "256.0 does not fit into Byte");
    assert_eq!(shown(Decimal::from(u64::MAX)), "18446744073709551615");
    for (binary, text) in [
        (0.1, "0.1"),
        (1.0 / 3.0, "0.333333333333333"),
        (2.0 / 3.0, "0.666666666666667"),
        (1e20, "100000000000000000000"),
        (-1.5, "-1.5"),
        (120.0, "120"),
        (123456789.125, "123456789.125"),
        (1e-30, "0"),
        (-0.0, "0"),
    ] {
        assert_eq!(shown(from_double(binary).unwrap()), text, "{binary}");
    }
    assert_eq!(shown(from_single(0.1).unwrap()), "0.1");
    for not in [f64::NAN, f64::INFINITY, 1e29, -8e28] {
        assert_eq!(from_double(not).unwrap_err().kind(), "OverflowException");
    }
    for text in [
        "0.1",
        "123.456",
        "79228162514264337593543950335",
        "0.3333333333333333333333333333",
    ] {
        assert_eq!(d(text).to_double(), text.parse::<f64>().unwrap(), "{text}");
    }
    assert_eq!(d("0.1").to_single(), 0.1);
}

#[test]
fn rounding_goes_to_even() {
    assert_eq!(shown(math::round(d("2.5"))), "2");
    assert_eq!(shown(math::round(d("3.5"))), "4");
    assert_eq!(shown(math::round_to(d("2.345"), 2).unwrap()), "2.34");
    assert_eq!(shown(math::round_to(d("1.5"), 4).unwrap()), "1.5");
    assert!(math::round_to(one(), 29).is_err() && math::round_to(one(), -1).is_err());
    assert_eq!(shown(math::floor(d("-1.50"))), "-2");
    assert_eq!(shown(math::ceiling(d("1.2"))), "2");
    assert_eq!(shown(math::truncate(d("-1.9"))), "-1");
    assert_eq!(shown(math::abs(d("-1.50"))), "1.50");
}

#[test]
fn formats_follow_dotnet() {
    for (value, spec, text) in [
        ("1.50", "", "1.50"),
        ("1.50", "G", "1.50"),
        ("1234.565", "F2", "1234.57"),
        ("-1234.5", "N2", "-1,234.50"),
        ("1234567.891", "N0", "1,234,568"),
        ("0.1234", "P1", "12.3 %"),
        ("12345.678", "E3", "1.235E+004"),
        ("5", "C", "¤5.00"),
        ("0.5", "0.00", "0.50"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("-3", "0.0;(0.0)", "(3.0)"),
        ("0.1234567890123456789012345678", "F28", "0.1234567890123456789012345678"),
        ("1.5", "D3", "FormatException"),
        ("1.5", "X", "FormatException"),
    ] {
        assert_eq!(formatted(value, spec), text, "{value} {spec}");
    }
}
