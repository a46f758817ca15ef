package import Kernel

extension Decimal34 {
    /// The amount as a number, with all digits of its currency.
    package init(_ money: Money) {
        self.init(
            isNegative: money.minorUnits < 0, coefficient: UInt128(money.minorUnits.magnitude),
            exponent: -money.currency.minorDigits
        )
    }

    /// The rate as a number.
    package init(_ rate: Rate) {
        self =
            Decimal34(
                isNegative: rate.scaled < 0, coefficient: UInt128(rate.scaled.magnitude), exponent: -Rate.decimals
            ).normalized
    }

    /// The number as an amount of a currency; nothing is rounded.
    ///
    /// - Throws: `MoneyError.tooPrecise` if a digit other than zero stands below the currency's smallest unit, and
    ///   `MoneyError.tooLarge` beyond `Money.limit`.
    package func money(in currency: Currency) throws(MoneyError) -> Money {
        let shifted = Int(exponent) + currency.minorDigits
        guard coefficient != 0 else { return .zero(currency) }
        var units = coefficient
        if shifted < 0 {
            guard -shifted < PowersOfTen.count, units % PowersOfTen[-shifted] == 0 else {
                throw .tooPrecise(text, minorDigits: currency.minorDigits)
            }
            units /= PowersOfTen[-shifted]
        } else {
            guard shifted + PowersOfTen.digits(of: units) < PowersOfTen.count else { throw .tooLarge(text) }
            units *= PowersOfTen[shifted]
        }
        guard units <= UInt128(Money.limit) else { throw .tooLarge(text) }
        return Money(minorUnits: isNegative ? -Int64(units) : Int64(units), currency)
    }
}
