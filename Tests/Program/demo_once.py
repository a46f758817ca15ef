"""The demo in one go: what it promises to print, what each sample means, and whether other programs agree."""

import decimal
import json
import re
import shutil
import subprocess

import _program
from program import Place, make_demo, run


def main():
    _program.need_program()
    findings = _program.Findings()
    with _program.folder() as path:
        place = Place(path / "data")
        summary = make_demo(place)
        check_summary(summary, findings)
        check_log(place, summary, findings)
        check_exports(place, findings)
        check_errors(place, findings)
    findings.end()


def check_summary(summary, findings):
    shape = ["book", "cases", "posted", "nothing_to_book", "waiting", "held", "reversed", "log"]
    findings.equal(list(summary), shape, "members of the summary")
    findings.equal(summary["book"], "C01", "book")
    held = {one["case"]: one["problem"] for one in summary["held"]}
    expected = {
        # The invoice of BX-1001 once more.
        "BX-1012": "evidence.duplicate|rules.duplicate_evidence|duplicate_evidence|evidence.already_used",
        # The total is not the sum of the lines.
        "BX-1013": "amount_mismatch|rules.amount_mismatch",
        # No total at all.
        "BX-1014": "document.*|schema.*|mapping.*",
        # Nobody knows u-99.
        "BX-1015": "mapping.unknown_party",
    }
    for name, pattern in expected.items():
        code = held.get(name)
        findings.expect(
            code and re.fullmatch(pattern, code), f"{name} is held with a problem like {pattern}, found {code!r}"
        )
    findings.equal(set(held), set(expected), "held samples")
    waiting = summary["waiting"]
    findings.expect("FK-1008" in waiting, f"FK-1008 (approved, not paid) waits for proof of payment: {waiting}")
    findings.expect(summary["posted"] >= 8, f"at least 8 samples are posted, found {summary['posted']}")
    findings.expect(summary["nothing_to_book"] >= 2, "the travel request and the purchase order book nothing")
    findings.expect(summary["reversed"] >= 2, "the withdrawn and the amended sample were reversed")
    total = summary["posted"] + summary["nothing_to_book"] + len(waiting) + len(held) + summary["reversed"]
    findings.expect(total <= summary["cases"], f"{total} states for {summary['cases']} cases")
    # 16 samples, then three more, and one from 钉钉.
    findings.equal(summary["cases"], 20, "cases")


def check_log(place, summary, findings):
    answer = json.loads(run("log", "verify", *place.options, "--book", "C01", "--json").stdout)
    findings.equal(answer.get("ok"), True, "log verify, ok")
    findings.equal(answer.get("entries"), summary["log"]["entries"], "log verify, entries")
    findings.equal(answer.get("root"), summary["log"]["root"], "log verify, root")
    everything = json.loads(run("log", "verify", *place.options, "--json").stdout)
    findings.equal(everything["ok"], True, "log verify of every book, ok")
    books = everything.get("books", [])
    findings.expect(len(books) >= 3 and all(one["ok"] for one in books), f"log verify names every book: {books}")
    inner = next((one for one in books if one["book"] == "C01"), {})
    findings.equal(inner.get("root"), summary["log"]["root"], "root of C01 among all books")


def periods(place):
    """Every period something was posted in, as the tables say."""
    from rows import Rows

    rows = Rows(place)
    found = sorted({one["period"] for one in rows("SELECT period FROM vouchers")})
    rows.close()
    return [f"{one // 100}-{one % 100:02d}" for one in found]


def closing_balances(place):
    """Code to signed closing (debit positive) at the end of the last period, of leaf accounts that moved."""
    last = periods(place)[-1]
    answer = json.loads(run("ledger", "balances", *place.options, "--book", "C01", "--period", last, "--json").stdout)
    accounts = answer["accounts"]
    codes = {one["code"] for one in accounts}
    closing = {}
    for one in accounts:
        if any(other != one["code"] and other.startswith(one["code"]) for other in codes):
            continue
        amount = decimal.Decimal(one["closing"])
        closing[one["code"]] = amount if one["direction"] == "debit" else -amount
    return {code: amount for code, amount in closing.items() if amount}


