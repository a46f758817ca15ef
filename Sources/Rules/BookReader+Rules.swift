import Decisions
import Kernel
import Ledger

extension BookReader {
    mutating func readLineSets(_ node: BookNode) throws(RuleBookError) {
        for entry in try node.map() {
            guard lineSets[entry.name] == nil else { throw .duplicate(entry.name, entry.place) }
            lineSets[entry.name] = try lines(entry.value)
        }
    }

    func check(_ node: BookNode) throws(RuleBookError) -> Check {
        let parts = try node.map(allowing: ["check", "when", "for each", "fails", "hold", "reject", "cause"])
        guard let name = parts["check"] else { throw .missing(node.place, name: "check") }
        guard let fails = parts["fails"] else { throw .missing(node.place, name: "fails") }
        guard let cause = parts["cause"] else { throw .missing(node.place, name: "cause") }
        let (way, problemClass) = try Self.way(parts, node.place)
        return Check(
            name: try name.text(), place: node.place, when: try Self.conditions(parts["when"]),
            repetition: try Self.repetition(parts["for each"]), fails: try Formula(fails), way: way,
            problemClass: problemClass, cause: try PhraseTemplate(cause)
        )
    }

    private static func way(_ parts: [String: BookNode], _ place: Place) throws(RuleBookError) -> (Stop.Way, String) {
        if let hold = parts["hold"] { return (.hold, try hold.text()) }
        if let reject = parts["reject"] { return (.reject, try reject.text()) }
        throw .missing(place, name: "hold / reject")
    }

    private static func conditions(_ node: BookNode?) throws(RuleBookError) -> [Formula] {
        var formulas: [Formula] = []
        for item in node?.items ?? [] { formulas.append(try Formula(item)) }
        return formulas
    }

    private static func repetition(_ node: BookNode?) throws(RuleBookError) -> Repetition {
        guard let node else { return .once }
        let text = try node.text()
        switch text {
        case ValueBlock.Level.item.rawValue: return .items
        case ValueBlock.Level.ticket.rawValue: return .tickets
        default:
            let parts = text.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, parts[1] == "in" else {
                throw .unexpected(
                    node.place, expected: Phrase(zh: "明细、票，或「名称 in 列表」", en: "明细, 票, or “name in list”"), found: text)
            }
            return .each(name: String(parts[0]), list: try Formula(String(parts[2]), at: node.place))
        }
    }

    func rule(_ node: BookNode) throws(RuleBookError) -> Rule {
        let parts = try node.map(allowing: [
            "rule", "when", "voucher", "vouchers", "no_voucher", "wait", "reason", "hold", "reject", "cause", "reverse",
            "difference", "then",
        ])
        guard let name = parts["rule"] else { throw .missing(node.place, name: "rule") }
        if let then = parts["then"], try then.text() != "continue" {
            throw .unexpected(then.place, expected: Phrase(zh: "continue", en: "continue"), found: try then.text())
        }
        return Rule(
            name: try name.text(), place: node.place, when: try Self.conditions(parts["when"]),
            action: try action(parts, node.place), continues: parts["then"] != nil
        )
    }

    private func action(_ parts: [String: BookNode], _ place: Place) throws(RuleBookError) -> Rule.Action {
        if let voucher = parts["voucher"] { return .vouchers([try self.voucher(voucher)]) }
        if let vouchers = parts["vouchers"] {
            var templates: [VoucherTemplate] = []
            for item in try vouchers.list() { templates.append(try voucher(item)) }
            return .vouchers(templates)
        }
        if let reason = parts["no_voucher"] { return .noVoucher(try PhraseTemplate(reason)) }
        if let party = parts["wait"] {
            guard let reason = parts["reason"] else { throw .missing(place, name: "reason") }
            return .wait(party: try party.text(), reason: try PhraseTemplate(reason))
        }
        if let formula = parts["reverse"] { return .reverse(try Formula(formula)) }
        if let formula = parts["difference"] { return .difference(try Formula(formula)) }
        if parts["hold"] != nil || parts["reject"] != nil {
            let (way, problemClass) = try Self.way(parts, place)
            guard let cause = parts["cause"] else { throw .missing(place, name: "cause") }
            return .stop(way, problemClass: problemClass, cause: try PhraseTemplate(cause))
        }
        throw .missing(place, name: "voucher / vouchers / no_voucher / wait / hold / reject / reverse")
    }

    private func voucher(_ node: BookNode) throws(RuleBookError) -> VoucherTemplate {
        let parts = try node.map(allowing: ["summary", "attachments", "lines"])
        guard let lineNode = parts["lines"] else { throw .missing(node.place, name: "lines") }
        if let attachments = parts["attachments"], !["all", "none"].contains(try attachments.text()) {
            throw .unexpected(
                attachments.place, expected: Phrase(zh: "all 或 none", en: "all or none"), found: try attachments.text())
        }
        return VoucherTemplate(
            summary: try parts["summary"].map { (node) throws(RuleBookError) in try TextTemplate(node) },
            countsAttachments: try parts["attachments"]?.text() != "none", lines: try lines(lineNode)
        )
    }

    private func lines(_ node: BookNode) throws(RuleBookError) -> [LineTemplate] {
        var lines: [LineTemplate] = []
        for item in try node.list() {
            if let use = item["use"] {
                let name = try use.text()
                guard let set = lineSets[name] else {
                    throw .unknown(use.place, kind: Phrase(zh: "分录组", en: "line set"), name: name)
                }
                lines += set
            } else {
                lines.append(try line(item))
            }
        }
        return lines
    }

    private func line(_ node: BookNode) throws(RuleBookError) -> LineTemplate {
        let parts = try node.map(allowing: [
            "line", "for each", "if", "account", "side", "amount", "currency", "original", "dimensions", "summary",
            "cash_flow_item", "kind", "opposite", "share", "weight", "gain",
        ])
        func required(_ name: String) throws(RuleBookError) -> BookNode {
            guard let part = parts[name] else { throw .missing(node.place, name: name) }
            return part
        }
        func formula(_ name: String) throws(RuleBookError) -> Formula? {
            try parts[name].map { (node) throws(RuleBookError) in try Formula(node) }
        }
        let sideNode = try required("side")
        guard let side = Side(rawValue: try sideNode.text()) else {
            throw .unexpected(
                sideNode.place, expected: Phrase(zh: "debit 或 credit", en: "debit or credit"),
                found: try sideNode.text())
        }
        let amountNode = try required("amount")
        let amount: LineTemplate.Amount =
            try amountNode.text() == "balance" ? .balance(gain: try formula("gain")) : .formula(try Formula(amountNode))
        var dimensions: [String: Formula] = [:]
        for entry in try parts["dimensions"]?.map() ?? [] { dimensions[entry.name] = try Formula(entry.value) }
        return LineTemplate(
            name: try required("line").text(), place: node.place, repetition: try Self.repetition(parts["for each"]),
            condition: try formula("if"), account: try Formula(try required("account")), side: side, amount: amount,
            currency: try formula("currency"), original: try formula("original"), dimensions: dimensions,
            summary: try parts["summary"].map { (node) throws(RuleBookError) in try TextTemplate(node) },
            cashFlowItem: try formula("cash_flow_item"), kind: try formula("kind"), opposite: try formula("opposite"),
            isShared: parts["share"] != nil, weight: try formula("weight")
        )
    }
}
