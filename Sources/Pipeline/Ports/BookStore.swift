package import Access
package import Jobs
package import Kernel
import Ledger

/// The one door to what is stored (design 1.2).
///
/// Reads see one snapshot. A unit touches one book: its closure is short, synchronous, re-checks what was
/// read before, and writes the result, its log entries and the next jobs together or not at all. The call returns only after
/// the unit is durable.
package protocol BookStore: Sendable {
    func read<Answer: Sendable>(
        _ book: Book.ID, _ work: @escaping @Sendable (any Records) throws -> Answer
    ) async throws -> Answer

    /// - Parameters:
    ///   - key: The unit's own name, by which it is found again when the answer to COMMIT was lost.
    ///   - actor: Who acts: a person's id, `system`, or `rule:<book>@<version>`.
    func commit<Answer: Sendable>(
        _ book: Book.ID, key: String, actor: String, at now: Timestamp,
        _ work: @escaping @Sendable (any Unit) throws -> Answer
    ) async throws -> Answer

    /// Keeps originals so that a unit may name them: large ones are written and fsynced as files here, small ones
    /// travel into the unit and are stored with it.
    func keep(_ bytes: [UInt8]) async throws -> KeptOriginal

    /// Every book, of every kind, in the order of their ids.
    func books() async throws -> [Book]

    /// Books whose next job is due, the longest waiting first. Reads without locks.
    func dueBooks(at now: Timestamp, limit: Int) async throws -> [Book.ID]

    /// Takes or renews the right to work on a book's jobs; `nil` when somebody else holds it.
    func lease(_ book: Book.ID, owner: String, now: Timestamp, until: Timestamp) async throws -> Lease?
}

/// An original that may be named by a unit.
package struct KeptOriginal: Hashable, Sendable {
    package let digest: Digest
    package let size: Int
    /// The bytes themselves, where they go into the unit; `nil` when a file holds them.
    package let inlineBytes: [UInt8]?

    package init(digest: Digest, size: Int, inlineBytes: [UInt8]?) {
        self.digest = digest
        self.size = size
        self.inlineBytes = inlineBytes
    }
}

/// What one book has on record, seen from a snapshot or from inside a unit.
package protocol Records {
    var book: Book.ID { get }
    func settings() throws -> Book
    func versions() throws -> BookVersions

    var cases: any CaseRepository { get }
    var inbox: any InboxRepository { get }
    var jobs: any JobRepository { get }
    var originals: any OriginalRepository { get }
    var evidence: any EvidenceRepository { get }
    var vouchers: any VoucherRepository { get }
    var ledger: any LedgerRepository { get }
    var masterData: any MasterDataRepository { get }
    var ruleBooks: any RuleBookRepository { get }
    var installation: any InstallationRepository { get }
    var log: any LogRepository { get }
}

/// One open unit of one book. Every method of its repositories that changes something appends its own log entry.
package protocol Unit: Records {
    var actor: String { get }
    var now: Timestamp { get }

    /// Refuses the unit when the lease it worked under was taken over.
    func fence(_ lease: Lease) throws

    /// Creates or changes the book's own row.
    func setBook(_ book: Book) throws

    /// The next number of a counter of this book, from 1; it goes back with the unit.
    func next(_ counter: String) throws -> Int64

    /// Appends an entry that no repository writes by itself.
    func note(kind: String, subject: String, body: JSON, personal: [PersonalValue]) throws
}

/// The unit found something other than what was prepared; it is prepared again from a new snapshot.
package struct PreparedOnOldState: Error, Hashable {
    package let what: String

    package init(_ what: String) {
        self.what = what
    }
}
