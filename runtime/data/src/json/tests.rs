//! Reading what is hostile or odd, and places of what is wrong. What generated code does
//! with it is tested by whole programs.

use axum_rt::abi::v1::{Array, Dict, Duration, Result, Set, Str};

use super::{FromJson, Json, ToJson, decode, encode, parse};
use crate::decimal::Decimal;

fn read<T: FromJson>(text: &str) -> Result<T> {
    decode(Str::from(text))
}

fn written(value: &dyn ToJson) -> String {
    encode(value).unwrap().as_str().to_owned()
}

fn why<T: FromJson>(text: &str) -> String {
    match read::<T>(text) {
        Ok(_) => "it is fine".to_owned(),
        Err(thrown) => {
            assert_eq!(thrown.kind(), "FormatException", "{text}");
            thrown.message().as_str().to_owned()
        }
    }
}

#[test]
fn numbers_are_read_to_the_digit() {
    assert_eq!(read::<i64>("-9223372036854775808"), Ok(i64::MIN));
    assert_eq!(read::<u64>("18446744073709551615"), Ok(u64::MAX));
    assert_eq!((read::<i32>("1e3"), read::<i32>("2.0")), (Ok(1000), Ok(2)));
    assert_eq!(read::<f64>("1e-400"), Ok(0.0));
    let exact: Decimal = read("0.1234567890123456789012345678").unwrap();
    assert_eq!(written(&exact), "0.1234567890123456789012345678");
    assert!(why::<i8>("128").ends_with("`128` does not fit into `sbyte`"));
    assert!(why::<i32>("1e999999999").ends_with("does not fit into `int`"));
    assert!(why::<f64>("1e400").ends_with("`1e400` does not fit into `double`"));
    assert!(why::<i32>("0.5").ends_with("`0.5` is no whole number"));
}

#[test]
fn what_is_no_json_is_refused() {
    for bad in [
        "",
        " ",
        "nul",
        "True",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "0x1",
        "NaN",
        "'a'",
        "[1,]",
        "[1 2]",
        "[,]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":1,}",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"a\nb\"",
        "\"a",
        "[",
        "{",
        "{\"a\":1",
        "1 2",
        "[1]]",
        "// 1",
        "\u{feff}1",
    ] {
        assert!(read::<Json>(bad).is_err(), "{bad}");
    }
    for good in ["null", " [ ] ", "{}", "-0", "0.0e-0", "\"\\u0000\\/\"", "[[],{\"\":0}]"]
    {
        assert!(read::<Json>(good).is_ok(), "{good}");
    }
}

#[test]
fn no_text_uses_up_the_stack() {
    for open in ["[", "{\"a\":"] {
        let message = why::<Json>(&open.repeat(100_000));
        assert!(message.ends_with("JSON nests at most 128 levels deep"), "{message}");
    }
    let nested = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(read::<Json>(&nested).is_ok());
    // The same where it is passed over, and where it is written.
    let mut json = Json::new();
    for _ in 0..200 {
        let mut around = Json::new();
        around.add(json).unwrap();
        json = around;
    }
    assert_eq!(encode(&json).unwrap_err().kind(), "InvalidOperationException");
}

#[test]
fn messages_say_where() {
    assert_eq!(
        why::<Array<i32>>("[1,\n  \"é\", x]"),
        "JSON, line 2, column 3, at `[1]`: a number is expected, a string is found"
    );
    assert_eq!(
        why::<Dict<Str, Array<bool>>>("{\"é\": [true, maybe]}"),
        "JSON, line 1, column 14, at `é[1]`: `true` or `false` is expected, `maybe` is found"
    );
    assert_eq!(
        why::<i32>("{"),
        "JSON, line 1, column 1: a number is expected, an object is found"
    );
    assert_eq!(why::<Str>("\"ab"), "JSON, line 1, column 1: the string does not end");
    assert_eq!(
        why::<(i32, i32)>("[1]"),
        "JSON, line 1, column 4: the array has fewer than 2 elements"
    );
    assert_eq!(
        why::<(i32, i32)>("[1,2,3]"),
        "JSON, line 1, column 6, at `[2]`: the end of an array of 2 is expected, a number is found"
    );
    assert!(
        why::<Dict<i32, i32>>("{\"x\":1}")
            .ends_with("the key \"x\" is not of the keys' type")
    );
}

#[test]
fn forms_are_what_other_systems_read() {
    assert_eq!(written(&Str::lit("a\"\\\n\u{1}é")), "\"a\\\"\\\\\\n\\u0001é\"");
    assert_eq!(written(&Duration::from_nanos(-1_500_000_001)), "-1.500000001");
    assert_eq!(written(&Duration::from_nanos(60_000_000_000)), "60");
    assert_eq!(read("0.000000001"), Ok(Duration::from_nanos(1)));
    assert!(read::<Duration>("1e10").is_err());
    assert_eq!(read::<char>("\"\\ud83d\\ude00\""), Ok('😀'));
    assert!(read::<char>("\"ab\"").is_err() && read::<char>("\"\"").is_err());
    assert_eq!(read::<Option<i32>>("null"), Ok(None));
    assert_eq!(read::<Set<i32>>("[1,1]").unwrap().count(), 1);
    // Of a key that comes twice the last counts.
    let twice: Dict<Str, i32> = read("{\"a\":1,\"a\":2}").unwrap();
    assert_eq!((twice.count(), twice.find(Str::lit("a"))), (1, Some(2)));
    assert!(encode(&f64::INFINITY).is_err());
}

#[test]
fn values_of_unknown_shape_are_looked_into() {
    let mut json = parse(Str::lit("{\"a\":[1,{\"b\":null}]}")).unwrap();
    assert!(json.at(Str::lit("a")).unwrap().at(1).unwrap().contains_key(Str::lit("b")));
    let kind = |it: Result<Json>| it.unwrap_err().kind().to_owned();
    assert_eq!(kind(json.at(Str::lit("x"))), "KeyNotFoundException");
    assert_eq!(kind(json.at(0)), "InvalidOperationException");
    assert_eq!(
        kind(json.at(Str::lit("a")).unwrap().at(-1)),
        "ArgumentOutOfRangeException"
    );
    json.at_mut(Str::lit("a")).unwrap().set(0, super::of_long(7)).unwrap();
    assert_eq!(written(&json), "{\"a\":[7,{\"b\":null}]}");
    assert_eq!(
        json.to_pretty().as_str(),
        "{\n  \"a\": [\n    7,\n    {\n      \"b\": null\n    }\n  ]\n}"
    );
    assert!(json.at(Str::lit("a")).unwrap().as_int().is_err());
    assert_eq!(super::of_string(None), Json::Null);
}
