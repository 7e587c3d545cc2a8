//! Embeds the standard library's `.ax` files as one table. It holds no logic.
#![forbid(unsafe_code)]

/// One library file: its name as diagnostics show it, and its text.
pub const FILES: &[(&str, &str)] = &[
    ("axum/core.ax", include_str!("../axum/core.ax")),
    ("axum/text.ax", include_str!("../axum/text.ax")),
    ("axum/collections.ax", include_str!("../axum/collections.ax")),
    ("axum/sequences.ax", include_str!("../axum/sequences.ax")),
    ("axum/numbers.ax", include_str!("../axum/numbers.ax")),
    ("axum/json.ax", include_str!("../axum/json.ax")),
    ("axum/io.ax", include_str!("../axum/io.ax")),
    ("axum/time.ax", include_str!("../axum/time.ax")),
    ("axum/files.ax", include_str!("../axum/files.ax")),
    ("axum/flow.ax", include_str!("../axum/flow.ax")),
];

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/axum");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .expect("the package holds its folder `axum`")
            .map(|entry| entry.expect("its entries can be read").file_name())
            .map(|name| format!("axum/{}", name.to_string_lossy()))
            .collect();
        let mut embedded: Vec<&str> =
            super::FILES.iter().map(|(name, _)| *name).collect();
        found.sort();
        embedded.sort();
        assert_eq!(found, embedded);
    }
}
