"""The log's proof, computed again: canonical JSON, SHA-256, and the Merkle tree of RFC 9162."""

import hashlib
import json


class Number(str):
    """A number as it was written."""


def parse(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text):
    return '"' + "".join(
        ESCAPES.get(one) or (f"\\u{ord(one):04x}" if ord(one) < 0x20 else one) for one in text
    ) + '"'


def canonical(value):
    """Compact, members in the order of their names' UTF-8 bytes, numbers as they were written."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    members = sorted(value.items(), key=lambda member: member[0].encode())
    return "{" + ",".join(quoted(name) + ":" + canonical(one) for name, one in members) + "}"


def moment(microseconds):
    """RFC 3339 in UTC, with six digits of a fraction only where there is one."""
    import datetime

    seconds, fraction = divmod(microseconds, 1_000_000)
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction:06d}" if fraction else "") + "Z"


def leaf(entry, personal):
    """`entry` is a row of log_entries, `personal` maps names to hashes."""
    value = {
        "actor": entry["actor"], "at": moment(entry["at"]), "body": parse(entry["body"]), "book": entry["book_id"],
        "kind": entry["kind"], "personal": {name: one.hex() for name, one in personal.items()},
        "sequence": entry["seq"], "subject": entry["subject"], "unit": entry["unit_key"],
    }
    return hashlib.sha256(b"\0" + canonical(value).encode()).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves):
    """Section 2.1.1, without recursion: whole levels from below, an odd last one moves up as it is."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1:]
    return level[0]


def root_of_frontier(frontier):
    """What the head row says: eight bytes of size, then the peaks, largest first. Returns (size, root)."""
    size = int.from_bytes(frontier[:8], "big")
    peaks = [frontier[i:i + 32] for i in range(8, len(frontier), 32)]
    if len(peaks) != bin(size).count("1"):
        raise ValueError("the peaks do not belong to the size")
    if not peaks:
        return size, hashlib.sha256(b"").digest()
    one = peaks.pop()
    while peaks:
        one = node(peaks.pop(), one)
    return size, one
