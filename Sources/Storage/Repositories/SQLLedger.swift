import Kernel
import Ledger
import Pipeline

/// Periods, balances and posted lines of a book; open items are in `SQLLedger+OpenItems`.
struct SQLLedger: LedgerRepository {
    let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func periods() throws -> [PeriodRecord] {
        try context.connection.rows(
            "SELECT period, is_open FROM periods WHERE book_id = $1 ORDER BY period", [context.bookValue]
        ).map { PeriodRecord(period: try $0.period(0), isOpen: try $0.flag(1)) }
    }

    func movements(through period: Period) throws -> [BalanceRow] {
        try context.flush()
        return try context.connection.rows(
            """
            SELECT period, account_code, dimensions, currency, debit, credit, original_debit, original_credit
            FROM balances WHERE book_id = $1 AND period <= $2 ORDER BY period, account_code, dimensions, currency
            """,
            [context.bookValue, .integer(period.yearMonth)]
        ).map { row in
            BalanceRow(
                period: try row.period(0), account: try row.account(1), dimensions: try row.dimensions(2),
                currency: try row.currency(3), debit: try row.integer(4), credit: try row.integer(5),
                originalDebit: try row.integer(6), originalCredit: try row.integer(7)
            )
        }
    }

    func lines(of account: AccountCode, from: Period, through: Period, limit: Int) throws -> [PostedLine] {
        let chart = try SQLMasterData(context).chart()
        let accounts = Set(chart.leaves(under: account).map(\.code) + [account]).sorted()
        let answers = try context.connection.rows(
            """
            SELECT \(LineRow.columns), l.voucher_id, l.period, l.word, l.voucher_no, v.voucher_date, v.currency, l.line_no
            FROM lines l JOIN vouchers v
            ON v.book_id = l.book_id AND v.period = l.period AND v.voucher_id = l.voucher_id
            WHERE l.book_id = $1 AND l.account_code = $2 AND l.period BETWEEN $3 AND $4
            ORDER BY l.period, l.voucher_no, l.word, l.line_no LIMIT $5
            """,
            each: accounts.map {
                [
                    context.bookValue, .text($0.text), .integer(from.yearMonth), .integer(through.yearMonth),
                    .int(limit),
                ]
            }
        )
        let first = LineRow.columnCount
        let lines = try answers.flatMap { $0 }.map { row in
            let number = VoucherNumber(
                period: try row.period(first + 1), word: try row.named(first + 2), number: try row.integer(first + 3)
            )
            let line = PostedLine(
                voucher: Voucher.ID(try row.text(first)),
                number: try row.require(number, first + 3, "a voucher number"), date: try row.day(first + 4),
                line: try LineRow.read(row, base: try row.currency(first + 5))
            )
            return (line, try row.integer(first + 6))
        }
        let sorted = lines.sorted { left, right in
            (left.0.number.period.yearMonth, left.0.number.number, left.0.number.word.rawValue, left.1)
                < (right.0.number.period.yearMonth, right.0.number.number, right.0.number.word.rawValue, right.1)
        }
        return sorted.prefix(limit).map(\.0)
    }

    func posted(in period: Period?) throws -> [VoucherRecord] {
        try SQLVouchers(context).posted(
            "v.period BETWEEN $2 AND $3 ORDER BY v.voucher_date, v.word, v.voucher_no",
            [.integer(period?.yearMonth ?? 0), .integer(period?.yearMonth ?? 999_999)]
        )
    }

    func lastNumber(of series: VoucherNumber.Series) throws -> Int64 {
        try context.connection.row(
            "SELECT last_no FROM number_counters WHERE book_id = $1 AND period = $2 AND word = $3",
            [context.bookValue, .integer(series.period.yearMonth), .text(series.word.rawValue)]
        )?.integer(0) ?? 0
    }

    /// Periods follow each other; the last closed one may be opened again.
    func open(_ period: Period) throws {
        let known = try periods()
        if let existing = known.first(where: { $0.period == period }) {
            guard !existing.isOpen else { return }
            guard known.allSatisfy({ $0.period <= period || $0.isOpen }) else { throw PostingError.notInOrder(period) }
        } else if let last = known.last, last.period.next != period {
            throw PostingError.notInOrder(period)
        }
        try context.connection.send(
            """
            INSERT INTO periods (book_id, period, is_open, opened_at, closed_at) VALUES ($1, $2, 1, $3, NULL)
            ON CONFLICT (book_id, period) DO UPDATE SET is_open = 1, closed_at = NULL
            """,
            [context.bookValue, .integer(period.yearMonth), .time(try context.unit().at)]
        )
        try log("period.opened", period)
    }

    func close(_ period: Period) throws {
        let open = try periods().filter(\.isOpen).map(\.period)
        guard open.first == period else { throw PostingError.notInOrder(period) }
        let row = try context.connection.row(
            "SELECT count(*) FROM drafts WHERE book_id = $1 AND period = $2 AND state IN ('pending', 'approved')",
            [context.bookValue, .integer(period.yearMonth)]
        )
        let unposted = try row?.int(0) ?? 0
        guard unposted == 0 else { throw PostingError.unpostedVouchers(period, count: unposted) }
        try context.change(
            "UPDATE periods SET is_open = 0, closed_at = $3 WHERE book_id = $1 AND period = $2 AND is_open = 1",
            [context.bookValue, .integer(period.yearMonth), .time(try context.unit().at)], what: "period \(period)"
        )
        try log("period.closed", period)
    }

    private func log(_ kind: String, _ period: Period) throws {
        try context.log(kind, "period:" + period.text, .object([("period", .string(period.text))]))
        try context.unit().raiseVersion(of: VersionName.periods)
    }
}
