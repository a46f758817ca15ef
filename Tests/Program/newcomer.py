"""A newcomer: from an empty folder to the first posted voucher over the API alone, as docs/operations.md tells it."""

import json
import re
import subprocess
import tempfile

import _program
from documents import COMPANY, claim, encoded, invoice, signature
from door import Door, parsed
from program import Place, Server, run

BOOK = "C01"
PASSWORD = "four-slow-green-kettles"
HIRED = {"zhou": ["maker"], "wang": ["reviewer"], "sun": ["cashier"], "zhao": ["poster"], "li": ["lead"]}


def main():
    _program.need_program()
    findings = _program.Findings()
    with _program.folder() as path:
        place = Place(path / "data")
        with Server(place) as server:
            server.wait_until_ready()
            office = Office(server, findings)
            office.set_up()
            office.found_company()
            office.hire()
            office.decide()
            office.connect()
            office.book_claim()
            refused = run("company", "list", *place.options, check=False)
            findings.expect(
                refused.returncode == 7 and "--server" in refused.stderr,
                f"a command beside a running server says how: {refused.returncode} {refused.stderr[-300:]}",
            )
            findings.equal(server.stop(), 0, "exit status of the server")
        for book in ("installation", "inbox:erp", BOOK):
            told = json.loads(run("log", "verify", *place.options, "--book", book, "--json").stdout)
            findings.expect(told["ok"], f"the log of {book} proves itself")
        findings.expect(BOOK in run("company", "list", *place.options).stdout, "stopped books answer to a command")
    findings.end()


