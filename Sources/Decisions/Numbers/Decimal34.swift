/// A decimal number of up to 34 significant digits, as IEEE 754 decimal128 has them (十进制数).
///
/// Digits are kept as they were computed: `1.50` and `1.5` are equal, and each writes itself as it is.
/// There is no infinity and no not-a-number; an operation without a result in range is `nil`.
package struct Decimal34: Sendable {
    /// The most significant digits a number has.
    package static let precision = 34
    /// The exponents of the last digit, at both ends.
    static let exponents = -6176...6111

    /// All significant digits as one whole number, below 10³⁴.
    let coefficient: UInt128
    /// The power of ten of the last digit.
    let exponent: Int16
    package let isNegative: Bool

    package static let zero = Decimal34(0)
    package static let one = Decimal34(1)

    package init(_ number: Int) {
        coefficient = UInt128(number.magnitude)
        exponent = 0
        isNegative = number < 0
    }

    /// For results that are known to be in range; every other one goes through `rounding`.
    init(isNegative: Bool, coefficient: UInt128, exponent: Int) {
        self.coefficient = coefficient
        self.exponent = Int16(exponent)
        // Zero has no sign here: FEEL has no way to see one.
        self.isNegative = isNegative && coefficient != 0
    }

    /// The number nearest to `coefficient` × 10^`exponent`, the even neighbour at the half.
    ///
    /// - Parameter isInexact: whether a nonzero part below the last digit was cut off already.
    /// - Returns: `nil` if the number is too large.
    static func rounding(
        isNegative: Bool, coefficient: UInt128, exponent: Int, isInexact: Bool = false
    ) -> Decimal34? {
        var coefficient = coefficient
        var exponent = exponent
        let excess = max(PowersOfTen.digits(of: coefficient) - precision, exponents.lowerBound - exponent)
        if excess > 0 {
            exponent += excess
            coefficient = RoundingRule.halfEven.apply(
                coefficient, droppingDigits: excess, isInexact: isInexact, isNegative: isNegative
            )
            if coefficient == PowersOfTen.limit {
                coefficient /= 10
                exponent += 1
            }
        }
        guard exponent > exponents.upperBound else {
            return Decimal34(isNegative: isNegative, coefficient: coefficient, exponent: exponent)
        }
        guard coefficient != 0 else { return .zero }
        let padding = exponent - exponents.upperBound
        guard padding + PowersOfTen.digits(of: coefficient) <= precision else { return nil }
        return Decimal34(
            isNegative: isNegative, coefficient: coefficient * PowersOfTen[padding], exponent: exponents.upperBound
        )
    }

    package var isZero: Bool { coefficient == 0 }
    package var isWhole: Bool {
        guard exponent < 0, coefficient != 0 else { return true }
        guard -Int(exponent) < PowersOfTen.count else { return false }
        return coefficient % PowersOfTen[-Int(exponent)] == 0
    }

    /// The number as an `Int`; `nil` if it has a fraction or does not fit.
    package var integer: Int? {
        guard coefficient != 0 else { return 0 }
        var magnitude = coefficient
        if exponent > 0 {
            guard exponent < 20 else { return nil }
            let product = magnitude.multipliedReportingOverflow(by: PowersOfTen[Int(exponent)])
            guard !product.overflow else { return nil }
            magnitude = product.partialValue
        } else if exponent < 0 {
            guard isWhole else { return nil }
            magnitude /= PowersOfTen[-Int(exponent)]
        }
        guard magnitude <= UInt128(Int.max) else { return nil }
        return isNegative ? -Int(magnitude) : Int(magnitude)
    }

    /// The same number without zeros at its end.
    package var normalized: Decimal34 {
        guard coefficient != 0 else { return .zero }
        var coefficient = coefficient
        var exponent = Int(exponent)
        while exponent < Self.exponents.upperBound, coefficient % 10 == 0 {
            coefficient /= 10
            exponent += 1
        }
        return Decimal34(isNegative: isNegative, coefficient: coefficient, exponent: exponent)
    }
}

extension Decimal34: Hashable, Comparable {
    package static func == (left: Decimal34, right: Decimal34) -> Bool { compare(left, right) == 0 }
    package static func < (left: Decimal34, right: Decimal34) -> Bool { compare(left, right) < 0 }

    package func hash(into hasher: inout Hasher) {
        let plain = normalized
        hasher.combine(plain.isNegative)
        hasher.combine(plain.coefficient)
        hasher.combine(plain.exponent)
    }

    /// Negative, zero or positive, as the left number is less, equal or greater.
    static func compare(_ left: Decimal34, _ right: Decimal34) -> Int {
        if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
        let order = compareMagnitudes(left, right)
        return left.isNegative ? -order : order
    }

    private static func compareMagnitudes(_ left: Decimal34, _ right: Decimal34) -> Int {
        func order(_ left: UInt128, _ right: UInt128) -> Int { left == right ? 0 : left < right ? -1 : 1 }
        if left.exponent == right.exponent || left.coefficient == 0 || right.coefficient == 0 {
            return order(left.coefficient, right.coefficient)
        }
        let leftTop = PowersOfTen.digits(of: left.coefficient) + Int(left.exponent)
        let rightTop = PowersOfTen.digits(of: right.coefficient) + Int(right.exponent)
        guard leftTop == rightTop else { return leftTop < rightTop ? -1 : 1 }
        let distance = Int(left.exponent) - Int(right.exponent)
        // The same first digit's place: the one with the higher last place has room for the zeros.
        return distance > 0
            ? order(left.coefficient * PowersOfTen[distance], right.coefficient)
            : order(left.coefficient, right.coefficient * PowersOfTen[-distance])
    }
}

extension Decimal34: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) { self.init(number) }
}

/// The powers of ten that 128 bits hold.
enum PowersOfTen {
    static let count = 39
    /// 10³⁴, the first number with too many digits.
    static let limit = table[Decimal34.precision]

    private static let table: [UInt128] = {
        var powers: [UInt128] = [1]
        for _ in 1..<count { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()

    static subscript(power: Int) -> UInt128 { table[power] }

    /// How many digits a number has; zero has one.
    static func digits(of number: UInt128) -> Int {
        let bits = UInt128.bitWidth - number.leadingZeroBitCount
        // 1233 / 4096 is a little more than log₁₀ 2; the estimate is at most one too low.
        let estimate = (bits * 1233) >> 12
        return max(1, number >= table[min(estimate, count - 1)] && estimate < count ? estimate + 1 : estimate)
    }
}
