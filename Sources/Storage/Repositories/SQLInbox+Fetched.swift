import Kernel
import Pipeline

/// What was brought of deliveries that wait for more.
extension SQLInbox {
    func fetched(_ key: String) throws -> [FetchedPart] {
        try context.connection.rows(
            "SELECT part, digest, asked_at FROM inbox_fetched WHERE book_id = $1 AND delivery_key = $2 ORDER BY part",
            [context.bookValue, .text(key)]
        ).map { row in
            FetchedPart(
                number: try row.int(0), digest: try row.optionalBytes(1).flatMap(Digest.init(bytes:)),
                askedAt: try row.timestamp(2))
        }
    }

    func set(_ part: FetchedPart, of key: String) throws {
        _ = try context.unit()
        try context.connection.send(
            """
            INSERT INTO inbox_fetched (book_id, delivery_key, part, digest, asked_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (book_id, delivery_key, part) DO UPDATE SET digest = excluded.digest
            """,
            [
                context.bookValue, .text(key), .int(part.number), .optional(part.digest?.bytes), .time(part.askedAt),
            ]
        )
    }

    func forgetFetched(_ key: String) throws {
        _ = try context.unit()
        try context.connection.send(
            "DELETE FROM inbox_fetched WHERE book_id = $1 AND delivery_key = $2", [context.bookValue, .text(key)]
        )
    }
}
