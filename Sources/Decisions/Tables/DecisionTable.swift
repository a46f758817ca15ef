/// A table of rules: tests of inputs, and what is said when they pass (决策表; DMN 1.5, chapter 8).
package struct DecisionTable: Sendable {
    package static let rowLimit = 10_000
    package static let columnLimit = 100

    package struct Input: Sendable {
        package let expression: Expression
        /// The values the input may have; others are refused.
        package let allowed: UnaryTests?

        package init(_ expression: Expression, allowed: UnaryTests? = nil) {
            self.expression = expression
            self.allowed = allowed
        }
    }

    package struct Output: Sendable {
        package let name: String
        /// What the table says when no rule matches.
        package let standard: Expression?
        /// The values the output may have, the most important first.
        package let allowed: UnaryTests?

        package init(_ name: String, standard: Expression? = nil, allowed: UnaryTests? = nil) {
            self.name = name
            self.standard = standard
            self.allowed = allowed
        }
    }

    package struct Rule: Sendable {
        package let tests: [UnaryTests]
        package let outputs: [Expression]
        package let annotations: [String]

        package init(tests: [UnaryTests], outputs: [Expression], annotations: [String] = []) {
            self.tests = tests
            self.outputs = outputs
            self.annotations = annotations
        }
    }

    package let name: String
    package let hitPolicy: HitPolicy
    package let inputs: [Input]
    package let outputs: [Output]
    package let rules: [Rule]

    package init(
        name: String, hitPolicy: HitPolicy, inputs: [Input], outputs: [Output], rules: [Rule]
    ) throws(DecisionError) {
        guard !outputs.isEmpty else { throw .noOutputs(table: name) }
        guard rules.count <= Self.rowLimit, inputs.count + outputs.count <= Self.columnLimit else {
            throw .tooLarge(table: name, rows: rules.count, columns: inputs.count + outputs.count)
        }
        for (index, rule) in rules.enumerated()
        where rule.tests.count != inputs.count || rule.outputs.count != outputs.count {
            throw .wrongWidth(
                table: name, row: index + 1, cells: rule.tests.count + rule.outputs.count,
                expected: inputs.count + outputs.count
            )
        }
        self.name = name
        self.hitPolicy = hitPolicy
        self.inputs = inputs
        self.outputs = outputs
        self.rules = rules
    }

    /// A table from the texts of its cells: in each row the tests, then the outputs, then notes.
    ///
    /// An empty test passes everything, an empty output is null.
    package init(
        name: String, hitPolicy: HitPolicy, inputs: [String], outputs: [String], rows: [[String]],
        names: some Collection<String>
    ) throws(DecisionError) {
        let width = inputs.count + outputs.count
        guard rows.count <= Self.rowLimit, width <= Self.columnLimit else {
            throw .tooLarge(table: name, rows: rows.count, columns: width)
        }
        let names = Names(names)
        var columns: [Input] = []
        for (index, text) in inputs.enumerated() {
            do throws(FEELError) {
                columns.append(Input(try Expression(parsing: text, names: names)))
            } catch {
                throw .cell(error, table: name, row: 0, column: index + 1)
            }
        }
        var rules: [Rule] = []
        for (row, cells) in rows.enumerated() {
            guard cells.count >= width else {
                throw .wrongWidth(table: name, row: row + 1, cells: cells.count, expected: width)
            }
            rules.append(
                try Self.rule(cells, table: name, row: row + 1, inputs: inputs.count, width: width, names: names))
        }
        try self.init(
            name: name, hitPolicy: hitPolicy, inputs: columns, outputs: outputs.map { Output($0) }, rules: rules)
    }

    private static func rule(
        _ cells: [String], table: String, row: Int, inputs: Int, width: Int, names: Names
    ) throws(DecisionError) -> Rule {
        var tests: [UnaryTests] = []
        var outputs: [Expression] = []
        for (index, cell) in cells.prefix(width).enumerated() {
            do throws(FEELError) {
                if index < inputs {
                    tests.append(try UnaryTests(parsing: cell, names: names))
                } else {
                    let isEmpty = cell.unicodeScalars.allSatisfy { Spelling.isSpace($0) || $0 == "-" }
                    outputs.append(try Expression(parsing: isEmpty ? "null" : cell, names: names))
                }
            } catch {
                throw .cell(error, table: table, row: row, column: index + 1)
            }
        }
        return Rule(tests: tests, outputs: outputs, annotations: Array(cells.dropFirst(width)))
    }
}
