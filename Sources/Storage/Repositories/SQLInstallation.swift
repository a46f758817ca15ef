import Access
import Cryptography
import Kernel
import Pipeline

/// People, rights, sessions and connectors: the records of the installation's own book.
struct SQLInstallation: InstallationRepository {
    let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func people() throws -> [Person] {
        try context.connection.rows(
            "SELECT person_id, login, person_name, is_active FROM people WHERE book_id = $1 ORDER BY login",
            [context.bookValue]
        ).map(person)
    }

    func person(login: String) throws -> StoredPerson? {
        try context.connection.row(
            """
            SELECT person_id, login, person_name, is_active, password_hash, one_time_until FROM people
            WHERE book_id = $1 AND login = $2
            """,
            [context.bookValue, .text(login)]
        ).map(stored)
    }

    func person(_ id: Person.ID) throws -> StoredPerson? {
        try context.connection.row(
            """
            SELECT person_id, login, person_name, is_active, password_hash, one_time_until FROM people
            WHERE book_id = $1 AND person_id = $2
            """,
            [context.bookValue, .text(id.text)]
        ).map(stored)
    }

    func grants() throws -> [Grant] {
        try context.connection.rows(
            """
            SELECT person_id, granted_role, granted_book FROM grants WHERE book_id = $1
            ORDER BY person_id, granted_role, granted_book
            """,
            [context.bookValue]
        ).map { row in
            Grant(person: Person.ID(try row.text(0)), role: try row.named(1), book: try row.text(2))
        }
    }

    func session(tokenHash: Digest) throws -> StoredSession? {
        try context.connection.row(
            """
            SELECT token_hash, person_id, started_at, last_used_at, csrf_token FROM sessions
            WHERE book_id = $1 AND token_hash = $2
            """,
            [context.bookValue, .digest(tokenHash)]
        ).map { row in
            StoredSession(
                tokenHash: try row.digest(0), personID: try row.text(1), startedAt: try row.timestamp(2),
                lastUsedAt: try row.timestamp(3), csrfToken: try row.text(4)
            )
        }
    }

    func set(_ person: StoredPerson) throws {
        try context.connection.send(
            """
            INSERT INTO people (book_id, person_id, login, person_name, is_active, password_hash, one_time_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (book_id, person_id)
            DO UPDATE SET login = excluded.login, person_name = excluded.person_name, is_active = excluded.is_active,
            password_hash = excluded.password_hash, one_time_until = excluded.one_time_until
            """,
            [
                context.bookValue, .text(person.person.id.text), .text(person.person.login),
                .text(person.person.name), .flag(person.person.isActive), .filled(person.passwordHash),
                .time(person.oneTimeUntil),
            ]
        )
        try context.log(
            "person.set", "person:" + person.person.id.text,
            .object([
                ("active", .bool(person.person.isActive)), ("has_password", .bool(person.passwordHash != nil)),
                ("one_time_until", .optional(person.oneTimeUntil?.text)),
            ]),
            personal: [("login", person.person.login), ("name", person.person.name)]
        )
    }

    func set(_ grant: Grant) throws {
        try context.connection.send(
            """
            INSERT INTO grants (book_id, person_id, granted_role, granted_book) VALUES ($1, $2, $3, $4)
            ON CONFLICT (book_id, person_id, granted_role, granted_book) DO NOTHING
            """,
            values(grant)
        )
        try context.log("grant.set", "person:" + grant.person.text, json(grant))
    }

    func revoke(_ grant: Grant) throws {
        let count = try context.connection.execute(
            "DELETE FROM grants WHERE book_id = $1 AND person_id = $2 AND granted_role = $3 AND granted_book = $4",
            values(grant)
        )
        guard count == 1 else { return }
        try context.log("grant.revoked", "person:" + grant.person.text, json(grant))
    }

    func add(_ session: StoredSession) throws {
        try context.connection.send(
            """
            INSERT INTO sessions (book_id, token_hash, person_id, started_at, last_used_at, csrf_token)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                context.bookValue, .digest(session.tokenHash), .text(session.personID), .time(session.startedAt),
                .time(session.lastUsedAt), .text(session.csrfToken),
            ]
        )
        try log("session.started", session.personID, session.tokenHash)
    }

    func touch(_ tokenHash: Digest, at now: Timestamp) throws {
        try context.connection.send(
            "UPDATE sessions SET last_used_at = $3 WHERE book_id = $1 AND token_hash = $2 AND last_used_at < $3",
            [context.bookValue, .digest(tokenHash), .time(now)]
        )
    }

    func endSession(_ tokenHash: Digest) throws {
        guard let session = try session(tokenHash: tokenHash) else { return }
        try context.connection.send(
            "DELETE FROM sessions WHERE book_id = $1 AND token_hash = $2", [context.bookValue, .digest(tokenHash)]
        )
        try log("session.ended", session.personID, tokenHash)
    }

    func endSessions(of person: String) throws {
        let sessions = try context.connection.rows(
            "SELECT token_hash FROM sessions WHERE book_id = $1 AND person_id = $2 ORDER BY token_hash",
            [context.bookValue, .text(person)]
        )
        for session in sessions { try endSession(try session.digest(0)) }
    }

    private func log(_ kind: String, _ person: String, _ tokenHash: Digest) throws {
        try context.log(kind, "person:" + person, .object([("token_sha256", .string(tokenHash.hex))]))
    }

    private func values(_ grant: Grant) -> [SQLValue] {
        [context.bookValue, .text(grant.person.text), .text(grant.role.rawValue), .text(grant.book)]
    }

    private func json(_ grant: Grant) -> JSON {
        .object([
            ("person", .string(grant.person.text)), ("role", .string(grant.role.rawValue)),
            ("book", .string(grant.book)),
        ])
    }

    private func stored(_ row: SQLRow) throws -> StoredPerson {
        StoredPerson(
            person: try person(row), passwordHash: try row.optionalText(4),
            oneTimeUntil: try row.optionalTime(5)
        )
    }

    private func person(_ row: SQLRow) throws -> Person {
        Person(
            id: Person.ID(try row.text(0)), login: try row.text(1), name: try row.text(2), isActive: try row.flag(3)
        )
    }
}
