//! Calls members that `stdlib/axum` declares of values, with the types that the mapping of the ABI
//! gives them. It does not test what they do; that stands beside each type, and that every member is
//! there shows its example, which `tests/library.rs` runs.

use axum_rt_data::abi::v1 as rt;
use axum_rt_data::abi::v1::prelude::*;

fn text(text: &'static str) -> rt::Str {
    rt::Str::lit(text)
}

#[test]
fn strings() -> rt::Result<()> {
    let mut all: Vec<rt::Str> = vec![rt::Str::repeated('=', 3)?];
    let s = rt::Str::from_chars(rt::Array::from_vec(vec!['a', ' ', 'b']));
    let _: char = s.at(0)?;
    let _: i32 = s.length();
    all.extend([s.slice(Some(0), None)?, s.substring_from(1)?, s.substring(0, 1)?]);
    all.extend([s.to_upper(), s.to_lower(), s.trim(), s.trim_char('a'), s.trim_start()]);
    all.extend([s.trim_start_char('a'), s.trim_end(), s.trim_end_char('b')]);
    all.extend([
        s.pad_left(5),
        s.pad_left_with(5, '0'),
        s.pad_right(5),
        s.pad_right_with(5, '0'),
    ]);
    all.extend([
        s.replace(text("a"), text("b")),
        s.replace_char('a', 'b'),
        s.insert(0, text("x"))?,
    ]);
    all.extend([s.remove_from(1)?, s.remove(0, 1)?, s.reverse(), s.to_text()]);
    let _: [bool; 3] =
        [s.contains(text("a")), s.starts_with(text("a")), s.ends_with(text("a"))];
    let _: [bool; 3] =
        [s.contains_char('a'), s.starts_with_char('a'), s.ends_with_char('a')];
    let _: [i32; 4] = [
        s.index_of(text("b")),
        s.index_of_char('b'),
        s.last_index_of(text("b")),
        s.last_index_of_char('b'),
    ];
    let _: [i32; 2] = [s.index_of_from(text("b"), 1)?, s.index_of_char_from('b', 1)?];
    let _: [rt::Array<rt::Str>; 4] = [
        s.split_white_space(),
        s.split(' '),
        s.split_text(text(" ")),
        s.split_count(' ', 2),
    ];
    let _: i32 = s.compare_to(text("b"));
    let _: bool = s.equals(text("b"));
    let _: rt::Array<char> = s.to_array();
    let _: rt::List<char> = s.to_list();
    let _: Vec<char> = s.iter_values().collect();
    all.extend([rt::string::empty(), rt::string::format(text("{0}"), &[&1])?]);
    all.push(rt::string::join(text(","), s.split(' ')));
    all.push(rt::string::join_list(text(","), rt::List::from_vec(vec![1, 2])));
    all.push(rt::string::join_sequence(text(","), s.sequence())?);
    all.extend([
        rt::string::concat2(text("a"), text("b")),
        rt::string::concat3(text("a"), text("b"), text("c")),
    ]);
    let _: bool = rt::string::is_null_or_empty(None)
        && rt::string::is_null_or_white_space(Some(text("")));
    let _: i32 = rt::string::compare(text("a"), text("b"));
    let _: bool = rt::string::equals(None, Some(text("b")));
    assert!(!all.is_empty());
    Ok(())
}

#[test]
fn characters_and_nullables() -> rt::Result<()> {
    let _: (rt::Str, i32, bool) = ('a'.to_text(), 'a'.compare_to('b'), 'a'.equals('b'));
    let _: char = rt::char::parse(Some(text("a")))?;
    let _: Option<char> = rt::char::try_parse(None);
    let _: [bool; 4] = [
        rt::char::is_digit('a'),
        rt::char::is_letter('a'),
        rt::char::is_letter_or_digit('a'),
        rt::char::is_white_space('a'),
    ];
    let _: [bool; 4] = [
        rt::char::is_upper('a'),
        rt::char::is_lower('a'),
        rt::char::is_punctuation('a'),
        rt::char::is_control('a'),
    ];
    let _: [char; 2] = [rt::char::to_upper('a'), rt::char::to_lower('a')];
    let _: f64 = rt::char::get_numeric_value('1');
    let some = Some(1);
    let _: bool = some.is_some();
    let _: (i32, i32, rt::Str) = (some.value()?, some.value_or(2), some.to_text());
    Ok(())
}

