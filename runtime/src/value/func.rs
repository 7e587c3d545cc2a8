//! Function values: `Func<A, R>` and `Action<A>` are shared closures that may throw.
//! It does not make closures; generated code wraps its lambdas in `Arc::new`.

use std::sync::Arc;

use super::{Result, Show};

macro_rules! functions {
    ($($name:ident ($($arg:ident),*);)*) => { $(
        /// A function value with as many parameters as its name says. `Action` is one that returns `()`.
        pub type $name<$($arg,)* R> = Arc<dyn Fn($($arg),*) -> Result<R> + Send + Sync>;

        impl<$($arg,)* R> Show for dyn Fn($($arg),*) -> Result<R> + Send + Sync {
            fn show(&self, out: &mut String) {
                out.push_str("Func");
            }
        }
    )* };
}

functions! {
    Func0();
    Func1(A);
    Func2(A, B);
    Func3(A, B, C);
    Func4(A, B, C, D);
    Func5(A, B, C, D, E);
    Func6(A, B, C, D, E, F);
    Func7(A, B, C, D, E, F, G);
    Func8(A, B, C, D, E, F, G, H);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_prints() {
        let add: Func2<i32, i32, i32> = Arc::new(|a, b| Ok(a + b));
        assert_eq!(add(1, 2), Ok(3));
        assert_eq!(crate::value::to_str(&add).as_str(), "Func");
    }
}
