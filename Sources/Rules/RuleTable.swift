import Decisions
import Kernel

/// A decision table of a rule book (决策表), in one version or in several that begin at different days.
struct RuleTable: Sendable {
    enum HitPolicy: String, Sendable, CaseIterable {
        /// At most one row fits.
        case unique = "U"
        /// The first row that fits counts.
        case first = "F"
        /// Rows that fit must agree.
        case any = "A"
        /// All rows that fit, as a list.
        case collect = "C"
    }

    struct Column: Sendable {
        let name: String
        let formula: Formula
    }

    struct Cell<Content: Sendable>: Sendable {
        let content: Content
        let source: String
        let place: Place
    }

    struct Row: Sendable {
        let tests: [Cell<UnaryTests?>]
        let outputs: [Formula]
        let place: Place
    }

    struct Version: Sendable {
        let from: Day?
        let rows: [Row]
    }

    static let rowLimit = 5_000

    let name: String
    let place: Place
    let hitPolicy: HitPolicy
    let inputs: [Column]
    let outputs: [String]
    /// The day that chooses the version.
    let day: Formula?
    let defaults: [Formula]
    /// The latest first.
    let versions: [Version]

    /// The formulas whose values the table reads before any row is looked at.
    var formulas: [Formula] { inputs.map(\.formula) + (day.map { [$0] } ?? []) }
}

/// A row that a table chose, with what it saw (命中行).
struct TableHit: Sendable {
    let table: String
    let version: Day?
    /// From 1; `nil` where no row fitted.
    let rows: [Int]
    let inputs: [(name: String, value: Value)]
    let result: Value
    let place: String

    var text: String { rows.isEmpty ? "\(table)#-" : rows.map { "\(table)#\($0)" }.joined(separator: ",") }

    var json: JSON {
        .object([
            ("table", .string(table)), ("version", .optional(version?.text)),
            ("rows", .array(rows.map { JSON.integer($0) })),
            ("inputs", .object(inputs.map { ($0.name, $0.value.brief) })), ("result", result.brief),
            ("at", .string(place)),
        ])
    }
}

extension RuleTable {
    func evaluate(in scope: Scope, at place: String) throws(Stop) -> TableHit {
        var values: [(name: String, value: Value)] = []
        for column in inputs { values.append((column.name, try column.formula.value(in: scope))) }
        guard let version = try version(in: scope) else {
            return TableHit(table: name, version: nil, rows: [], inputs: values, result: .null, place: place)
        }
        var hits: [Int] = []
        for (index, row) in version.rows.enumerated() {
            guard try fits(row, values, scope) else { continue }
            hits.append(index)
            if hitPolicy == .first { break }
        }
        if hitPolicy == .unique, hits.count > 1 { throw ambiguous(version, hits, values) }
        let result: Value
        switch hitPolicy {
        case .collect:
            var results: [Value] = []
            for hit in hits { results.append(try value(of: version.rows[hit].outputs, in: scope)) }
            result = .list(results)
        case .unique, .first, .any:
            if let hit = hits.first {
                result = try value(of: version.rows[hit].outputs, in: scope)
            } else {
                result = defaults.isEmpty ? .null : try value(of: defaults, in: scope)
            }
        }
        return TableHit(
            table: name, version: version.from, rows: hits.map { $0 + 1 }, inputs: values, result: result, place: place
        )
    }

    private func version(in scope: Scope) throws(Stop) -> Version? {
        guard let day else { return versions.first }
        let value = try day.value(in: scope)
        guard let date = value.date else {
            guard value.isNull else {
                throw .value(
                    day, expected: Phrase(zh: "一个日期", en: "a date"), found: value,
                    where: Phrase(zh: "决策表「\(name)」", en: "decision table “\(name)”"))
            }
            return versions.first
        }
        return versions.first { ($0.from ?? date) <= date }
    }

    private func fits(_ row: Row, _ values: [(name: String, value: Value)], _ scope: Scope) throws(Stop) -> Bool {
        for (test, value) in zip(row.tests, values) {
            guard let tests = test.content else { continue }
            do {
                guard try tests.matches(value.value, in: scope) else { return false }
            } catch {
                throw .hold("expression_stopped", error.problem)
            }
        }
        return true
    }

    private func value(of outputs: [Formula], in scope: Scope) throws(Stop) -> Value {
        if outputs.count == 1 { return try outputs[0].value(in: scope) }
        var context = Context()
        for (name, output) in zip(self.outputs, outputs) { context[name] = try output.value(in: scope) }
        return .context(context)
    }

    private func ambiguous(_ version: Version, _ hits: [Int], _ values: [(name: String, value: Value)]) -> Stop {
        let rows = hits.map { String($0 + 1) }.joined(separator: ", ")
        let seen = values.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
        return .hold(
            "table_ambiguous",
            Problem(
                code: "rules.table_ambiguous",
                title: Phrase(zh: "决策表有多行同时成立。", en: "Several rows of a decision table fit."),
                location: Phrase(
                    zh: "决策表「\(name)」，\(version.rows[hits[0]].place.phrase.zh)",
                    en: "decision table “\(name)”, \(version.rows[hits[0]].place.phrase.en)"
                ),
                cause: Phrase(zh: "第 \(rows) 行都成立：\(seen)。", en: "Rows \(rows) fit: \(seen)."),
                remedy: Phrase(zh: "请会计修改条件，使最多一行成立。", en: "An accountant narrows the rows until at most one fits.")
            )
        )
    }
}
