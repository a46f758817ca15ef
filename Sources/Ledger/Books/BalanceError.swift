package import Kernel

/// Why amounts cannot stand together as balances of one book.
package enum BalanceError: Error, Hashable {
    case tooLarge
    case unknownAccount(AccountCode)
    /// The column whose debits and credits differ.
    case unbalanced(Column, debit: Money, credit: Money)

    package enum Column: String, Hashable, Sendable {
        case opening
        case movement
        case closing
    }
}

extension BalanceError: Explainable {
    package var problem: Problem {
        switch self {
        case .tooLarge:
            Problem(
                code: "balance.too_large",
                title: Phrase(zh: "余额超出可记录的范围。", en: "A balance is larger than can be kept."),
                location: Phrase(zh: "科目余额", en: "balances of accounts"),
                cause: Phrase(zh: "合计超过 \(Int64.max) 个最小单位。", en: "The sum is above \(Int64.max) smallest units."),
                remedy: Phrase(zh: "请检查金额或数量是否多写了数字。", en: "Check amounts and quantities for extra digits.")
            )
        case .unknownAccount(let code):
            Problem(
                code: "balance.unknown_account",
                title: Phrase(zh: "余额所在的科目不存在。", en: "A balance stands on an account that does not exist."),
                location: Phrase(zh: "科目 \(code)", en: "account \(code)"),
                cause: Phrase(zh: "科目表中没有编码 \(code)。", en: "The chart has no code \(code)."),
                remedy: Phrase(zh: "请补上该科目，或改正期初余额。", en: "Add the account, or correct the opening balances.")
            )
        case .unbalanced(let column, let debit, let credit):
            Problem(
                code: "balance.unbalanced",
                title: Phrase(zh: "试算不平衡。", en: "The trial balance does not balance."),
                location: column.term,
                cause: Phrase(zh: "借方合计 \(debit)，贷方合计 \(credit)。", en: "Debits are \(debit), credits are \(credit)."),
                remedy: Phrase(
                    zh: "若为期初，请改正期初余额；否则请运行 pingqiao doctor 并联系支持。",
                    en:
                        "Correct the opening balances; if it is another column, run pingqiao doctor and ask for support."
                )
            )
        }
    }
}

extension BalanceError.Column {
    fileprivate var term: Phrase {
        switch self {
        case .opening: Phrase(zh: "期初余额", en: "opening balances")
        case .movement: Phrase(zh: "本期发生额", en: "movements of the period")
        case .closing: Phrase(zh: "期末余额", en: "closing balances")
        }
    }
}
