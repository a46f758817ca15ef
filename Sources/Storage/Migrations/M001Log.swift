extension Migration {
    /// The log of each book, its head, and the personal values its entries name.
    package static let m001Log = Migration(
        version: 1,
        name: "log",
        statements: [
            .keyed(
                """
                CREATE TABLE book_heads (
                    book_id TEXT NOT NULL PRIMARY KEY,
                    log_size BIGINT NOT NULL CHECK (log_size >= 0),
                    frontier BYTES NOT NULL,
                    versions TEXT NOT NULL
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE book_counters (
                    book_id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    value BIGINT NOT NULL CHECK (value >= 0),
                    PRIMARY KEY (book_id, name)
                )
                """
            ),
            // Rows that change with every batch stay in their page.
            .only(.postgreSQL, "ALTER TABLE book_heads SET (fillfactor = 50)"),
            .only(.postgreSQL, "ALTER TABLE book_counters SET (fillfactor = 50)"),
            .portable(
                """
                CREATE TABLE log_entries (
                    book_id TEXT NOT NULL,
                    seq BIGINT NOT NULL CHECK (seq >= 0),
                    at BIGINT NOT NULL,
                    actor TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    unit_key TEXT NOT NULL,
                    body TEXT NOT NULL,
                    leaf BYTES NOT NULL CHECK (length(leaf) = 32),
                    PRIMARY KEY (book_id, seq)
                )
                """
            ),
            .portable("CREATE INDEX log_entries_unit ON log_entries (book_id, unit_key)"),
            .portable("CREATE INDEX log_entries_subject ON log_entries (book_id, subject, seq)"),
            // Salt and value are erasable; the hash stays, so that the leaf can still be computed.
            .portable(
                """
                CREATE TABLE personal_values (
                    book_id TEXT NOT NULL,
                    seq BIGINT NOT NULL,
                    name TEXT NOT NULL,
                    hash BYTES NOT NULL CHECK (length(hash) = 32),
                    salt BYTES,
                    value TEXT,
                    retention TEXT NOT NULL,
                    PRIMARY KEY (book_id, seq, name),
                    FOREIGN KEY (book_id, seq) REFERENCES log_entries (book_id, seq)
                )
                """
            ),
            .only(
                .postgreSQL,
                """
                CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = TG_ARGV[0];
                END
                $$
                """
            ),
        ],
        insertOnly: ["log_entries"]
    )
}
