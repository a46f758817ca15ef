"""What must not come in is refused at the door; what a person can fix is kept and held; everything else goes on."""

import base64
import hashlib
import http.client
import io
import json
import time
import zipfile

import _program
from documents import attachment, claim, encoded, invoice, signature, yuan

HTTP_LIMIT = 32 << 20


def main():
    _program.need_program()
    findings = _program.Findings()
    with _program.folder() as path, _program.demo(path) as (server, door):
        before = {one["id"] for one in door.all("/cases")}
        refused_at_the_door(door, server, findings)
        after = {one["id"] for one in door.all("/cases")}
        findings.equal(after, before, "cases after refused deliveries")
        repeated(door, findings)
        held(door, findings)
        good_goes_on(door, findings)
        findings.expect(server.is_ready(), "the server is ready at the end")
    findings.end()


def refuse(findings, what, answer, status, code):
    found = (answer[0], answer[1].get("code"))
    findings.equal(found, (status, code), what)
    if answer[0] == status:
        missing = [name for name in ("title", "detail", "remedy", "trace_id") if not answer[1].get(name)]
        findings.equal(missing, [], f"what the refusal of {what} leaves out")


def refused_at_the_door(door, server, findings):
    good = claim("BAD-0", 8600)
    body = encoded(good)
    refuse(findings, "no signature", door.deliver("b0", body, webhook_signature=""), 401, "connector.not_authentic")
    refuse(
        findings, "wrong signature",
        door.deliver("b1", body, webhook_signature="v1," + base64.b64encode(bytes(32)).decode()),
        401, "connector.not_authentic",
    )
    other = signature("b2", body + b" ")["webhook-signature"]
    refuse(
        findings, "signature of another body", door.deliver("b2", body, webhook_signature=other), 401,
        "connector.not_authentic",
    )
    other = signature("b3x", body)["webhook-signature"]
    refuse(
        findings, "signature of another id", door.deliver("b3", body, webhook_signature=other), 401,
        "connector.not_authentic",
    )
    for seconds in (-302, 302, -86400):
        refuse(
            findings, f"a time {seconds} s away", door.deliver("b4", body, at=time.time() + seconds), 401,
            "connector.not_authentic",
        )
    refuse(
        findings, "a time that is none", door.deliver("b5", body, webhook_timestamp="now"), 401,
        "connector.not_authentic",
    )
    too_large(door, findings)
    broken = {
        "no JSON": b"hello", "half a document": body[:-20], "nothing": b"", "a list": b"[]", "a number": b"1",
        "a member twice": body[:-1] + b',"total":"1.00"}',
        "bytes that are no UTF-8": body.replace("张三".encode(), b"\xff\xfe"),
        "a lone surrogate": body.replace("张三".encode(), b"\\ud800"), "a mark at the start": b"\xef\xbb\xbf" + body,
        "something behind the end": body + b"{}", "NaN": body.replace(b'"revision":1', b'"revision":NaN'),
        "nesting without end": b"[" * 100_000,
    }
    for what, bytes_ in broken.items():
        refuse(findings, what, door.deliver("b6", bytes_), 400, "connector.unreadable")
    envelope = {
        "no source": ("source", None), "revision 0": ("revision", 0), "revision as text": ("revision", "1"),
        "revision 1.5": ("revision", 1.5), "no instance": ("instance", ""), "an outcome unknown": ("outcome", "maybe"),
        "another connector": ("connector", "elsewhere"),
    }
    for what, (name, value) in envelope.items():
        document = json.loads(body)
        if name == "source":
            del document["source"]
        else:
            document["source"][name] = value
        refuse(findings, what, door.deliver("b7", document), 400, "connector.unreadable")
    refuse(findings, "an unknown connector", door.deliver("b8", body, connector="nobody"), 404, "connector.unknown")
    for path in ("/in/", "/in/../api/v1/cases", "/in/demo-oa/more"):
        status, _ = door.ask("POST", path, body, signature("b9", body))
        findings.expect(400 <= status < 500, f"POST {path}: expected 4xx, found {status}")
    status, _ = door.ask("GET", "/api/v1/cases?limit=1000000", None, {"authorization": "Bearer " + door.token})
    findings.equal(status, 400, "a page of a million")
    door_without_token = _program.Door(server.port)
    status, _ = door_without_token.ask("GET", "/api/v1/cases")
    findings.equal(status, 401, "cases without signing in")


