import CLibPQ
import Foundation
import Kernel

/// A connection of libpq in pipeline mode: statements are sent, and their results fetched later.
///
/// One thread uses it at a time; whoever holds it sees to that.
final class PostgreSQLLink {
    private let handle: OpaquePointer

    /// Connects and blocks until it is done; the texts of a password never enter an error.
    init(conninfo: String) throws(StoreError) {
        let keywords = [
            "dbname", "client_encoding", "fallback_application_name", "connect_timeout", "tcp_user_timeout",
            "keepalives_idle", "keepalives_interval", "keepalives_count",
        ]
        // A server that vanished without a word is noticed after 15 s without an answer.
        let values = [conninfo, "UTF8", "pingqiao", "3", "15000", "5", "5", "2"]
        let opened: OpaquePointer? = Self.withCStrings(keywords) { keywords in
            Self.withCStrings(values) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened else { throw .unavailable(reason: "libpq has no memory") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let reason = Self.text(PQerrorMessage(opened))
            PQfinish(opened)
            throw .unavailable(reason: reason)
        }
        // Notices (“relation exists, skipping”) are not for standard error.
        PQsetNoticeProcessor(opened, { _, _ in }, nil)
        guard PQenterPipelineMode(opened) == 1 else {
            PQfinish(opened)
            throw .unavailable(reason: "libpq refuses pipeline mode")
        }
        handle = opened
    }

    deinit { PQfinish(handle) }

    var isBroken: Bool { PQstatus(handle) == CONNECTION_BAD }
    var processID: Int32 { PQbackendPID(handle) }
    var message: String { Self.text(PQerrorMessage(handle)) }

    /// Cuts the connection without a farewell, as a broken network does.
    func cut() {
        _ = shutdown(PQsocket(handle), Int32(SHUT_RDWR))
    }

    func prepare(_ name: String, _ sql: String) -> Bool {
        PQsendPrepare(handle, name, sql, 0, nil) == 1
    }

    /// Sends a prepared statement, or with `sql` one that is not prepared.
    func send(prepared name: String, sql: String?, _ arguments: [SQLValue]) -> Bool {
        let wire = PostgreSQLArguments(arguments)
        return wire.withPointers { values, lengths, formats in
            if let sql {
                PQsendQueryParams(handle, sql, Int32(arguments.count), nil, values, lengths, formats, 0) == 1
            } else {
                PQsendQueryPrepared(handle, name, Int32(arguments.count), values, lengths, formats, 0) == 1
            }
        }
    }

    /// Asks the server to answer what it has, and empties our own buffer.
    func flush() -> Bool {
        PQsendFlushRequest(handle) == 1 && PQflush(handle) == 0
    }

    func push() -> Bool { PQflush(handle) == 0 }

    func sync() -> Bool { PQpipelineSync(handle) == 1 }

    /// The next result; `nil` ends the results of one statement.
    func result() -> PostgreSQLResult? {
        PQgetResult(handle).map(PostgreSQLResult.init)
    }

    static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        let text = String(cString: pointer)
        // The messages of libpq end with a line break.
        return text.last?.isNewline == true ? String(text.dropLast()) : text
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result?
    ) -> Result? {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let pointers = copies.map { UnsafePointer($0) } + [nil]
        return pointers.withUnsafeBufferPointer { buffer in buffer.baseAddress.flatMap(body) }
    }
}

/// One result of libpq.
struct PostgreSQLResult: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }
    var state: String { field("C") }
    var message: String { PostgreSQLLink.text(PQresultErrorMessage(handle)) }
    var primaryMessage: String { field("M") }
    var table: String { field("t") }
    var column: String { field("c") }
    var constraint: String { field("n") }
    /// What was done: `COMMIT`, or `ROLLBACK` where a COMMIT found a failed transaction.
    var command: String { PostgreSQLLink.text(PQcmdStatus(handle)) }
    var changes: Int { PQcmdTuples(handle).map { Int(atol($0)) } ?? 0 }

    /// A field of an error, by the letter that libpq's PG_DIAG_ constants stand for.
    private func field(_ letter: Unicode.Scalar) -> String {
        PostgreSQLLink.text(PQresultErrorField(handle, Int32(letter.value)))
    }

    func rows() throws(StoreError) -> [SQLRow] {
        let width = PQnfields(handle)
        let count = PQntuples(handle)
        guard width > 0, count > 0 else { return [] }
        let columns = (0..<width).map { PostgreSQLLink.text(PQfname(handle, $0)) }
        let types = (0..<width).map { PQftype(handle, $0) }
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(width))
            for column in 0..<width {
                let index = Int(column)
                values.append(try value(row, column, type: types[index], name: columns[index]))
            }
            rows.append(SQLRow(values: values, columns: columns))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32, type: Oid, name: String) throws(StoreError) -> SQLValue {
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return .null }
        let length = Int(PQgetlength(handle, row, column))
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        // The type numbers are fixed in PostgreSQL's pg_type.dat.
        switch type {
        case 20, 21, 23, 26:
            guard let number = Int64(String(decoding: bytes, as: UTF8.self)) else { break }
            return .integer(number)
        case 16:
            return .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
        case 25, 1042, 1043, 18, 19, 705:
            return .text(String(decoding: bytes, as: UTF8.self))
        case 17:
            guard bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "x")]),
                let decoded = [UInt8](hex: String(decoding: bytes.dropFirst(2), as: UTF8.self))
            else { break }
            return .bytes(decoded)
        default:
            throw .misused(statement: name, reason: "the column has type \(type); CAST it to BIGINT, TEXT or BYTEA")
        }
        throw .corrupt(place: name, reason: "not a value of type \(type)")
    }
}
