#!/usr/bin/env bash
# Measures the program beside a plain C loop on this machine; docs/performance.md says how to read it.
#
#   Benchmarks/run.sh                 builds the release program first; minutes
#   Benchmarks/run.sh --write         also writes Benchmarks/results-<date>.json
#   BIN=path Benchmarks/run.sh        measures that program
#   ENGINES=sqlite CLIENTS="1 64" SECONDS_EACH=10 Benchmarks/run.sh
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z ${BIN:-} ]]; then
    swift build -c release --product pingqiao --explicit-target-dependency-import-check error -Xswiftc -use-ld=lld
    BIN=$(swift build -c release --show-bin-path)/pingqiao
fi
export BIN
unset PINGQIAO
exec python3 Benchmarks/bench.py "$@"