def too_large(door, findings):
    body = b'{"source":"' + b"x" * (HTTP_LIMIT + 1) + b'"}'
    try:
        answer = door.deliver("b10", body)
        findings.equal(answer[0], 413, "a body over 32 MiB")
    except (OSError, http.client.HTTPException):
        # Answering and closing before the body is through is as good; the client may not get to read it.
        findings.expect(True, "")
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=20)
    connection.putrequest("POST", "/in/demo-oa")
    connection.putheader("content-length", str(1 << 40))
    connection.endheaders()
    try:
        connection.send(b"x" * 1000)
        status = connection.getresponse().status
        findings.equal(status, 413, "a length of a terabyte")
    except TimeoutError:
        findings.expect(False, "a length of a terabyte: expected 413 at once, the server waits for the body")
    except (OSError, http.client.HTTPException):
        findings.expect(True, "")
    connection.close()


def repeated(door, findings):
    """The same id again is acknowledged without effect; with other bytes it is kept beside, and not booked."""
    first = claim("REP-1", 4200)
    for _ in range(3):
        findings.equal(door.deliver("r1", first)[0], 202, "a delivery, repeated")
    findings.equal(door.deliver("r1", claim("REP-1", 999_00))[0], 202, "the same id with another body")
    findings.equal(door.deliver("r2", claim("REP-2", 4200))[0], 202, "a delivery")
    findings.equal(door.deliver("r3", claim("REP-2", 4300))[0], 202, "the same revision with other bytes")
    found = _program.settled(door, ["REP-1", "REP-2"], at_least={"REP-2": 2})
    totals = [(one["total"], one["state"] in ("posted", "waiting")) for one in found["REP-1"]]
    findings.equal(totals, [("42.00", True)], "cases of REP-1")
    states = sorted(one["state"] for one in found["REP-2"])
    findings.expect(
        len(states) == 2 and "conflict" in states, f"REP-2 has one case and one conflict beside it, found {states}"
    )
    conflict = next((one for one in found["REP-2"] if one["state"] == "conflict"), {})
    findings.equal((conflict.get("problem") or {}).get("code"), "case.conflict", "problem of the conflict")


