import CSQLite
import Foundation
import GRDB
import NIOPosix
import Synchronization

/// Brings the write-ahead log back into the database file, mostly beside the writer (检查点).
///
/// SQLite does it by default on the writer's thread, inside the commit that made the log long, and everybody waits for it. Here
/// a connection of its own copies the log while the writer goes on, again and again, until little is left; that the
/// writer copies between two batches, and the log begins anew. So its file stays as long as the longest of these rounds.
///
/// A checkpoint that fails loses nothing, since the log has it all: it is counted and tried again.
final class SQLiteCheckpoints: Sendable {
    /// Frames, of a page each, from which on the log is copied: 8 MB.
    private static let enough = 2_000
    /// Frames that the writer copies itself.
    private static let little = 400
    /// Frames after which the writer copies all of it, however long that takes: 128 MB.
    private static let limit = 32_000
    /// How long the writer waits for those who read the log before it begins anew. The usual read takes less than one.
    private static let patienceMilliseconds: CInt = 5

    private struct Progress {
        var isUnderWay = false
        /// Frames of the log as it is now that the file has.
        var copied = 0
        /// Frames of the log at the last look.
        var seen = 0
        /// Frames below which the writer does not try again to begin the log anew.
        var next = 0
    }

    private enum Step { case none, beside, here }

    private let connection: DatabaseQueue
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state: StoreState
    private let progress = Mutex(Progress())
    private let frames = LogFrames()

    init(path: String, state: StoreState) throws {
        var configuration = Configuration()
        configuration.label = "checkpoints"
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.inDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // A connection that has read nothing does not know yet that there is a log.
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
        }
        self.state = state
        thread.start()
    }

    /// Takes the checkpoints of the writer's connection over. To be called once, on its thread.
    func watch(_ writer: Database) {
        // Takes the place of SQLite's own automatic checkpoint, which is such a hook too.
        frames.count(in: writer.sqliteConnection)
    }

    /// Does what is due now. To be called on the writer's thread, outside a transaction.
    func advance(beside writer: Database) {
        let frames = frames.value
        let step = progress.withLock { progress -> Step in
            if frames < progress.seen { progress = Progress(isUnderWay: progress.isUnderWay) }
            progress.seen = frames
            guard !progress.isUnderWay, frames >= Self.enough, frames > progress.copied else { return .none }
            if frames >= Self.limit || frames - progress.copied <= Self.little {
                return frames >= progress.next ? .here : .none
            }
            progress.isUnderWay = true
            return .beside
        }
        switch step {
        case .none: break
        case .here: finish(writer, frames)
        case .beside: thread.submit { [self] in if $0 == .active { copy() } }
        }
    }

    /// Returns when nothing is copied any more.
    func close() {
        try? thread.syncShutdownGracefully()
        try? connection.close()
    }

    private func copy() {
        let copied = connection.inDatabase { checkpoint($0, SQLITE_CHECKPOINT_PASSIVE) }
        progress.withLock { progress in
            progress.isUnderWay = false
            // When all of it was copied, the writer may have begun the log anew since.
            progress.copied = min(copied ?? progress.copied, progress.seen)
        }
    }

    private func finish(_ writer: Database, _ frames: Int) {
        sqlite3_busy_timeout(writer.sqliteConnection, Self.patienceMilliseconds)
        let copied = checkpoint(writer, SQLITE_CHECKPOINT_RESTART)
        sqlite3_busy_timeout(writer.sqliteConnection, SQLiteEngine.busySeconds * 1_000)
        progress.withLock { progress in
            progress.copied = copied ?? progress.copied
            // If somebody still reads the log, it goes on; another try may cost as much as a commit.
            progress.next = frames + Self.little / 2
        }
    }

    /// The frames that the file has now; `nil` when that failed.
    private func checkpoint(_ database: Database, _ mode: CInt) -> Int? {
        var (inLog, copied): (CInt, CInt) = (0, 0)
        let code = sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, mode, &inLog, &copied)
        // Busy says that a reader stands in the way of the rest; what could be copied is.
        let isDone = code == SQLITE_OK || code == SQLITE_BUSY
        state.measure {
            $0.checkpoints += 1
            if !isDone { $0.failedCheckpoints += 1 }
        }
        return isDone && copied >= 0 ? Int(copied) : nil
    }
}
