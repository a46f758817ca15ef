import Kernel
import Synchronization

/// What was read for a call that the vendor then put off, so that the next attempt makes that call first.
///
/// A job of two calls would otherwise never end where every second call is refused. Each entry is used once, and not
/// after its time: what it says may have changed.
final class DingTalkMemory: Sendable {
    /// What a job had in hand.
    enum Entry: Sendable {
        /// The instance an event is about; the one it changes is still to be read.
        case instance(JSON)
        /// The author of a comment that surely does not stand under the form yet.
        case author(String)
    }

    private static let limit = 1_000
    /// Kept so long after the vendor may be asked again.
    private static let marginSeconds: Int64 = 300

    private struct Kept {
        let entry: Entry
        let until: Timestamp
    }

    private let now: @Sendable () -> Timestamp
    private let entries = Mutex<[String: Kept]>([:])

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    func keep(_ entry: Entry, for key: String, retryAfterSeconds: Int) {
        let now = now()
        entries.withLock { entries in
            if entries.count >= Self.limit { entries = entries.filter { now < $0.value.until } }
            guard entries.count < Self.limit else { return }
            let until = now.adding(seconds: Int64(retryAfterSeconds) + Self.marginSeconds)
            entries[key] = Kept(entry: entry, until: until)
        }
    }

    func take(_ key: String) -> Entry? {
        let now = now()
        let kept = entries.withLock { $0.removeValue(forKey: key) }
        return kept.flatMap { now < $0.until ? $0.entry : nil }
    }
}
