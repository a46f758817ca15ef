extension Migration {
    /// Cases with their documents, runs and receipts.
    package static let m006Cases = Migration(
        version: 6, name: "cases",
        statements: [
            .portable(
                """
                CREATE TABLE cases (
                    book_id TEXT NOT NULL,
                    case_id TEXT NOT NULL CHECK (length(case_id) > 0),
                    connector_id TEXT NOT NULL CHECK (length(connector_id) > 0),
                    tenant TEXT NOT NULL CHECK (length(tenant) > 0),
                    instance TEXT NOT NULL CHECK (length(instance) > 0),
                    revision BIGINT NOT NULL,
                    outcome TEXT NOT NULL,
                    kind TEXT CHECK (length(kind) > 0),
                    case_number TEXT CHECK (length(case_number) > 0),
                    title TEXT CHECK (length(title) > 0),
                    applicant TEXT CHECK (length(applicant) > 0),
                    total_text TEXT CHECK (length(total_text) > 0),
                    currency TEXT CHECK (length(currency) > 0),
                    state TEXT NOT NULL,
                    is_ended SMALLINT NOT NULL CHECK (is_ended IN (0, 1)),
                    step TEXT NOT NULL,
                    run_no BIGINT NOT NULL CHECK (run_no >= 0),
                    problem_code TEXT CHECK (length(problem_code) > 0),
                    problem TEXT,
                    note TEXT,
                    search_text TEXT,
                    delivery_key TEXT CHECK (length(delivery_key) > 0),
                    delivery_digest BYTES NOT NULL CHECK (length(delivery_digest) = 32),
                    received_at BIGINT NOT NULL,
                    changed_at BIGINT NOT NULL,
                    version BIGINT NOT NULL,
                    PRIMARY KEY (book_id, case_id)
                )
                """
            ),
            .portable("CREATE INDEX cases_by_approval ON cases (book_id, connector_id, tenant, instance, revision)"),
            .portable("CREATE INDEX cases_by_state ON cases (book_id, state, received_at, case_id)"),
            .portable("CREATE INDEX cases_by_number ON cases (book_id, case_number, case_id)"),
            .portable("CREATE INDEX cases_open ON cases (book_id, state, step, changed_at) WHERE is_ended = 0"),
            .portable(
                "CREATE INDEX cases_by_problem ON cases (book_id, problem_code, received_at, case_id) WHERE is_ended = 0"
            ),
            .keyed(
                """
                CREATE TABLE case_keys (
                    book_id TEXT NOT NULL,
                    connector_id TEXT NOT NULL,
                    tenant TEXT NOT NULL,
                    instance TEXT NOT NULL,
                    revision BIGINT NOT NULL,
                    case_id TEXT NOT NULL,
                    PRIMARY KEY (book_id, connector_id, tenant, instance, revision)
                )
                """
            ),
            .portable(
                """
                CREATE TABLE case_documents (
                    book_id TEXT NOT NULL,
                    case_id TEXT NOT NULL,
                    body TEXT NOT NULL,
                    PRIMARY KEY (book_id, case_id),
                    FOREIGN KEY (book_id, case_id) REFERENCES cases (book_id, case_id)
                )
                """
            ),
            .portable(
                """
                CREATE TABLE case_runs (
                    book_id TEXT NOT NULL,
                    case_id TEXT NOT NULL,
                    run_no BIGINT NOT NULL,
                    started_at BIGINT NOT NULL,
                    ended_at BIGINT,
                    started_by TEXT NOT NULL CHECK (length(started_by) > 0),
                    reason TEXT,
                    step TEXT NOT NULL,
                    state TEXT NOT NULL,
                    problem TEXT,
                    trace TEXT NOT NULL,
                    PRIMARY KEY (book_id, case_id, run_no),
                    FOREIGN KEY (book_id, case_id) REFERENCES cases (book_id, case_id)
                )
                """
            ),
            .portable(
                """
                CREATE TABLE receipts (
                    book_id TEXT NOT NULL,
                    case_id TEXT NOT NULL,
                    receipt_key TEXT NOT NULL CHECK (length(receipt_key) > 0),
                    receipt_event TEXT NOT NULL CHECK (length(receipt_event) > 0),
                    body TEXT,
                    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'unknown', 'dead')),
                    first_at BIGINT NOT NULL,
                    told_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, case_id, receipt_key),
                    FOREIGN KEY (book_id, case_id) REFERENCES cases (book_id, case_id)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE case_counts (
                    book_id TEXT NOT NULL,
                    step TEXT NOT NULL,
                    state TEXT NOT NULL,
                    case_count BIGINT NOT NULL,
                    first_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, step, state)
                )
                """
            ),
        ]
    )
}
