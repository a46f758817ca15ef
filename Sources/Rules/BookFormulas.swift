import Decisions
import Kernel
import Ledger

/// The formulas of the parts of a book.
struct BookFormulas {
    let tables: [String: RuleTable]
    let functions: [WrittenFunction]
    let blocks: [ValueBlock]
    let checks: [Check]
    let rules: [Rule]
    let dimensions: [NamedFormula]

    var lines: [LineTemplate] {
        rules.flatMap { rule -> [LineTemplate] in
            guard case .vouchers(let templates) = rule.action else { return [] }
            return templates.flatMap(\.lines)
        }
    }

    var all: [Formula] {
        var formulas = functions.map(\.body) + dimensions.map(\.formula)
        for table in tables.values.sorted(by: { $0.name < $1.name }) {
            formulas += table.formulas + table.defaults + table.versions.flatMap(\.rows).flatMap(\.outputs)
        }
        for block in blocks {
            for case (_, .formula(let formula)) in block.definitions { formulas.append(formula) }
        }
        for check in checks {
            formulas += check.when + [check.fails] + check.repetition.formulas + check.cause.formulas
        }
        for rule in rules { formulas += rule.when + rule.action.formulas }
        for line in lines { formulas += line.formulas }
        return formulas
    }
}

extension RuleBook {
    private var parts: BookFormulas {
        BookFormulas(
            tables: tables, functions: functions, blocks: blocks, checks: checks, rules: rules, dimensions: dimensions)
    }

    var lines: [LineTemplate] { parts.lines }
    var formulas: [Formula] {
        parts.all + [paid, dates.money, dates.other, dates.closedPeriod, dates.openFrom]
    }
}

extension BookReader {
    var formulas: [Formula] {
        BookFormulas(
            tables: tables, functions: functions, blocks: blocks, checks: checks, rules: rules, dimensions: dimensions
        ).all
    }
}

extension Rule.Action {
    fileprivate var formulas: [Formula] {
        switch self {
        case .vouchers(let templates): templates.flatMap { $0.summary?.formulas ?? [] }
        case .noVoucher(let reason), .wait(_, let reason), .stop(_, _, let reason): reason.formulas
        case .reverse(let formula), .difference(let formula): [formula]
        }
    }
}

extension Repetition {
    fileprivate var formulas: [Formula] {
        if case .each(_, let list) = self { [list] } else { [] }
    }

    var boundNames: [String] {
        switch self {
        case .once: []
        case .items: ["明细"]
        case .tickets: ["明细", "票"]
        case .each(let name, _): [name]
        }
    }

    /// The name it binds, where that is none of the book's own.
    var name: String? {
        if case .each(let name, _) = self { name } else { nil }
    }
}

extension PhraseTemplate {
    var formulas: [Formula] { zh.formulas + en.formulas }
}

extension TextTemplate {
    var formulas: [Formula] {
        parts.compactMap { if case .formula(let formula) = $0 { formula } else { nil } }
    }
}

extension LineTemplate {
    fileprivate var formulas: [Formula] {
        var formulas = [account] + repetition.formulas + dimensions.values.sorted { $0.place.line < $1.place.line }
        formulas += [condition, currency, original, cashFlowItem, kind, opposite, weight].compactMap { $0 }
        switch amount {
        case .formula(let formula): formulas.append(formula)
        case .balance(let gain): formulas += gain.map { [$0] } ?? []
        }
        return formulas + (summary?.formulas ?? [])
    }
}
