"""Vouchers per second through the whole way, beside a plain C loop that writes the same rows. See docs/performance.md."""

import collections
import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts/crash"))

from documents import BOOK, CONNECTOR, claim, encoded, signature  # noqa: E402
from door import Door  # noqa: E402
from plan import Plan  # noqa: E402
from program import Place, PostgreSQL, Server, binary  # noqa: E402
from rows import Rows  # noqa: E402

SECONDS = float(os.environ.get("SECONDS_EACH") or 6)
CLIENTS = [int(one) for one in (os.environ.get("CLIENTS") or "1 8 64 256").split()]
ENGINES = (os.environ.get("ENGINES") or "sqlite postgresql").split()
# The tables whose rows a case leaves behind; the others change in place.
TABLES = """inbox_keys inbox_bodies log_entries personal_values cases case_keys case_documents case_runs receipts vouchers
lines voucher_keys open_item_movements drafts jobs evidence originals""".split()


def say(text=""):
    print(text, flush=True)


def presign(path, run, count):
    """Claims of one line below the ceiling of the automatic review, each an approval of its own, signed now."""
    template = encoded(claim("@NAME@", 8_600)).decode()
    with open(path, "wb") as file:
        stamp = int(time.time())
        for number in range(count):
            name = f"{run}{number:06d}"
            body = template.replace("@NAME@", name).encode()
            head = f"POST /in/{CONNECTOR} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            for header, value in signature(name, body, stamp).items():
                head += f"{header}: {value}\r\n"
            request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
            file.write(struct.pack("<I", len(request)) + request)


class Bench:
    def __init__(self, folder, engine, postgresql):
        self.folder = folder
        self.engine = engine
        self.place = Place(folder / engine, postgresql.conninfo if postgresql else None)
        self.server = Server(self.place, command="demo")
        self.server.wait_until_ready()
        # The passwords are printed before the server starts to listen.
        self.door = Door(self.server.port)
        self.door.sign_in("admin", self.server.passwords()["admin"])
        self.runs = {}

    def figures(self):
        status, text = self.door.ask("GET", "/metrics", None, {"authorization": "Bearer " + self.door.token})
        if status != 200:
            raise RuntimeError(f"/metrics: {status} {text[:200]}")
        found = collections.Counter()
        for name, value in re.findall(r"^(\w+)(?:\{[^}]*\})? (\d+)$", text.decode(), re.M):
            found[name] += int(value)
        return found

    def run(self, name, count, clients, rate=0):
        """Sends `count` claims, waits until each is through, and remembers the times."""
        requests, times = self.folder / "requests.bin", self.folder / f"{self.engine}-{name}.times"
        presign(requests, name, count)
        before = self.figures()
        load = [str(self.folder / "load"), str(self.server.port), str(requests), str(clients), str(rate), str(times)]
        subprocess.run(load, check=True, stdout=subprocess.DEVNULL, timeout=600)
        while self.figures()["pingqiao_queue_depth"]:
            time.sleep(0.05)
        after = self.figures()
        batches = after["pingqiao_store_batches_total"] - before["pingqiao_store_batches_total"]
        self.runs[name] = {"count": count, "clients": clients, "rate": rate, "times": times, "commits": batches}
        # A first guess of the speed, to size the next run by.
        sent = [line.split() for line in open(times)]
        return count / (time.time() - int(sent[0][1]) / 1e9)

    def results(self):
        """What the log says of each run: a delivery is settled after its case's commit came back."""
        rows = Rows(self.place)
        settled = {
            one["subject"].removeprefix("delivery:"): one["at"] * 1000
            for one in rows("SELECT subject, at FROM log_entries WHERE kind = 'delivery.settled'")
        }
        posted = {
            one["delivery_key"] for one in rows(
                f"SELECT delivery_key FROM cases WHERE book_id = '{BOOK}' AND state = 'posted' AND tenant = 'load'"
            )
        }
        rows.close()
        for name, run in self.runs.items():
            times = [[int(one) for one in line.split()] for line in open(run["times"])]
            keys = [f"{name}{number:06d}" for number in range(run["count"])]
            booked = [key for key in keys if key in posted]
            end = max(settled[key] for key in keys)
            run["posted"] = len(booked)
            run["per_second"] = len(booked) / ((end - times[0][0]) / 1e9)
            run["per_commit"] = len(booked) / max(1, run["commits"])
            run["answer_ms"] = quantiles([(one[2] - one[0]) / 1e6 for one in times])
            run["posted_ms"] = quantiles([
                (settled[key] - one[0]) / 1e6 for key, one in zip(keys, times) if key in posted
            ])
            del run["times"]
        return self.runs


