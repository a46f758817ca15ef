import Access
import Cryptography
import Jobs
import Kernel
import Ledger
import Pipeline
import Storage
import Synchronization
import TestSupport
import Testing

/// Every statement the repositories ran, in order.
private final class Statements: Sendable {
    private let held = Mutex<[String]>([])

    var all: [String] { held.withLock { $0 } }

    func add(_ sql: String) { held.withLock { $0.append(sql) } }

    func take() -> [String] {
        held.withLock { statements in
            defer { statements = [] }
            return statements
        }
    }
}

@Suite("Statements of the repositories")
struct StatementTests {
    /// Tables that grow with the work of a company; the others hold what people set up.
    private static let growing: Set<String> = [
        "cases", "c", "case_keys", "case_documents", "d", "case_runs", "receipts", "evidence", "invoice_uses",
        "invoice_citations", "drafts", "vouchers", "v", "lines", "l", "voucher_keys", "k", "reversals", "r", "balances",
        "open_items", "open_item_movements", "inbox_keys", "inbox_bodies", "b", "originals", "jobs", "log_entries",
        "personal_values", "sessions", "number_counters",
    ]

    private func withStatements(_ engine: Engine, _ body: (BookFixture, Statements) async throws -> Void) async throws {
        try await withBooks(engine) { fixture in
            let statements = Statements()
            let books = SQLBookStore(
                store: fixture.store, files: fixture.files, masterKey: Array(repeating: 7, count: 32),
                observe: { statements.add($0) }
            )
            let observed = BookFixture(
                books: books, store: fixture.store, place: fixture.place, folder: fixture.folder, files: fixture.files
            )
            try await body(observed, statements)
        }
    }

    private func askEverything(_ fixture: BookFixture) async throws {
        try await LogVerifierTests.fill(fixture)
        try await fixture.read { records in
            let approval = Sample.approval("C1")
            let cases = records.cases
            _ = (try cases.find("C1"), try cases.cases(of: approval), try cases.document(of: "C1"))
            _ = (try cases.delivery(of: "C1"), try cases.documents(kind: "a", numbers: ["1"]), try cases.runs(of: "C1"))
            _ = (try cases.held(withCodes: ["a"], limit: 5), try cases.counts(), try cases.receipts(of: "C1"))
            for query in [
                CaseQuery(), CaseQuery(text: "x"),
                CaseQuery(states: [.held], step: .ledger, kind: "a", problemCode: "b", text: "x"),
            ] { _ = try cases.page(query) }
            _ = (try records.inbox.delivery("k"), try records.inbox.page(limit: 5, cursor: nil))
            let jobs = records.jobs
            _ = (try jobs.due(at: .test, limit: 5), try jobs.find(1), try jobs.pending(subject: "a"))
            _ = (try jobs.deadLetters(limit: 5), try jobs.depth())
            let evidence = records.evidence
            _ = (try evidence.evidence(of: "C1"), try evidence.find("E1"), try evidence.uses(of: ["K1"]))
            _ = (try evidence.page(text: nil, limit: 5, cursor: nil), try records.originals.bytes(sha256([1, 2, 3])))
            let vouchers = records.vouchers
            _ = (try vouchers.find("V1"), try vouchers.find("V4"), try vouchers.vouchers(of: "C1"))
            _ = (try vouchers.reversal(of: "V1"), try vouchers.ready(in: BookFixture.march, limit: 5))
            for query in [
                VoucherQuery(), VoucherQuery(states: [.posted], account: "6602"),
                VoucherQuery(states: [.posted], period: BookFixture.march, account: "6602", text: "x"),
            ] { _ = try vouchers.page(query) }
            let ledger = records.ledger
            _ = try ledger.lines(of: "6602", from: BookFixture.march, through: BookFixture.march, limit: 5)
            _ = (try ledger.periods(), try ledger.movements(through: BookFixture.march))
            _ = (try ledger.openItems(account: "1002", party: "E1"), try ledger.openItems(account: "1002", party: nil))
            _ = (try ledger.posted(in: BookFixture.march), try records.log.entries(subject: "case:C1", limit: 5))
            _ = (try records.log.entries(from: 0, limit: 5), try records.log.root(), try records.settings())
            _ = (try records.installation.session(tokenHash: sha256([])), try records.ruleBooks.published())
        }
        try await fixture.commit { unit in
            let id = try unit.jobs.add(NewJob(kind: "a", subject: "b", dueAt: .test))
            try unit.jobs.postpone(id, until: .test, problem: Sample.problem("p"))
            try unit.jobs.bury(id, problem: Sample.problem("p"))
            try unit.jobs.revive(id, dueAt: .test)
            try unit.jobs.finish(id)
            try unit.ledger.release(voucher: "V1")
            try unit.installation.touch(sha256([]), at: .test)
            try unit.installation.endSessions(of: "p1")
            let draft = try #require(try unit.vouchers.find("V4"))
            try unit.vouchers.discard(draft, from: draft.version, reason: "test")
            try unit.ledger.close(BookFixture.march)
        }
    }

