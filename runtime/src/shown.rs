//! How handles print: by what they name. The language compares handles but does not print
//! them; a schema that holds one prints all its fields all the same.

use crate::channel::{Channel, Impl, Using};
use crate::domain::{Dom, Domain};
use crate::network::net::{Net, Network};
use crate::port::Value;
use crate::port::point::{
    BoundedPoint, OrderedPoint, SingleItemPoint, UnorderedPoint, WriteOncePoint,
};
use crate::port::request::{Correlator, Request};
use crate::port::source::Source;
use crate::port::target::{Both, Target};
use crate::value::Show;

/// Prints the given word for a handle.
macro_rules! shown {
    ($([$($bounds:tt)*] $handle:ty => $word:expr;)*) => { $(
        impl<$($bounds)*> Show for $handle {
            fn show(&self, out: &mut String) {
                out.push_str($word);
            }
        }
    )* };
}

shown! {
    [C: Channel] Using<C> => C::NAME;
    [C: Channel] Impl<C> => C::NAME;
    [D: Domain] Dom<D> => D::NAME;
    [T: Value] Source<T> => "ISource";
    [T: Value] Target<T> => "ITarget";
    [T: Value] Both<T> => "ISourceAndTarget";
    [T: Value, R: Value] Request<T, R> => "Request";
    [R: Value] Correlator<R> => "ISource";
    [] Network => "INetwork";
    [U: Value] Net<U> => "INetwork";
    [T: Value] OrderedPoint<T> => "OrderedInteractionPoint";
    [T: Value] UnorderedPoint<T> => "UnorderedInteractionPoint";
    [T: Value] SingleItemPoint<T> => "SingleItemInteractionPoint";
    [T: Value] WriteOncePoint<T> => "WriteOnceInteractionPoint";
    [T: Value] BoundedPoint<T> => "BoundedInteractionPoint";
}
