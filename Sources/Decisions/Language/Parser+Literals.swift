extension Parser {
    mutating func number() throws(FEELError) -> Node {
        let start = index
        while let scalar = current, Spelling.isDigit(scalar) { index += 1 }
        if current == ".", let next = scalar(after: 1), Spelling.isDigit(next) {
            index += 1
            while let scalar = current, Spelling.isDigit(scalar) { index += 1 }
        }
        if current == "e" || current == "E" {
            let hasSign = scalar(after: 1) == "+" || scalar(after: 1) == "-"
            if let digit = scalar(after: hasSign ? 2 : 1), Spelling.isDigit(digit) {
                index += hasSign ? 2 : 1
                while let scalar = current, Spelling.isDigit(scalar) { index += 1 }
            }
        }
        guard let number = Decimal34(String(String.UnicodeScalarView(text[start..<index]))) else {
            throw unexpected(.number, at: start)
        }
        return .constant(.number(number))
    }

    mutating func string() throws(FEELError) -> String {
        let start = index
        index += 1
        var output = String.UnicodeScalarView()
        while let scalar = current, scalar != "\"" {
            index += 1
            // A backslash that begins no escape stands for itself, as patterns need it.
            let isEscape = scalar == "\\" && current.map { "\"\\'nrtuU".unicodeScalars.contains($0) } ?? false
            output.append(isEscape ? try escaped() : scalar)
        }
        guard current == "\"" else { throw unexpected(.closingQuote, at: start) }
        index += 1
        return String(output)
    }

    private mutating func escaped() throws(FEELError) -> Unicode.Scalar {
        guard let scalar = current else { throw unexpected(.escape) }
        index += 1
        switch scalar {
        case "\"", "\\", "'": return scalar
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            var value = try hexadecimal(digits: 4)
            if (0xD800..<0xDC00).contains(value), looksAt("\\u") {
                index += 2
                let second = try hexadecimal(digits: 4)
                guard (0xDC00..<0xE000).contains(second) else { throw unexpected(.escape) }
                value = 0x10000 + (value - 0xD800) << 10 + (second - 0xDC00)
            }
            guard let escaped = Unicode.Scalar(value) else { throw unexpected(.escape) }
            return escaped
        case "U":
            guard let escaped = Unicode.Scalar(try hexadecimal(digits: 6)) else { throw unexpected(.escape) }
            return escaped
        default: throw unexpected(.escape, at: index - 1)
        }
    }

    private mutating func hexadecimal(digits: Int) throws(FEELError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = current, scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                throw unexpected(.escape)
            }
            value = value * 16 + UInt32(digit)
            index += 1
        }
        return value
    }

    /// What follows `@`. A text that is no date, time or duration is null, as everything is that cannot be.
    mutating func temporal() throws(FEELError) -> Node {
        skipSpace()
        guard current == "\"" else { throw unexpected(.temporal) }
        let text = try string()
        if Temporal.dependsOnZones(text) { return .temporal(text) }
        return .constant(Temporal.value(text, zoneOffset: Surroundings.fixedZones) ?? .null)
    }

    /// `(…)`: an expression in parentheses, or a range that leaves out its start.
    mutating func parenthesis() throws(FEELError) -> Node {
        try expect("(")
        if let comparison = takeComparison() {
            let node = try bounded()
            try expect(")")
            return .comparisonRange(comparison, node)
        }
        let node = try bounded()
        if take("..") { return try range(from: node, includesStart: false) }
        try expect(")")
        return node
    }

    mutating func bracket() throws(FEELError) -> Node {
        try expect("[")
        if take("]") { return .list([]) }
        let first = try bounded()
        if take("..") { return try range(from: first, includesStart: true) }
        var nodes = [first]
        while take(",") { nodes.append(try bounded()) }
        try expect("]")
        return constant(nodes) ?? .list(nodes)
    }

    /// A list of constants is a constant itself.
    private func constant(_ nodes: [Node]) -> Node? {
        var values: [Value] = []
        for node in nodes {
            guard case .constant(let value) = node else { return nil }
            values.append(value)
        }
        return .constant(.list(values))
    }

    mutating func openRange() throws(FEELError) -> Node {
        try expect("]")
        let start = try bounded()
        try expect("..")
        return try range(from: start, includesStart: false)
    }

    /// An expression within brackets of its own.
    private mutating func bounded() throws(FEELError) -> Node {
        let outer = isRangeEnd
        isRangeEnd = false
        defer { isRangeEnd = outer }
        return try expression()
    }

    private mutating func range(from start: Node, includesStart: Bool) throws(FEELError) -> Node {
        let outer = isRangeEnd
        isRangeEnd = true
        let end = try expression()
        isRangeEnd = outer
        let includesEnd = take("]")
        if !includesEnd, !take(")"), !take("[") { throw unexpected(.symbol("]")) }
        if case .constant(let low) = start, case .constant(let high) = end, low.compare(high) != nil {
            return .constant(.range(ValueRange(low, high, includesStart: includesStart, includesEnd: includesEnd)))
        }
        return .range(start: start, end: end, includesStart: includesStart, includesEnd: includesEnd)
    }

    mutating func context() throws(FEELError) -> Node {
        try expect("{")
        return try scoped { (parser) throws(FEELError) -> Node in
            var entries: [Node.Entry] = []
            if parser.take("}") { return .context([]) }
            repeat {
                let name = try parser.key()
                try parser.expect(":")
                entries.append(Node.Entry(name: name, node: try parser.bounded()))
                parser.bind(name)
                parser.ownNames.insert(name)
            } while parser.take(",")
            try parser.expect("}")
            // A name that occurs twice makes no context.
            guard Set(entries.map(\.name)).count == entries.count else { return .constant(.null) }
            return .context(entries)
        }
    }

    private mutating func key() throws(FEELError) -> String {
        skipSpace()
        if current == "\"" { return try string() }
        let start = index
        while let scalar = current, scalar != ":" {
            guard !"\"{}[](),".unicodeScalars.contains(scalar) else { throw unexpected(.symbol(":")) }
            index += 1
        }
        let name = Spelling.normalized(text[start..<index])
        guard let first = name.unicodeScalars.first, Spelling.startsName(first) else {
            throw unexpected(.name, at: start)
        }
        return name
    }
}
