extension Parser {
    /// A part with what follows it: paths, filters, calls.
    mutating func postfix() throws(FEELError) -> Node {
        var (node, builtin) = try primary()
        while true {
            skipSpace()
            if current == ".", scalar(after: 1) != "." {
                index += 1
                node = .path(node, Name(try property()))
            } else if current == "(" {
                node = try call(node, otherwise: builtin)
            } else if current == "[" {
                if isRangeEnd {
                    guard let filtered = attempt({ (parser) throws(FEELError) in try parser.filter(node) })
                    else { return node }
                    node = filtered
                } else {
                    node = try filter(node)
                }
            } else {
                return node
            }
            builtin = nil
            try linked()
        }
    }

    private mutating func filter(_ node: Node) throws(FEELError) -> Node {
        try expect("[")
        let slot = slots
        let condition = try nested { (parser) throws(FEELError) -> Node in
            try parser.scoped { (inner) throws(FEELError) -> Node in
                inner.bindings.append(.item(slot: slot))
                inner.slots += 1
                inner.isRangeEnd = false
                return try inner.expression()
            }
        }
        try expect("]")
        return .filter(node, condition: condition, slot: slot)
    }

    private mutating func call(_ node: Node, otherwise: Builtin?) throws(FEELError) -> Node {
        try expect("(")
        var arguments: [Node] = []
        var labels: [String] = []
        let outer = isRangeEnd
        isRangeEnd = false
        defer { isRangeEnd = outer }
        if !take(")") {
            repeat {
                if let label = parameterName() { labels.append(label) }
                arguments.append(try expression())
                guard labels.isEmpty || labels.count == arguments.count else { throw unexpected(.name) }
            } while take(",")
            try expect(")")
        }
        let named = labels.isEmpty ? nil : labels
        if let otherwise, case .constant = node { return .builtin(otherwise, arguments, names: named) }
        return .call(node, arguments, names: named, otherwise: otherwise)
    }

    /// The name before a colon, if the next argument has one.
    private mutating func parameterName() -> String? {
        skipSpace()
        guard let first = current, Spelling.startsName(first) else { return nil }
        var end = index
        while end < text.count,
            Spelling.continuesName(text[end]) || Spelling.isSpace(text[end])
                || "-+*/'.".unicodeScalars.contains(text[end])
        {
            end += 1
        }
        guard end < text.count, text[end] == ":" else { return nil }
        let name = Spelling.normalized(text[index..<end])
        index = end + 1
        return name
    }

    private mutating func property() throws(FEELError) -> String {
        skipSpace()
        let known = longestProperty()
        if let word = plainName(from: index), word.end > known?.end ?? 0 {
            index = word.end
            let isKnown = names.contains(word.name) || ownNames.contains(word.name)
            return isKnown ? word.name : joined(word.name)
        }
        guard let known else { throw unexpected(.name) }
        index = known.end
        return known.name
    }

    /// The longest name here that is one of an entry and not one plain word.
    private func longestProperty() -> (name: String, end: Int)? {
        [names, ownNames, Properties.names].compactMap { $0.longestMatch(in: text, at: index) }.max { $0.end < $1.end }
    }

    private func plainName(from start: Int) -> (name: String, end: Int)? {
        guard start < text.count, Spelling.startsName(text[start]) else { return nil }
        var end = start + 1
        // A question mark alone is the input of a unary test.
        if text[start] != "?" {
            while end < text.count, Spelling.continuesName(text[end]), text[end] != "?" { end += 1 }
        }
        return (String(String.UnicodeScalarView(text[start..<end])), end)
    }

    /// The name with the words that follow it: two words side by side are never anything but one name.
    private mutating func joined(_ name: String) -> String {
        var name = name
        while name != "?" {
            let start = index
            skipSpace()
            guard let word = plainName(from: index), word.name != "?", !Spelling.operators.contains(word.name) else {
                index = start
                return name
            }
            name += " " + word.name
            index = word.end
        }
        return name
    }

    /// A literal, a name, or an expression in some kind of brackets.
    private mutating func primary() throws(FEELError) -> (node: Node, builtin: Builtin?) {
        skipSpace()
        guard let scalar = current else { throw unexpected(.expression) }
        switch scalar {
        case "0"..."9": return (try number(), nil)
        case ".":
            guard let next = self.scalar(after: 1), Spelling.isDigit(next) else { throw unexpected(.expression) }
            return (try number(), nil)
        case "\"": return (.constant(.string(try string())), nil)
        case "@":
            index += 1
            return (try temporal(), nil)
        case "(": return (try parenthesis(), nil)
        case "[": return (try bracket(), nil)
        case "]": return (try openRange(), nil)
        case "{": return (try context(), nil)
        default: return try name()
        }
    }

    private mutating func name() throws(FEELError) -> (node: Node, builtin: Builtin?) {
        guard let word = plainName(from: index) else { throw unexpected(.expression) }
        let known = longestKnown()
        if let known, known.end >= word.end {
            index = known.end
            return resolve(known.name)
        }
        let start = index
        index = word.end
        switch word.name {
        case "null": return (.constant(.null), nil)
        case "true": return (.constant(true), nil)
        case "false": return (.constant(false), nil)
        case "if": return (try conditional(), nil)
        case "for": return (try iteration(), nil)
        case "some": return (try quantified(isEvery: false), nil)
        case "every": return (try quantified(isEvery: true), nil)
        case "function": return (try function(), nil)
        default: break
        }
        guard !Spelling.operators.contains(word.name) else { throw unexpected(.expression, at: start) }
        return resolve(isKnown(word.name) ? word.name : joined(word.name))
    }

    /// The longest name here that is bound, known, or a builtin about to be called, and not one plain word.
    private func longestKnown() -> (name: String, end: Int)? {
        var candidates = [names.longestMatch(in: text, at: index), builtinName()]
        var isInFilter = false
        for binding in bindings {
            switch binding {
            case .local(let name, _) where !Spelling.isPlainName(name):
                candidates.append(Names([name]).longestMatch(in: text, at: index))
            case .local: break
            case .item: isInFilter = true
            }
        }
        if isInFilter { candidates.append(longestProperty()) }
        return candidates.compactMap(\.self).max { $0.end < $1.end }
    }

    private func builtinName() -> (name: String, end: Int)? {
        guard let match = Builtin.spacedNames.longestMatch(in: text, at: index) else { return nil }
        var copy = self
        copy.index = match.end
        copy.skipSpace()
        return copy.current == "(" ? match : nil
    }

    private func isKnown(_ name: String) -> Bool {
        names.plain.contains(name)
            || bindings.contains { binding in
                if case .local(name, _) = binding { true } else { false }
            }
    }

    /// What a name means here.
    private mutating func resolve(_ name: String) -> (node: Node, builtin: Builtin?) {
        if name == "?" { usesInput = true }
        var items: [Int] = []
        var node: Node?
        for binding in bindings.reversed() where node == nil {
            switch binding {
            case .local(name, let slot): node = .local(slot)
            case .item(let slot):
                items.append(slot)
                if name == "item" { node = .local(slot) }
            case .local: break
            }
        }
        let builtin = node == nil ? Builtin.named[name] : nil
        // A builtin that nobody hides is bound at once; the constant marks that.
        if let builtin, !names.contains(name) {
            return (.constant(.function(Function(parameters: [], kind: .builtin(builtin)))), builtin)
        }
        let outer = node ?? .global(Name(name))
        return (items.reversed().reduce(outer) { .implicit(name: Name(name), item: $1, otherwise: $0) }, builtin)
    }
}
