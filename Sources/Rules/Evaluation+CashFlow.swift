import Decisions
import Kernel
import Ledger

extension Evaluation {
    struct CashPart {
        let item: String?
        let amount: Money
        let original: Money?
    }

    /// The amount of a line with its cash-flow item; a line that pays items of several kinds comes in parts.
    mutating func cashFlow(
        of template: LineTemplate, _ account: Account, _ amount: Money, _ original: Money?, _ local: Local,
        _ place: Phrase
    ) throws(Stop) -> [CashPart] {
        guard account.isCash else { return [CashPart(item: nil, amount: amount, original: original)] }
        if let formula = template.cashFlowItem, let item = try value(formula, local).string {
            return [CashPart(item: item, amount: amount, original: original)]
        }
        guard template.isShared, !items.isEmpty else {
            let item = try cashFlowItem(template, local, place)
            return [CashPart(item: item, amount: amount, original: original)]
        }
        var order: [String?] = []
        var weights: [String?: Int64] = [:]
        for item in items.indices {
            let local = Local(item: item)
            var weight: Int64 = 1
            if let formula = template.weight {
                guard let found = try value(formula, local).number else { continue }
                guard let money = try? found.money(in: amount.currency), money.minorUnits > 0 else { continue }
                weight = money.minorUnits
            }
            let item = try cashFlowItem(template, local, place)
            if !order.contains(item) { order.append(item) }
            weights[item, default: 0] += weight
        }
        guard order.count > 1 else {
            var item = order.first ?? nil
            if order.isEmpty { item = try cashFlowItem(template, local, place) }
            return [CashPart(item: item, amount: amount, original: original)]
        }
        let shares = order.map { weights[$0] ?? 0 }
        let amounts = amount.split(by: shares)
        let originals = original?.split(by: shares)
        return order.indices.map { CashPart(item: order[$0], amount: amounts[$0], original: originals?[$0]) }
    }

    private mutating func text(_ formula: Formula?, _ local: Local) throws(Stop) -> String? {
        guard let formula else { return nil }
        return try value(formula, local).string
    }

    private mutating func cashFlowItem(
        _ template: LineTemplate, _ local: Local, _ place: Phrase
    ) throws(Stop) -> String? {
        let kind = try text(template.kind, local)
        let opposite = try text(template.opposite, local)
        // Money that only changes its place has no item (3.10).
        if let code = opposite.flatMap({ AccountCode($0) }), input.chart[code]?.isCash == true { return nil }
        let isIn = template.side == .debit
        guard let item = book.cashFlow.item(kind: kind, opposite: opposite, isIn: isIn) else {
            throw .cashFlow(opposite: opposite, isIn: isIn, where: place)
        }
        return item
    }
}
