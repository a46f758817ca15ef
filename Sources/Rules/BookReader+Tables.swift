import Decisions
import Kernel

extension BookReader {
    mutating func readTables(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            guard tables[entry.name] == nil else { throw .duplicate(entry.name, entry.place) }
            tables[entry.name] = try Self.table(entry)
        }
    }

    private static func table(_ entry: BookNode.Entry) throws(RuleBookError) -> RuleTable {
        let parts = try entry.value.map(allowing: ["hit", "by", "inputs", "outputs", "default", "rows", "versions"])
        guard let inputNode = parts["inputs"] else { throw .missing(entry.place, name: "inputs") }
        guard let outputNode = parts["outputs"] else { throw .missing(entry.place, name: "outputs") }
        var inputs: [RuleTable.Column] = []
        for input in try inputNode.map() {
            inputs.append(RuleTable.Column(name: input.name, formula: try Formula(input.value)))
        }
        var outputs: [String] = []
        for output in outputNode.items { outputs.append(try output.text()) }
        let policy: RuleTable.HitPolicy
        if let hit = parts["hit"] {
            guard let known = RuleTable.HitPolicy(rawValue: try hit.text()) else {
                throw .unexpected(
                    hit.place, expected: Phrase(zh: "U、F、A 或 C", en: "U, F, A or C"), found: try hit.text())
            }
            policy = known
        } else {
            policy = .unique
        }
        var defaults: [Formula] = []
        for item in parts["default"]?.items ?? [] { defaults.append(try Formula(item)) }
        return RuleTable(
            name: entry.name, place: entry.place, hitPolicy: policy, inputs: inputs, outputs: outputs,
            day: try parts["by"].map { (node) throws(RuleBookError) in try Formula(node) }, defaults: defaults,
            versions: try versions(parts, entry.place, inputs.map(\.name), outputs)
        )
    }

    private static func versions(
        _ parts: [String: BookNode], _ place: Place, _ inputs: [String], _ outputs: [String]
    ) throws(RuleBookError) -> [RuleTable.Version] {
        if let rows = parts["rows"] {
            return [RuleTable.Version(from: nil, rows: try self.rows(rows, inputs, outputs))]
        }
        guard let node = parts["versions"] else { throw .missing(place, name: "rows") }
        guard parts["by"] != nil else { throw .missing(place, name: "by") }
        var versions: [RuleTable.Version] = []
        for item in try node.list() {
            let entries = try item.map(allowing: ["from", "rows"])
            guard let fromNode = entries["from"] else { throw .missing(item.place, name: "from") }
            guard let from = Day(try fromNode.text()) else {
                throw .unexpected(
                    fromNode.place, expected: Phrase(zh: "一个日期", en: "a date"), found: try fromNode.text())
            }
            guard let rows = entries["rows"] else { throw .missing(item.place, name: "rows") }
            guard !versions.contains(where: { $0.from == from }) else { throw .duplicate(from.text, fromNode.place) }
            versions.append(RuleTable.Version(from: from, rows: try self.rows(rows, inputs, outputs)))
        }
        return versions.sorted { ($0.from ?? Day(number: 0)) > ($1.from ?? Day(number: 0)) }
    }

    private static func rows(
        _ node: BookNode, _ inputs: [String], _ outputs: [String]
    ) throws(RuleBookError) -> [RuleTable.Row] {
        var rows: [RuleTable.Row] = []
        if node.isText {
            var hasHeader = false
            for (offset, line) in try node.text().split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            {
                let place = Place(
                    file: node.place.file, line: node.place.line + offset + (node.isBlock ? 1 : 0), column: 1)
                let cells = Self.cells(String(line))
                guard !(cells.count == 1 && cells[0].text.isEmpty) else { continue }
                if !hasHeader {
                    hasHeader = true
                    guard cells.map(\.text) == inputs + outputs else {
                        let names = (inputs + outputs).joined(separator: " | ")
                        throw .unexpected(
                            place, expected: Phrase(zh: "表头 \(names)", en: "the header \(names)"), found: String(line))
                    }
                    continue
                }
                rows.append(
                    try row(
                        cells.map { ($0.text, Place(file: place.file, line: place.line, column: $0.column)) }, place,
                        inputs.count, outputs.count))
            }
        } else {
            for item in try node.list() {
                var cells: [(String, Place)] = []
                for cell in try item.list() { cells.append((try cell.text(), cell.place)) }
                rows.append(try row(cells, item.place, inputs.count, outputs.count))
            }
        }
        guard rows.count <= RuleTable.rowLimit else {
            throw .unexpected(
                node.place,
                expected: Phrase(zh: "至多 \(RuleTable.rowLimit) 行", en: "at most \(RuleTable.rowLimit) rows"),
                found: "\(rows.count)")
        }
        return rows
    }

    private static func row(
        _ cells: [(text: String, place: Place)], _ place: Place, _ inputs: Int, _ outputs: Int
    ) throws(RuleBookError) -> RuleTable.Row {
        guard cells.count == inputs + outputs else {
            throw .columns(place, expected: inputs + outputs, found: cells.count)
        }
        var tests: [RuleTable.Cell<UnaryTests?>] = []
        for cell in cells[..<inputs] {
            do {
                let content = cell.text == "-" ? nil : try UnaryTests(parsing: cell.text, names: Formula.names)
                tests.append(RuleTable.Cell(content: content, source: cell.text, place: cell.place))
            } catch {
                throw .expression(cell.place, error)
            }
        }
        var formulas: [Formula] = []
        for cell in cells[inputs...] { formulas.append(try Formula(cell.text, at: cell.place)) }
        return RuleTable.Row(tests: tests, outputs: formulas, place: place)
    }

    /// The cells of a line, split at `|` outside of quotes, with the column each begins in.
    private static func cells(_ line: String) -> [(text: String, column: Int)] {
        var cells: [(text: String, column: Int)] = []
        var text = ""
        var column = 1
        var start = 1
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == "|", !isQuoted {
                cells.append((trimmed(text), start))
                text = ""
                start = column + 1
            } else {
                if text.allSatisfy({ $0 == " " }), character != " " { start = column }
                text.append(character)
            }
            column += 1
        }
        cells.append((trimmed(text), start))
        return cells
    }

    private static func trimmed(_ text: String) -> String {
        var part = text[...]
        while part.first == " " { part.removeFirst() }
        while part.last == " " { part.removeLast() }
        return String(part)
    }
}
