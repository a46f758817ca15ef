"""The checker of `make crash` and `log verify` have to see what is wrong: good books are spoilt, one thing at a time."""

import shutil
import sqlite3

import _program
import check
from door import Door
from load import Stories
from program import Place, Server, make_demo, run
from truth import Truth, read

# What is done to the tables, what the checker has to say, and whether the program's own verification sees it too.
# It cannot miss what the log does not tell of: the inbox's states and the queue are work, not books.
SPOILT = {
    "an acknowledged delivery is gone": (
        "DELETE FROM inbox_keys WHERE delivery_key = (SELECT max(delivery_key) FROM inbox_keys "
        "WHERE delivery_key LIKE 'C%')", "acknowledged and is not in the inbox", None,
    ),
    "the bytes of a delivery changed": (
        "UPDATE inbox_bodies SET payload = CAST('{}' AS BLOB) WHERE delivery_key LIKE 'C%'", "bytes kept", None,
    ),
    "a delivery hangs": ("UPDATE inbox_keys SET state = 'pending' WHERE delivery_key LIKE 'C%'", "pending", None),
    "a case hangs": ("UPDATE cases SET state = 'running' WHERE tenant = 'load'", "running", True),
    "a case is there twice": (
        "CREATE TEMP TABLE t AS SELECT * FROM cases WHERE tenant = 'load' AND state = 'posted' LIMIT 1; "
        "UPDATE t SET case_id = 'C9999'; INSERT INTO cases SELECT * FROM t", "two cases", True,
    ),
    "one amount changed by a cent": (
        "UPDATE lines SET amount = amount + 1 WHERE rowid = (SELECT max(rowid) FROM lines)", "debits", True,
    ),
    "a voucher and its lines changed together": (
        "CREATE TEMP TABLE t AS SELECT max(voucher_id) AS id FROM vouchers WHERE line_count = 2; "
        "UPDATE lines SET amount = amount + 1 WHERE voucher_id = (SELECT id FROM t); UPDATE vouchers SET "
        "debit_total = debit_total + 1, credit_total = credit_total + 1 WHERE voucher_id = (SELECT id FROM t)",
        "balance", True,
    ),
    "a balance is off": ("UPDATE balances SET debit = debit + 1, credit = credit + 1", "balance", True),
    "a line went to another account": (
        "UPDATE lines SET account_code = '1002' WHERE rowid = (SELECT max(rowid) FROM lines)", "balance", True,
    ),
    "a number is missing": (
        "UPDATE vouchers SET voucher_no = voucher_no + 1, previous_no = previous_no + 1 WHERE voucher_no = "
        "(SELECT max(voucher_no) FROM vouchers); UPDATE lines SET voucher_no = voucher_no + 1 WHERE voucher_no = "
        "(SELECT max(voucher_no) FROM lines)", "gap", True,
    ),
    "the counter of numbers was set back": ("UPDATE number_counters SET last_no = last_no - 1", "counter", True),
    "a posted voucher is gone with its lines": (
        "DELETE FROM lines WHERE voucher_id = 'V2'; DELETE FROM vouchers WHERE voucher_id = 'V2'", "", True,
    ),
    "an invoice is used by nobody": (
        "DELETE FROM invoice_uses WHERE instance LIKE 'C%'", "has 0 uses", True,
    ),
    "a sum of cases is off": ("UPDATE case_counts SET case_count = case_count + 1", "case_counts", None),
    "an original changed": (
        "UPDATE originals SET content = zeroblob(byte_count) WHERE content IS NOT NULL", "other bytes", True,
    ),
    "a job is left": (
        "INSERT INTO jobs VALUES ('C01', 999999, 'post', 'voucher:V1', '{}', 0, 1, 0, NULL)", "jobs are left", None,
    ),
    "an entry of the log changed": (
        "UPDATE log_entries SET actor = 'nobody' WHERE book_id = 'C01' AND seq = 40", "entry 40", True,
    ),
    "an entry and its leaf changed": (
        "UPDATE log_entries SET at = at + 1, leaf = randomblob(32) WHERE book_id = 'C01' AND seq = 40", "entry 40", True,
    ),
    "the end of the log is cut off": (
        "DELETE FROM log_entries WHERE book_id = 'C01' AND seq = (SELECT max(seq) FROM log_entries WHERE book_id = 'C01')",
        "entries, head says", True,
    ),
    "a name in the log changed": ("UPDATE personal_values SET value = value || '!'", "personal value", True),
}


def main():
    _program.need_program()
    findings = _program.Findings()
    with _program.folder() as path:
        place = Place(path / "data")
        notes = make_books(path, place, findings)
        trial = check.Check(place, notes)
        try:
            trial.run()
            findings.expect(True, "")
        except check.Breach as breach:
            findings.expect(False, f"the books are good before anything is spoilt: {breach}")
        trial.rows.close()
        for what, (sql, words, verified) in SPOILT.items():
            spoil(path, place, notes, what, sql, words, verified, findings)
    print(f"  {len(SPOILT)} ways to spoil the books")
    findings.end()


def make_books(path, place, findings):
    """Books of some stories of every kind, with the sender's notes."""
    make_demo(place)
    truth = Truth(path / "truth.jsonl")
    with Server(place) as server:
        server.wait_until_ready()
        door = Door(server.port)
        stories = Stories(21, run="c")
        for story in [*stories.kinds, stories.plain, stories.shared_invoice]:
            for delivery in story(f"C{next(stories.numbers):06d}"):
                facts = {"event": delivery.event, "sha256": delivery.sha256, **delivery.facts}
                truth.note(what="sent", **facts)
                status, answer = door.deliver(delivery.event, delivery.body)
                if findings.expect(status == 202, f"{delivery.event}: {status} {answer}"):
                    truth.note(what="acknowledged", **facts)
        _program.wait_for(lambda: is_quiet(place), 30, 0.2)
        server.stop()
    return read(path / "truth.jsonl")


def is_quiet(place):
    rows = check.Rows(place)
    count = rows.value("SELECT count(*) FROM jobs")
    rows.close()
    return count == 0


def spoil(path, place, notes, what, sql, words, verified, findings):
    folder = path / "spoilt"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(place.folder, folder)
    copy = Place(folder)
    database = sqlite3.connect(copy.database)
    # Whoever spoils the books has the file, so the guards in it are no obstacle.
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    changes = database.total_changes
    database.executescript(sql)
    findings.expect(database.total_changes > changes, f"{what}: something was changed")
    database.close()
    trial = check.Check(copy, notes)
    try:
        trial.run()
        findings.expect(False, f"{what}: the checker saw nothing")
    except check.Breach as breach:
        findings.expect(words in str(breach), f"{what}: the checker says {str(breach)[:300]!r}, not {words!r}")
    trial.rows.close()
    if verified:
        done = run("log", "verify", *copy.options, "--json", check=False)
        findings.equal(done.returncode, 6, f"{what}: exit status of log verify")


main()
