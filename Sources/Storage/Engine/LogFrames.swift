import CSQLite
import Synchronization

/// How many frames the write-ahead log of a connection has, as SQLite says after each commit.
final class LogFrames: Sendable {
    private let frames = Atomic(0)

    var value: Int { frames.load(ordering: .relaxed) }

    /// - Parameter connection: Must be closed before this goes away.
    func count(in connection: OpaquePointer?) {
        sqlite3_wal_hook(
            connection,
            { counter, _, _, frames in
                guard let counter else { return SQLITE_OK }
                Unmanaged<LogFrames>.fromOpaque(counter).takeUnretainedValue().frames
                    .store(Int(frames), ordering: .relaxed)
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
