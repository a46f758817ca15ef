import Cryptography
import Foundation
import Synchronization

/// Runs batches on one writer until every unit has its answer.
final class BatchRunner: Sendable {
    private let writer: any Writer
    private let isEmbedded: Bool
    private let options: StoreOptions
    private let state: StoreState
    /// Whether the server was out of reach at the last try: then one more try is enough before callers are answered.
    private let away = Mutex<StoreError?>(nil)

    init(writer: any Writer, isEmbedded: Bool, options: StoreOptions, state: StoreState) {
        self.writer = writer
        self.isEmbedded = isEmbedded
        self.options = options
        self.state = state
    }

    /// Why the server cannot be reached at the moment; `nil` when it can, as far as anybody knows.
    var absence: StoreError? { away.withLock { $0 } }

    /// Runs the units of one batch; gives back those that were not started for lack of time.
    ///
    /// - Parameter whenAway: Is told when the server has been away for so long that nobody should wait for it.
    func run(_ units: [PendingUnit], whenAway: (StoreError) -> Void) -> [PendingUnit] {
        var waiting = units
        var isAlone = false
        var attempts = 0
        var lostAt: UInt64?
        let start = options.monotonicNanoseconds()
        defer { state.measure { $0.busyNanoseconds += options.monotonicNanoseconds() - start } }

        while let first = waiting.first {
            if let reason = state.refusal {
                for unit in waiting { answer(unit, reason) }
                return []
            }
            let group = isAlone ? [first] : waiting
            let outcome: BatchAttempt.Outcome
            do {
                outcome = try attempt(group)
            } catch {
                let since = lostAt ?? options.monotonicNanoseconds()
                lostAt = since
                for unit in waiting where !unit.isInDoubt { answer(unit, error) }
                waiting.removeAll { !$0.isInDoubt }
                whenAway(error)
                if error.mayPass, options.monotonicNanoseconds() - since < options.reconnectNanoseconds {
                    pause(7)
                    continue
                }
                for unit in waiting { answer(unit, error) }
                return []
            }
            lostAt = nil
            switch outcome {
            case .committed(let kept, let failed, let answers, let rest):
                state.measure {
                    $0.units += kept
                    $0.failedUnits += failed
                    $0.batches += 1
                }
                for answer in answers { answer() }
                if !isAlone { return rest }
                waiting.removeFirst()
                attempts = 0

            case .spoiled(let guilty, let error, let others):
                state.measure { $0.failedUnits += 1 }
                answer(guilty, error)
                waiting = isAlone ? Array(waiting.dropFirst()) : others

            case .unknown(let units, let error):
                state.measure { $0.lostCommits += 1 }
                if isEmbedded {
                    // The frames of a failed write may still be found, and kept, at the next start.
                    state.fail("\(error)")
                }
                waiting.replaceSubrange(..<units.count, with: units)
                attempts += 1
                if attempts > options.attempts {
                    for unit in waiting { answer(unit, error) }
                    return []
                }

            case .again(let units, let error, let begun):
                state.measure { $0.retries += 1 }
                if case .failed(let reason) = error { state.fail(reason) }
                waiting.replaceSubrange(..<units.count, with: units)
                attempts += 1
                let mayPass = error.mayPass && attempts < options.attempts
                if mayPass {
                    pause(attempts)
                } else if group.count > 1, begun, !error.isSameForAll {
                    isAlone = true
                    attempts = 0
                } else {
                    for unit in waiting.prefix(group.count) { answer(unit, error) }
                    waiting.removeFirst(group.count)
                    attempts = 0
                }
            }
        }
        return []
    }

    private func attempt(_ units: [PendingUnit]) throws(StoreError) -> BatchAttempt.Outcome {
        let patience = min(UInt64(options.refusalSeconds) * 1_000_000_000, options.reconnectNanoseconds)
        let limit = options.monotonicNanoseconds() + patience
        var tries = 0
        while true {
            do {
                let outcome = try writer.use { BatchAttempt(connection: $0, options: options).run(units) }
                away.withLock { $0 = nil }
                return outcome
            } catch {
                tries += 1
                if absence != nil || !error.mayPass || options.monotonicNanoseconds() >= limit {
                    away.withLock { $0 = error }
                    throw error
                }
                pause(min(tries + 2, 8))
            }
        }
    }

    private func answer(_ unit: PendingUnit, _ error: StoreError) {
        if unit.isInDoubt {
            unit.fail(StoreError.unknownOutcome(book: unit.book, unit: unit.key))
        } else {
            unit.fail(error)
        }
    }

    /// Waits 5 ms × 2ⁿ, of which chance takes up to half, so that those who collided do not collide again.
    private func pause(_ attempt: Int) {
        let milliseconds = 5 << min(attempt, 8)
        let share = Int(randomBytes(1)[0])
        usleep(UInt32(milliseconds * 1_000 * (256 + share) / 512))
    }
}

extension StoreOptions {
    fileprivate var reconnectNanoseconds: UInt64 { UInt64(reconnectSeconds) * 1_000_000_000 }
}

extension StoreError {
    /// Whether the same transaction may succeed in a moment.
    fileprivate var mayPass: Bool {
        switch self {
        case .stale, .unavailable: true
        default: false
        }
    }

    /// Whether the error would meet every unit of a batch alike.
    fileprivate var isSameForAll: Bool {
        switch self {
        case .full, .failed, .closed: true
        default: false
        }
    }
}
