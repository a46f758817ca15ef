import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("An amendment")
struct AmendmentTests {
    private static let invoice = Invoice(1, net: 1000_00)
    private static let approved = Form.expense("BX-1", "1130.00", invoice: invoice)

    private static func amended(_ revision: Int, department: (String, String)) -> Form {
        approved.with {
            $0.revision = revision
            $0.outcome = "amended"
            $0.department = department
        }
    }

    /// What is on the books when the last amendment stands.
    private static let end: [String: Int64] = [
        "660109 部门=D20": 1000_00, "22210101 ": 130_00, "224101 人员=E001": -1130_00,
    ]

    /// Revisions 1, 2 and 3, the last of the sales department.
    private static let revisions = [
        approved, amended(2, department: ("d-40", "一车间")), amended(3, department: ("d-20", "销售部")),
    ]

    @Test("replaces a draft that nobody has posted", arguments: Engine.available)
    func draft(_ engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.approved, Self.amended(2, department: ("d-20", "销售部")))
            #expect(try await office.theCase("BX-1").state == .superseded)
            try await office.work()
            #expect(try await office.balances() == Self.end)
            #expect(try await office.vouchers(.posted).count == 1)
            #expect(try await office.users(of: Self.invoice) == [office.theCase("BX-1", revision: 2).id])
        }
    }

    @Test("reverses and books anew what is posted", arguments: Engine.available)
    func posted(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(Self.approved, Self.amended(2, department: ("d-20", "销售部")))
            #expect(try await office.theCase("BX-1", revision: 2).state == .waiting)
            try await office.work()
            #expect(try await office.theCase("BX-1").state == .reversed)
            #expect(try await office.theCase("BX-1", revision: 2).state == .posted)
            #expect(try await office.balances() == Self.end)
            #expect(try await office.users(of: Self.invoice) == [office.theCase("BX-1", revision: 2).id])
        }
    }

    /// Every order of three.
    private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    /// How far each revision gets before the next arrives.
    enum Pace: String, CaseIterable { case posted, drafted, reviewed, atOnce }

    @Test("in any order of arrival ends in the same books", arguments: orders, Pace.allCases)
    func anyOrder(_ order: [Int], _ pace: Pace) async throws {
        try await Self.check(order, pace, on: .sqlite)
    }

    @Test("in any order of arrival ends in the same books on PostgreSQL", arguments: orders)
    func anyOrderOnPostgreSQL(_ order: [Int]) async throws {
        guard Engine.available.contains(.postgreSQL) else { return }
        try await Self.check(order, .posted, on: .postgreSQL)
    }

    private static func check(_ order: [Int], _ pace: Pace, on engine: Engine) async throws {
        let company = pace == .drafted || pace == .atOnce ? TestCompany.byHand : TestCompany()
        try await Office.open(engine, company: company) { office in
            for index in order {
                try await office.send(Self.revisions[index])
                if pace != .atOnce { try await office.settle() }
                if pace == .posted { try await office.work() }
            }
            try await office.settle()
            try await office.work()
            try await office.work()
            #expect(try await office.balances() == Self.end)
            #expect(try await office.theCase("BX-1", revision: 3).state == .posted)
            #expect(try await office.users(of: Self.invoice) == [office.theCase("BX-1", revision: 3).id])
            let jobs = try await office.openJobs()
            #expect(jobs == [])
            #expect(try await office.deadLetters(Book.inbox(of: TestCompany.connector)) == 0)
            #expect(try await office.allCases().count == 3)
        }
    }

    @Test("that is withdrawn leaves nothing, wherever it stood", arguments: Engine.available, Pace.allCases)
    func withdrawn(_ engine: Engine, _ pace: Pace) async throws {
        let company = pace == .drafted || pace == .atOnce ? TestCompany.byHand : TestCompany()
        try await Office.open(engine, company: company) { office in
            let forms =
                Self.revisions.prefix(2) + [
                    Self.approved.with {
                        $0.revision = 3; $0.outcome = "withdrawn"
                    }
                ]
            for form in forms {
                try await office.send(form)
                if pace != .atOnce { try await office.settle() }
                if pace == .posted { try await office.work() }
            }
            try await office.settle()
            try await office.work()
            try await office.work()
            #expect(try await office.balances() == [:])
            #expect(try await office.users(of: Self.invoice) == [])
            #expect(try await office.vouchers(.draft, .pending, .approved).isEmpty)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }
}