def quantiles(values):
    values = sorted(values)
    return {"p50": round(values[len(values) // 2], 3), "p99": round(values[len(values) * 99 // 100], 3)}


def engine_runs(folder, engine, postgresql):
    bench = Bench(folder, engine, postgresql)
    answer = {}
    try:
        speed = bench.run("warm", 200, 8)
        tables_before = count_rows(bench.place)
        for clients in CLIENTS:
            speed = bench.run(f"c{clients}x", max(50, int(speed * SECONDS * (0.5 if clients == 1 else 1))), clients)
        closed = [f"c{clients}x" for clients in CLIENTS]
        tables_after = count_rows(bench.place)
        most = sum(bench.runs[one]["count"] for one in closed)
        answer["rows_per_case"] = {
            name: round((tables_after[name] - tables_before[name]) / most, 2) for name in TABLES
        }
        # Half of the best speed so far, as seen from outside; exact figures come from the log at the end.
        best = max(CLIENTS, key=lambda one: rough_speed(bench, f"c{one}x"))
        rate = rough_speed(bench, f"c{best}x") / 2
        bench.run("half", max(100, int(rate * SECONDS * 2)), 64, rate)
        answer["loaded_rss_mib"] = round(bench.server.resident_kibibytes() / 1024, 1)
    finally:
        if bench.server.process.poll() is None:
            bench.server.stop()
    answer["runs"] = bench.results()
    answer["best"] = max(closed, key=lambda one: answer["runs"][one]["per_second"])
    answer["start_ms"] = starts(bench.place)
    answer["idle_rss_mib"] = idle(bench.place)
    return bench.place, answer


def rough_speed(bench, name):
    run = bench.runs[name]
    if "rough" not in run:
        rows = Rows(bench.place)
        at = [
            one["at"] for one in rows(
                f"SELECT at FROM log_entries WHERE kind = 'delivery.settled' AND subject LIKE 'delivery:{name}%'"
            )
        ]
        rows.close()
        first = int(open(run["times"]).readline().split()[0]) / 1e9
        run["rough"] = len(at) / (max(at) / 1e6 - first)
    return run["rough"]


def count_rows(place):
    rows = Rows(place)
    counts = {name: rows.value(f"SELECT count(*) FROM {name}") for name in TABLES}
    rows.close()
    return counts


def starts(place):
    """From the start of the process to the first good answer of /readyz, on the books as they now are."""
    found = []
    for _ in range(5):
        with Server(place) as server:
            found.append(server.wait_until_ready() * 1000)
            server.stop()
    return {"median": round(statistics.median(found), 1), "worst": round(max(found), 1)}


def idle(place):
    """Resident memory of a server that has had nothing to do for three seconds, in MiB."""
    with Server(place) as server:
        server.wait_until_ready()
        time.sleep(3)
        size = round(server.resident_kibibytes() / 1024, 1)
        server.stop()
    return size


def baseline(folder, place, batch):
    """The C loop on copies of the program's database; the better of two runs."""
    source = sqlite3.connect(place.database)
    plan_path = folder / "plan"
    plan = Plan(place.database, "c")
    plan.write(plan_path)

    def best(size):
        found = []
        for _ in range(2):
            copy = folder / "copy.sqlite"
            for path in folder.glob("copy.sqlite*"):
                path.unlink()
            with contextlib.closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            loop = [str(folder / "baseline"), str(copy), str(plan_path), str(SECONDS), str(size)]
            found.append(json.loads(subprocess.run(loop, check=True, capture_output=True, text=True).stdout))
        return max(found, key=lambda one: one["vouchers_per_second"]) | {"per_commit": size}

    answer = {"batched": best(batch), "single": best(1), "rows_per_voucher": dict(plan.rows)}
    source.close()
    return answer


def table(engine, answer):
    say(f"\n{engine}: automatic review by policy (up to 5,000 CNY; 5 % of the cases wait for a person and are not counted)")
    say("  clients   vouchers/s   vouchers/commit   202 p50 / p99 ms     posted p50 / p99 ms")
    for name, run in answer["runs"].items():
        if name == "warm":
            continue
        label = f"{run['rate']:.0f}/s open" if run["rate"] else str(run["clients"])
        say(
            f"  {label:>9}   {run['per_second']:10.1f}   {run['per_commit']:15.2f}"
            f"   {run['answer_ms']['p50']:7.1f} / {run['answer_ms']['p99']:8.1f}"
            f"   {run['posted_ms']['p50']:8.1f} / {run['posted_ms']['p99']:8.1f}"
        )
    start = answer["start_ms"]
    say(f"  start to ready {start['median']} ms (worst of 5: {start['worst']} ms)")
    say(f"  resident memory: {answer['idle_rss_mib']} MiB idle, {answer['loaded_rss_mib']} MiB after the load")


def compare(answer, plain):
    best = answer["runs"][answer["best"]]
    batched, single = plain["batched"], plain["single"]
    say(f"\nplain C loop, same rows, same schema, synchronous=FULL, the same machine")
    say(f"  {batched['per_commit']:>4} vouchers a commit   {batched['vouchers_per_second']:10.1f} vouchers/s")
    say(f"     1 voucher a commit    {single['vouchers_per_second']:10.1f} vouchers/s")
    plain["ratio"] = round(best["per_second"] / batched["vouchers_per_second"], 3)
    plain["ratio_to_single"] = round(best["per_second"] / single["vouchers_per_second"], 3)
    say(f"  the program at its best ({best['clients']} clients) / the loop at its batch size = {plain['ratio']}")
    say(f"  the program at its best / the loop with one voucher a commit = {plain['ratio_to_single']}")
    say("  rows of one case: " + ", ".join(f"{count:g} {name}" for name, count in answer["rows_per_case"].items() if count))
    say("  rows of the loop: " + ", ".join(f"{count} {name}" for name, count in plain["rows_per_voucher"].items()))


def main():
    say(f"{binary()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.platform()}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pq-bench-", dir=os.environ.get("BENCH_DIR")))
    results = {"at": datetime.datetime.now().isoformat(timespec="seconds"), "machine": platform.platform()}
    results |= {"cores": os.cpu_count(), "load_at_start": os.getloadavg()[0], "seconds_each": SECONDS}
    try:
        for name, libraries in (("load", []), ("baseline", ["-lsqlite3"])):
            source = str(ROOT / f"Benchmarks/{name}.c")
            subprocess.run(["cc", "-O2", source, "-o", str(folder / name), *libraries], check=True)
        for engine in ENGINES:
            if engine == "postgresql" and not PostgreSQL.is_installed():
                say("\npostgresql: not installed, not measured")
                continue
            with (PostgreSQL() if engine == "postgresql" else contextlib.nullcontext()) as postgresql:
                place, answer = engine_runs(folder, engine, postgresql)
            results[engine] = answer
            table(engine, answer)
            if engine == "sqlite":
                best = answer["runs"][answer["best"]]
                results["plain_c"] = baseline(folder, place, max(1, round(best["per_commit"])))
                compare(answer, results["plain_c"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if "--write" in sys.argv:
        path = ROOT / f"Benchmarks/results-{datetime.date.today().isoformat()}.json"
        path.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n")
        say(f"\nwritten: {path.relative_to(ROOT)}")


main()
