package import Kernel

/// The failed attempts to sign in with one login from one address, and how long the next one has to wait.
///
/// The address is part of the key, so that a stranger cannot lock somebody out who works from elsewhere.
package struct SignInThrottle: Hashable, Sendable {
    package static let failureLimit = 10
    package static let lockSeconds: Int64 = 15 * 60
    /// Failures are forgotten when nobody tried for so long.
    package static let memorySeconds: Int64 = 24 * 3600

    package let failures: Int
    package let lastFailureAt: Timestamp?

    package init(failures: Int = 0, lastFailureAt: Timestamp? = nil) {
        self.failures = failures
        self.lastFailureAt = lastFailureAt
    }

    /// How many seconds are left to wait; 0 if the next attempt may be made now.
    package func wait(at now: Timestamp) -> Int64 {
        guard let lastFailureAt, failures > 0 else { return 0 }
        // A clock that was set back must not lengthen the wait.
        let delay = Self.delay(after: failures)
        let microseconds = lastFailureAt.adding(seconds: delay).microseconds - now.microseconds
        return min(delay, max(0, (microseconds + 999_999) / 1_000_000))
    }

    /// Refuses an attempt that comes too early. Ask before the password is looked at.
    package func check(at now: Timestamp) throws(AccessError) {
        let seconds = wait(at: now)
        guard seconds == 0 else { throw .signInThrottled(seconds: seconds) }
    }

    /// The throttle after one more failure; a success starts with a new one.
    package func failed(at now: Timestamp) -> SignInThrottle {
        let isForgotten = lastFailureAt.map { now >= $0.adding(seconds: Self.memorySeconds) } ?? true
        return SignInThrottle(failures: isForgotten ? 1 : min(failures + 1, 1_000), lastFailureAt: now)
    }

    /// One second after the first failure, twice as long after each one more, a quarter of an hour from the tenth on.
    private static func delay(after failures: Int) -> Int64 {
        failures >= failureLimit ? lockSeconds : 1 << Int64(failures - 1)
    }
}
