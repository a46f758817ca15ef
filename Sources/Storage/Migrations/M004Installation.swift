extension Migration {
    /// People, their rights and sessions, and the connections to OA products.
    package static let m004Installation = Migration(
        version: 4, name: "installation",
        statements: [
            .portable(
                """
                CREATE TABLE people (
                    book_id TEXT NOT NULL,
                    person_id TEXT NOT NULL CHECK (length(person_id) > 0),
                    login TEXT NOT NULL CHECK (length(login) > 0),
                    person_name TEXT NOT NULL CHECK (length(person_name) > 0),
                    is_active SMALLINT NOT NULL CHECK (is_active IN (0, 1)),
                    password_hash TEXT CHECK (length(password_hash) > 0),
                    PRIMARY KEY (book_id, person_id),
                    UNIQUE (book_id, login)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE grants (
                    book_id TEXT NOT NULL,
                    person_id TEXT NOT NULL CHECK (length(person_id) > 0),
                    granted_role TEXT NOT NULL CHECK (length(granted_role) > 0),
                    granted_book TEXT NOT NULL CHECK (length(granted_book) > 0),
                    PRIMARY KEY (book_id, person_id, granted_role, granted_book)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE sessions (
                    book_id TEXT NOT NULL,
                    token_hash BYTES NOT NULL CHECK (length(token_hash) = 32),
                    person_id TEXT NOT NULL CHECK (length(person_id) > 0),
                    started_at BIGINT NOT NULL,
                    last_used_at BIGINT NOT NULL,
                    csrf_token TEXT NOT NULL CHECK (length(csrf_token) > 0),
                    PRIMARY KEY (book_id, token_hash)
                )
                """
            ),
            .portable("CREATE INDEX sessions_by_person ON sessions (book_id, person_id)"),
            .portable(
                """
                CREATE TABLE connectors (
                    book_id TEXT NOT NULL,
                    connector_id TEXT NOT NULL CHECK (length(connector_id) > 0),
                    kind TEXT NOT NULL CHECK (length(kind) > 0),
                    connector_name TEXT NOT NULL CHECK (length(connector_name) > 0),
                    home_book TEXT NOT NULL CHECK (length(home_book) > 0),
                    settings TEXT NOT NULL,
                    sealed_secrets BYTES NOT NULL,
                    mapping TEXT NOT NULL,
                    mapping_version BIGINT NOT NULL,
                    is_active SMALLINT NOT NULL CHECK (is_active IN (0, 1)),
                    PRIMARY KEY (book_id, connector_id)
                )
                """
            ),
        ]
    )
}
