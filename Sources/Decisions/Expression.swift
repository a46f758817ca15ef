/// A FEEL expression (DMN 1.5, chapter 10): read once, evaluated many times (表达式).
package struct Expression: Sendable {
    /// The text it was read from.
    package let source: String
    /// The names it reads from its scope; those it only looks for in filtered items are among them.
    package let names: Set<String>
    let node: Node
    private let conjuncts: [Conjunct]

    private struct Conjunct: Sendable {
        let text: String
        let node: Node
        let variables: [(name: String, node: Node)]
    }

    /// - Parameter names: the names in scope. Names of several words or with operators in them are only found if
    ///   they are given, those of entries within contexts too; `Scope.names` has them all.
    package init(parsing source: String, names: some Collection<String>) throws(FEELError) {
        try self.init(parsing: source, names: Names(names))
    }

    package init(parsing source: String, names: Names) throws(FEELError) {
        var parser = try Parser(source, names: names)
        node = try parser.expression()
        try parser.expectEnd()
        self.source = source
        self.names = Set(node.variables.map { String($0.name.prefix { $0 != "." }) })
        conjuncts = Self.conjuncts(of: node, marks: parser.conjuncts, source: parser.text)
    }

    private static func conjuncts(
        of node: Node, marks: [Swift.Range<Int>], source: [Unicode.Scalar]
    ) -> [Conjunct] {
        guard case .conjunction(let nodes) = node, nodes.count == marks.count else {
            return [Conjunct(text: Spelling.normalized(source), node: node, variables: node.variables)]
        }
        return zip(nodes, marks).map { node, mark in
            Conjunct(text: Spelling.normalized(source[mark]), node: node, variables: node.variables)
        }
    }

    /// The value of the expression; FEEL has null where other languages have errors.
    ///
    /// - Throws: what reached a limit.
    package func evaluate(
        in scope: Scope, limits: EvaluationLimits = EvaluationLimits()
    ) throws(FEELError) -> Value {
        var evaluator = Evaluator(scope: scope, limits: limits)
        return try evaluator.evaluate(node)
    }

    /// Every condition that the expression joins with `and`, with the values it saw; one, if it joins none.
    package func explain(
        in scope: Scope, limits: EvaluationLimits = EvaluationLimits()
    ) throws(FEELError) -> [Finding] {
        var evaluator = Evaluator(scope: scope, limits: limits)
        var findings: [Finding] = []
        for conjunct in conjuncts {
            var seen: [Finding.Seen] = []
            for variable in conjunct.variables {
                seen.append(Finding.Seen(name: variable.name, value: try evaluator.evaluate(variable.node)))
            }
            let value = try evaluator.evaluate(conjunct.node)
            findings.append(Finding(text: conjunct.text, value: value, seen: seen))
        }
        return findings
    }
}

/// What became of one condition, and the values it saw (条件与所见值).
package struct Finding: Equatable, Sendable {
    package struct Seen: Equatable, Sendable {
        /// The name as the condition has it, with its path: `applicant.department`.
        package let name: String
        package let value: Value

        package init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// The condition as it was written.
    package let text: String
    package let value: Value
    package let seen: [Seen]

    package init(text: String, value: Value, seen: [Seen]) {
        self.text = text
        self.value = value
        self.seen = seen
    }

    /// Whether the condition is true; one that is null does not hold.
    package var holds: Bool { value.isTrue }
}
