import Access
import Kernel
import Pipeline

/// The log of a book, for readers.
struct SQLLog: LogRepository {
    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func size() throws -> Int64 { try LogTable.head(of: context.book, on: context.connection)?.size ?? 0 }

    func root() throws -> Digest { try (LogTable.head(of: context.book, on: context.connection) ?? .init()).root }

    func entries(from sequence: Int64, limit: Int) throws -> [StoredLogEntry] {
        try LogTable.entries(of: context.book, from: sequence, limit: limit, on: context.connection)
            .map { StoredLogEntry(entry: $0.entry, leaf: $0.leaf) }
    }

    func entries(subject: String, limit: Int) throws -> [StoredLogEntry] {
        let sequences = try context.connection.rows(
            "SELECT seq FROM log_entries WHERE book_id = $1 AND subject = $2 ORDER BY seq DESC LIMIT $3",
            [context.bookValue, .text(subject), .int(limit)]
        ).map { try $0.integer(0) }
        return try sequences.reversed().flatMap { try entries(from: $0, limit: 1) }
    }
}
