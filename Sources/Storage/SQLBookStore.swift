import Cryptography
package import Kernel
package import Pipeline

/// The books in a database, on either engine.
package struct SQLBookStore: BookStore {
    package let store: Store
    let files: OriginalFiles
    let sealing: Sealing
    private let observe: (@Sendable (String) -> Void)?

    /// - Parameters:
    ///   - masterKey: 32 bytes under which the secrets of connectors are sealed.
    ///   - salt: 16 fresh random bytes for each personal value of the log.
    ///   - observe: Is told every statement of the repositories; for tests and measurements.
    package init(
        store: Store, files: OriginalFiles, masterKey: [UInt8],
        salt: @escaping @Sendable () -> [UInt8] = { randomBytes(16) },
        observe: (@Sendable (String) -> Void)? = nil
    ) {
        precondition(masterKey.count == 32, "the master key has 32 bytes")
        self.store = store
        self.files = files
        sealing = Sealing(masterKey: masterKey, salt: salt)
        self.observe = observe
    }

    package func read<Answer: Sendable>(
        _ book: Book.ID, _ work: @escaping @Sendable (any Records) throws -> Answer
    ) async throws -> Answer {
        try await store.read { connection in
            try work(SQLRecords(context(on: connection, book: book.text, unit: nil)))
        }
    }

    package func commit<Answer: Sendable>(
        _ book: Book.ID, key: String, actor: String, at now: Timestamp,
        _ work: @escaping @Sendable (any Pipeline.Unit) throws -> Answer
    ) async throws -> Answer {
        do {
            return try await store.commit(book: book.text, key: key, actor: actor, at: now) { unit in
                let context = context(on: unit.connection, book: book.text, unit: unit)
                let answer = try work(SQLUnit(unit, context))
                try context.flush()
                // What is not worth a log entry, such as the end of a job, may run twice without harm.
                if unit.entries.isEmpty { unit.allowRepeat() }
                return answer
            }
        } catch StoreError.overtaken(let statement, _, _) {
            throw PreparedOnOldState(statement.split(separator: "\n").first.map(String.init) ?? statement)
        }
    }

    package func keep(_ bytes: [UInt8]) async throws -> KeptOriginal {
        let digest = sha256(bytes)
        guard bytes.count > OriginalFiles.tableLimit else {
            return KeptOriginal(digest: digest, size: bytes.count, inlineBytes: bytes)
        }
        _ = try await files.put(bytes)
        return KeptOriginal(digest: digest, size: bytes.count, inlineBytes: nil)
    }

    package func books() async throws -> [Book] {
        try await store.read { try SQLBooks.all(on: $0) }
    }

    package func dueBooks(at now: Timestamp, limit: Int) async throws -> [Book.ID] {
        try await store.read { connection in
            try connection.rows(
                "SELECT book_id FROM book_clocks WHERE next_due <= $1 ORDER BY next_due, book_id LIMIT $2",
                [.time(now), .int(limit)]
            ).map { Book.ID(try $0.text(0)) }
        }
    }

    private func context(on connection: any SQLConnection, book: String, unit: Unit?) -> SQLContext {
        let files = files
        return SQLContext(
            connection: observe.map { ObservedConnection(connection: connection, observe: $0) } ?? connection,
            book: book, unit: unit, sealing: sealing,
            originals: Originals { digest in try files.read(digest) }
        )
    }
}
