import Kernel
import Ledger
import Pipeline

/// How vouchers are written to their rows, and read back.
enum VoucherRow {
    /// Of an unposted voucher: one row, the voucher itself as JSON.
    static let draftColumns = """
        voucher_id, draft_no, state, case_id, run_no, posting_key, reviewer, review_authorised_by, cashier, \
        needs_cashier, moves_money, return_reason, body, created_at, version
        """

    static func draft(_ row: SQLRow) throws -> VoucherRecord {
        let voucher: Voucher
        do {
            voucher = try Voucher(json: try row.json(12))
        } catch let error as VoucherError {
            throw StoreError.corrupt(place: "drafts \(try row.text(0))", reason: error.problem.code)
        }
        let standing = VoucherStanding(
            id: voucher.id, makers: voucher.makers, volume: voucher.volume, movesMoney: try row.flag(10),
            isReversal: voucher.reverses != nil, state: try row.named(2),
            reviewer: try row.optionalText(6).map { PersonID($0) },
            reviewAuthorisedBy: try row.optionalText(7).map { PersonID($0) },
            cashier: try row.optionalText(8).map { PersonID($0) }, returnReason: try row.optionalText(11)
        )
        return VoucherRecord(
            voucher: voucher, standing: standing, reference: DraftReference(try row.integer(1)),
            caseID: try row.optionalText(3).map { Case.ID($0) }, run: try row.optionalInteger(4).map { Int($0) },
            postingKey: try row.text(5), needsCashier: try row.flag(9), createdAt: try row.timestamp(13),
            version: try row.integer(14)
        )
    }

    /// What an unposted voucher's row holds beside its keys, in the order of the statements that write it.
    static func draftValues(_ record: VoucherRecord) -> [SQLValue] {
        let standing = record.standing
        return [
            .integer(record.voucher.period.yearMonth), .text(record.voucher.date.text), .text(standing.state.rawValue),
            .filled(record.caseID?.text), .optional(record.run.map { Int64($0) }), .text(record.postingKey),
            .filled(standing.reviewer?.text), .filled(standing.reviewAuthorisedBy?.text),
            .filled(standing.cashier?.text), .flag(record.needsCashier), .flag(standing.movesMoney),
            .filled(standing.returnReason), .filled(record.voucher.reverses?.text), .json(record.voucher.json),
            .time(record.createdAt), .integer(record.version),
        ]
    }

    /// Of a posted voucher: its head; `r.voucher_id` is the voucher that reverses it.
    static let postedColumns = """
        v.voucher_id, v.period, v.word, v.voucher_no, v.voucher_date, v.currency, v.attachments, v.summary, v.reverses_id, \
        v.case_id, v.voucher_case, v.run_no, v.posting_key, v.draft_no, v.makers, v.reviewer, v.review_authorised_by, \
        v.cashier, v.poster, v.needs_cashier, v.moves_money, v.return_reason, v.created_at, v.posted_at, v.version, \
        r.voucher_id AS reversed_by
        """
    static let postedTables = """
        vouchers v LEFT JOIN reversals r ON r.book_id = v.book_id AND r.reverses_id = v.voucher_id
        """

    static let insertPosted = """
        INSERT INTO vouchers (book_id, period, voucher_id, word, voucher_no, previous_no, voucher_date, currency,
        debit_total, credit_total, line_count, attachments, summary, reverses_id, case_id, voucher_case, run_no,
        posting_key, draft_no, makers, reviewer, review_authorised_by, cashier, poster, needs_cashier, moves_money,
        return_reason, created_at, posted_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, $28, $29, $30)
        """

    static func postedValues(_ record: VoucherRecord, number: Int64, at: Timestamp, book: SQLValue) -> [SQLValue] {
        let voucher = record.voucher
        let standing = record.standing
        let credit = voucher.lines.total(of: .credit, in: voucher.base)
        return [
            book, .integer(voucher.period.yearMonth), .text(voucher.id.text), .text(voucher.word.rawValue),
            .integer(number), number == 1 ? .null : .integer(number - 1), .text(voucher.date.text),
            .text(voucher.base.code), .integer(voucher.total.minorUnits), .integer(credit.minorUnits),
            .int(voucher.lines.count), .int(voucher.attachments), .text(voucher.summary),
            .filled(voucher.reverses?.text), .filled(record.caseID?.text), .filled(voucher.caseID),
            .optional(record.run.map { Int64($0) }), .text(record.postingKey), .integer(record.reference.number),
            .json(.array(voucher.makers.map { .string($0.text) })), .filled(standing.reviewer?.text),
            .filled(standing.reviewAuthorisedBy?.text), .filled(standing.cashier?.text),
            .text(standing.poster?.text ?? ""), .flag(record.needsCashier), .flag(standing.movesMoney),
            .filled(standing.returnReason), .time(record.createdAt), .time(at), .integer(record.version),
        ]
    }

