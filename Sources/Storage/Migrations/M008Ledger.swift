extension Migration {
    /// Vouchers before and after posting, and what is added up from them.
    ///
    /// Posted rows lie in tables of their own that only grow. The chain of `previous_no` refuses a gap, a repeat and a second
    /// first number; amounts stay within ±10¹⁵ and sums within ±10¹⁸, so that neither engine leaves 64 bits.
    package static let m008Ledger = Migration(
        version: 8, name: "ledger",
        statements: [
            .portable(
                """
                CREATE TABLE drafts (
                    book_id TEXT NOT NULL,
                    voucher_id TEXT NOT NULL CHECK (length(voucher_id) > 0),
                    draft_no BIGINT NOT NULL CHECK (draft_no >= 1),
                    period BIGINT NOT NULL,
                    voucher_date TEXT NOT NULL CHECK (length(voucher_date) = 10),
                    state TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'approved')),
                    case_id TEXT CHECK (length(case_id) > 0),
                    run_no BIGINT,
                    posting_key TEXT NOT NULL CHECK (length(posting_key) > 0),
                    reviewer TEXT CHECK (length(reviewer) > 0),
                    review_authorised_by TEXT CHECK (length(review_authorised_by) > 0),
                    cashier TEXT CHECK (length(cashier) > 0),
                    needs_cashier SMALLINT NOT NULL CHECK (needs_cashier IN (0, 1)),
                    moves_money SMALLINT NOT NULL CHECK (moves_money IN (0, 1)),
                    return_reason TEXT CHECK (length(return_reason) > 0),
                    reverses_id TEXT CHECK (length(reverses_id) > 0),
                    body TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    version BIGINT NOT NULL,
                    PRIMARY KEY (book_id, voucher_id),
                    UNIQUE (book_id, posting_key),
                    UNIQUE (book_id, reverses_id)
                )
                """
            ),
            .portable("CREATE INDEX drafts_by_case ON drafts (book_id, case_id)"),
            .portable("CREATE INDEX drafts_by_period ON drafts (book_id, period, state, voucher_date, draft_no)"),
            .portable("CREATE INDEX drafts_by_state ON drafts (book_id, state, draft_no)"),
            .portable(
                """
                CREATE TABLE vouchers (
                    book_id TEXT NOT NULL,
                    period BIGINT NOT NULL,
                    voucher_id TEXT NOT NULL CHECK (length(voucher_id) > 0),
                    word TEXT NOT NULL CHECK (length(word) > 0),
                    voucher_no BIGINT NOT NULL CHECK (voucher_no >= 1),
                    previous_no BIGINT,
                    voucher_date TEXT NOT NULL CHECK (length(voucher_date) = 10),
                    currency TEXT NOT NULL CHECK (length(currency) = 3),
                    debit_total BIGINT NOT NULL CHECK (debit_total BETWEEN -1000000000000000000 AND 1000000000000000000),
                    credit_total BIGINT NOT NULL,
                    line_count BIGINT NOT NULL CHECK (line_count BETWEEN 2 AND 1000),
                    attachments BIGINT NOT NULL CHECK (attachments >= 0),
                    summary TEXT NOT NULL CHECK (length(summary) > 0),
                    reverses_id TEXT CHECK (length(reverses_id) > 0),
                    case_id TEXT CHECK (length(case_id) > 0),
                    voucher_case TEXT CHECK (length(voucher_case) > 0),
                    run_no BIGINT,
                    posting_key TEXT NOT NULL CHECK (length(posting_key) > 0),
                    draft_no BIGINT NOT NULL CHECK (draft_no >= 1),
                    makers TEXT NOT NULL,
                    reviewer TEXT CHECK (length(reviewer) > 0),
                    review_authorised_by TEXT CHECK (length(review_authorised_by) > 0),
                    cashier TEXT CHECK (length(cashier) > 0),
                    poster TEXT NOT NULL CHECK (length(poster) > 0),
                    needs_cashier SMALLINT NOT NULL CHECK (needs_cashier IN (0, 1)),
                    moves_money SMALLINT NOT NULL CHECK (moves_money IN (0, 1)),
                    return_reason TEXT CHECK (length(return_reason) > 0),
                    created_at BIGINT NOT NULL,
                    posted_at BIGINT NOT NULL,
                    version BIGINT NOT NULL,
                    PRIMARY KEY (book_id, period, voucher_id),
                    UNIQUE (book_id, period, voucher_no, word),
                    FOREIGN KEY (book_id, period, previous_no, word) REFERENCES vouchers (book_id, period, voucher_no, word),
                    CHECK (debit_total = credit_total),
                    CHECK ((voucher_no = 1 AND previous_no IS NULL)
                    OR (voucher_no > 1 AND previous_no IS NOT NULL AND previous_no = voucher_no - 1))
                )
                """
            ),
            .portable("CREATE INDEX vouchers_by_case ON vouchers (book_id, case_id)"),
            .portable(
                """
                CREATE TABLE lines (
                    book_id TEXT NOT NULL,
                    period BIGINT NOT NULL,
                    voucher_id TEXT NOT NULL,
                    line_no BIGINT NOT NULL CHECK (line_no BETWEEN 1 AND 1000),
                    word TEXT NOT NULL,
                    voucher_no BIGINT NOT NULL,
                    account_code TEXT NOT NULL CHECK (length(account_code) > 0),
                    side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
                    amount BIGINT NOT NULL CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000),
                    original_currency TEXT CHECK (length(original_currency) = 3),
                    original_amount BIGINT CHECK (original_amount BETWEEN -1000000000000000 AND 1000000000000000),
                    rate BIGINT,
                    quantity BIGINT,
                    quantity_unit TEXT CHECK (length(quantity_unit) > 0),
                    unit_price BIGINT,
                    dimensions TEXT NOT NULL CHECK (length(dimensions) > 0),
                    cash_flow_item TEXT CHECK (length(cash_flow_item) > 0),
                    summary TEXT CHECK (length(summary) > 0),
                    origin TEXT NOT NULL,
                    PRIMARY KEY (book_id, period, voucher_id, line_no),
                    FOREIGN KEY (book_id, period, voucher_id) REFERENCES vouchers (book_id, period, voucher_id)
                )
                """
            ),
            .portable(
                "CREATE INDEX lines_by_account ON lines (book_id, account_code, period, voucher_no, word, line_no)"),
            .keyed(
                """
                CREATE TABLE voucher_keys (
                    book_id TEXT NOT NULL,
                    posting_key TEXT NOT NULL CHECK (length(posting_key) > 0),
                    voucher_id TEXT NOT NULL CHECK (length(voucher_id) > 0),
                    period BIGINT NOT NULL,
                    PRIMARY KEY (book_id, posting_key),
                    UNIQUE (book_id, voucher_id)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE reversals (
                    book_id TEXT NOT NULL,
                    reverses_id TEXT NOT NULL CHECK (length(reverses_id) > 0),
                    voucher_id TEXT NOT NULL CHECK (length(voucher_id) > 0),
                    PRIMARY KEY (book_id, reverses_id),
                    UNIQUE (book_id, voucher_id),
                    FOREIGN KEY (book_id, reverses_id) REFERENCES voucher_keys (book_id, voucher_id)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE number_counters (
                    book_id TEXT NOT NULL,
                    period BIGINT NOT NULL,
                    word TEXT NOT NULL CHECK (length(word) > 0),
                    last_no BIGINT NOT NULL CHECK (last_no >= 1),
                    PRIMARY KEY (book_id, period, word)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE balances (
                    book_id TEXT NOT NULL,
                    period BIGINT NOT NULL,
                    account_code TEXT NOT NULL,
                    dimensions TEXT NOT NULL CHECK (length(dimensions) > 0),
                    currency TEXT NOT NULL CHECK (length(currency) = 3),
                    debit BIGINT NOT NULL CHECK (debit BETWEEN -1000000000000000000 AND 1000000000000000000),
                    credit BIGINT NOT NULL CHECK (credit BETWEEN -1000000000000000000 AND 1000000000000000000),
                    original_debit BIGINT NOT NULL CHECK (original_debit BETWEEN -1000000000000000000 AND 1000000000000000000),
                    original_credit BIGINT NOT NULL CHECK (original_credit BETWEEN -1000000000000000000 AND 1000000000000000000),
                    PRIMARY KEY (book_id, period, account_code, dimensions, currency)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE open_item_movements (
                    book_id TEXT NOT NULL,
                    voucher_id TEXT NOT NULL CHECK (length(voucher_id) > 0),
                    account_code TEXT NOT NULL,
                    party TEXT NOT NULL CHECK (length(party) > 0),
                    item_no TEXT NOT NULL CHECK (length(item_no) > 0),
                    currency TEXT NOT NULL CHECK (length(currency) = 3),
                    item_date TEXT NOT NULL CHECK (length(item_date) = 10),
                    amount BIGINT NOT NULL CHECK (amount BETWEEN -1000000000000000000 AND 1000000000000000000),
                    PRIMARY KEY (book_id, voucher_id, account_code, party, item_no, currency)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE open_items (
                    book_id TEXT NOT NULL,
                    account_code TEXT NOT NULL,
                    party TEXT NOT NULL,
                    item_no TEXT NOT NULL,
                    currency TEXT NOT NULL,
                    first_date TEXT NOT NULL,
                    balance BIGINT NOT NULL CHECK (balance BETWEEN -1000000000000000000 AND 1000000000000000000),
                    PRIMARY KEY (book_id, account_code, party, item_no, currency)
                )
                """
            ),
            .portable(
                """
                CREATE INDEX open_items_open ON open_items (book_id, account_code, party, first_date)
                WHERE balance <> 0
                """
            ),
            .only(.postgreSQL, "ALTER TABLE number_counters SET (fillfactor = 50)"),
            .only(.postgreSQL, "ALTER TABLE balances SET (fillfactor = 70)"),
            .only(
                .sqlite,
                """
                CREATE TRIGGER vouchers_open_period BEFORE INSERT ON vouchers
                WHEN NOT EXISTS (
                    SELECT 1 FROM periods WHERE book_id = NEW.book_id AND period = NEW.period AND is_open = 1
                )
                BEGIN SELECT RAISE(ABORT, 'vouchers.open_period'); END
                """
            ),
            .only(
                .postgreSQL,
                """
                CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NOT EXISTS (
                        SELECT 1 FROM periods WHERE book_id = NEW.book_id AND period = NEW.period AND is_open = 1
                    ) THEN
                        RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = 'vouchers.open_period';
                    END IF;
                    RETURN NEW;
                END
                $$
                """
            ),
            .only(
                .postgreSQL,
                """
                CREATE TRIGGER vouchers_open_period BEFORE INSERT ON vouchers
                FOR EACH ROW EXECUTE FUNCTION refuse_closed_period()
                """
            ),
        ] + .insertOnly("vouchers") + .insertOnly("lines") + .insertOnly("voucher_keys") + .insertOnly("reversals")
    )
}
