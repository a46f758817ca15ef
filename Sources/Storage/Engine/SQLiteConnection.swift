import Foundation
import GRDB

/// A transaction on the embedded database.
final class SQLiteConnection: SQLConnection {
    private let database: Database
    private var orders: [String: ParameterOrder] = [:]
    /// The error that doomed the unit.
    private(set) var failure: StoreError?
    private(set) var hasWritten = false

    init(_ database: Database) {
        self.database = database
    }

    var dialect: Dialect { .sqlite }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        try guarded(sql) {
            let statement = try prepared(sql, arguments)
            try statement.execute()
            if !statement.isReadonly { hasWritten = true }
            return database.changesCount
        }
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> [SQLRow] {
        try guarded(sql) {
            let statement = try prepared(sql, arguments)
            let columns = statement.columnNames
            let cursor = try Row.fetchCursor(statement)
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                let values = try row.databaseValues.enumerated().map { index, value in
                    try SQLValue(value, column: columns[index])
                }
                rows.append(SQLRow(values: values, columns: columns))
            }
            if !statement.isReadonly { hasWritten = true }
            return rows
        }
    }

    func rows(_ sql: String, each arguments: [[SQLValue]]) throws(StoreError) -> [[SQLRow]] {
        var answers: [[SQLRow]] = []
        for list in arguments { answers.append(try rows(sql, list)) }
        return answers
    }

    func send(_ sql: String, _ arguments: [SQLValue], changing expected: Int?) throws(StoreError) {
        let found = try execute(sql, arguments)
        if let expected, expected != found {
            let error = StoreError.overtaken(statement: sql, expected: expected, found: found)
            failure = error
            throw error
        }
    }

    private func prepared(_ sql: String, _ arguments: [SQLValue]) throws -> Statement {
        let order = orders[sql] ?? ParameterOrder(sql)
        orders[sql] = order
        guard order.count == arguments.count else {
            throw StoreError.misused(statement: sql, reason: "\(order.count) parameters, \(arguments.count) arguments")
        }
        for case .text(let text) in arguments where text.utf8.contains(0) {
            throw StoreError.refused(.value, rule: "text", detail: "text contains NUL")
        }
        let statement = try database.cachedStatement(sql: sql)
        if let numbers = order.numbers {
            guard numbers.allSatisfy({ arguments.indices.contains($0 - 1) }) else {
                throw StoreError.misused(statement: sql, reason: "parameters are not numbered from 1 without a gap")
            }
            statement.setUncheckedArguments(StatementArguments(numbers.map { arguments[$0 - 1].databaseValue }))
        } else {
            statement.setUncheckedArguments(StatementArguments(arguments.map(\.databaseValue)))
        }
        return statement
    }

    private func guarded<Result>(_ sql: String, _ body: () throws -> Result) throws(StoreError) -> Result {
        if let failure { throw failure }
        do {
            return try body()
        } catch {
            let error = StoreError(error, statement: sql)
            failure = error
            throw error
        }
    }
}

extension SQLiteConnection: WriterConnection {
    func begin() throws(StoreError) {
        failure = nil
        try control("BEGIN IMMEDIATE")
    }

    func savepoint() throws(StoreError) {
        try control("SAVEPOINT unit")
        hasWritten = false
    }

    func release() throws(StoreError) {
        if let failure { throw failure }
        try control("RELEASE unit")
    }

    func rollbackToSavepoint() throws(StoreError) {
        failure = nil
        try control("ROLLBACK TO unit")
        try control("RELEASE unit")
    }

    func commit(sent: () -> FaultAction) throws(CommitFailure) {
        do {
            if case .fail(let error) = sent() { throw CommitFailure.unknown(error) }
            try database.cachedStatement(sql: "COMMIT").execute()
        } catch let error as CommitFailure {
            rollback()
            throw error
        } catch {
            let reason = StoreError(error, statement: "COMMIT")
            rollback()
            switch reason {
            case .full, .stale: throw .refused(reason)
            // After a failed write or fsync the commit frame may or may not be on the disk.
            default: throw .unknown(reason)
            }
        }
    }

    func rollback() {
        failure = nil
        // An error here means that SQLite has rolled back by itself.
        if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
    }

    func run(script: String) throws(StoreError) {
        try guarded(script) { try database.execute(sql: script) }
    }

    func cut() {}

    var isInTransaction: Bool { database.isInsideTransaction }
    var isLost: Bool { false }
    var processID: Int32? { nil }

    private func control(_ sql: String) throws(StoreError) {
        do {
            try database.cachedStatement(sql: sql).execute()
        } catch {
            throw StoreError(error, statement: sql)
        }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue, column: String) throws {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes([UInt8](data))
        case .double: throw StoreError.corrupt(place: column, reason: "a floating-point number")
        }
    }
}
