import Decisions
import Markup

/// Reads a `decisionTable`.
struct DMNTable {
    let element: XMLElement
    let name: String
    let names: Names
    let types: DMNTypes

    func table() throws(DecisionError) -> DecisionTable {
        var inputs: [DecisionTable.Input] = []
        for (index, input) in element.all("input").enumerated() {
            inputs.append(
                try cell(row: 0, index) { () throws(FEELError) in
                    DecisionTable.Input(
                        try Expression(parsing: input.at("inputExpression", "text")?.value ?? "null", names: names),
                        allowed: try tests(input.at("inputValues", "text"))
                    )
                })
        }
        var outputs: [DecisionTable.Output] = []
        for (index, output) in element.all("output").enumerated() {
            outputs.append(
                try cell(row: 0, inputs.count + index) { () throws(FEELError) in
                    let standard = output.at("defaultOutputEntry", "text")?.value
                    return DecisionTable.Output(
                        output.attribute("name") ?? element.attribute("outputLabel") ?? name,
                        standard: try standard.map { (text) throws(FEELError) in
                            try Expression(parsing: text, names: names)
                        },
                        allowed: try tests(output.at("outputValues", "text"))
                            ?? types.type(named: output.attribute("typeRef") ?? element.attribute("typeRef"))?.allowed
                    )
                })
        }
        return try DecisionTable(
            name: name, hitPolicy: hitPolicy, inputs: inputs, outputs: outputs,
            rules: try rules(inputs: inputs.count))
    }

    private var hitPolicy: HitPolicy {
        let words = [element.attribute("hitPolicy") ?? "UNIQUE", element.attribute("aggregation") ?? ""]
        return HitPolicy(words.joined(separator: " ").trimmed) ?? .unique
    }

    private func rules(inputs: Int) throws(DecisionError) -> [DecisionTable.Rule] {
        var rules: [DecisionTable.Rule] = []
        for (row, rule) in element.all("rule").enumerated() {
            var tests: [UnaryTests] = []
            for (column, entry) in rule.all("inputEntry").enumerated() {
                tests.append(
                    try cell(row: row + 1, column) { () throws(FEELError) in
                        try UnaryTests(parsing: entry.first("text")?.text ?? "", names: names)
                    })
            }
            var outputs: [Expression] = []
            for (column, entry) in rule.all("outputEntry").enumerated() {
                outputs.append(
                    try cell(row: row + 1, inputs + column) { () throws(FEELError) in
                        let text = entry.first("text")?.value ?? ""
                        return try Expression(parsing: text.isEmpty || text == "-" ? "null" : text, names: names)
                    })
            }
            let notes = rule.all("annotationEntry").map { $0.first("text")?.trimmed ?? "" }
            rules.append(DecisionTable.Rule(tests: tests, outputs: outputs, annotations: notes))
        }
        return rules
    }

    private func tests(_ element: XMLElement?) throws(FEELError) -> UnaryTests? {
        guard let text = element?.value else { return nil }
        return try UnaryTests(parsing: text, names: names)
    }

    private func cell<Part>(
        row: Int, _ column: Int, _ read: () throws(FEELError) -> Part
    ) throws(DecisionError) -> Part {
        do throws(FEELError) {
            return try read()
        } catch {
            throw .cell(error, table: name, row: row, column: column + 1)
        }
    }
}
