import Connectors
import Jobs
import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("A job that fails")
struct RetryTests {
    @Test(
        "because the other side does not answer is tried again after a longer wait each time",
        arguments: Engine.available
    )
    func growing(_ engine: Engine) async throws {
        try await Self.withDingTalk(engine) { office, fake in
            var switches = FakeDingTalk.Switches()
            switches.cutsEvery = 1
            fake.set(switches)
            try await office.call()
            let inbox = Book.inbox(of: DingTalkForm.connector)
            #expect(try await office.worker.round() == 1)
            var waits: [Int64] = []
            for attempt in 2...12 {
                let job = try #require(try await office.nextJob(of: inbox))
                #expect(job.attempt == attempt)
                #expect(job.lastProblem?.code == "connector.unreachable")
                let wait = job.dueAt.microseconds - office.clock.now.microseconds
                waits.append(wait)
                // A moment before its time nothing happens.
                office.clock.advance(microseconds: wait - 1)
                #expect(try await office.worker.round() == 0)
                office.clock.advance(microseconds: 1)
                #expect(try await office.worker.round() == 1)
            }
            #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 < $1 })
            fake.set(FakeDingTalk.Switches())
            office.clock.advance(seconds: 3600)
            try await office.settle()
            #expect(try await office.theCase("DD-1").state == .posted)
            #expect(fake.comments.count == 1)
        }
    }

    @Test(
        "because the other side refuses is a dead letter at once, and lives again when somebody says so",
        arguments: Engine.available
    )
    func deadLetter(_ engine: Engine) async throws {
        try await Self.withDingTalk(engine) { office, fake in
            var switches = FakeDingTalk.Switches()
            switches.refusesComments = true
            fake.set(switches)
            try await office.call()
            try await office.settle()
            // The books do not wait for the OA.
            #expect(try await office.theCase("DD-1").state == .posted)
            let dead = try await office.read { try $0.jobs.deadLetters(limit: 10) }
            #expect(dead.map(\.kind) == ["write_back"])
            #expect(dead.first?.lastProblem?.code == "connector.refused")
            fake.set(FakeDingTalk.Switches())
            let id = try #require(dead.first).id
            let now = office.clock.now
            try await office.store.commit(TestCompany.id, key: "revive", actor: "lead", at: now) {
                try $0.jobs.revive(id, dueAt: now)
            }
            try await office.settle()
            #expect(fake.comments.count == 1)
            #expect(try await office.deadLetters() == 0)
        }
    }

