import Decisions
package import Kernel

/// Why a rule book answered as it did (判断过程).
package struct Trace: Sendable {
    /// A condition with the values it saw.
    package struct Finding: Sendable {
        package let condition: String
        package let holds: Bool
        package let values: [(path: String, value: JSON)]
    }

    package struct Trial: Sendable {
        package let name: String
        package let holds: Bool
        /// The conditions up to the first that failed.
        package let findings: [Finding]

        package var failed: Finding? { findings.last.flatMap { $0.holds ? nil : $0 } }
    }

    package let book: String
    package let version: String
    package internal(set) var checks: [Trial] = []
    package internal(set) var rules: [Trial] = []
    var tables: [TableHit] = []
    /// The origin of each line, voucher by voucher.
    package internal(set) var lines: [[JSON]] = []

    init(book: String, version: String) {
        self.book = book
        self.version = version
    }

    package var json: JSON {
        .object([
            ("rule_book", .string(book)), ("version", .string(version)),
            ("checks", .array(checks.map(\.json))), ("rules", .array(rules.map(\.json))),
            ("tables", .array(tables.map(\.json))), ("lines", .array(lines.map { .array($0) })),
        ])
    }

    /// The trace for people to read.
    package func text(in language: Language) -> String {
        let isChinese = language == .zh
        var lines = ["\(isChinese ? "规则集" : "Rule book") \(book) \(version)"]
        for trial in checks where !trial.holds {
            lines.append("\(isChinese ? "检查未通过" : "Check failed")：\(trial.name)")
            lines += trial.findings.map { "  \($0.text)" }
        }
        for trial in rules {
            let word = trial.holds ? (isChinese ? "成立" : "holds") : (isChinese ? "不成立" : "does not hold")
            lines.append("\(isChinese ? "规则" : "Rule") \(trial.name) \(word)")
            lines += (trial.holds ? trial.findings : trial.failed.map { [$0] } ?? []).map { "  \($0.text)" }
        }
        for hit in tables where !hit.rows.isEmpty {
            let inputs = hit.inputs.map { "\($0.name) = \($0.value.display)" }.joined(separator: ", ")
            lines.append("\(isChinese ? "决策表" : "Table") \(hit.text) \(hit.place): \(inputs) → \(hit.result.display)")
        }
        return lines.joined(separator: "\n")
    }
}

extension Trace.Finding {
    var json: JSON {
        .object([
            ("condition", .string(condition)), ("holds", .bool(holds)),
            ("values", .object(values.map { ($0.path, $0.value) })),
        ])
    }

    var text: String {
        let seen = values.map { "\($0.path) = \($0.value.text)" }.joined(separator: ", ")
        return "\(holds ? "✓" : "✗") \(condition)\(seen.isEmpty ? "" : "   (\(seen))")"
    }
}

extension Trace.Trial {
    var json: JSON {
        .object([
            ("name", .string(name)), ("holds", .bool(holds)), ("conditions", .array(findings.map(\.json))),
            ("first_failed", failed.map(\.json) ?? .null),
        ])
    }
}
