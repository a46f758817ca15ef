"""Reads the program's tables without the program: SQLite by Python's module, PostgreSQL by psql."""

import json
import sqlite3
import subprocess

from program import PostgreSQL

BYTES = {"leaf", "hash", "salt", "frontier", "digest", "payload", "delivery_digest", "content"}


class Rows:
    def __init__(self, place):
        self.place = place
        self.sqlite = None
        if not place.postgresql:
            self.sqlite = sqlite3.connect(f"file:{place.database}?mode=ro", uri=True)
            self.sqlite.row_factory = lambda cursor, row: dict(zip([one[0] for one in cursor.description], row))

    def __call__(self, sql):
        """Every row as a dictionary; columns of bytes as bytes."""
        if self.sqlite:
            yield from self.sqlite.execute(sql)
            return
        command = [PostgreSQL.tool("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.place.postgresql]
        command += ["-c", f"SELECT row_to_json(t) FROM ({sql}) t"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        for line in process.stdout:
            row = json.loads(line)
            for name in BYTES & row.keys():
                if row[name] is not None:
                    row[name] = bytes.fromhex(row[name].removeprefix("\\x"))
            yield row
        if process.wait() != 0:
            raise RuntimeError(f"psql failed on: {sql}")

    def value(self, sql):
        return next(iter(next(iter(self(sql))).values()))

    def close(self):
        if self.sqlite:
            self.sqlite.close()
