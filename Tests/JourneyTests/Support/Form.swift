import Cryptography
import Kernel
import Samples
import TestSupport

/// A file that an approval brings.
struct Attachment: Sendable {
    var name: String
    var bytes: [UInt8]
    /// What the form says of its bytes, where that differs from the truth.
    var statedDigest: String?
    /// Where it would be fetched; it then travels without its bytes.
    var url: String?
}

/// An approval in the one document form, as a test thinks of it.
struct Form: Sendable {
    var kind = "expense"
    var instance: String
    var revision = 1
    var outcome = "approved"
    var total: String?
    var approvedAt = "2026-04-10T02:00:00Z"
    var company = ("C01", TestCompany.name)
    var applicant = ("u-01", "张三")
    var department = ("d-10", "行政部")
    var items: [JSON] = []
    var files: [Attachment] = []
    var extra: [(String, JSON)] = []

    /// An expense claim of one line.
    static func expense(
        _ instance: String, _ gross: String, kind: String = "office", invoice: Invoice? = nil
    ) -> Form {
        Form(
            instance: instance, total: gross, items: [item(1, kind, gross, invoice: invoice)],
            files: invoice.map { [$0.file] } ?? []
        )
    }

    static func item(
        _ number: Int, _ kind: String, _ gross: String, invoice: Invoice? = nil, extra: [(String, JSON)] = []
    ) -> JSON {
        var members: [(String, JSON)] = [
            ("no", .integer(number)), ("kind", .string(kind)), ("gross", .string(gross)),
        ]
        if let invoice { members.append(("evidence", [["number": .string(invoice.number)]])) }
        return .object(members + extra)
    }

    static func party(_ id: String, _ name: String) -> JSON { ["id": .string(id), "name": .string(name)] }

    /// The form changed in passing.
    func with(_ change: (inout Form) -> Void) -> Form {
        var form = self
        change(&form)
        return form
    }

    var json: JSON {
        let submitted = Timestamp.at(approvedAt).adding(seconds: -3600).text
        var members: [(String, JSON)] = [
            (
                "source",
                [
                    "connector": .string(TestCompany.connector), "tenant": "t1", "instance": .string(instance),
                    "revision": .integer(revision), "outcome": .string(outcome),
                ]
            ),
            ("kind", .string(kind)), ("number", .string(instance)), ("title", .string("单 " + instance)),
            ("company", Self.party(company.0, company.1)), ("department", Self.party(department.0, department.1)),
            ("applicant", Self.party(applicant.0, applicant.1)), ("currency", "CNY"),
        ]
        if let total { members.append(("total", .string(total))) }
        members.append(("submitted_at", .string(submitted)))
        members.append(("approved_at", .string(approvedAt)))
        if ["withdrawn", "voided", "amended"].contains(outcome) { members.append(("ended_at", .string(approvedAt))) }
        if !items.isEmpty { members.append(("items", .array(items))) }
        members.append(("trail", trail(submitted)))
        if !files.isEmpty { members.append(("attachments", .array(files.map(Self.attachment)))) }
        return .object(members + extra)
    }

    private func trail(_ submitted: String) -> JSON {
        [
            [
                "node": "发起", "person": Self.party(applicant.0, applicant.1), "action": "submit",
                "entered_at": .string(submitted), "left_at": .string(submitted),
            ]
        ]
    }

    private static func attachment(_ file: Attachment) -> JSON {
        let type =
            file.name.hasSuffix(".xml")
            ? "application/xml" : file.name.hasSuffix(".ofd") ? "application/ofd" : "application/octet-stream"
        var members: [(String, JSON)] = [
            ("name", .string(file.name)), ("media_type", .string(type)), ("size", .integer(file.bytes.count)),
            ("sha256", .string(file.statedDigest ?? sha256(file.bytes).hex)),
        ]
        if let url = file.url {
            members.append(("url", .string(url)))
        } else {
            members.append(("content_base64", .string(Base64.encode(file.bytes))))
        }
        return .object(members)
    }
}

/// A made-up e-invoice to the company.
struct Invoice: Sendable {
    enum Carrier { case xml, ofd }

