import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("What is paid")
struct PayingTests {
    @Test("books nothing while it is only a request or an order", arguments: ["travel_request", "purchase_order"])
    func nothing(_ kind: String) async throws {
        try await Office.open(.sqlite) { office in
            var form = Form(kind: kind, instance: "CC-1", total: "3000.00", items: [Form.item(1, "hotel", "3000.00")])
            if kind == "purchase_order" {
                form.extra = [("payee", Form.party("s-02", "鲸落市远岸材料有限公司"))]
                form.items = [Form.item(1, "goods", "3000.00", extra: [("code", "M001"), ("quantity", "3")])]
            }
            try await office.deliver(form)
            let made = try await office.theCase("CC-1")
            #expect(made.state == .nothingToBook)
            #expect(made.note?.en.isEmpty == false)
            #expect(try await office.vouchers().isEmpty)
        }
    }

    @Test("waits for the time of payment, and is booked once when it is paid", arguments: Engine.available)
    func paid(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let invoice = Invoice(1, net: 1000_00, percent: 6)
            try await office.deliver(.supplierInvoice("FP-1", "1060.00", invoice: invoice))
            #expect(try await office.theCase("FP-1").state == .posted)
            try await office.deliver(.payment("FK-1", "1060.00", cites: "FP-1", invoice: invoice))
            #expect(try await office.theCase("FK-1").state == .waiting)
            #expect(try await office.theCase("FK-1").step == .rules)
            let paid = Form.payment(
                "FK-1", "1060.00", cites: "FP-1", revision: 2, paidAt: "2026-04-12T03:00:00Z", invoice: invoice
            )
            try await office.deliver(paid, paid)
            #expect(try await office.theCase("FK-1").state == .superseded)
            try await office.work()
            #expect(try await office.theCase("FK-1", revision: 2).state == .posted)
            let voucher = try await office.voucher(of: "FK-1", revision: 2)
            #expect(voucher.lines == ["借 220201 供应商=S002 1060.00", "贷 1002 银行账户=B01 1060.00"])
            #expect(voucher.voucher.date.text == "2026-04-12")
            #expect(try await office.users(of: invoice) == [office.theCase("FP-1").id])
            #expect(try await office.balances()["220201 供应商=S002"] == nil)
        }
    }

    @Test("is set off against advances, the oldest first", arguments: Engine.available)
    func oldestFirst(_ engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(.advance("JK-2", "500.00", on: "2026-04-09"), .advance("JK-1", "300.00"))
            try await office.work()
            #expect(try await office.open() == ["JK-1 300.00", "JK-2 500.00"])
            try await office.deliver(
                .claim("BX-1", "424.00", invoice: Invoice(1, net: 400_00, percent: 6), offset: "424.00", of: nil)
            )
            #expect(try await office.voucher(of: "BX-1").lines.last == "贷 122101 人员=E001 424.00")
            #expect(try await office.open() == ["JK-2 376.00"])
            try await office.work()
            #expect(try await office.open() == ["JK-2 376.00"])
        }
    }

    @Test("never takes more from an advance than is open, however many claim it at once", arguments: Engine.available)
    func together(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(.advance("JK-1", "1000.00"))
            try await office.work()
            for number in 1...6 {
                let invoice = Invoice(number, net: 400_00, percent: 6)
                try await office.send(
                    .claim("BX-\(number)", "424.00", invoice: invoice, offset: "424.00", of: "JK-1")
                )
            }
            try await office.settle()
            let claims = try await office.allCases().filter { $0.kind == "travel_claim" }
            #expect(claims.filter { $0.state == .posted }.count == 2)
            let held = claims.filter { $0.state == .held }
            #expect(held.map { $0.problem?.code } == [String?](repeating: "rules.advance_exceeded", count: 4))
            #expect(try await office.open() == ["JK-1 152.00"])
            // The employee claims the rest, and the advance is even.
            try await office.deliver(
                .claim("BX-7", "152.00", invoice: Invoice(7, net: 152_00, percent: 0), offset: "152.00", of: "JK-1")
            )
            #expect(try await office.open() == [])
            #expect(try await office.balances()["122101 人员=E001"] == nil)
        }
    }
}

extension Office {
    /// Open advances, oldest first: number and balance.
    fileprivate func open() async throws -> [String] {
        try await read { records in
            try records.ledger.openItems(account: "122101", party: "E001").map { "\($0.number) \($0.balance.text)" }
        }
    }
}
