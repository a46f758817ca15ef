import Jobs
import Kernel
import Pipeline
import Samples
import TestSupport
import Testing

@Suite("A matter settled by a person")
struct EndingTests {
    @Test("ends a withdrawal of money that was paid, and leaves the payment on the books", arguments: Engine.available)
    func paid(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let advance = Form.advance("JK-1", "300.00")
            try await office.deliver(advance)
            try await office.work()
            let withdrawn = advance.with { ($0.revision, $0.outcome) = (2, "withdrawn") }
            try await office.deliver(withdrawn)
            let held = try await office.theCase("JK-1", revision: 2)
            for (visitor, reason, code) in [
                (Visitor.reviewer, "钱已退回", "access.denied"), (.lead, "  ", "case.reason_missing"),
                (.lead, String(repeating: "长", count: 201), "case.reason_missing"),
            ] {
                let found = await problemCode {
                    try await office.cases.end(held.id, in: TestCompany.id, by: visitor, reason: reason)
                }
                #expect(found == code)
            }
            try await office.cases.end(held.id, in: TestCompany.id, by: .lead, reason: "钱已退回，\n另行入账")
            try await office.settle()
            let ended = try await office.theCase("JK-1", revision: 2)
            #expect(ended.state == .nothingToBook && ended.problem == nil)
            #expect(ended.note?.zh.contains("钱已退回") == false, "the leaf of the log names nobody and no reason")
            #expect(try await office.balances()["122101 人员=E001"] == 300_00)
            let (runs, told) = try await office.read {
                (try $0.cases.runs(of: ended.id).map(\.startedBy), try $0.cases.receipts(of: ended.id))
            }
            #expect(runs.last == "lead" && told.last?.event == "nothing_to_book")
            #expect(told.last?.text.contains("钱已退回， 另行入账") == true)
            // Once more is refused, and the same withdrawal sent again changes nothing.
            let again = await problemCode {
                try await office.cases.end(ended.id, in: TestCompany.id, by: .lead, reason: "x")
            }
            #expect(again == "case.not_held")
            try await office.deliver(withdrawn)
            #expect(try await office.theCase("JK-1", revision: 2) == ended)
        }
    }

    @Test("frees the invoice of a claim that is not booked", arguments: Engine.available)
    func invoice(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let invoice = Invoice(1, net: 1000_00)
            let claim = Form.expense("BX-1", "1060.00", kind: "training").with {
                $0.files = [invoice.file]
                $0.applicant = ("u-99", "新同事")
            }
            try await office.deliver(claim)
            let held = try await office.theCase("BX-1")
            #expect(held.state == .held)
            try await office.cases.end(held.id, in: TestCompany.id, by: .lead, reason: "重复提交")
            #expect(try await office.users(of: invoice).isEmpty)
            // Master data that comes later does not wake it.
            _ = try await office.cases.map(
                PartyMapping(connector: TestCompany.connector, dimension: "人员", vendorID: "u-99", code: "E099"),
                to: MasterItem(dimension: "人员", code: "E099", name: "新同事"), in: TestCompany.id, by: .lead
            )
            try await office.settle()
            #expect(try await office.theCase("BX-1").state == .nothingToBook)
            #expect(try await office.openJobs() == [])
        }
    }

    @Test("gives a job that was given up another life", arguments: Engine.available)
    func dead(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let problem = JobFault.unexpected("x").problem
            let job = try await office.store.commit(
                TestCompany.id, key: unitKey("bury", "1"), actor: "system", at: office.clock.now
            ) { unit -> Int64 in
                let job = try unit.jobs.add(NewJob(kind: "advance", subject: "case:none", dueAt: unit.now))
                try unit.jobs.bury(job, problem: problem)
                return job
            }
            let refused = await problemCode {
                try await office.cases.revive(job + 1, in: TestCompany.id, by: .lead)
            }
            #expect(refused == "job.unknown_dead_letter")
            try await office.cases.revive(job, in: TestCompany.id, by: .lead)
            #expect(try await office.deadLetters() == 0)
            try await office.settle()
            #expect(try await office.openJobs() == [])
        }
    }

    @Test("is asked for where a delivery became no case", arguments: Engine.available)
    func inbox(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            #expect(try await InboxHealth.of(TestCompany.id, in: office.store).compactMap(\.alert) == [])
            let inbox = Book.inbox(of: TestCompany.connector)
            try await office.deliver(Form.expense("BX-1", "86.00", kind: "taxi"))
            let key = try await office.store.read(inbox) {
                try #require(try $0.inbox.page(limit: 1, cursor: nil).items.first).key
            }
            try await office.store.commit(inbox, key: unitKey("hold", "1"), actor: "system", at: office.clock.now) {
                let problem = JobFault.unexpected("x").problem
                try $0.inbox.settle(key, state: .held, problem: problem, caseBook: nil, caseID: nil)
            }
            let health = try await InboxHealth.of(TestCompany.id, in: office.store)
            #expect(health.map(\.held) == [1] && health.compactMap(\.alert?.code) == ["deliveries_held"])
            // The right counts where the connector's company is, whatever other books a person has.
            let elsewhere = await problemCode {
                try await office.cases.replay(key, of: TestCompany.connector, by: .reviewer)
            }
            #expect(elsewhere == "access.denied")
            try await office.cases.replay(key, of: TestCompany.connector, by: .lead)
            try await office.settle()
            #expect(try await InboxHealth.of(TestCompany.id, in: office.store).compactMap(\.alert) == [])
        }
    }
}
