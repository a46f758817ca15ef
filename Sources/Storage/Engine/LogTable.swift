package import Access
package import Kernel

/// The rows of the books' logs.
package enum LogTable {
    /// The most entries one statement writes.
    private static let rowLimit = 32

    private static let inserts: [String] = (0...rowLimit).map { rows in
        "INSERT INTO log_entries (book_id, seq, at, actor, kind, subject, unit_key, body, leaf) VALUES "
            + parameters(rows: rows, columns: 9)
    }

    private static let personalInserts: [String] = (0...rowLimit).map { rows in
        "INSERT INTO personal_values (book_id, seq, name, hash, salt, value, retention) VALUES "
            + parameters(rows: rows, columns: 7)
    }

    private static func parameters(rows: Int, columns: Int) -> String {
        (0..<rows).map { row in
            "(" + (1...columns).map { "$\(row * columns + $0)" }.joined(separator: ", ") + ")"
        }.joined(separator: ", ")
    }

    /// An entry on its way into the table, with its leaf and its body as they are stored.
    struct NewEntry {
        let entry: LogEntry
        let leaf: Digest
        let body: String

        init(_ entry: LogEntry) {
            let bytes = entry.body.canonical
            self.entry = entry
            leaf = MerkleTree.leaf(entry.canonical(body: bytes))
            body = String(decoding: bytes, as: UTF8.self)
        }
    }

    static func append(
        _ entries: [NewEntry],
        on connection: any SQLConnection
    ) throws(StoreError) {
        for start in stride(from: 0, to: entries.count, by: rowLimit) {
            let part = entries[start..<min(start + rowLimit, entries.count)]
            var arguments: [SQLValue] = []
            arguments.reserveCapacity(part.count * 9)
            for new in part {
                let entry = new.entry
                arguments.append(.text(entry.book))
                arguments.append(.integer(entry.sequence))
                arguments.append(.integer(entry.at.microseconds))
                arguments.append(.text(entry.actor))
                arguments.append(.text(entry.kind))
                arguments.append(.text(entry.subject))
                arguments.append(.text(entry.unit))
                arguments.append(.text(new.body))
                arguments.append(.bytes(new.leaf.bytes))
            }
            try connection.send(inserts[part.count], arguments, changing: part.count)
        }
        let personal = entries.flatMap { item in item.entry.personal.map { (item.entry, $0) } }
        for start in stride(from: 0, to: personal.count, by: rowLimit) {
            let part = personal[start..<min(start + rowLimit, personal.count)]
            let arguments = part.flatMap { entry, value -> [SQLValue] in
                [
                    .text(entry.book), .integer(entry.sequence), .text(value.name), .bytes(value.hash.bytes),
                    .optional(value.salt), .optional(value.value), .text(value.retention),
                ]
            }
            try connection.send(personalInserts[part.count], arguments, changing: part.count)
        }
    }

    /// Whether a unit with this key is in the book's log.
    package static func contains(
        unit key: String,
        of book: String,
        on connection: any SQLConnection
    ) throws(StoreError) -> Bool {
        try connection.row(
            "SELECT 1 FROM log_entries WHERE book_id = $1 AND unit_key = $2 LIMIT 1",
            [.text(book), .text(key)]
        ) != nil
    }

    /// The entries of a book from a sequence on, in order: what a reader with a cursor asks for.
    ///
    /// `leaf` is what was stored; an entry whose own leaf differs was changed afterwards.
    package static func entries(
        of book: String,
        from sequence: Int64,
        limit: Int,
        on connection: any SQLConnection
    ) throws(StoreError) -> [(entry: LogEntry, leaf: Digest)] {
        let rows = try connection.rows(
            """
            SELECT seq, at, actor, kind, subject, unit_key, body, leaf FROM log_entries
            WHERE book_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3
            """,
            [.text(book), .integer(sequence), .int(limit)]
        )
        guard let first = try rows.first?.integer(0), let last = try rows.last?.integer(0) else { return [] }
        let personal = try connection.rows(
            """
            SELECT seq, name, hash, salt, value, retention FROM personal_values
            WHERE book_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, name
            """,
            [.text(book), .integer(first), .integer(last)]
        )
        var values: [Int64: [PersonalValue]] = [:]
        for row in personal { values[try row.integer(0), default: []].append(try personalValue(row)) }
        var entries: [(entry: LogEntry, leaf: Digest)] = []
        for row in rows {
            let sequence = try row.integer(0)
            guard let body = try? JSON(parsing: try row.text(6)) else {
                throw .corrupt(place: "log_entries \(book) \(sequence)", reason: "the body is no JSON")
            }
            let entry = LogEntry(
                book: book,
                sequence: sequence,
                at: try row.timestamp(1),
                actor: try row.text(2),
                kind: try row.text(3),
                subject: try row.text(4),
                unit: try row.text(5),
                body: body,
                personal: values[sequence] ?? []
            )
            entries.append((entry, try row.digest(7)))
        }
        return entries
    }

    private static func personalValue(_ row: SQLRow) throws(StoreError) -> PersonalValue {
        let name = try row.text(1)
        let retention = try row.text(5)
        if let salt = try row.optionalBytes(3), let value = try row.optionalText(4) {
            guard salt.count == PersonalValue.saltLength else {
                throw .corrupt(place: "personal_values \(name)", reason: "the salt has \(salt.count) bytes")
            }
            return PersonalValue(name: name, salt: salt, value: value, retention: retention)
        }
        return PersonalValue(name: name, hash: try row.digest(2), retention: retention)
    }

    /// Where the log of a book stands; `nil` if the book has none.
    package static func head(of book: String, on connection: any SQLConnection) throws(StoreError) -> MerkleFrontier? {
        guard let row = try connection.row("SELECT frontier FROM book_heads WHERE book_id = $1", [.text(book)]) else {
            return nil
        }
        guard let frontier = MerkleFrontier(encoded: try row.bytes(0)) else {
            throw .corrupt(place: "book_heads \(book)", reason: "the frontier cannot be read")
        }
        return frontier
    }
}
