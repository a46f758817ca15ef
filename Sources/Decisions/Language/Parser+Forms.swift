extension Parser {
    mutating func conditional() throws(FEELError) -> Node {
        let condition = try expression()
        try expect(word: "then")
        let then = try expression()
        try expect(word: "else")
        return .conditional(condition, then: then, otherwise: try expression())
    }

    mutating func iteration() throws(FEELError) -> Node {
        let slot = slots
        return try scoped { (parser) throws(FEELError) -> Node in
            parser.bind("partial")
            let iterators = try parser.iterators()
            try parser.expect(word: "return")
            return .iteration(iterators, slot: slot, body: try parser.expression())
        }
    }

    mutating func quantified(isEvery: Bool) throws(FEELError) -> Node {
        try scoped { (parser) throws(FEELError) -> Node in
            // The slot that `partial` has in iterations stays empty here.
            parser.slots += 1
            let iterators = try parser.iterators()
            try parser.expect(word: "satisfies")
            return .quantified(isEvery: isEvery, iterators, condition: try parser.expression())
        }
    }

    private mutating func iterators() throws(FEELError) -> [Node.Iterator] {
        var iterators: [Node.Iterator] = []
        repeat {
            let name = try variableName(endingAt: "in")
            try expect(word: "in")
            let domain = try expression()
            let end = take("..") ? try expression() : nil
            iterators.append(Node.Iterator(domain: domain, end: end))
            bind(name)
        } while take(",")
        return iterators
    }

    /// A new name: everything up to a word that cannot be part of it.
    private mutating func variableName(endingAt word: String) throws(FEELError) -> String {
        skipSpace()
        let start = index
        guard let first = current, Spelling.startsName(first) else { throw unexpected(.name) }
        while let scalar = current {
            if Spelling.isSpace(scalar) {
                var copy = self
                if copy.take(word: word) || copy.take(word: "return") || copy.take(word: "satisfies") { break }
            }
            guard Spelling.continuesName(scalar) || Spelling.isSpace(scalar) || "-+*/'.".unicodeScalars.contains(scalar)
            else { throw unexpected(.symbol(word)) }
            index += 1
        }
        return Spelling.normalized(text[start..<index])
    }

    /// What follows the word `function`: parameters, perhaps with types, and the body.
    mutating func function() throws(FEELError) -> Node {
        try expect("(")
        let slot = slots
        return try scoped { (parser) throws(FEELError) -> Node in
            var names: [String] = []
            var types: [TypeName?] = []
            if !parser.take(")") {
                repeat {
                    names.append(try parser.formalName())
                    types.append(parser.take(":") ? try parser.type() : nil)
                } while parser.take(",")
                try parser.expect(")")
            }
            for name in names { parser.bind(name) }
            if parser.take(word: "external") {
                // Code outside of FEEL is never run; such a function is null.
                _ = try parser.expression()
                return .constant(.null)
            }
            return .function(parameters: names, types: types, slot: slot, body: try parser.expression())
        }
    }

    private mutating func formalName() throws(FEELError) -> String {
        skipSpace()
        let start = index
        guard let first = current, Spelling.startsName(first) else { throw unexpected(.name) }
        while let scalar = current, scalar != ",", scalar != ":", scalar != ")" { _ = scalar; index += 1 }
        return Spelling.normalized(text[start..<index])
    }

    mutating func type() throws(FEELError) -> TypeName {
        try nested { (parser) throws(FEELError) in try parser.typeName() }
    }

    private static let simpleTypes = [
        "days and time duration", "years and months duration", "date and time", "day time duration",
        "year month duration", "number", "string", "boolean", "date", "time", "Null",
    ]

    private static let spacedTypes = Names(simpleTypes)

    private mutating func typeName() throws(FEELError) -> TypeName {
        if take(word: "Any") { return .any }
        if take(word: "list") {
            guard take("<") else { return .list(.any) }
            return .list(try closing(try type()))
        }
        if take(word: "range") {
            guard take("<") else { return .range(.any) }
            return .range(try closing(try type()))
        }
        if take(word: "context") { return try contextType() }
        if take(word: "function") { return try functionType() }
        skipSpace()
        if let match = Self.spacedTypes.longestMatch(in: text, at: index) {
            index = match.end
            return .simple(match.name)
        }
        for name in Self.simpleTypes where take(word: name) { return .simple(name == "Null" ? "null" : name) }
        return .named(try qualifiedName())
    }

    private mutating func closing(_ type: TypeName) throws(FEELError) -> TypeName {
        try expect(">")
        return type
    }

    private mutating func contextType() throws(FEELError) -> TypeName {
        guard take("<") else { return .context([]) }
        var entries: [(name: String, type: TypeName)] = []
        repeat {
            skipSpace()
            let start = index
            while let scalar = current, !",:<>".unicodeScalars.contains(scalar) { _ = scalar; index += 1 }
            let name = Spelling.normalized(text[start..<index])
            guard !name.isEmpty else { throw unexpected(.name) }
            try expect(":")
            entries.append((name, try type()))
        } while take(",")
        try expect(">")
        return .context(entries)
    }

    private mutating func functionType() throws(FEELError) -> TypeName {
        guard take("<") else { return .function([], result: .any) }
        var parameters: [TypeName] = []
        if !take(">") {
            repeat { parameters.append(try type()) } while take(",")
            try expect(">")
        }
        try expect("->")
        return .function(parameters, result: try type())
    }

    /// Words and points, up to the end or an operator.
    private mutating func qualifiedName() throws(FEELError) -> String {
        skipSpace()
        let start = index
        while let scalar = current, Spelling.continuesName(scalar) || scalar == "." { _ = scalar; index += 1 }
        guard index > start else { throw unexpected(.type) }
        return String(String.UnicodeScalarView(text[start..<index]))
    }
}
