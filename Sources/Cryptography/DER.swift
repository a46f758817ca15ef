package import Kernel

/// One value of a DER encoding (X.690), as a window on the bytes it was read from.
///
/// Only what signatures need: tags below 31, definite lengths. Anything else is not read.
package struct DER: Sendable {
    package let tag: UInt8
    package let content: ArraySlice<UInt8>
    /// Header and content: what a signature over the value covers.
    package let whole: ArraySlice<UInt8>

    package enum Tag {
        package static let integer: UInt8 = 0x02
        package static let bitString: UInt8 = 0x03
        package static let octetString: UInt8 = 0x04
        package static let objectIdentifier: UInt8 = 0x06
        package static let sequence: UInt8 = 0x30
        package static let set: UInt8 = 0x31
        package static let utcTime: UInt8 = 0x17
        package static let generalizedTime: UInt8 = 0x18
        package static let context0: UInt8 = 0xA0
        package static let context1: UInt8 = 0xA1
    }

    /// Reads the one value the bytes are; `nil` if they are anything else.
    package init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)[...]
        guard let value = DER(readingFrom: bytes), value.whole.endIndex == bytes.endIndex else { return nil }
        self = value
    }

    /// Reads the first value; more may follow it.
    package init?(readingFrom bytes: ArraySlice<UInt8>) {
        guard let tag = bytes.first, tag & 0x1F != 0x1F, bytes.count >= 2 else { return nil }
        var index = bytes.startIndex + 1
        var length = Int(bytes[index])
        index += 1
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), bytes.endIndex - index >= count else { return nil }
            length = 0
            for _ in 0..<count {
                length = length << 8 | Int(bytes[index])
                index += 1
            }
        }
        guard bytes.endIndex - index >= length else { return nil }
        self.tag = tag
        content = bytes[index..<index + length]
        whole = bytes[bytes.startIndex..<index + length]
    }

    package var isConstructed: Bool { tag & 0x20 != 0 }

    /// The values inside; `nil` if they do not fill the content exactly.
    package var children: [DER]? {
        guard isConstructed else { return nil }
        var values: [DER] = []
        var rest = content
        while !rest.isEmpty {
            guard let value = DER(readingFrom: rest) else { return nil }
            values.append(value)
            rest = rest[value.whole.endIndex...]
        }
        return values
    }

    /// An object identifier in dots: `1.2.156.10197.1.501`.
    package var objectIdentifier: String? {
        guard tag == Tag.objectIdentifier, let first = content.first, content.last.map({ $0 < 0x80 }) == true else {
            return nil
        }
        var numbers = [Int(min(first / 40, 2)), Int(first) - 40 * Int(min(first / 40, 2))]
        var number = 0
        for byte in content.dropFirst() {
            guard number < 1 << 40 else { return nil }
            number = number << 7 | Int(byte & 0x7F)
            if byte < 0x80 {
                numbers.append(number)
                number = 0
            }
        }
        return numbers.map(String.init).joined(separator: ".")
    }

    /// The bytes of a bit string.
    ///
    /// Some encoders take zeros at the end of a signature for unused bits; the bytes are whole all the same.
    package var bits: ArraySlice<UInt8>? {
        guard tag == Tag.bitString, let unused = content.first, unused < 8 else { return nil }
        return content.dropFirst()
    }

    /// A small non-negative number.
    package var integer: Int? {
        guard tag == Tag.integer, (1...4).contains(content.count), content.first.map({ $0 < 0x80 }) == true else {
            return nil
        }
        return content.reduce(0) { $0 << 8 | Int($1) }
    }

    /// A text of any of the string types, if its bytes are UTF-8.
    package var text: String? { String(validating: content, as: UTF8.self) }

    /// An instant; many signers leave the `Z` out or write the year in two digits whatever the type says.
    package var time: Timestamp? {
        guard tag == Tag.utcTime || tag == Tag.generalizedTime else { return nil }
        return text.flatMap(signingTime)
    }
}

/// An instant as signers write it: `20200723130907.763Z`, `220725214639Z`, `2021-05-19 20:53:44`, `20201010151120`.
///
/// Without a zone it is Chinese time.
package func signingTime(_ text: String) -> Timestamp? {
    let isUTC = text.hasSuffix("Z")
    // A fraction of a second decides nothing.
    let body = text.split(separator: ".", maxSplits: 1).first ?? ""
    var digits = body.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        .map { Int($0 - UInt8(ascii: "0")) }
    if digits.count == 12 { digits = (digits[0] >= 5 ? [1, 9] : [2, 0]) + digits }
    guard digits.count == 14 else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    guard let day = Day(year: number(0..<4), month: number(4..<6), day: number(6..<8)), number(8..<10) < 24,
        number(10..<12) < 60, number(12..<14) < 60
    else { return nil }
    let inDay = number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
    return Timestamp(seconds: Int64(day.number) * 86_400 + Int64(inDay) - (isUTC ? 0 : 8 * 3600))
}

/// Writes a value: its tag, its length in the shortest form, its content.
package func encodeDER(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
    let length = content.count
    if length < 0x80 { return [tag, UInt8(length)] + content }
    var digits: [UInt8] = []
    var rest = length
    while rest > 0 {
        digits.insert(UInt8(rest & 0xFF), at: 0)
        rest >>= 8
    }
    return [tag, 0x80 | UInt8(digits.count)] + digits + content
}
