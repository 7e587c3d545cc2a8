//! The cases of `receive { }` that take from several sources at once: up to as many as a tuple has
//! elements. How a join takes all or none is `join`'s.
#![expect(clippy::too_many_arguments, reason = "one for each source")]

use super::case::{AllCases, And, OneCase, When, Without};
use super::join;
use super::select::{Select, Turn};
use super::source::{Receive, Source};
use crate::value::Result;

macro_rules! joined_cases {
    ($($plain:ident, $guarded:ident = $join:ident($($part:ident: $S:ident),*);)*) => {
        #[expect(private_bounds, reason = "as in `select`")]
        impl<CASES: AllCases, TURN: Turn> Select<CASES, TURN> { $(
            /// `from a, b … into (x, y, …):`, all or none. The message is the tuple.
            pub fn $plain<'m, $($S: Receive),*>(
                self,
                $($part: &$S,)*
                message: &'m mut Option<($($S::Item,)*)>,
            ) -> Select<And<CASES, OneCase<'m, Source<($($S::Item,)*)>, Without>>, TURN> {
                self.and(join::$join(($($part.source()),*)), Without, message)
            }

            /// The same with a guard over the messages.
            pub fn $guarded<'m, $($S: Receive,)* GUARD>(
                self,
                $($part: &$S,)*
                guard: GUARD,
                message: &'m mut Option<($($S::Item,)*)>,
            ) -> Select<And<CASES, OneCase<'m, Source<($($S::Item,)*)>, When<GUARD>>>, TURN>
            where
                GUARD: FnMut(&($($S::Item,)*)) -> Result<bool> + Send,
            {
                self.and(join::$join(($($part.source()),*)), When(guard), message)
            }
        )* }
    };
}

joined_cases! {
    join2, join2_when = join2(a: A, b: B);
    join3, join3_when = join3(a: A, b: B, c: C);
    join4, join4_when = join4(a: A, b: B, c: C, d: D);
    join5, join5_when = join5(a: A, b: B, c: C, d: D, e: E);
    join6, join6_when = join6(a: A, b: B, c: C, d: D, e: E, f: F);
    join7, join7_when = join7(a: A, b: B, c: C, d: D, e: E, f: F, g: G);
    join8, join8_when = join8(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H);
    join9, join9_when = join9(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I);
    join10, join10_when = join10(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J);
    join11, join11_when = join11(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J, k: K);
    join12, join12_when = join12(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J, k: K, l: L);
}
