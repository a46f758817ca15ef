"""Kills the real program at random moments under load, and checks the books afterwards.

Environment: KILLS (60), SEED (the time), ENGINE (sqlite or postgresql), CLIENTS (16), PINGQIAO or BIN (the program),
KEEP=1 keeps the folder.
"""

import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

import check
from documents import BOOK
from load import Load, Stories
from program import Place, PostgreSQL, Server, binary, free_port, make_demo, run
from rows import Rows
from truth import Truth

GAP = (0.150, 0.900)
QUIET_SECONDS = 180


def say(text):
    print(text, flush=True)


def main():
    kills = int(os.environ.get("KILLS") or 60)
    seed = int(os.environ.get("SEED") or time.time())
    engine = os.environ.get("ENGINE") or "sqlite"
    clients = int(os.environ.get("CLIENTS") or 16)
    if engine not in ("sqlite", "postgresql"):
        sys.exit("ENGINE is sqlite or postgresql")
    if not os.path.exists(binary()):
        sys.exit(f"there is no program at {binary()}; build it first, or say where it is with PINGQIAO")
    say(f"crash: SEED={seed} KILLS={kills} ENGINE={engine}, {clients} clients, {binary()}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pq-crash-"))
    postgresql = PostgreSQL() if engine == "postgresql" else None
    is_good = False
    try:
        place = Place(folder / "data", postgresql.conninfo if postgresql else None)
        is_good = trial(place, folder, kills, seed, clients)
    finally:
        if postgresql:
            postgresql.close()
        if os.environ.get("KEEP") or not is_good:
            say(f"crash: everything is kept in {folder}")
        else:
            shutil.rmtree(folder)
    sys.exit(0 if is_good else 1)


def trial(place, folder, kills, seed, clients):
    make_demo(place)
    chance = random.Random(seed)
    truth = Truth(folder / "truth.jsonl")
    port = free_port()
    load = Load(port, truth, Stories(seed), clients, most=int(os.environ.get("MOST") or 60 * kills))
    server = Server(place, port, log=folder / "server.log")
    server.wait_until_ready()
    load.start()
    killed = []
    try:
        while len(killed) < kills:
            # A third of the kills may meet the start itself, a third meet a program that answers, and a third one that
            # has just begun to file what it found in its inbox.
            aim = len(killed) % 3
            if aim:
                server.wait_until_ready()
            if aim == 2 and wait_until_at_work(place):
                time.sleep(chance.uniform(0, 0.2))
            else:
                time.sleep(chance.uniform(*GAP))
            if server.process.poll() is not None:
                say(f"crash: the server ended by itself with {server.process.returncode}\n{server.tail()}")
                return False
            server.kill()
            killed.append((server.started_at, time.time()))
            server = Server(place, port, log=folder / "server.log")
        server.wait_until_ready()
        if not load.finish():
            say("crash: the clients could not finish; the server answers nothing good any more")
            return False
        wait_until_quiet(place, truth, port)
        status = server.stop()
        if status != 0:
            say(f"crash: the server ended with {status} after SIGTERM\n{server.tail()}")
            return False
    finally:
        if server.process.poll() is None:
            server.kill()
    return judge(place, folder, killed)


def wait_until_at_work(place, seconds=10):
    """Until the company's log grows; whether it did."""
    limit, seen = time.time() + seconds, None
    while time.time() < limit:
        rows = Rows(place)
        size = rows.value(f"SELECT log_size FROM book_heads WHERE book_id = '{BOOK}'")
        rows.close()
        if seen is not None and size > seen:
            return True
        seen = size
        time.sleep(0.02)
    return False


def wait_until_quiet(place, truth, port):
    """Until no job is due, as far as the tables tell while the server runs; bounded."""
    limit = time.time() + QUIET_SECONDS
    calm = 0
    while time.time() < limit and calm < 3:
        rows = Rows(place)
        try:
            calm = calm + 1 if rows.value("SELECT count(*) FROM jobs WHERE is_dead = 0") == 0 else 0
        finally:
            rows.close()
        time.sleep(0.5)
    if calm < 3:
        say(f"crash: not quiet after {QUIET_SECONDS} s")


def judge(place, folder, killed):
    trial = check.check(place, folder / "truth.jsonl")
    try:
        counts = trial.run()
        trial.rows.close()
        answers = run("log", "verify", *place.options, "--json", check=False, timeout=600)
        if not answers.stdout.strip():
            raise check.Breach(f"log verify ended with {answers.returncode}: {answers.stderr[-1000:]}")
        check.agree_with_verify(trial, json.loads(answers.stdout))
    except check.Breach as breach:
        say(f"crash: BREACH: {breach}")
        return False
    finally:
        say("crash: " + ", ".join(f"{count} {name}" for name, count in trial.counts.items()))
    work = check.work_times(place)
    # A life in which nothing was filed proves little of the way; the run says how many there were.
    busy = sum(any(start <= one <= end for one in work) for start, end in killed)
    say(f"crash: {len(killed)} kills, {busy} of them of a program that had filed cases in its short life")
    if len(killed) >= 50 and busy * 5 < len(killed):
        say("crash: the worker was hardly ever at work when it was killed: the run proves too little")
        return False
    say("crash: everything that was acknowledged is there, once, and adds up")
    return True


if __name__ == "__main__":
    main()
