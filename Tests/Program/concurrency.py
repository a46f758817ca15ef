"""Many at once, and every order of arrival: one effect for each approval, one use of each invoice."""

import itertools
import threading

import _program
from documents import claim, invoice, moment, yuan
from door import Door


def main():
    _program.need_program()
    findings = _program.Findings()
    with _program.folder() as path, _program.demo(path) as (server, door):
        twenty_at_once(server, door, findings)
        one_invoice_for_two(server, door, findings)
        withdrawn_and_again(door, findings)
        every_order(door, findings)
        claim_then_payment(door, findings)
    findings.end()


def together(port, deliveries):
    """Sends all at the same moment, each over a connection of its own; the statuses."""
    barrier = threading.Barrier(len(deliveries))
    statuses = [None] * len(deliveries)

    def send(position):
        event, document = deliveries[position]
        mine = Door(port)
        mine.ask("GET", "/healthz")
        barrier.wait()
        statuses[position] = mine.deliver(event, document)[0]
        mine.close()

    threads = [threading.Thread(target=send, args=(position,)) for position in range(len(deliveries))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def booked(case):
    return case["state"] in ("posted", "waiting")


def vouchers(door, case):
    """Vouchers of a case that count: not discarded."""
    return [one for one in door.get(f"/cases/{case['id']}").get("vouchers", []) if one["state"] != "discarded"]


def twenty_at_once(server, door, findings):
    same = claim("CON-1", 12_300)
    findings.equal(together(server.port, [("con-1", same)] * 20), [202] * 20, "one event twenty times at once")
    many = claim("CON-2", 12_400)
    statuses = together(server.port, [(f"con-2-{number}", many) for number in range(20)])
    findings.equal(statuses, [202] * 20, "one approval by twenty events at once")
    found = _program.settled(door, ["CON-1", "CON-2"])
    for name in ("CON-1", "CON-2"):
        cases = found.get(name, [])
        findings.expect(len(cases) == 1 and booked(cases[0]), f"{name} is one case: {[c['state'] for c in cases]}")
        if cases:
            findings.equal(len(vouchers(door, cases[0])), 1, f"vouchers of {name}")


def one_invoice_for_two(server, door, findings):
    pairs = []
    for serial in range(5):
        number, content, total = invoice(7_000 + serial, 30_000 + serial)
        pairs.append([
            (f"two-{serial}-{one}", claim(f"TWO-{serial}-{one}", total, kind="training", invoice=(number, content)))
            for one in "ab"
        ])
        findings.equal(together(server.port, pairs[-1]), [202, 202], "two claims with one invoice")
    names = [document["number"] for pair in pairs for _, document in pair]
    found = _program.settled(door, names)
    for serial in range(5):
        both = [found.get(f"TWO-{serial}-{one}", [{}])[0] for one in "ab"]
        states = sorted(one.get("state", "missing") for one in both)
        findings.expect(
            states in (["held", "posted"], ["held", "waiting"]), f"one of TWO-{serial} is booked, one held: {states}"
        )
        code = next((one["problem"]["code"] for one in both if one.get("state") == "held"), None)
        findings.expect(code and ("duplicate" in code or "already_used" in code), f"TWO-{serial} is held with {code}")


def withdrawn_and_again(door, findings):
    number, content, total = invoice(8_000, 600_000)

    def form(name, revision, outcome):
        return claim(name, total, revision=revision, outcome=outcome, kind="training", invoice=(number, content))

    # Above the ceiling of the automatic review, so that the first is not posted and its draft can be thrown away.
    door.deliver("wd-1", form("WD-1", 1, "approved"))
    first = _program.settled(door, ["WD-1"])["WD-1"][0]
    findings.equal(first["state"], "waiting", "a claim over the ceiling")
    door.deliver("wd-2", form("WD-1", 2, "withdrawn"))
    found = _program.wait_for(lambda: two_cases(door, "WD-1"), 20) or []
    findings.equal([one["state"] for one in found], ["superseded", "nothing_to_book"], "WD-1 after the withdrawal")
    door.deliver("wd-3", form("WD-2", 1, "approved"))
    again = _program.settled(door, ["WD-2"]).get("WD-2", [{}])[0]
    findings.expect(again.get("state") == "waiting", f"the invoice is free again: {again.get('state')} {again.get('problem')}")
    door.deliver("wd-4", form("WD-3", 1, "approved"))
    third = _program.settled(door, ["WD-3"]).get("WD-3", [{}])[0]
    findings.equal(third.get("state"), "held", "a third claim with the invoice")


def two_cases(door, name):
    cases = _program.cases_by_number(door).get(name, [])
    return cases if len(cases) == 2 and all(one["state"] != "running" for one in cases) else None


def every_order(door, findings):
    """Approved, amended, withdrawn: six orders of arrival end the same way."""
    revisions = {1: ("approved", 10_000), 2: ("amended", 11_000), 3: ("withdrawn", 11_000)}
    expected = {}
    for last in (2, 3):
        for order in itertools.permutations(range(1, last + 1)):
            name = "ORD-" + "".join(map(str, order))
            expected[name] = last
            for revision in order:
                outcome, cents = revisions[revision]
                event = f"{name}-{revision}"
                door.deliver(event, claim(name, cents, revision=revision, outcome=outcome))
                # Each is through before the next arrives: the orders are those of arrival, not of luck.
                _program.wait_for(lambda: is_settled(door, name, revision), 20)
    found = _program.cases_by_number(door)
    for name, last in expected.items():
        cases = found.get(name, [])
        findings.equal([one["revision"] for one in cases], list(range(1, last + 1)), f"revisions of {name}")
        if len(cases) != last:
            continue
        standing = {}
        for case in cases:
            live = [one for one in vouchers(door, case) if not reverses(one) and not is_reversed(one)]
            standing[case["revision"]] = len(live)
        below = {one["state"] for one in cases[:-1]}
        findings.expect(below <= {"superseded", "reversed", "posted"}, f"lower revisions of {name}: {below}")
        if last == 3:
            findings.expect(
                cases[-1]["state"] in ("nothing_to_book", "waiting"), f"{name} withdrawn: {cases[-1]['state']}"
            )
        else:
            findings.expect(booked(cases[-1]), f"{name} amended: {cases[-1]['state']} {cases[-1]['problem']}")
            findings.equal(standing[2], 1, f"vouchers of the amendment in {name}")
        totals = [one["total"] for one in cases]
        findings.equal(totals, [yuan(revisions[one][1]) for one in range(1, last + 1)], f"totals of {name}")


def is_settled(door, name, revision):
    cases = [one for one in _program.cases_by_number(door).get(name, []) if one["revision"] == revision]
    return bool(cases) and cases[0]["state"] != "running"


def reverses(voucher):
    return voucher.get("reverses") is not None


def is_reversed(voucher):
    return voucher.get("reversed_by") is not None


def claim_then_payment(door, findings):
    """The claim recognises the invoice; the payment cites the claim and brings the same file again."""
    number, content, total = invoice(9_000, 100_000)
    door.deliver("pay-1", claim("PAY-1", total, kind="training", invoice=(number, content)))
    first = _program.settled(door, ["PAY-1"]).get("PAY-1", [{}])[0]
    findings.expect(first and booked(first), f"the claim: {first.get('state')} {first.get('problem')}")
    payment = claim("PAY-2", total, kind="reimbursement", outcome="paid", invoice=(number, content))
    payment.update(
        kind="payment", title="支付报销款", cites=[{"kind": "expense", "number": "PAY-1"}],
        payee={"id": "u-01", "name": "张三"},
        payment={
            "mode": "bank_transfer", "direction": "out", "amount": yuan(total), "paid_at": moment(300),
            "bank_account": {"id": "b-01", "name": "工行基本户"},
        },
    )
    payment["items"][0].pop("evidence")
    door.deliver("pay-2", payment)
    second = _program.settled(door, ["PAY-2"]).get("PAY-2", [{}])[0]
    findings.expect(second and booked(second), f"the payment: {second.get('state')} {second.get('problem')}")


main()
