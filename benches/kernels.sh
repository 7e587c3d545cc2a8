#!/usr/bin/env bash
# Builds every kernel of examples/benchmarks with `axumc build --release` and its hand-written
# Rust with the same optimisation, runs both in turns, and prints the ratios of their processor
# times. Both must print the same.
#
#   benches/kernels.sh [KERNEL …]     all of them without arguments
#   RUNS=9 benches/kernels.sh         measure more often; the medians count (5)
#   AXUMC=path/to/axumc benches/kernels.sh
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-5}
out=${CARGO_TARGET_DIR:-target}/kernels
mkdir -p "$out"
if [ -z "${AXUMC:-}" ]; then
    cargo build --quiet --release --package axumc
    AXUMC=${CARGO_TARGET_DIR:-target}/release/axumc
fi

# Sizes at which the Rust takes a tenth of a second or more.
sizes="binary_trees:16 fannkuch:10 json:10000 mandelbrot:1600 matmul:500 nbody:3000000
quicksort:2000000 spectral:1500 strings:300000 word_count:2000000"

# Processor time of a run in milliseconds; its output goes to the first argument.
spent() {
    local to=$1 TIMEFORMAT='%U %S'
    shift
    { time "$@" > "$to"; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }'
}

median() {
    printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

printf '%-14s %9s %9s %9s %7s\n' kernel size 'Rust ms' 'Axum ms' ratio
ratios=()
for pair in $sizes; do
    name=${pair%%:*} size=${pair##*:}
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then
        continue
    fi
    folder=examples/benchmarks/kernels/$name
    "$AXUMC" build --release --output "$out/$name-axum" "$folder/main.ax" 2> "$out/$name.log" ||
        { cat "$out/$name.log"; exit 1; }
    # The flags of `axumc build --release`, see `compiler/src/driver/rust.rs`.
    rustc --edition=2024 -Copt-level=2 -Ccodegen-units=1 -o "$out/$name-rust" "$folder/main.rs"
    rust=() axum=()
    for ((n = 0; n < runs; n++)); do
        rust+=("$(spent "$out/$name-rust.txt" "$out/$name-rust" "$size")")
        axum+=("$(spent "$out/$name-axum.txt" "$out/$name-axum" "$size")")
    done
    cmp "$out/$name-rust.txt" "$out/$name-axum.txt"
    rust=$(median "${rust[@]}") axum=$(median "${axum[@]}")
    ratio=$(awk "BEGIN { printf \"%.2f\", $axum / $rust }")
    ratios+=("$ratio")
    printf '%-14s %9s %9s %9s %7s\n' "$name" "$size" "$rust" "$axum" "$ratio"
done
printf '%s\n' "${ratios[@]}" | sort -n | awk '
    { ratio[NR] = $1 }
    END {
        middle = (ratio[int((NR + 1) / 2)] + ratio[int(NR / 2) + 1]) / 2
        printf "median %.2f, worst %.2f\n", middle, ratio[NR]
    }'