    let number: String
    let file: Attachment

    /// - Parameters:
    ///   - serial: Makes the number.
    ///   - net: In fen.
    init(_ serial: Int, net: Int64, percent: Int64 = 13, as carrier: Carrier = .xml, day: String = "2026-03-20") {
        guard let day = Day(day) else { fatalError("\(day) is no day") }
        let digits = String(serial)
        // Year, area, channel and a running number: the form of a 数电票 number; area 99 belongs to nobody.
        number = "269920000000990" + String(repeating: "0", count: 5 - digits.count) + digits
        let made = SampleInvoice(
            number: number, issueDate: day, kind: .special,
            buyer: SampleInvoice.Party(name: TestCompany.name, taxId: TestCompany.taxID),
            seller: SampleInvoice.Party(name: "云杉市松果文具有限公司", taxId: "91330199MA99P1NECJ"),
            lines: [
                SampleInvoice.Line(
                    name: "*纸制品*办公用纸", net: Money(minorUnits: net, .cny),
                    rate: "0." + (percent < 10 ? "0" : "") + String(percent),
                    tax: Money(minorUnits: net * percent / 100, .cny)
                )
            ]
        )
        file = Attachment(
            name: "dzfp_\(number).\(carrier == .ofd ? "ofd" : "xml")", bytes: carrier == .ofd ? made.ofd() : made.xml()
        )
    }
}

extension Form {
    /// Money that an employee was given before a journey.
    static func advance(_ instance: String, _ amount: String, on day: String = "2026-04-08") -> Form {
        Form(
            kind: "advance", instance: instance, outcome: "paid", total: amount, approvedAt: day + "T01:00:00Z",
            items: [item(1, "cash_advance", amount)],
            extra: [
                ("payee", party("u-01", "张三")), ("advance", ["amount": .string(amount)]),
                ("payment", payment(amount, paidAt: day + "T01:30:00Z")),
            ]
        )
    }

    /// A journey whose costs are set off against advances.
    static func claim(_ instance: String, _ gross: String, invoice: Invoice, offset: String, of advance: String?)
        -> Form
    {
        Form(
            kind: "travel_claim", instance: instance, total: gross,
            items: [item(1, "hotel", gross, invoice: invoice)], files: [invoice.file],
            extra: [
                (
                    "advance",
                    .object(
                        (advance.map { [("number", .string($0))] } ?? []) + [("offset", .string(offset))]
                    )
                )
            ]
        )
    }

    static func payment(_ amount: String, paidAt: String? = nil) -> JSON {
        let members: [(String, JSON)] = [
            ("mode", "bank_transfer"), ("direction", "out"), ("amount", .string(amount)),
            ("bank_account", party("b-01", "工行基本户")),
        ]
        return .object(members + (paidAt.map { [("paid_at", .string($0))] } ?? []))
    }

    /// A payment to a supplier.
    static func payment(
        _ instance: String, _ amount: String, cites: String? = nil, revision: Int = 1, paidAt: String? = nil,
        invoice: Invoice? = nil
    ) -> Form {
        let supplier = party("s-02", "鲸落市远岸材料有限公司")
        return Form(
            kind: "payment", instance: instance, revision: revision, outcome: paidAt == nil ? "approved" : "paid",
            total: amount, items: [item(1, "payable", amount, invoice: invoice, extra: [("supplier", supplier)])],
            files: invoice.map { [$0.file] } ?? [],
            extra: [("payee", supplier), ("payment", payment(amount, paidAt: paidAt))]
                + (cites.map { [("cites", [["kind": "supplier_invoice", "number": .string($0)]])] } ?? [])
        )
    }

    /// A supplier's invoice for services or goods without an order.
    static func supplierInvoice(_ instance: String, _ gross: String, invoice: Invoice) -> Form {
        let supplier = party("s-02", "鲸落市远岸材料有限公司")
        return Form(
            kind: "supplier_invoice", instance: instance, total: gross,
            items: [item(1, "consulting", gross, invoice: invoice, extra: [("supplier", supplier)])],
            files: [invoice.file], extra: [("payee", supplier)]
        )
    }
}
