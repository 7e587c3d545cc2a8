#!/usr/bin/env bash
# Fetches the crates of this folder anew: the versions below, only the files that are
# compiled, and their licences. The manifests here are written by hand: what features and
# dependencies a crate has as part of the runtime stands there and in
# `compiler/src/driver/crates.rs`.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/src"
echo 'fn main() {}' > "$work/src/main.rs"
cat > "$work/Cargo.toml" <<'MANIFEST'
[package]
name = "refresh"
version = "0.0.0"
edition = "2024"

[dependencies]
rust_decimal = { version = "=1.43.0", default-features = false, features = ["std"] }
num-traits = { version = "=0.2.19", default-features = false, features = ["i128"] }
arrayvec = { version = "=0.7.8", default-features = false, features = ["std"] }
hifijson = "=0.5.0"
once_cell = { version = "=1.21.4", default-features = false, features = ["alloc", "race"] }

[workspace]
MANIFEST
(cd "$work" && cargo vendor --quiet vendor > /dev/null)

# take CRATE PATH...: replaces the sources of a crate by these files of its `src`.
take() {
    local crate=$1 file
    shift
    rm -rf "${here:?}/$crate/src"
    for file in "$@"; do
        mkdir -p "$(dirname "$here/$crate/src/$file")"
        cp "$work/vendor/$crate/src/$file" "$here/$crate/src/$file"
    done
    for file in "$work/vendor/$crate"/LICENSE*; do
        if [ -f "$file" ]; then cp "$file" "$here/$crate/"; fi
    done
    find "$here/$crate" -type f -exec chmod 644 {} +
}

take rust_decimal lib.rs arithmetic_impls.rs constants.rs decimal.rs error.rs str.rs ops.rs \
    ops/add.rs ops/array.rs ops/cmp.rs ops/common.rs ops/div.rs ops/mul.rs ops/rem.rs
# Its build script only writes a page of documentation. What it asks of lints is for those
# who work on it.
sed -i '/^#!\[\(doc = include_str!\|warn\|deny\)/d' "$here/rust_decimal/src/lib.rs"

take num-traits lib.rs bounds.rs cast.rs float.rs identities.rs int.rs macros.rs pow.rs real.rs \
    sign.rs ops/bytes.rs ops/checked.rs ops/euclid.rs ops/inv.rs ops/mod.rs ops/mul_add.rs \
    ops/overflowing.rs ops/saturating.rs ops/wrapping.rs
take arrayvec lib.rs array_string.rs arrayvec.rs arrayvec_impl.rs char.rs errors.rs utils.rs
take once_cell lib.rs race.rs
take hifijson lib.rs escape.rs ignore.rs num.rs read.rs str.rs token.rs value.rs write.rs
