import Kernel
import Ledger
import Pipeline

/// Vouchers before and after posting.
struct SQLVouchers: VoucherRepository {
    let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func find(_ id: Voucher.ID) throws -> VoucherRecord? {
        if let draft = try drafts("voucher_id = $2", [.text(id.text)]).first { return draft }
        return try posted(
            """
            v.voucher_id = $2 AND v.period =
            (SELECT k.period FROM voucher_keys k WHERE k.book_id = $1 AND k.voucher_id = $2)
            """,
            [.text(id.text)]
        ).first
    }

    func vouchers(of caseID: Case.ID) throws -> [VoucherRecord] {
        let drafts = try drafts("case_id = $2 ORDER BY draft_no", [.text(caseID.text)])
        let posted = try posted("v.case_id = $2", [.text(caseID.text)])
        return (posted + drafts).sorted { $0.reference < $1.reference }
    }

    func reversal(of id: Voucher.ID) throws -> VoucherRecord? {
        if let draft = try drafts("reverses_id = $2", [.text(id.text)]).first { return draft }
        let row = try context.connection.row(
            "SELECT voucher_id FROM reversals WHERE book_id = $1 AND reverses_id = $2",
            [context.bookValue, .text(id.text)]
        )
        return try row.flatMap { try find(Voucher.ID(try $0.text(0))) }
    }

    func ready(in period: Period, limit: Int) throws -> [VoucherRecord] {
        try drafts(
            """
            period = $2 AND state = 'approved' AND (needs_cashier = 0 OR cashier IS NOT NULL)
            ORDER BY voucher_date, draft_no LIMIT $3
            """,
            [.integer(period.yearMonth), .int(limit)]
        )
    }

    func file(_ draft: VoucherRecord) throws -> VoucherRecord {
        let filed = VoucherRecord(
            voucher: draft.voucher, standing: draft.standing,
            reference: DraftReference(try context.unit().nextCounter("draft")), caseID: draft.caseID, run: draft.run,
            postingKey: draft.postingKey, needsCashier: draft.needsCashier, createdAt: draft.createdAt,
            version: draft.version
        )
        try context.change(
            """
            INSERT INTO drafts (book_id, voucher_id, draft_no, period, voucher_date, state, case_id, run_no, posting_key,
            reviewer, review_authorised_by, cashier, needs_cashier, moves_money, return_reason, reverses_id, body,
            created_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
            ON CONFLICT DO NOTHING
            """,
            [context.bookValue, .text(filed.voucher.id.text), .integer(filed.reference.number)]
                + VoucherRow.draftValues(filed),
            what: "posting key \(filed.postingKey)"
        )
        context.seenDrafts[filed.voucher.id] = filed
        try log("voucher.drafted", filed, filed.json(withVoucher: true))
        return filed
    }

    func update(_ record: VoucherRecord, from version: Int64) throws {
        let old = try seen(record.voucher.id, version)
        try context.change(
            """
            UPDATE drafts SET period = $3, voucher_date = $4, state = $5, case_id = $6, run_no = $7, posting_key = $8,
            reviewer = $9, review_authorised_by = $10, cashier = $11, needs_cashier = $12, moves_money = $13,
            return_reason = $14, reverses_id = $15, body = $16, created_at = $17, version = $18
            WHERE book_id = $1 AND voucher_id = $2 AND version = $19
            """,
            [context.bookValue, .text(record.voucher.id.text)] + VoucherRow.draftValues(record) + [.integer(version)],
            what: "voucher \(record.voucher.id)"
        )
        context.seenDrafts[record.voucher.id] = record
        try log(record.change(from: old), record, record.json(withVoucher: old?.voucher != record.voucher))
    }

    func discard(_ record: VoucherRecord, from version: Int64, reason: String) throws {
        try delete(record.voucher.id, from: version)
        try log(
            "voucher.discarded", record, record.json(withVoucher: false).setting("discard_reason", .string(reason))
        )
    }

    func post(_ record: VoucherRecord, from version: Int64) throws -> VoucherRecord {
        let voucher = record.voucher
        let number = try takeNumber(voucher)
        try delete(voucher.id, from: version)
        let now = try context.unit().at
        let posted = VoucherRecord(
            voucher: voucher, standing: record.standing, reference: record.reference, number: number,
            caseID: record.caseID, run: record.run, postingKey: record.postingKey, needsCashier: record.needsCashier,
            createdAt: record.createdAt, postedAt: now, version: record.version
        )
        let connection = context.connection
        try connection.send(
            VoucherRow.insertPosted,
            VoucherRow.postedValues(posted, number: number.number, at: now, book: context.bookValue)
        )
        try LineRow.insert.send(
            voucher.lines.enumerated().map {
                LineRow.values($1, $0, of: voucher, number: number.number, book: context.bookValue)
            },
            on: connection
        )
        try connection.send(
            "INSERT INTO voucher_keys (book_id, posting_key, voucher_id, period) VALUES ($1, $2, $3, $4)",
            [context.bookValue, .text(record.postingKey), .text(voucher.id.text), .integer(voucher.period.yearMonth)]
        )
        if let original = voucher.reverses { try reverse(original, by: voucher.id) }
        context.balances.add(voucher)
        try log("voucher.posted", posted, posted.json(withVoucher: true))
        return posted
    }

    /// One statement takes the number and finds the period open; the book's head row, which is locked, keeps it so.
    private func takeNumber(_ voucher: Voucher) throws -> VoucherNumber {
        let row = try context.connection.row(
            """
            INSERT INTO number_counters (book_id, period, word, last_no)
            SELECT p.book_id, p.period, $3, 1 FROM periods p WHERE p.book_id = $1 AND p.period = $2 AND p.is_open = 1
            ON CONFLICT (book_id, period, word) DO UPDATE SET last_no = number_counters.last_no + 1
            RETURNING last_no
            """,
            [context.bookValue, .integer(voucher.period.yearMonth), .text(voucher.word.rawValue)]
        )
        guard let row else { throw PostingError.periodClosed(voucher.id, voucher.period) }
        let number = VoucherNumber(period: voucher.period, word: voucher.word, number: try row.integer(0))
        return try row.require(number, 0, "a voucher number")
    }

    private func reverse(_ original: Voucher.ID, by id: Voucher.ID) throws {
        let count = try context.connection.execute(
            """
            INSERT INTO reversals (book_id, reverses_id, voucher_id) VALUES ($1, $2, $3)
            ON CONFLICT (book_id, reverses_id) DO NOTHING
            """,
            [context.bookValue, .text(original.text), .text(id.text)]
        )
        guard count == 1 else { throw PostingError.alreadyReversed(original) }
    }

    private func delete(_ id: Voucher.ID, from version: Int64) throws {
        try context.change(
            "DELETE FROM drafts WHERE book_id = $1 AND voucher_id = $2 AND version = $3",
            [context.bookValue, .text(id.text), .integer(version)], what: "voucher \(id)"
        )
        context.seenDrafts[id] = nil
    }

    private func seen(_ id: Voucher.ID, _ version: Int64) throws -> VoucherRecord? {
        if let seen = context.seenDrafts[id], seen.version == version { return seen }
        return try drafts("voucher_id = $2", [.text(id.text)]).first
    }

    private func log(_ kind: String, _ record: VoucherRecord, _ body: JSON) throws {
        try context.log(kind, "voucher:" + record.voucher.id.text, body)
    }
}
