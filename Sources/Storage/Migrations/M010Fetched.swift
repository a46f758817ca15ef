extension Migration {
    /// What was brought of a delivery whose OA did not give everything at once. Rows live as long as the delivery waits.
    package static let m010Fetched = Migration(
        version: 10, name: "fetched",
        statements: [
            .portable(
                """
                CREATE TABLE inbox_fetched (
                    book_id TEXT NOT NULL,
                    delivery_key TEXT NOT NULL,
                    part BIGINT NOT NULL CHECK (part >= 0),
                    digest BYTES CHECK (length(digest) = 32),
                    asked_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, delivery_key, part)
                )
                """
            )
        ]
    )
}
