import Access
import Cryptography
import Foundation
import Jobs
import Kernel
import Ledger
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("LogVerifier")
struct LogVerifierTests {
    /// A book in which something of everything happened.
    static func fill(_ fixture: BookFixture) async throws {
        let large = try await fixture.books.keep(Array(repeating: 9, count: 100_000))
        let small = try await fixture.books.keep([1, 2, 3])
        try await fixture.commit("fill") { unit in
            try unit.filePosted(try Sample.voucher("V1"))
            try unit.filePosted(try Sample.voucher("V2"))
            try unit.filePosted(try Sample.voucher("V3", reverses: "V1"))
            let draft = try unit.vouchers.file(Sample.record(try Sample.voucher("V4"), state: .pending))
            let approved = VoucherRecord(
                voucher: draft.voucher, standing: try draft.standing.applying(.approve, by: "wang"),
                reference: draft.reference, caseID: nil, run: nil, postingKey: draft.postingKey, needsCashier: true,
                createdAt: draft.createdAt, version: 2
            )
            try unit.vouchers.update(approved, from: 1)
            _ = try unit.cases.add(Sample.newCase("C1"), document: ["kind": "travel_claim"], delivery: "d1")
            try unit.cases.update(Sample.newCase("C1", state: .waiting, step: .ledger, version: 2), from: 1)
            let asked = ReceiptRecord(
                key: "C1:1:held", event: "held", text: "【凭桥】单据待处理：人员「张三」", state: .pending, at: .test
            )
            try unit.cases.record(asked, of: "C1")
            try unit.cases.record(
                ReceiptRecord(key: asked.key, event: asked.event, text: asked.text, state: .sent, at: .test), of: "C1"
            )
            try unit.originals.name(small, mediaType: "application/xml")
            try unit.originals.name(large, mediaType: "application/pdf")
            try unit.originals.name(small, mediaType: "text/plain")
            try unit.evidence.add(Sample.evidence("E1", caseID: "C1"))
            try unit.evidence.use(Sample.use("K1", "C1", share: 300), total: 1_000)
            try unit.evidence.use(Sample.use("K1", "C2", share: 700), total: 1_000)
            try unit.evidence.use(Sample.use("K2", "C1"), total: nil)
            try unit.evidence.use(Sample.use("K3", "C1", role: .cite), total: nil)
            try unit.evidence.free(caseID: "C1")
            try unit.evidence.use(Sample.use("K2", "C1"), total: 500)
            try unit.masterData.set(MasterItem(dimension: "部门", code: "D10", name: "研发部", attributes: ["family": "rd"]))
            try unit.masterData.set(PartyMapping(connector: "generic", dimension: "部门", vendorID: "7", code: "D10"))
            try unit.ruleBooks.add(
                RuleBookText(
                    name: "expense", version: 1, effectiveFrom: BookFixture.march.firstDay, text: "rules: []",
                    state: .published, author: "zhang", publisher: "wang"
                )
            )
            try unit.installation.set(Grant(person: "p1", role: .maker, book: "B1"))
            try unit.installation.set(Grant(person: "p1", role: .poster, book: "B1"))
            try unit.installation.revoke(Grant(person: "p1", role: .poster, book: "B1"))
            try unit.installation.set(
                StoredPerson(person: Person(id: "p1", login: "zhang", name: "张三"), passwordHash: nil)
            )
            try unit.ledger.settle(
                OpenItemMovement(
                    voucher: "V1", account: "1002", party: "E1", number: "N1", date: BookFixture.march.firstDay,
                    amount: Money(minorUnits: 500, .cny)
                )
            )
            try unit.ledger.open(BookFixture.march.next)
        }
    }

