/// Tests of one value, as they stand in the cells of a decision table (DMN 1.5, section 7.3.4).
///
/// `-` passes everything; `< 10`, `[1..3]`, `"a", "b"`, `not("a")` and expressions over `?` test the value.
package struct UnaryTests: Sendable {
    /// The text it was read from.
    package let source: String
    let tests: [Node.Test]
    let isNegated: Bool

    package init(parsing source: String, names: some Collection<String>) throws(FEELError) {
        try self.init(parsing: source, names: Names(names))
    }

    package init(parsing source: String, names: Names) throws(FEELError) {
        self.source = source
        var parser = try Parser(source, names: names)
        parser.bind("?")
        parser.skipSpace()
        if parser.index == parser.text.count || Spelling.normalized(parser.text) == "-" {
            tests = [.any]
            isNegated = false
            return
        }
        let negated = parser.attempt { (parser) throws(FEELError) -> [Node.Test] in
            try parser.expect(word: "not")
            try parser.expect("(")
            let tests = try parser.tests()
            try parser.expect(")")
            try parser.expectEnd()
            return tests
        }
        isNegated = negated != nil
        if let negated {
            tests = negated
        } else {
            tests = try parser.tests()
            try parser.expectEnd()
        }
    }

    /// Whether a value passes any of the tests, or none of them after `not`.
    package func matches(
        _ input: Value, in scope: Scope, limits: EvaluationLimits = EvaluationLimits()
    ) throws(FEELError) -> Bool {
        var evaluator = Evaluator(scope: scope, limits: limits)
        evaluator.locals.append(input)
        return try evaluator.passes(self, input)
    }
}

extension Evaluator {
    /// Whether the value, which is the first local, passes.
    mutating func passes(_ tests: UnaryTests, _ input: Value) throws(FEELError) -> Bool {
        var isKnown = true
        for test in tests.tests {
            switch try holds(test, for: input) {
            case true: return !tests.isNegated
            case false: continue
            default: isKnown = false
            }
        }
        return tests.isNegated && isKnown
    }
}