/// The members that arrays and lists share.
macro_rules! sequence {
    ($Sequence:ident, $s:ident) => {
        let _: rt::$Sequence<i32> = $s.slice(Some(1), Some(2))?;
        let _: i32 = $s.at(0)?;
        let _: &i32 = $s.at_ref(0)?;
        *$s.at_mut(0)? += 1;
        $s.set(0, 3)?;
        let _: bool = $s.contains(1);
        let _: [i32; 2] = [$s.index_of(1), $s.last_index_of(1)];
        $s.reverse();
        $s.sort();
        $s.sort_by(rt::func2(|a: i32, b: i32| Ok(a.wrapping_sub(b))))?;
        let _: (rt::Array<i32>, rt::List<i32>) = ($s.to_array(), $s.to_list());
        let _: rt::Str = $s.to_text();
        let _: Vec<i32> = $s.iter_values().collect();
    };
}

#[test]
fn sequences() -> rt::Result<()> {
    let mut array = rt::Array::from_vec(vec![3, 1, 2]);
    let _: i32 = array.length();
    sequence!(Array, array);
    array.fill(1);
    let mut list: rt::List<i32> = rt::List::new();
    let _: rt::List<i32> = rt::List::with_capacity(3);
    list.add(1);
    list.add_range(list.clone());
    list.add_array(array);
    list.add_sequence(list.sequence())?;
    let _: rt::List<i32> = rt::List::from_sequence(list.sequence())?;
    list.insert(0, 5)?;
    let _: bool = list.remove(1);
    list.remove_at(0)?;
    list.remove_range(0, 1)?;
    sequence!(List, list);
    let _: i32 = list.remove_all(rt::func1(|n: i32| Ok(n > 1)))?;
    list.clear();
    let _: i32 = list.count();
    Ok(())
}

/// A step of a chain as the value that a variable holds.
macro_rules! step {
    ($chain:expr, $ty:ty) => {
        let _: rt::Seq<$ty> = $chain.sequence();
    };
}

#[test]
fn chains() -> rt::Result<()> {
    let list = rt::List::from_vec(vec![3, 1, 2]);
    let all = || list.lazy();
    let other = || list.sequence();
    let odd = |n: i32| Ok(n % 2 != 0);
    let own = |n: i32| Ok(n);
    step!(all().select(|n: i32| Ok(f64::from(n))), f64);
    step!(all().select_indexed(|n: i32, at: i32| Ok((n, at))), (i32, i32));
    step!(all().select_many(move |_: i32| Ok(rt::Seq::<char>::default())), char);
    step!(all().filter(odd), i32);
    step!(all().index(), (i32, i32));
    step!(all().take(1).skip(1).take_last(1).skip_last(1), i32);
    step!(all().take_while(odd).skip_while(odd), i32);
    step!(all().concat(other()).append(1).prepend(2), i32);
    step!(all().zip(other()), (i32, i32));
    step!(all().zip_with(other(), |a: i32, b: i32| Ok(a < b)), bool);
    step!(all().chunk(2)?, rt::Array<i32>);
    step!(all().distinct().distinct_by(own).reverse(), i32);
    step!(all().union(other()).intersect(other()).except(other()), i32);
    step!(all().group_by(own), rt::Grouping<i32, i32>);
    step!(all().group_by_into(own, odd), rt::Grouping<i32, bool>);
    let ordered: rt::OrderedSeq<i32> = all().order();
    step!(ordered.then_by(rt::func1(own)).then_by_descending(rt::func1(own)), i32);
    let _: [rt::OrderedSeq<i32>; 3] =
        [all().order_descending(), all().order_by(own), all().order_by_descending(own)];
    let _: i32 = all().group_by(own).first()?.key();
    let _: [bool; 4] =
        [all().any()?, all().any_where(odd)?, all().all(odd)?, all().contains(1)?];
    let _: bool = all().sequence_equal(other())?;
    let _: [i32; 2] = [all().count()?, all().count_where(odd)?];
    let _: [i32; 4] =
        [all().first()?, all().first_where(odd)?, all().last()?, all().last_where(odd)?];
    let _: [Option<i32>; 2] = [all().first_or_null()?, all().first_where_or_null(odd)?];
    let _: [Option<i32>; 2] = [all().last_or_null()?, all().last_where_or_null(odd)?];
    let _: [i32; 2] = [all().take(1).single()?, all().single_where(|n| Ok(n == 3))?];
    let _: Option<i32> = all().take(1).single_or_null()?;
    let _: (i32, Option<i32>) = (all().element_at(0)?, all().element_at_or_null(7)?);
    let _: [i32; 2] = [all().sum()?, all().sum_of(own)?];
    let _: [f64; 2] = [all().average()?, all().average_of(own)?];
    let _: [i32; 4] =
        [all().min()?, all().min_of(own)?, all().max()?, all().max_of(own)?];
    let _: [i32; 2] = [all().min_by(own)?, all().max_by(own)?];
    let _: i32 = all().reduce(|a, b| Ok(a.max(b)))?;
    let _: i64 = all().aggregate(0_i64, |a, b| Ok(a + i64::from(b)))?;
    let _: bool = all().aggregate_into(0, |a, b| Ok(a + b), |a| Ok(a > 0))?;
    let _: (rt::Array<i32>, rt::List<i32>) = (all().to_array()?, all().to_list()?);
    let _: rt::Set<i32> = all().to_set()?;
    let _: rt::Dict<i32, i32> = all().to_dictionary(own)?;
    let _: rt::Dict<i32, bool> = all().to_dictionary_of(own, odd)?;
    step!(rt::enumerable::range(1, 2)?, i32);
    step!(rt::enumerable::repeat('a', 2)?, char);
    step!(rt::enumerable::empty::<char>(), char);
    Ok(())
}

