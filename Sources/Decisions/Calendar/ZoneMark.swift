/// What a time says about its zone.
package enum ZoneMark: Hashable, Sendable {
    /// Nothing: the clock on the wall.
    case local
    case offset(seconds: Int)
    /// A zone of the IANA database, such as `Asia/Shanghai`.
    case named(String)

    /// Reads what follows a time: nothing, `Z`, `+08:00`, or `@Asia/Shanghai`.
    init?(_ text: Substring.UTF8View) {
        if text.isEmpty {
            self = .local
            return
        }
        let bytes = Array(text)
        switch bytes[0] {
        case UInt8(ascii: "Z") where bytes.count == 1:
            self = .offset(seconds: 0)
        case UInt8(ascii: "@") where bytes.count > 1 && bytes.dropFirst().allSatisfy(Self.isNameByte):
            self = .named(String(decoding: bytes.dropFirst(), as: UTF8.self))
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            var fields = FixedFields(bytes[1...])
            guard let hours = fields.number(digits: 2), hours <= 14, fields.take(":"),
                let minutes = fields.number(digits: 2), minutes < 60
            else { return nil }
            var seconds = 0
            if fields.take(":") {
                guard let read = fields.number(digits: 2), read < 60 else { return nil }
                seconds = read
            }
            let total = hours * 3600 + minutes * 60 + seconds
            guard fields.isAtEnd, total <= 14 * 3600 else { return nil }
            self = .offset(seconds: bytes[0] == UInt8(ascii: "-") ? -total : total)
        default:
            return nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/_-+".utf8.contains(byte)
        }
    }

    var text: String {
        switch self {
        case .local: return ""
        case .named(let name): return "@" + name
        case .offset(let seconds):
            guard seconds != 0 else { return "Z" }
            let size = abs(seconds)
            let rest = size % 60 == 0 ? "" : ":" + CalendarText.padded(size % 60, 2)
            return (seconds < 0 ? "-" : "+") + CalendarText.padded(size / 3600, 2) + ":"
                + CalendarText.padded(size / 60 % 60, 2) + rest
        }
    }
}

/// Reads fields of digits from left to right.
struct FixedFields {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }
    var remainder: ArraySlice<UInt8> { rest }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? { number(digits: digits...digits) }

    /// A number of as many digits as there are; `nil` if that is not within the bounds.
    mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), count <= digits.upperBound
        {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            count += 1
            rest = rest.dropFirst()
        }
        return digits.contains(count) ? value : nil
    }

    /// The digits after a point, as nanoseconds; zero if there is no point, `nil` if there are no digits.
    mutating func fraction(mayBeEmpty: Bool = false) -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var count = 0
        while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            if count < 9 { value = value * 10 + Int(byte - UInt8(ascii: "0")) }
            count += 1
            rest = rest.dropFirst()
        }
        guard count > 0 || mayBeEmpty else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }
}
