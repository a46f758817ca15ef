"""Checks the books after a run, from the tables and the sender's own notes. It shares no code with the program."""

import collections
import hashlib
import json

import tree
import truth
from documents import BOOK, CONNECTOR
from rows import Rows

INBOX = "inbox:" + CONNECTOR
ENDED = {"posted", "nothing_to_book", "reversed", "superseded", "conflict"}
VISIBLE = ENDED | {"waiting", "held"}


class Breach(Exception):
    """The first thing that is not as it has to be."""


def require(holds, text):
    if not holds:
        raise Breach(text)


class Check:
    def __init__(self, place, notes):
        self.place = place
        self.notes = notes
        self.rows = Rows(place)
        self.counts = {}

    def run(self):
        """Every check, in the order in which a breach explains the most; the counts it went through."""
        self.inbox_book = self.find_inbox()
        self.read()
        self.nothing_lost()
        self.nothing_invented()
        self.one_case_for_each_revision()
        self.one_voucher_set_for_each_approval()
        self.invoices_used_once()
        self.vouchers_balance()
        self.balances_agree()
        self.numbers_without_gap()
        self.counters_agree()
        self.originals_there()
        self.queues_empty()
        self.logs_prove()
        return self.counts

    def find_inbox(self):
        ids = [one["book_id"] for one in self.rows("SELECT book_id, kind FROM books") if one["kind"] == "inbox"]
        found = [one for one in ids if CONNECTOR in one]
        require(len(found) == 1, f"one inbox of {CONNECTOR} was expected among {ids}")
        return found[0]

    def read(self):
        rows = self.rows
        self.deliveries = {
            one["delivery_key"]: one for one in rows(f"SELECT * FROM inbox_keys WHERE book_id = '{self.inbox_book}'")
        }
        self.cases = {one["case_id"]: one for one in rows(f"SELECT * FROM cases WHERE book_id = '{BOOK}'")}
        self.vouchers = {one["voucher_id"]: one for one in rows(f"SELECT * FROM vouchers WHERE book_id = '{BOOK}'")}
        self.drafts = {one["voucher_id"]: one for one in rows(f"SELECT * FROM drafts WHERE book_id = '{BOOK}'")}
        self.lines = collections.defaultdict(list)
        for line in rows(f"SELECT * FROM lines WHERE book_id = '{BOOK}'"):
            self.lines[line["voucher_id"]].append(line)
        self.by_approval = collections.defaultdict(list)
        for one in self.cases.values():
            self.by_approval[one["connector_id"], one["tenant"], one["instance"]].append(one)
        self.counts["cases"] = len(self.cases)
        for state in ("posted", "waiting", "held", "nothing_to_book", "superseded", "reversed", "conflict"):
            self.counts[state] = sum(one["state"] == state for one in self.cases.values())

    def nothing_lost(self):
        """Whatever was acknowledged is in the inbox once, and its case ended or stands where people see it."""
        acknowledged = [one for one in self.notes if one["what"] == "acknowledged"]
        self.counts["acknowledged"] = len(acknowledged)
        self.counts["events"] = len({(one["event"], one["sha256"]) for one in acknowledged})
        bodies = {
            one["delivery_key"]: hashlib.sha256(one["payload"]).hexdigest()
            for one in self.rows(f"SELECT delivery_key, payload FROM inbox_bodies WHERE book_id = '{self.inbox_book}'")
        }
        refused = [one for one in self.notes if one["what"] == "refused"]
        require(not refused, f"{len(refused)} good deliveries were refused, the first: {refused[:1]}")
        for note in acknowledged:
            key = note["event"]
            row = self.deliveries.get(key)
            require(row, f"{key} was acknowledged and is not in the inbox")
            if row["digest"].hex() != note["sha256"]:
                key = f"{key}#{note['sha256'][:16]}"
                row = self.deliveries.get(key)
                require(row, f"{note['event']} was acknowledged twice with other bytes, and one of them is not kept")
                require(row["state"] == "conflict", f"{key} is {row['state']}, not a conflict")
            require(row["digest"].hex() == note["sha256"], f"{key}: another digest is stored")
            require(bodies.get(key) == note["sha256"], f"{key}: the bytes kept are not those that were sent")
            if "#" in key:
                continue
            require(row["state"] in ("done", "conflict"), f"{key} is {row['state']}: {row['problem']}")
            require(row["case_id"], f"{key} is {row['state']} and names no case")
            case = self.cases.get(row["case_id"])
            require(case, f"{key} names case {row['case_id']}, which is not there")
            require(case["state"] in VISIBLE, f"case {case['case_id']} of {key} is {case['state']}")
            mine = (case["instance"], case["revision"]) == (note["instance"], note["revision"])
            require(mine, f"{key} names the case of another approval")

    def nothing_invented(self):
        sent = {note["event"] for note in self.notes if note["what"] == "sent"}
        for key in self.deliveries:
            require(key.split("#")[0] in sent or key.startswith("msg_"), f"{key} is in the inbox and was never sent")

    def one_case_for_each_revision(self):
        seen = {}
        for case in self.cases.values():
            if case["state"] == "conflict":
                continue
            key = (case["connector_id"], case["tenant"], case["instance"], case["revision"])
            require(key not in seen, f"two cases for {key}: {seen.get(key)} and {case['case_id']}")
            seen[key] = case["case_id"]
        keys = {
            (one["connector_id"], one["tenant"], one["instance"], one["revision"]): one["case_id"]
            for one in self.rows(f"SELECT * FROM case_keys WHERE book_id = '{BOOK}'")
        }
        require(keys == seen, "case_keys and cases differ")

    def live(self, case):
        """What stands in the books for a case, or will when it is reviewed; what is being reversed does not count."""
        reversed_ids = {one["reverses_id"] for one in [*self.vouchers.values(), *self.drafts.values()]}
        return [
            one for one in self.of_case[case["case_id"]]
            if not one["reverses_id"] and one["voucher_id"] not in reversed_ids
        ]

    def one_voucher_set_for_each_approval(self):
        self.of_case = collections.defaultdict(list)
        for one in [*self.vouchers.values(), *self.drafts.values()]:
            self.of_case[one["case_id"]].append(one)
        taken = {one["reverses_id"] for one in [*self.vouchers.values(), *self.drafts.values()] if one["reverses_id"]}
        outcomes = collections.defaultdict(dict)
        for note in self.notes:
            if note["what"] == "acknowledged" and note["story"] != "conflict":
                outcomes[note["instance"]][note["revision"]] = note
        for approval, cases in self.by_approval.items():
            live = {
                case["case_id"]: [
                    one for one in self.of_case[case["case_id"]]
                    if not one["reverses_id"] and one["voucher_id"] not in taken
                ]
                for case in cases
            }
            standing = [name for name, vouchers in live.items() if vouchers]
            require(len(standing) <= 1, f"approval {approval[2]} is booked by {standing}")
            for name in standing:
                require(len({one["run_no"] for one in live[name]}) == 1, f"case {name} is booked by two runs")
                if approval[1] == "load":
                    require(len(live[name]) == 1, f"case {name} has {len(live[name])} vouchers for one claim")
            if approval[2] in outcomes:
                self.approval_as_sent(approval[2], cases, standing, outcomes[approval[2]])

    def approval_as_sent(self, instance, cases, standing, sent):
        """The highest revision decides, whatever arrived first."""
        last = max(sent)
        case = next((one for one in cases if one["revision"] == last and one["state"] != "conflict"), None)
        require(case, f"{instance}: no case for revision {last}")
        where = f"{instance}, case {case['case_id']} ({case['state']}, {case['problem_code']})"
        if sent[last]["outcome"] == "withdrawn":
            require(not standing, f"{where} was withdrawn and is booked by {standing}")
            require(case["state"] in ("nothing_to_book", "waiting", "reversed"), where)
        elif sent[last]["story"] == "shared":
            require(case["state"] in ("posted", "waiting", "held"), where)
            require((case["state"] == "held") == (not standing), f"{where}: booked by {standing}")
        else:
            require(case["state"] in ("posted", "waiting"), where)
            require(standing == [case["case_id"]], f"{where}: booked by {standing}")
        for one in cases:
            if one["revision"] < last and one["state"] != "conflict":
                require(one["state"] in ENDED, f"{instance}: revision {one['revision']} is still {one['state']}")

    def invoices_used_once(self):
        groups = collections.defaultdict(set)
        for note in self.notes:
            if note["what"] == "acknowledged" and note["invoice"]:
                groups[note["invoice"]].add(note["instance"])
        uses = collections.defaultdict(list)
        for use in self.rows(f"SELECT * FROM invoice_uses WHERE book_id = '{BOOK}'"):
            uses[use["register_key"]].append(use)
        for key, chain in uses.items():
            taken = sum(one["used_after"] - one["used_before"] for one in chain)
            require(taken <= chain[0]["total"], f"invoice {key} is used for {taken} of {chain[0]['total']}")
            for use in chain:
                state = self.cases[use["case_id"]]["state"]
                require(state in ("posted", "waiting"), f"invoice {key} is used by a {state} case")
        states = {one["instance"]: one["state"] for one in self.cases.values() if one["state"] != "conflict"}
        for number, instances in groups.items():
            booked = [one for one in instances if states[one] in ("posted", "waiting")]
            require(len(booked) == 1, f"invoice {number} of {sorted(instances)} is booked by {booked}")
            require(len(uses[number]) == 1, f"invoice {number} has {len(uses[number])} uses")
        self.counts["invoices"] = len(uses)

    def vouchers_balance(self):
        sums = collections.defaultdict(int)
        for name, voucher in self.vouchers.items():
            lines = self.lines[name]
            debit = sum(one["amount"] for one in lines if one["side"] == "debit")
            credit = sum(one["amount"] for one in lines if one["side"] == "credit")
            require(len(lines) == voucher["line_count"] >= 2, f"voucher {name} has {len(lines)} lines")
            require(debit == credit, f"voucher {name}: debits {debit}, credits {credit}")
            same = (voucher["debit_total"], voucher["credit_total"]) == (debit, credit)
            require(same, f"voucher {name}: its totals are not those of its lines")
            sums[voucher["period"]] += debit - credit
            for line in lines:
                inside = (line["period"], line["word"], line["voucher_no"])
                require(inside == (voucher["period"], voucher["word"], voucher["voucher_no"]), f"lines of {name}")
        require(not any(sums.values()), f"periods do not balance: {dict(sums)}")
        require(set(self.lines) == set(self.vouchers), "there are lines without a voucher")
        both = set(self.vouchers) & set(self.drafts)
        require(not both, f"posted and still a draft: {sorted(both)[:5]}")
        self.counts["vouchers"] = len(self.vouchers)
        self.counts["lines"] = sum(map(len, self.lines.values()))

    def balances_agree(self):
        expected = collections.defaultdict(lambda: [0, 0, 0, 0])
        for name, lines in self.lines.items():
            for line in lines:
                currency = line["original_currency"] or self.vouchers[name]["currency"]
                key = (line["period"], line["account_code"], line["dimensions"], currency)
                place = 0 if line["side"] == "debit" else 1
                expected[key][place] += line["amount"]
                expected[key][place + 2] += line["original_amount"] or 0
        stored = {
            (one["period"], one["account_code"], one["dimensions"], one["currency"]):
                [one["debit"], one["credit"], one["original_debit"], one["original_credit"]]
            for one in self.rows(f"SELECT * FROM balances WHERE book_id = '{BOOK}'")
        }
        for key in set(expected) | set(stored):
            left, right = expected.get(key, [0] * 4), stored.get(key, [0] * 4)
            require(left == right, f"balance {key}: the lines give {left}, stored is {right}")
        self.counts["balances"] = len(stored)

    def numbers_without_gap(self):
        numbers = collections.defaultdict(list)
        for voucher in self.vouchers.values():
            numbers[voucher["period"], voucher["word"]].append(voucher["voucher_no"])
        counters = {
            (one["period"], one["word"]): one["last_no"]
            for one in self.rows(f"SELECT * FROM number_counters WHERE book_id = '{BOOK}'")
        }
        require(set(counters) == set(numbers), f"counters {counters} are not those of the vouchers")
        for key, given in numbers.items():
            require(sorted(given) == list(range(1, len(given) + 1)), f"numbers of {key} have a gap or a repeat")
            require(counters[key] == len(given), f"the counter of {key} stands at {counters[key]} of {len(given)}")

    def counters_agree(self):
        expected = collections.Counter((one["step"], one["state"]) for one in self.cases.values())
        stored = {
            (one["step"], one["state"]): one["case_count"]
            for one in self.rows(f"SELECT * FROM case_counts WHERE book_id = '{BOOK}'") if one["case_count"]
        }
        require(stored == expected, f"case_counts {stored} are not {dict(expected)}")

    def originals_there(self):
        kept = {one["digest"]: one for one in self.rows(f"SELECT * FROM originals WHERE book_id = '{BOOK}'")}
        count = 0
        for one in self.rows(f"SELECT digest, file_name FROM evidence WHERE book_id = '{BOOK}'"):
            row, name = kept.get(one["digest"]), one["digest"].hex()
            require(row, f"evidence {one['file_name']}: its original {name} is not kept")
            content = row["content"]
            if content is None:
                found = [path for path in self.place.folder.glob(f"**/{name[:2]}/{name[2:]}*") if path.is_file()]
                require(found, f"original {name} is named and there is no file")
                content = found[0].read_bytes()
            require(hashlib.sha256(content).digest() == one["digest"], f"original {name} has other bytes")
            count += 1
        self.counts["originals"] = count

    def queues_empty(self):
        rest = list(self.rows("SELECT book_id, kind, subject, attempt, is_dead, problem FROM jobs"))
        require(not rest, f"{len(rest)} jobs are left, the first: {rest[:1]}")

    def logs_prove(self):
        self.roots = {}
        posted = collections.Counter()
        for head in self.rows("SELECT book_id, log_size, frontier FROM book_heads ORDER BY book_id"):
            book = head["book_id"]
            personal = collections.defaultdict(dict)
            for one in self.rows(f"SELECT seq, name, hash, salt, value FROM personal_values WHERE book_id = '{book}'"):
                personal[one["seq"]][one["name"]] = one["hash"]
                if one["value"] is not None:
                    own = hashlib.sha256(one["salt"] + one["value"].encode()).digest()
                    require(own == one["hash"], f"{book} {one['seq']}: a personal value is not the one that was proved")
            leaves = []
            for entry in self.rows(f"SELECT * FROM log_entries WHERE book_id = '{book}' ORDER BY seq"):
                require(entry["seq"] == len(leaves), f"log of {book}: entry {len(leaves)} is missing")
                leaf = tree.leaf(entry, personal[entry["seq"]])
                require(leaf == entry["leaf"], f"log of {book}, entry {entry['seq']}: its content gives another leaf")
                leaves.append(leaf)
                if entry["kind"] == "voucher.posted":
                    posted[entry["subject"]] += 1
            size, root = tree.root_of_frontier(head["frontier"])
            require(size == head["log_size"] == len(leaves), f"log of {book}: {len(leaves)} entries, head says {size}")
            require(tree.root(leaves) == root, f"log of {book}: the leaves give another root than the head row's")
            self.roots[book] = (len(leaves), root.hex())
        require(set(posted) == {"voucher:" + one for one in self.vouchers}, "log and vouchers tell of other postings")
        require(all(one == 1 for one in posted.values()), "a posting stands twice in the log")
        self.counts["log entries"] = sum(size for size, _ in self.roots.values())


def work_times(place):
    """When cases were filed, from the log: to see at which kills the program was at work."""
    rows = Rows(place)
    times = [
        one["at"] / 1e6
        for one in rows(f"SELECT at FROM log_entries WHERE book_id = '{BOOK}' AND unit_key LIKE 'case:%' ORDER BY seq")
    ]
    rows.close()
    return times


def agree_with_verify(check, answers):
    """The program's own `log verify` has to come to the same sizes and roots."""
    require(answers["ok"] is True, f"log verify found something: {json.dumps(answers)[:500]}")
    answers = answers["books"]
    ours = sorted((size, root) for size, root in check.roots.values() if size)
    theirs = sorted((one["entries"], one["root"]) for one in answers if one["entries"])
    require(ours == theirs, f"log verify says {theirs}, the tables give {ours}")


def check(place, truth_path):
    return Check(place, truth.read(truth_path))
