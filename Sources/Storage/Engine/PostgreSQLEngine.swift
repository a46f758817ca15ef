import Synchronization

/// Opens connections, and looks each time whether the server keeps what the books rely on.
struct PostgreSQLServer: Sendable {
    let conninfo: String
    let options: StoreOptions

    func connect() throws(StoreError) -> sending PostgreSQLConnection {
        let connection = try PostgreSQLConnection(conninfo: conninfo, options: options)
        try connection.beginReading()
        try Self.verify(connection)
        connection.rollback()
        return connection
    }

    /// Refuses a server that forgets what it acknowledged, or sorts text otherwise than by its bytes.
    private static func verify(_ connection: PostgreSQLConnection) throws(StoreError) {
        let row = try connection.row(
            """
            SELECT current_setting('fsync'), current_setting('full_page_writes'),
                CASE current_setting('synchronous_commit') WHEN 'off' THEN 'off' ELSE 'on' END,
                CASE WHEN datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') THEN 'C' ELSE CAST(datcollate AS TEXT) END,
                current_setting('server_encoding')
            FROM pg_database WHERE datname = current_database()
            """,
            []
        )
        let expected = [
            ("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on"), ("lc_collate", "C"),
            ("server_encoding", "UTF8"),
        ]
        for (index, (name, value)) in expected.enumerated() {
            let found = try row?.text(index) ?? "?"
            guard found == value else {
                throw .unsafeSetting(name: "postgresql." + name, expected: value, found: found)
            }
        }
    }
}

/// The connection of one writer thread, opened again where it was lost.
final class PostgreSQLWriter: Writer {
    private let server: PostgreSQLServer
    private let held = Mutex<PostgreSQLConnection?>(nil)

    init(_ server: PostgreSQLServer) {
        self.server = server
    }

    func use<Result: Sendable>(_ body: @Sendable (any WriterConnection) -> Result) throws(StoreError) -> Result {
        try held.withLock { (held) throws(StoreError) -> Result in
            if let connection = held, !connection.isLost { return body(connection) }
            held = nil
            let connection = try server.connect()
            let result = body(connection)
            held = connection
            return result
        }
    }

    func close() {
        held.withLock { $0 = nil }
    }
}

/// As many connections for reading as there are reader threads.
final class PostgreSQLReaders: Readers {
    private let slots: [PostgreSQLReader]
    private let free: Mutex<[Int]>

    init(_ server: PostgreSQLServer) {
        let count = max(1, server.options.readers)
        slots = (0..<count).map { _ in PostgreSQLReader(server) }
        free = Mutex(Array(0..<count))
    }

    func read<Value: Sendable>(_ body: @Sendable (any SQLConnection) throws -> Value) throws -> Value {
        guard let index = free.withLock({ $0.popLast() }) else {
            throw StoreError.unavailable(reason: "more readers than connections")
        }
        defer { free.withLock { $0.append(index) } }
        return try slots[index].read(body)
    }

    func close() {
        for slot in slots { slot.close() }
    }
}

/// One connection for reading.
private final class PostgreSQLReader: Sendable {
    private let server: PostgreSQLServer
    private let held = Mutex<PostgreSQLConnection?>(nil)

    init(_ server: PostgreSQLServer) {
        self.server = server
    }

    func read<Value: Sendable>(_ body: @Sendable (any SQLConnection) throws -> Value) throws -> Value {
        try held.withLock { held in
            // A read that lost its connection is asked once more on a new one: reading twice does no harm.
            for isLast in [false, true] {
                let connection = try held ?? server.connect()
                held = connection
                do {
                    try connection.beginReading()
                    let value = try body(connection)
                    connection.rollback()
                    if connection.isLost { held = nil }
                    return value
                } catch {
                    connection.rollback()
                    guard connection.isLost else { throw error }
                    held = nil
                    if isLast { throw error }
                }
            }
            throw StoreError.unavailable(reason: "no connection")
        }
    }

    func close() {
        held.withLock { $0 = nil }
    }
}
