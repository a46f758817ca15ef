import Access
import Jobs
package import Kernel
package import Pipeline

/// What one book has on record, on either engine; inside a unit also what changes it.
class SQLRecords: Records {
    let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    var book: Book.ID { Book.ID(context.book) }

    var cases: any CaseRepository { SQLCases(context) }
    var inbox: any InboxRepository { SQLInbox(context) }
    var jobs: any JobRepository { SQLJobs(context) }
    var originals: any OriginalRepository { SQLOriginals(context) }
    var evidence: any EvidenceRepository { SQLEvidence(context) }
    var vouchers: any VoucherRepository { SQLVouchers(context) }
    var ledger: any LedgerRepository { SQLLedger(context) }
    var masterData: any MasterDataRepository { SQLMasterData(context) }
    var ruleBooks: any RuleBookRepository { SQLRuleBooks(context) }
    var installation: any InstallationRepository { SQLInstallation(context) }
    var log: any LogRepository { SQLLog(context) }

    func settings() throws -> Book {
        if let known = context.settings { return known }
        guard let book = try SQLBooks.find(context.book, on: context.connection) else {
            throw BookError.unknown(book)
        }
        context.settings = book
        return book
    }

    func versions() throws -> BookVersions {
        try SQLBooks.versions(of: context.book, on: context.connection)
    }
}

/// One open unit of one book.
final class SQLUnit: SQLRecords, Pipeline.Unit {
    private let unit: Unit

    init(_ unit: Unit, _ context: SQLContext) {
        self.unit = unit
        super.init(context)
    }

    var actor: String { unit.actor }
    var now: Timestamp { unit.at }

    /// The head row is locked, so that its versions are the ones that count.
    override func versions() -> BookVersions {
        BookVersions(
            masterData: unit.head.version(of: VersionName.masterData),
            ruleBooks: unit.head.version(of: VersionName.ruleBooks),
            periods: unit.head.version(of: VersionName.periods)
        )
    }

    /// The check itself is part of the unit's last statement, so that nobody takes the lease between it and the end.
    func fence(_ lease: Lease) throws {
        guard lease.book == context.book else { throw PreparedOnOldState("lease of book \(lease.book)") }
        context.fencedEpoch = lease.epoch
    }

    func setBook(_ book: Book) throws {
        precondition(book.id.text == context.book, "a unit changes its own book")
        try SQLBooks.set(book, in: context)
        context.settings = book
        unit.raiseVersion(of: VersionName.periods)
    }

    func next(_ counter: String) throws -> Int64 { try unit.nextCounter(counter) }

    func note(kind: String, subject: String, body: JSON, personal: [PersonalValue]) {
        unit.log(kind: kind, subject: subject, body: body, personal: personal)
    }
}

/// What units read and re-check, by the names the head row keeps its versions under.
enum VersionName {
    static let masterData = "master_data"
    static let ruleBooks = "rule_books"
    static let periods = "periods"
}

/// Why there is nothing to read.
package enum BookError: Error, Hashable {
    case unknown(Book.ID)
}

extension BookError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknown(let book):
            Problem(
                code: "book.unknown",
                title: Phrase(zh: "没有这个账套。", en: "There is no such book."),
                location: Phrase(zh: "账套 \(book)", en: "book \(book)"),
                cause: Phrase(zh: "数据库中没有它的记录。", en: "The database has no record of it."),
                remedy: Phrase(zh: "请核对账套名称，或先建账。", en: "Check its name, or set the book up first.")
            )
        }
    }
}
