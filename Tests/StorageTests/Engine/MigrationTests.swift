import Kernel
import Storage
import TestSupport
import Testing

@Suite("Migrations")
struct MigrationTests {
    private static let extra = Migration(
        version: 2,
        name: "extra",
        statements: [.portable("CREATE TABLE extras (book_id TEXT NOT NULL PRIMARY KEY, n SMALLINT NOT NULL)")]
    )

    @Test("run once each, also when a store is opened again with more of them", arguments: Engine.available)
    func once(engine: Engine) async throws {
        let place = try TestPlace(engine)
        defer { place.remove() }
        for migrations in [[.m001Log], [.m001Log], [.m001Log, Self.extra], [.m001Log, Self.extra]] {
            let store = try await place.open(migrations: migrations)
            let versions = try await store.integers("SELECT version FROM schema_versions ORDER BY version")
            #expect(versions == migrations.map { Int64($0.version) })
            try await store.close()
        }
    }

    @Test("refuse a schema that is newer than the program", arguments: Engine.available)
    func newer(engine: Engine) async throws {
        let place = try TestPlace(engine)
        defer { place.remove() }
        try await place.open(migrations: [.m001Log, Self.extra]).close()
        await #expect(throws: StoreError.tooNew(found: 2, known: 1)) { try await place.open(migrations: [.m001Log]) }
    }

    @Test("refuse a step that was edited after it ran", arguments: Engine.available)
    func edited(engine: Engine) async throws {
        let place = try TestPlace(engine)
        defer { place.remove() }
        try await place.open(migrations: [.m001Log, Self.extra]).close()
        let edited = Migration(version: 2, name: "extra", statements: [.portable("CREATE TABLE others (n BIGINT)")])
        await #expect(throws: StoreError.changedMigration(version: 2, name: "extra")) {
            try await place.open(migrations: [.m001Log, edited])
        }
    }

    @Test("leave nothing of a step that fails", arguments: Engine.available)
    func fails(engine: Engine) async throws {
        let place = try TestPlace(engine)
        defer { place.remove() }
        let broken = Migration(
            version: 2,
            name: "broken",
            statements: [.portable("CREATE TABLE extras (n BIGINT)"), .portable("CREATE NONSENSE")]
        )
        await #expect(throws: StoreError.self) { try await place.open(migrations: [.m001Log, broken]) }
        let store = try await place.open(migrations: [.m001Log, Self.extra])
        #expect(try await store.integers("SELECT count(*) FROM extras") == [0])
        try await store.close()
    }

    @Test("write the portable types in each engine's words")
    func words() {
        let sql = "CREATE TABLE t (a BIGINT, b SMALLINT, c TEXT, d BYTES CHECK (d <> 'BYTES'), BYTES_x BIGINT)"
        #expect(
            Dialect.sqlite.definition(sql)
                == "CREATE TABLE t (a INTEGER, b INTEGER, c TEXT, d BLOB CHECK (d <> 'BYTES'), BYTES_x INTEGER) STRICT"
        )
        #expect(
            Dialect.postgreSQL.definition(sql)
                == "CREATE TABLE t (a BIGINT, b SMALLINT, c TEXT, d BYTEA CHECK (d <> 'BYTES'), BYTES_x BIGINT)"
        )
        #expect(Dialect.sqlite.definition("CREATE INDEX i ON t (a)") == "CREATE INDEX i ON t (a)")
    }

    @Test("are refused by a server that forgets what it acknowledged", .enabled(if: PostgreSQLServer.shared != nil))
    func unsafeServer() async throws {
        let place = try TestPlace(.postgreSQL)
        try PostgreSQLServer.shared?.run("ALTER DATABASE \(place.name) SET synchronous_commit = off", in: "postgres")
        await #expect(
            throws: StoreError.unsafeSetting(name: "postgresql.synchronous_commit", expected: "on", found: "off")
        ) { try await place.open() }
    }
}

@Suite("StoreError")
struct StoreErrorTests {
    @Test(
        "says what, where, why and how to fix it, in both languages",
        arguments: [
            .conflict(table: "t", detail: "d"), .refused(.check, rule: "r", detail: "d"), .stale(reason: "r"),
            .overtaken(statement: "s", expected: 1, found: 0), .full(reason: "r"), .unavailable(reason: "r"),
            .failed(reason: "r"), .corrupt(place: "p", reason: "r"), .unknownOutcome(book: "b", unit: "u"),
            .tooNew(found: 2, known: 1), .changedMigration(version: 1, name: "n"), .queueFull(limit: 1),
            .inUse(path: "p"), .unsafeSetting(name: "n", expected: "e", found: "f"),
            .misused(statement: "s", reason: "r"), .closed,
        ] as [StoreError]
    )
    func explains(error: StoreError) {
        let problem = error.problem
        #expect(problem.code.hasPrefix("store."))
        for phrase in [problem.title, problem.location, problem.cause, problem.remedy] {
            #expect(!phrase.zh.isEmpty)
            #expect(!phrase.en.isEmpty)
        }
    }
}
