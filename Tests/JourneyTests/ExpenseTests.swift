import Access
import Cryptography
import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("An expense claim")
struct ExpenseTests {
    @Test(
        "is posted with its lines, number 1 and the balances they make", arguments: Engine.available,
        [Invoice.Carrier.xml, .ofd]
    )
    func posted(_ engine: Engine, _ carrier: Invoice.Carrier) async throws {
        try await Office.open(engine) { office in
            let invoice = Invoice(1, net: 1000_00, as: carrier)
            try await office.deliver(.expense("BX-1", "1130.00", invoice: invoice))
            #expect(try await office.theCase("BX-1").state == .posted)
            let voucher = try await office.voucher(of: "BX-1")
            #expect(voucher.lines == ["借 660209 部门=D10 1000.00", "借 22210101 130.00", "贷 224101 人员=E001 1130.00"])
            #expect(voucher.number?.number == 1)
            #expect(voucher.voucher.date.text == "2026-04-10")
            #expect(
                try await office.balances() == [
                    "660209 部门=D10": 1000_00, "22210101 ": 130_00, "224101 人员=E001": -1130_00,
                ]
            )
            #expect(try await office.users(of: invoice) == [office.theCase("BX-1").id])
            let original = try await office.read { try $0.originals.bytes(sha256(invoice.file.bytes)) }
            #expect(original == invoice.file.bytes)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }

    @Test("over the ceiling waits for a reviewer, and is posted when one approved it", arguments: Engine.available)
    func ceiling(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(
                .expense("BX-1", "5000.00", kind: "consulting"), .expense("BX-2", "5000.01", kind: "consulting")
            )
            #expect(try await office.voucher(of: "BX-1").state == .posted)
            let pending = try await office.voucher(of: "BX-2")
            #expect(pending.state == .pending)
            #expect(try await office.theCase("BX-2").state == .waiting)
            try await office.act(.approve, on: pending, by: .reviewer)
            try await office.settle()
            let posted = try await office.voucher(of: "BX-2")
            #expect(posted.state == .posted)
            #expect(posted.number?.number == 2)
            #expect(posted.standing.reviewer == "reviewer")
            #expect(try await office.theCase("BX-2").state == .posted)
        }
    }

    @Test("cannot be approved by its maker, by the cashier, or by somebody without the right")
    func duties() async throws {
        try await Office.open(.sqlite, company: .byHand) { office in
            try await office.deliver(.advance("JK-1", "300.00"))
            let voucher = try await office.voucher(of: "JK-1")
            #expect(try await office.refusal(of: .approve, on: voucher, by: .maker) == "access.denied")
            #expect(try await office.refusal(of: .post, on: voucher, by: .poster) == "voucher.not_now")
            let both = Visitor.person("both", .reviewer, .cashier)
            try await office.act(.signAsCashier, on: voucher, by: both)
            let refusal = try await office.refusal(of: .approve, on: voucher, by: both)
            #expect(refusal == "voucher.duties_not_separate")
            try await office.act(.approve, on: voucher, by: .reviewer)
            #expect(try await office.refusal(of: .approve, on: voucher, by: .lead) == "voucher.not_now")
            try await office.act(.post, on: voucher, by: .poster)
            let makes = Visitor.person("makes", .maker, .reviewer, .lead)
            let red = try await office.vouchers.reverse(
                voucher.voucher.id, in: TestCompany.id, by: makes, reason: "误付"
            )
            let own = try await office.refusal(of: .approve, on: red, by: makes)
            #expect(own == "voucher.duties_not_separate")
            try await office.work()
            #expect(try await office.balances() == [:])
            #expect(try await office.theCase("JK-1").state == .reversed)
        }
    }

    @Test("is not posted while it moves money and no cashier has signed", arguments: Engine.available)
    func cashier(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(.advance("JK-1", "300.00"))
            let voucher = try await office.voucher(of: "JK-1")
            #expect(voucher.state == .approved)
            #expect(voucher.needsCashier)
            #expect(try await office.refusal(of: .post, on: voucher, by: .poster) == "voucher.cashier_missing")
            #expect(try await office.theCase("JK-1").note?.en == "Waits for the cashier's signature.")
            try await office.act(.signAsCashier, on: voucher, by: .cashier)
            try await office.settle()
            let posted = try await office.voucher(of: "JK-1")
            #expect(posted.state == .posted)
            #expect(posted.lines == ["借 122101 人员=E001 300.00", "贷 1002 银行账户=B01 300.00"])
        }
    }

    @Test("sent back by the reviewer and thrown away frees its invoice for the next claim", arguments: Engine.available)
    func thrownAway(_ engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            let invoice = Invoice(1, net: 1000_00)
            try await office.deliver(.expense("BX-1", "1130.00", invoice: invoice))
            let voucher = try await office.voucher(of: "BX-1")
            try await office.act(.sendBack(reason: "部门不对"), on: voucher, by: .reviewer)
            try await office.act(.discard, on: voucher, by: .maker)
            #expect(try await office.theCase("BX-1").problem?.code == "voucher.discarded")
            #expect(try await office.users(of: invoice) == [])
            try await office.deliver(.expense("BX-2", "1130.00", invoice: invoice))
            try await office.work()
            #expect(try await office.theCase("BX-2").state == .posted)
        }
    }
}
