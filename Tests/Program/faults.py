"""The disk is full, PostgreSQL goes away: the program refuses with a reason, loses nothing, and goes on by itself."""

import contextlib
import http.client
import json
import os
import subprocess
import time

import _program
import check
from documents import CONNECTOR, signature
from door import Door
from load import Load, Stories
from program import Place, PostgreSQL, Server, make_demo, run
from rows import Rows
from truth import Truth


def main():
    _program.need_program()
    findings = _program.Findings()
    with _program.folder() as path:
        with small_disk(path / "small", 64) as disk:
            if disk:
                full_disk(path, disk, findings)
            else:
                print("  skipped: no small disk can be mounted here, so none was filled")
        if PostgreSQL.is_installed():
            lost_database(path, findings)
        else:
            print("  skipped: PostgreSQL is not installed, so none went away")
    findings.end()


@contextlib.contextmanager
def small_disk(path, mebibytes):
    """A disk of its own for one set of books; None where the system does not allow one."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(path)]
    try:
        allowed = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        allowed = False
    try:
        yield path if allowed else None
    finally:
        if allowed:
            subprocess.run(["umount", "-l", str(path)], check=True)


def ask(port, delivery):
    """Sends a delivery over a connection of its own: status, problem and header Retry-After; None if none answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"content-type": "application/json", **signature(delivery.event, delivery.body, None)}
    try:
        connection.request("POST", f"/in/{CONNECTOR}", delivery.body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace"), response.getheader("retry-after")
    except (OSError, http.client.HTTPException) as error:
        return None, str(error), None
    finally:
        connection.close()


def facts(delivery):
    return {"event": delivery.event, "sha256": delivery.sha256, **delivery.facts}


def refused_well(findings, answer, what):
    """A refusal that tells a sender to come again, and a person why."""
    status, text, wait = answer
    try:
        code = json.loads(text).get("code", "")
    except ValueError:
        code = ""
    findings.expect(status == 503 and wait and code.startswith("store."), f"{what}: {status} {wait} {text[:200]}")


def full_disk(path, disk, findings):
    place = Place(disk / "data")
    make_demo(place)
    truth = Truth(path / "disk.jsonl")
    stories = Stories(31, run="f")
    refused, taken = [], 0
    with Server(place, log=path / "disk.log") as server:
        server.wait_until_ready()
        fill(disk / "ballast")
        # The log of the database has room of its own for a while; then nothing more goes in.
        for number in range(1500):
            delivery = stories.plain(f"F{number:06d}")[0]
            truth.note(what="sent", **facts(delivery))
            answer = ask(server.port, delivery)
            if answer[0] == 202:
                truth.note(what="acknowledged", **facts(delivery))
                taken += 1
            else:
                refused.append(delivery)
                refused_well(findings, answer, f"the disk is full, {delivery.event}")
                fill(disk / "ballast")
            if len(refused) == 20:
                break
        findings.equal(len(refused), 20, "deliveries refused while the disk is full")
        findings.equal(Door(server.port).ask("GET", "/healthz")[0], 200, "/healthz on a full disk")
        (disk / "ballast").unlink()
        for delivery in refused:
            status = _program.wait_for(lambda: ask(server.port, delivery)[0] == 202, 30, 0.2)
            if findings.expect(status, f"{delivery.event} is taken once there is room"):
                truth.note(what="acknowledged", **facts(delivery))
        quiet(place, findings)
        findings.equal(server.process.poll(), None, "the server goes on by itself")
        findings.equal(server.stop(), 0, "exit status after the disk was full")
    print(f"  full disk: {taken} taken before, {len(refused)} refused and taken later")
    judge(place, path / "disk.jsonl", findings)


def fill(path):
    """Takes all the room that is left."""
    with open(path, "ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
                    if size == 1:
                        break


def lost_database(path, findings):
    with PostgreSQL() as postgresql:
        place = Place(path / "data", postgresql.conninfo)
        make_demo(place)
        truth = Truth(path / "truth.jsonl")
        with Server(place, log=path / "server.log") as server:
            server.wait_until_ready()
            load = Load(server.port, truth, Stories(32, run="p"), clients=4)
            load.start()
            probes = Stories(33, run="q")
            for number, (what, end) in enumerate([
                ("stopped", lambda: postgresql.stop("fast")), ("stopped at once", lambda: postgresql.stop("immediate")),
                ("killed", postgresql.kill),
            ]):
                time.sleep(1.5)
                end()
                probe = probes.plain(f"Q{number:06d}")[0]
                truth.note(what="sent", **facts(probe))
                # What was under way when it went is asked for until the store gives up; from then on each refusal is at once.
                begun = time.time()
                answers = []
                _program.wait_for(lambda: answers.append(ask(server.port, probe)) or answers[-1][0] is not None, 60)
                refused_well(findings, answers[-1], f"PostgreSQL is {what}")
                print(f"  PostgreSQL {what}: the first refusal after {time.time() - begun:.1f} s")
                findings.equal(Door(server.port).ask("GET", "/healthz")[0], 200, f"/healthz, PostgreSQL {what}")
                findings.equal(Door(server.port).ask("GET", "/readyz")[0], 503, f"/readyz, PostgreSQL {what}")
                postgresql.start()
                again = _program.wait_for(lambda: ask(server.port, probe)[0] == 202, 30, 0.1)
                if findings.expect(again, f"it goes on by itself after PostgreSQL was {what}"):
                    truth.note(what="acknowledged", **facts(probe))
            findings.expect(load.finish(60), "every delivery that was begun is acknowledged")
            quiet(place, findings)
            findings.equal(server.process.poll(), None, "the server runs on")
            findings.equal(server.stop(), 0, "exit status of the server")
            print(f"  PostgreSQL gone three times: {load.sent} deliveries")
        judge(place, path / "truth.jsonl", findings)


def quiet(place, findings):
    def look():
        rows = Rows(place)
        count = rows.value("SELECT count(*) FROM jobs")
        rows.close()
        return count == 0

    findings.expect(_program.wait_for(look, 60, 0.3), "the queues run empty within 60 s")


def judge(place, notes, findings):
    trial = check.check(place, notes)
    try:
        trial.run()
        answer = run("log", "verify", *place.options, "--json", check=False)
        check.agree_with_verify(trial, json.loads(answer.stdout))
        findings.expect(True, "")
    except check.Breach as breach:
        findings.expect(False, str(breach))
    print("  " + ", ".join(f"{count} {name}" for name, count in trial.counts.items()))


main()
