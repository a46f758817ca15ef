import Kernel

extension Voucher {
    /// Everything about the voucher that the book does not allow, in the order of its lines.
    ///
    /// - Parameters:
    ///   - items: the dimension items the book knows; without them only the kinds are checked.
    ///   - words: the words the book uses; without them the word is not checked.
    package func faults(
        against chart: Chart, items: DimensionItems? = nil, words: BookWords? = nil
    ) -> [VoucherError] {
        var faults: [VoucherError] = []
        for (index, line) in lines.enumerated() {
            faults += line.faults(against: chart, items: items).map { .line(id, number: index + 1, $0) }
        }
        if let words {
            let expected = words.word(for: lines, in: chart)
            if word != expected { faults.append(.wrongWord(id, expected: expected, found: word)) }
        }
        return faults
    }

    /// Throws the first thing the book does not allow.
    package func check(
        against chart: Chart, items: DimensionItems? = nil, words: BookWords? = nil
    ) throws(VoucherError) {
        if let fault = faults(against: chart, items: items, words: words).first { throw fault }
    }

    /// Whether a line is on a cash or bank account, so that the cashier has to sign.
    package func movesMoney(in chart: Chart) -> Bool {
        lines.contains { chart[$0.account]?.isCash == true }
    }
}

extension VoucherLine {
    fileprivate func faults(against chart: Chart, items: DimensionItems?) -> [LineFault] {
        guard let account = chart[account] else { return [.unknownAccount(account)] }
        guard account.isLeaf else { return [.notALeaf(account.code)] }
        guard account.isActive else { return [.inactiveAccount(account.code)] }
        var faults: [LineFault] = []
        for kind in account.dimensions where dimensions[kind] == nil {
            faults.append(.missingDimension(account.code, kind: kind))
        }
        for item in dimensions.items {
            if !account.dimensions.contains(item.kind), !account.optionalDimensions.contains(item.kind) {
                faults.append(.unexpectedDimension(account.code, kind: item.kind))
            } else if let items {
                switch items[item]?.isActive {
                case nil: faults.append(.unknownItem(item))
                case false?: faults.append(.inactiveItem(item))
                case true?: break
                }
            }
        }
        if let currency = account.currency, currency != balanceCurrency {
            faults.append(.wrongCurrency(account.code, expected: currency, found: balanceCurrency))
        }
        if cashFlowItem != nil, !account.isCash { faults.append(.unexpectedCashFlowItem(account.code)) }
        return faults
    }
}
