import Kernel

/// One try at running units in one transaction.
struct BatchAttempt {
    enum Outcome: Sendable {
        /// COMMIT returned: `answers` may go out. `rest` was not started for lack of time.
        case committed(kept: Int, failed: Int, answers: [PendingUnit.Delivery], rest: [PendingUnit])
        /// Nothing was kept, because of one unit alone.
        case spoiled(by: PendingUnit, StoreError, others: [PendingUnit])
        /// Nothing was kept; every unit may run again. Without `begun` it never came to the units.
        case again([PendingUnit], StoreError, begun: Bool)
        /// It is not known whether those that are `isInDoubt` were kept.
        case unknown([PendingUnit], StoreError)
    }

    let connection: any WriterConnection
    let options: StoreOptions

    private struct Progress {
        var answers: [PendingUnit.Delivery] = []
        var kept: [PendingUnit] = []
        var failed = 0
    }

    func run(_ units: [PendingUnit]) -> Outcome {
        let end = options.monotonicNanoseconds() + UInt64(options.batchMilliseconds) * 1_000_000
        var heads: BookHeads
        do {
            try connection.begin()
        } catch {
            connection.rollback()
            return .again(units, error, begun: false)
        }
        do {
            heads = try BookHeads(locking: units.map(\.book), on: connection)
        } catch {
            connection.rollback()
            return .again(units, error, begun: true)
        }
        var progress = Progress()
        var started = 0
        for unit in units {
            if started > 0, options.monotonicNanoseconds() >= end { break }
            started += 1
            if let outcome = run(unit, among: units, heads: &heads, &progress) { return outcome }
        }
        return commit(units, started: started, heads, progress)
    }

    /// Runs one unit in its savepoint; gives an outcome only if the whole transaction is over.
    private func run(
        _ pending: PendingUnit,
        among units: [PendingUnit],
        heads: inout BookHeads,
        _ progress: inout Progress
    ) -> Outcome? {
        do {
            try connection.savepoint()
            if let delivery = try deliveryIfDone(pending) {
                try connection.release()
                progress.answers.append(delivery)
                return nil
            }
            let unit = Unit(
                connection: connection,
                head: heads[pending.book],
                key: pending.key,
                actor: pending.actor,
                at: pending.at
            )
            let delivery = try pending.work(unit)
            try unit.finish()
            switch options.faults.at(.insideUnit(key: pending.key, process: connection.processID)) {
            case .proceed: break
            case .cut: connection.cut()
            case .fail(let error): throw error
            }
            if connection.hasWritten, unit.entries.isEmpty, !unit.isHarmlessTwice {
                throw StoreError.misused(statement: "unit \(pending.key)", reason: "it writes and does not log")
            }
            try connection.release()
            heads[pending.book] = unit.head
            progress.answers.append(delivery)
            var done = pending
            done.ifDone = delivery
            progress.kept.append(done)
            return nil
        } catch {
            return undo(pending, error, among: units, &progress)
        }
    }

    private func deliveryIfDone(_ pending: PendingUnit) throws(StoreError) -> PendingUnit.Delivery? {
        guard let delivery = pending.ifDone else { return nil }
        return try LogTable.contains(unit: pending.key, of: pending.book, on: connection) ? delivery : nil
    }

    private func undo(
        _ pending: PendingUnit,
        _ error: any Error,
        among units: [PendingUnit],
        _ progress: inout Progress
    ) -> Outcome? {
        // A unit may dress the store's error in one of its own; what the transaction needs is the store's.
        let reason = connection.failure ?? error as? StoreError
        if connection.isLost {
            return .again(units, reason ?? .unavailable(reason: "\(error)"), begun: true)
        }
        if let reason, case .stale = reason {
            connection.rollback()
            return .again(units, reason, begun: true)
        }
        guard connection.isInTransaction else {
            // SQLite has rolled everything back. The others did nothing wrong and run again.
            connection.rollback()
            let others = units.filter { $0.ticket !== pending.ticket }
            return .spoiled(by: pending, reason ?? .unavailable(reason: "\(error)"), others: others)
        }
        do {
            try connection.rollbackToSavepoint()
        } catch {
            connection.rollback()
            return .again(units, error, begun: true)
        }
        progress.failed += 1
        progress.answers.append { pending.fail(error) }
        return nil
    }

    private func commit(_ units: [PendingUnit], started: Int, _ heads: BookHeads, _ progress: Progress) -> Outcome {
        do {
            try heads.save(on: connection)
            switch options.faults.at(.beforeCommit(process: connection.processID)) {
            case .proceed: break
            case .cut: connection.cut()
            case .fail(let error): throw CommitFailure.refused(error)
            }
            try connection.commit { options.faults.at(.afterCommitSent(process: connection.processID)) }
        } catch let failure as CommitFailure {
            switch failure {
            case .refused(let reason):
                connection.rollback()
                return .again(units, reason, begun: true)
            case .unknown(let reason):
                // A unit that failed by itself runs again with the others: its savepoint was undone in any case.
                let again = units.map { unit in
                    guard var kept = progress.kept.first(where: { $0.ticket === unit.ticket }) else { return unit }
                    kept.isInDoubt = true
                    return kept
                }
                return .unknown(again, reason)
            }
        } catch {
            connection.rollback()
            return .again(units, StoreError(caught: error), begun: true)
        }
        return .committed(
            kept: progress.kept.count,
            failed: progress.failed,
            answers: progress.answers,
            rest: Array(units[started...])
        )
    }
}

extension StoreError {
    fileprivate init(caught error: any Error) {
        self = error as? StoreError ?? .unavailable(reason: "\(error)")
    }
}
