package import Kernel

/// The posted books as text that plain-text accounting programs read, so that anyone can check our sums.
package struct LedgerExport: Sendable {
    package enum Format: String, Hashable, Sendable, CaseIterable {
        case hledger
        case ledger
        case beancount
    }

    package let title: String
    package let base: Currency
    package let chart: Chart
    /// The day on which the openings stand.
    package let openingDay: Day
    let openings: [(key: BalanceKey, balance: Balance)]
    /// By date and number.
    let vouchers: [PostedVoucher]

    /// - Throws: `BalanceError` if the openings do not balance or an account is not in the chart.
    package init(
        title: String, base: Currency, chart: Chart, openingDay: Day, openings: [BalanceKey: Balance],
        vouchers: some Sequence<PostedVoucher>
    ) throws(BalanceError) {
        self.title = title
        self.base = base
        self.chart = chart
        self.vouchers = vouchers.sorted {
            $0.voucher.date == $1.voucher.date ? $0.number < $1.number : $0.voucher.date < $1.voucher.date
        }
        self.openings = openings.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
            .map { (key: $0.key, balance: $0.value) }
        self.openingDay = min(openingDay, self.vouchers.first?.voucher.date ?? openingDay)
        for code in accounts where chart[code] == nil { throw .unknownAccount(code) }
        // The trial balance refuses openings that do not balance.
        _ = try TrialBalance(chart: chart, base: base, opening: openings, movements: [:])
    }

    package func text(_ format: Format) -> String {
        switch format {
        case .hledger: JournalWriter(export: self, dialect: .hledger).text()
        case .ledger: JournalWriter(export: self, dialect: .ledger).text()
        case .beancount: BeancountWriter(export: self).text()
        }
    }

    /// The account of a code as a format names it; `nil` if the chart does not have it.
    package func name(of code: AccountCode, in format: Format) -> String? {
        guard chart[code] != nil else { return nil }
        return format == .beancount ? BeancountWriter(export: self).name(code) : JournalWriter.name(code, in: chart)
    }

    /// The accounts that have an opening or a line, by code.
    var accounts: [AccountCode] {
        Set(openings.map(\.key.account)).union(vouchers.flatMap { $0.voucher.lines.map(\.account) }).sorted()
    }

    /// The currencies of openings and lines, the base first.
    var currencies: [Currency] {
        let others = Set(openings.map(\.key.currency)).union(
            vouchers.flatMap { $0.voucher.lines.map(\.balanceCurrency) })
        return [base] + others.filter { $0 != base }.sorted { $0.code < $1.code }
    }

    /// The kinds of dimension in use, in the order of their bytes.
    var dimensionKinds: [String] {
        let kinds =
            openings.flatMap(\.key.dimensions.kinds)
            + vouchers.flatMap { $0.voucher.lines.flatMap(\.dimensions.kinds) }
        return Set(kinds).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The amounts that stand for a signed base amount and an original one: `100.00 USD @@ 712.00 CNY`.
    ///
    /// The total price has no sign of its own in these programs, so an original that is zero, or on the other side of
    /// its base amount after a revaluation, is written beside it.
    func amounts(base amount: Money, original: Money?) -> [String] {
        guard let original, !original.isZero else { return [amount.description] }
        guard !amount.isZero, original.isNegative == amount.isNegative else {
            let price = Money.zero(base)
            return ["\(original) @@ \(price)"] + (amount.isZero ? [] : [amount.description])
        }
        return ["\(original) @@ \(amount.isNegative ? -amount : amount)"]
    }

    func amounts(of line: VoucherLine) -> [String] {
        let isDebit = line.side == .debit
        return amounts(base: isDebit ? line.amount : -line.amount, original: line.original.map { isDebit ? $0 : -$0 })
    }

    func amounts(of key: BalanceKey, _ balance: Balance) -> [String] {
        amounts(
            base: Money(minorUnits: balance.base, base),
            original: key.currency == base ? nil : Money(minorUnits: balance.original, key.currency)
        )
    }
}

extension Account {
    /// The five roots of plain-text accounting; accounts of cost and of both sides stand among the assets.
    enum Root: String, CaseIterable {
        case assets = "Assets"
        case liabilities = "Liabilities"
        case equity = "Equity"
        case income = "Income"
        case expenses = "Expenses"
    }

    var root: Root {
        switch accountClass {
        case .asset, .common, .cost: .assets
        case .liability: .liabilities
        case .equity: .equity
        case .profitAndLoss: direction == .credit ? .income : .expenses
        }
    }
}
