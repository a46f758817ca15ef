import Decisions
import Kernel

/// Why an evaluation ends before its voucher is made: the document is held or goes back.
struct Stop: Error {
    enum Way {
        case hold
        case reject
    }

    let way: Way
    let problemClass: String
    let problem: Problem

    static func hold(_ problemClass: String, _ problem: Problem) -> Stop {
        Stop(way: .hold, problemClass: problemClass, problem: problem)
    }

    static func expression(_ formula: Formula, _ error: FEELError) -> Stop {
        let inner = error.problem
        return .hold(
            "expression_stopped",
            Problem(
                code: "rules.expression_stopped", title: inner.title, location: formula.location, cause: inner.cause,
                remedy: inner.remedy
            )
        )
    }

    /// An expression whose value cannot be used where it stands.
    static func value(_ formula: Formula, expected: Phrase, found: Value, where place: Phrase) -> Stop {
        .hold(
            "value_unusable",
            Problem(
                code: "rules.value_unusable",
                title: Phrase(zh: "表达式的结果不能用。", en: "An expression gives what cannot be used."),
                location: Phrase(zh: "\(place.zh)，\(formula.location.zh)", en: "\(place.en), \(formula.location.en)"),
                cause: Phrase(
                    zh: "表达式「\(formula.source)」应得\(expected.zh)，实际为 \(found.description)。",
                    en: "“\(formula.source)” should give \(expected.en), but gives \(found.description)."
                ),
                remedy: Phrase(
                    zh: "请补全单据或基础资料中它所用的字段，或改正规则。",
                    en: "Complete the fields of the document or master data it reads, or correct the rule."
                )
            )
        )
    }

    /// An amount with more digits than its currency, or one that is too large; rounding is never silent.
    static func amount(_ formula: Formula, _ error: MoneyError, where place: Phrase) -> Stop {
        let inner = error.problem
        return .hold(
            error.isTooLarge ? "amount_too_large" : "amount_too_precise",
            Problem(
                code: error.isTooLarge ? "rules.amount_too_large" : "rules.amount_too_precise", title: inner.title,
                location: Phrase(zh: "\(place.zh)，\(formula.location.zh)", en: "\(place.en), \(formula.location.en)"),
                cause: Phrase(
                    zh: "表达式「\(formula.source)」：\(inner.cause.zh)", en: "“\(formula.source)”: \(inner.cause.en)"
                ),
                remedy: error.isTooLarge
                    ? inner.remedy
                    : Phrase(
                        zh: "请在表达式中写明舍入，如 round half up(金额, 2)。",
                        en: "Write the rounding into the expression, such as round half up(x, 2)."
                    )
            )
        )
    }

    static func account(_ code: String, isKnown: Bool, where place: Phrase) -> Stop {
        .hold(
            isKnown ? "account_not_a_leaf" : "unknown_account",
            Problem(
                code: isKnown ? "rules.account_not_a_leaf" : "rules.unknown_account",
                title: isKnown
                    ? Phrase(zh: "科目不是末级科目。", en: "The account is no leaf.")
                    : Phrase(zh: "科目不存在。", en: "The account does not exist."),
                location: place,
                cause: isKnown
                    ? Phrase(zh: "科目 \(code) 还有下级。", en: "\(code) has accounts below it.")
                    : Phrase(zh: "科目表中没有 \(code)。", en: "The chart has no \(code)."),
                remedy: Phrase(
                    zh: "请会计在规则中改用末级科目，或在科目表中新增。",
                    en: "An accountant names a leaf in the rule, or adds it to the chart."
                )
            )
        )
    }

    static func dimension(_ kind: String, account: String, where place: Phrase) -> Stop {
        .hold(
            "missing_dimension",
            Problem(
                code: "rules.missing_dimension", title: Phrase(zh: "缺少辅助核算。", en: "A dimension is missing."),
                location: place,
                cause: Phrase(
                    zh: "科目 \(account) 要求「\(kind)」，单据没有给出对应的编码。",
                    en: "\(account) asks for “\(kind)”, for which the document gives no code."),
                remedy: Phrase(zh: "请在基础资料中建立对照，或补填单据。", en: "Map it in the master data, or complete the document.")
            )
        )
    }

    static func cashFlow(opposite: String?, isIn: Bool, where place: Phrase) -> Stop {
        .hold(
            "cash_flow_unknown",
            Problem(
                code: "rules.cash_flow_unknown",
                title: Phrase(zh: "现金流量项目不明。", en: "The cash-flow item is unknown."), location: place,
                cause: Phrase(
                    zh: "对方科目 \(opposite ?? "未知") 没有\(isIn ? "流入" : "流出")的现金流量项目。",
                    en:
                        "The opposite account \(opposite ?? "unknown") has no cash-flow item for money \(isIn ? "in" : "out")."
                ),
                remedy: Phrase(
                    zh: "请会计在规则集的 cash_flow 中补上该科目。",
                    en: "An accountant adds the account to cash_flow in the rule book.")
            )
        )
    }
}

extension Formula {
    var location: Phrase {
        Phrase(zh: "规则集 \(place.phrase.zh)", en: "rule book \(place.phrase.en)")
    }
}

extension MoneyError {
    var isTooLarge: Bool {
        if case .tooLarge = self { true } else { false }
    }
}
