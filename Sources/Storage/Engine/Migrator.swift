import Kernel

/// Brings a database to the schema of this program.
struct Migrator {
    let migrations: [Migration]
    let now: Timestamp

    init(migrations: [Migration], now: Timestamp) {
        precondition(
            migrations.map(\.version) == Array(1..<migrations.count + 1),
            "migrations are numbered from 1 without a gap"
        )
        self.migrations = migrations
        self.now = now
    }

    func migrate(_ connection: any WriterConnection) throws(StoreError) {
        try makeVersionTable(connection)
        for migration in migrations {
            // One transaction for each step: a crash between two steps leaves a schema that the next start continues.
            try inTransaction(connection) { () throws(StoreError) in
                if connection.dialect == .postgreSQL {
                    // Two nodes that start together migrate one after the other.
                    try connection.run(script: "LOCK TABLE schema_versions IN ACCESS EXCLUSIVE MODE")
                }
                guard try !isApplied(migration, connection) else { return }
                for statement in migration.statements {
                    guard let text = statement.text(for: connection.dialect) else { continue }
                    try connection.run(script: text)
                }
                try connection.execute(
                    "INSERT INTO schema_versions (version, name, hash, applied_at) VALUES ($1, $2, $3, $4)",
                    [
                        .int(migration.version), .text(migration.name), .bytes(migration.hash.bytes),
                        .integer(now.microseconds),
                    ]
                )
            }
        }
    }

    private func makeVersionTable(_ connection: any WriterConnection) throws(StoreError) {
        let sql = connection.dialect.definition(
            """
            CREATE TABLE IF NOT EXISTS schema_versions (
                version BIGINT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                hash BYTES NOT NULL,
                applied_at BIGINT NOT NULL
            )
            """
        )
        // Two nodes that start at once may both find no table; PostgreSQL then refuses the second one, which looks again.
        for isLast in [false, true] {
            do {
                try inTransaction(connection) { () throws(StoreError) in try connection.run(script: sql) }
                return
            } catch {
                guard case .conflict = error, !isLast else { throw error }
            }
        }
    }

    private func isApplied(_ migration: Migration, _ connection: any WriterConnection) throws(StoreError) -> Bool {
        let newest = try connection.row("SELECT max(version) FROM schema_versions", [])?.optionalInteger(0) ?? 0
        guard newest <= migrations.count else { throw .tooNew(found: Int(newest), known: migrations.count) }
        let row = try connection.row("SELECT hash FROM schema_versions WHERE version = $1", [.int(migration.version)])
        guard let row else { return false }
        guard try row.bytes(0) == migration.hash.bytes else {
            throw .changedMigration(version: migration.version, name: migration.name)
        }
        return true
    }

    private func inTransaction(
        _ connection: any WriterConnection,
        _ body: () throws(StoreError) -> Void
    ) throws(StoreError) {
        try connection.begin()
        do {
            try body()
        } catch {
            connection.rollback()
            throw error
        }
        do {
            try connection.commit(sent: { .proceed })
        } catch {
            connection.rollback()
            switch error {
            case .refused(let reason), .unknown(let reason): throw reason
            }
        }
    }
}
