package import Kernel

/// What a balance is kept for: account, dimension tuple and currency, within one book and period (余额维度).
package struct BalanceKey: Hashable, Sendable {
    package let account: AccountCode
    package let dimensions: Dimensions
    package let currency: Currency

    package init(account: AccountCode, dimensions: Dimensions = .none, currency: Currency) {
        self.account = account
        self.dimensions = dimensions
        self.currency = currency
    }
}

extension BalanceKey: Comparable {
    package static func < (left: BalanceKey, right: BalanceKey) -> Bool {
        if left.account != right.account { return left.account < right.account }
        if left.dimensions != right.dimensions {
            return left.dimensions.key.utf8.lexicographicallyPrecedes(right.dimensions.key.utf8)
        }
        return left.currency.code < right.currency.code
    }
}

/// What stood on one key at an instant, debit positive (余额).
///
/// Amounts are smallest units: `base` of the book's currency, `original` of the key's where it is a foreign one (zero
/// otherwise). `quantity` is a `Rate` times 10⁸.
package struct Balance: Hashable, Sendable {
    package let base: Int64
    package let original: Int64
    package let quantity: Int64

    package static let zero = Balance(base: 0)

    package init(base: Int64, original: Int64 = 0, quantity: Int64 = 0) {
        self.base = base
        self.original = original
        self.quantity = quantity
    }

    package var isZero: Bool { self == .zero }

    package func adding(_ other: Balance) throws(BalanceError) -> Balance {
        Balance(
            base: try sum(base, other.base), original: try sum(original, other.original),
            quantity: try sum(quantity, other.quantity)
        )
    }

    package func adding(_ movement: Movement) throws(BalanceError) -> Balance {
        try adding(try movement.net())
    }
}

/// What was written on the two sides of one key within a period (发生额).
package struct Movement: Hashable, Sendable {
    package let debit: Int64
    package let credit: Int64
    package let originalDebit: Int64
    package let originalCredit: Int64
    package let quantityDebit: Int64
    package let quantityCredit: Int64

    package static let zero = Movement()

    package init(
        debit: Int64 = 0, credit: Int64 = 0, originalDebit: Int64 = 0, originalCredit: Int64 = 0,
        quantityDebit: Int64 = 0, quantityCredit: Int64 = 0
    ) {
        self.debit = debit
        self.credit = credit
        self.originalDebit = originalDebit
        self.originalCredit = originalCredit
        self.quantityDebit = quantityDebit
        self.quantityCredit = quantityCredit
    }

    /// The movement of one line.
    package init(_ line: VoucherLine) {
        let isDebit = line.side == .debit
        let original = line.original?.minorUnits ?? 0
        let quantity = line.quantity?.scaled ?? 0
        self.init(
            debit: isDebit ? line.amount.minorUnits : 0, credit: isDebit ? 0 : line.amount.minorUnits,
            originalDebit: isDebit ? original : 0, originalCredit: isDebit ? 0 : original,
            quantityDebit: isDebit ? quantity : 0, quantityCredit: isDebit ? 0 : quantity
        )
    }

    package func adding(_ other: Movement) throws(BalanceError) -> Movement {
        Movement(
            debit: try sum(debit, other.debit), credit: try sum(credit, other.credit),
            originalDebit: try sum(originalDebit, other.originalDebit),
            originalCredit: try sum(originalCredit, other.originalCredit),
            quantityDebit: try sum(quantityDebit, other.quantityDebit),
            quantityCredit: try sum(quantityCredit, other.quantityCredit)
        )
    }

    /// Debits less credits.
    package func net() throws(BalanceError) -> Balance {
        Balance(
            base: try difference(debit, credit), original: try difference(originalDebit, originalCredit),
            quantity: try difference(quantityDebit, quantityCredit)
        )
    }
}

extension VoucherLine {
    package var balanceKey: BalanceKey {
        BalanceKey(account: account, dimensions: dimensions, currency: balanceCurrency)
    }
}

extension Voucher {
    /// What the voucher moves, by key.
    package func movements() throws(BalanceError) -> [BalanceKey: Movement] {
        var movements: [BalanceKey: Movement] = [:]
        for line in lines {
            movements[line.balanceKey] = try (movements[line.balanceKey] ?? .zero).adding(Movement(line))
        }
        return movements
    }
}

extension Sequence<Voucher> {
    /// What the vouchers move, by period and key.
    package func movements() throws(BalanceError) -> [Period: [BalanceKey: Movement]] {
        var periods: [Period: [BalanceKey: Movement]] = [:]
        for voucher in self {
            for line in voucher.lines {
                let key = line.balanceKey
                let movement = periods[voucher.period]?[key] ?? .zero
                periods[voucher.period, default: [:]][key] = try movement.adding(Movement(line))
            }
        }
        return periods
    }
}

private func sum(_ left: Int64, _ right: Int64) throws(BalanceError) -> Int64 {
    let (value, overflows) = left.addingReportingOverflow(right)
    guard !overflows else { throw .tooLarge }
    return value
}

private func difference(_ left: Int64, _ right: Int64) throws(BalanceError) -> Int64 {
    let (value, overflows) = left.subtractingReportingOverflow(right)
    guard !overflows else { throw .tooLarge }
    return value
}
