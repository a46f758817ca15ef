import Foundation

/// A Swift source cut into what the compiler runs and what it does not.
///
/// A reader of the whole grammar is not needed: comments and string literals are told apart from code, and code inside
/// an interpolation counts as code. The C library looks for the next character that matters; a loop over bytes in a
/// debug build would take seconds.
struct SwiftText {
    /// A string literal: the line it starts on, its text, and the expressions whose values are put into it.
    struct Literal {
        let line: Int
        var text = ""
        var interpolations: [String] = []
    }

    /// The code of each line; a comment or a literal leaves a blank.
    private(set) var code: [String] = []
    private(set) var literals: [Literal] = []

    /// The text and a NUL behind it.
    private let characters: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    private var line = 1

    init(_ text: [UInt8]) {
        characters = text + [0]
        output.reserveCapacity(text.count)
        readCode(untilClosingBracket: false)
        code = Self.lines(of: output)
    }

    /// Cuts bytes at line ends.
    static func lines(of text: [UInt8]) -> [String] {
        var lines: [String] = []
        var start = 0
        while start < text.count {
            let length = distance(to: "\n", in: text, from: start)
            lines.append(String(decoding: text[start..<start + length], as: UTF8.self))
            start += length + 1
        }
        return lines
    }

    private static func distance(to character: Unicode.Scalar, in text: [UInt8], from start: Int) -> Int {
        text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(character.value), bytes.count - start)
            else { return bytes.count - start }
            return UnsafeRawPointer(found) - (base + start)
        }
    }

    private mutating func readCode(untilClosingBracket isInterpolation: Bool) {
        var depth = 0
        while index < characters.count - 1 {
            take(lengthBefore: "/\"#()", isCode: true)
            switch characters[index] {
            case 0: return
            case UInt8(ascii: "/") where characters[index + 1] == UInt8(ascii: "/"): take(lengthBefore: "\n")
            case UInt8(ascii: "/") where characters[index + 1] == UInt8(ascii: "*"): readBlockComment()
            case UInt8(ascii: "("):
                depth += 1
                take(1, isCode: true)
            case UInt8(ascii: ")"):
                if isInterpolation, depth == 0 { return }
                depth -= 1
                take(1, isCode: true)
            default:
                let hashes = length(of: "#")
                if characters[index + hashes] == UInt8(ascii: "\"") {
                    readLiteral(hashes: hashes)
                } else {
                    take(max(hashes, 1), isCode: true)
                }
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                take(2)
            } else if starts("*/") {
                depth -= 1
                take(2)
            } else {
                take(1)
            }
            if depth > 0 { take(lengthBefore: "/*") }
        } while depth > 0 && index < characters.count - 1
    }

    private mutating func readLiteral(hashes: Int) {
        var literal = Literal(line: line)
        var bytes: [UInt8] = []
        take(hashes)
        let mark = starts("\"\"\"") ? "\"\"\"" : "\""
        let suffix = String(repeating: "#", count: hashes)
        let (closing, opening, escape) = (mark + suffix, "\\" + suffix + "(", "\\" + suffix)
        take(mark.utf8.count)
        while true {
            let start = index
            take(lengthBefore: "\"\\")
            bytes.append(contentsOf: characters[start..<index])
            guard index < characters.count - 1, !starts(closing) else { break }
            if starts(opening) {
                bytes.append(contentsOf: "‹›".utf8)
                take(2 + hashes)
                let start = index
                readCode(untilClosingBracket: true)
                literal.interpolations.append(String(decoding: characters[start..<index], as: UTF8.self))
                take(1)
            } else {
                let length = min(starts(escape) ? 2 + hashes : 1, characters.count - 1 - index)
                bytes.append(contentsOf: characters[index..<index + length])
                take(length)
            }
        }
        take(min(closing.utf8.count, characters.count - 1 - index))
        literal.text = String(decoding: bytes, as: UTF8.self)
        literals.append(literal)
    }

    private func starts(_ text: String) -> Bool {
        characters[index...].starts(with: text.utf8)
    }

    /// How often one of the characters stands here.
    private func length(of set: String) -> Int {
        characters.withUnsafeBytes { bytes in
            bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { strspn($0 + index, set) } ?? 0
        }
    }

    /// Takes everything before the next of the characters.
    private mutating func take(lengthBefore set: String, isCode: Bool = false) {
        let length = characters.withUnsafeBytes { bytes in
            bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { strcspn($0 + index, set) } ?? 0
        }
        take(length, isCode: isCode)
    }

    /// Moves on: code is kept, of everything else the line ends.
    private mutating func take(_ length: Int, isCode: Bool = false) {
        let part = characters[index..<index + length]
        index += length
        if isCode { output.append(contentsOf: part) } else { output.append(UInt8(ascii: " ")) }
        var rest = Array(part)
        while !rest.isEmpty {
            let distance = Self.distance(to: "\n", in: rest, from: 0)
            guard distance < rest.count else { return }
            line += 1
            if !isCode { output.append(UInt8(ascii: "\n")) }
            rest = Array(rest[(distance + 1)...])
        }
    }
}
