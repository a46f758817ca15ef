import Foundation
import GRDB

/// A transaction on the embedded database.
final class SQLiteConnection: SQLConnection {
    private let database: Database
    private let orders: ParameterOrders
    private var known: [String: Prepared] = [:]
    /// The error that doomed the unit.
    private(set) var failure: StoreError?
    private(set) var hasWritten = false

    private struct Prepared {
        let statement: Statement
        let order: ParameterOrder
        let isReadonly: Bool
    }

    init(_ database: Database, orders: ParameterOrders) {
        self.database = database
        self.orders = orders
    }

    var dialect: Dialect { .sqlite }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        try guarded(sql) {
            let prepared = try prepared(sql, arguments)
            try prepared.statement.execute()
            if !prepared.isReadonly { hasWritten = true }
            return database.changesCount
        }
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> [SQLRow] {
        try guarded(sql) {
            let prepared = try prepared(sql, arguments)
            let statement = prepared.statement
            let columns = statement.columnNames
            let cursor = try Row.fetchCursor(statement)
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                let values = try row.databaseValues.enumerated().map { index, value in
                    try SQLValue(value, column: columns[index])
                }
                rows.append(SQLRow(values: values, columns: columns))
            }
            if !prepared.isReadonly { hasWritten = true }
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

    /// A statement of this connection, with its arguments bound.
    private func prepared(_ sql: String, _ arguments: [SQLValue]) throws -> Prepared {
        let prepared = try known[sql] ?? prepare(sql)
        guard prepared.order.count == arguments.count else {
            throw StoreError.misused(
                statement: sql,
                reason: "\(prepared.order.count) parameters, \(arguments.count) arguments"
            )
        }
        let statement = prepared.statement
        // Resets the statement. The values are bound without GRDB's own list of them, which costs more than the row.
        statement.setUncheckedArguments(Self.noArguments)
        if let numbers = prepared.order.numbers {
            for (index, number) in numbers.enumerated() {
                guard arguments.indices.contains(number - 1) else {
                    throw StoreError.misused(statement: sql, reason: "parameters are not numbered from 1 without a gap")
                }
                try arguments[number - 1].bind(to: statement.sqliteStatement, at: CInt(index + 1))
            }
        } else {
            for index in arguments.indices {
                try arguments[index].bind(to: statement.sqliteStatement, at: CInt(index + 1))
            }
        }
        return prepared
    }

    private func prepare(_ sql: String) throws -> Prepared {
        let statement = try database.cachedStatement(sql: sql)
        let prepared = Prepared(statement: statement, order: orders[sql], isReadonly: statement.isReadonly)
        known[sql] = prepared
        return prepared
    }

    private static let noArguments = StatementArguments()

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
            try prepared("COMMIT", []).statement.execute()
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
            try prepared(sql, []).statement.execute()
        } catch {
            throw StoreError(error, statement: sql)
        }
    }
}

extension SQLValue {
    fileprivate func bind(to statement: SQLiteStatement, at index: CInt) throws {
        let code =
            switch self {
            case .null: DatabaseValue.null.bind(to: statement, at: index)
            case .integer(let number): number.bind(to: statement, at: index)
            case .text(let text):
                if text.hasNUL {
                    throw StoreError.refused(.value, rule: "text", detail: "text contains NUL")
                } else {
                    text.bind(to: statement, at: index)
                }
            case .bytes(let bytes): Data(bytes).bind(to: statement, at: index)
            }
        guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
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
