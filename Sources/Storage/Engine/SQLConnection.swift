/// One open transaction on either engine, SQLite or PostgreSQL.
///
/// Statements number their parameters `$1`, `$2`, …; both engines bind them by number. Statements are prepared once
/// for each connection, so a statement is a constant text. A statement that fails dooms the unit of work it stands in: every later call throws the same
/// error, on both engines, and the unit cannot commit. What may happen is therefore asked for (`ON CONFLICT DO
/// NOTHING`, a condition in the UPDATE), not caught.
package protocol SQLConnection {
    var dialect: Dialect { get }

    /// Runs a statement and tells how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> [SQLRow]

    /// Runs a statement without waiting for its answer.
    ///
    /// On PostgreSQL it costs no round trip. Its error comes out of the next call that waits, at the latest at the end
    /// of the unit, which then fails. With `changing`, another number of changed rows is `StoreError.overtaken`.
    func send(_ sql: String, _ arguments: [SQLValue], changing: Int?) throws(StoreError)

    /// Runs one statement for each list of arguments and waits once.
    func rows(_ sql: String, each arguments: [[SQLValue]]) throws(StoreError) -> [[SQLRow]]
}

extension SQLConnection {
    package func send(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) {
        try send(sql, arguments, changing: nil)
    }

    package func row(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> SQLRow? {
        try rows(sql, arguments).first
    }
}

/// A connection that a writer thread owns: it can also begin, keep and end transactions.
protocol WriterConnection: SQLConnection {
    func begin() throws(StoreError)
    func savepoint() throws(StoreError)
    /// Waits for everything that was sent since the savepoint and keeps it.
    func release() throws(StoreError)
    /// Undoes everything since the savepoint, and forgets its errors.
    func rollbackToSavepoint() throws(StoreError)
    /// Commits. `sent` is called where the outcome begins to be out of our hands.
    func commit(sent: () -> FaultAction) throws(CommitFailure)
    /// Leaves no transaction open; what cannot be rolled back is a connection that is lost.
    func rollback()
    /// Runs a statement that is not worth preparing, such as DDL.
    func run(script: String) throws(StoreError)
    /// Breaks the connection from our side, as a cut cable would.
    func cut()

    /// Whether the transaction is still there. SQLite may roll all of it back on some errors.
    var isInTransaction: Bool { get }
    /// Whether the connection is gone, and with it the transaction.
    var isLost: Bool { get }
    /// The error that doomed the unit.
    var failure: StoreError? { get }
    /// Whether anything was written since the savepoint.
    var hasWritten: Bool { get }
    /// The server's process, where there is one.
    var processID: Int32? { get }
}

/// How a COMMIT may fail.
enum CommitFailure: Error {
    /// Nothing was committed.
    case refused(StoreError)
    /// It is not known whether it was committed.
    case unknown(StoreError)
}

/// Hands out the one connection of a writer thread.
protocol Writer: Sendable {
    /// Runs `body` on the connection, opening it first where it was lost.
    func use<Result: Sendable>(_ body: @Sendable (any WriterConnection) -> Result) throws(StoreError) -> Result
    func close()
}

/// Hands out connections for reading, each on a snapshot.
protocol Readers: Sendable {
    /// Runs `body` on a snapshot, on the caller's thread.
    func read<Value: Sendable>(_ body: @Sendable (any SQLConnection) throws -> Value) throws -> Value
    func close()
}