    @Test("find the rows of growing tables by an index that starts with the book")
    func plans() async throws {
        try await withStatements(.sqlite) { fixture, statements in
            try await askEverything(fixture)
            let texts = Set(statements.all).sorted()
            #expect(texts.count > 80)
            for sql in texts {
                let last =
                    sql.split(separator: "$").dropFirst().compactMap { Int($0.prefix(while: \.isNumber)) }.max() ?? 0
                let plan = try await fixture.store.read { connection in
                    try connection.rows("EXPLAIN QUERY PLAN " + sql, Array(repeating: .null, count: last))
                        .map { try $0.text("detail") }
                }
                for step in plan {
                    let words = step.split(separator: " ").map(String.init)
                    guard words.count > 1, Self.growing.contains(words[1]) else { continue }
                    #expect(words[0] == "SEARCH", "\(step): \(sql)")
                    #expect(step.contains("(book_id=?"), "\(step): \(sql)")
                }
                // A page is cut out of an index: what sorts first reads all rows. What is sorted after a cut is a page.
                if sql.contains("LIMIT"), sql.contains("DESC"), !sql.contains("FROM (") {
                    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan): \(sql)")
                }
            }
        }
    }

    @Test("are few for a case that is received, drafted and posted", arguments: Engine.available)
    func hotPath(engine: Engine) async throws {
        try await withStatements(engine) { fixture, statements in
            let original = try await fixture.books.keep([1, 2, 3])
            let payload: [UInt8] = [1]
            try await fixture.commit(book: Book.inbox(of: "g")) { unit in
                let delivery = Delivery(
                    connector: "g", key: "k", digest: sha256(payload), payload: payload, state: .pending,
                    receivedAt: .test
                )
                _ = try unit.inbox.add(delivery)
                try unit.jobs.add(NewJob(kind: "normalise", subject: "delivery:k", dueAt: .test))
            }
            let receive = statements.take()
            try await fixture.commit { unit in
                _ = try unit.cases.add(Sample.newCase("C1"), document: ["kind": "travel_claim"], delivery: "k")
                try unit.originals.name(original, mediaType: "application/xml")
                try unit.evidence.add(Sample.evidence("E1", caseID: "C1"))
                try unit.evidence.use(Sample.use("K1", "C1"), total: 10_000)
                let filed = try unit.vouchers.file(Sample.record(try Sample.voucher("V1", caseID: "C1"), caseID: "C1"))
                _ = try unit.vouchers.post(try Sample.posted(filed), from: filed.version)
                try unit.cases.update(Sample.newCase("C1", state: .posted, step: .writeBack, version: 2), from: 1)
                let run = CaseRun(
                    number: 1, startedAt: .test, endedAt: .test, startedBy: "system", reason: "received",
                    step: .writeBack, state: .posted, problem: nil, trace: [:]
                )
                try unit.cases.add(run, to: "C1")
                try unit.jobs.add(NewJob(kind: "write_back", subject: "case:C1", dueAt: .test))
            }
            let carry = statements.take()
            let waiting = carry.filter {
                $0.contains("RETURNING") || $0.contains("DO NOTHING") || $0.hasPrefix("SELECT")
            }
            print("statements on \(engine): receive \(receive.count), case to posted voucher \(carry.count)")
            #expect(receive.count <= 4)
            #expect(carry.count <= 20, "\(carry.joined(separator: "\n\n"))")
            // Only what must be known now waits for its answer: the case's key, the evidence, the invoice, the number.
            #expect(waiting.count <= 7)
        }
    }
}
