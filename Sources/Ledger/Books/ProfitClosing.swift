package import Kernel

/// The lines that carry the balances of profit and loss to the year's profit (结转损益).
///
/// Every key of an account that closes to profit ends at zero. Each line stands on the side against the account's own
/// direction, negative where the balance stood on the other side, so that the year's columns of the account still
/// tell what was earned and spent.
package struct ProfitClosing: Hashable, Sendable {
    package let lines: [VoucherLine]

    /// - Parameters:
    ///   - balances: what stands on each key at the end of the period; other accounts than profit and loss are left alone.
    ///   - profit: the account of the year's profit, such as 4103 or 3103.
    package init(
        chart: Chart, base: Currency, balances: [BalanceKey: Balance], to profit: AccountCode, summary: String = "结转损益"
    ) throws(BalanceError) {
        var lines: [VoucherLine] = []
        var result = Balance.zero
        for (key, balance) in balances.sorted(by: { $0.key < $1.key }) {
            guard let account = chart[key.account] else { throw .unknownAccount(key.account) }
            guard account.accountClass == .profitAndLoss, balance.base != 0 else { continue }
            lines.append(Self.line(closing: key, balance, of: account, base: base, summary: summary))
            result = try result.adding(Balance(base: balance.base))
        }
        if result.base != 0 {
            // A loss stands on the debit side.
            let side = result.base < 0 ? Side.credit : .debit
            let amount = Money(minorUnits: result.base < 0 ? -result.base : result.base, base)
            lines.append(VoucherLine(side, profit, amount, summary: summary, origin: Self.origin))
        }
        self.lines = lines
    }

    private static let origin = LineOrigin.ledger("close_profit")

    private static func line(
        closing key: BalanceKey, _ balance: Balance, of account: Account, base: Currency, summary: String
    ) -> VoucherLine {
        let sign: Int64 = account.direction == .debit ? 1 : -1
        var original: Money?
        var rate: Rate?
        if key.currency != base {
            // The rate at which the balance arose. Where there is none, only the base amount is carried.
            rate = Self.rate(from: Money(minorUnits: balance.original, key.currency), to: balance.base, base)
            original = Money(minorUnits: rate == nil ? 0 : sign * balance.original, key.currency)
        }
        return VoucherLine(
            account.direction.opposite, key.account, Money(minorUnits: sign * balance.base, base), summary: summary,
            original: original, rate: key.currency == base ? nil : rate ?? .one, dimensions: key.dimensions,
            origin: Self.origin
        )
    }

    private static func rate(from original: Money, to amount: Int64, _ base: Currency) -> Rate? {
        guard !original.isZero, original.isNegative == (amount < 0) else { return nil }
        var numerator = Int128(amount) * Int128(Rate.scale)
        var denominator = Int128(original.minorUnits)
        for _ in 0..<original.currency.minorDigits { numerator *= 10 }
        for _ in 0..<base.minorDigits { denominator *= 10 }
        let scaled = numerator / denominator
        return (1...Int128(Rate.limit)).contains(scaled) ? Rate(scaled: Int64(scaled)) : nil
    }
}

/// An amount spread evenly over months, of which the last takes the remainder (直线法).
package struct StraightLine: Hashable, Sendable {
    package static let monthLimit = 1_200

    package let total: Money
    package let months: Int

    /// `nil` if there is nothing to spread, or over too few or too many months.
    package init?(total: Money, months: Int) {
        guard total.minorUnits > 0, total.minorUnits <= Money.limit, (1...Self.monthLimit).contains(months) else {
            return nil
        }
        self.total = total
        self.months = months
    }

    /// What is left of a cost after its salvage value (残值), rounded half up.
    package init?(cost: Money, salvageRate: Rate, months: Int) {
        guard (0..<Rate.scale).contains(salvageRate.scaled),
            let salvage = try? cost.converted(at: salvageRate, to: cost.currency)
        else { return nil }
        self.init(total: cost - salvage, months: months)
    }

    /// The amount of a month, from 1; zero after the last.
    package func amount(ofMonth month: Int) -> Money {
        guard (1...months).contains(month) else { return .zero(total.currency) }
        let regular = (total.minorUnits + Int64(months) / 2) / Int64(months)
        let booked = min(regular * Int64(month - 1), total.minorUnits)
        let rest = total.minorUnits - booked
        return Money(minorUnits: month == months ? rest : min(regular, rest), total.currency)
    }
}
