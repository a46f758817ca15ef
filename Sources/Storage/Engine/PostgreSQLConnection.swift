import CLibPQ

/// A transaction on PostgreSQL. Statements travel in a pipeline; only a call that needs an answer waits.
final class PostgreSQLConnection: SQLConnection {
    private let link: PostgreSQLLink
    private let preparesStatements: Bool
    private let statementTimeoutMilliseconds: Int
    private var names: [String: String] = [:]
    private var lastName = 0
    private static let underWayLimit = 500
    private var awaited: [Awaited] = []
    /// The error that doomed the unit.
    private(set) var failure: StoreError?
    private(set) var isLost = false
    private(set) var hasWritten = false

    /// An answer that the server still owes.
    private enum Awaited {
        case preparation(of: String)
        case statement(String, wantsRows: Bool, changing: Int?)

        var text: String {
            switch self {
            case .preparation(let sql), .statement(let sql, _, _): sql
            }
        }
    }

    private struct Answer {
        var changes = 0
        var rows: [SQLRow] = []
    }

    init(conninfo: String, options: StoreOptions) throws(StoreError) {
        link = try PostgreSQLLink(conninfo: conninfo)
        preparesStatements = options.preparesStatements
        statementTimeoutMilliseconds = options.statementTimeoutMilliseconds
    }

    var dialect: Dialect { .postgreSQL }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        try queue(sql, arguments, wantsRows: false, changing: nil)
        hasWritten = true
        return try collect().last?.changes ?? 0
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> [SQLRow] {
        try queue(sql, arguments, wantsRows: true, changing: nil)
        if Self.writes(sql) { hasWritten = true }
        return try collect().last?.rows ?? []
    }

    func rows(_ sql: String, each arguments: [[SQLValue]]) throws(StoreError) -> [[SQLRow]] {
        try collect()
        var answers: [[SQLRow]] = []
        answers.reserveCapacity(arguments.count)
        // Below the limit at which `queue` collects by itself, with room for the statement's preparation.
        for start in stride(from: 0, to: arguments.count, by: Self.underWayLimit / 2) {
            for list in arguments[start..<min(start + Self.underWayLimit / 2, arguments.count)] {
                try queue(sql, list, wantsRows: true, changing: nil)
            }
            answers += try collect().map(\.rows)
        }
        return answers
    }

    func send(_ sql: String, _ arguments: [SQLValue], changing expected: Int?) throws(StoreError) {
        try queue(sql, arguments, wantsRows: false, changing: expected)
        hasWritten = true
    }

    /// Whether a statement that returns rows may also change some.
    private static func writes(_ sql: String) -> Bool {
        if sql.hasPrefix("SELECT") { return false }
        guard sql.hasPrefix("WITH") else { return true }
        return ["INSERT INTO", "UPDATE ", "DELETE FROM"].contains { sql.contains($0) }
    }

    private func queue(
        _ sql: String,
        _ arguments: [SQLValue],
        wantsRows: Bool,
        changing: Int?
    ) throws(StoreError) {
        if let failure { throw failure }
        // Bounds what is under way, so that neither side fills its buffers. Before, not after: the answer to the
        // statement that is queued now belongs to the caller.
        if awaited.count >= Self.underWayLimit { try collect() }
        for case .text(let text) in arguments where text.hasNUL {
            throw fail(.refused(.value, rule: "text", detail: "text contains NUL"))
        }
        var isSent = true
        if preparesStatements {
            if names[sql] == nil { isSent = prepare(sql) }
            isSent = isSent && link.send(prepared: names[sql] ?? "", sql: nil, arguments)
        } else {
            isSent = link.send(prepared: "", sql: sql, arguments)
        }
        guard isSent else { throw lose(link.message) }
        awaited.append(.statement(sql, wantsRows: wantsRows, changing: changing))
    }

    private func prepare(_ sql: String) -> Bool {
        lastName += 1
        let name = "q\(lastName)"
        names[sql] = name
        awaited.append(.preparation(of: sql))
        return link.prepare(name, sql)
    }

