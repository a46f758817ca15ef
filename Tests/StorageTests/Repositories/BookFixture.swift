import Access
import Cryptography
import Foundation
import Jobs
import Kernel
import Ledger
import Pipeline
import Storage
import TestSupport

/// A store of books on one engine, with a company that has a chart and an open period.
struct BookFixture: Sendable {
    static let book: Book.ID = "B1"
    static let march = Period(year: 2026, month: 3)!

    let books: SQLBookStore
    let store: Store
    let place: TestPlace
    let folder: String
    let files: OriginalFiles

    @discardableResult
    func commit<Answer: Sendable>(
        _ key: String = UUID().uuidString, book: Book.ID = BookFixture.book, at now: Timestamp = .test,
        _ work: @escaping @Sendable (any Pipeline.Unit) throws -> Answer
    ) async throws -> Answer {
        try await books.commit(book, key: key, actor: "tester", at: now, work)
    }

    func read<Answer: Sendable>(
        book: Book.ID = BookFixture.book, _ work: @escaping @Sendable (any Records) throws -> Answer
    ) async throws -> Answer {
        try await books.read(book, work)
    }

    /// Runs a statement behind the program's back, in a unit that logs nothing.
    func attack(_ sql: String, _ arguments: [SQLValue] = []) async throws {
        try await store.commit(book: "attack", key: UUID().uuidString, actor: "attacker", at: .test) { unit in
            unit.allowRepeat()
            try unit.connection.execute(sql, arguments)
        }
    }

    /// Takes the guards away, as somebody with rights on the database can.
    func dropGuards() async throws {
        let sql =
            place.engine == .sqlite
            ? "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"
            : """
            SELECT 'DROP TRIGGER ' || tgname || ' ON ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal
            """
        let drops = try await store.read { try $0.rows(sql, []).map { try $0.text(0) } }
        for drop in drops { try await attack(drop) }
    }
}

func withBooks(_ engine: Engine, _ body: (BookFixture) async throws -> Void) async throws {
    try await withStore(engine) { store, place in
        let folder = FileManager.default.temporaryDirectory.path + "/pq-files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try OriginalFiles(in: folder, at: .test)
        let books = SQLBookStore(store: store, files: files, masterKey: Array(repeating: 7, count: 32))
        let fixture = BookFixture(books: books, store: store, place: place, folder: folder, files: files)
        try await fixture.commit("setup") { unit in
            try unit.setBook(Book(id: BookFixture.book, kind: .company, name: "测试公司"))
            try unit.masterData.setChart(Sample.accounts)
            try unit.ledger.open(BookFixture.march)
        }
        do {
            try await body(fixture)
        } catch {
            try await files.close()
            throw error
        }
        try await files.close()
    }
}

/// Small values that tests build on.
enum Sample {
    static let accounts: [Account] = [
        Account(code: "1001", name: "库存现金", accountClass: .asset, direction: .debit, isCash: true),
        Account(code: "1002", name: "银行存款", accountClass: .asset, direction: .debit, isCash: true, isBank: true),
        Account(code: "6602", name: "管理费用", accountClass: .profitAndLoss, direction: .debit, isLeaf: false),
        Account(
            code: "660201", name: "差旅费", accountClass: .profitAndLoss, direction: .debit, parent: "6602",
            dimensions: ["部门"]
        ),
        Account(code: "660202", name: "办公费", accountClass: .profitAndLoss, direction: .debit, parent: "6602"),
    ]

