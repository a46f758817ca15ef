/// Standard Base64 (RFC 4648, section 4).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    package static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for position in 0..<4 {
                output.append(
                    position <= count ? alphabet[Int(group >> (18 - 6 * UInt32(position)) & 63)] : UInt8(ascii: "=")
                )
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads Base64.
    ///
    /// - Parameter lenient: Also takes white space between the letters, missing padding, and spare bits that are
    ///   not zero; 钉钉's own samples have all three.
    package static func decode(_ text: String, lenient: Bool = false) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count / 4 * 3)
        var group: UInt32 = 0
        var letters = 0
        var padding = 0
        for byte in text.utf8 {
            if lenient, byte == 0x0A || byte == 0x0D || byte == 0x20 || byte == 0x09 { continue }
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            guard value != 255, padding == 0 else { return nil }
            group = group << 6 | UInt32(value)
            letters += 1
            if letters.isMultiple(of: 4) {
                output.append(contentsOf: [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)])
                group = 0
            }
        }
        let rest = letters % 4
        guard rest != 1, padding <= 2, lenient || (letters + padding).isMultiple(of: 4) else { return nil }
        if rest == 2 {
            guard lenient || group & 15 == 0 else { return nil }
            output.append(UInt8(group >> 4 & 255))
        } else if rest == 3 {
            guard lenient || group & 3 == 0 else { return nil }
            output.append(contentsOf: [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)])
        }
        return output
    }
}
