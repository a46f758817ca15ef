import Access
import Cryptography
import Jobs
import Kernel
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("InboxRepository")
struct InboxRepositoryTests {
    private static let inbox = Book.inbox(of: "generic")

    private func delivery(_ key: String, _ payload: [UInt8], at: Timestamp = .test) -> Delivery {
        Delivery(
            connector: "generic", key: key, digest: sha256(payload), payload: payload, state: .pending, receivedAt: at
        )
    }

    @Test("stores a delivery once and keeps other bytes beside it", arguments: Engine.available)
    func stores(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let added = try await fixture.commit(book: Self.inbox) { unit in
                [
                    try unit.inbox.add(delivery("k", [1])), try unit.inbox.add(delivery("k", [1])),
                    try unit.inbox.add(delivery("k", [2])), try unit.inbox.add(delivery("k", [2])),
                ]
            }
            #expect(added == [.new, .repeated, .conflict, .conflict])
            let repeated = try await fixture.commit(book: Self.inbox) { try $0.inbox.add(delivery("k", [1])) }
            #expect(repeated == .repeated)
            let page = try await fixture.read(book: Self.inbox) { try $0.inbox.page(limit: 10, cursor: nil) }
            #expect(page.items.count == 2)
            #expect(Set(page.items.map(\.state)) == [.pending, .conflict])
            #expect(try await fixture.read(book: Self.inbox) { try $0.inbox.delivery("k") } == delivery("k", [1]))
        }
    }

    @Test("settles a delivery and counts the attempts", arguments: Engine.available)
    func settles(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let problem = Sample.problem("p")
            try await fixture.commit(book: Self.inbox) { _ = try $0.inbox.add(delivery("k", [1])) }
            try await fixture.commit(book: Self.inbox) {
                try $0.inbox.settle("k", state: .held, problem: problem, caseBook: nil, caseID: nil)
            }
            try await fixture.commit(book: Self.inbox) {
                try $0.inbox.settle("k", state: .done, problem: nil, caseBook: "B1", caseID: "C1")
            }
            let found = try await fixture.read(book: Self.inbox) { try $0.inbox.delivery("k") }
            #expect(found?.state == .done)
            #expect(found?.attempts == 2)
            #expect(found?.problem == nil)
            #expect(found?.caseBook == "B1" && found?.caseID == "C1")
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit(book: Self.inbox) {
                    try $0.inbox.settle("none", state: .done, problem: nil, caseBook: nil, caseID: nil)
                }
            }
        }
    }

    @Test("pages newest first", arguments: Engine.available)
    func pages(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit(book: Self.inbox) { unit in
                for index in 1...5 {
                    _ = try unit.inbox.add(
                        delivery("k\(index)", [UInt8(index)], at: Timestamp.test.adding(seconds: Int64(index)))
                    )
                }
            }
            let first = try await fixture.read(book: Self.inbox) { try $0.inbox.page(limit: 3, cursor: nil) }
            let second = try await fixture.read(book: Self.inbox) { try $0.inbox.page(limit: 3, cursor: first.next) }
            #expect((first.items + second.items).map(\.key) == ["k5", "k4", "k3", "k2", "k1"])
            #expect(second.next == nil)
        }
    }
}

@Suite("JobRepository")
struct JobRepositoryTests {
    private func job(_ subject: String, due seconds: Int64 = 0) -> NewJob {
        NewJob(kind: "advance", subject: subject, payload: ["n": "1"], dueAt: Timestamp.test.adding(seconds: seconds))
    }

