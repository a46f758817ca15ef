import Foundation

/// How a store is opened.
package struct StoreOptions: Sendable {
    /// Threads that read; on PostgreSQL each has a connection.
    package var readers = 4
    /// Writer connections on PostgreSQL. A book always goes through the same one, so its units never wait for each other's
    /// locks; SQLite has one writer whatever this says.
    package var lanes = 2
    /// How many units may wait in one lane; more are refused with `StoreError.queueFull`.
    package var queueLimit = 4_096
    /// How many reads may wait.
    package var readLimit = 4_096
    /// The most units in one transaction; `nil` is 256 on SQLite and 50 on PostgreSQL, where more than 64
    /// subtransactions spill to disk for everybody.
    package var maximumBatch: Int?
    /// How long a batch may take new units in, so that the first of it is not kept waiting by the last.
    package var batchMilliseconds = 20
    /// How often a batch runs as a whole after a serialisation failure or a lost connection; then its units run alone,
    /// each as often again.
    package var attempts = 4
    /// How long a writer tries to reach a lost server before it refuses what cannot have been committed.
    package var refusalSeconds = 2
    /// How long it goes on trying for units whose COMMIT lost its answer, before these are told as unknown.
    package var reconnectSeconds = 30
    /// Prepared statements with a name; `false` for a pooler that mixes sessions.
    package var preparesStatements = true
    package var statementTimeoutMilliseconds = 30_000
    /// A monotonic clock, in nanoseconds.
    package var monotonicNanoseconds: @Sendable () -> UInt64 = StoreOptions.systemNanoseconds
    /// Faults that a test asks for.
    package var faults = FaultPoints()

    package init() {}

    private static func systemNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// The places where a test makes something go wrong. In the program nothing is set.
package struct FaultPoints: Sendable {
    package var at: @Sendable (FaultPoint) -> FaultAction = { _ in .proceed }
    /// Opens SQLite with another value of `PRAGMA synchronous` than FULL.
    package var sqliteSynchronous: String?

    package init() {}
}

/// Where a batch stands when a fault is asked for. `process` is the server's process, where there is one.
package enum FaultPoint: Hashable, Sendable {
    /// A unit's work is done, its savepoint still open.
    case insideUnit(key: String, process: Int32?)
    /// All units are done, COMMIT is not sent.
    case beforeCommit(process: Int32?)
    /// COMMIT is on its way, its answer not yet read.
    case afterCommitSent(process: Int32?)
}

package enum FaultAction: Hashable, Sendable {
    case proceed
    /// The connection breaks.
    case cut
    /// The database answers with this error.
    case fail(StoreError)
}
