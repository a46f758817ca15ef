extension Migration {
    /// Deliveries and originals. The key of a delivery is kept for years, its bytes for months.
    package static let m005Intake = Migration(
        version: 5, name: "intake",
        statements: [
            .portable(
                """
                CREATE TABLE inbox_keys (
                    book_id TEXT NOT NULL,
                    connector_id TEXT NOT NULL CHECK (length(connector_id) > 0),
                    delivery_key TEXT NOT NULL CHECK (length(delivery_key) > 0),
                    digest BYTES NOT NULL CHECK (length(digest) = 32),
                    received_month BIGINT NOT NULL,
                    received_at BIGINT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'irrelevant', 'held', 'conflict')),
                    attempts BIGINT NOT NULL CHECK (attempts >= 0),
                    problem TEXT,
                    case_book TEXT CHECK (length(case_book) > 0),
                    case_id TEXT CHECK (length(case_id) > 0),
                    PRIMARY KEY (book_id, delivery_key)
                )
                """
            ),
            .portable("CREATE INDEX inbox_keys_by_time ON inbox_keys (book_id, received_at, delivery_key)"),
            .portable(
                """
                CREATE TABLE inbox_bodies (
                    book_id TEXT NOT NULL,
                    received_month BIGINT NOT NULL,
                    delivery_key TEXT NOT NULL,
                    payload BYTES NOT NULL,
                    PRIMARY KEY (book_id, received_month, delivery_key)
                )
                """
            ),
            .portable(
                """
                CREATE TABLE originals (
                    book_id TEXT NOT NULL,
                    digest BYTES NOT NULL CHECK (length(digest) = 32),
                    media_type TEXT NOT NULL CHECK (length(media_type) > 0),
                    byte_count BIGINT NOT NULL CHECK (byte_count >= 0),
                    content BYTES CHECK (length(content) = byte_count),
                    named_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, digest)
                )
                """
            ),
        ]
    )
}
