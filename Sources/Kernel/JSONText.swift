extension JSON {
    /// How much a text may ask of its reader.
    package struct Limits: Sendable {
        package let bytes: Int
        package let depth: Int

        package init(bytes: Int = 16 << 20, depth: Int = 32) {
            self.bytes = bytes
            self.depth = depth
        }
    }

    /// Reads one JSON text (RFC 8259), strictly: UTF-8 without a mark, no member twice, no lone surrogate, no NUL.
    ///
    /// - Throws: `JSONError`, with the byte at which reading stopped.
    package init(parsing bytes: some Sequence<UInt8>, limits: Limits = Limits()) throws(JSONError) {
        let bytes = Array(bytes)
        guard bytes.count <= limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: limits.bytes) }
        var reader = JSONReader(bytes: bytes, depthLimit: limits.depth)
        self = try reader.readText()
    }

    package init(parsing text: String, limits: Limits = Limits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }

    /// The value as compact JSON, members in their own order.
    package var text: String {
        var output: [UInt8] = []
        write(to: &output, sorted: false)
        return String(decoding: output, as: UTF8.self)
    }

    package var utf8: [UInt8] {
        var output: [UInt8] = []
        write(to: &output, sorted: false)
        return output
    }

    /// The one form of a value that is hashed: compact, members in the order of their names' UTF-8 bytes.
    package var canonical: [UInt8] {
        var output: [UInt8] = []
        write(to: &output, sorted: true)
        return output
    }

    /// The value over several lines, for people.
    package var pretty: String {
        var output = ""
        writePretty(to: &output, indent: 0)
        return output
    }

    private func write(to output: inout [UInt8], sorted: Bool) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): output.append(contentsOf: text.utf8)
        case .string(let text): Self.write(text, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output, sorted: sorted)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            let ordered =
                sorted && !Self.isSorted(members)
                ? members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : members
            for (index, member) in ordered.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output, sorted: sorted)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        // Most texts have nothing to escape and are taken as they are.
        let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
                return false
            }
            output.append(contentsOf: bytes)
            return true
        }
        if isPlain == true {
            output.append(UInt8(ascii: "\""))
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
            case 0x0A: output.append(contentsOf: #"\n"#.utf8)
            case 0x0D: output.append(contentsOf: #"\r"#.utf8)
            case 0x09: output.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20:
                output.append(contentsOf: #"\u00"#.utf8)
                output.append(contentsOf: [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func isSorted(_ members: [Member]) -> Bool {
        zip(members, members.dropFirst()).allSatisfy { !$1.name.utf8.lexicographicallyPrecedes($0.name.utf8) }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private func writePretty(to output: inout String, indent: Int) {
        let inner = String(repeating: "  ", count: indent + 1)
        let outer = String(repeating: "  ", count: indent)
        switch self {
        case .array(let values) where !values.isEmpty:
            output += "[\n"
            for (index, value) in values.enumerated() {
                output += inner
                value.writePretty(to: &output, indent: indent + 1)
                output += index == values.count - 1 ? "\n" : ",\n"
            }
            output += outer + "]"
        case .object(let members) where !members.isEmpty:
            output += "{\n"
            for (index, member) in members.enumerated() {
                output += inner + JSON.string(member.name).text + ": "
                member.value.writePretty(to: &output, indent: indent + 1)
                output += index == members.count - 1 ? "\n" : ",\n"
            }
            output += outer + "}"
        default:
            output += text
        }
    }
}

/// Why a text is not JSON that this program reads.
package enum JSONError: Error, Hashable {
    case tooLarge(bytes: Int, limit: Int)
    case tooDeep(limit: Int, byte: Int)
    case unexpected(expected: String, byte: Int)
    case duplicateMember(String, byte: Int)
    case notUTF8(byte: Int)
}

extension JSONError: Explainable {
    package var problem: Problem {
        let (byte, why): (Int?, Phrase) =
            switch self {
            case .tooLarge(let bytes, let limit):
                (nil, Phrase(zh: "共 \(bytes) 字节，上限 \(limit) 字节。", en: "It has \(bytes) bytes; the limit is \(limit)."))
            case .tooDeep(let limit, let byte):
                (byte, Phrase(zh: "嵌套超过 \(limit) 层。", en: "It is nested deeper than \(limit) levels."))
            case .unexpected(let expected, let byte):
                (byte, Phrase(zh: "此处应为 \(expected)。", en: "Here \(expected) was expected."))
            case .duplicateMember(let name, let byte):
                (byte, Phrase(zh: "成员「\(name)」出现了两次。", en: "The member “\(name)” occurs twice."))
            case .notUTF8(let byte):
                (byte, Phrase(zh: "文本不是有效的 UTF-8。", en: "The text is not valid UTF-8."))
            }
        return Problem(
            code: "json.invalid",
            title: Phrase(zh: "这不是可以读取的 JSON。", en: "This is not JSON that can be read."),
            location: byte.map { Phrase(zh: "第 \($0) 字节", en: "byte \($0)") }
                ?? Phrase(zh: "整个文本", en: "the whole text"),
            cause: why,
            remedy: Phrase(
                zh: "请由发送方改正后重新发送。",
                en: "Correct it where it is made, and send it again."
            )
        )
    }
}
