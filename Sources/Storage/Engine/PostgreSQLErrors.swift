import CLibPQ

extension StoreError {
    /// What an error of PostgreSQL means to the store: by its SQLSTATE.
    init(_ result: borrowing PostgreSQLResult, statement: String) {
        let message = result.primaryMessage.isEmpty ? result.message : result.primaryMessage
        let state = result.state
        switch state {
        case "23505": self = .conflict(table: result.table, detail: result.constraint)
        case "23514": self = .refused(.check, rule: result.constraint, detail: message)
        case "23503": self = .refused(.foreignKey, rule: "foreign_key", detail: message)
        case "23502": self = .refused(.notNull, rule: "\(result.table).\(result.column)", detail: message)
        case "P0001": self = .refused(.guardTrigger, rule: message, detail: message)
        case "22003": self = .refused(.value, rule: "overflow", detail: message)
        case "40001", "40P01", "55P03": self = .stale(reason: "\(state) \(message)")
        case "53100": self = .full(reason: message)
        case "XX001", "XX002": self = .corrupt(place: "database", reason: message)
        case "08P01": self = .misused(statement: statement, reason: message)
        case _ where state.hasPrefix("22"): self = .refused(.value, rule: "type", detail: message)
        case _ where state.hasPrefix("42"), _ where state.hasPrefix("26"), _ where state.hasPrefix("0A"):
            self = .misused(statement: statement, reason: message)
        default: self = .unavailable(reason: state.isEmpty ? message : "\(state) \(message)")
        }
    }

    /// Whether the server has ended the session, or is about to.
    static func endsSession(state: String) -> Bool {
        // 25006: read-only after a fail-over; a new connection finds the new primary.
        (state.hasPrefix("08") && state != "08P01")
            || ["57P01", "57P02", "57P03", "57P05", "25006"].contains(state)
    }
}
