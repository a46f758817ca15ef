package import Kernel

/// One side of one movement (分录).
///
/// A red line (红字) has a negative amount on its own side. The amount is in the book's base currency; a line of a
/// foreign currency has the original amount and the rate beside it.
package struct VoucherLine: Hashable, Sendable {
    package static let textLimit = 500

    package let summary: String
    package let account: AccountCode
    package let side: Side
    package let amount: Money
    package let original: Money?
    package let rate: Rate?
    package let quantity: Rate?
    package let unit: String?
    package let unitPrice: Rate?
    package let dimensions: Dimensions
    package let cashFlowItem: String?
    package let origin: LineOrigin

    package init(
        _ side: Side, _ account: AccountCode, _ amount: Money, summary: String = "", original: Money? = nil,
        rate: Rate? = nil, quantity: Rate? = nil, unit: String? = nil, unitPrice: Rate? = nil,
        dimensions: Dimensions = .none, cashFlowItem: String? = nil, origin: LineOrigin = .none
    ) {
        self.summary = summary
        self.account = account
        self.side = side
        self.amount = amount
        self.original = original
        self.rate = rate
        self.quantity = quantity
        self.unit = unit
        self.unitPrice = unitPrice
        self.dimensions = dimensions
        self.cashFlowItem = cashFlowItem
        self.origin = origin
    }

    /// The currency in which the line's balance is kept: the foreign one, or the base.
    package var balanceCurrency: Currency { original?.currency ?? amount.currency }

    /// The line taken back: every amount negative, on the same side.
    package func negated(summary: String, origin: LineOrigin) -> VoucherLine {
        VoucherLine(
            side, account, -amount, summary: summary, original: original.map { -$0 }, rate: rate,
            quantity: quantity.map { Rate(scaled: -$0.scaled) }, unit: unit, unitPrice: unitPrice,
            dimensions: dimensions, cashFlowItem: cashFlowItem, origin: origin
        )
    }
}

extension Sequence<VoucherLine> {
    /// What the lines of one side add up to.
    package func total(of side: Side, in currency: Currency) -> Money {
        reduce(into: .zero(currency)) { sum, line in
            if line.side == side { sum += line.amount }
        }
    }
}
