//! Function values: `Func<A, R>` and `Action<A>` are shared closures that may throw.
//! Their effects are the compiler's matter.

use std::sync::Arc;

use super::{Result, Show};

macro_rules! functions {
    ($($name:ident $make:ident ($($arg:ident),*);)*) => { $(
        /// A function value with as many parameters as its name says. `Action` is one that returns `()`.
        pub type $name<$($arg,)* R> = Arc<dyn Fn($($arg),*) -> Result<R> + Send + Sync>;

        /// The function value of a closure.
        pub fn $make<$($arg,)* R>(
            function: impl Fn($($arg),*) -> Result<R> + Send + Sync + 'static,
        ) -> $name<$($arg,)* R> {
            Arc::new(function)
        }

        impl<$($arg,)* R> Show for dyn Fn($($arg),*) -> Result<R> + Send + Sync {
            fn show(&self, out: &mut String) {
                out.push_str("Func");
            }
        }
    )* };
}

functions! {
    Func0 func0();
    Func1 func1(A);
    Func2 func2(A, B);
    Func3 func3(A, B, C);
    Func4 func4(A, B, C, D);
    Func5 func5(A, B, C, D, E);
    Func6 func6(A, B, C, D, E, F);
    Func7 func7(A, B, C, D, E, F, G);
    Func8 func8(A, B, C, D, E, F, G, H);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_prints() {
        let add: Func2<i32, i32, i32> = func2(|a, b| Ok(a + b));
        assert_eq!(add(1, 2), Ok(3));
        assert_eq!(crate::value::to_str(&add).as_str(), "Func");
    }
}
