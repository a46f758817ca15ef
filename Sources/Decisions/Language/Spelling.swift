/// The characters of FEEL (DMN 1.5, section 10.3.1.2, rules 27 to 31).
enum Spelling {
    static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3F, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F,
            0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            !isSpace(scalar)
        default: false
        }
    }

    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: startsName(scalar)
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x180E, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
            0xFEFF:
            true
        default: false
        }
    }

    /// Whether a name reads as a name wherever it stands, known or not.
    static func isPlainName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, startsName(first) else { return false }
        return name.unicodeScalars.allSatisfy(continuesName) && !keywords.contains(name)
    }

    /// Words that end an operand, so that no name goes on past them unless it is known.
    static let operators: Set<String> = [
        "and", "or", "in", "between", "instance", "of", "then", "else", "return", "satisfies",
    ]
    static let keywords: Set<String> = operators.union([
        "if", "for", "some", "every", "function", "null", "true", "false", "external",
    ])

    /// The name with single spaces.
    static func normalized(_ name: some Collection<Unicode.Scalar>) -> String {
        var output = String.UnicodeScalarView()
        for scalar in name {
            if isSpace(scalar) {
                if output.last != " ", !output.isEmpty { output.append(" ") }
            } else {
                output.append(scalar)
            }
        }
        if output.last == " " { output.removeLast() }
        return String(output)
    }
}

/// The names that expressions may use, prepared for reading many of them.
package struct Names: Sendable {
    /// Names that would not be read as one word, found by the character they begin with.
    private var byFirst: [Unicode.Scalar: [[Unicode.Scalar]]] = [:]
    private(set) var plain: Set<String> = []

    package init(_ names: some Sequence<String> = [String]()) {
        for name in names { insert(name) }
    }

    package mutating func insert(_ name: String) {
        let normalized = Spelling.normalized(name.unicodeScalars)
        guard let first = normalized.unicodeScalars.first else { return }
        guard !Spelling.isPlainName(normalized) else {
            plain.insert(normalized)
            return
        }
        let scalars = Array(normalized.unicodeScalars)
        var siblings = byFirst[first] ?? []
        guard !siblings.contains(scalars) else { return }
        siblings.insert(scalars, at: siblings.firstIndex { $0.count < scalars.count } ?? siblings.endIndex)
        byFirst[first] = siblings
    }

    func contains(_ name: String) -> Bool {
        plain.contains(name)
            || name.unicodeScalars.first.map { byFirst[$0]?.contains(Array(name.unicodeScalars)) == true } ?? false
    }

    /// The longest name that the text has at an index, and where it ends.
    func longestMatch(in text: [Unicode.Scalar], at index: Int) -> (name: String, end: Int)? {
        guard index < text.count, let candidates = byFirst[text[index]] else { return nil }
        for candidate in candidates {
            if let end = Self.match(candidate, in: text, at: index) {
                return (String(String.UnicodeScalarView(candidate)), end)
            }
        }
        return nil
    }

    private static func match(_ name: [Unicode.Scalar], in text: [Unicode.Scalar], at start: Int) -> Int? {
        var index = start
        for scalar in name {
            if scalar == " " {
                let before = index
                while index < text.count, Spelling.isSpace(text[index]) { index += 1 }
                guard index > before else { return nil }
            } else {
                guard index < text.count, text[index] == scalar else { return nil }
                index += 1
            }
        }
        if let last = name.last, Spelling.continuesName(last), index < text.count, Spelling.continuesName(text[index]) {
            return nil
        }
        return index
    }
}
