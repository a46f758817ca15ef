package import Kernel

/// One piece of work that must happen, whatever happens meanwhile (作业).
///
/// This room knows nothing of vouchers: a job has a kind, a subject and a payload, which the step that made it understands.
package struct Job: Hashable, Sendable {
    /// Time-ordered; unique in its book.
    package let id: Int64
    package let book: String
    /// The kind of work, such as `advance` or `write_back`. Never renamed once released.
    package let kind: String
    /// What the work is about, such as `case:17`.
    package let subject: String
    package let payload: JSON
    package let dueAt: Timestamp
    /// How often it was tried, this time included.
    package let attempt: Int
    /// Why the last attempt did not end it.
    package let lastProblem: Problem?

    package init(
        id: Int64, book: String, kind: String, subject: String, payload: JSON, dueAt: Timestamp, attempt: Int,
        lastProblem: Problem?
    ) {
        self.id = id
        self.book = book
        self.kind = kind
        self.subject = subject
        self.payload = payload
        self.dueAt = dueAt
        self.attempt = attempt
        self.lastProblem = lastProblem
    }
}

/// Work to be put into the queue in the same unit as its reason.
package struct NewJob: Hashable, Sendable {
    package let kind: String
    package let subject: String
    package let payload: JSON
    package let dueAt: Timestamp

    package init(kind: String, subject: String, payload: JSON = .object([JSON.Member]()), dueAt: Timestamp) {
        self.kind = kind
        self.subject = subject
        self.payload = payload
        self.dueAt = dueAt
    }
}

/// The right to work on one book's jobs for a while (租约).
///
/// The epoch fences: whoever lost the lease carries an old epoch, and its commits are refused.
package struct Lease: Hashable, Sendable {
    package let book: String
    package let owner: String
    package let epoch: Int64
    package let until: Timestamp

    package init(book: String, owner: String, epoch: Int64, until: Timestamp) {
        self.book = book
        self.owner = owner
        self.epoch = epoch
        self.until = until
    }
}

/// How long to wait before the next attempt, and when to give up (重试策略).
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts after which a job becomes a dead letter.
    package let attempts: Int
    package let firstDelayMilliseconds: Int64
    package let longestDelayMilliseconds: Int64

    package static let standard = RetryPolicy(
        attempts: 10, firstDelayMilliseconds: 500, longestDelayMilliseconds: 600_000
    )

    package init(attempts: Int, firstDelayMilliseconds: Int64, longestDelayMilliseconds: Int64) {
        self.attempts = attempts
        self.firstDelayMilliseconds = firstDelayMilliseconds
        self.longestDelayMilliseconds = longestDelayMilliseconds
    }

    /// The wait after an attempt: doubled each time, capped, and drawn from the whole range so that jobs which
    /// failed together do not come back together. `nil` when the job is dead.
    ///
    /// - Parameter chance: From 0 to 999, drawn by the caller.
    package func delayMilliseconds(afterAttempt attempt: Int, chance: Int64) -> Int64? {
        guard attempt < attempts else { return nil }
        return unendingDelayMilliseconds(afterAttempt: attempt, chance: chance)
    }

    /// The same wait without an end of attempts.
    package func unendingDelayMilliseconds(afterAttempt attempt: Int, chance: Int64) -> Int64 {
        let doubled = firstDelayMilliseconds << min(Int64(max(attempt, 1) - 1), 24)
        let cap = min(doubled, longestDelayMilliseconds)
        return max(1, cap * (chance + 1) / 1000)
    }
}