    static func voucher(
        _ id: String, amount: Int64 = 10_000, day: Int = 5, month: Int = 3, reverses: Voucher.ID? = nil,
        caseID: String? = nil
    ) throws -> Voucher {
        try Voucher(
            id: Voucher.ID(id), word: .general, date: Day(year: 2026, month: month, day: day)!, attachments: 2,
            summary: "报销差旅费 \(id)",
            lines: [
                VoucherLine(
                    .debit, "660201", Money(minorUnits: amount - 1_000, .cny), summary: "高铁", dimensions: ["部门": "D10"],
                    origin: .rule(book: "expense", version: "3", name: "travel", template: "1")
                ),
                VoucherLine(
                    .debit, "660202", Money(minorUnits: 1_000, .cny), original: Money(minorUnits: 140, .usd),
                    rate: Rate("7.1428"), quantity: Rate("2"), unit: "本", unitPrice: Rate("5.5")
                ),
                VoucherLine(.credit, "1002", Money(minorUnits: amount, .cny), cashFlowItem: "CF07"),
            ],
            reverses: reverses, caseID: caseID, makers: ["zhang", "li"]
        )
    }

    static func record(
        _ voucher: Voucher, state: VoucherState = .approved, caseID: Case.ID? = nil, key: String? = nil
    ) -> VoucherRecord {
        VoucherRecord(
            voucher: voucher,
            standing: VoucherStanding(
                id: voucher.id, makers: voucher.makers, volume: voucher.volume, movesMoney: state == .approved,
                isReversal: voucher.reverses != nil, state: state, reviewer: state == .approved ? "wang" : nil,
                cashier: state == .approved ? "zhao" : nil
            ),
            caseID: caseID, run: caseID == nil ? nil : 1, postingKey: key ?? "key:" + voucher.id.text,
            needsCashier: true, createdAt: .test
        )
    }

    static func posted(_ record: VoucherRecord) throws -> VoucherRecord {
        VoucherRecord(
            voucher: record.voucher, standing: try record.standing.applying(.post, by: "sun"),
            reference: record.reference, caseID: record.caseID, run: record.run, postingKey: record.postingKey,
            needsCashier: record.needsCashier, createdAt: record.createdAt, version: record.version
        )
    }

    static func approval(_ instance: String) -> Case.Approval {
        Case.Approval(connector: "generic", tenant: "t1", instance: instance)
    }

    static func newCase(
        _ id: String, instance: String? = nil, revision: Int = 1, state: Case.State = .running,
        outcome: Case.Outcome = .approved, step: Step = .normalise, problem: Problem? = nil, at: Timestamp = .test,
        version: Int64 = 1,
        number: String? = nil, run: Int = 1
    ) -> Case {
        Case(
            id: Case.ID(id), approval: approval(instance ?? id), revision: revision, outcome: outcome,
            kind: "travel_claim", number: number ?? "N-" + id, title: "差旅报销 " + id, applicant: "张三", total: "100.00",
            currency: "CNY", state: state, step: step, run: run, problem: problem, note: nil,
            deliveryDigest: sha256(Array(id.utf8)), receivedAt: at, changedAt: at, version: version
        )
    }

    static func problem(_ code: String) -> Problem {
        let phrase = Phrase(zh: "问题", en: "problem")
        return Problem(code: code, title: phrase, location: phrase, cause: phrase, remedy: phrase)
    }

    static func evidence(_ id: String, caseID: Case.ID, bytes: [UInt8] = [1, 2, 3]) -> EvidenceRecord {
        EvidenceRecord(
            id: id, caseID: caseID, fileName: "票.xml", digest: sha256(bytes), mediaType: "application/xml",
            size: bytes.count, kind: "einv_xml", number: "2631700000\(id)", registerKey: "K" + id,
            fields: ["buyer": "测试公司"], ruleFields: nil, addedAt: .test
        )
    }

    static func use(
        _ key: String, _ caseID: Case.ID, instance: String? = nil, role: InvoiceUse.Role = .recognise,
        share: Int64? = nil
    ) -> InvoiceUse {
        InvoiceUse(
            registerKey: key, caseID: caseID, approval: approval(instance ?? caseID.text), role: role, share: share,
            at: .test
        )
    }
}

extension Pipeline.Unit {
    /// Files a voucher and posts it.
    @discardableResult
    func filePosted(_ voucher: Voucher, caseID: Case.ID? = nil) throws -> VoucherRecord {
        let filed = try vouchers.file(Sample.record(voucher, caseID: caseID))
        return try vouchers.post(Sample.posted(filed), from: filed.version)
    }
}
