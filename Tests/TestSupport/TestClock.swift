package import Kernel
import Synchronization

/// The time, which moves only when a test says so.
package final class TestClock: Sendable {
    private let held: Mutex<Timestamp>

    package init(_ text: String) { held = Mutex(.at(text)) }

    package var now: Timestamp { held.withLock(\.self) }

    package func set(_ text: String) { held.withLock { $0 = .at(text) } }

    package func advance(seconds: Int64) { advance(microseconds: seconds * 1_000_000) }

    package func advance(microseconds: Int64) {
        held.withLock { $0 = Timestamp(microseconds: $0.microseconds + microseconds) }
    }
}

extension Timestamp {
    /// The instant that a test writes down.
    package static func at(_ text: String) -> Timestamp {
        guard let instant = Timestamp(text) else { fatalError("\(text) is no time") }
        return instant
    }
}
