import Kernel
import Ledger
import Pipeline

extension SQLVouchers {
    /// `condition` stands behind `book_id = $1`; its parameters start at `$2`.
    func drafts(_ condition: String, _ arguments: [SQLValue]) throws -> [VoucherRecord] {
        let records = try context.connection.rows(
            "SELECT \(VoucherRow.draftColumns) FROM drafts WHERE book_id = $1 AND " + condition,
            [context.bookValue] + arguments
        ).map(VoucherRow.draft)
        for record in records { context.seenDrafts[record.voucher.id] = record }
        return records
    }

    /// Posted vouchers with their lines, in posting order.
    func posted(_ condition: String, _ arguments: [SQLValue]) throws -> [VoucherRecord] {
        try withLines(
            try context.connection.rows(
                """
                SELECT \(VoucherRow.postedColumns) FROM \(VoucherRow.postedTables)
                WHERE v.book_id = $1 AND \(condition)
                """,
                [context.bookValue] + arguments
            )
        )
    }

    func withLines(_ heads: [SQLRow]) throws -> [VoucherRecord] {
        let lines = try context.connection.rows(
            """
            SELECT \(LineRow.columns) FROM lines l
            WHERE l.book_id = $1 AND l.period = $2 AND l.voucher_id = $3 ORDER BY l.line_no
            """,
            each: heads.map { [context.bookValue, try $0.value(1), try $0.value(0)] }
        )
        return try zip(heads, lines).map { head, lines in
            let base = try head.currency(5)
            return try VoucherRow.posted(head, lines: lines.map { try LineRow.read($0, base: base) })
        }
    }

    /// Unposted vouchers first, by their reference, then posted ones, by their number; both newest first.
    func page(_ query: VoucherQuery) throws -> Page<VoucherRecord> {
        let start = PageCursor(query.cursor)
        let states = query.states.isEmpty ? VoucherState.allCases : query.states
        var items: [VoucherRecord] = []
        if start?.string(0) != "posted" {
            items = try unposted(query, states.filter { $0 != .posted }, before: start?.integer(1) ?? .max)
        }
        if items.count <= query.limit, states.contains(.posted) {
            let isLater = start?.string(0) == "posted"
            items += try posted(query, after: isLater ? start : nil, limit: query.limit + 1 - items.count)
        }
        let page = Array(items.prefix(query.limit))
        guard items.count > query.limit, let last = page.last else { return Page(items: page, next: nil) }
        return Page(items: page, next: Self.cursor(of: last).text)
    }

    private static func cursor(of record: VoucherRecord) -> PageCursor {
        guard let number = record.number else { return PageCursor(["draft", .integer(record.reference.number)]) }
        return PageCursor([
            "posted", .integer(number.period.yearMonth), .integer(number.number), .string(number.word.rawValue),
        ])
    }

    /// Few vouchers are unposted at a time; what no column holds is looked for here.
    private func unposted(_ query: VoucherQuery, _ states: [VoucherState], before: Int64) throws -> [VoucherRecord] {
        let accounts = try query.account.map(accounts(at:))
        let pattern = query.text?.lowercased() ?? ""
        let found = try states.filter { $0 != .discarded }.flatMap { state in
            try drafts(
                "state = $2 AND draft_no < $3 ORDER BY draft_no DESC", [.text(state.rawValue), .integer(before)])
        }
        let fitting = found.filter { record in
            (query.period.map { $0 == record.voucher.period } ?? true)
                && (accounts.map { record.voucher.lines.map(\.account.text).contains(where: $0.contains) } ?? true)
                && (pattern.isEmpty || record.voucher.summary.lowercased().contains(pattern)
                    || record.reference.text.lowercased().contains(pattern))
        }
        return Array(fitting.sorted { $0.reference > $1.reference }.prefix(query.limit + 1))
    }

    private func posted(_ query: VoucherQuery, after cursor: PageCursor?, limit: Int) throws -> [VoucherRecord] {
        // The upper end is the cursor alone, so that the index is entered where the page starts.
        let end: [SQLValue] = [
            .integer(cursor?.integer(1) ?? query.period?.yearMonth ?? 999_999),
            .integer(cursor?.integer(2) ?? .max), .text(cursor?.string(3) ?? ""),
            .integer(query.period?.yearMonth ?? 0), .int(limit),
        ]
        let text = query.text ?? ""
        guard let account = query.account else {
            return try posted(
                """
                (v.period, v.voucher_no, v.word) < ($2, $3, $4) AND v.period >= $5
                AND lower(v.summary) LIKE $7 ESCAPE '!' ORDER BY v.period DESC, v.voucher_no DESC, v.word DESC LIMIT $6
                """,
                end + [.text(SearchText.pattern(text))]
            )
        }
        // Each account below has its own part of the lines' index; the newest vouchers of all of them are merged. Where a
        // text is looked for too, it is not known how many of an account's vouchers must be seen.
        let few = text.isEmpty ? "LIMIT $6" : ""
        let fitting = text.isEmpty ? "" : "AND lower(v.summary) LIKE $8 ESCAPE '!'"
        let answers = try context.connection.rows(
            """
            SELECT \(VoucherRow.postedColumns) FROM (
                SELECT DISTINCT l.period, l.voucher_no, l.word FROM lines l
                WHERE l.book_id = $1 AND l.account_code = $7 AND (l.period, l.voucher_no, l.word) < ($2, $3, $4)
                AND l.period >= $5
                ORDER BY l.period DESC, l.voucher_no DESC, l.word DESC \(few)
            ) n JOIN vouchers v ON v.period = n.period AND v.voucher_no = n.voucher_no AND v.word = n.word
            LEFT JOIN reversals r ON r.book_id = v.book_id AND r.reverses_id = v.voucher_id
            WHERE v.book_id = $1 \(fitting)
            ORDER BY n.period DESC, n.voucher_no DESC, n.word DESC LIMIT $6
            """,
            each: try accounts(at: account).sorted().map {
                [context.bookValue] + end + [.text($0)] + (text.isEmpty ? [] : [.text(SearchText.pattern(text))])
            }
        )
        var seen: Set<Voucher.ID> = []
        let found = try withLines(answers.flatMap { $0 }).filter { seen.insert($0.voucher.id).inserted }
        return Array(found.sorted { Self.isNewer($0, $1) }.prefix(limit))
    }

    private static func isNewer(_ left: VoucherRecord, _ right: VoucherRecord) -> Bool {
        guard let left = left.number, let right = right.number else { return false }
        return (left.period.yearMonth, left.number, left.word.rawValue)
            > (right.period.yearMonth, right.number, right.word.rawValue)
    }

    /// The account and all below it.
    private func accounts(at code: AccountCode) throws -> Set<String> {
        let chart = try SQLMasterData(context).chart()
        return Set(chart.accounts.map(\.code).filter { chart.lies($0, at: code) }.map(\.text)).union([code.text])
    }
}
