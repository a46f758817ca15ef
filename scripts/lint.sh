#!/usr/bin/env bash
# Checks the layout of the sources and that the pages made from them are true. TidyTests check the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

paths=(Package.swift Sources Tests)
[[ -d Benchmarks ]] && paths+=(Benchmarks)
swift format lint --strict --parallel --recursive "${paths[@]}"
python3 scripts/errors.py --check