    @Test("hands out due jobs in the order of their time", arguments: Engine.available)
    func due(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let ids = try await fixture.commit { unit in
                [
                    try unit.jobs.add(job("a", due: 5)), try unit.jobs.add(job("b")),
                    try unit.jobs.add(job("c", due: 1)),
                ]
            }
            let (now, later, pending) = try await fixture.read {
                (
                    try $0.jobs.due(at: .test, limit: 9),
                    try $0.jobs.due(at: Timestamp.test.adding(seconds: 5), limit: 2),
                    try $0.jobs.pending(subject: "a")
                )
            }
            #expect(now.map(\.subject) == ["b"])
            #expect(now.first?.attempt == 1)
            #expect(later.map(\.subject) == ["b", "c"])
            #expect(pending.map(\.id) == [ids[0]])
            #expect(pending.first?.payload == ["n": "1"])
        }
    }

    @Test("ends a job once", arguments: Engine.available)
    func finishes(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let id = try await fixture.commit { try $0.jobs.add(job("a")) }
            try await fixture.commit { try $0.jobs.finish(id) }
            await #expect(throws: PreparedOnOldState.self) { try await fixture.commit { try $0.jobs.finish(id) } }
        }
    }

    @Test("postpones, buries and revives", arguments: Engine.available)
    func lives(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let id = try await fixture.commit { try $0.jobs.add(job("a")) }
            let problem = Sample.problem("p")
            let later = Timestamp.test.adding(seconds: 60)
            try await fixture.commit { try $0.jobs.postpone(id, until: later, problem: problem) }
            let postponed = try await fixture.read { try $0.jobs.find(id) }
            #expect(postponed?.attempt == 2 && postponed?.dueAt == later && postponed?.lastProblem == problem)
            try await fixture.commit { try $0.jobs.bury(id, problem: problem) }
            let (dead, due, depth) = try await fixture.read { records in
                let depth = try records.jobs.depth()
                return (
                    try records.jobs.deadLetters(limit: 5), try records.jobs.due(at: later, limit: 5),
                    [depth.waiting, depth.dead]
                )
            }
            #expect(dead.map(\.id) == [id])
            #expect(due.isEmpty)
            #expect(depth == [0, 1])
            #expect(try await fixture.books.dueBooks(at: later, limit: 5) == [])
            try await fixture.commit { try $0.jobs.revive(id, dueAt: .test) }
            #expect(try await fixture.read { try $0.jobs.due(at: .test, limit: 5) }.map(\.attempt) == [1])
            #expect(try await fixture.books.dueBooks(at: .test, limit: 5) == [BookFixture.book])
            let kinds = try await fixture.read { try $0.log.entries(subject: "job:\(id)", limit: 9).map(\.entry.kind) }
            #expect(kinds == ["job.buried", "job.revived"])
        }
    }

    @Test("names the books whose jobs are due, the longest waiting first", arguments: Engine.available)
    func dueBooks(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            for (book, seconds) in [("b2", 2), ("b1", 1), ("b9", 9)] as [(String, Int64)] {
                try await fixture.commit(book: Book.ID(book)) { _ = try $0.jobs.add(job("a", due: seconds)) }
            }
            let now = Timestamp.test.adding(seconds: 3)
            #expect(try await fixture.books.dueBooks(at: now, limit: 5) == ["b1", "b2"])
            #expect(try await fixture.books.dueBooks(at: now, limit: 1) == ["b1"])
            try await fixture.commit(book: "b1") { try $0.jobs.finish(1) }
            #expect(try await fixture.books.dueBooks(at: now, limit: 5) == ["b2"])
        }
    }

    @Test("leases a book to one owner, and fences who lost it", arguments: Engine.available)
    func leases(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let books = fixture.books
            let id = try await fixture.commit { try $0.jobs.add(job("a")) }
            func lease(_ owner: String, _ now: Int64, _ until: Int64) async throws -> Lease? {
                try await books.lease(
                    BookFixture.book, owner: owner, now: Timestamp.test.adding(seconds: now),
                    until: Timestamp.test.adding(seconds: until)
                )
            }
            let first = try #require(try await lease("n1", 0, 30))
            #expect(try await lease("n2", 1, 31) == nil)
            let renewed = try #require(try await lease("n1", 5, 35))
            #expect(renewed == first)
            let later = try #require(try await lease("n1", 20, 50))
            #expect(later.epoch == first.epoch && later.until > first.until)
            #expect(try await lease("n2", 50, 80) == nil)
            let taken = try #require(try await lease("n2", 51, 81))
            #expect(taken.epoch == first.epoch + 1)
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit { unit in
                    try unit.fence(first)
                    try unit.jobs.finish(id)
                }
            }
            #expect(try await fixture.read { try $0.jobs.find(id) } != nil)
            try await fixture.commit { unit in
                try unit.fence(taken)
                try unit.jobs.finish(id)
            }
            #expect(try await fixture.read { try $0.jobs.find(id) } == nil)
            // An owner whose time ran out begins anew, also if nobody took the book meanwhile.
            let again = try #require(try await lease("n2", 200, 230))
            #expect(again.epoch == taken.epoch + 1)
            #expect(try await books.lease("nobody", owner: "n1", now: .test, until: .test) == nil)
            // Who stops gives the book back, and is fenced.
            try await books.releaseLeases(of: "n2", now: Timestamp.test.adding(seconds: 201))
            let next = try #require(try await lease("n1", 202, 232))
            #expect(next.epoch == again.epoch + 1)
        }
    }
}
