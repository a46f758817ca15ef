import Foundation

/// A PostgreSQL server of the test process's own: a private socket in a temporary folder, one database for each journey.
///
/// A shell stands between: it ends the server by its process id and removes the folder as soon as the test process is
/// gone, however that happened, because then its standard input ends.
struct PostgreSQLServer: Sendable {
    /// `nil` where PostgreSQL is not installed; a line says so. On CI that is a failure.
    static let shared: PostgreSQLServer? = start()

    private static let binaries = "/usr/lib/postgresql/15/bin"

    let folder: String

    private static func start() -> PostgreSQLServer? {
        guard FileManager.default.isExecutableFile(atPath: binaries + "/postgres") else {
            if ProcessInfo.processInfo.environment["CI"] == "true" { fatalError("PostgreSQL 15 is missing") }
            print("skipped: PostgreSQL 15 is not installed, so no journey was made on it")
            return nil
        }
        let folder = "/tmp/pj-\(UUID().uuidString.prefix(8))"
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
            if server.run("pg_isready", ["-q"]) { return server }
            guard process.isRunning else { break }
            usleep(50_000)
        }
        fatalError("PostgreSQL does not start: see \(folder)")
    }

    func conninfo(_ database: String) -> String { "host=\(folder) user=test dbname=\(database)" }

    /// Makes an empty database.
    func makeDatabase() -> String {
        let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
        guard run("createdb", ["-U", "test", name]) else { fatalError("cannot make a database: see \(folder)") }
        return name
    }

    private func run(_ tool: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.binaries + "/" + tool)
        process.arguments = ["-h", folder] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// An engine that a journey is made on.
enum Engine: String, CaseIterable, Sendable {
    case sqlite
    case postgreSQL

    /// Both, or SQLite alone where PostgreSQL is not installed.
    static let available: [Engine] = PostgreSQLServer.shared == nil ? [.sqlite] : allCases
}
