/// A regular expression of the few kinds that the document schema writes, compiled once and run over UTF-8 bytes.
///
/// It knows anchors, classes, groups, alternatives and the quantifiers `?`, `*`, `+` and `{m,n}`. Anything else is
/// refused when the schema is compiled, never at a document.
struct DocumentSchemaPattern: Sendable {
    private indirect enum Part: Sendable {
        case byte(ByteSet)
        case start
        case end
        case group([[Part]])
        case repeated(Part, least: Int, most: Int)
    }

    /// Which of the 128 ASCII bytes a place takes.
    private struct ByteSet: Sendable {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        mutating func insert(_ byte: UInt8) {
            if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
        }

        func contains(_ byte: UInt8) -> Bool {
            byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 ? high >> UInt64(byte - 64) & 1 == 1 : false
        }
    }

    private let alternatives: [[Part]]

    /// `nil` if the text uses a construct that is not known here.
    init?(_ text: String) {
        var parser = Parser(bytes: Array(text.utf8))
        guard let parsed = parser.alternatives(), parser.isAtEnd else { return nil }
        alternatives = parsed
    }

    /// Whether the pattern occurs in the text.
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            (0...bytes.count).contains { start in
                alternatives.contains { Self.match($0[...], bytes, start) { _ in true } }
            }
        }
    }

    private static func match(
        _ parts: ArraySlice<Part>, _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ rest: (Int) -> Bool
    ) -> Bool {
        guard let part = parts.first else { return rest(index) }
        let others = parts.dropFirst()
        switch part {
        case .start: return index == 0 && match(others, bytes, index, rest)
        case .end: return index == bytes.count && match(others, bytes, index, rest)
        case .byte(let set):
            return index < bytes.count && set.contains(bytes[index]) && match(others, bytes, index + 1, rest)
        case .group(let alternatives):
            return alternatives.contains { choice in
                match(choice[...], bytes, index) { match(others, bytes, $0, rest) }
            }
        case .repeated(.byte(let set), let least, let most):
            var end = index
            while end < bytes.count, end - index < most, set.contains(bytes[end]) { end += 1 }
            while end >= index + least {
                if match(others, bytes, end, rest) { return true }
                end -= 1
            }
            return false
        case .repeated(let inner, let least, let most):
            if most > 0 {
                let again: [Part] = [.repeated(inner, least: max(0, least - 1), most: most == .max ? most : most - 1)]
                let found = match([inner], bytes, index) { next in
                    next > index && match(again[...], bytes, next) { match(others, bytes, $0, rest) }
                }
                if found { return true }
            }
            return least == 0 && match(others, bytes, index, rest)
        }
    }

    private struct Parser {
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }
        private var next: UInt8? { isAtEnd ? nil : bytes[index] }

        mutating func alternatives() -> [[Part]]? {
            var all: [[Part]] = [[]]
            while let byte = next, byte != UInt8(ascii: ")") {
                if byte == UInt8(ascii: "|") {
                    index += 1
                    all.append([])
                } else {
                    guard let part = quantified() else { return nil }
                    all[all.count - 1].append(part)
                }
            }
            return all
        }

        private mutating func quantified() -> Part? {
            guard let part = single() else { return nil }
            switch next {
            case UInt8(ascii: "?"):
                index += 1
                return .repeated(part, least: 0, most: 1)
            case UInt8(ascii: "*"):
                index += 1
                return .repeated(part, least: 0, most: .max)
            case UInt8(ascii: "+"):
                index += 1
                return .repeated(part, least: 1, most: .max)
            case UInt8(ascii: "{"):
                index += 1
                guard let least = number() else { return nil }
                var most = least
                if next == UInt8(ascii: ",") {
                    index += 1
                    most = next == UInt8(ascii: "}") ? .max : number() ?? -1
                }
                guard next == UInt8(ascii: "}"), most >= least else { return nil }
                index += 1
                return .repeated(part, least: least, most: most)
            default: return part
            }
        }

        private mutating func number() -> Int? {
            let start = index
            while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
            return Int(String(decoding: bytes[start..<index], as: UTF8.self))
        }

        private mutating func single() -> Part? {
            guard let byte = next else { return nil }
            index += 1
            switch byte {
            case UInt8(ascii: "^"): return .start
            case UInt8(ascii: "$"): return .end
            case UInt8(ascii: "["): return set()
            case UInt8(ascii: "("):
                guard let inner = alternatives(), next == UInt8(ascii: ")") else { return nil }
                index += 1
                return .group(inner)
            case UInt8(ascii: "\\"): return escaped().map(one)
            case UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"):
                return nil
            default: return byte < 128 ? one(byte) : nil
            }
        }

        private func one(_ byte: UInt8) -> Part {
            var set = ByteSet()
            set.insert(byte)
            return .byte(set)
        }

        /// A punctuation mark taken for itself; letters after a backslash name classes, which are not known here.
        private mutating func escaped() -> UInt8? {
            guard let byte = next, !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20), byte < 128,
                !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            else { return nil }
            index += 1
            return byte
        }

        private mutating func set() -> Part? {
            guard next != UInt8(ascii: "^") else { return nil }
            var set = ByteSet()
            while let byte = next, byte != UInt8(ascii: "]") {
                index += 1
                guard let low = byte == UInt8(ascii: "\\") ? escaped() : byte, low < 128 else { return nil }
                if next == UInt8(ascii: "-"), index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "]") {
                    index += 1
                    guard let high = next, high >= low, high < 128 else { return nil }
                    index += 1
                    for value in low...high { set.insert(value) }
                } else {
                    set.insert(low)
                }
            }
            guard next == UInt8(ascii: "]") else { return nil }
            index += 1
            return .byte(set)
        }
    }
}
