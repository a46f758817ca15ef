"""What the program tests share: the program under test, a demo to talk to, and a list of what held."""

import contextlib
import os
import pathlib
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts/crash"))

from door import Door  # noqa: E402
from program import Place, PostgreSQL, Server, binary  # noqa: E402

CORPUS = ROOT.parent / "shared/corpus"


def skip(reason):
    """Ends the script as skipped; where everything has to be there, that is a failure."""
    print(f"skipped: {reason}")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def need_program():
    if not os.path.exists(binary()):
        skip(f"there is no program at {binary()}")


def need_postgresql():
    if not PostgreSQL.is_installed():
        skip("PostgreSQL is not installed")


@contextlib.contextmanager
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="pq-test-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Findings:
    """Every expectation is looked at; the script fails at its end, so that one run tells all."""

    def __init__(self):
        self.held, self.broken = 0, []

    def expect(self, holds, text):
        if holds:
            self.held += 1
        else:
            self.broken.append(text)
            print(f"  NOT AS EXPECTED: {text}", flush=True)
        return bool(holds)

    def equal(self, found, expected, what):
        return self.expect(found == expected, f"{what}: expected {expected!r}, found {found!r}")

    def end(self):
        print(f"  {self.held} expectations held, {len(self.broken)} did not")
        sys.exit(1 if self.broken else 0)


@contextlib.contextmanager
def demo(path, place=None):
    """A running demo and a door to it, signed in as somebody who may read."""
    place = place or Place(path / "data")
    with Server(place, command="demo") as server:
        server.wait_until_ready()
        door = Door(server.port)
        passwords = wait_for(server.passwords, 10)
        door.sign_in("lead", passwords["lead"])
        server.persons = passwords
        yield server, door
        server.stop()


def wait_for(question, seconds, pause=0.05):
    """The first answer that is true, or the last one."""
    limit = time.time() + seconds
    while not (answer := question()) and time.time() < limit:
        time.sleep(pause)
    return answer


def cases_by_number(door):
    """Lists of cases by the number people read, each in the order of revisions."""
    found = {}
    for case in door.all("/cases"):
        found.setdefault(case["number"], []).append(case)
    for cases in found.values():
        cases.sort(key=lambda case: (case["revision"], case["id"]))
    return found


def settled(door, numbers, seconds=30, at_least=None):
    """The cases of these numbers, once each of them is there and none is on its way.

    at_least says how many cases a number has to have where one is not enough: {"BX-1": 2}.
    """
    def look():
        found = cases_by_number(door)
        done = all(
            len(found.get(number, [])) >= (at_least or {}).get(number, 1)
            and all(one["state"] != "running" for one in found[number])
            for number in numbers
        )
        return found if done else None

    return wait_for(look, seconds) or cases_by_number(door)
