extension Migration {
    /// Books, their periods, and the work that is due in them.
    package static let m002Books = Migration(
        version: 2, name: "books",
        statements: [
            .portable(
                """
                CREATE TABLE books (
                    book_id TEXT NOT NULL PRIMARY KEY CHECK (length(book_id) > 0),
                    kind TEXT NOT NULL CHECK (kind IN ('company', 'inbox', 'installation')),
                    book_name TEXT NOT NULL CHECK (length(book_name) > 0),
                    tax_id TEXT CHECK (length(tax_id) > 0),
                    standard TEXT NOT NULL CHECK (length(standard) > 0),
                    taxpayer TEXT NOT NULL CHECK (length(taxpayer) > 0),
                    words TEXT NOT NULL CHECK (length(words) > 0),
                    currency TEXT NOT NULL CHECK (length(currency) = 3),
                    zone_name TEXT NOT NULL CHECK (length(zone_name) > 0),
                    kept TEXT NOT NULL CHECK (kept IN ('here', 'outside')),
                    settings TEXT NOT NULL
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE periods (
                    book_id TEXT NOT NULL,
                    period BIGINT NOT NULL CHECK (period BETWEEN 101 AND 999912),
                    is_open SMALLINT NOT NULL CHECK (is_open IN (0, 1)),
                    opened_at BIGINT NOT NULL,
                    closed_at BIGINT,
                    PRIMARY KEY (book_id, period),
                    FOREIGN KEY (book_id) REFERENCES books (book_id),
                    CHECK ((is_open = 1) = (closed_at IS NULL))
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE jobs (
                    book_id TEXT NOT NULL,
                    job_id BIGINT NOT NULL,
                    kind TEXT NOT NULL CHECK (length(kind) > 0),
                    subject TEXT NOT NULL CHECK (length(subject) > 0),
                    payload TEXT NOT NULL,
                    due_at BIGINT NOT NULL,
                    attempt BIGINT NOT NULL CHECK (attempt >= 1),
                    is_dead SMALLINT NOT NULL CHECK (is_dead IN (0, 1)),
                    problem TEXT,
                    PRIMARY KEY (book_id, job_id)
                )
                """
            ),
            .portable("CREATE INDEX jobs_by_due ON jobs (book_id, is_dead, due_at, job_id)"),
            .portable("CREATE INDEX jobs_by_subject ON jobs (book_id, subject, job_id)"),
            .keyed(
                """
                CREATE TABLE book_clocks (
                    book_id TEXT NOT NULL PRIMARY KEY,
                    owner TEXT CHECK (length(owner) > 0),
                    until_at BIGINT NOT NULL,
                    epoch BIGINT NOT NULL CHECK (epoch >= 0),
                    next_due BIGINT NOT NULL
                )
                """
            ),
            .portable("CREATE INDEX book_clocks_by_due ON book_clocks (next_due, book_id)"),
        ]
    )
}