class Office:
    """Everybody's steps, each with their own token."""

    def __init__(self, server, findings):
        self.server, self.findings = server, findings
        self.tokens = {}

    def call(self, who, method, path, body=None):
        door = Door(self.server.port)
        headers = {"content-type": "application/json"}
        if who in self.tokens:
            headers["authorization"] = "Bearer " + self.tokens[who]
        data = None if body is None else json.dumps(body).encode()
        status, answer = door.ask(method, "/api/v1" + path, data, headers)
        door.close()
        return status, parsed(answer)

    def does(self, who, method, path, body=None, status=200):
        found, answer = self.call(who, method, path, body)
        self.findings.expect(found == status, f"{who or 'nobody'} {method} {path}: {found} {answer}")
        return answer

    def set_up(self):
        link = _program.wait_for(lambda: re.search(r"/setup\?code=([0-9a-f]{32})", self.server.tail()), 20)
        body = {
            "code": "0" * 32, "login": "chen", "name": "陈系统", "password": PASSWORD,
            "security": {"login": "wu", "name": "吴安"}, "auditor": {"login": "zheng", "name": "郑审"},
        }
        self.does(None, "POST", "/setup", body, status=403)
        body["code"] = link.group(1)
        answer = self.does(None, "POST", "/setup", body, status=201)
        self.does(None, "POST", "/setup", body, status=409)
        self.tokens["chen"] = answer["token"]
        for one in answer["handed"]:
            self.arrive(one["person"]["login"], one["one_time_password"])

    def arrive(self, login, password):
        """Signs in with a one-time password and replaces it, which has to come first."""
        answer = self.does(None, "POST", "/sign-in", {"login": login, "password": password})
        self.findings.expect(answer["must_change_password"], f"{login} has to replace the password")
        self.tokens[login] = answer["token"]
        self.does(login, "GET", "/companies", status=403)
        answer = self.does(login, "POST", "/people/me/password", {"current": password, "new": PASSWORD})
        self.tokens[login] = answer["token"]

    def found_company(self):
        body = {"id": BOOK, "name": COMPANY[0], "tax_id": COMPANY[1][:-1] + "D"}
        self.does("chen", "POST", "/companies", body, status=422)
        body["tax_id"] = COMPANY[1]
        made = self.does("chen", "POST", "/companies", body, status=201)
        self.does("chen", "POST", "/companies", body, status=409)

    def hire(self):
        for login, roles in HIRED.items():
            added = self.does("chen", "POST", "/people", {"login": login, "name": login.title()}, status=201)
            self.does("chen", "PUT", f"/people/{login}/roles", {"book": BOOK, "roles": roles}, status=403)
            self.does("wu", "PUT", f"/people/{login}/roles", {"book": BOOK, "roles": roles})
            self.arrive(login, added["one_time_password"])
        answer = self.does(
            "wu", "PUT", "/people/zhou/roles", {"book": BOOK, "roles": ["maker", "reviewer"]}, status=409
        )
        self.findings.expect("SOD-01" in answer["title"], f"the conflict names its rule: {answer}")

    def decide(self):
        """The finance lead decides how the book keeps duties apart; nobody else does, by API or command."""
        told = self.does("li", "GET", "/settings")
        self.findings.equal(
            [told[name] for name in ("profile_today", "needs_cashier_signature", "automatic_review_authorised_by")],
            ["strict", True, None],
            "settings of a new company",
        )
        self.does("wang", "PUT", "/settings", {"publisher_ceiling": "5.00"}, status=403)
        for wrong, status in (
            ({"publisher_ceiling": 5}, 422), ({"publisher_ceiling": "5.001"}, 422), ({"ceiling": "5.00"}, 422),
            ({"profile": "small"}, 422), ({"automatic_review_authorised_by": "wang"}, 422),
        ):
            self.does("li", "PUT", "/settings", wrong, status=status)
        told = self.does("li", "PUT", "/settings", {"publisher_ceiling": "5.00"})
        self.findings.equal(told["publisher_ceiling"], "5.00", "a ceiling as it was written")
        with tempfile.NamedTemporaryFile("w") as token:
            token.write(self.tokens["li"])
            token.flush()
            door = ["--server", f"http://127.0.0.1:{self.server.port}", "--token-file", token.name, "--book", BOOK]
            told = json.loads(
                run("book", "settings", *door, "--publisher-ceiling", "80.00", "--posts-automatically", "false",
                    "--json").stdout
            )
            self.findings.equal(told["publisher_ceiling"], "80.00", "a ceiling set by command")
            refused = run("book", "settings", *door, "--review-ceiling", "many", check=False)
            self.findings.expect(refused.returncode == 5, f"a ceiling that is none: {refused.returncode} {refused.stderr}")
            self.findings.expect("publisher_ceiling\t80.00" in run("book", "settings", *door).stdout, "settings as text")

    def connect(self):
        made = self.does(
            "chen", "POST", "/connectors", {"id": "erp", "kind": "generic", "home_book": BOOK}, status=201
        )
        self.secret = made["secret"]
        self.findings.expect(made["callback_address"].endswith("/in/erp"), "the callback address")
        again = self.does("chen", "GET", "/connectors/erp")
        self.findings.expect(self.secret not in json.dumps(again), "the secret is shown once")
        self.findings.equal(self.example(made["example"]), "accepted", "the example of the page")
        first = self.secret
        self.secret = self.does("chen", "POST", "/connectors/erp/secret", {})["secret"]
        for secret, status in ((first, 202), (self.secret, 202)):
            self.deliver(claim_of("R-" + secret[-6:-1], secret), secret, status)
        self.does("chen", "POST", "/connectors/erp/retire-secret", {})
        self.deliver(claim_of("R-old", first), first, 401)

    def example(self, text):
        shell = text.replace("whsec_…", self.secret)
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=30)
        return parsed(done.stdout.encode()).get("status", done.stdout + done.stderr)

    def deliver(self, document, secret, expected):
        body = encoded(document)
        event = f"evt-{document['source']['instance']}-{secret[-6:-1]}"
        door = Door(self.server.port)
        headers = {"content-type": "application/json", **signature(event, body, secret=secret)}
        status, answer = door.ask("POST", "/in/erp", body, headers)
        door.close()
        if expected:
            self.findings.expect(status == expected, f"delivery {event}: {status} {answer[:300]}")
        return status

    def book_claim(self):
        """One expense claim with its e-invoice: held for the persons it names, mapped, reviewed, signed, posted."""
        for dimension, code, name, vendor, attributes in (
            ("部门", "D10", "行政部", "d-10", {"family": "管理", "account": "6602"}),
            ("人员", "E001", "张三", "u-01", {}),
        ):
            path = f"/master-data/items/{quoted(dimension)}/{code}"
            self.does("zhou", "PUT", path, {"name": name, "attributes": attributes})
            mapping = {"connector": "erp", "dimension": dimension, "vendor_id": vendor, "code": code}
            self.does("zhou", "PUT", "/master-data/mappings", mapping)
        number, content, total = invoice(1, 100_000)
        document = claim("BX-1", total, kind="training", invoice=(number, content))
        document["source"].update(connector="erp", tenant="t1")
        document["items"][0].update(net="1000.00", tax="60.00")
        self.deliver(document, self.secret, 202)
        case = _program.wait_for(lambda: self.standing("BX-1"), 30)
        self.findings.expect(case and case["state"] == "waiting", f"the claim waits for review: {case}")
        voucher = self.does("wang", "GET", "/vouchers?state=pending")["items"][0]
        path = f"/vouchers/{voucher['id']}"
        self.does("zhou", "POST", path + "/approve", {}, status=403)
        self.does("wang", "POST", path + "/approve", {})
        lines = self.does("wang", "GET", path)["lines"]
        if any(line["account"].startswith(("1001", "1002")) for line in lines):
            self.does("sun", "POST", path + "/sign", {})
        self.does("wang", "POST", path + "/post", {}, status=403)
        posted = self.does("zhao", "POST", path + "/post", {})
        self.findings.expect(posted.get("number"), f"the voucher has its number: {posted}")
        period = voucher["period"]
        accounts = self.does("li", "GET", f"/balances?period={period}")["accounts"]
        leaves = [one for one in accounts if len(one["code"]) > 4]
        self.findings.expect(leaves, "the trial balance has lines")
        tops = [one for one in accounts if len(one["code"]) == 4]
        debit, credit = (sum(cents(one[side]) for one in tops) for side in ("debit", "credit"))
        self.findings.equal((debit, credit), (106_000, 106_000), "movements of the trial balance, in cents")

    def standing(self, number):
        cases = self.call("zhou", "GET", "/cases?q=" + number)[1].get("items", [])
        return next((case for case in cases if case["number"] == number and case["state"] != "running"), None)


def claim_of(instance, secret):
    """A travel request, which books nothing."""
    document = claim(instance, 0, kind="other")
    document["source"].update(connector="erp", tenant="t1")
    document["kind"] = "travel_request"
    return document


def quoted(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


def cents(text):
    return int(text.replace(".", "").replace(",", "") or 0)


main()