#[test]
fn collections() -> rt::Result<()> {
    let mut dict: rt::Dict<rt::Str, i32> = rt::Dict::new();
    dict.set(text("a"), 1)?;
    *dict.at_mut(text("a"))? += 1;
    let _: i32 = dict.at(text("a"))?;
    dict.add(text("b"), 1)?;
    let _: (i32, bool) = (dict.count(), dict.try_add(text("b"), 1));
    let _: (rt::List<rt::Str>, rt::List<i32>) = (dict.keys(), dict.values());
    let _: [bool; 2] = [dict.contains_key(text("a")), dict.contains_value(1)];
    let _: (Option<i32>, i32) =
        (dict.find(text("a")), dict.get_value_or_default(text("a"), 0));
    let pairs: rt::Array<rt::KeyValue<rt::Str, i32>> = dict.to_array();
    let _: rt::List<rt::KeyValue<rt::Str, i32>> = dict.to_list();
    let pair = rt::KeyValue::new(pairs.at(0)?.key(), pairs.at(0)?.value());
    let _: (rt::Str, i32) = pair.deconstruct();
    let _: [rt::Str; 2] = [pair.to_text(), dict.to_text()];
    let _: bool = dict.remove(text("a"));
    dict.clear();

    let mut set: rt::Set<i32> = rt::Set::new();
    let _: [bool; 3] = [set.add(1), set.contains(1), set.remove(1)];
    set.union_with(set.clone());
    set.intersect_with(set.clone());
    set.except_with(set.clone());
    let _: [bool; 2] = [set.is_subset_of(set.clone()), set.overlaps(set.clone())];
    let _: (i32, rt::Array<i32>, rt::List<i32>, rt::Str) =
        (set.count(), set.to_array(), set.to_list(), set.to_text());
    set.clear();

    let mut queue: rt::Queue<i32> = rt::Queue::new();
    queue.enqueue(1);
    queue.enqueue(1);
    let _: (i32, Option<i32>, i32) = (queue.peek()?, queue.try_peek(), queue.count());
    let _: (i32, Option<i32>, bool) =
        (queue.dequeue()?, queue.try_dequeue(), queue.contains(1));
    let _: (rt::Array<i32>, rt::List<i32>, rt::Str) =
        (queue.to_array(), queue.to_list(), queue.to_text());
    queue.clear();

    let mut stack: rt::Stack<i32> = rt::Stack::new();
    stack.push(1);
    stack.push(1);
    let _: (i32, Option<i32>, i32) = (stack.peek()?, stack.try_peek(), stack.count());
    let _: (i32, Option<i32>, bool) = (stack.pop()?, stack.try_pop(), stack.contains(1));
    let _: (rt::Array<i32>, rt::List<i32>, rt::Str) =
        (stack.to_array(), stack.to_list(), stack.to_text());
    stack.clear();
    Ok(())
}

