"""Two servers on one PostgreSQL: every event has one effect, whichever of them it meets, and one may go away."""

import json
import random
import threading

import _program
import check
from door import Door
from load import Stories
from program import Place, PostgreSQL, Server, make_demo, run
from rows import Rows
from truth import Truth


def main():
    _program.need_program()
    _program.need_postgresql()
    findings = _program.Findings()
    with _program.folder() as path, PostgreSQL() as postgresql:
        place = Place(path / "data", postgresql.conninfo)
        make_demo(place)
        truth = Truth(path / "truth.jsonl")
        with Server(place, log=path / "one.log") as one, Server(place, log=path / "two.log") as two:
            one.wait_until_ready()
            two.wait_until_ready()
            doors = [Door(one.port), Door(two.port)]
            stories = Stories(11, run="n")
            count = 0
            for _ in range(60):
                for delivery in stories.next():
                    send_to_both(doors, delivery, truth, findings)
                    count += 1
            count += many(doors, truth, findings)
            # The first goes; the second does what is left, by itself.
            findings.equal(one.stop(), 0, "exit status of the first server")
            late = Stories(12, run="l")
            for _ in range(10):
                for delivery in late.next():
                    send_to_both(doors[1:], delivery, truth, findings)
                    count += 1
            findings.expect(_program.wait_for(lambda: is_quiet(place), 60, 0.3), "the queues run empty within 60 s")
            findings.equal(two.stop(), 0, "exit status of the second server")
        print(f"  {count} deliveries, most of them to both servers")
        judge(place, path, findings)
    findings.end()


def send_to_both(doors, delivery, truth, findings):
    facts = {"event": delivery.event, "sha256": delivery.sha256, **delivery.facts}
    truth.note(what="sent", **facts)
    for door in random.Random(delivery.event).sample(doors, len(doors)):
        status, answer = door.deliver(delivery.event, delivery.body)
        if findings.expect(status == 202, f"{delivery.event}: {status} {answer}"):
            truth.note(what="acknowledged", **facts)


def many(doors, truth, findings):
    """More vouchers than are read from PostgreSQL in one go; each server gets half, and both are at work at once."""
    stories = Stories(13, run="m")
    halves = [[stories.plain(f"M{2 * number + half:06d}")[0] for number in range(280)] for half in (0, 1)]
    threads = [
        threading.Thread(target=lambda half=half: [
            send_to_both([doors[half]], delivery, truth, findings) for delivery in halves[half]
        ]) for half in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(map(len, halves))


def is_quiet(place):
    rows = Rows(place)
    return rows.value("SELECT count(*) FROM jobs WHERE is_dead = 0") == 0


def judge(place, path, findings):
    trial = check.check(place, path / "truth.jsonl")
    try:
        trial.run()
        answer = run("log", "verify", *place.options, "--json", check=False)
        check.agree_with_verify(trial, json.loads(answer.stdout))
        findings.expect(True, "")
    except check.Breach as breach:
        findings.expect(False, str(breach))
    print("  " + ", ".join(f"{count} {name}" for name, count in trial.counts.items()))


main()
