import Foundation
import Kernel
import Storage
import TestSupport

/// A place for one store, which is removed with it.
struct TestPlace: Sendable {
    let engine: Engine
    /// The folder of the SQLite file, or the name of the PostgreSQL database.
    let name: String

    init(_ engine: Engine) throws {
        self.engine = engine
        switch engine {
        case .sqlite:
            name = FileManager.default.temporaryDirectory.path + "/pq-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        case .postgreSQL:
            guard let server = PostgreSQLServer.shared else { throw CancellationError() }
            name = try server.makeDatabase()
        }
    }

    var path: String { name + "/store.db" }

    func open(
        migrations: [Migration] = Migration.all,
        options: StoreOptions = StoreOptions()
    ) async throws -> Store {
        switch engine {
        case .sqlite:
            return try await Store.open(sqlite: path, at: .test, migrations: migrations, options: options)
        case .postgreSQL:
            guard let server = PostgreSQLServer.shared else { throw CancellationError() }
            return try await Store.open(
                postgreSQL: server.conninfo(name),
                at: .test,
                migrations: migrations,
                options: options
            )
        }
    }

    func remove() {
        if engine == .sqlite { try? FileManager.default.removeItem(atPath: name) }
    }
}

/// Opens an empty store, hands it to a test, and closes it.
func withStore(
    _ engine: Engine,
    migrations: [Migration] = Migration.all,
    options: StoreOptions = StoreOptions(),
    _ body: (Store, TestPlace) async throws -> Void
) async throws {
    let place = try TestPlace(engine)
    defer { place.remove() }
    let store = try await place.open(migrations: migrations, options: options)
    do {
        try await body(store, place)
    } catch {
        try await store.close()
        throw error
    }
    try await store.close()
}

extension Timestamp {
    static let test = Timestamp(seconds: 1_772_000_000)
}
