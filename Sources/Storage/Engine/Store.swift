package import Kernel
import NIOPosix
import Synchronization

/// The one door to the database: reads on a snapshot, and units of work that are committed together.
package final class Store: Sendable {
    package let dialect: Dialect
    private let options: StoreOptions
    private let state: StoreState
    private let lanes: [Lane]
    private let writers: [any Writer]
    private let readers: any Readers
    private let readThreads: NIOThreadPool
    private let waitingReads = Atomic(0)

    /// Opens the embedded store, brings its schema up to date, and keeps other processes out.
    package static func open(
        sqlite path: String,
        at now: Timestamp,
        migrations: [Migration] = Migration.all,
        options: StoreOptions = StoreOptions()
    ) async throws -> Store {
        let engine = try await NIOThreadPool.once { try SQLiteEngine(path: path, options: options) }
        let store = Store(
            dialect: .sqlite,
            options: options,
            writers: [engine],
            readers: SQLiteReaders(engine: engine)
        )
        return try await store.migrated(migrations, now)
    }

    /// Opens a store on a PostgreSQL server, which many processes may share.
    package static func open(
        postgreSQL conninfo: String,
        at now: Timestamp,
        migrations: [Migration] = Migration.all,
        options: StoreOptions = StoreOptions()
    ) async throws -> Store {
        let server = PostgreSQLServer(conninfo: conninfo, options: options)
        let store = Store(
            dialect: .postgreSQL,
            options: options,
            writers: (0..<max(1, options.lanes)).map { _ in PostgreSQLWriter(server) },
            readers: PostgreSQLReaders(server)
        )
        return try await store.migrated(migrations, now)
    }

    private init(dialect: Dialect, options: StoreOptions, writers: [any Writer], readers: any Readers) {
        let state = StoreState()
        self.dialect = dialect
        self.options = options
        self.state = state
        self.writers = writers
        self.readers = readers
        let isEmbedded = dialect == .sqlite
        lanes = writers.map { writer in
            Lane(
                runner: BatchRunner(writer: writer, isEmbedded: isEmbedded, options: options, state: state),
                maximumBatch: options.maximumBatch ?? (isEmbedded ? 256 : 50),
                limit: options.queueLimit,
                state: state
            )
        }
        readThreads = NIOThreadPool(numberOfThreads: max(1, options.readers))
        readThreads.start()
    }

    /// The store with the schema of this program; it is closed if that cannot be reached.
    private func migrated(_ migrations: [Migration], _ now: Timestamp) async throws -> Store {
        let writer = writers[0]
        let migrator = Migrator(migrations: migrations, now: now)
        do {
            try await NIOThreadPool.once {
                let result = try writer.use { connection in
                    Result { () throws(StoreError) in try migrator.migrate(connection) }
                }
                try result.get()
            }
            return self
        } catch {
            try await close()
            throw error
        }
    }

    /// Reads on a snapshot: everything that `body` asks sees one state of the database.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        guard waitingReads.add(1, ordering: .relaxed).newValue <= options.readLimit else {
            waitingReads.subtract(1, ordering: .relaxed)
            throw StoreError.queueFull(limit: options.readLimit)
        }
        defer { waitingReads.subtract(1, ordering: .relaxed) }
        state.measure { $0.reads += 1 }
        let readers = readers
        do {
            return try await readThreads.runIfActive { try readers.read(body) }
        } catch is CancellationError where !Task.isCancelled {
            // That is how a pool says that it was shut down.
            throw StoreError.closed
        }
    }

    /// What the store has done.
    package var metrics: StoreMetrics {
        var metrics = state.metrics
        metrics.waiting = lanes.reduce(0) { $0 + $1.count }
        return metrics
    }

    /// Why no work is taken; `nil` while all is well.
    package var refusal: StoreError? { state.refusal }

    /// Takes nothing more in, answers what was taken in, and closes the database.
    package func close() async throws {
        for lane in lanes { try await lane.close() }
        try await readThreads.shutdownGracefully()
        readers.close()
        let writers = writers
        try await NIOThreadPool.once { for writer in writers { writer.close() } }
    }
}

extension Store {
    /// Runs a unit of work on a book and answers when it is durable.
    ///
    /// The work runs on a writer thread, in one transaction with other units but in a savepoint of its own, and may run
    /// more than once. If it throws, nothing of it is kept and its error is thrown here. A caller that is cancelled
    /// while the unit still waits takes it back; a unit that has started runs to its end.
    package func commit<Answer: Sendable>(
        book: String,
        key: String,
        actor: String,
        at: Timestamp,
        _ work: @escaping @Sendable (Unit) throws -> Answer
    ) async throws -> Answer {
        try await submit(book: book) { ticket, continuation in
            PendingUnit(
                book: book,
                key: key,
                actor: actor,
                at: at,
                ticket: ticket,
                work: { unit in
                    let answer = try work(unit)
                    return { continuation.resume(returning: answer) }
                },
                fail: { continuation.resume(throwing: $0) }
            )
        }
    }

    /// The same, unless a unit with this key is in the book's log already: then the answer is `nil`.
    package func commitUnlessDone<Answer: Sendable>(
        book: String,
        key: String,
        actor: String,
        at: Timestamp,
        _ work: @escaping @Sendable (Unit) throws -> Answer
    ) async throws -> Answer? {
        try await submit(book: book) { ticket, continuation in
            PendingUnit(
                book: book,
                key: key,
                actor: actor,
                at: at,
                ticket: ticket,
                work: { unit in
                    let answer = try work(unit)
                    return { continuation.resume(returning: answer) }
                },
                fail: { continuation.resume(throwing: $0) },
                ifDone: { continuation.resume(returning: nil) }
            )
        }
    }

    private func submit<Answer: Sendable>(
        book: String,
        _ make: (Ticket, CheckedContinuation<Answer, any Error>) -> PendingUnit
    ) async throws -> Answer {
        let ticket = Ticket()
        let lane = lane(of: book)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let unit = make(ticket, continuation)
                do {
                    try lane.submit(unit)
                } catch {
                    if case StoreError.queueFull = error { state.measure { $0.refused += 1 } }
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            lane.withdraw(ticket)
        }
    }

    /// A book keeps its lane. FNV-1a, because Swift's own hash differs in every process.
    private func lane(of book: String) -> Lane {
        let hash = book.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return lanes[Int(hash % UInt64(lanes.count))]
    }
}
