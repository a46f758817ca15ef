/// A number with four digits more than `Decimal34`, for functions that take many steps.
///
/// Steps cut off instead of rounding; what was cut is remembered, so an exact result stays exact.
struct WideDecimal {
    private static let precision = 38
    /// Far outside of what `Decimal34` holds, far inside of what the arithmetic here holds.
    private static let exponentLimit = 50_000

    private let isNegative: Bool
    private let coefficient: UInt128
    private let exponent: Int
    private let isInexact: Bool

    private init(isNegative: Bool, coefficient: UInt128, exponent: Int, isInexact: Bool) {
        self.isNegative = isNegative
        self.coefficient = coefficient
        self.exponent = exponent
        self.isInexact = isInexact
    }

    init(_ number: Decimal34) {
        self.init(
            isNegative: number.isNegative, coefficient: number.coefficient, exponent: Int(number.exponent),
            isInexact: false
        )
    }

    init(_ number: Int) { self.init(Decimal34(number)) }

    /// The nearest `Decimal34`; `nil` if the number is too large for one.
    var narrowed: Decimal34? {
        Decimal34.rounding(
            isNegative: isNegative, coefficient: coefficient, exponent: exponent, isInexact: isInexact)
    }

    private var isZero: Bool { coefficient == 0 }
    private var isOutOfRange: Bool { abs(exponent) > Self.exponentLimit }

    private func times(_ other: WideDecimal) -> WideDecimal {
        let product = coefficient.multipliedFullWidth(by: other.coefficient)
        let digits = PowersOfTen.digits(of: coefficient) + PowersOfTen.digits(of: other.coefficient)
        let cut = max(0, digits - Self.precision)
        let (quotient, rest) = PowersOfTen[cut].dividingFullWidth(product)
        return WideDecimal(
            isNegative: isNegative != other.isNegative, coefficient: quotient,
            exponent: exponent + other.exponent + cut, isInexact: isInexact || other.isInexact || rest != 0
        )
    }

    private func divided(by other: WideDecimal) -> WideDecimal {
        let padding = Self.precision - PowersOfTen.digits(of: coefficient)
        let shift = PowersOfTen.digits(of: other.coefficient) - 1
        let padded = coefficient * PowersOfTen[padding]
        let (quotient, rest) = other.coefficient.dividingFullWidth(padded.multipliedFullWidth(by: PowersOfTen[shift]))
        return WideDecimal(
            isNegative: isNegative != other.isNegative, coefficient: quotient,
            exponent: exponent - padding - shift - other.exponent,
            isInexact: isInexact || other.isInexact || rest != 0
        ).limited
    }

    /// The number with at most `precision` digits.
    private var limited: WideDecimal {
        guard PowersOfTen.digits(of: coefficient) > Self.precision else { return self }
        return WideDecimal(
            isNegative: isNegative, coefficient: coefficient / 10, exponent: exponent + 1,
            isInexact: isInexact || coefficient % 10 != 0
        )
    }

    private func plus(_ other: WideDecimal) -> WideDecimal {
        if isZero { return other }
        if other.isZero { return self }
        let (high, low) = exponent >= other.exponent ? (self, other) : (other, self)
        let room = min(Self.precision - PowersOfTen.digits(of: high.coefficient), high.exponent - low.exponent)
        let cut = high.exponent - room - low.exponent
        let left = high.coefficient * PowersOfTen[room]
        let right = cut < PowersOfTen.count ? low.coefficient / PowersOfTen[cut] : 0
        let isInexact = isInexact || other.isInexact || cut > 0
        let isSame = high.isNegative == low.isNegative
        return WideDecimal(
            isNegative: isSame || left >= right ? high.isNegative : low.isNegative,
            coefficient: isSame ? left + right : left >= right ? left - right : right - left,
            exponent: high.exponent - room, isInexact: isInexact
        ).limited
    }

    private var negated: WideDecimal {
        WideDecimal(isNegative: !isNegative, coefficient: coefficient, exponent: exponent, isInexact: isInexact)
    }

    /// The number, which is not zero, to a whole power; `nil` if that is too large.
    func power(_ times: Int) -> WideDecimal? {
        var result = WideDecimal(1)
        var square = self
        var rest = times.magnitude
        while rest > 0 {
            if rest & 1 == 1 { result = result.times(square) }
            rest >>= 1
            if rest > 0 { square = square.times(square) }
            if square.isOutOfRange || result.isOutOfRange {
                let isHuge = (square.isOutOfRange ? square.exponent > 0 : result.exponent > 0) == (times > 0)
                return isHuge ? nil : WideDecimal(0)
            }
        }
        return times > 0 ? result : WideDecimal(1).divided(by: result)
    }
}

