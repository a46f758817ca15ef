/// Tells somebody which statements a unit or a read runs, for tests and measurements.
struct ObservedConnection: SQLConnection {
    let connection: any SQLConnection
    let observe: @Sendable (String) -> Void

    var dialect: Dialect { connection.dialect }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        observe(sql)
        return try connection.execute(sql, arguments)
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> [SQLRow] {
        observe(sql)
        return try connection.rows(sql, arguments)
    }

    func send(_ sql: String, _ arguments: [SQLValue], changing: Int?) throws(StoreError) {
        observe(sql)
        try connection.send(sql, arguments, changing: changing)
    }

    func rows(_ sql: String, each arguments: [[SQLValue]]) throws(StoreError) -> [[SQLRow]] {
        for _ in arguments { observe(sql) }
        return try connection.rows(sql, each: arguments)
    }
}