macro_rules! number {
    ($name:ident: $ty:ty) => {
        let _: [$ty; 2] = [rt::$name::min_value(), rt::$name::max_value()];
        let n: $ty = rt::$name::parse(Some(text("1")))?;
        let _: Option<$ty> = rt::$name::try_parse(None);
        let _: [rt::Str; 2] = [n.to_text(), n.to_text_format(text("F1"))?];
        let _: (i32, bool) = (n.compare_to(n), n.equals(n));
    };
}

macro_rules! floating {
    ($name:ident: $ty:ty) => {
        number!($name: $ty);
        let _: [$ty; 2] = [rt::$name::epsilon(), rt::$name::nan()];
        let _: [$ty; 2] = [rt::$name::positive_infinity(), rt::$name::negative_infinity()];
        let _: [bool; 3] = [rt::$name::is_nan(1.0), rt::$name::is_infinity(1.0), rt::$name::is_finite(1.0)];
    };
}

#[test]
fn numbers() -> rt::Result<()> {
    number!(sbyte: i8);
    number!(int16: i16);
    number!(int32: i32);
    number!(int64: i64);
    number!(byte: u8);
    number!(uint16: u16);
    number!(uint32: u32);
    number!(uint64: u64);
    floating!(single: f32);
    floating!(double: f64);
    let _: bool = rt::boolean::parse(Some(text("true")))?;
    let _: Option<bool> = rt::boolean::try_parse(None);
    let _: [i32; 2] =
        [rt::convert::text_to_int32(Some(text("1")))?, rt::convert::to_int32(1.5)?];
    let _: [i64; 2] =
        [rt::convert::text_to_int64(Some(text("1")))?, rt::convert::to_int64(1.5)?];
    let _: [f64; 2] =
        [rt::convert::text_to_double(Some(text("1")))?, rt::convert::to_double(1)];
    let _: bool = rt::convert::to_boolean(Some(text("true")))?;
    let _: (char, rt::Str) = (rt::convert::to_char(65)?, rt::convert::to_text(&1));
    let mut random = rt::Random::new();
    let _: [i32; 3] =
        [random.next_int(), random.next_below(5)?, random.next_between(1, 5)?];
    let _: f64 = rt::Random::with_seed(5).next_double();
    Ok(())
}

#[test]
fn mathematics() -> rt::Result<()> {
    use rt::math;
    let _: [i32; 4] =
        [math::max(1, 2), math::min(1, 2), math::abs(-1)?, math::clamp(1, 0, 2)?];
    let _: [u64; 2] = [math::max(1, 2), math::min(1, 2)];
    let _: f32 = math::abs(1.5)?;
    let _: i32 = math::sign(1.5);
    let _: (i64, i64) = math::div_rem(7_i64, 2)?;
    let _: [f64; 2] = [math::pi(), math::e()];
    let _: [f64; 3] = [math::sqrt(1.0), math::cbrt(1.0), math::floor(1.0)];
    let _: [f64; 4] = [
        math::ceiling(1.0),
        math::truncate(1.0),
        math::round(1.0),
        math::round_to(1.0, 2)?,
    ];
    let _: [f64; 4] =
        [math::pow(1.0, 2.0), math::exp(1.0), math::log(1.0), math::log_to(1.0, 2.0)];
    let _: [f64; 5] = [
        math::log2(1.0),
        math::log10(1.0),
        math::sin(1.0),
        math::cos(1.0),
        math::tan(1.0),
    ];
    let _: [f64; 4] =
        [math::asin(1.0), math::acos(1.0), math::atan(1.0), math::atan2(1.0, 2.0)];
    let _: [f64; 4] =
        [math::sinh(1.0), math::cosh(1.0), math::tanh(1.0), math::hypot(3.0, 4.0)];
    Ok(())
}

