//! The crates of the runtime, in an order in which they can be compiled, and which of them
//! a program links. The build script embeds their sources by this table; it compiles
//! nothing.

/// A crate whose sources travel inside `axumc`.
#[derive(Debug)]
pub(crate) struct Crate {
    /// As rustc names it.
    pub(crate) name: &'static str,
    /// As cargo names it.
    pub(crate) package: &'static str,
    /// Its folder below `runtime`.
    pub(crate) folder: &'static str,
    pub(crate) edition: &'static str,
    /// Features that are on, and optional code that they guard.
    pub(crate) features: &'static [&'static str],
    /// Crates of this table that it names.
    pub(crate) uses: &'static [&'static str],
}

/// What every program links.
pub(crate) const CORE: &[Crate] = &[
    Crate {
        name: "once_cell",
        package: "once_cell",
        folder: "vendor/once_cell",
        edition: "2021",
        features: &["alloc", "race"],
        uses: &[],
    },
    Crate {
        name: "axum_rt",
        package: "axum-rt",
        folder: "",
        edition: "2024",
        features: &[],
        uses: &["once_cell"],
    },
];

/// What a program links besides if it computes with decimals or speaks JSON.
pub(crate) const DATA: &[Crate] = &[
    Crate {
        name: "arrayvec",
        package: "arrayvec",
        folder: "vendor/arrayvec",
        edition: "2018",
        features: &["std"],
        uses: &[],
    },
    Crate {
        name: "num_traits",
        package: "num-traits",
        folder: "vendor/num-traits",
        edition: "2021",
        features: &[],
        uses: &[],
    },
    Crate {
        name: "rust_decimal",
        package: "rust_decimal",
        folder: "vendor/rust_decimal",
        edition: "2021",
        features: &["std"],
        uses: &["arrayvec", "num_traits"],
    },
    Crate {
        name: "hifijson",
        package: "hifijson",
        folder: "vendor/hifijson",
        edition: "2021",
        features: &["alloc", "std"],
        uses: &[],
    },
    Crate {
        name: "axum_rt_data",
        package: "axum-rt-data",
        folder: "data",
        edition: "2024",
        features: &[],
        uses: &["axum_rt", "rust_decimal", "hifijson"],
    },
];
