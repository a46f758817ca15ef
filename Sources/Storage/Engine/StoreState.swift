import Synchronization

/// Whether a store takes work, and what it has done.
final class StoreState: Sendable {
    private struct Held {
        var refusal: StoreError?
        var metrics = StoreMetrics()
    }

    private let held = Mutex(Held())

    /// Why nothing is taken; `nil` while the store works.
    var refusal: StoreError? { held.withLock { $0.refusal } }

    var metrics: StoreMetrics { held.withLock { $0.metrics } }

    /// The disk failed: what it holds is only known again after a restart.
    func fail(_ reason: String) {
        held.withLock { $0.refusal = $0.refusal ?? .failed(reason: reason) }
    }

    func measure(_ change: (inout StoreMetrics) -> Void) {
        held.withLock { change(&$0.metrics) }
    }
}
