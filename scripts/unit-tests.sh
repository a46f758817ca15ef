#!/usr/bin/env bash
# Runs the tests that lie beside the rooms, one group of suites after the other.
#
# Swift Testing runs everything of a process at once. The groups that talk to databases and sockets get the two cores
# of a small machine for themselves, so that none of them waits for another's arithmetic.
set -euo pipefail
cd "$(dirname "$0")/.."

groups=(
    '^(KernelTests|CryptographyTests|LedgerTests|DecisionsTests|RulesTests|EvidenceTests|AccessTests|TidyTests|PipelineTests)\.'
    '^StorageTests\.'
    '^ConnectorsTests\.'
    '^ServerTests\.'
    '^JourneyTests\.'
)
failed=0
for group in "${groups[@]}"; do
    echo "== tests $group"
    log=$(mktemp)
    if ! swift test --skip-build "$@" --filter "$group" >"$log" 2>&1; then failed=1; fi
    # What failed, what was skipped and why, and the counts that the oracles print; the rest is one line a test.
    grep -vE '^. Test (case|run started|".*(started|passed after))|^. Suite .*(started|passed)|^. Testing Library|^. Target Platform' "$log" || true
    if ! grep -qE 'Test run with [1-9]' "$log"; then echo "no test ran in $group"; failed=1; fi
    rm -f "$log"
done
exit "$failed"
