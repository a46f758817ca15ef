import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("An invoice")
struct InvoiceUseTests {
    @Test(
        "in claims that come at once is booked by one of them, and the others say why not", arguments: Engine.available)
    func atOnce(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let invoice = Invoice(1, net: 1000_00)
            for number in 1...5 {
                try await office.send(
                    Form.expense("BX-\(number)", "1130.00", invoice: invoice).with { $0.applicant = ("u-02", "李四") }
                )
            }
            try await office.settle()
            let cases = try await office.allCases()
            #expect(cases.filter { $0.state == .posted }.count == 1)
            let others = cases.filter { $0.state == .held }
            #expect(others.count == 4)
            #expect(Set(others.map { $0.problem?.code }) == ["rules.duplicate_evidence"])
            #expect(try await office.users(of: invoice) == cases.filter { $0.state == .posted }.map(\.id))
            #expect(try await office.balances()["22210101 "] == 130_00)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }

    @Test("twice in one claim is refused", arguments: [true, false])
    func twiceInOne(_ asTwoItems: Bool) async throws {
        try await Office.open(.sqlite) { office in
            let invoice = Invoice(1, net: 1000_00)
            var form = Form.expense("BX-1", "1130.00", invoice: invoice)
            if asTwoItems {
                form.total = "2260.00"
                form.items.append(Form.item(2, "office", "1130.00", invoice: invoice))
            } else {
                let same = Invoice(1, net: 1000_00, as: .ofd)
                form.files.append(same.file)
            }
            try await office.deliver(form)
            let claim = try await office.theCase("BX-1")
            #expect(claim.state == .held)
            #expect(claim.problem?.code == "rules.duplicate_evidence")
            #expect(try await office.users(of: invoice) == [])
        }
    }

    @Test("is booked by the claim, and the payment that cites it passes", arguments: Engine.available)
    func cited(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let invoice = Invoice(1, net: 1000_00, percent: 6)
            try await office.deliver(.supplierInvoice("FP-1", "1060.00", invoice: invoice))
            for number in 1...2 {
                try await office.deliver(
                    .payment("FK-\(number)", "530.00", cites: "FP-1", paidAt: "2026-04-12T03:00:00Z", invoice: invoice)
                )
            }
            try await office.work()
            #expect(try await office.allCases().map(\.state) == [.posted, .posted, .posted])
            #expect(try await office.users(of: invoice) == [office.theCase("FP-1").id])
            #expect(try await office.balances()["220201 供应商=S002"] == nil)
        }
    }

    @Test("to another company is not booked")
    func foreign() async throws {
        try await Office.open(.sqlite) { office in
            let invoice = Invoice(1, net: 1000_00)
            var form = Form.expense("BX-1", "1130.00", invoice: invoice)
            let bytes = String(decoding: invoice.file.bytes, as: UTF8.self)
                .replacing(TestCompany.taxID, with: "91330199MA00X0XX0X")
            form.files = [Attachment(name: invoice.file.name, bytes: Array(bytes.utf8))]
            try await office.deliver(form)
            #expect(try await office.theCase("BX-1").problem?.code == "rules.buyer_mismatch")
        }
    }
}