def check_exports(place, findings):
    closing = closing_balances(place)
    findings.expect(len(closing) >= 5, f"at least five accounts have a balance, found {len(closing)}")
    findings.equal(sum(closing.values()), 0, "sum of all closing balances")
    readers = {"hledger": hledger, "beancount": beancount, "ledger": ledger}
    for name, reader in readers.items():
        text = run("ledger", "export", *place.options, "--book", "C01", "--format", name).stdout
        tool = {"hledger": "hledger", "beancount": "bean-check", "ledger": "ledger"}[name]
        if not shutil.which(tool):
            print(f"  {tool} is not installed; its export is not read")
            findings.expect(_program.os.environ.get("CI") != "true", f"{tool} is installed")
            continue
        found = reader(text, place.folder, findings)
        compared = {code: found.get(code) for code in closing}
        findings.equal(compared, closing, f"closing balances by {name}")
        findings.equal(set(found) - set(closing), set(), f"accounts with a balance only {name} sees")
        print(f"  {name}: {len(closing)} closing balances compared")


def call(*command, stdin=None):
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60)


def by_code(pairs):
    """Sums by the account code that stands in an exported account's name."""
    found = {}
    for name, amount in pairs:
        codes = re.findall(r"\d{4,}", name)
        if codes:
            found[codes[-1]] = found.get(codes[-1], decimal.Decimal(0)) + decimal.Decimal(amount.replace(",", ""))
    return {code: amount for code, amount in found.items() if amount}


def hledger(text, path, findings):
    file = path / "books.journal"
    file.write_text(text)
    done = call("hledger", "-f", str(file), "check", "--strict")
    findings.equal(done.returncode, 0, f"hledger check --strict: {done.stderr[:500]}")
    done = call("hledger", "-f", str(file), "bal", "--flat", "--no-total", "-O", "csv")
    rows = re.findall(r'^"([^"]*)","([^"]*)"$', done.stdout, re.M)
    return by_code((name, re.search(r"-?[\d.,]+", amount)[0]) for name, amount in rows if re.search(r"\d", amount))


def beancount(text, path, findings):
    file = path / "books.beancount"
    file.write_text(text)
    done = call("bean-check", str(file))
    findings.equal((done.returncode, done.stderr[:500]), (0, ""), "bean-check")
    # bean-query comes apart from beancount; the sums are taken from the checked text itself.
    pairs = re.findall(r"^\s+((?:Assets|Liabilities|Equity|Income|Expenses):\S+)\s+(-?[\d.,]+) CNY", text, re.M)
    return by_code(pairs)


def ledger(text, path, findings):
    file = path / "books.ledger"
    file.write_text(text)
    done = call("ledger", "-f", str(file), "--pedantic", "--flat", "--no-total", "bal", "--balance-format",
                "%(account)|%(display_total)\\n")
    findings.equal((done.returncode, done.stderr[:500]), (0, ""), "ledger --pedantic")
    rows = [line.rsplit("|", 1) for line in done.stdout.splitlines() if "|" in line]
    return by_code((name, re.search(r"-?[\d.,]+", amount)[0]) for name, amount in rows if re.search(r"\d", amount))


def check_errors(place, findings):
    """The exit codes scripts rely on."""
    done = run("ledger", "balances", *place.options, "--book", "C99", "--period", "2026-01", "--json", check=False)
    findings.equal(done.returncode, 3, "exit status for a book that is not there")
    done = run("ledger", "balances", *place.options, "--book", "C01", "--period", "2026-13", check=False)
    findings.expect(done.returncode not in (0, 1), f"a period that is none is refused as usage: {done.returncode}")


main()
