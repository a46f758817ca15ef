extension Parser {
    /// An expression of any kind.
    mutating func expression() throws(FEELError) -> Node {
        try nested { (parser) throws(FEELError) in try parser.disjunction() }
    }

    private mutating func disjunction() throws(FEELError) -> Node {
        var nodes = [try conjunction()]
        while take(word: "or") {
            nodes.append(try operand { (parser) throws(FEELError) in try parser.conjunction() })
        }
        return nodes.count == 1 ? nodes[0] : .disjunction(nodes)
    }

    private mutating func conjunction() throws(FEELError) -> Node {
        skipSpace()
        let start = index
        var nodes = [try comparison()]
        var marks = [start..<index]
        while take(word: "and") {
            skipSpace()
            let start = index
            nodes.append(try operand { (parser) throws(FEELError) in try parser.comparison() })
            marks.append(start..<index)
        }
        if level == 1 { conjuncts = marks }
        return nodes.count == 1 ? nodes[0] : .conjunction(nodes)
    }

    /// The right side of an operator, which is no higher than the left one for it.
    private mutating func operand(_ read: (inout Parser) throws(FEELError) -> Node) throws(FEELError) -> Node {
        let outer = height
        height = 0
        let node = try read(&self)
        height = max(outer, height)
        return node
    }

    mutating func comparison() throws(FEELError) -> Node {
        var left = try additive()
        while true {
            if let comparison = takeComparison() {
                let right = try operand { (parser) throws(FEELError) in try parser.additive() }
                left = .comparison(comparison, left, right)
            } else if take(word: "between") {
                let low = try operand { (parser) throws(FEELError) in try parser.additive() }
                try expect(word: "and")
                let high = try operand { (parser) throws(FEELError) in try parser.additive() }
                left = .between(left, low, high)
            } else if take(word: "in") {
                left = .membership(left, try memberTests())
            } else {
                return left
            }
            try linked()
        }
    }

    mutating func takeComparison() -> Node.Comparison? {
        skipSpace()
        for symbol in ["<=", ">=", "!=", "=", "<", ">"] where looksAt(symbol) {
            index += symbol.unicodeScalars.count
            return Node.Comparison(rawValue: symbol)
        }
        return nil
    }

    /// What follows `in`: one test, or several in parentheses.
    private mutating func memberTests() throws(FEELError) -> [Node.Test] {
        skipSpace()
        if current == "(" {
            let tests = attempt { (parser) throws(FEELError) -> [Node.Test] in
                try parser.expect("(")
                let tests = try parser.nested { (inner) throws(FEELError) in try inner.tests() }
                try parser.expect(")")
                return tests
            }
            if let tests { return tests }
        }
        if let comparison = takeComparison() {
            return [.comparison(comparison, try operand { (parser) throws(FEELError) in try parser.additive() })]
        }
        return [.value(try operand { (parser) throws(FEELError) in try parser.additive() })]
    }

    /// Tests with commas between them.
    mutating func tests() throws(FEELError) -> [Node.Test] {
        var tests = [try test()]
        while take(",") { tests.append(try test()) }
        return tests
    }

    mutating func test() throws(FEELError) -> Node.Test {
        if let comparison = takeComparison() { return .comparison(comparison, try expression()) }
        let outer = usesInput
        usesInput = false
        defer { usesInput = usesInput || outer }
        let node = try expression()
        return usesInput ? .condition(node) : .value(node)
    }

    private mutating func additive() throws(FEELError) -> Node {
        var left = try multiplicative()
        while true {
            skipSpace()
            let operation: Node.Arithmetic
            if take("+") { operation = .add } else if take("-") { operation = .subtract } else { return left }
            let right = try operand { (parser) throws(FEELError) in try parser.multiplicative() }
            left = .arithmetic(operation, left, right)
            try linked()
        }
    }

    private mutating func multiplicative() throws(FEELError) -> Node {
        var left = try power()
        while true {
            skipSpace()
            guard !looksAt("**") else { return left }
            let operation: Node.Arithmetic
            if take("*") { operation = .multiply } else if take("/") { operation = .divide } else { return left }
            let right = try operand { (parser) throws(FEELError) in try parser.power() }
            left = .arithmetic(operation, left, right)
            try linked()
        }
    }

    private mutating func power() throws(FEELError) -> Node {
        var left = try unary()
        while take("**") {
            let right = try operand { (parser) throws(FEELError) in try parser.unary() }
            left = .arithmetic(.power, left, right)
            try linked()
        }
        return left
    }

    private mutating func unary() throws(FEELError) -> Node {
        guard take("-") else { return try instance() }
        let node = try nested { (parser) throws(FEELError) in try parser.unary() }
        if case .constant(.number(let number)) = node { return .constant(.number(-number)) }
        return .negation(node)
    }

    private mutating func instance() throws(FEELError) -> Node {
        var node = try postfix()
        while take(word: "instance") {
            try expect(word: "of")
            node = .instance(node, try type())
            try linked()
        }
        return node
    }
}
