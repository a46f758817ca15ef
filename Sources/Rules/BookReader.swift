import Decisions
import Kernel
import Ledger

/// Collects a rule book from its text and the files it includes, in the order in which they are written.
struct BookReader {
    static let includeLimit = 50

    let include: (String) throws -> String
    var included: Set<String> = []

    var facts: [FactNeed] = []
    var settings: [Setting] = []
    var tables: [String: RuleTable] = [:]
    var functions: [WrittenFunction] = []
    var blocks: [ValueBlock] = []
    var checks: [Check] = []
    var rules: [Rule] = []
    var lineSets: [String: [LineTemplate]] = [:]
    var dimensions: [NamedFormula] = []
    var dates: DatePolicy?
    var paid: Formula?
    var cashFlow: CashFlowTable?
    var problems: [String: ProblemText] = [:]
    var automaticReview: AutomaticReviewPolicy?

    init(include: @escaping (String) throws -> String) {
        self.include = include
    }

    mutating func read(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            let value = entry.value
            switch entry.name {
            case "rule_book", "version", "effective_from", "standard", "part": break
            case "include": for name in value.items { try readFile(name) }
            case "facts": try readFacts(value)
            case "settings": try readSettings(value)
            case "tables": try readTables(value)
            case "functions": try readFunctions(value)
            case "values": for block in try value.list() { blocks.append(try Self.block(block)) }
            case "checks": for check in try value.list() { checks.append(try self.check(check)) }
            case "line_sets": try readLineSets(value)
            case "rules": for rule in try value.list() { rules.append(try self.rule(rule)) }
            case "dimensions":
                for entry in try value.map() {
                    dimensions.append(NamedFormula(name: entry.name, formula: try Formula(entry.value)))
                }
            case "dates": dates = try Self.dates(value)
            case "paid": paid = try Formula(value)
            case "cash_flow": cashFlow = try Self.cashFlow(value)
            case "problems": try readProblems(value)
            case "automatic_review": automaticReview = try Self.review(value)
            default:
                throw .unexpected(
                    entry.place, expected: Phrase(zh: "规则集的一节", en: "a section of a rule book"), found: entry.name)
            }
        }
    }

    private mutating func readFile(_ node: BookNode) throws(RuleBookError) {
        let name = try node.text()
        guard included.insert(name).inserted else { return }
        guard included.count <= Self.includeLimit else {
            throw .include(node.place, name: name, reason: "more than \(Self.includeLimit) files")
        }
        let text: String
        do {
            text = try include(name)
        } catch {
            throw .include(node.place, name: name, reason: "\(error)")
        }
        try read(try BookNode.parse(text, file: name))
    }

    private mutating func readFacts(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            let isList = entry.value.isText
            let meaning = isList ? entry.value : entry.value["one"]
            guard let meaning else { throw .missing(entry.place, name: "one") }
            if facts.contains(where: { $0.name == entry.name }) { continue }
            facts.append(FactNeed(name: entry.name, meaning: try meaning.text(), isList: isList))
        }
    }

    private mutating func readSettings(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            guard !settings.contains(where: { $0.name == entry.name }) else {
                throw .duplicate(entry.name, entry.place)
            }
            let parts = try entry.value.map(allowing: ["default", "choices", "meaning"])
            guard let text = parts["default"] else { throw .missing(entry.place, name: "default") }
            var choices: [String] = []
            for choice in parts["choices"]?.items ?? [] { choices.append(try choice.text()) }
            let meaning = try parts["meaning"].map { (node) throws(RuleBookError) in try node.text() } ?? ""
            let defaultText = try text.text()
            guard choices.isEmpty || choices.contains(defaultText) else {
                let list = choices.joined(separator: ", ")
                throw .unexpected(text.place, expected: Phrase(zh: list, en: list), found: defaultText)
            }
            settings.append(
                Setting(name: entry.name, meaning: meaning, defaultText: defaultText, choices: choices))
        }
    }

    private mutating func readFunctions(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            guard !functions.contains(where: { $0.name == entry.name }) else {
                throw .duplicate(entry.name, entry.place)
            }
            let parts = try entry.value.map(allowing: ["parameters", "value"])
            guard let body = parts["value"] else { throw .missing(entry.place, name: "value") }
            var parameters: [String] = []
            for parameter in parts["parameters"]?.items ?? [] { parameters.append(try parameter.text()) }
            // The body is read alone first, so that a fault in it is shown where it is written.
            let formula = try Formula(body)
            let source = "function(\(parameters.joined(separator: ", "))) \(formula.source)"
            functions.append(
                WrittenFunction(
                    name: entry.name, parameters: parameters, formula: try Formula(source, at: body.place),
                    body: formula))
        }
    }

    private static func block(_ node: BookNode) throws(RuleBookError) -> ValueBlock {
        guard let of = node["of"] else { throw .missing(node.place, name: "of") }
        guard let level = ValueBlock.Level(rawValue: try of.text()) else {
            let list = ValueBlock.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(of.place, expected: Phrase(zh: list, en: list), found: try of.text())
        }
        var definitions: [(name: String, definition: ValueBlock.Definition)] = []
        for entry in try node.map() where entry.name != "of" {
            if entry.value.isText {
                definitions.append((entry.name, .formula(try Formula(entry.value))))
            } else {
                let parts = try entry.value.map(allowing: ["table"])
                guard let table = parts["table"] else { throw .missing(entry.place, name: "table") }
                definitions.append((entry.name, .table(try table.text())))
            }
        }
        return ValueBlock(level: level, definitions: definitions)
    }

    private static func dates(_ node: BookNode) throws(RuleBookError) -> DatePolicy {
        let parts = try node.map(allowing: ["money", "other", "closed_period", "open_from"])
        func formula(_ name: String) throws(RuleBookError) -> Formula {
            guard let part = parts[name] else { throw .missing(node.place, name: name) }
            return try Formula(part)
        }
        return DatePolicy(
            money: try formula("money"), other: try formula("other"), closedPeriod: try formula("closed_period"),
            openFrom: try formula("open_from")
        )
    }

    private static func cashFlow(_ node: BookNode) throws(RuleBookError) -> CashFlowTable {
        let parts = try node.map(allowing: ["kinds", "out", "in"])
        func table(_ name: String) throws(RuleBookError) -> [String: String] {
            var table: [String: String] = [:]
            for entry in try parts[name]?.map() ?? [] { table[entry.name] = try entry.value.text() }
            return table
        }
        return CashFlowTable(kinds: try table("kinds"), moneyOut: try table("out"), moneyIn: try table("in"))
    }

    private mutating func readProblems(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            let parts = try entry.value.map(allowing: ["title", "remedy"])
            func phrase(_ name: String) throws(RuleBookError) -> Phrase {
                guard let part = parts[name] else { throw .missing(entry.place, name: name) }
                let texts = try part.map(allowing: ["zh", "en"])
                guard let zh = texts["zh"], let en = texts["en"] else { throw .missing(part.place, name: "zh, en") }
                return Phrase(zh: try zh.text(), en: try en.text())
            }
            problems[entry.name] = ProblemText(title: try phrase("title"), remedy: try phrase("remedy"))
        }
    }

    private static func review(_ node: BookNode) throws(RuleBookError) -> AutomaticReviewPolicy? {
        if node.isText {
            guard ["off", "false", "no"].contains(try node.text()) else {
                throw .unexpected(
                    node.place, expected: Phrase(zh: "off，或上限、抽查比例和授权人", en: "off, or ceiling, sample and authoriser"),
                    found: try node.text())
            }
            return nil
        }
        let parts = try node.map(allowing: ["ceiling", "currency", "sample_percent", "authorised_by"])
        guard let ceiling = parts["ceiling"] else { throw .missing(node.place, name: "ceiling") }
        guard let percent = parts["sample_percent"] else { throw .missing(node.place, name: "sample_percent") }
        guard let person = parts["authorised_by"] else { throw .missing(node.place, name: "authorised_by") }
        let currency = Currency(try parts["currency"]?.text() ?? "CNY") ?? .cny
        let money: Money
        do {
            money = try Money(parsing: try ceiling.text(), currency)
        } catch {
            throw .unexpected(ceiling.place, expected: Phrase(zh: "一个金额", en: "an amount"), found: "\(error)")
        }
        guard let sample = Int(try percent.text()) else {
            throw .unexpected(
                percent.place, expected: Phrase(zh: "一个整数", en: "a whole number"), found: try percent.text())
        }
        guard (AutomaticReview.leastSamplePercent...100).contains(sample) else {
            throw .sampleTooSmall(percent.place, percent: sample)
        }
        return AutomaticReviewPolicy(ceiling: money, samplePercent: sample, authorisedBy: try person.text())
    }
}
