/// Reads JSON text byte by byte; used through `JSON(parsing:)`.
struct JSONReader {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var index = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func readText() throws(JSONError) -> JSON {
        let value = try readValue(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw .unexpected(expected: "the end", byte: index) }
        return value
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSON {
        guard depth <= depthLimit else { throw .tooDeep(limit: depthLimit, byte: index) }
        skipSpace()
        guard index < bytes.count else { throw .unexpected(expected: "a value", byte: index) }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try read("true", .bool(true))
        case UInt8(ascii: "f"): return try read("false", .bool(false))
        case UInt8(ascii: "n"): return try read("null", .null)
        default: return .number(try readNumber())
        }
    }

    private mutating func read(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        guard bytes[index...].starts(with: word.utf8) else { throw .unexpected(expected: word, byte: index) }
        index += word.utf8.count
        return value
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> JSON {
        index += 1
        var members: [JSON.Member] = []
        // Most objects are small, and comparing is cheaper than hashing.
        var names: Set<String>?
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            let start = index
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw .unexpected(expected: "a member name", byte: index)
            }
            let name = try readString()
            guard Self.isNew(name, among: members, &names) else { throw .duplicateMember(name, byte: start) }
            skipSpace()
            guard take(":") else { throw .unexpected(expected: "“:”", byte: index) }
            members.append(JSON.Member(name, try readValue(depth: depth + 1)))
            skipSpace()
            if take(",") { continue }
            guard take("}") else { throw .unexpected(expected: "“,” or “}”", byte: index) }
            return .object(members)
        }
    }

    private static func isNew(_ name: String, among members: [JSON.Member], _ names: inout Set<String>?) -> Bool {
        if members.count < 16 { return !members.contains { $0.name == name } }
        if names == nil { names = Set(members.map(\.name)) }
        return names?.insert(name).inserted ?? true
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> JSON {
        index += 1
        var values: [JSON] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try readValue(depth: depth + 1))
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw .unexpected(expected: "“,” or “]”", byte: index) }
            return .array(values)
        }
    }

    private mutating func readNumber() throws(JSONError) -> String {
        let start = index
        _ = take("-")
        if !take("0") { try skipDigits() }
        if take(".") { try skipDigits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try skipDigits()
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        guard index > start else { throw .unexpected(expected: "a digit", byte: index) }
    }

    private mutating func readString() throws(JSONError) -> String {
        index += 1
        let start = index
        var hasEscapes = false
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            guard bytes[index] >= 0x20 else { throw .unexpected(expected: "no control character", byte: index) }
            if bytes[index] == UInt8(ascii: "\\") {
                hasEscapes = true
                index += 1
            }
            index += 1
        }
        guard index < bytes.count else { throw .unexpected(expected: "a closing quote", byte: bytes.count) }
        let raw = bytes[start..<index]
        index += 1
        let content = hasEscapes ? try unescape(raw) : Array(raw)
        guard let text = String(validating: content, as: UTF8.self) else { throw .notUTF8(byte: start) }
        return text
    }

    private func unescape(_ raw: ArraySlice<UInt8>) throws(JSONError) -> [UInt8] {
        var output: [UInt8] = []
        var position = raw.startIndex
        while position < raw.endIndex {
            guard raw[position] == UInt8(ascii: "\\") else {
                output.append(raw[position])
                position += 1
                continue
            }
            let escape = raw[position + 1]
            position += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(escape)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                output.append(contentsOf: String(try readScalar(raw, &position)).utf8)
            default: throw .unexpected(expected: "a known escape", byte: position - 1)
            }
        }
        return output
    }

    private func readScalar(_ raw: ArraySlice<UInt8>, _ position: inout Int) throws(JSONError) -> Character {
        let first = try readUnit(raw, &position)
        var value = first
        if (0xD800..<0xDC00).contains(first) {
            guard position + 1 < raw.endIndex, raw[position] == UInt8(ascii: "\\"),
                raw[position + 1] == UInt8(ascii: "u")
            else { throw .unexpected(expected: "the second half of a surrogate pair", byte: position) }
            position += 2
            let second = try readUnit(raw, &position)
            guard (0xDC00..<0xE000).contains(second) else {
                throw .unexpected(expected: "the second half of a surrogate pair", byte: position)
            }
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard value != 0, let scalar = Unicode.Scalar(value) else {
            throw .unexpected(expected: "a character other than NUL and lone surrogates", byte: position)
        }
        return Character(scalar)
    }

    private func readUnit(_ raw: ArraySlice<UInt8>, _ position: inout Int) throws(JSONError) -> UInt32 {
        guard position + 4 <= raw.endIndex,
            let text = String(validating: raw[position..<position + 4], as: UTF8.self), text.utf8.count == 4,
            text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let unit = UInt32(text, radix: 16)
        else { throw .unexpected(expected: "four hexadecimal digits", byte: position) }
        position += 4
        return unit
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }
}
