import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("A withdrawal")
struct WithdrawalTests {
    private static let invoice = Invoice(1, net: 1000_00)
    private static let approved = Form.expense("BX-1", "1130.00", invoice: invoice)
    private static let withdrawn = approved.with {
        $0.revision = 2
        $0.outcome = "withdrawn"
    }
    private static let next = Form.expense("BX-2", "1130.00", invoice: invoice)

    @Test("before posting throws the draft away and frees the invoice", arguments: Engine.available)
    func beforePosting(_ engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.approved)
            #expect(try await office.users(of: Self.invoice).count == 1)
            try await office.deliver(Self.withdrawn)
            #expect(try await office.vouchers(.draft, .pending, .approved, .posted).isEmpty)
            #expect(try await office.users(of: Self.invoice) == [])
            #expect(try await office.allCases().map(\.state) == [.superseded, .nothingToBook])
            try await office.deliver(Self.next)
            try await office.work()
            #expect(try await office.theCase("BX-2").state == .posted)
        }
    }

    @Test(
        "of which no company is known waits for a person, and goes on by itself when its approval comes",
        arguments: Engine.available, [true, false]
    )
    func unknownCompany(_ engine: Engine, _ isFirst: Bool) async throws {
        try await Office.open(engine) { office in
            // The home book of the connector is another company's.
            try await office.openSecondCompany()
            let lost = Self.withdrawn.with { $0.company = ("C99", "别家公司") }
            if isFirst {
                try await office.deliver(lost)
                let held = try await office.store.read("C02") { try $0.cases.page(CaseQuery()).items }
                #expect(held.map(\.state) == [.held])
                #expect(held.first?.problem?.code == "company.unknown")
                try await office.deliver(Self.approved)
            } else {
                try await office.deliver(Self.approved, lost)
            }
            try await office.work()
            #expect(try await office.balances() == [:])
            #expect(try await office.users(of: Self.invoice) == [])
            let elsewhere = try await office.store.read("C02") { try $0.cases.page(CaseQuery()).items }
            #expect(elsewhere.map(\.state) == (isFirst ? [.superseded] : []))
        }
    }

    @Test("after posting is booked in red, and frees the invoice when that is posted", arguments: Engine.available)
    func afterPosting(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(Self.approved, Self.withdrawn)
            #expect(try await office.theCase("BX-1").state == .posted)
            #expect(try await office.theCase("BX-1", revision: 2).state == .waiting)
            // The first still stands, so its invoice is taken.
            try await office.deliver(Self.next)
            #expect(try await office.theCase("BX-2").state == .held)
            try await office.work()
            #expect(try await office.theCase("BX-1").state == .reversed)
            #expect(try await office.theCase("BX-1", revision: 2).state == .reversed)
            #expect(try await office.users(of: Self.invoice) == [])
            #expect(try await office.balances() == [:])
            let red = try await office.voucher(of: "BX-1", revision: 2)
            #expect(red.lines == ["借 660209 部门=D10 -1000.00", "借 22210101 -130.00", "贷 224101 人员=E001 -1130.00"])
            try await office.cases.retry(
                office.theCase("BX-2").id, in: TestCompany.id, by: .lead, reason: "the invoice is free"
            )
            try await office.settle()
            let next = try await office.theCase("BX-2")
            #expect(next.state == .posted, "\(next)")
            #expect(try await office.users(of: Self.invoice) == [office.theCase("BX-2").id])
        }
    }

    @Test("that arrives first makes the later approval a record only", arguments: Engine.available)
    func first(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(Self.withdrawn, Self.approved)
            #expect(try await office.allCases().map(\.state) == [.nothingToBook, .superseded])
            #expect(try await office.vouchers().isEmpty)
            #expect(try await office.users(of: Self.invoice) == [])
            try await office.deliver(Self.next)
            #expect(try await office.theCase("BX-2").state == .posted)
        }
    }

    @Test("of a held claim ends the hold", arguments: Engine.available)
    func held(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let unknown = Self.approved.with { $0.applicant = ("u-99", "新同事") }
            try await office.deliver(
                unknown,
                unknown.with {
                    $0.revision = 2; $0.outcome = "withdrawn"
                })
            #expect(try await office.allCases().map(\.state) == [.superseded, .nothingToBook])
        }
    }

    @Test("of money that was paid holds for a person", arguments: Engine.available)
    func paid(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(.advance("JK-1", "300.00"))
            try await office.work()
            try await office.deliver(
                Form.advance("JK-1", "300.00").with {
                    $0.revision = 2; $0.outcome = "withdrawn"
                })
            let withdrawal = try await office.theCase("JK-1", revision: 2)
            #expect(withdrawal.state == .held)
            #expect(withdrawal.problem?.code == "case.paid_before_withdrawal")
            #expect(try await office.balances()["122101 人员=E001"] == 300_00)
        }
    }

    @Test("of money that was paid holds also while the payment is not booked yet", arguments: Engine.available)
    func paidAndHeld(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let paid = Form.advance("JK-1", "300.00").with { $0.extra[0] = ("payee", Form.party("u-99", "新同事")) }
            let unknown = paid.with { $0.applicant = ("u-99", "新同事") }
            try await office.deliver(
                unknown,
                unknown.with {
                    $0.revision = 2; $0.outcome = "withdrawn"
                })
            #expect(try await office.theCase("JK-1").state == .held)
            let withdrawal = try await office.theCase("JK-1", revision: 2)
            #expect(withdrawal.problem?.code == "case.paid_before_withdrawal")
        }
    }

    @Test("does not make a payment disappear that comes after it", arguments: Engine.available)
    func paidLate(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let paid = Form.advance("JK-1", "300.00")
            try await office.deliver(
                paid.with {
                    $0.revision = 2; $0.outcome = "withdrawn"
                }, paid)
            let late = try await office.theCase("JK-1")
            #expect(late.state == .held)
            #expect(late.problem?.code == "case.paid_before_withdrawal")
        }
    }

    @Test("that waits for its red voucher does not end by another run", arguments: Engine.available)
    func anotherRun(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(Self.approved, Self.withdrawn)
            let id = try await office.theCase("BX-1", revision: 2).id
            try await office.cases.retry(id, in: TestCompany.id, by: .lead, reason: "again")
            try await office.settle()
            #expect(try await office.theCase("BX-1", revision: 2).state == .waiting)
            try await office.work()
            #expect(try await office.theCase("BX-1", revision: 2).state == .reversed)
            #expect(try await office.balances() == [:])
        }
    }

    @Test("sent twice reverses once", arguments: Engine.available)
    func twice(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(Self.approved, Self.withdrawn, Self.withdrawn)
            try await office.deliver(
                Self.withdrawn.with {
                    $0.revision = 3; $0.outcome = "voided"
                })
            try await office.work()
            try await office.deliver(
                Self.withdrawn.with {
                    $0.revision = 4; $0.outcome = "voided"
                })
            try await office.work()
            #expect(try await office.balances() == [:])
            #expect(try await office.vouchers(.posted).count == 2)
            #expect(try await office.deadLetters(Book.inbox(of: TestCompany.connector)) == 0)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }
}

extension Office {
    /// Another company, which takes what names no company.
    func openSecondCompany() async throws {
        let now = clock.now
        try await store.commit("C02", key: "set up C02", actor: "system", at: now) {
            try $0.setBook(Book(id: "C02", kind: .company, name: "鲸落市远岸材料有限公司"))
        }
        let setting = try await store.read(Book.installation) { try $0.installation.connector(TestCompany.connector) }
        let known = try #require(setting)
        try await connect(
            ConnectorSetting(
                id: known.id, kind: known.kind, name: known.name, homeBook: "C02", options: known.options,
                secrets: known.secrets, mapping: known.mapping, mappingVersion: 2, isActive: true
            )
        )
        clock.advance(seconds: 3)
    }
}
