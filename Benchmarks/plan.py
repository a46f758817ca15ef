"""Makes the plan of the plain C loop: the rows that one booked case left in the program's tables, ready to be written again
under new keys. What the program only held for a while (jobs, drafts) and what it changed on its way is left out, which
favours the loop."""

import collections
import re
import sqlite3

BOOK = "C01"
# Bytes that differ from row to row.
UNIQUE = {"digest", "delivery_digest", "leaf", "hash", "salt"}


class Plan:
    def __init__(self, path, instance_prefix):
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.lines = []
        self.rows = collections.Counter()
        self.choose(instance_prefix)
        self.collect()

    def ask(self, sql, *arguments):
        return self.db.execute(sql, arguments).fetchall()

    def choose(self, prefix):
        """The last case that the policy booked by itself."""
        self.case = self.ask(
            "SELECT * FROM cases WHERE book_id = ? AND state = 'posted' AND instance LIKE ? ORDER BY rowid DESC LIMIT 1",
            BOOK, prefix + "%",
        )[0]
        self.voucher = self.ask(
            "SELECT * FROM vouchers WHERE book_id = ? AND case_id = ?", BOOK, self.case["case_id"]
        )[0]
        self.key = self.case["delivery_key"]
        self.inbox = self.ask("SELECT book_id FROM inbox_keys WHERE delivery_key = ?", self.key)[0]["book_id"]
        self.counters = {
            (one["book_id"], one["name"]): one["value"] for one in self.ask("SELECT * FROM book_counters")
        }
        self.sizes = {one["book_id"]: one["log_size"] for one in self.ask("SELECT book_id, log_size FROM book_heads")}
        self.last_number = self.ask(
            "SELECT last_no FROM number_counters WHERE book_id = ? AND period = ? AND word = ?", BOOK,
            self.voucher["period"], self.voucher["word"],
        )[0]["last_no"]
        self.names = [
            (self.case["case_id"], f"h{b'C'.hex()} d{self.counters[BOOK, 'case']}:1"),
            (self.voucher["voucher_id"], f"h{b'V'.hex()} d{self.counters[BOOK, 'voucher']}:1"),
            (self.key, f"h{b'again-'.hex()} d0:1"),
        ]
        self.pattern = re.compile("|".join(rf"(?<![\w]){re.escape(name)}(?![\w])" for name, _ in self.names))

    def collect(self):
        inbox, book, case, voucher = self.inbox, BOOK, self.case["case_id"], self.voucher["voucher_id"]
        self.insert("inbox_keys", "book_id = ? AND delivery_key = ?", inbox, self.key)
        self.insert("inbox_bodies", "book_id = ? AND delivery_key = ?", inbox, self.key)
        self.log(inbox, "subject = ?", "delivery:" + self.key)
        for table in ("cases", "case_keys", "case_documents", "case_runs", "receipts"):
            self.insert(table, "book_id = ? AND case_id = ?", book, case)
        self.log(
            book, "unit_key IN (SELECT unit_key FROM log_entries WHERE book_id = ? AND subject IN (?, ?))", book,
            "case:" + case, "voucher:" + voucher,
        )
        for table in ("vouchers", "lines", "voucher_keys", "open_item_movements"):
            self.insert(table, "book_id = ? AND voucher_id = ?", book, voucher)
        self.sums()
        self.commits()

    def log(self, book, where, *arguments):
        entries = self.ask(f"SELECT seq FROM log_entries WHERE book_id = ? AND {where} ORDER BY seq", book, *arguments)
        # Each voucher's entries stand behind those of the one before.
        step = len(entries)
        for position, entry in enumerate(entries):
            place = (self.sizes[book] + position - step, step)
            for table in ("log_entries", "personal_values"):
                self.insert(table, "book_id = ? AND seq = ?", book, entry["seq"], numbers={"seq": place})
        self.entries = getattr(self, "entries", {}) | {book: step}

    def insert(self, table, where, *arguments, numbers=None):
        numbers = dict(numbers or {})
        if table in ("vouchers", "lines"):
            numbers |= {"voucher_no": (self.last_number, 1), "previous_no": (self.last_number - 1, 1)}
            numbers["draft_no"] = (self.counters[BOOK, "draft"], 1)
        for row in self.ask(f"SELECT * FROM {table} WHERE {where}", *arguments):
            names = row.keys()
            marks = ", ".join("?" * len(names))
            self.statement("row", f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})")
            for name in names:
                self.parameter(name, row[name], numbers.get(name))
            self.rows[table] += 1

    def sums(self):
        """Balances, numbers and counts: one statement a voucher and row, as the program's units do."""
        columns = ["book_id", "period", "account_code", "dimensions", "currency", "debit", "credit"]
        columns += ["original_debit", "original_credit"]
        changes = ", ".join(f"{one} = balances.{one} + excluded.{one}" for one in columns[5:])
        for line in self.ask("SELECT * FROM lines WHERE book_id = ? AND voucher_id = ?", BOOK, self.voucher["voucher_id"]):
            self.statement(
                "row", f"INSERT INTO balances ({', '.join(columns)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                f"ON CONFLICT (book_id, period, account_code, dimensions, currency) DO UPDATE SET {changes}",
            )
            amount, isDebit = line["amount"], line["side"] == "debit"
            for value in (BOOK, line["period"], line["account_code"], line["dimensions"], self.voucher["currency"]):
                self.parameter("", value)
            for value in (amount if isDebit else 0, 0 if isDebit else amount, 0, 0):
                self.parameter("", value)
        self.statement(
            "row", "UPDATE number_counters SET last_no = last_no + 1 WHERE book_id = ? AND period = ? AND word = ?"
        )
        for value in (BOOK, self.voucher["period"], self.voucher["word"]):
            self.parameter("", value)
        self.statement(
            "row", "UPDATE case_counts SET case_count = case_count + 1 WHERE book_id = ? AND step = ? AND state = ?"
        )
        for value in (BOOK, self.case["step"], self.case["state"]):
            self.parameter("", value)

    def commits(self):
        """Heads, counters and clocks are written once for a whole batch."""
        for book, step in self.entries.items():
            head = self.ask("SELECT frontier FROM book_heads WHERE book_id = ?", book)[0]
            self.statement("commit", "UPDATE book_heads SET log_size = ?, frontier = ? WHERE book_id = ?")
            self.parameter("log_size", self.sizes[book], (self.sizes[book], step))
            self.parameter("frontier", head["frontier"])
            self.parameter("book_id", book)
            self.statement("commit", "UPDATE book_clocks SET next_due = ? WHERE book_id = ?")
            self.parameter("", 0, (0, 1))
            self.parameter("", book)
        for (book, name), value in self.counters.items():
            if book in self.entries:
                self.statement("commit", "UPDATE book_counters SET value = ? WHERE book_id = ? AND name = ?")
                self.parameter("", value, (value, 1))
                self.parameter("", book)
                self.parameter("", name)

    def statement(self, phase, sql):
        self.lines.append(f"S {phase} {sql}")

    def parameter(self, name, value, number=None):
        if value is None:
            self.lines.append("P N")
        elif isinstance(value, int):
            base, step = number or (value, 0)
            self.lines.append(f"P I {base} {step}")
        elif isinstance(value, str):
            self.lines.append("P T " + self.parts(value))
        else:
            self.lines.append(f"P {'U' if name in UNIQUE else 'B'} " + ("" if name in UNIQUE else "h") + value.hex())

    def parts(self, text):
        """The text cut where the case's own names stand."""
        found, start = [], 0
        for match in self.pattern.finditer(text):
            found.append("h" + text[start:match.start()].encode().hex())
            found.append(next(parts for name, parts in self.names if name == match[0]))
            start = match.end()
        found.append("h" + text[start:].encode().hex())
        return " ".join(one for one in found if one != "h") or "h"

    def write(self, path):
        with open(path, "w") as file:
            file.write("\n".join(self.lines) + "\n")
