/// A pattern as it was read.
indirect enum PatternTree {
    case empty
    case set(CharacterSet)
    case lineStart
    case lineEnd
    case sequence([PatternTree])
    case alternatives([PatternTree])
    case group(Int, PatternTree)
    case repeated(PatternTree, least: Int, most: Int?, isLazy: Bool)
}

/// Reads a regular expression (XPath and XQuery Functions 3.1, section 5.6.1).
struct PatternReader {
    private static let depthLimit = 50
    private static let countLimit = 1_000

    private let text: [Unicode.Scalar]
    private let flags: Pattern.Flags
    private var index = 0
    private var depth = 0
    private(set) var groupCount = 0

    init(_ text: String, flags: Pattern.Flags) {
        let scalars = Array(text.unicodeScalars)
        self.text = flags.ignoresSpace && !flags.isLiteral ? Self.withoutSpace(scalars) : scalars
        self.flags = flags
    }

    /// The pattern without white space, that in brackets excepted.
    private static func withoutSpace(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var depth = 0
        var isEscaped = false
        return scalars.filter { scalar in
            let isSpace = scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
            if isSpace { return depth > 0 }
            if !isEscaped, scalar == "[" { depth += 1 }
            if !isEscaped, scalar == "]" { depth -= 1 }
            isEscaped = !isEscaped && scalar == "\\"
            return true
        }
    }

    mutating func read() -> PatternTree? {
        if flags.isLiteral { return .sequence(text.map { .set(.scalar($0)) }) }
        guard let tree = alternatives(), index == text.count else { return nil }
        return tree
    }

    private var current: Unicode.Scalar? { index < text.count ? text[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        index += 1
        return true
    }

    private mutating func alternatives() -> PatternTree? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { return nil }
        var parts: [PatternTree] = []
        repeat {
            guard let part = sequence() else { return nil }
            parts.append(part)
        } while take("|")
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() -> PatternTree? {
        var parts: [PatternTree] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            guard let atom = atom(), let part = quantified(atom) else { return nil }
            parts.append(part)
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom() -> PatternTree? {
        guard let scalar = current else { return nil }
        index += 1
        switch scalar {
        case "^": return .lineStart
        case "$": return .lineEnd
        case ".": return .set(flags.isDotAll ? .any : .anyButNewline)
        case "[": return bracket().map(PatternTree.set)
        case "(":
            var number: Int?
            if take("?") {
                guard take(":") else { return nil }
            } else {
                groupCount += 1
                number = groupCount
            }
            guard let tree = alternatives(), take(")") else { return nil }
            return number.map { .group($0, tree) } ?? tree
        case "\\": return escape().map(PatternTree.set)
        case "*", "+", "?", "{", "}", "]", ")", "|": return nil
        default: return .set(.scalar(scalar))
        }
    }

    private mutating func quantified(_ atom: PatternTree) -> PatternTree? {
        var least = 0
        var most: Int?
        if take("*") {
            least = 0
        } else if take("+") {
            least = 1
        } else if take("?") {
            most = 1
        } else if take("{") {
            guard let first = count() else { return nil }
            least = first
            most = first
            if take(",") {
                most = nil
                if current != "}" {
                    guard let last = count(), last >= first else { return nil }
                    most = last
                }
            }
            guard take("}") else { return nil }
        } else {
            return atom
        }
        let isLazy = take("?")
        return .repeated(atom, least: least, most: most, isLazy: isLazy)
    }

    private mutating func count() -> Int? {
        var value: Int?
        while let scalar = current, Spelling.isDigit(scalar) {
            let next = (value ?? 0) * 10 + Int(scalar.value - 48)
            guard next <= Self.countLimit else { return nil }
            value = next
            index += 1
        }
        return value
    }

    /// What follows a backslash.
    private mutating func escape() -> CharacterSet? {
        guard let scalar = current else { return nil }
        index += 1
        switch scalar {
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "d": return .digit
        case "D": return .inverse(.digit)
        case "s": return .space
        case "S": return .inverse(.space)
        case "w": return .word
        case "W": return .inverse(.word)
        case "i": return .nameStart
        case "I": return .inverse(.nameStart)
        case "c": return .namePart
        case "C": return .inverse(.namePart)
        case "p": return property()
        case "P": return property().map(CharacterSet.inverse)
        default:
            return "\\|.?*+(){}-[]^$".unicodeScalars.contains(scalar) ? .scalar(scalar) : nil
        }
    }

    private mutating func property() -> CharacterSet? {
        guard take("{") else { return nil }
        let start = index
        while let scalar = current, scalar != "}" { _ = scalar; index += 1 }
        guard current == "}" else { return nil }
        let name = String(String.UnicodeScalarView(text[start..<index]))
        index += 1
        if name.hasPrefix("Is") { return CharacterSet.blocks[String(name.dropFirst(2))].map(CharacterSet.range) }
        return CharacterSet.isCategory(name) ? .category(name) : nil
    }

    /// `[…]`, behind the opening bracket.
    private mutating func bracket() -> CharacterSet? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { return nil }
        let isInverse = take("^")
        var sets: [CharacterSet] = []
        var removed: CharacterSet?
        while let scalar = current, scalar != "]" {
            if scalar == "-", index + 1 < text.count, text[index + 1] == "[" {
                index += 2
                guard let other = bracket(), current == "]" else { return nil }
                removed = other
                break
            }
            guard let set = member() else { return nil }
            sets.append(set)
        }
        guard take("]"), !sets.isEmpty else { return nil }
        let union = CharacterSet.union(sets)
        let base = isInverse ? CharacterSet.inverse(union) : union
        return removed.map { .difference(base, $0) } ?? base
    }

    private mutating func member() -> CharacterSet? {
        guard let first = single() else { return nil }
        guard case .scalar(let low) = first, current == "-", index + 1 < text.count, text[index + 1] != "]",
            text[index + 1] != "["
        else { return first }
        index += 1
        guard case .scalar(let high)? = single(), low.value <= high.value else { return nil }
        return .range(low.value...high.value)
    }

    private mutating func single() -> CharacterSet? {
        guard let scalar = current, scalar != "[" else { return nil }
        index += 1
        return scalar == "\\" ? escape() : .scalar(scalar)
    }
}
