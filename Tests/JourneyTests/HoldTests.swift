import Cryptography
import Kernel
import Ledger
import Pipeline
import Samples
import TestSupport
import Testing

@Suite("A case that cannot go on")
struct HoldTests {
    private static let taxi = Form.expense("BX-1", "86.00", kind: "taxi")

    /// Something a person has to fix, and the problem it is held with.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let form: Form
        /// Whether the bytes of its files came, so that they are kept.
        var keeps = true
    }

    private static let invoice = Invoice(1, net: 1000_00)

    private static func withFile(_ name: String, _ bytes: [UInt8], _ change: (inout Attachment) -> Void = { _ in })
        -> Form
    {
        var file = Attachment(name: name, bytes: bytes)
        change(&file)
        return taxi.with { $0.files = [file] }
    }

    private static let faults: [Fault] = [
        Fault(testDescription: "no total", code: "document.invalid", form: taxi.with { $0.total = nil }),
        Fault(
            testDescription: "three decimals", code: "document.invalid",
            form: Form.expense("BX-1", "86.001", kind: "taxi")),
        Fault(
            testDescription: "items that do not add up", code: "rules.amount_mismatch",
            form: taxi.with { $0.total = "500.00" }),
        Fault(
            testDescription: "a total below nothing", code: "rules.negative_total",
            form: Form.expense("BX-1", "-0.01", kind: "taxi").with {
                $0.files = [Attachment(name: "a.txt", bytes: [1])]
            }
        ),
        Fault(
            testDescription: "an unknown person", code: "mapping.unknown_party",
            form: taxi.with { $0.applicant = ("u-99", "新同事") }),
        Fault(
            testDescription: "an unknown company", code: "company.unknown",
            form: taxi.with { $0.company = ("C99", "别家公司") }),
        Fault(
            testDescription: "an invoice with a DOCTYPE", code: "evidence.xml_dtd_forbidden",
            form: withFile(
                "a.xml",
                Array(
                    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><EInvoice>&b;</EInvoice>"
                        .utf8))
        ),
        Fault(testDescription: "a zip bomb", code: "evidence.zip_bomb", form: withFile("a.ofd", Bomb.bytes)),
        Fault(
            testDescription: "a truncated OFD", code: "evidence.zip_truncated",
            form: withFile("a.ofd", Array(Invoice(1, net: 1000_00, as: .ofd).file.bytes.dropLast(400)))
        ),
        Fault(
            testDescription: "an attachment that cannot be fetched", code: "evidence.attachment_unreachable",
            form: withFile("a.xml", invoice.file.bytes) { $0.url = "http://127.0.0.1:1/a.xml" }, keeps: false
        ),
        Fault(
            testDescription: "an attachment with other bytes than stated", code: "evidence.attachment_changed",
            form: withFile("a.xml", invoice.file.bytes) { $0.statedDigest = String(repeating: "0", count: 64) }
        ),
        Fault(
            testDescription: "an item that names an invoice nobody sent", code: "evidence.missing",
            form: Form.expense("BX-1", "1130.00", invoice: invoice).with { $0.files = [] }
        ),
    ]

    @Test(
        "is held with a problem, keeps its originals, and stands in nobody's way, also when it is retried",
        arguments: Engine.available, faults)
    func held(_ engine: Engine, _ fault: Fault) async throws {
        try await Office.open(engine) { office in
            try await office.send(fault.form)
            try await office.send(.expense("BX-2", "20.00", kind: "taxi"))
            try await office.settle()
            // What may pass is tried again first.
            for _ in 0..<4 {
                office.clock.advance(seconds: 60)
                try await office.settle()
            }
            let first = try await office.theCase("BX-1")
            #expect(first.state == .held)
            #expect(first.problem?.code == fault.code, "\(first.problem?.cause.en ?? "")")
            #expect(try await office.theCase("BX-2").state == .posted)
            try await office.cases.retry(first.id, in: TestCompany.id, by: .lead, reason: "try")
            for _ in 0..<4 {
                try await office.settle()
                office.clock.advance(seconds: 60)
            }
            let again = try await office.theCase("BX-1")
            #expect(again.state == .held)
            #expect(again.problem?.code == fault.code, "\(again.problem?.cause.en ?? "")")
            #expect(again.run == 2)
            #expect(try await office.vouchers().count == 1)
            for file in fault.form.files where fault.keeps {
                let kept = try await office.read { try $0.originals.bytes(sha256(file.bytes)) }
                #expect(kept.map(sha256) == sha256(file.bytes))
            }
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }

    @Test(
        "for somebody unknown goes on with all others that wait, as soon as the person is mapped",
        arguments: Engine.available)
    func mapped(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            for number in 1...3 {
                try await office.deliver(
                    Form.expense("BX-\(number)", "86.00", kind: "taxi").with { $0.applicant = ("u-99", "新同事") }
                )
            }
            try await office.deliver(
                Form.expense("BX-4", "86.00", kind: "taxi").with { $0.applicant = ("u-98", "又一位") })
            let resumed = try await office.cases.map(
                PartyMapping(connector: TestCompany.connector, dimension: "人员", vendorID: "u-99", code: "E099"),
                to: MasterItem(dimension: "人员", code: "E099", name: "新同事"), in: TestCompany.id, by: .lead
            )
            #expect(resumed == 3)
            try await office.settle()
            #expect(try await office.allCases().map(\.state) == [.posted, .posted, .posted, .held])
            #expect(try await office.balances()["224101 人员=E099"] == -258_00)
            #expect(try await office.theCase("BX-1").run == 2)
        }
    }
}

/// An OFD that would unpack to more than anybody has.
private enum Bomb {
    static let bytes: [UInt8] = {
        var zip = ZipWriter()
        zip.add("OFD.xml", [UInt8](repeating: 0x20, count: 2 << 20))
        return zip.finish()
    }()
}
