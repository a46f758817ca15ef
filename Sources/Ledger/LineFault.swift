package import Kernel

/// What is wrong with one line of a voucher.
package enum LineFault: Hashable, Sendable {
    case mixedCurrencies(expected: Currency, found: Currency)
    case zeroAmount
    case amountTooLarge
    case textTooLong
    case rateWithoutOriginal
    case originalWithoutRate(Money)
    case originalInBaseCurrency(Currency)
    case signsDiffer(Money, Money)
    case unknownAccount(AccountCode)
    case notALeaf(AccountCode)
    case inactiveAccount(AccountCode)
    case missingDimension(AccountCode, kind: String)
    case unexpectedDimension(AccountCode, kind: String)
    case unknownItem(Dimensions.Item)
    case inactiveItem(Dimensions.Item)
    case wrongCurrency(AccountCode, expected: Currency, found: Currency)
    case unexpectedCashFlowItem(AccountCode)
}

extension LineFault {
    func problem(voucher: Voucher.ID, line: Int) -> Problem {
        Problem(
            code: code, title: title,
            location: Phrase(zh: "凭证 \(voucher) 第 \(line) 行", en: "voucher \(voucher), line \(line)"),
            cause: cause, remedy: remedy
        )
    }

    var code: String {
        switch self {
        case .mixedCurrencies: "voucher.mixed_currencies"
        case .zeroAmount: "voucher.zero_line"
        case .amountTooLarge: "voucher.amount_too_large"
        case .textTooLong: "voucher.text_too_long"
        case .rateWithoutOriginal: "voucher.rate_without_original"
        case .originalWithoutRate: "voucher.original_without_rate"
        case .originalInBaseCurrency: "voucher.original_in_base_currency"
        case .signsDiffer: "voucher.signs_differ"
        case .unknownAccount: "voucher.unknown_account"
        case .notALeaf: "voucher.account_not_a_leaf"
        case .inactiveAccount: "voucher.inactive_account"
        case .missingDimension: "voucher.missing_dimension"
        case .unexpectedDimension: "voucher.unexpected_dimension"
        case .unknownItem: "voucher.unknown_dimension_item"
        case .inactiveItem: "voucher.inactive_dimension_item"
        case .wrongCurrency: "voucher.wrong_currency"
        case .unexpectedCashFlowItem: "voucher.unexpected_cash_flow_item"
        }
    }

    var title: Phrase {
        switch self {
        case .mixedCurrencies: Phrase(zh: "各行的本位币不一致。", en: "The lines are not in one base currency.")
        case .zeroAmount: Phrase(zh: "分录金额为零。", en: "The amount of a line is zero.")
        case .amountTooLarge: Phrase(zh: "分录金额过大。", en: "The amount of a line is too large.")
        case .textTooLong: Phrase(zh: "分录的文字过长。", en: "A text of the line is too long.")
        case .rateWithoutOriginal: Phrase(zh: "有汇率而没有原币金额。", en: "A rate stands without an original amount.")
        case .originalWithoutRate: Phrase(zh: "有原币金额而没有汇率。", en: "An original amount stands without a rate.")
        case .originalInBaseCurrency: Phrase(zh: "原币就是本位币。", en: "The original currency is the base currency.")
        case .signsDiffer: Phrase(zh: "原币与本位币金额一正一负。", en: "Original and base amount have different signs.")
        case .unknownAccount: Phrase(zh: "科目不存在。", en: "The account does not exist.")
        case .notALeaf: Phrase(zh: "科目不是末级科目。", en: "The account is no leaf.")
        case .inactiveAccount: Phrase(zh: "科目已停用。", en: "The account is no longer in use.")
        case .missingDimension: Phrase(zh: "缺少辅助核算。", en: "A dimension is missing.")
        case .unexpectedDimension: Phrase(zh: "科目不设此辅助核算。", en: "The account does not have this dimension.")
        case .unknownItem: Phrase(zh: "辅助核算项不存在。", en: "The dimension item does not exist.")
        case .inactiveItem: Phrase(zh: "辅助核算项已停用。", en: "The dimension item is no longer in use.")
        case .wrongCurrency: Phrase(zh: "币种与科目不符。", en: "The currency is not the account's.")
        case .unexpectedCashFlowItem:
            Phrase(zh: "非现金类科目带有现金流量项目。", en: "A line that moves no cash has a cash-flow item.")
        }
    }

