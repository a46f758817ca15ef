import Access
package import Kernel
import Synchronization

/// The throttles of all logins, each with its address, in bounded memory.
package final class SignInThrottles: Sendable {
    /// More than so many are not kept; the oldest that lock nobody go first.
    package static let limit = 10_000

    private let table = Mutex<[String: SignInThrottle]>([:])

    package init() {}

    /// Begins an attempt: refuses one that comes too early, and counts the others as failed until they succeed.
    package func begin(_ key: String, at now: Timestamp) throws {
        try table.withLock { table in
            let throttle = table[key] ?? SignInThrottle()
            try throttle.check(at: now)
            table[key] = throttle.failed(at: now)
            if table.count > Self.limit { Self.shrink(&table, at: now) }
        }
    }

    /// Ends an attempt with the right password.
    package func succeed(_ key: String) {
        table.withLock { $0[key] = nil }
    }

    /// Makes room. Whoever floods the table with names that do not exist ends nobody's lockout by it: few failures go
    /// before many, and of those the older ones.
    private static func shrink(_ table: inout [String: SignInThrottle], at now: Timestamp) {
        let order = table.sorted { left, right in
            (left.value.failures, left.value.lastFailureAt ?? now) < (
                right.value.failures, right.value.lastFailureAt ?? now
            )
        }
        for (key, _) in order.prefix(table.count - limit * 9 / 10) { table[key] = nil }
    }
}
