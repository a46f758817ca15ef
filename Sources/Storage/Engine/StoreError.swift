/// Why the store did not do what it was asked.
package enum StoreError: Error, Hashable {
    /// A row with this key exists already.
    case conflict(table: String, detail: String)
    /// The database itself refuses the row: a rule of the schema is broken.
    case refused(Refusal, rule: String, detail: String)
    /// Somebody else's transaction was in the way; the same unit may succeed when it is run again.
    case stale(reason: String)
    /// A row was changed meanwhile: the statement found another number of rows than its author counted on.
    case overtaken(statement: String, expected: Int, found: Int)
    /// The disk has no room.
    case full(reason: String)
    /// The database cannot be reached, or did not answer in time.
    case unavailable(reason: String)
    /// The disk failed while something was made durable; nothing more is taken until a restart.
    case failed(reason: String)
    /// What is stored is not what was written there.
    case corrupt(place: String, reason: String)
    /// The answer to COMMIT was lost and cannot be found out now; `unit` names what must be looked up.
    case unknownOutcome(book: String, unit: String)
    /// The database was written by a newer program.
    case tooNew(found: Int, known: Int)
    /// A migration that ran here reads otherwise in this program.
    case changedMigration(version: Int, name: String)
    /// Too much waits already.
    case queueFull(limit: Int)
    /// Another process has this embedded store open.
    case inUse(path: String)
    /// The database does not promise what the books need.
    case unsafeSetting(name: String, expected: String, found: String)
    /// The statement is wrong: a mistake of this program.
    case misused(statement: String, reason: String)
    /// The store was closed.
    case closed

    /// What kind of rule refused a row.
    package enum Refusal: String, Hashable, Sendable {
        case check
        case foreignKey = "foreign_key"
        case notNull = "not_null"
        /// A trigger that keeps rows from being changed.
        case guardTrigger = "guard"
        /// The value does not fit its column.
        case value
    }

    /// Whether waiting helps.
    package var isTransient: Bool {
        switch self {
        case .stale, .overtaken, .full, .unavailable, .queueFull, .unknownOutcome: true
        case .conflict, .refused, .failed, .corrupt, .tooNew, .changedMigration, .inUse, .unsafeSetting, .misused,
            .closed:
            false
        }
    }
}
