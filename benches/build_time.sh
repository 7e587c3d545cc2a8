#!/usr/bin/env bash
# Builds 2,000 lines of ordinary Axum with `axumc build`, and the Rust that a person would write
# for the same job with rustc and the same flags, in turns, and prints the ratios of the times.
# `benches/ordinary.rs` writes both. The runtime is built beforehand.
#
#   benches/build_time.sh
#   RUNS=9 benches/build_time.sh      measure more often; the medians count (5)
#   PARTS=320 benches/build_time.sh   longer programs (31 parts are 2,000 lines)
#   AXUMC=path/to/axumc benches/build_time.sh
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-5}
parts=${PARTS:-31}
out=$(realpath -m "${CARGO_TARGET_DIR:-target}/build-time")
rm -rf "$out"
mkdir -p "$out"
if [ -z "${AXUMC:-}" ]; then
    cargo build --quiet --release --package axumc
    AXUMC=${CARGO_TARGET_DIR:-target}/release/axumc
fi
AXUMC=$(realpath "$AXUMC")
export AXUM_CACHE="$out/cache"
rustc --edition=2024 -Copt-level=1 -o "$out/ordinary" benches/ordinary.rs

# What `axumc` gives rustc, see `compiler/src/driver/rust.rs`.
common="--edition=2024 -Coverflow-checks=off -Cdebug-assertions=off -Cdebuginfo=line-tables-only"

# Milliseconds by the clock and of processor time that a command takes.
spent() {
    local TIMEFORMAT='%R %U %S'
    { time "$@" > "$out/log" 2>&1; } 2>&1 | awk '{ printf "%d %d\n", $1 * 1000, ($2 + $3) * 1000 }'
}

median() {
    sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

# Writes both programs, of which one line is another each time.
write() {
    "$out/ordinary" axum "$parts" "$1" > "$out/program.ax"
    "$out/ordinary" rust "$parts" "$1" > "$out/program.rs"
}

build_axum() {
    # shellcheck disable=SC2086
    spent "$AXUMC" build $2 -o "$out/axum-program" "$out/$1.ax" >> "$out/axum.times"
}

build_rust() {
    # shellcheck disable=SC2086
    spent rustc $common $2 -o "$out/rust-program" "$out/$1.rs" >> "$out/rust.times"
}

row() {
    local clock_axum clock_rust work_axum work_rust
    clock_axum=$(cut -d' ' -f1 "$out/axum.times" | median)
    clock_rust=$(cut -d' ' -f1 "$out/rust.times" | median)
    work_axum=$(cut -d' ' -f2 "$out/axum.times" | median)
    work_rust=$(cut -d' ' -f2 "$out/rust.times" | median)
    printf '%-34s %8s %8s %6.2f %10s %8s %6.2f\n' "$1" "$clock_rust" "$clock_axum" \
        "$(awk "BEGIN { print $clock_axum / $clock_rust }")" "$work_rust" "$work_axum" \
        "$(awk "BEGIN { print $work_axum / $work_rust }")"
    rm "$out/axum.times" "$out/rust.times"
}

# A first build makes the runtime; both programs must do the same.
write 0
"$AXUMC" build -q -o "$out/axum-program" "$out/program.ax"
# shellcheck disable=SC2086
rustc $common -Copt-level=0 -o "$out/rust-program" "$out/program.rs"
cmp <("$out/axum-program") <("$out/rust-program")
printf '%s lines of Axum, %s lines of Rust\n\n' \
    "$(grep -c . "$out/program.ax")" "$(grep -c . "$out/program.rs")"
printf '%-34s %8s %8s %6s %10s %8s %6s\n' build 'Rust ms' 'Axum ms' ratio 'work: Rust' Axum ratio

# A program that was never built: by another name it has no state of an earlier build.
for ((n = 1; n <= runs; n++)); do
    write "$n"
    cp "$out/program.ax" "$out/fresh$n.ax"
    cp "$out/program.rs" "$out/fresh$n.rs"
    build_rust "fresh$n" "-Copt-level=0 -Cincremental=$out/incremental$n"
    build_axum "fresh$n" ""
done
row 'dev, first build'

for ((n = 1; n <= runs; n++)); do
    write $((n + 100))
    build_rust program "-Copt-level=0 -Cincremental=$out/incremental"
    build_axum program ""
done
row 'dev, after a change to one line'

for ((n = 1; n <= runs; n++)); do
    write $((n + 200))
    build_rust program "-Copt-level=2"
    build_axum program "--release"
done
row 'release'