    @Test("finds nothing in a book that nobody touched", arguments: Engine.available)
    func intact(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await Self.fill(fixture)
            let report = try await LogVerifier(fixture.books).verify(BookFixture.book)
            #expect(report.difference == nil)
            let (size, root) = try await fixture.read { (try $0.log.size(), try $0.log.root()) }
            #expect(report.entries == size)
            #expect(report.root == root)
            #expect(size > 30)
            let empty = try await LogVerifier(fixture.books).verify("nobody")
            #expect(empty.isIntact && empty.entries == 0)
        }
    }

    /// What an attacker does, and where it must be found.
    static let attacks: [(sql: String, place: String)] = [
        ("UPDATE lines SET amount = amount + 1 WHERE voucher_id = 'V1' AND line_no = 1", "vouchers"),
        (
            "UPDATE lines SET summary = 'x' WHERE voucher_id = 'V2' AND line_no = 2",
            "V2 in vouchers, voucher.lines[1].summary"
        ),
        (
            "UPDATE lines SET account_code = '1001' WHERE voucher_id = 'V2' AND line_no = 3",
            "V2 in vouchers, voucher.lines[2].account"
        ),
        ("UPDATE lines SET origin = '{\"rule\":\"other\"}' WHERE voucher_id = 'V2' AND line_no = 3", "V2 in vouchers"),
        ("UPDATE vouchers SET voucher_date = '2026-03-09' WHERE voucher_id = 'V2'", "V2 in vouchers, voucher.date"),
        ("UPDATE vouchers SET poster = 'x' WHERE voucher_id = 'V2'", "V2 in vouchers, poster"),
        (
            "UPDATE vouchers SET debit_total = 5, credit_total = 5 WHERE voucher_id = 'V2'", "V2 in vouchers, totals"
        ),
        ("DELETE FROM reversals", "V1 in reversals"),
        ("DELETE FROM voucher_keys WHERE voucher_id = 'V2'", "key:V2 in voucher_keys"),
        ("UPDATE balances SET debit = debit + 1 WHERE account_code = '660201'", "660201"),
        ("DELETE FROM balances WHERE account_code = '1002'", "1002"),
        ("UPDATE number_counters SET last_no = 9", "number_counters, last_no"),
        ("UPDATE periods SET is_open = 0, closed_at = 1 WHERE period = 202603", "2026-03 in periods, open"),
        ("INSERT INTO periods VALUES ('B1', 202605, 1, 0, NULL)", "2026-05 in periods"),
        ("UPDATE drafts SET reviewer = 'x'", "V4 in drafts, reviewer"),
        ("DELETE FROM drafts", "V4 in drafts"),
        ("DELETE FROM grants", "p1 maker B1 in grants"),
        ("INSERT INTO grants VALUES ('B1', 'p1', 'admin', '*')", "p1 admin * in grants"),
        ("DELETE FROM invoice_uses WHERE register_key = 'K2'", "K2 in invoice_uses"),
        ("UPDATE invoice_uses SET case_id = 'C9' WHERE register_key = 'K1'", "K1 in invoice_uses, uses[0].case"),
        ("DELETE FROM invoice_citations", "K3 C1 in invoice_citations"),
        ("UPDATE cases SET state = 'posted'", "C1 in cases, state"),
        ("UPDATE cases SET revision = 9", "C1 in case_origins, revision"),
        ("UPDATE case_documents SET body = '{}'", "C1 in case_documents"),
        ("UPDATE evidence SET evidence_number = '1'", "E1 in evidence, number"),
        ("UPDATE evidence SET fields = '{}'", "E1 in evidence, fields_sha256"),
        ("UPDATE evidence SET rule_fields = '{}'", "E1 in evidence, rule_fields_sha256"),
        ("UPDATE evidence SET file_name = 'x'", "E1 in evidence_names, file_name"),
        ("UPDATE cases SET title = 'x'", "C1 in case_names, title"),
        ("UPDATE receipts SET state = 'pending'", "C1 C1:1:held in receipts, state"),
        ("UPDATE receipts SET body = 'x'", "C1 C1:1:held in receipt_texts, text"),
        ("DELETE FROM receipts", "C1 C1:1:held in receipts"),
        ("UPDATE open_item_movements SET amount = 400", "V1 1002 E1 N1 CNY in open_item_movements, amount"),
        ("UPDATE open_item_movements SET item_date = '2026-03-09'", "V1 1002 E1 N1 CNY in open_item_movements"),
        ("DELETE FROM open_item_movements", "V1 1002 E1 N1 CNY in open_item_movements"),
        ("UPDATE rule_books SET body = 'x'", "expense@1 in rule_books, text"),
        ("UPDATE accounts SET is_cash = 0 WHERE account_code = '1002'", "chart in accounts"),
        ("UPDATE master_items SET item_name = 'x'", "部门/D10 in master_items, name"),
        ("UPDATE party_mappings SET item_code = 'D11'", "generic/部门/7 in party_mappings, code"),
        ("UPDATE people SET person_name = '李四'", "p1 in people, name"),
        ("UPDATE open_items SET balance = 400", "open_items, balance"),
        (
            "UPDATE books SET settings = '{\"needs_cashier_signature\":false,\"automatic_review_ceiling\":0,\"posts_automatically\":false,\"rules\":{}}'",
            "B1 in books, settings.needs_cashier_signature"
        ),
        ("UPDATE originals SET content = NULL WHERE content IS NOT NULL", "original"),
        ("DELETE FROM originals WHERE content IS NULL", "originals"),
        ("UPDATE log_entries SET actor = 'x' WHERE seq = 4", "log entry 4"),
        ("UPDATE log_entries SET body = '[' WHERE seq = 5", "log entry 5"),
        (
            "UPDATE log_entries SET leaf = (SELECT leaf FROM log_entries WHERE seq = 1) WHERE seq = 6 AND book_id = 'B1'",
            "log entry 6"
        ),
        ("UPDATE log_entries SET at = at + 1 WHERE seq = 7", "log entry 7"),
        ("DELETE FROM log_entries WHERE seq = 8", "log entry 8"),
        ("DELETE FROM log_entries WHERE book_id = 'B1' AND kind = 'period.opened' AND seq > 3", "log entry"),
        ("UPDATE personal_values SET value = '王五' WHERE value = '张三'", "log entry"),
    ]

    @Test("names what was changed behind the program's back", arguments: Engine.available)
    func finds(engine: Engine) async throws {
        struct Undone: Error { let report: LogReport }
        try await withBooks(engine) { fixture in
            try await Self.fill(fixture)
            try await fixture.dropGuards()
            let verifier = LogVerifier(fixture.books)
            for attack in Self.attacks {
                // Each attack is undone, so that the next one finds an untouched book.
                let undone = await #expect(throws: Undone.self) {
                    try await fixture.store.commit(book: "attack", key: attack.sql, actor: "attacker", at: .test) {
                        unit in
                        try unit.connection.execute(attack.sql, [])
                        throw Undone(report: try verifier.verify(BookFixture.book, on: unit.connection))
                    }
                }
                let location = undone?.report.difference?.problem.location.en ?? "nothing"
                #expect(location.contains(attack.place), "after \(attack.sql): \(location)")
            }
            #expect(try await verifier.verify(BookFixture.book).difference == nil)
        }
    }

    @Test("finds an original that was changed on the disk, or is gone", arguments: Engine.available)
    func findsFiles(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await Self.fill(fixture)
            let digest = sha256(Array(repeating: 9, count: 100_000))
            let path = "\(fixture.folder)/files/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
            let bytes = Data(repeating: 8, count: 100_000)
            try FileManager.default.removeItem(atPath: path)
            let gone = try await LogVerifier(fixture.books).verify(BookFixture.book)
            #expect(gone.difference == .originalMissing(digest))
            try bytes.write(to: URL(fileURLWithPath: path))
            let damaged = try await LogVerifier(fixture.books).verify(BookFixture.book)
            #expect(damaged.difference == .originalDamaged(digest, found: sha256(Array(bytes))))
        }
    }

    @Test("keeps names, titles, problems and sentences out of the leaves", arguments: Engine.available)
    func keepsNamesOut(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let problem = Problem(
                code: "mapping.unknown_party", title: Phrase(zh: "单据", en: "form"), location: Phrase(zh: "/", en: "/"),
                cause: Phrase(zh: "没有「赵六」", en: "no 赵六"), remedy: Phrase(zh: "补", en: "add")
            )
            try await fixture.commit { unit in
                _ = try unit.cases.add(
                    Sample.newCase("C1", state: .held, problem: problem), document: ["kind": "expense"], delivery: "d1"
                )
                try unit.cases.update(
                    Sample.newCase("C1", state: .held, problem: problem, version: 2, run: 2), from: 1
                )
                try unit.cases.add(
                    CaseRun(
                        number: 2, startedAt: .test, endedAt: .test, startedBy: "wang", reason: "retry", step: .rules,
                        state: .held, problem: problem, trace: ["applicant": "张三"]
                    ), to: "C1"
                )
                try unit.cases.record(
                    ReceiptRecord(key: "k", event: "held", text: "赵六不认识", state: .pending, at: .test), of: "C1"
                )
                try unit.evidence.add(Sample.evidence("E1", caseID: "C1"))
                let job = try unit.jobs.add(NewJob(kind: "advance", subject: "case:C1", dueAt: .test))
                try unit.jobs.bury(job, problem: problem)
            }
            let size = try await fixture.read { Int(try $0.log.size()) }
            let entries = try await fixture.read { try $0.log.entries(from: 0, limit: size) }.map(\.entry)
            for entry in entries {
                for name in ["张三", "赵六", "差旅报销", Sample.evidence("E1", caseID: "C1").fileName] {
                    #expect(!entry.body.text.contains(name), "\(entry.kind) says \(name)")
                }
            }
            let values = entries.flatMap(\.personal)
            #expect(Set(values.map(\.name)) == ["title", "applicant", "problem", "text", "file_name"])
            #expect(values.count { $0.name == "title" } == 1, "a title that stays is written once")
            #expect(try await LogVerifier(fixture.books).verify(BookFixture.book).difference == nil)
            // A problem that is gone is gone from what the log tells, too.
            try await fixture.commit { try $0.cases.update(Sample.newCase("C1", version: 3, run: 2), from: 2) }
            #expect(try await LogVerifier(fixture.books).verify(BookFixture.book).difference == nil)
        }
    }

    @Test("still proves a log whose personal values were erased", arguments: Engine.available)
    func provesErased(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await Self.fill(fixture)
            try await fixture.attack("UPDATE personal_values SET salt = NULL, value = NULL")
            #expect(try await LogVerifier(fixture.books).verify(BookFixture.book).difference == nil)
        }
    }

    @Test("finds a log that was cut off and given another head", arguments: Engine.available)
    func findsOldState(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { try $0.filePosted(try Sample.voucher("V1")) }
            let frontier = try await fixture.store.read {
                try $0.rows("SELECT log_size, frontier FROM book_heads WHERE book_id = 'B1'", [])
            }
            try await fixture.commit { try $0.filePosted(try Sample.voucher("V2")) }
            try await fixture.dropGuards()
            let (size, head) = (try frontier[0].integer(0), try frontier[0].bytes(1))
            try await fixture.attack("DELETE FROM log_entries WHERE seq >= $1 AND book_id = 'B1'", [.integer(size)])
            try await fixture.attack(
                "UPDATE book_heads SET log_size = $1, frontier = $2 WHERE book_id = 'B1'",
                [.integer(size), .bytes(head)]
            )
            let report = try await LogVerifier(fixture.books).verify(BookFixture.book)
            #expect(report.difference == .rowUnknown(table: "vouchers", key: "V2"))
        }
    }
}
