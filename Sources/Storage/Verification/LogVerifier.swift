import Access
import Cryptography
import Kernel
import Ledger
package import Pipeline

/// Proves that a book is what its log says: every entry, every row that came from one, every original (日志核对).
///
/// All of it is read on one snapshot. It trusts nothing but the entries and the head: what somebody with rights on the
/// database changed, added or took away comes out as the first difference.
package struct LogVerifier: Sendable {
    private static let pageSize = 1_000

    private let books: SQLBookStore

    package init(_ books: SQLBookStore) {
        self.books = books
    }

    package func verify(_ book: Book.ID) async throws -> LogReport {
        try await books.store.read { try verify(book, on: $0) }
    }

    /// The same on a snapshot that is open already.
    package func verify(_ book: Book.ID, on connection: any SQLConnection) throws -> LogReport {
        let files = books.files
        return try verify(
            SQLContext(
                connection: connection, book: book.text, unit: nil, sealing: books.sealing,
                originals: Originals { try files.read($0) }
            )
        )
    }

    private func verify(_ context: SQLContext) throws -> LogReport {
        var frontier = MerkleFrontier()
        var fold = LogFold()
        var difference: LogDifference?
        do {
            try readLog(context, &frontier, &fold)
            try StoredRows(context, fold).compare()
        } catch let found as LogDifference {
            difference = found
        }
        return LogReport(book: context.book, entries: frontier.size, root: frontier.root, difference: difference)
    }

    private func readLog(_ context: SQLContext, _ frontier: inout MerkleFrontier, _ fold: inout LogFold) throws {
        while true {
            let entries: [(entry: LogEntry, leaf: Digest)]
            do {
                entries = try LogTable.entries(
                    of: context.book, from: frontier.size, limit: Self.pageSize, on: context.connection
                )
            } catch {
                guard case .corrupt = error else { throw error }
                throw LogDifference.entryChanged(sequence: try firstUnreadable(context, from: frontier.size))
            }
            for (entry, leaf) in entries {
                guard entry.sequence == frontier.size else { throw LogDifference.entryMissing(sequence: frontier.size) }
                guard entry.leaf == leaf else { throw LogDifference.entryChanged(sequence: entry.sequence) }
                frontier.append(leaf: leaf)
                do {
                    try fold.add(entry)
                } catch {
                    throw LogDifference.entryChanged(sequence: entry.sequence)
                }
            }
            if entries.count < Self.pageSize { break }
        }
        let head = try LogTable.head(of: context.book, on: context.connection) ?? MerkleFrontier()
        guard head.size <= frontier.size else { throw LogDifference.entryMissing(sequence: frontier.size) }
        guard head == frontier else { throw LogDifference.rootDiffers(expected: head.root, found: frontier.root) }
    }

    private func firstUnreadable(_ context: SQLContext, from start: Int64) throws -> Int64 {
        for sequence in start..<start + Int64(Self.pageSize) {
            do {
                _ = try LogTable.entries(of: context.book, from: sequence, limit: 1, on: context.connection)
            } catch {
                guard case .corrupt = error else { throw error }
                return sequence
            }
        }
        return start
    }
}
