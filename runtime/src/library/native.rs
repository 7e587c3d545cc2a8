//! Calls of Rust code that a program brings along: how they run, and what values are on either
//! side. The code itself knows nothing of the runtime.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;

pub use super::blocking::Blocking;
use crate::scheduler::panics;
use crate::value::{Array, Dict, Duration, Exception, List, Result, Set, Str};

/// Calls native code; a panic in it is a `NativeException`.
#[track_caller]
pub fn call<T>(code: impl FnOnce() -> Result<T>) -> Result<T> {
    let at = std::panic::Location::caller();
    panics::catching(code).map_err(|it| it.at(at))
}

/// Has native code run on a thread that may block, while the agent waits.
#[track_caller]
pub fn blocking<T>(code: impl FnOnce() -> Result<T> + Send + 'static) -> Blocking<T> {
    Blocking::throwing("native code", || panics::catching(code))
}

/// What a function gave that fails with a text.
pub fn outcome<T>(outcome: std::result::Result<T, String>) -> Result<T> {
    outcome.map_err(|it| Exception::new("NativeException", it))
}

/// A value of a type that only native code knows. Copies share it until one is given away.
pub struct Opaque<T>(Arc<T>);

impl<T> Opaque<T> {
    /// A value that native code made.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T: Clone> Opaque<T> {
    /// The value itself, copied if others have it too.
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.0)
    }
}

impl<T> Clone for Opaque<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Opaque<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Opaque<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Opaque")
    }
}

/// A value of the language that native code takes as an `R`.
pub trait Give<R> {
    /// Hands it over.
    fn give(self) -> Result<R>;
}

/// A value of the language that is made of an `R`.
pub trait Take<R>: Sized {
    /// Takes it over.
    fn take(value: R) -> Result<Self>;
}

/// Hands over a value.
pub fn give<T: Give<R>, R>(value: T) -> Result<R> {
    value.give()
}

/// Takes over what native code gave.
pub fn take<T: Take<R>, R>(value: R) -> Result<T> {
    T::take(value)
}

/// Hands over every element.
fn give_all<T: Give<R>, R, C: FromIterator<R>>(
    values: impl Iterator<Item = T>,
) -> Result<C> {
    values.map(Give::give).collect()
}

/// Takes over every element.
fn take_all<T: Take<R>, R>(values: impl IntoIterator<Item = R>) -> Result<Vec<T>> {
    values.into_iter().map(Take::take).collect()
}

macro_rules! same {
    ($($ty:ty)*) => { $(
        impl Give<$ty> for $ty {
            fn give(self) -> Result<$ty> {
                Ok(self)
            }
        }
        impl Take<$ty> for $ty {
            fn take(value: $ty) -> Result<Self> {
                Ok(value)
            }
        }
    )* };
}

same! { () bool char i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 }

impl Give<String> for Str {
    fn give(self) -> Result<String> {
        Ok(self.as_str().to_owned())
    }
}

impl Take<String> for Str {
    fn take(value: String) -> Result<Self> {
        Ok(Self::from(value))
    }
}

impl Give<std::time::Duration> for Duration {
    /// Rust's durations are not negative.
    fn give(self) -> Result<std::time::Duration> {
        match u64::try_from(self.as_nanos()) {
            Ok(nanos) => Ok(std::time::Duration::from_nanos(nanos)),
            Err(_) => Err(Exception::new(
                "ArgumentOutOfRangeException",
                "a negative duration cannot be handed to native code",
            )),
        }
    }
}

impl Take<std::time::Duration> for Duration {
    /// Rust's durations may be longer than 292 years.
    fn take(value: std::time::Duration) -> Result<Self> {
        match i64::try_from(value.as_nanos()) {
            Ok(nanos) => Ok(Self::from_nanos(nanos)),
            Err(_) => Err(Exception::new(
                "OverflowException",
                "a duration from native code is too long",
            )),
        }
    }
}

impl<T: Give<R>, R> Give<Option<R>> for Option<T> {
    fn give(self) -> Result<Option<R>> {
        self.map(Give::give).transpose()
    }
}

impl<T: Take<R>, R> Take<Option<R>> for Option<T> {
    fn take(value: Option<R>) -> Result<Self> {
        value.map(Take::take).transpose()
    }
}

impl<T: Give<R> + Clone, R> Give<Vec<R>> for Array<T> {
    fn give(self) -> Result<Vec<R>> {
        give_all(self.into_vec().into_iter())
    }
}

impl<T: Take<R> + Clone, R> Take<Vec<R>> for Array<T> {
    fn take(value: Vec<R>) -> Result<Self> {
        take_all(value).map(Self::from_vec)
    }
}

impl<T: Give<R> + Clone, R> Give<Vec<R>> for List<T> {
    fn give(self) -> Result<Vec<R>> {
        give_all(self.into_vec().into_iter())
    }
}

impl<T: Take<R> + Clone, R> Take<Vec<R>> for List<T> {
    fn take(value: Vec<R>) -> Result<Self> {
        take_all(value).map(Self::from_vec)
    }
}

impl<T: Give<R> + Clone, R: Eq + Hash> Give<HashSet<R>> for Set<T> {
    fn give(self) -> Result<HashSet<R>> {
        give_all(self.iter().cloned())
    }
}

impl<T: Give<R> + Clone, R: Ord> Give<BTreeSet<R>> for Set<T> {
    fn give(self) -> Result<BTreeSet<R>> {
        give_all(self.iter().cloned())
    }
}

