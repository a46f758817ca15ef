"""Approvals in the one document form, e-invoices of invented parties, and the signature under both."""

import base64
import datetime
import hashlib
import hmac
import json
import time

# Printed here so that everybody sees it is no secret: it opens nothing but a demo on this machine.
SECRET = "whsec_" + base64.b64encode(b"a fixed key for local tests only").decode()
CONNECTOR = "demo-oa"
BOOK = "C01"
COMPANY = ("云杉市砚池软件科技有限公司", "91330199MA68B9QL7C")
SELLER = ("云杉市拾阶培训有限公司", "91330199MA22F6NB3Q")
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def moment(seconds_ago=600):
    now = datetime.datetime.now(CHINA).replace(microsecond=0)
    return (now - datetime.timedelta(seconds=seconds_ago)).isoformat()


def yuan(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def claim(instance, cents, revision=1, outcome="approved", kind="taxi", invoice=None, ago=600, **more):
    """An expense of one line; `invoice` is (number, bytes of its XML)."""
    item = {"no": 1, "kind": kind, "gross": yuan(cents)}
    at = moment(ago)
    document = {
        "source": {
            "connector": CONNECTOR, "tenant": "load", "instance": instance, "revision": revision, "outcome": outcome,
        },
        "kind": "expense", "number": instance, "title": "市内交通费",
        "company": {"id": "C01", "name": COMPANY[0]},
        "department": {"id": "d-10", "name": "行政部"}, "applicant": {"id": "u-01", "name": "张三"},
        "currency": "CNY", "total": yuan(cents), "submitted_at": moment(ago + 3600), "approved_at": at,
    }
    if outcome in ("withdrawn", "voided", "amended"):
        document["ended_at"] = at
    if invoice:
        number, content = invoice
        item["evidence"] = [{"number": number}]
        document["attachments"] = [attachment(f"dzfp_{number}.xml", content, "application/xml")]
    document["items"] = [item]
    document.update(more)
    return document


def attachment(name, content, media_type):
    return {
        "name": name, "media_type": media_type, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "content_base64": base64.b64encode(content).decode(),
    }


def invoice(serial, net_cents, percent=6):
    """A 数电票 as XML; nobody issued it. Returns (number, bytes, total in cents)."""
    tax = (net_cents * percent + 50) // 100
    total = net_cents + tax
    # Year, an area that belongs to nobody, and a running number.
    number = f"{datetime.datetime.now(CHINA).year % 100:02d}99{serial:016d}"
    day = datetime.datetime.now(CHINA).date().isoformat()
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>{number}</EIid><Version>0.37</Version><InherentLabel>
<InIssuType><LabelCode>Y</LabelCode><LabelName>蓝字发票</LabelName></InIssuType>
<GeneralOrSpecialVAT><LabelCode>01</LabelCode><LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT>
</InherentLabel></Header><EInvoiceData>
<SellerInformation><SellerIdNum>{SELLER[1]}</SellerIdNum><SellerName>{SELLER[0]}</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>{COMPANY[1]}</BuyerIdNum><BuyerName>{COMPANY[0]}</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>{yuan(net_cents)}</TotalAmWithoutTax><TotalTaxAm>{yuan(tax)}</TotalTaxAm>
<TotalTax-includedAmount>{yuan(total)}</TotalTax-includedAmount></BasicInformation>
<IssuItemInformation><ItemName>*教育服务*培训费</ItemName><Amount>{yuan(net_cents)}</Amount>
<TaxRate>{percent / 100:.2f}</TaxRate><ComTaxAm>{yuan(tax)}</ComTaxAm>
<TotaltaxIncludedAmount>{yuan(total)}</TotaltaxIncludedAmount></IssuItemInformation>
</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber>
<IssueTime>{day} 10:00:00</IssueTime></TaxSupervisionInfo></EInvoice>"""
    return number, text.encode(), total


def encoded(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def signature(event, body, at=None, secret=SECRET):
    """The three headers of Standard Webhooks."""
    stamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    code = hmac.new(key, f"{event}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": event, "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(code).decode(),
    }
