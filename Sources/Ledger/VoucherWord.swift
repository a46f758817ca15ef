/// The word before a voucher's number, which says its kind (凭证字).
package enum VoucherWord: String, Hashable, Sendable, CaseIterable {
    /// Any business, in books that keep one kind.
    case general = "记"
    /// Money came in.
    case receipt = "收"
    /// Money went out, or from one money account to another.
    case payment = "付"
    /// No money moved.
    case transfer = "转"
}

/// The words a book uses (会计基础工作规范 art. 50).
package enum BookWords: String, Hashable, Sendable, CaseIterable {
    case general = "记"
    case receiptPaymentTransfer = "收付转"

    package var words: [VoucherWord] {
        self == .general ? [.general] : [.receipt, .payment, .transfer]
    }

    /// The word that some lines take.
    ///
    /// The side decides and not the sign, so that a red voucher keeps the word of the voucher it takes back. Money
    /// that goes from one money account to another is a payment only.
    package func word(for lines: some Sequence<VoucherLine>, in chart: Chart) -> VoucherWord {
        guard self == .receiptPaymentTransfer else { return .general }
        let sides = Set(lines.filter { chart[$0.account]?.isCash == true }.map(\.side))
        return sides.contains(.credit) ? .payment : sides.contains(.debit) ? .receipt : .transfer
    }
}
