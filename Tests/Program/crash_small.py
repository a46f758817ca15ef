"""A small run of `make crash`: six kills."""

import os
import subprocess
import sys

import _program

_program.need_program()
done = subprocess.run(
    ["bash", str(_program.ROOT / "scripts/crash.sh")],
    env={**os.environ, "KILLS": "6", "CLIENTS": "8", "MOST": "150", "ENGINE": "sqlite"},
)
sys.exit(done.returncode)
