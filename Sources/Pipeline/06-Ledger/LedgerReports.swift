package import Kernel
package import Ledger

/// Opening, movements and closing of every account of one period, from the balances on record (科目余额表).
package struct TrialBalanceReport: Sendable {
    package let period: Period
    package let book: Book
    package let balance: TrialBalance

    package init(_ period: Period, in records: any Records) throws {
        self.period = period
        book = try records.settings()
        var sums = PeriodSums()
        for row in try records.ledger.movements(through: period) { try sums.add(row, to: period) }
        balance = try TrialBalance(
            chart: try records.masterData.chart(), base: book.currency, opening: sums.opening,
            movements: sums.movements,
            yearToDate: sums.yearToDate
        )
    }

    /// `{"accounts":[{"code","name","opening","debit","credit","closing","direction"}]}`.
    package var json: JSON { balance.json() }
}

/// The lines of one account and all below it, with the balance after each (明细账).
package struct AccountReport: Sendable {
    package let period: Period
    package let book: Book
    package let chart: Chart
    package let page: AccountPage

    /// - Throws: `LedgerReportError.unknownAccount` for a code that the chart does not have.
    package init(_ code: AccountCode, _ period: Period, in records: any Records) throws {
        self.period = period
        book = try records.settings()
        chart = try records.masterData.chart()
        guard let account = chart[code] else { throw LedgerReportError.unknownAccount(code) }
        var sums = PeriodSums()
        for row in try records.ledger.movements(through: period) where chart.lies(row.account, at: code) {
            try sums.add(row, to: period)
        }
        var opening = Balance.zero
        for balance in sums.opening.values { opening = try opening.adding(Balance(base: balance.base)) }
        var year = Movement.zero
        for (key, movement) in sums.yearToDate {
            let current = sums.movements[key] ?? .zero
            year = try year.adding(
                Movement(debit: movement.debit - current.debit, credit: movement.credit - current.credit)
            )
        }
        page = try AccountPage(
            account: account, chart: chart, base: book.currency, periods: period...period, opening: opening,
            yearToDate: year, vouchers: try PostedBooks.vouchers(of: records.ledger.posted(in: period))
        )
    }

    package var json: JSON {
        .object([
            ("code", .string(page.account.code.text)), ("name", .string(page.account.name)),
            ("period", .string(period.text)),
            (
                "rows",
                .array(
                    page.rows.map { row in
                        .object([
                            ("kind", .string(row.kind.rawValue)), ("date", .string(row.date.text)),
                            ("voucher", .optional(row.voucher?.text)), ("number", .optional(row.number?.text)),
                            ("line", row.line.map { .integer($0) } ?? .null), ("summary", .string(row.summary)),
                            ("debit", .string(row.debit.text)), ("credit", .string(row.credit.text)),
                            ("balance", .string(row.balance.text)), ("direction", .string(row.direction.rawValue)),
                        ])
                    }
                )
            ),
        ])
    }
}

/// The posted books as text for plain-text accounting programs.
package struct LedgerExportReport: Sendable {
    package let text: String

    /// - Parameter period: one period with what stood before it; `nil` writes everything there is.
    package init(_ format: LedgerExport.Format, _ period: Period?, in records: any Records) throws {
        let book = try records.settings()
        var openings: [BalanceKey: Balance] = [:]
        if let period {
            var sums = PeriodSums()
            for row in try records.ledger.movements(through: period) { try sums.add(row, to: period) }
            openings = sums.opening
        }
        let vouchers = PostedBooks.vouchers(of: try records.ledger.posted(in: period))
        let first = period?.firstDay ?? vouchers.map(\.voucher.date).min() ?? Day(number: 0)
        text = try LedgerExport(
            title: book.name, base: book.currency, chart: try records.masterData.chart(), openingDay: first,
            openings: openings, vouchers: vouchers
        ).text(format)
    }
}

/// Records of posted vouchers as the ledger knows them.
private enum PostedBooks {
    static func vouchers(of records: [VoucherRecord]) -> [PostedVoucher] {
        records.compactMap { record in record.number.map { PostedVoucher(record.voucher, number: $0) } }
    }
}

/// Movements of many periods, told apart by one of them.
private struct PeriodSums {
    private(set) var opening: [BalanceKey: Balance] = [:]
    private(set) var movements: [BalanceKey: Movement] = [:]
    private(set) var yearToDate: [BalanceKey: Movement] = [:]

    mutating func add(_ row: BalanceRow, to period: Period) throws(BalanceError) {
        let key = BalanceKey(account: row.account, dimensions: row.dimensions, currency: row.currency)
        let movement = Movement(
            debit: row.debit, credit: row.credit, originalDebit: row.originalDebit, originalCredit: row.originalCredit
        )
        if row.period < period {
            opening[key] = try (opening[key] ?? .zero).adding(movement)
        } else if row.period == period {
            movements[key] = try (movements[key] ?? .zero).adding(movement)
        } else {
            return
        }
        guard row.period.year == period.year else { return }
        yearToDate[key] = try (yearToDate[key] ?? .zero).adding(movement)
    }
}

/// Why a report cannot be made.
package enum LedgerReportError: Error, Hashable {
    case unknownAccount(AccountCode)
}

extension LedgerReportError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknownAccount(let code):
            Problem(
                code: "ledger.unknown_account",
                title: Phrase(zh: "没有这个科目。", en: "There is no such account."),
                location: Phrase(zh: "科目 \(code)", en: "account \(code)"),
                cause: Phrase(zh: "科目表中没有此编码。", en: "The chart has no account of this code."),
                remedy: Phrase(zh: "请从科目余额表打开。", en: "Open it from the trial balance.")
            )
        }
    }
}
