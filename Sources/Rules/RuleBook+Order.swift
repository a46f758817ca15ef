import Decisions
import Kernel

extension RuleBook {
    /// Values that are read above the place where they are worked out; there they would silently be null.
    var readTooEarly: [BookFinding] {
        var later: [ValueBlock.Level: Set<String>] = [:]
        for block in blocks { later[block.level, default: []].formUnion(block.definitions.map(\.name)) }
        // A field of the form that a value replaces is there from the beginning.
        later[.item]?.subtract(FormFields.item)
        later[.ticket]?.subtract(FormFields.evidence)
        var findings: [BookFinding] = []
        for block in blocks {
            for (name, definition) in block.definitions {
                for (formula, early) in reads(definition, before: later) {
                    findings.append(Self.early(early, name, formula))
                }
                later[block.level]?.remove(name)
            }
        }
        // Functions are made before any value is.
        let documentValues = Set(blocks.filter { $0.level == .document }.flatMap { $0.definitions.map(\.name) })
        for function in functions {
            for name in function.body.expression.names.sorted()
            where documentValues.contains(name) && !function.parameters.contains(name) {
                findings.append(Self.early(name, function.name, function.body))
            }
        }
        return findings
    }

    private func reads(
        _ definition: ValueBlock.Definition, before later: [ValueBlock.Level: Set<String>]
    ) -> [(Formula, String)] {
        let formulas: [Formula]
        switch definition {
        case .formula(let formula): formulas = [formula]
        case .table(let name):
            guard let table = tables[name] else { return [] }
            formulas = table.formulas + table.defaults + table.versions.flatMap(\.rows).flatMap(\.outputs)
        }
        return formulas.flatMap { formula in
            formula.paths.compactMap { path -> (Formula, String)? in
                let parts = path.split(separator: ".").map(String.init)
                guard let level = ValueBlock.Level(rawValue: parts[0]), level != .document else {
                    return later[.document]?.contains(parts[0]) == true && formula.expression.names.contains(parts[0])
                        ? (formula, parts[0]) : nil
                }
                return parts.count > 1 && later[level]?.contains(parts[1]) == true ? (formula, path) : nil
            }
        }
    }

    private static func early(_ read: String, _ name: String, _ formula: Formula) -> BookFinding {
        BookFinding(
            isError: true,
            problem: Problem(
                code: "rules.read_too_early",
                title: Phrase(zh: "用到了后面才计算的值。", en: "A value is read before it is worked out."),
                location: Phrase(
                    zh: "\(formula.place.phrase.zh)，「\(name)」", en: "\(formula.place.phrase.en), “\(name)”"),
                cause: Phrase(
                    zh: "「\(read)」在它之后才计算，此处总是空。", en: "“\(read)” is worked out later; here it is always null."),
                remedy: Phrase(zh: "请把「\(read)」移到前面。", en: "Move “\(read)” above it.")
            )
        )
    }
}
