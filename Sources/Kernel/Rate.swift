/// A quantity, unit price or exchange rate: an exact decimal with at most eight decimals (数量、单价、汇率).
package struct Rate: Hashable, Sendable {
    package static let decimals = 8
    package static let scale: Int64 = 100_000_000
    /// The largest magnitude, so that a rate times an amount fits into 128 bits with room to spare.
    package static let limit: Int64 = 9_000_000_000_000_000_000

    /// The value times 10⁸.
    package let scaled: Int64

    package static let one = Rate(scaled: scale)

    package init(scaled: Int64) {
        self.scaled = scaled
    }

    /// Reads a plain decimal such as `7.1234`; `nil` if it is none, has over eight decimals or is too large.
    package init?(_ text: String) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        var value: Int128 = 0
        var digits = 0
        var decimals = -1
        for byte in text.utf8.dropFirst(isNegative ? 1 : 0) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if decimals >= 0 { decimals += 1 }
                value = value * 10 + Int128(byte - UInt8(ascii: "0"))
                guard decimals <= Self.decimals, value <= Int128(Self.limit) else { return nil }
            case UInt8(ascii: ".") where decimals < 0 && digits > 0:
                decimals = 0
            default:
                return nil
            }
        }
        guard digits > 0, decimals != 0 else { return nil }
        for _ in max(decimals, 0)..<Self.decimals { value *= 10 }
        guard value <= Int128(Self.limit) else { return nil }
        scaled = Int64(isNegative ? -value : value)
    }

    /// The value as a plain decimal without trailing zeros: `7.1234`, `3`.
    package var text: String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, Self.decimals + 1 - digits.count)) + digits
        let whole = padded.dropLast(Self.decimals)
        var fraction = padded.suffix(Self.decimals)
        while fraction.last == "0" { fraction.removeLast() }
        return (scaled < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}

extension Money {
    /// The amount converted at a rate, rounded half up (away from zero at the half) to the other currency's unit.
    package func converted(at rate: Rate, to other: Currency) throws(MoneyError) -> Money {
        var numerator = Int128(minorUnits) * Int128(rate.scaled)
        var denominator = Int128(Rate.scale)
        for _ in other.minorDigits..<max(currency.minorDigits, other.minorDigits) { denominator *= 10 }
        for _ in currency.minorDigits..<max(currency.minorDigits, other.minorDigits) { numerator *= 10 }
        let half = denominator / 2
        let rounded = (numerator < 0 ? numerator - half : numerator + half) / denominator
        guard rounded.magnitude <= UInt128(Money.limit) else { throw .tooLarge("\(self) × \(rate.text)") }
        return Money(minorUnits: Int64(rounded), other)
    }
}
