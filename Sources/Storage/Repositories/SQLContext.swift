import Access
import Kernel
import Ledger
import Pipeline

/// What the repositories of one snapshot or one unit share.
///
/// In a unit it also gathers what is written once at its end: sums, counts and the book's next due time.
final class SQLContext {
    let connection: any SQLConnection
    let book: String
    let sealing: Sealing
    let originals: Originals
    private let openUnit: Unit?

    var settings: Book?
    /// Cases and vouchers as this unit last saw them.
    var seenCases: [Case.ID: Case] = [:]
    var seenDrafts: [Voucher.ID: VoucherRecord] = [:]
    var caseCounts = CaseCountChanges()
    var balances = BalanceChanges()
    var fencedEpoch: Int64?
    var haveJobsChanged = false

    init(connection: any SQLConnection, book: String, unit: Unit?, sealing: Sealing, originals: Originals) {
        self.connection = connection
        self.book = book
        openUnit = unit
        self.sealing = sealing
        self.originals = originals
    }

    var bookValue: SQLValue { .text(book) }

    /// The unit that is open. A change outside of one is a mistake of this program.
    func unit() throws(StoreError) -> Unit {
        guard let openUnit else { throw .misused(statement: "repository", reason: "a change outside of a unit") }
        return openUnit
    }

    func log(
        _ kind: String, _ subject: String, _ body: JSON, personal: [(name: String, value: String?)] = []
    ) throws {
        let values = personal.compactMap { name, value in
            value.map { PersonalValue(name: name, salt: sealing.salt(), value: $0, retention: Self.retention) }
        }
        try unit().log(kind: kind, subject: subject, body: body, personal: values)
    }

    /// The retention class of names in the log.
    private static let retention = "person"

    /// Writes what was gathered. Called once, when the unit's work is done, and before a sum is read.
    func flush() throws {
        guard openUnit != nil else { return }
        try balances.write(on: self)
        try caseCounts.write(on: self)
        try writeClock()
    }

    /// The due time that other nodes look at; in the same statement the lease is checked for the last time.
    private func writeClock() throws {
        guard haveJobsChanged || fencedEpoch != nil else { return }
        haveJobsChanged = false
        if let epoch = fencedEpoch {
            fencedEpoch = nil
            try change(
                """
                UPDATE book_clocks SET next_due = COALESCE(
                    (SELECT min(due_at) FROM jobs WHERE book_id = $1 AND is_dead = 0), $2
                ) WHERE book_id = $1 AND epoch = $3
                """,
                [bookValue, .integer(.max), .integer(epoch)], what: "lease of book \(book)"
            )
            return
        }
        try connection.send(
            """
            INSERT INTO book_clocks (book_id, owner, until_at, epoch, next_due)
            SELECT $1, NULL, 0, 0, COALESCE(min(due_at), $2) FROM jobs WHERE book_id = $1 AND is_dead = 0
            ON CONFLICT (book_id) DO UPDATE SET next_due = excluded.next_due
            """,
            [bookValue, .integer(.max)]
        )
    }

    /// Sends a change of one row that is only right if the row still is what it was.
    func change(_ sql: String, _ arguments: [SQLValue], what: @autoclosure () -> String) throws {
        do {
            try connection.send(sql, arguments, changing: 1)
        } catch {
            // What was sent before may fail now; it says itself what it was.
            if case .overtaken(let statement, _, _) = error, statement == sql { throw PreparedOnOldState(what()) }
            throw error
        }
    }
}

/// How secrets are closed at rest, and where the salts of personal values come from.
struct Sealing: Sendable {
    let masterKey: [UInt8]
    let salt: @Sendable () -> [UInt8]
}

/// The files that hold large originals.
struct Originals: Sendable {
    let read: @Sendable (Digest) throws -> [UInt8]?
}
