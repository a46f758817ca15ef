#!/usr/bin/env bash
# Kills the program at random moments under load, and checks that the books are right afterwards.
#
#   scripts/crash.sh                       60 kills on the embedded store
#   KILLS=500 SEED=7 scripts/crash.sh      more of them; the seed is printed, so that a run can be repeated
#   ENGINE=postgresql scripts/crash.sh     on a private PostgreSQL that is gone afterwards
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 scripts/crash
