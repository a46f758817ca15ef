package import Jobs
package import Kernel
package import Pipeline

extension SQLBookStore {
    /// Takes or renews the right to work on a book's jobs; `nil` when somebody else holds it.
    ///
    /// A renewal keeps the epoch, so that work in progress goes on; it is written only when half of the time is over.
    package func lease(_ book: Book.ID, owner: String, now: Timestamp, until: Timestamp) async throws -> Lease? {
        let seen = try await store.read { connection in
            try connection.row(
                "SELECT owner, until_at, epoch FROM book_clocks WHERE book_id = $1", [.text(book.text)]
            ).map { Holding(owner: try $0.optionalText(0), until: try $0.timestamp(1), epoch: try $0.integer(2)) }
        }
        if let seen, seen.until >= now {
            guard seen.owner == owner else { return nil }
            let left = seen.until.microseconds - now.microseconds
            if left * 2 >= until.microseconds - now.microseconds {
                return Lease(book: book.text, owner: owner, epoch: seen.epoch, until: seen.until)
            }
        }
        let key = "lease:\(book.text):\(owner):\(now.microseconds)"
        return try await store.commit(book: book.text, key: key, actor: "system", at: now) { unit in
            unit.allowRepeat()
            let row = try unit.connection.row(
                """
                UPDATE book_clocks SET owner = $2, until_at = $3,
                epoch = CASE WHEN owner = $2 AND until_at >= $4 THEN epoch ELSE epoch + 1 END
                WHERE book_id = $1 AND (until_at < $4 OR owner = $2) RETURNING epoch
                """,
                [.text(book.text), .text(owner), .time(until), .time(now)]
            )
            return try row.map { Lease(book: book.text, owner: owner, epoch: try $0.integer(0), until: until) }
        }
    }

    /// Ends every lease of an owner: of itself when it stops, of its dead predecessor when it starts.
    ///
    /// The next lease has another epoch, so that what the predecessor may still be doing is fenced.
    package func releaseLeases(of owner: String, now: Timestamp) async throws {
        let held = try await store.read { connection in
            try connection.rows(
                "SELECT book_id FROM book_clocks WHERE owner = $1 AND until_at >= $2", [.text(owner), .time(now)]
            ).map { try $0.text(0) }
        }
        for book in held {
            let key = "release:\(book):\(owner):\(now.microseconds)"
            try await store.commit(book: book, key: key, actor: "system", at: now) { unit in
                unit.allowRepeat()
                _ = try unit.connection.execute(
                    "UPDATE book_clocks SET until_at = 0 WHERE book_id = $1 AND owner = $2",
                    [.text(book), .text(owner)]
                )
            }
        }
    }

    private struct Holding: Sendable {
        let owner: String?
        let until: Timestamp
        let epoch: Int64
    }
}
