import Kernel
import Synchronization

/// A unit that waits to be run, and the caller who waits for it.
struct PendingUnit: Sendable {
    /// Answers the caller; called after the COMMIT.
    typealias Delivery = @Sendable () -> Void

    let book: String
    let key: String
    let actor: String
    let at: Timestamp
    let ticket: Ticket
    /// Runs the unit's work and keeps its answer for later.
    let work: @Sendable (Unit) throws -> Delivery
    let fail: @Sendable (any Error) -> Void
    /// What is answered, without running the work, if the unit is in the log already; `nil` if nobody looks.
    ///
    /// The caller may have asked for it, or an earlier COMMIT lost its answer after the work was done.
    var ifDone: Delivery?
    /// Whether a COMMIT that carried it lost its answer.
    var isInDoubt = false
}

/// Lets a caller give up on a unit that has not started.
final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() { cancelled.store(true, ordering: .releasing) }
}
