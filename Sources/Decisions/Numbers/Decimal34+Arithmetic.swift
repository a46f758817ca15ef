extension Decimal34 {
    package static prefix func - (number: Decimal34) -> Decimal34 {
        Decimal34(isNegative: !number.isNegative, coefficient: number.coefficient, exponent: Int(number.exponent))
    }

    package var magnitude: Decimal34 {
        Decimal34(isNegative: false, coefficient: coefficient, exponent: Int(exponent))
    }

    package func adding(_ other: Decimal34) -> Decimal34? {
        if exponent == other.exponent {
            return Self.sum(
                isNegative, coefficient, other.isNegative, other.coefficient, exponent: Int(exponent), isInexact: false
            )
        }
        return exponent > other.exponent ? Self.sum(of: self, other) : Self.sum(of: other, self)
    }

    package func subtracting(_ other: Decimal34) -> Decimal34? { adding(-other) }

    /// The sum where `high` has the higher last place.
    private static func sum(of high: Decimal34, _ low: Decimal34) -> Decimal34? {
        let distance = Int(high.exponent) - Int(low.exponent)
        guard high.coefficient != 0 else { return low }
        guard low.coefficient != 0 else { return high.rounded(toScale: -Int(low.exponent), .halfEven) }
        // Two guard digits and the knowledge that something was cut off are enough to round the sum correctly.
        let room = precision + 2 - PowersOfTen.digits(of: high.coefficient)
        if distance <= room {
            return sum(
                high.isNegative, high.coefficient * PowersOfTen[distance], low.isNegative, low.coefficient,
                exponent: Int(low.exponent), isInexact: false
            )
        }
        let cut = distance - room
        let (kept, lost) =
            cut < PowersOfTen.count
            ? low.coefficient.quotientAndRemainder(dividingBy: PowersOfTen[cut]) : (0, low.coefficient)
        return sum(
            high.isNegative, high.coefficient * PowersOfTen[room], low.isNegative, kept,
            exponent: Int(high.exponent) - room, isInexact: lost != 0
        )
    }

    /// The sum of two coefficients of one exponent; `isInexact` says that the second is a little more than it seems.
    private static func sum(
        _ leftIsNegative: Bool, _ left: UInt128, _ rightIsNegative: Bool, _ right: UInt128, exponent: Int,
        isInexact: Bool
    ) -> Decimal34? {
        if leftIsNegative == rightIsNegative {
            return rounding(
                isNegative: leftIsNegative, coefficient: left + right, exponent: exponent, isInexact: isInexact
            )
        }
        if left >= right {
            let difference = left - right - (isInexact ? 1 : 0)
            return rounding(
                isNegative: leftIsNegative, coefficient: difference, exponent: exponent, isInexact: isInexact
            )
        }
        return rounding(isNegative: rightIsNegative, coefficient: right - left, exponent: exponent)
    }

    package func multiplied(by other: Decimal34) -> Decimal34? {
        let isNegative = isNegative != other.isNegative
        let exponent = Int(exponent) + Int(other.exponent)
        let product = coefficient.multipliedFullWidth(by: other.coefficient)
        guard product.high != 0 else {
            return Self.rounding(isNegative: isNegative, coefficient: product.low, exponent: exponent)
        }
        let digits = PowersOfTen.digits(of: coefficient) + PowersOfTen.digits(of: other.coefficient)
        let cut = digits - Self.precision - 2
        let (quotient, remainder) = PowersOfTen[cut].dividingFullWidth(product)
        return Self.rounding(
            isNegative: isNegative, coefficient: quotient, exponent: exponent + cut, isInexact: remainder != 0
        )
    }

    /// The quotient; `nil` for a divisor of zero.
    package func divided(by other: Decimal34) -> Decimal34? {
        guard other.coefficient != 0 else { return nil }
        let isNegative = isNegative != other.isNegative
        let ideal = Int(exponent) - Int(other.exponent)
        let (whole, rest) = coefficient.quotientAndRemainder(dividingBy: other.coefficient)
        if rest == 0 { return Self.rounding(isNegative: isNegative, coefficient: whole, exponent: ideal) }

        let padding = Self.precision - PowersOfTen.digits(of: coefficient)
        let shift = PowersOfTen.digits(of: other.coefficient) + 2
        let dividend = (coefficient * PowersOfTen[padding]).multipliedFullWidth(by: PowersOfTen[shift])
        var (quotient, remainder) = other.coefficient.dividingFullWidth(dividend)
        var exponent = ideal - padding - shift
        while remainder == 0, exponent < ideal, quotient % 10 == 0 {
            quotient /= 10
            exponent += 1
        }
        return Self.rounding(
            isNegative: isNegative, coefficient: quotient, exponent: exponent, isInexact: remainder != 0
        )
    }

    /// What is left of a division whose quotient is rounded towards zero; exact. `nil` for a divisor of zero.
    package func remainder(dividingBy other: Decimal34) -> Decimal34? {
        let divisor = other.coefficient
        guard divisor != 0 else { return nil }
        let distance = Int(exponent) - Int(other.exponent)
        if distance >= 0 {
            var rest = coefficient % divisor
            var power = 10 % divisor
            var times = distance
            while times > 0 {
                if times & 1 == 1 { rest = divisor.dividingFullWidth(rest.multipliedFullWidth(by: power)).remainder }
                power = divisor.dividingFullWidth(power.multipliedFullWidth(by: power)).remainder
                times >>= 1
            }
            return Decimal34(isNegative: isNegative, coefficient: rest, exponent: Int(other.exponent))
        }
        guard -distance < PowersOfTen.count else { return self }
        let scaled = divisor.multipliedReportingOverflow(by: PowersOfTen[-distance])
        guard !scaled.overflow else { return self }
        return Decimal34(
            isNegative: isNegative, coefficient: coefficient % scaled.partialValue, exponent: Int(exponent)
        )
    }

    /// The remainder with the sign of the divisor, as FEEL's `modulo` has it: `modulo(-10, 4)` is 2.
    package func modulo(_ other: Decimal34) -> Decimal34? {
        guard let rest = remainder(dividingBy: other) else { return nil }
        return rest.isZero || rest.isNegative == other.isNegative ? rest : rest.adding(other)
    }

    /// The number to a whole power; `nil` for zero to a negative power and for results out of range.
    package func power(_ times: Int) -> Decimal34? {
        if times == 0 { return .one }
        if isZero { return times > 0 ? .zero : nil }
        return WideDecimal(self).power(times)?.narrowed
    }
}
