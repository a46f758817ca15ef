extension Decimal34 {
    /// Reads `12`, `-0.5`, `.5` or `1.2e-3`; `nil` if the text is no such number or is out of range.
    ///
    /// Digits beyond the 34th are rounded, the even neighbour at the half.
    package init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        var coefficient: UInt128 = 0
        var exponent = 0
        var isInexact = false
        var digits = 0
        var isFraction = false
        while let byte = bytes.first {
            if let digit = Self.digit(byte) {
                digits += 1
                // One digit more than the precision tells the half from what is less and what is more.
                if coefficient < PowersOfTen.limit {
                    coefficient = coefficient * 10 + UInt128(digit)
                    if isFraction { exponent -= 1 }
                } else {
                    if digit != 0 { isInexact = true }
                    if !isFraction { exponent += 1 }
                }
            } else if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
                guard let next = bytes.dropFirst().first, Self.digit(next) != nil else { return nil }
            } else {
                break
            }
            bytes = bytes.dropFirst()
        }
        guard digits > 0 else { return nil }
        if !bytes.isEmpty {
            guard let power = Self.power(bytes) else { return nil }
            exponent += power
        }
        guard
            let number = Self.rounding(
                isNegative: isNegative, coefficient: coefficient, exponent: exponent, isInexact: isInexact)
        else { return nil }
        self = number
    }

    private static func power(_ text: ArraySlice<UInt8>) -> Int? {
        guard let mark = text.first, mark | 0x20 == UInt8(ascii: "e") else { return nil }
        var digits = text.dropFirst()
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var power = 0
        for byte in digits {
            guard let digit = digit(byte) else { return nil }
            power = min(power * 10 + digit, 100_000)
        }
        return isNegative ? -power : power
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }

    /// The number in plain notation, with the digits it has: `1234.50`, `-0.001`, `1000`.
    package var text: String {
        let sign = isNegative ? "-" : ""
        let digits = String(coefficient)
        let exponent = Int(exponent)
        if exponent >= 0 {
            return coefficient == 0 ? "0" : sign + digits + String(repeating: "0", count: exponent)
        }
        let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.utf8.count)) + digits
        return "\(sign)\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
    }
}

extension Decimal34: CustomStringConvertible {
    package var description: String { text }
}
