import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("An approval sent again")
struct RepetitionTests {
    @Test("has one effect, under the same message id and under another", arguments: Engine.available)
    func again(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let form = Form.expense("BX-1", "1130.00", invoice: Invoice(1, net: 1000_00))
            try await office.send(form, id: "msg-1")
            try await office.send(form, id: "msg-1")
            try await office.settle()
            try await office.send(form, id: "msg-1")
            try await office.send(form, id: "msg-2")
            try await office.settle()
            #expect(try await office.allCases().map(\.state) == [.posted])
            #expect(try await office.vouchers().count == 1)
            #expect(try await office.balances()["224101 人员=E001"] == -1130_00)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }

    @Test("has one effect when twenty arrive at once", arguments: Engine.available)
    func atOnce(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let form = Form.expense("BX-1", "1130.00", invoice: Invoice(1, net: 1000_00))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await office.send(form, id: number.isMultiple(of: 2) ? "same" : "msg-\(number)")
                    }
                }
                try await group.waitForAll()
            }
            try await office.settle()
            #expect(try await office.allCases().map(\.state) == [.posted])
            #expect(try await office.vouchers().count == 1)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }

    @Test("months later changes nothing", arguments: Engine.available)
    func late(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let form = Form.expense("BX-1", "1130.00", invoice: Invoice(1, net: 1000_00))
            try await office.deliver(form)
            let before = try await office.balances()
            office.clock.set("2026-09-01T00:00:00Z")
            try await office.deliver(form)
            #expect(try await office.allCases().count == 1)
            #expect(try await office.balances() == before)
        }
    }

    @Test(
        "with other bytes in the same revision is kept as a conflict, and the first stays", arguments: Engine.available)
    func conflict(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let form = Form.expense("BX-1", "1130.00", invoice: Invoice(1, net: 1000_00))
            let other = form.with { $0.department = ("d-20", "销售部") }
            try await office.deliver(form, other, other)
            try await office.send(other, id: "other again")
            try await office.settle()
            let cases = try await office.allCases()
            #expect(cases.map(\.state) == [.posted, .conflict])
            #expect(cases.last?.problem?.code == "case.conflict")
            #expect(try await office.balances().keys.contains("660209 部门=D10"))
            #expect(try await office.vouchers().count == 1)
            // The conflict stands in nobody's way.
            try await office.deliver(
                form.with {
                    $0.revision = 2; $0.outcome = "withdrawn"
                })
            try await office.work()
            #expect(try await office.balances() == [:])
        }
    }

    @Test("under one message id with other bytes does not lose either", arguments: Engine.available)
    func sameMessage(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.send(.expense("BX-1", "86.00"), id: "msg-1")
            try await office.send(.expense("BX-2", "87.00"), id: "msg-1")
            try await office.settle()
            #expect(try await office.theCase("BX-1").state == .posted)
            let deliveries = try await office.store.read(Book.inbox(of: TestCompany.connector)) {
                try $0.inbox.page(limit: 10, cursor: nil).items.map(\.state)
            }
            #expect(Set(deliveries) == [.done, .conflict])
        }
    }
}
