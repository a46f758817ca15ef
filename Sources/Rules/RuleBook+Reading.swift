import Decisions
import Kernel
package import Ledger

extension RuleBook {
    /// Reads a rule book and compiles it.
    ///
    /// - Parameters:
    ///   - yaml: the text of the book.
    ///   - file: what the text is called in messages.
    ///   - includes: gives the text of a file that the book includes, by its name.
    ///   - chart: the chart it is checked against; without one, only what needs no chart is checked.
    package init(
        yaml: String, file: String = "rule book", includes: (String) throws -> String, chart: Chart? = nil
    ) throws(RuleBookError) {
        let book: RuleBook = try withoutActuallyEscaping(includes) { (includes) throws(RuleBookError) -> RuleBook in
            try Self.read(yaml, file: file, includes: includes)
        }
        self = book
        if let error = findings(chart: chart).first(where: { $0.isError }) { throw .unsound(error.problem) }
    }

    private static func read(
        _ yaml: String, file: String, includes: @escaping (String) throws -> String
    ) throws(RuleBookError) -> RuleBook {
        let node = try BookNode.parse(yaml, file: file)
        var reader = BookReader(include: includes)
        try reader.read(node)
        return try RuleBook(reader, node)
    }

    private init(_ reader: BookReader, _ node: BookNode) throws(RuleBookError) {
        func text(_ name: String) throws(RuleBookError) -> String {
            guard let part = node[name] else { throw .missing(node.place, name: name) }
            return try part.text()
        }
        name = try text("rule_book")
        version = try text("version")
        guard let day = Day(try text("effective_from")) else {
            throw .unexpected(
                node["effective_from"]?.place ?? node.place, expected: Phrase(zh: "一个日期", en: "a date"),
                found: try text("effective_from"))
        }
        effectiveFrom = day
        standard = try text("standard")
        guard let dates = reader.dates else { throw .missing(node.place, name: "dates") }
        guard let paid = reader.paid else { throw .missing(node.place, name: "paid") }
        facts = reader.facts
        settings = reader.settings
        automaticReview = reader.automaticReview
        tables = reader.tables
        functions = reader.functions
        blocks = reader.blocks
        checks = reader.checks
        rules = reader.rules
        dimensions = reader.dimensions
        self.dates = dates
        self.paid = paid
        cashFlow = reader.cashFlow ?? CashFlowTable(kinds: [:], moneyOut: [:], moneyIn: [:])
        problems = reader.problems
        index = BookIndex(
            blocks: reader.blocks, tables: reader.tables, functions: reader.functions, facts: reader.facts,
            formulas: reader.formulas + [paid, dates.money, dates.other, dates.closedPeriod, dates.openFrom]
        )
        for block in blocks {
            for (_, definition) in block.definitions {
                guard case .table(let table) = definition, tables[table] == nil else { continue }
                throw .unknown(node.place, kind: Phrase(zh: "决策表", en: "decision table"), name: table)
            }
        }
    }
}
