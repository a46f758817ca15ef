#!/usr/bin/env bash
# Runs the tests of the whole program: each script in Tests/Program, with the program to test in PINGQIAO.
#
# A script passes when it ends with 0, and is skipped when it ends with 77. It prints why.
set -uo pipefail
cd "$(dirname "$0")/.."

export PINGQIAO=${PINGQIAO:-$PWD/.build/debug/pingqiao}
python=python3
[[ -x .build-tools/venv/bin/python ]] && python=$PWD/.build-tools/venv/bin/python

passed=0 failed=0 skipped=0
shopt -s nullglob
for script in Tests/Program/*.sh Tests/Program/*.py; do
    name=$(basename "$script")
    # A name that starts with _ is a part that others include.
    [[ $name == _* ]] && continue
    case $script in *.sh) runner=bash ;; *) runner=$python ;; esac
    echo "program test: $name"
    "$runner" "$script" </dev/null
    case $? in
        0) passed=$((passed + 1)) ;;
        77) skipped=$((skipped + 1)) ;;
        *)
            failed=$((failed + 1))
            echo "program test: $name failed" >&2
            ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
