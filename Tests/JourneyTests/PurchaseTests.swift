import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("A purchase")
struct PurchaseTests {
    private static let company = TestCompany(settings: ["goods_receipt": "on_receipt", "quantity_tolerance": "0.5"])
    private static let supplier = Form.party("s-02", "鲸落市远岸材料有限公司")

    private static func goods(_ quantity: String, _ more: [(String, JSON)]) -> JSON {
        .object(
            [
                ("no", 1), ("kind", "goods"), ("code", "M001"), ("quantity", .string(quantity)),
                ("unit_price", "10.00"),
                ("supplier", supplier),
            ] + more
        )
    }

    private static func order(_ number: String, revision: Int = 1, outcome: String = "approved") -> Form {
        Form(
            kind: "purchase_order", instance: number, revision: revision, outcome: outcome, total: "1130.00",
            approvedAt: "2026-04-01T02:00:00Z",
            items: [goods("100", [("tax_rate", "0.13"), ("gross", "1130.00")])], extra: [("payee", supplier)]
        )
    }

    private static func receipt(
        _ number: String, of order: String, revision: Int = 1, outcome: String = "approved"
    ) -> Form {
        Form(
            kind: "goods_receipt", instance: number, revision: revision, outcome: outcome, total: "1000.00",
            approvedAt: "2026-04-02T02:00:00Z", items: [goods("100", [("gross", "1000.00")])],
            extra: [("payee", supplier), ("cites", [["kind": "purchase_order", "number": .string(order)]])]
        )
    }

    /// An invoice over half of what was ordered.
    private static func half(_ number: String, _ invoice: Invoice, order: String, receipt: String) -> Form {
        Form(
            kind: "supplier_invoice", instance: number, total: "565.00", approvedAt: "2026-04-03T02:00:00Z",
            items: [
                goods(
                    "50",
                    [
                        ("net", "500.00"), ("tax", "65.00"), ("tax_rate", "0.13"), ("gross", "565.00"),
                        ("evidence", [["number": .string(invoice.number)]]),
                    ]
                )
            ], files: [invoice.file],
            extra: [
                ("payee", supplier),
                (
                    "cites",
                    [
                        ["kind": "purchase_order", "number": .string(order)],
                        ["kind": "goods_receipt", "number": .string(receipt)],
                    ]
                ),
            ]
        )
    }

    @Test(
        "clears no more of a receipt's estimate than it booked, however many invoices cite it",
        arguments: Engine.available)
    func partialInvoices(engine: Engine) async throws {
        for together in [false, true] {
            try await Office.open(engine, company: Self.company) { office in
                try await office.deliver(Self.order("PO-1"), Self.receipt("RK-1", of: "PO-1"))
                #expect(try await office.balances()["220202 供应商=S002"] == -1000_00)
                let invoices = [Invoice(1, net: 500_00), Invoice(2, net: 500_00)]
                for (index, invoice) in invoices.enumerated() {
                    try await office.send(Self.half("FP-\(index)", invoice, order: "PO-1", receipt: "RK-1"))
                    if !together { try await office.settle() }
                }
                try await office.settle()
                try await office.work()
                let cases = try await office.allCases().filter { $0.kind == "supplier_invoice" }
                #expect(cases.map(\.state) == [.posted, .posted], "\(cases.map { $0.problem?.code ?? "-" })")
                let balances = try await office.balances()
                #expect(balances["220202 供应商=S002"] == nil, "the estimate was cleared to \(balances)")
                #expect(balances["220201 供应商=S002"] == -1130_00)
            }
        }
    }

    @Test("puts the estimate back when the invoice that cleared it is taken back", arguments: Engine.available)
    func takenBack(engine: Engine) async throws {
        try await Office.open(engine, company: Self.company) { office in
            try await office.deliver(Self.order("PO-1"), Self.receipt("RK-1", of: "PO-1"))
            try await office.deliver(Self.half("FP-1", Invoice(1, net: 500_00), order: "PO-1", receipt: "RK-1"))
            try await office.work()
            #expect(try await office.balances()["220202 供应商=S002"] == nil)
            let posted = try await office.voucher(of: "FP-1")
            _ = try await office.vouchers.reverse(posted.voucher.id, in: TestCompany.id, by: .maker, reason: "错票")
            try await office.work()
            #expect(try await office.balances()["220202 供应商=S002"] == -1000_00)
            try await office.deliver(Self.half("FP-2", Invoice(2, net: 500_00), order: "PO-1", receipt: "RK-1"))
            try await office.work()
            #expect(try await office.balances()["220202 供应商=S002"] == nil)
        }
    }

    @Test("does not match an invoice with an order that was withdrawn", arguments: Engine.available)
    func withdrawnOrder(engine: Engine) async throws {
        try await Office.open(engine, company: Self.company) { office in
            try await office.deliver(
                Self.order("PO-1"), Self.order("PO-1", revision: 2, outcome: "withdrawn"),
                Self.half("FP-1", Invoice(1, net: 500_00), order: "PO-1", receipt: "RK-9")
            )
            let held = try await office.theCase("FP-1")
            #expect(held.state == .held)
            #expect(held.problem?.code.hasPrefix("rules.match_") == true, "\(held.problem?.code ?? "-")")
            // What it waited for comes, and it goes on by itself.
            try await office.deliver(Self.order("PO-1", revision: 3), Self.receipt("RK-9", of: "PO-1"))
            try await office.work()
            #expect(try await office.theCase("FP-1").state == .posted)
        }
    }
}
