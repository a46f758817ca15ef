import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("What happens at the same moment")
struct AtOnceTests {
    private static let invoice = Invoice(1, net: 1000_00)
    private static let approved = Form.expense("BX-1", "1130.00", invoice: invoice)
    private static let withdrawn = approved.with {
        $0.revision = 2
        $0.outcome = "withdrawn"
    }

    /// Which of the two gets there first is chance; the books are the same.
    @Test("a posting and a withdrawal leave nothing on the books", arguments: Engine.available, 1...4)
    func postingAndWithdrawal(_ engine: Engine, _ attempt: Int) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.approved)
            let record = try await office.voucher(of: "BX-1")
            try await office.act(.approve, on: record, by: .reviewer)
            try await office.send(Self.withdrawn)
            async let posting = office.refusal(of: .post, on: record, by: .poster)
            async let work: Void = office.settle()
            let (refusal, _) = try await (posting, work)
            #expect(refusal == nil || refusal == "voucher.not_now")
            try await office.settle(minutes: 1)
            try await office.work()
            #expect(try await office.balances() == [:])
            #expect(try await office.users(of: Self.invoice) == [])
            #expect(try await office.vouchers(.draft, .pending, .approved).isEmpty)
            let last = try await office.theCase("BX-1", revision: 2)
            #expect(last.state == (refusal == nil ? .reversed : .nothingToBook))
        }
    }

    @Test("two forms with one invoice book it once", arguments: Engine.available, 1...4)
    func oneInvoice(_ engine: Engine, _ attempt: Int) async throws {
        try await Office.open(engine) { office in
            try await office.send(Self.approved)
            try await office.send(Form.expense("BX-2", "1130.00", invoice: Self.invoice))
            let other = office.makeWorker("node-1")
            async let one: Int = office.worker.round()
            async let two: Int = other.round()
            _ = try await (one, two)
            try await office.settle(minutes: 2)
            let states = try await office.allCases().map(\.state)
            #expect(states.filter { $0 == .posted }.count == 1)
            #expect(states.filter { $0 == .held }.count == 1)
            #expect(try await office.users(of: Self.invoice).count == 1)
            #expect(try await office.balances()["22210101 "] == 130_00)
        }
    }

    @Test("two persons' acts on one voucher have one effect", arguments: Engine.available)
    func twoPersons(_ engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.approved)
            let record = try await office.voucher(of: "BX-1")
            try await office.act(.approve, on: record, by: .reviewer)
            async let posting = office.refusal(of: .post, on: record, by: .poster)
            async let taking = office.refusal(of: .unapprove, on: record, by: .reviewer)
            let refusals = try await [posting, taking]
            #expect(refusals.filter { $0 == nil }.count == 1)
            let state = try await office.voucher(of: "BX-1").state
            #expect(state == (refusals[0] == nil ? .posted : .pending))
        }
    }
}