    /// Waits for every answer that is owed, and returns those of the statements.
    @discardableResult
    private func collect() throws(StoreError) -> [Answer] {
        if let failure, awaited.isEmpty { throw failure }
        guard !awaited.isEmpty else { return [] }
        guard link.flush() else { throw lose(link.message) }
        let owed = awaited
        awaited = []
        var answers: [Answer] = []
        var hasFailed = false
        for item in owed {
            guard let result = link.result() else { throw lose(link.message) }
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                if case .statement(let sql, let wantsRows, let expected) = item {
                    answers.append(answer(result, sql, wantsRows: wantsRows, changing: expected))
                }
            case PGRES_PIPELINE_ABORTED:
                forget(item)
            default:
                hasFailed = true
                forget(item)
                if failure == nil { failure = StoreError(result, statement: item.text) }
                if link.isBroken || StoreError.endsSession(state: result.state) { throw lose(result.message) }
            }
            // Every statement's results end with an empty one.
            while let extra = link.result() { _ = extra.status }
        }
        if hasFailed { try resynchronise() }
        if let failure { throw failure }
        return answers
    }

    private func answer(
        _ result: borrowing PostgreSQLResult,
        _ sql: String,
        wantsRows: Bool,
        changing expected: Int?
    ) -> Answer {
        var answer = Answer(changes: result.changes)
        if let expected, expected != answer.changes, failure == nil {
            failure = .overtaken(statement: sql, expected: expected, found: answer.changes)
        }
        if wantsRows, failure == nil {
            do {
                answer.rows = try result.rows()
            } catch {
                failure = error
            }
        }
        return answer
    }

    /// After an error the server passes over everything until a synchronisation point.
    private func resynchronise() throws(StoreError) {
        guard link.sync(), link.push() else { throw lose(link.message) }
        while true {
            guard let result = link.result() else {
                if link.isBroken { throw lose(link.message) }
                continue
            }
            if result.status == PGRES_PIPELINE_SYNC { return }
            if link.isBroken { throw lose(result.message) }
        }
    }

    /// A preparation that was passed over did not happen.
    private func forget(_ item: Awaited) {
        if case .preparation(let sql) = item { names[sql] = nil }
    }

    private func fail(_ error: StoreError) -> StoreError {
        failure = failure ?? error
        return failure ?? error
    }

    private func lose(_ reason: String) -> StoreError {
        isLost = true
        awaited = []
        failure = .unavailable(reason: reason)
        return .unavailable(reason: reason)
    }
}

extension PostgreSQLConnection: WriterConnection {
    func begin() throws(StoreError) {
        if isLost { throw lose("the connection is lost") }
        failure = nil
        // Other programs' statements are not ours to forget, but ours must not grow without bound.
        if names.count > 1_000 {
            try run(script: "DEALLOCATE ALL")
            try resynchronise()
            names.removeAll()
        }
        try control("BEGIN")
        try control("SET LOCAL statement_timeout = \(statementTimeoutMilliseconds)")
        try control("SET LOCAL lock_timeout = \(statementTimeoutMilliseconds / 3)")
    }

    /// Begins a transaction that only reads, and sees one state from its first statement on.
    func beginReading() throws(StoreError) {
        if isLost { throw lose("the connection is lost") }
        failure = nil
        try control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try control("SET LOCAL statement_timeout = \(statementTimeoutMilliseconds)")
    }

    func savepoint() throws(StoreError) {
        try control("SAVEPOINT unit")
        hasWritten = false
    }

    func release() throws(StoreError) {
        // The unit's own errors come out while the savepoint is still there.
        try collect()
        try control("RELEASE SAVEPOINT unit")
    }

    func rollbackToSavepoint() throws(StoreError) {
        try settle()
        try control("ROLLBACK TO SAVEPOINT unit")
        try control("RELEASE SAVEPOINT unit")
        try collect()
    }

    func commit(sent: () -> FaultAction) throws(CommitFailure) {
        do {
            try collect()
        } catch {
            rollback()
            throw .refused(error)
        }
        guard link.send(prepared: "", sql: "COMMIT", []), link.sync(), link.push() else {
            throw .unknown(lose(link.message))
        }
        switch sent() {
        case .proceed: break
        case .cut:
            // What the server may have answered already is lost with the connection.
            cut()
            throw .unknown(lose("the connection was cut"))
        case .fail(let error):
            cut()
            _ = lose("\(error)")
            throw .unknown(error)
        }
        var outcome: StoreError?
        var isCommitted = false
        while true {
            guard let result = link.result() else {
                if link.isBroken { throw .unknown(lose(link.message)) }
                continue
            }
            switch result.status {
            case PGRES_PIPELINE_SYNC:
                if let outcome { throw .refused(outcome) }
                guard isCommitted else { throw .refused(.unavailable(reason: "the transaction had failed")) }
                return
            case PGRES_COMMAND_OK:
                isCommitted = result.command == "COMMIT"
            default:
                if link.isBroken || StoreError.endsSession(state: result.state) || result.state == "40003" {
                    throw .unknown(lose(result.message))
                }
                outcome = StoreError(result, statement: "COMMIT")
            }
        }
    }

    func rollback() {
        guard !isLost else { return }
        do {
            try settle()
            try run(script: "ROLLBACK")
            try resynchronise()
        } catch {
            // The server ends the transaction of a connection that goes away.
            isLost = true
        }
    }

    func run(script: String) throws(StoreError) {
        if let failure { throw failure }
        guard link.send(prepared: "", sql: script, []) else { throw lose(link.message) }
        awaited.append(.statement(script, wantsRows: false, changing: nil))
        try collect()
    }

    func cut() { link.cut() }

    /// An error ends the transaction's life on PostgreSQL only together with the connection.
    var isInTransaction: Bool { !isLost }
    var processID: Int32? { link.processID }

    private func control(_ sql: String) throws(StoreError) {
        try queue(sql, [], wantsRows: false, changing: nil)
    }

    /// Takes the answers that are owed and forgets the errors among them.
    private func settle() throws(StoreError) {
        do {
            try collect()
        } catch {
            guard !isLost else { throw error }
        }
        failure = nil
    }
}
