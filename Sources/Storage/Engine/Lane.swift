import NIOPosix
import Synchronization

/// The way to one writer: a bounded queue and the one thread that empties it.
///
/// While a batch is written the next one gathers, so that batches grow with the load and nobody waits for a timer.
final class Lane: Sendable {
    private struct Queue {
        var waiting: [PendingUnit] = []
        var isDraining = false
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let runner: BatchRunner
    private let maximumBatch: Int
    private let limit: Int
    private let state: StoreState

    init(runner: BatchRunner, maximumBatch: Int, limit: Int, state: StoreState) {
        self.runner = runner
        self.maximumBatch = maximumBatch
        self.limit = limit
        self.state = state
        threads.start()
    }

    var count: Int { queue.withLock { $0.waiting.count } }

    /// Takes a unit in. It is answered later by its own closures, unless this throws.
    func submit(_ unit: PendingUnit) throws {
        if let reason = state.refusal { throw reason }
        let mustStart = try queue.withLock { queue in
            // Asked under the lock: a ticket cancelled later is found in the queue.
            if unit.ticket.isCancelled { throw CancellationError() }
            if queue.isClosed { throw StoreError.closed }
            // Whoever tries to reach the server tries for all.
            if queue.isDraining, let absence = runner.absence { throw absence }
            guard queue.waiting.count < limit else { throw StoreError.queueFull(limit: limit) }
            queue.waiting.append(unit)
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        if mustStart {
            threads.submit { [self] state in state == .active ? drain() : refuseAll() }
        }
    }

    /// Takes a unit out that has not started. One that has started runs to its end.
    func withdraw(_ ticket: Ticket) {
        ticket.cancel()
        let unit = queue.withLock { queue -> PendingUnit? in
            queue.waiting.firstIndex { $0.ticket === ticket }.map { queue.waiting.remove(at: $0) }
        }
        unit?.fail(CancellationError())
    }

    private func drain() {
        while true {
            let batch = queue.withLock { queue -> [PendingUnit] in
                let batch = Array(queue.waiting.prefix(maximumBatch))
                queue.waiting.removeFirst(batch.count)
                if batch.isEmpty { queue.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            // A unit that had to wait for another round may have been cancelled on the way.
            for unit in batch where unit.ticket.isCancelled { unit.fail(CancellationError()) }
            let rest = runner.run(batch.filter { !$0.ticket.isCancelled }) { refuseWaiting($0) }
            if !rest.isEmpty { queue.withLock { $0.waiting.insert(contentsOf: rest, at: 0) } }
        }
    }

    /// The lane was closed between the unit's entry and the start of the thread.
    private func refuseAll() { refuseWaiting(StoreError.closed) }

    private func refuseWaiting(_ error: StoreError) {
        let units = queue.withLock { queue in
            defer { queue.waiting = [] }
            return queue.waiting
        }
        for unit in units { unit.fail(error) }
    }

    /// Takes nothing more in, and returns when everything that was taken in is answered.
    func close() async throws {
        queue.withLock { $0.isClosed = true }
        await threads.run {}
        try await threads.shutdownGracefully()
    }
}
