"""`make crash` as every change has to pass it: fifty kills on the embedded store, twelve on PostgreSQL."""

import os
import subprocess
import sys

import _program

KILLS = {"sqlite": "50", "postgresql": "12"}

_program.need_program()
failed = 0
for engine, kills in KILLS.items():
    if engine == "postgresql":
        _program.need_postgresql()
    done = subprocess.run(
        ["bash", str(_program.ROOT / "scripts/crash.sh")], env={**os.environ, "KILLS": kills, "ENGINE": engine}
    )
    failed = failed or done.returncode
sys.exit(failed)
