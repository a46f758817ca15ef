import CSQLite
import GRDB

/// The embedded database: a pool of GRDB whose calls all run on threads of ours.
///
/// GRDB's own `async` calls let readers starve the writer on two cores, so none is used.
final class SQLiteEngine: Sendable {
    private let pool: DatabasePool
    private let lock: FileLock
    private let orders = ParameterOrders()

    /// Every unit is a savepoint, and SQLite copies each page that a savepoint changes into its statement journal. By
    /// default that goes to a temporary file after 64 KiB, which costs as many writes as the log itself; here it stays in
    /// memory, where a batch bounds it. This has to be said before the library is first used.
    private static let isConfigured = pq_configure_sqlite() == SQLITE_OK

    init(path: String, options: StoreOptions) throws(StoreError) {
        _ = Self.isConfigured
        lock = try FileLock(path: path + ".lock")
        var configuration = Configuration()
        configuration.maximumReaderCount = max(1, options.readers)
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            // Without it, INSERT OR REPLACE goes round the triggers that refuse a DELETE.
            try database.execute(sql: "PRAGMA recursive_triggers = ON")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // The pool sets synchronous to NORMAL by itself after `prepareDatabase`: a power cut would then lose what
            // was acknowledged.
            let synchronous = options.faults.sqliteSynchronous ?? "FULL"
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(synchronous)")
                // 16 MB of log and of cache: the pages that every batch changes go to the file less often.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
                try database.execute(sql: "PRAGMA cache_size = -16000")
            }
            try Self.verify(pool)
        } catch {
            throw StoreError(error, statement: "open")
        }
    }

    /// Reads every setting back on which the books rely.
    private static func verify(_ pool: DatabasePool) throws {
        let expected = [
            ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("recursive_triggers", "1"),
        ]
        for (name, value) in expected {
            let found = try pool.writeWithoutTransaction { database in
                try String.fetchOne(database, sql: "PRAGMA \(name)") ?? ""
            }
            guard found == value else {
                throw StoreError.unsafeSetting(name: "sqlite." + name, expected: value, found: found)
            }
        }
    }
}

extension SQLiteEngine: Writer {
    func use<Result: Sendable>(
        _ body: @Sendable (any WriterConnection) -> Result
    ) throws(StoreError) -> Result {
        pool.writeWithoutTransaction { database in body(SQLiteConnection(database, orders: orders)) }
    }

    /// Writes the log back into the file, so that a copy of the closed file is whole.
    func close() {
        try? pool.writeWithoutTransaction { database in _ = try database.checkpoint(.truncate) }
        try? pool.close()
    }
}

/// Readers on the pool; each read is a transaction of its own, which sees one state.
struct SQLiteReaders: Readers {
    let engine: SQLiteEngine

    func read<Value: Sendable>(_ body: @Sendable (any SQLConnection) throws -> Value) throws -> Value {
        try engine.read(body)
    }

    func close() {}
}

extension SQLiteEngine {
    fileprivate func read<Value: Sendable>(_ body: @Sendable (any SQLConnection) throws -> Value) throws -> Value {
        do {
            return try pool.read { database in
                try body(SQLiteConnection(database, orders: orders))
            }
        } catch let error as DatabaseError {
            throw StoreError(error, statement: "read")
        }
    }
}
