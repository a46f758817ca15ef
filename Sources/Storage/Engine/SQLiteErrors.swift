import GRDB

extension StoreError {
    /// What an error of SQLite means to the store.
    init(_ error: any Error, statement: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .unavailable(reason: "\(error)")
            return
        }
        let message = error.message ?? error.resultCode.description
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            let columns = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
            self = .conflict(table: columns.split(separator: ".").first.map(String.init) ?? "", detail: columns)
        case .SQLITE_CONSTRAINT_CHECK:
            self = .refused(.check, rule: Self.afterColon(message), detail: message)
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            self = .refused(.foreignKey, rule: "foreign_key", detail: message)
        case .SQLITE_CONSTRAINT_NOTNULL:
            self = .refused(.notNull, rule: Self.afterColon(message), detail: message)
        case .SQLITE_CONSTRAINT_TRIGGER:
            self = .refused(.guardTrigger, rule: message, detail: message)
        // A failed fsync is not asked again: the pages may be gone from the cache although nothing was written.
        case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC:
            self = .failed(reason: message)
        default:
            self.init(code: error.resultCode, message: message, statement: statement)
        }
    }

    private init(code: ResultCode, message: String, statement: String) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .stale(reason: message)
        case .SQLITE_FULL: self = .full(reason: message)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(place: "database file", reason: message)
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG:
            self = .refused(.value, rule: "type", detail: message)
        case .SQLITE_ERROR where message.contains("overflow"):
            self = .refused(.value, rule: "overflow", detail: message)
        case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_RANGE, .SQLITE_AUTH:
            self = .misused(statement: statement, reason: message)
        default: self = .unavailable(reason: message)
        }
    }

    private static func afterColon(_ message: String) -> String {
        message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
    }
}