def zip_bomb():
    """An OFD of 60 MB of zeros in a few kilobytes, and one that is cut off."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", "<?xml version='1.0'?><ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>")
        archive.writestr("Doc_0/Document.xml", bytes(60 << 20))
    return buffer.getvalue()


def truncated_ofd():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", "<?xml version='1.0'?><ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>")
        archive.writestr("Doc_0/Document.xml", hashlib.sha256(b"x").hexdigest() * 400)
    return buffer.getvalue()[:-60]


def held_samples():
    """Name to (document, the codes that may hold it)."""
    def changed(name, **changes):
        document = claim(name, 8600)
        for key, value in changes.items():
            if value is None:
                document.pop(key, None)
            else:
                document[key] = value
        return document

    def with_file(name, content, file_name, media_type):
        document = claim(name, 8600)
        document["attachments"] = [attachment(file_name, content, media_type)]
        return document

    def with_link(name, url):
        document = claim(name, 8600)
        document["attachments"] = [{"name": "dzfp.xml", "media_type": "application/xml", "url": url}]
        return document

    number, good_xml, total = invoice(1, 50_000)
    dtd = good_xml.replace(b"?>", b'?><!DOCTYPE EInvoice [<!ENTITY z "000">]>', 1)
    other = good_xml.replace(yuan(total).encode(), yuan(total + 1).encode())
    schema = ("document.", "schema.", "mapping.")
    unreachable = ("evidence.attachment_unreachable",)
    samples = {
        "HOLD-COMPANY": (changed("HOLD-COMPANY", company={"id": "C77", "name": "没有这家公司"}), ("company.unknown",)),
        "HOLD-TOTAL": (changed("HOLD-TOTAL", total=None), schema),
        "HOLD-DIGITS": (changed("HOLD-DIGITS", total="86.005"), (*schema, "rules.", "money.", "amount")),
        "HOLD-NEGATIVE": (changed("HOLD-NEGATIVE", total="-86.00"), (*schema, "rules.", "amount")),
        "HOLD-NUMBER": (changed("HOLD-NUMBER", total=86), schema),
        "HOLD-HUGE": (changed("HOLD-HUGE", total="9" * 40 + ".00"), (*schema, "rules.", "money.", "amount")),
        "HOLD-CURRENCY": (changed("HOLD-CURRENCY", currency="XXXX"), (*schema, "rules.")),
        "HOLD-PERSON": (changed("HOLD-PERSON", applicant={"id": "u-77", "name": "谁"}), ("mapping.unknown_party",)),
        "HOLD-DEPARTMENT": (changed("HOLD-DEPARTMENT", department={"id": "d-77", "name": "哪"}), ("mapping.unknown_party",)),
        "HOLD-KIND": (changed("HOLD-KIND", kind="dance"), (*schema, "rules.")),
        "HOLD-FUTURE": (changed("HOLD-FUTURE", approved_at="2099-01-01T00:00:00+08:00"), ("ledger.", "rules.")),
        "HOLD-DATE": (changed("HOLD-DATE", approved_at="2026-02-30T00:00:00+08:00"), schema),
        "HOLD-DTD": (with_file("HOLD-DTD", dtd, "a.xml", "application/xml"), ("evidence.xml_dtd_forbidden",)),
        "HOLD-SUM": (with_file("HOLD-SUM", other, "a.xml", "application/xml"), ("evidence.check_failed", "evidence.")),
        "HOLD-BOMB": (with_file("HOLD-BOMB", zip_bomb(), "a.ofd", "application/ofd"), ("evidence.zip_bomb",)),
        "HOLD-CUT": (with_file("HOLD-CUT", truncated_ofd(), "a.ofd", "application/ofd"), ("evidence.zip_",)),
        "HOLD-LINK": (with_link("HOLD-LINK", "https://oa.invalid/file/1"), unreachable),
        "HOLD-LOOP": (with_link("HOLD-LOOP", "http://127.0.0.1:1/file"), unreachable),
        "HOLD-META": (with_link("HOLD-META", "http://169.254.169.254/latest/meta-data/"), unreachable),
        "HOLD-V6": (with_link("HOLD-V6", "http://[::ffff:127.0.0.1]/x"), unreachable),
        "HOLD-FILE": (with_link("HOLD-FILE", "file:///etc/passwd"), (*unreachable, *schema)),
        "HOLD-BYTES": (claim("HOLD-BYTES", 8600), ("evidence.attachment_changed",)),
        "HOLD-BASE64": (claim("HOLD-BASE64", 8600), ("evidence.attachment_not_base64", *schema)),
        "HOLD-MISSING": (claim("HOLD-MISSING", 8600), ("evidence.missing",)),
    }
    file = attachment("a.txt", b"hello", "text/plain")
    samples["HOLD-BYTES"][0]["attachments"] = [{**file, "sha256": "0" * 64}]
    samples["HOLD-BASE64"][0]["attachments"] = [{**file, "content_base64": "***"}]
    samples["HOLD-MISSING"][0]["items"][0]["evidence"] = [{"number": "26990000000000000077"}]
    return samples


def held(door, findings):
    samples = held_samples()
    for name, (document, _) in samples.items():
        findings.equal(door.deliver(name, document)[0], 202, f"the door for {name}, which a person can fix")
    # An address that does not answer is asked three times before a person is.
    found = _program.settled(door, samples, seconds=40)
    for name, (_, codes) in samples.items():
        case = (found.get(name) or [None])[0]
        if not findings.expect(case, f"{name} is among the cases"):
            continue
        code = (case["problem"] or {}).get("code", "")
        findings.expect(
            case["state"] == "held" and code.startswith(tuple(codes)),
            f"{name} is held with one of {codes}; found {case['state']} with {code!r}",
        )
        problem = case["problem"] or {}
        texts = [problem.get(one) for one in ("title", "location", "cause", "remedy")]
        findings.expect(all(texts), f"{name}: its problem tells what, where, why and the way out")
    originals_kept(door, findings, found)
    print(f"  {len(samples)} documents that a person can fix")


def originals_kept(door, findings, found):
    """A refused file is kept as it came."""
    kept = {one.get("file") or one.get("file_name"): one for one in door.all("/evidence")}
    findings.expect("a.ofd" in kept, f"the refused OFD is among the evidence: {sorted(map(str, kept))}")
    for one in door.all("/evidence"):
        if (one.get("file") or one.get("file_name")) != "a.ofd":
            continue
        headers = {"authorization": "Bearer " + door.token}
        status, content = door.ask("GET", f"/api/v1/evidence/{one['id']}/original", None, headers)
        samples = {hashlib.sha256(zip_bomb()).hexdigest(), hashlib.sha256(truncated_ofd()).hexdigest()}
        sent = hashlib.sha256(content).hexdigest()
        findings.expect(status == 200, f"the original of {one['id']}: {status}")
        findings.expect(sent == one.get("sha256", sent), f"the original of {one['id']} has the digest it is listed with")
        findings.expect(len(samples) == 2 and len(content) > 100, f"the original of {one['id']} has its bytes")


def good_goes_on(door, findings):
    for number in range(5):
        findings.equal(door.deliver(f"g{number}", claim(f"GOOD-{number}", 1000 + number))[0], 202, "a good delivery")
    names = [f"GOOD-{number}" for number in range(5)]
    found = _program.settled(door, names)
    for name in names:
        states = [one["state"] for one in found.get(name, [])]
        findings.expect(states in (["posted"], ["waiting"]), f"{name} is booked or waits for review: {states}")


main()
