#!/usr/bin/env bash
# A million turns of readers and writers on one domain, with 1, 2 and 8 workers: that no read
# is torn, the longest wait counted in turns of writers, and the time.
#
#   ROUNDS=1000000 benches/turns.sh   rounds of each of the ten agents (100,000)
#   AXUMC=path/to/axumc benches/turns.sh
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-100000}
if [ -z "${AXUMC:-}" ]; then
    cargo build --quiet --release --package axumc
    AXUMC=${CARGO_TARGET_DIR:-target}/release/axumc
fi
program=$(mktemp)
trap 'rm -f "$program"' EXIT
"$AXUMC" build -o "$program" tests/run/readers-and-writers-take-turns/main.ax
for workers in 1 2 8; do
    echo "== $workers workers"
    time AXUM_WORKERS=$workers "$program" "$rounds"
done
