/// What the writers of a store have done since it was opened.
package struct StoreMetrics: Hashable, Sendable {
    /// Units that were committed.
    package internal(set) var units = 0
    /// Units that failed by themselves and were rolled back.
    package internal(set) var failedUnits = 0
    /// Transactions that were committed.
    package internal(set) var batches = 0
    /// Transactions that had to run again.
    package internal(set) var retries = 0
    /// COMMITs whose answer was lost.
    package internal(set) var lostCommits = 0
    /// Units refused because too many waited.
    package internal(set) var refused = 0
    /// Units that wait now.
    package internal(set) var waiting = 0
    package internal(set) var reads = 0
    /// Nanoseconds the writers spent in transactions.
    package internal(set) var busyNanoseconds: UInt64 = 0

    /// Hundredths of the mean number of units in a transaction.
    package var meanBatchHundredths: Int { batches == 0 ? 0 : units * 100 / batches }
}