impl<T: Take<R> + Clone + Eq + Hash, R> Take<BTreeSet<R>> for Set<T> {
    fn take(value: BTreeSet<R>) -> Result<Self> {
        take_all(value).map(Self::from_vec)
    }
}

/// The pairs of a dictionary, handed over.
fn pairs<K, V, Q, R, C>(from: &Dict<K, V>) -> Result<C>
where
    K: Give<Q> + Clone + Eq + Hash,
    V: Give<R> + Clone,
    C: FromIterator<(Q, R)>,
{
    let pairs = from.iter().cloned();
    pairs.map(|(key, value)| Ok((key.give()?, value.give()?))).collect()
}

impl<K, V, Q, R> Give<HashMap<Q, R>> for Dict<K, V>
where
    K: Give<Q> + Clone + Eq + Hash,
    V: Give<R> + Clone,
    Q: Eq + Hash,
{
    fn give(self) -> Result<HashMap<Q, R>> {
        pairs(&self)
    }
}

impl<K, V, Q, R> Give<BTreeMap<Q, R>> for Dict<K, V>
where
    K: Give<Q> + Clone + Eq + Hash,
    V: Give<R> + Clone,
    Q: Ord,
{
    fn give(self) -> Result<BTreeMap<Q, R>> {
        pairs(&self)
    }
}

impl<K, V, Q, R> Take<BTreeMap<Q, R>> for Dict<K, V>
where
    K: Take<Q> + Clone + Eq + Hash,
    V: Take<R> + Clone,
{
    fn take(value: BTreeMap<Q, R>) -> Result<Self> {
        let pairs = value.into_iter();
        let pairs = pairs.map(|(key, value)| Ok((K::take(key)?, V::take(value)?)));
        pairs.collect::<Result<Vec<_>>>().map(Self::from_pairs)
    }
}

macro_rules! tuples {
    ($(($($ty:ident $rust:ident $at:tt)*))*) => { $(
        impl<$($ty: Give<$rust>, $rust),*> Give<($($rust,)*)> for ($($ty,)*) {
            fn give(self) -> Result<($($rust,)*)> {
                Ok(($(self.$at.give()?,)*))
            }
        }
        impl<$($ty: Take<$rust>, $rust),*> Take<($($rust,)*)> for ($($ty,)*) {
            fn take(value: ($($rust,)*)) -> Result<Self> {
                Ok(($($ty::take(value.$at)?,)*))
            }
        }
    )* };
}

tuples! {
    (A RA 0 B RB 1)
    (A RA 0 B RB 1 C RC 2)
    (A RA 0 B RB 1 C RC 2 D RD 3)
    (A RA 0 B RB 1 C RC 2 D RD 3 E RE 4)
    (A RA 0 B RB 1 C RC 2 D RD 3 E RE 4 F RF 5)
    (A RA 0 B RB 1 C RC 2 D RD 3 E RE 4 F RF 5 G RG 6)
    (A RA 0 B RB 1 C RC 2 D RD 3 E RE 4 F RF 5 G RG 6 H RH 7)
}

#[cfg(test)]
mod tests {
    //! Values there and back.

    use std::collections::BTreeMap;

    use super::{Give, Opaque, Take, call, outcome};
    use crate::value::{Array, Dict, Duration, Str};

    #[test]
    fn values_come_back_as_they_went() {
        let texts = Array::from_vec(vec![Str::lit("a"), Str::lit("b")]);
        let given: Vec<String> = texts.clone().give().unwrap();
        assert_eq!(given, ["a", "b"]);
        assert_eq!(Array::<Str>::take(given).unwrap(), texts);
        let pairs = Dict::from_pairs(vec![(2, Some(1.5)), (1, None)]);
        let given: BTreeMap<i32, Option<f64>> = pairs.give().unwrap();
        assert_eq!(Dict::<i32, Option<f64>>::take(given).unwrap().count(), 2);
        let given: (i32, String) = (1, Str::lit("x")).give().unwrap();
        assert_eq!(given, (1, "x".to_owned()));
    }

    #[test]
    fn durations_that_do_not_fit_are_exceptions() {
        let back: std::time::Duration = Duration::from_nanos(5).give().unwrap();
        assert_eq!(Duration::take(back).unwrap(), Duration::from_nanos(5));
        let negative: crate::value::Result<std::time::Duration> =
            Duration::from_nanos(-1).give();
        assert_eq!(negative.unwrap_err().kind(), "ArgumentOutOfRangeException");
        let long = Duration::take(std::time::Duration::MAX);
        assert_eq!(long.unwrap_err().kind(), "OverflowException");
    }

    #[test]
    fn panics_and_failures_are_exceptions() {
        let panicked = call(|| -> crate::value::Result<()> { panic!("broken {}", 1) });
        let panicked = panicked.unwrap_err();
        assert_eq!(panicked.kind(), "NativeException");
        assert!(panicked.message().as_str().starts_with("broken 1 ("));
        let failed = call(|| outcome::<()>(Err("no such thing".to_owned()))).unwrap_err();
        assert_eq!(failed.message().as_str(), "no such thing");
    }

    #[test]
    fn opaque_values_are_shared_until_given_away() {
        let value = Opaque::new(vec![1, 2]);
        let place = value.as_ptr();
        let copy = value.clone();
        assert_eq!(copy.as_ptr(), place);
        let own = copy.into_inner();
        assert_ne!(own.as_ptr(), place);
        let back = value.into_inner();
        assert_eq!(back.as_ptr(), place);
    }
}
