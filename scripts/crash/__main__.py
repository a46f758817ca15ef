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
            # Every fourth kill may meet the start itself; the others meet a program that answers.
            if len(killed) % 4:
                server.wait_until_ready()
            time.sleep(chance.uniform(*GAP))
            if server.process.poll() is not None:
                say(f"crash: the server ended by itself with {server.process.returncode}\n{server.tail()}")
                return False
            server.kill()
            killed.append(time.time())
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
    # A kill that met nothing at work proves little; the run says how many did.
    busy = sum(any(0 <= moment - one < 0.25 for one in work) for moment in killed)
    say(f"crash: {len(killed)} kills, {busy} of them within 250 ms of a case being filed")
    if len(killed) >= 50 and busy * 5 < len(killed):
        say("crash: the worker was hardly ever at work when it was killed: the run proves too little")
        return False
    say("crash: everything that was acknowledged is there, once, and adds up")
    return True


if __name__ == "__main__":
    main()