#[test]
fn durations() {
    use rt::time_span;
    let d: rt::Duration = time_span::zero() + time_span::from_hours(1.0);
    let _: [rt::Duration; 3] = [
        time_span::from_nanoseconds(1.0),
        time_span::from_microseconds(1.0),
        time_span::from_milliseconds(1.0),
    ];
    let _: [rt::Duration; 2] =
        [time_span::from_seconds(1.0), time_span::from_minutes(1.0)];
    let _: [f64; 3] =
        [d.total_nanoseconds(), d.total_microseconds(), d.total_milliseconds()];
    let _: [f64; 3] = [d.total_seconds(), d.total_minutes(), d.total_hours()];
    let _: (rt::Duration, rt::Str, i32) = (d.abs(), d.to_text(), d.compare_to(d));
}

#[test]
fn the_world_outside() -> rt::Result<()> {
    rt::console::write(&"");
    rt::console::write_format(text("{0}"), &[&""])?;
    rt::console::write_line(&1);
    rt::console::new_line();
    rt::console::write_line_format(text("{0}{1}"), &[&1, &2])?;
    rt::console::error_line(&"");
    let _: (rt::Str, i32) =
        (rt::environment::new_line(), rt::environment::processor_count());
    let _: Option<rt::Str> = rt::environment::variable(text("PATH"));
    Ok(())
}

#[test]
fn decimals() -> rt::Result<()> {
    let two = rt::decimal::parse(Some(text("2.0")))?;
    let _: Option<rt::Decimal> = rt::decimal::try_parse(None);
    let _: [rt::Decimal; 2] = [rt::decimal::min_value(), rt::decimal::max_value()];
    let _: [rt::Decimal; 3] =
        [rt::decimal::zero(), rt::decimal::one(), rt::decimal::minus_one()];
    let _: [rt::Decimal; 2] = [rt::decimal::floor(two), rt::decimal::ceiling(two)];
    let _: [rt::Decimal; 2] = [rt::decimal::truncate(two), rt::decimal::round(two)];
    let _: rt::Decimal = rt::decimal::round_to(two, 1)?;
    let _: [rt::Decimal; 2] = [rt::math::max(two, two), rt::math::min(two, two)];
    let _: [rt::Decimal; 2] =
        [rt::math::abs_decimal(two), rt::math::clamp(two, two, two)?];
    let _: [rt::Decimal; 2] =
        [rt::math::floor_decimal(two), rt::math::ceiling_decimal(two)];
    let _: [rt::Decimal; 2] =
        [rt::math::truncate_decimal(two), rt::math::round_decimal(two)];
    let _: rt::Decimal = rt::math::round_decimal_to(two, 1)?;
    let _: (i32, rt::Str, rt::Str) =
        (rt::math::sign(two), two.to_text(), two.to_text_format(text("F2"))?);
    let _: (i32, bool) = (two.compare_to(two), two.equals(two));
    Ok(())
}

#[test]
fn json() -> rt::Result<()> {
    let mut json: rt::Json = rt::Json::new();
    let _: (rt::Str, bool, i32) = (json.kind(), json.is_null(), json.count());
    json.set(text("a"), rt::json::array())?;
    json.at_mut(text("a"))?.add(rt::json::object())?;
    let _: [rt::Json; 2] = [json.at(text("a"))?, json.at(text("a"))?.at(0)?];
    json.at_mut(text("a"))?.set(0, rt::json::of_bool(true))?;
    let _: (Option<rt::Json>, bool) =
        (json.find(text("a")), json.contains_key(text("a")));
    let _: (rt::List<rt::Str>, rt::List<rt::Json>) = (json.keys(), json.items());
    let _: (bool, rt::Str) =
        (rt::json::of_bool(true).as_bool()?, rt::json::of_string(None).to_pretty());
    let _: rt::Str = rt::json::of_string(Some(text("a"))).as_string()?;
    let one = rt::json::of_long(1);
    let _: (i32, i64, f64) = (one.as_int()?, one.as_long()?, one.as_double()?);
    let _: rt::Json = rt::json::of_decimal(one.as_decimal()?);
    let _: [rt::Json; 2] = [rt::json::of_double(1.5)?, rt::json::parse(text("1"))?];
    let _: (Option<rt::Json>, bool) = (rt::json::try_parse(None), json.remove(text("a")));
    let _: rt::Str = json.to_text();
    let _: rt::Str = rt::json::encode(&Some(1))?;
    let _: Option<i32> = rt::json::decode(text("1"))?;
    Ok(())
}