    var cause: Phrase {
        switch self {
        case .mixedCurrencies(let expected, let found):
            Phrase(
                zh: "第 1 行是 \(expected.code)，该行是 \(found.code)。",
                en: "Line 1 is in \(expected.code), this line in \(found.code).")
        case .zeroAmount: Phrase(zh: "零金额的分录不记账。", en: "A line without an amount books nothing.")
        case .amountTooLarge:
            Phrase(zh: "上限为 \(Money.limit) 个最小货币单位。", en: "The limit is \(Money.limit) smallest units.")
        case .textTooLong:
            Phrase(
                zh: "摘要、单位和现金流量项目各不超过 \(VoucherLine.textLimit) 字节。",
                en: "Summary, unit and cash-flow item have at most \(VoucherLine.textLimit) bytes each."
            )
        case .rateWithoutOriginal:
            Phrase(zh: "汇率只用于外币分录。", en: "A rate belongs to a line of a foreign currency.")
        case .originalWithoutRate(let original):
            Phrase(zh: "原币 \(original) 没有大于零的汇率。", en: "\(original) has no rate above zero.")
        case .originalInBaseCurrency(let base):
            Phrase(zh: "本位币为 \(base.code)，原币也是 \(base.code)。", en: "The base and the original are both \(base.code).")
        case .signsDiffer(let original, let amount):
            Phrase(zh: "原币 \(original)，本位币 \(amount)。", en: "The original is \(original), the base \(amount).")
        case .unknownAccount(let code):
            Phrase(zh: "科目表中没有编码 \(code)。", en: "The chart has no code \(code).")
        case .notALeaf(let code):
            Phrase(zh: "科目 \(code) 还有下级，只有末级科目可以记账。", en: "\(code) has accounts below it; only leaves take lines.")
        case .inactiveAccount(let code): Phrase(zh: "科目 \(code) 已停用。", en: "\(code) is switched off.")
        case .missingDimension(let code, let kind):
            Phrase(zh: "科目 \(code) 要求填写「\(kind)」。", en: "\(code) asks for “\(kind)”.")
        case .unexpectedDimension(let code, let kind):
            Phrase(zh: "科目 \(code) 没有设置「\(kind)」。", en: "\(code) does not ask for “\(kind)”.")
        case .unknownItem(let item):
            Phrase(zh: "「\(item.kind)」中没有编码 \(item.code)。", en: "“\(item.kind)” has no code \(item.code).")
        case .inactiveItem(let item):
            Phrase(zh: "「\(item.kind)」\(item.code) 已停用。", en: "“\(item.kind)” \(item.code) is switched off.")
        case .wrongCurrency(let code, let expected, let found):
            Phrase(
                zh: "科目 \(code) 按 \(expected.code) 核算，该行是 \(found.code)。",
                en: "\(code) is kept in \(expected.code), the line is in \(found.code)."
            )
        case .unexpectedCashFlowItem(let code):
            Phrase(zh: "科目 \(code) 不是现金、银行类科目。", en: "\(code) is no cash or bank account.")
        }
    }

    var remedy: Phrase {
        switch self {
        case .mixedCurrencies:
            Phrase(
                zh: "请把金额折算为本位币，外币写在原币金额中。",
                en: "Convert the amount to the base currency; write the other as original amount.")
        case .zeroAmount: Phrase(zh: "请填写金额，或删除该行。", en: "Give the amount, or remove the line.")
        case .amountTooLarge: Phrase(zh: "请检查金额是否多写了数字。", en: "Check the amount for extra digits.")
        case .textTooLong: Phrase(zh: "请缩短文字。", en: "Shorten the text.")
        case .rateWithoutOriginal:
            Phrase(zh: "请补上原币金额，或去掉汇率。", en: "Add the original amount, or remove the rate.")
        case .originalWithoutRate: Phrase(zh: "请补上记账汇率。", en: "Add the rate of the day.")
        case .originalInBaseCurrency: Phrase(zh: "请去掉原币金额和汇率。", en: "Remove the original amount and the rate.")
        case .signsDiffer:
            Phrase(zh: "请核对红字：两者应同为正或同为负。", en: "Both are positive, or both negative in a red line.")
        case .unknownAccount:
            Phrase(zh: "请改用已有科目，或由会计新增该科目。", en: "Use an account of the chart, or let an accountant add this one.")
        case .notALeaf: Phrase(zh: "请改用它下面的末级科目。", en: "Use a leaf below it.")
        case .inactiveAccount: Phrase(zh: "请改用其他科目，或重新启用它。", en: "Use another account, or switch it on again.")
        case .missingDimension:
            Phrase(zh: "请填写该辅助核算，或在规则模板中给出。", en: "Fill it in, or let the rule's template give it.")
        case .unexpectedDimension:
            Phrase(zh: "请去掉它，或由会计在科目上设置。", en: "Remove it, or let an accountant add it to the account.")
        case .unknownItem:
            Phrase(zh: "请新增该项，或改正对照关系。", en: "Add the item, or correct the mapping.")
        case .inactiveItem: Phrase(zh: "请改用其他项，或重新启用它。", en: "Use another item, or switch it on again.")
        case .wrongCurrency: Phrase(zh: "请改用该币种的科目。", en: "Use the account of that currency.")
        case .unexpectedCashFlowItem:
            Phrase(zh: "请把现金流量项目放在现金、银行分录上。", en: "Put the cash-flow item on the line of the cash or bank account.")
        }
    }
}