    @Test("that is put off is brought forward by a person who asks for it", arguments: Engine.available)
    func broughtForward(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(.expense("BX-1", "86.00", kind: "taxi").with { $0.applicant = ("u-99", "新同事") })
            let id = try await office.theCase("BX-1").id
            try await office.cases.retry(id, in: TestCompany.id, by: .lead, reason: "first")
            let now = office.clock.now
            let later = now.adding(seconds: 600)
            try await office.store.commit(TestCompany.id, key: "put off", actor: "system", at: now) { unit in
                let job = try #require(try unit.jobs.pending(subject: "case:\(id)").first)
                let busy = ConnectorError.throttled(connector: "oa", retryAfterSeconds: 600)
                try unit.jobs.postpone(job.id, until: later, problem: busy.problem)
            }
            #expect(try await office.worker.round() == 0)
            try await office.cases.retry(id, in: TestCompany.id, by: .lead, reason: "now")
            #expect(try await office.read { try $0.jobs.pending(subject: "case:\(id)").count } == 1)
            try await office.settle()
            #expect(try await office.theCase("BX-1").run == 2)
            let runs = try await office.read { try $0.cases.runs(of: id) }
            #expect(runs.last?.reason == "now")
        }
    }

    @Test("goes on in time when the clock is set back a day, and nothing is done twice", arguments: Engine.available)
    func clockSetBack(_ engine: Engine) async throws {
        try await Self.withDingTalk(engine) { office, fake in
            var switches = FakeDingTalk.Switches()
            switches.cutsEvery = 1
            fake.set(switches)
            try await office.call()
            // One job waits, one is due, and the worker has the lease of both books.
            try await office.settle()
            try await office.send(.expense("BX-1", "86.00", kind: "taxi"))
            office.clock.advance(seconds: -86_400)
            try await office.settle()
            #expect(try await office.theCase("BX-1").state == .posted)
            fake.set(FakeDingTalk.Switches())
            try await office.deliver(.expense("BX-2", "86.00", kind: "taxi"))
            try await office.settle(minutes: 1)
            #expect(try await office.theCase("BX-2").state == .posted)
            #expect(try await office.theCase("DD-1").state == .posted)
            #expect(fake.comments.count == 1)
            #expect(try await office.allCases().count == 3)
            #expect(try await office.vouchers(.posted).compactMap { $0.number?.number }.sorted() == [1, 2, 3])
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }

    @Test("because its partner hangs keeps no other kind of work waiting", .timeLimit(.minutes(2)))
    func hanging() async throws {
        try await Office.open(.sqlite) { office in
            let now = office.clock.now
            try await office.store.commit(TestCompany.id, key: "jobs", actor: "system", at: now) { unit in
                for number in 1...300 {
                    try unit.jobs.add(NewJob(kind: "write_back", subject: "case:C\(number)", dueAt: now))
                }
                try unit.jobs.add(NewJob(kind: "post", subject: "voucher:V1", dueAt: now))
            }
            let never = AsyncStream<Void>.makeStream()
            let posted = AsyncStream<String>.makeStream()
            let worker = office.makeWorker(
                "node-1",
                handlers: [
                    .writeBack: { _, _ in for await _ in never.stream {} },
                    .post: { job, _ in posted.continuation.yield(job.subject) },
                ]
            )
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await worker.run() }
                var first: String?
                for await subject in posted.stream {
                    first = subject
                    break
                }
                #expect(first == "voucher:V1")
                group.cancelAll()
            }
        }
    }

    private static func withDingTalk(
        _ engine: Engine, _ journey: (Office, FakeDingTalk) async throws -> Void
    ) async throws {
        let fake = try await FakeDingTalk.start()
        DingTalkForm(invoice: Invoice(1, net: 1000_00, percent: 6)).put(into: fake)
        do {
            try await Office.open(engine) { office in
                try await office.connect(fake)
                try await journey(office, fake)
            }
        } catch {
            try await fake.stop()
            throw error
        }
        try await fake.stop()
    }

    @Test("is not written by a worker whose lease another one took over", arguments: Engine.available)
    func fenced(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let inbox = Book.inbox(of: TestCompany.connector)
            try await office.send(.expense("BX-1", "86.00", kind: "taxi"))
            let now = office.clock.now
            let old = try #require(
                try await office.store.lease(inbox, owner: "old", now: now, until: now.adding(seconds: 30))
            )
            #expect(try await office.worker.round() == 0)
            office.clock.advance(seconds: 31)
            let job = try #require(try await office.store.read(inbox) { try $0.jobs.due(at: now, limit: 1).first })
            try await office.settle()
            #expect(try await office.theCase("BX-1").state == .posted)
            // The old one wakes up and does what it had begun: it finds everything done, and writes nothing.
            let handler = try #require(office.way.handlers[.normalise])
            await #expect(throws: PreparedOnOldState.self) { try await handler(job, old) }
            #expect(try await office.allCases().count == 1)
            #expect(try await office.vouchers().count == 1)
        }
    }

    @Test(
        "is done once by two workers that share the books, also when one clock falls back a day",
        arguments: Engine.available)
    func twoWorkers(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let late = TestClock("2026-04-15T02:00:00Z")
            let other = office.makeWorker("node-2", clock: late)
            for number in 1...10 { try await office.send(.expense("BX-\(number)", "86.00", kind: "taxi")) }
            late.advance(seconds: -86_400)
            for round in 0..<12 {
                async let first = office.worker.round()
                async let second = other.round()
                _ = try await (first, second)
                if round == 3 { late.advance(seconds: 86_400) }
                if round.isMultiple(of: 3) { office.clock.advance(seconds: 40) }
                late.advance(seconds: 40)
            }
            try await office.settle()
            #expect(try await office.allCases().count == 10)
            #expect(try await office.vouchers(.posted).compactMap { $0.number?.number }.sorted() == Array(1...10))
            #expect(try await office.balances()["224101 人员=E001"] == -860_00)
            let jobs = try await office.openJobs()
            #expect(jobs == [])
        }
    }
}

extension Office {
    /// The next job of a book that waits.
    fileprivate func nextJob(of book: Book.ID) async throws -> Job? {
        try await store.read(book) { try $0.jobs.due(at: .at("2099-01-01T00:00:00Z"), limit: 10).first }
    }
}
