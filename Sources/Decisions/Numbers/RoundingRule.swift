/// What becomes of digits that are dropped (舍入方式).
package enum RoundingRule: Hashable, Sendable {
    /// To the nearest, the even digit at the half.
    case halfEven
    /// To the nearest, away from zero at the half.
    case halfUp
    /// To the nearest, towards zero at the half.
    case halfDown
    /// Away from zero.
    case up
    /// Towards zero.
    case down
    case floor
    case ceiling

    /// The digits that remain after the last `count` digits went.
    func apply(_ digits: UInt128, droppingDigits count: Int, isInexact: Bool = false, isNegative: Bool) -> UInt128 {
        guard count < PowersOfTen.count else {
            // More digits go than there are: what is left is nothing, or one for the rules that look up.
            return roundsUp(isZero: digits == 0 && !isInexact, half: -1, isOdd: false, isNegative: isNegative) ? 1 : 0
        }
        let divisor = PowersOfTen[count]
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
        let rest = divisor - remainder
        let half = remainder == rest ? (isInexact ? 1 : 0) : remainder > rest ? 1 : -1
        let isUp = roundsUp(
            isZero: remainder == 0 && !isInexact, half: half, isOdd: quotient & 1 == 1, isNegative: isNegative
        )
        return isUp ? quotient + 1 : quotient
    }

    private func roundsUp(isZero: Bool, half: Int, isOdd: Bool, isNegative: Bool) -> Bool {
        switch self {
        case .halfEven: half > 0 || (half == 0 && isOdd)
        case .halfUp: half >= 0
        case .halfDown: half > 0
        case .up: !isZero
        case .down: false
        case .floor: !isZero && isNegative
        case .ceiling: !isZero && !isNegative
        }
    }
}

extension Decimal34 {
    /// The number with `scale` digits after the point; a negative scale rounds to tens, hundreds and so on.
    ///
    /// A number with fewer digits gets zeros, as long as there is room for them. `nil` if the scale or the result is
    /// out of range.
    package func rounded(toScale scale: Int, _ rule: RoundingRule) -> Decimal34? {
        guard Self.exponents.contains(-scale) else { return nil }
        let distance = -scale - Int(exponent)
        guard distance > 0 else {
            guard coefficient != 0 else { return Decimal34(isNegative: false, coefficient: 0, exponent: -scale) }
            let padding = min(-distance, Self.precision - PowersOfTen.digits(of: coefficient))
            return Decimal34(
                isNegative: isNegative, coefficient: coefficient * PowersOfTen[padding],
                exponent: Int(exponent) - padding
            )
        }
        let kept = rule.apply(coefficient, droppingDigits: distance, isNegative: isNegative)
        return Self.rounding(isNegative: isNegative, coefficient: kept, exponent: -scale)
    }

    package var floor: Decimal34 { exponent >= 0 ? self : rounded(toScale: 0, .floor) ?? self }
    package var ceiling: Decimal34 { exponent >= 0 ? self : rounded(toScale: 0, .ceiling) ?? self }
}
