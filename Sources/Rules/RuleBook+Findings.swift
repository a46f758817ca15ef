import Decisions
import Kernel
package import Ledger

extension RuleBook {
    /// What is wrong with the book, found without a document: fields and names that do not exist, accounts that take
    /// no lines, dimensions that nothing gives, rows that overlap and values that no row takes.
    package func findings(chart: Chart?) -> [BookFinding] {
        var findings = readTooEarly
        let known = knownNames
        for formula in formulas { findings += unknownNames(in: formula, known) }
        for table in tables.values.sorted(by: { $0.name < $1.name }) { findings += Self.probe(table) }
        if let chart {
            for (code, formula) in accountLiterals { findings += Self.check(code, formula, chart) }
            for line in lines { findings += missingDimensions(of: line, chart) }
        }
        return findings
    }

    /// What a name may mean, by the name it is a member of; the empty one for names that stand alone.
    private var knownNames: [String: Set<String>] {
        let defined = blocks.flatMap { $0.definitions.map(\.name) }
        let repeated = (lines.map(\.repetition) + checks.map(\.repetition)).compactMap(\.name)
        var alone = FormFields.roots.union(FormFields.functions).union(FormFields.nested).union(FormFields.item)
        alone.formUnion(FormFields.evidence.union(FormFields.document).union(Formula.names))
        alone.formUnion(
            defined + repeated + functions.map(\.name) + functions.flatMap(\.parameters) + facts.map(\.name))
        return [
            "": alone, "document": FormFields.document, "明细": FormFields.item.union(names(at: .item)),
            "票": FormFields.evidence.union(names(at: .ticket)), "facts": Set(facts.map(\.name)),
            "settings": Set(settings.map(\.name)), "book": FormFields.book,
        ]
    }

    private func unknownNames(in formula: Formula, _ known: [String: Set<String>]) -> [BookFinding] {
        var findings: [BookFinding] = []
        for path in formula.paths {
            let parts = path.split(separator: ".").map(String.init)
            guard parts.count > 1, let members = known[parts[0]] else { continue }
            if !members.contains(parts[1]) { findings.append(Self.unknown("\(parts[0]).\(parts[1])", formula)) }
        }
        for name in formula.expression.names where known[""]?.contains(name) == false {
            findings.append(Self.unknown(name, formula))
        }
        return findings
    }

    private func names(at level: ValueBlock.Level) -> Set<String> {
        Set(blocks.filter { $0.level == level }.flatMap { $0.definitions.map(\.name) })
    }

    private static func unknown(_ name: String, _ formula: Formula) -> BookFinding {
        BookFinding(
            isError: true,
            problem: Problem(
                code: "rules.unknown_field",
                title: Phrase(zh: "表达式用了不存在的字段。", en: "An expression reads a field that does not exist."),
                location: Phrase(
                    zh: "\(formula.place.phrase.zh)，表达式「\(formula.source)」",
                    en: "\(formula.place.phrase.en), expression “\(formula.source)”"
                ),
                cause: Phrase(zh: "没有「\(name)」。", en: "There is no “\(name)”."),
                remedy: Phrase(
                    zh: "请改正名称；单据的其他字段写在 fields 之下。",
                    en: "Correct the name; other fields of the form are found below fields."
                )
            )
        )
    }

    /// The account codes written out in the book: in lines, in values and in tables about accounts (科目).
    private var accountLiterals: [(String, Formula)] {
        var literals: [(String, Formula)] = lines.flatMap { line in
            line.account.literals.filter(Self.isCode).map { ($0, line.account) }
        }
        for block in blocks {
            for case (let name, .formula(let formula)) in block.definitions where name.hasSuffix("科目") {
                literals += formula.literals.filter(Self.isCode).map { ($0, formula) }
            }
        }
        for table in tables.values.sorted(by: { $0.name < $1.name }) {
            for (index, output) in table.outputs.enumerated() where output.hasSuffix("科目") {
                for row in table.versions.flatMap(\.rows) {
                    literals += row.outputs[index].literals.filter(Self.isCode).map { ($0, row.outputs[index]) }
                }
            }
        }
        return literals
    }

    private static func isCode(_ text: String) -> Bool {
        text.utf8.count >= 4 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func check(_ text: String, _ formula: Formula, _ chart: Chart) -> [BookFinding] {
        guard let code = AccountCode(text), chart.leaf(code) == nil else { return [] }
        let stop = Stop.account(text, isKnown: chart[code] != nil, where: formula.location)
        return [BookFinding(isError: true, problem: stop.problem)]
    }

    private func missingDimensions(of line: LineTemplate, _ chart: Chart) -> [BookFinding] {
        guard let text = line.account.literal, let account = AccountCode(text).flatMap({ chart.leaf($0) }) else {
            return []
        }
        let place = Phrase(
            zh: "\(line.place.phrase.zh)，分录「\(line.name)」", en: "\(line.place.phrase.en), line “\(line.name)”")
        return account.dimensions.filter { kind in
            line.dimensions[kind] == nil && !dimensions.contains { $0.name == kind }
        }.map { kind in
            BookFinding(isError: true, problem: Stop.dimension(kind, account: text, where: place).problem)
        }
    }

    private static func probe(_ table: RuleTable) -> [BookFinding] {
        var findings: [BookFinding] = []
        for version in table.versions {
            let rows = version.rows.map { $0.tests.map(\.source) }
            let (overlap, gap) = TableProbe(rows).find()
            let name = table.name + (version.from.map { " \($0)" } ?? "")
            if table.hitPolicy == .unique, let overlap {
                let place = version.rows[overlap.rows.1 - 1].place
                findings.append(BookFinding(isError: true, problem: Self.overlap(name, place, overlap)))
            }
            if table.defaults.isEmpty, table.hitPolicy != .collect, let gap {
                findings.append(BookFinding(isError: false, problem: Self.gap(name, table.place, gap)))
            }
        }
        return findings
    }

    private static func overlap(
        _ table: String, _ place: Place, _ found: (rows: (Int, Int), values: [String])
    ) -> Problem {
        let values = found.values.joined(separator: " | ")
        return Problem(
            code: "rules.table_overlap", title: Phrase(zh: "决策表的行互相重叠。", en: "Rows of a decision table overlap."),
            location: Phrase(
                zh: "决策表「\(table)」，\(place.phrase.zh)", en: "decision table “\(table)”, \(place.phrase.en)"),
            cause: Phrase(
                zh: "第 \(found.rows.0) 行与第 \(found.rows.1) 行都适用于 \(values)，而命中策略是 U。",
                en: "Rows \(found.rows.0) and \(found.rows.1) both take \(values), while the hit policy is U."
            ),
            remedy: Phrase(zh: "请改窄其中一行，或把命中策略改为 F。", en: "Narrow one of them, or make the hit policy F.")
        )
    }

    private static func gap(_ table: String, _ place: Place, _ values: [String]) -> Problem {
        let values = values.joined(separator: " | ")
        return Problem(
            code: "rules.table_gap", title: Phrase(zh: "决策表有未覆盖的情形。", en: "A decision table leaves something out."),
            location: Phrase(
                zh: "决策表「\(table)」，\(place.phrase.zh)", en: "decision table “\(table)”, \(place.phrase.en)"),
            cause: Phrase(zh: "没有一行适用于 \(values)，结果为空。", en: "No row takes \(values); the result is null."),
            remedy: Phrase(zh: "请增加一行，或写 default。", en: "Add a row, or write a default.")
        )
    }
}
