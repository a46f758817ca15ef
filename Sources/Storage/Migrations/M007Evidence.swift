extension Migration {
    /// Electronic vouchers, and the register of invoices with their uses.
    ///
    /// The recognising uses of one invoice form a chain: slot 1 starts at nothing used, each further one starts where the one
    /// before ended, and none passes the total. A whole use takes the total at once, so a second one has no room. Where the
    /// total is not known, it counts as 1.
    package static let m007Evidence = Migration(
        version: 7, name: "evidence",
        statements: [
            .portable(
                """
                CREATE TABLE evidence (
                    book_id TEXT NOT NULL,
                    evidence_id TEXT NOT NULL CHECK (length(evidence_id) > 0),
                    case_id TEXT NOT NULL CHECK (length(case_id) > 0),
                    file_name TEXT NOT NULL CHECK (length(file_name) > 0),
                    digest BYTES NOT NULL CHECK (length(digest) = 32),
                    media_type TEXT NOT NULL CHECK (length(media_type) > 0),
                    byte_count BIGINT NOT NULL CHECK (byte_count >= 0),
                    kind TEXT CHECK (length(kind) > 0),
                    evidence_number TEXT CHECK (length(evidence_number) > 0),
                    register_key TEXT CHECK (length(register_key) > 0),
                    fields TEXT NOT NULL,
                    rule_fields TEXT,
                    search_text TEXT,
                    added_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, evidence_id)
                )
                """
            ),
            .portable("CREATE INDEX evidence_by_case ON evidence (book_id, case_id, evidence_id)"),
            .portable("CREATE INDEX evidence_by_time ON evidence (book_id, added_at, evidence_id)"),
            .keyed(
                """
                CREATE TABLE invoice_uses (
                    book_id TEXT NOT NULL,
                    register_key TEXT NOT NULL CHECK (length(register_key) > 0),
                    slot BIGINT NOT NULL CHECK (slot >= 1),
                    previous_slot BIGINT,
                    used_before BIGINT NOT NULL,
                    used_after BIGINT NOT NULL,
                    total BIGINT NOT NULL CHECK (total BETWEEN 1 AND 1000000000000000),
                    is_whole SMALLINT NOT NULL CHECK (is_whole IN (0, 1)),
                    case_id TEXT NOT NULL CHECK (length(case_id) > 0),
                    connector_id TEXT NOT NULL CHECK (length(connector_id) > 0),
                    tenant TEXT NOT NULL CHECK (length(tenant) > 0),
                    instance TEXT NOT NULL CHECK (length(instance) > 0),
                    used_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, register_key, slot),
                    UNIQUE (book_id, register_key, slot, used_after, total),
                    FOREIGN KEY (book_id, register_key, previous_slot, used_before, total)
                    REFERENCES invoice_uses (book_id, register_key, slot, used_after, total),
                    CHECK (used_before >= 0 AND used_after > used_before AND used_after <= total),
                    CHECK ((slot = 1 AND previous_slot IS NULL AND used_before = 0)
                    OR (slot > 1 AND previous_slot IS NOT NULL AND previous_slot = slot - 1)),
                    CHECK (is_whole = 0 OR (used_before = 0 AND used_after = total))
                )
                """
            ),
            .portable("CREATE INDEX invoice_uses_by_case ON invoice_uses (book_id, case_id)"),
            .keyed(
                """
                CREATE TABLE invoice_citations (
                    book_id TEXT NOT NULL,
                    register_key TEXT NOT NULL CHECK (length(register_key) > 0),
                    case_id TEXT NOT NULL CHECK (length(case_id) > 0),
                    connector_id TEXT NOT NULL CHECK (length(connector_id) > 0),
                    tenant TEXT NOT NULL CHECK (length(tenant) > 0),
                    instance TEXT NOT NULL CHECK (length(instance) > 0),
                    cited_at BIGINT NOT NULL,
                    PRIMARY KEY (book_id, register_key, case_id)
                )
                """
            ),
        ]
    )
}