    static func posted(_ row: SQLRow, lines: [VoucherLine]) throws -> VoucherRecord {
        let id = Voucher.ID(try row.text(0))
        let voucher: Voucher
        let makers = try row.require(row.json(14).array?.compactMap(\.string), 14, "a list of makers")
        do {
            voucher = try Voucher(
                id: id, word: try row.named(2), date: try row.day(4), attachments: try row.int(6),
                summary: try row.text(7), lines: lines, reverses: try row.optionalText(8).map { Voucher.ID($0) },
                caseID: try row.optionalText(10), makers: makers.map { PersonID($0) }
            )
        } catch let error as VoucherError {
            throw StoreError.corrupt(place: "vouchers \(id)", reason: error.problem.code)
        }
        let period = try row.period(1)
        let standing = VoucherStanding(
            id: id, makers: voucher.makers, volume: voucher.volume, movesMoney: try row.flag(20),
            isReversal: voucher.reverses != nil, state: .posted,
            reviewer: try row.optionalText(15).map { PersonID($0) },
            reviewAuthorisedBy: try row.optionalText(16).map { PersonID($0) },
            cashier: try row.optionalText(17).map { PersonID($0) }, poster: PersonID(try row.text(18)),
            returnReason: try row.optionalText(21), reversedBy: try row.optionalText(25).map { Voucher.ID($0) }
        )
        return VoucherRecord(
            voucher: voucher, standing: standing, reference: DraftReference(try row.integer(13)),
            number: VoucherNumber(period: period, word: voucher.word, number: try row.integer(3)),
            caseID: try row.optionalText(9).map { Case.ID($0) }, run: try row.optionalInteger(11).map { Int($0) },
            postingKey: try row.text(12), needsCashier: try row.flag(19), createdAt: try row.timestamp(22),
            postedAt: try row.timestamp(23), version: try row.integer(24)
        )
    }
}

/// How a line of a posted voucher is written to its row, and read back.
enum LineRow {
    static let insert = RowInsert(
        into: "lines",
        [
            "book_id", "period", "voucher_id", "line_no", "word", "voucher_no", "account_code", "side", "amount",
            "original_currency", "original_amount", "rate", "quantity", "quantity_unit", "unit_price", "dimensions",
            "cash_flow_item", "summary", "origin",
        ]
    )

    static func values(
        _ line: VoucherLine, _ index: Int, of voucher: Voucher, number: Int64, book: SQLValue
    ) -> [SQLValue] {
        [
            book, .integer(voucher.period.yearMonth), .text(voucher.id.text), .int(index + 1),
            .text(voucher.word.rawValue), .integer(number), .text(line.account.text), .text(line.side.rawValue),
            .integer(line.amount.minorUnits), .filled(line.original?.currency.code),
            .optional(line.original?.minorUnits), .optional(line.rate?.scaled), .optional(line.quantity?.scaled),
            .filled(line.unit), .optional(line.unitPrice?.scaled), .text(line.dimensions.stored),
            .filled(line.cashFlowItem), .filled(line.summary), .text(line.origin.text),
        ]
    }

    static let columns = """
        l.account_code, l.side, l.amount, l.original_currency, l.original_amount, l.rate, l.quantity, l.quantity_unit, \
        l.unit_price, l.dimensions, l.cash_flow_item, l.summary, l.origin
        """
    static let columnCount = 13

    static func read(_ row: SQLRow, base: Currency) throws -> VoucherLine {
        let original = try row.optionalInteger(4).map { Money(minorUnits: $0, try row.currency(3)) }
        return VoucherLine(
            try row.named(1), try row.account(0), Money(minorUnits: try row.integer(2), base),
            summary: try row.optionalText(11) ?? "", original: original, rate: try rate(row, 5),
            quantity: try rate(row, 6), unit: try row.optionalText(7), unitPrice: try rate(row, 8),
            dimensions: try row.dimensions(9), cashFlowItem: try row.optionalText(10),
            origin: LineOrigin(json: try row.json(12))
        )
    }

    private static func rate(_ row: SQLRow, _ index: Int) throws -> Rate? {
        try row.optionalInteger(index).map { Rate(scaled: $0) }
    }
}