extension WideDecimal {
    private static let ten = WideDecimal(10)
    /// ln 10.
    private static let logarithmOfTen = WideDecimal(
        isNegative: false, coefficient: 23_025_850_929_940_456_840_179_914_546_843_642_076, exponent: -37,
        isInexact: true
    )

    /// e to the number; `nil` if that is too large.
    var exponential: WideDecimal? {
        guard let whole = divided(by: Self.logarithmOfTen).narrowed?.rounded(toScale: 0, .halfEven)?.integer,
            abs(whole) < Self.exponentLimit
        else { return isNegative ? WideDecimal(0) : nil }
        // e^x = 10^k · (e^(r/32))^32 with x = k · ln 10 + r: the smaller r, the fewer terms.
        let halvings = 5
        let rest = plus(Self.logarithmOfTen.times(WideDecimal(whole)).negated).divided(by: WideDecimal(1 << halvings))
        var term = WideDecimal(1)
        var sum = term
        var index = 1
        while !term.isZero, term.exponent + PowersOfTen.digits(of: term.coefficient) > -Self.precision - 2 {
            term = term.times(rest).divided(by: WideDecimal(index))
            sum = sum.plus(term)
            index += 1
        }
        for _ in 0..<halvings { sum = sum.times(sum) }
        return WideDecimal(
            isNegative: false, coefficient: sum.coefficient, exponent: sum.exponent + whole, isInexact: sum.isInexact
        )
    }

    /// The natural logarithm of a positive number.
    var logarithm: WideDecimal {
        // ln x = k · ln 10 + 2 · artanh((m − 1) / (m + 1)) with x = m · 10^k and m between 0.3 and 3.
        var power = exponent + PowersOfTen.digits(of: coefficient)
        var part = WideDecimal(
            isNegative: false, coefficient: coefficient, exponent: exponent - power, isInexact: isInexact)
        if part.coefficient / PowersOfTen[PowersOfTen.digits(of: coefficient) - 1] < 3 {
            part = part.times(Self.ten)
            power -= 1
        }
        let one = WideDecimal(1)
        let ratio = part.plus(one.negated).divided(by: part.plus(one))
        let square = ratio.times(ratio)
        var term = ratio
        var sum = ratio
        var index = 3
        while !term.isZero, term.exponent + PowersOfTen.digits(of: term.coefficient) > -Self.precision - 2 {
            term = term.times(square)
            sum = sum.plus(term.divided(by: WideDecimal(index)))
            index += 2
        }
        return sum.plus(sum).plus(Self.logarithmOfTen.times(WideDecimal(power)))
    }
}

extension Decimal34 {
    /// e to the number, good to 33 digits; `nil` if that is too large.
    package var exponential: Decimal34? {
        isZero ? .one : WideDecimal(self).exponential?.narrowed
    }

    /// The natural logarithm, good to 33 digits; `nil` unless the number is positive.
    package var logarithm: Decimal34? {
        guard !isNegative, !isZero else { return nil }
        return self == .one ? .zero : WideDecimal(self).logarithm.narrowed
    }

    /// The number to any power; `nil` where there is no real result in range.
    package func power(_ exponent: Decimal34) -> Decimal34? {
        if let whole = exponent.integer { return power(whole) }
        guard !isNegative else { return nil }
        guard !isZero else { return exponent.isNegative ? nil : .zero }
        guard let product = WideDecimal(self).logarithm.narrowed?.multiplied(by: exponent) else { return nil }
        return product.exponential
    }

    /// The square root, correctly rounded; `nil` for a negative number.
    package var squareRoot: Decimal34? {
        guard !isNegative else { return nil }
        guard coefficient != 0 else { return .zero }
        // The root of a coefficient of 69 or 70 digits has 35: one more than is kept.
        var shift = 2 * Self.precision + 1 - PowersOfTen.digits(of: coefficient)
        if (Int(exponent) - shift) % 2 != 0 { shift += 1 }
        let first = min(shift, Self.precision + 4 - PowersOfTen.digits(of: coefficient))
        let square = (coefficient * PowersOfTen[first]).multipliedFullWidth(by: PowersOfTen[shift - first])
        var root = PowersOfTen[Self.precision + 1]
        while true {
            let next = (root + root.dividingFullWidth(square).quotient) / 2
            if next >= root { break }
            root = next
        }
        let check = root.multipliedFullWidth(by: root)
        let isExact = check.high == square.high && check.low == square.low
        var scale = (Int(exponent) - shift) / 2
        while isExact, scale < Int(exponent) / 2, root % 10 == 0 {
            root /= 10
            scale += 1
        }
        return Self.rounding(isNegative: false, coefficient: root, exponent: scale, isInexact: !isExact)
    }
}
