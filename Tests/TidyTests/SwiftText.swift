/// A Swift source cut into what the compiler runs and what it does not.
///
/// A reader of the whole grammar is not needed: comments and string literals are told apart from code, and code inside
/// an interpolation counts as code.
struct SwiftText {
    /// A string literal: the line it starts on, its text, and whether values are put into it.
    struct Literal {
        let line: Int
        var text = ""
        var isInterpolated = false
    }

    /// The code of each line; characters of comments and literals are blank.
    private(set) var code: [String] = []
    private(set) var literals: [Literal] = []

    private let characters: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    private var line = 1

    init(_ text: [UInt8]) {
        characters = text
        output.reserveCapacity(characters.count)
        readCode(untilClosingBracket: false)
        code = Self.lines(of: output)
    }

    /// Cuts bytes at line ends; cutting a `String` would look for whole characters, which takes seconds here.
    static func lines(of text: [UInt8]) -> [String] {
        var lines: [String] = []
        var start = 0
        for index in 0..<text.count where text[index] == UInt8(ascii: "\n") {
            lines.append(String(decoding: text[start..<index], as: UTF8.self))
            start = index + 1
        }
        if start < text.count { lines.append(String(decoding: text[start...], as: UTF8.self)) }
        return lines
    }

    private mutating func readCode(untilClosingBracket isInterpolation: Bool) {
        var depth = 0
        while index < characters.count {
            // Most characters start nothing: the look ahead is for the few that may.
            switch characters[index] {
            case UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "("), UInt8(ascii: ")"): break
            default:
                keep()
                continue
            }
            if starts("//") {
                while index < characters.count, characters[index] != UInt8(ascii: "\n") { blank() }
            } else if starts("/*") {
                readBlockComment()
            } else if let hashes = hashesBeforeQuote() {
                readLiteral(hashes: hashes)
            } else {
                if characters[index] == UInt8(ascii: "(") { depth += 1 }
                if characters[index] == UInt8(ascii: ")") {
                    if isInterpolation, depth == 0 { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank()
            } else if starts("*/") {
                depth -= 1
                blank()
            }
            blank()
        } while depth > 0 && index < characters.count
    }

    private mutating func readLiteral(hashes: Int) {
        for _ in 0..<hashes { blank() }
        let mark = starts("\"\"\"") ? "\"\"\"" : "\""
        let suffix = String(repeating: "#", count: hashes)
        var literal = Literal(line: line)
        var bytes: [UInt8] = []
        for _ in 0..<mark.utf8.count { blank() }
        let (closing, opening, escape) = (mark + suffix, "\\" + suffix + "(", "\\" + suffix)
        while index < characters.count {
            let isPlain = characters[index] != UInt8(ascii: "\"") && characters[index] != UInt8(ascii: "\\")
            if isPlain {
                bytes.append(characters[index])
                blank()
                continue
            }
            if starts(closing) { break }
            if starts(opening) {
                literal.isInterpolated = true
                bytes.append(contentsOf: "‹›".utf8)
                for _ in 0..<(2 + hashes) { blank() }
                readCode(untilClosingBracket: true)
                blank()
            } else {
                if starts(escape) {
                    for _ in 0..<(1 + hashes) {
                        bytes.append(characters[index])
                        blank()
                    }
                }
                if index < characters.count { bytes.append(characters[index]) }
                blank()
            }
        }
        for _ in 0..<(mark.utf8.count + hashes) { blank() }
        literal.text = String(decoding: bytes, as: UTF8.self)
        literals.append(literal)
    }

    private func starts(_ text: String) -> Bool {
        characters[index...].starts(with: text.utf8)
    }

    /// How many `#` stand before the quote here; `nil` if no literal starts here.
    private func hashesBeforeQuote() -> Int? {
        let hashes = characters[index...].prefix { $0 == UInt8(ascii: "#") }.count
        guard index + hashes < characters.count, characters[index + hashes] == UInt8(ascii: "\"") else { return nil }
        return hashes
    }

    private mutating func keep() {
        guard index < characters.count else { return }
        if characters[index] == UInt8(ascii: "\n") { line += 1 }
        output.append(characters[index])
        index += 1
    }

    private mutating func blank() {
        guard index < characters.count else { return }
        if characters[index] == UInt8(ascii: "\n") {
            line += 1
            output.append(UInt8(ascii: "\n"))
        } else {
            output.append(UInt8(ascii: " "))
        }
        index += 1
    }
}
