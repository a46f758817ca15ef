import CLibPQ
import Foundation

/// A PostgreSQL server of the test process's own: a private socket in a temporary folder, one database for each test.
///
/// A shell stands between: it ends the server by its process id and removes the folder as soon as the test process is
/// gone, however that happened, because then its standard input ends.
package struct PostgreSQLServer: Sendable {
    /// The one server of this process; `nil` where PostgreSQL is not installed; a line says so. On CI that is a failure.
    package static let shared: PostgreSQLServer? = start()

    /// Where its socket, its data and its log are.
    package let folder: String

    private static func start() -> PostgreSQLServer? {
        let binaries = "/usr/lib/postgresql/15/bin"
        guard FileManager.default.isExecutableFile(atPath: binaries + "/postgres") else {
            if ProcessInfo.processInfo.environment["CI"] == "true" { fatalError("PostgreSQL 15 is missing") }
            print("skipped: PostgreSQL 15 is not installed, so nothing was tested on it")
            return nil
        }
        let folder = "/tmp/pq-\(UUID().uuidString.prefix(8))"
        // PostgreSQL refuses to run as root; setpriv replaces itself, so that the process id is the server's.
        let user = getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups" : ""
        let script = """
            mkdir \(folder) && cd \(folder) || exit 1
            [ "$(id -u)" = 0 ] && chown postgres \(folder)
            \(user) \(binaries)/initdb -D \(folder)/data -A trust -E UTF8 --locale=C.UTF-8 -U test >\(folder)/initdb.log 2>&1 || exit 1
            \(user) \(binaries)/postgres -D \(folder)/data -c listen_addresses= -c unix_socket_directories=\(folder) \
                -c max_connections=600 -c shared_buffers=64MB >\(folder)/server.log 2>&1 &
            server=$!
            cat >/dev/null
            kill -QUIT $server
            wait $server
            rm -rf \(folder)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        // The pipe is never written to. It must live as long as the process, hence the retained handle.
        let leash = Pipe()
        process.standardInput = leash
        process.standardOutput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            fatalError("cannot start a shell: \(error)")
        }
        _ = Unmanaged.passRetained(leash)
        let server = PostgreSQLServer(folder: folder)
        for _ in 0..<600 {
            if (try? server.run("SELECT 1", in: "postgres")) != nil { return server }
            guard process.isRunning else { break }
            usleep(50_000)
        }
        fatalError("PostgreSQL does not start: see \(folder)")
    }

    /// How libpq finds a database of this server.
    package func conninfo(_ database: String) -> String {
        "host=\(folder) user=test dbname=\(database)"
    }

    /// Makes an empty database.
    package func makeDatabase() throws -> String {
        let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
        try run("CREATE DATABASE \(name)", in: "postgres")
        return name
    }

    /// Runs a statement on a connection of its own; gives the first column of the rows.
    @discardableResult
    package func run(_ sql: String, in database: String) throws -> [String] {
        struct Failure: Error { let message: String }
        let handle = PQconnectdb(conninfo(database))
        defer { PQfinish(handle) }
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK else {
            throw Failure(message: String(cString: PQerrorMessage(handle)))
        }
        return (0..<PQntuples(result)).map { String(cString: PQgetvalue(result, $0, 0)) }
    }
}
