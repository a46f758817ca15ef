package import Kernel
package import Ledger

/// The rules by which documents become vouchers, as a company wrote them (规则集).
///
/// A book is text: facts it needs, settings, decision tables, values, checks and rules, all in FEEL. It is compiled
/// once and evaluated many times; the same input gives the same answer.
package struct RuleBook: Sendable {
    package let name: String
    package let version: String
    package let effectiveFrom: Day
    /// The accounting standard: `cas` or `small`.
    package let standard: String
    /// The facts the rules read, with what they mean.
    package let facts: [FactNeed]
    package let settings: [Setting]
    /// `nil` where every voucher goes to a person, which is how books come.
    package let automaticReview: AutomaticReviewPolicy?

    let tables: [String: RuleTable]
    let functions: [WrittenFunction]
    let blocks: [ValueBlock]
    let checks: [Check]
    let rules: [Rule]
    let dimensions: [NamedFormula]
    let dates: DatePolicy
    let paid: Formula
    let cashFlow: CashFlowTable
    let problems: [String: ProblemText]
    let index: BookIndex

    package var ruleNames: [String] { rules.map(\.name) }
    package var tableNames: [String] { tables.keys.sorted() }
}

/// A fact that the rules read (事实).
package struct FactNeed: Hashable, Sendable {
    package let name: String
    package let meaning: String
    /// Whether it is a list, empty where nothing is known.
    package let isList: Bool
}

/// A choice the company makes (参数).
package struct Setting: Hashable, Sendable {
    package let name: String
    package let meaning: String
    package let defaultText: String
    /// What may be chosen; empty where any value is.
    package let choices: [String]
}

/// When vouchers of this version may be reviewed by the rule book itself; the ledger's `AutomaticReview` is made of it.
package struct AutomaticReviewPolicy: Hashable, Sendable {
    package let ceiling: Money
    package let samplePercent: Int
    package let authorisedBy: String

    package func review(of book: RuleBook) throws(VoucherStateError) -> AutomaticReview {
        try AutomaticReview(
            ruleBook: book.name, version: book.version, ceiling: ceiling, samplePercent: samplePercent,
            authorisedBy: PersonID(authorisedBy)
        )
    }
}

struct WrittenFunction: Sendable {
    let name: String
    let parameters: [String]
    let formula: Formula
    /// The body alone, for what it reads.
    let body: Formula
}

struct NamedFormula: Sendable {
    let name: String
    let formula: Formula
}

/// Values worked out one after the other: once, for each item, or for each of its e-vouchers.
struct ValueBlock: Sendable {
    enum Level: String, Sendable, CaseIterable {
        case document
        case item = "明细"
        case ticket = "票"
    }

    enum Definition: Sendable {
        case formula(Formula)
        case table(String)
    }

    let level: Level
    let definitions: [(name: String, definition: Definition)]
}

/// What a check or line is repeated over.
enum Repetition: Sendable {
    case once
    case items
    case tickets
    case each(name: String, list: Formula)
}

struct Check: Sendable {
    let name: String
    let place: Place
    let when: [Formula]
    let repetition: Repetition
    let fails: Formula
    let way: Stop.Way
    let problemClass: String
    let cause: PhraseTemplate
}

struct ProblemText: Sendable {
    let title: Phrase
    let remedy: Phrase
}

struct Rule: Sendable {
    enum Action: Sendable {
        case vouchers([VoucherTemplate])
        case noVoucher(PhraseTemplate)
        case wait(party: String, reason: PhraseTemplate)
        case stop(Stop.Way, problemClass: String, cause: PhraseTemplate)
        case reverse(Formula)
        case difference(Formula)
    }

    let name: String
    let place: Place
    let when: [Formula]
    let action: Action
    /// Whether the rules after it are asked too.
    let continues: Bool
}

struct VoucherTemplate: Sendable {
    let summary: TextTemplate?
    let countsAttachments: Bool
    let lines: [LineTemplate]
}

struct LineTemplate: Sendable {
    enum Amount: Sendable {
        case formula(Formula)
        case balance(gain: Formula?)
    }

    let name: String
    let place: Place
    let repetition: Repetition
    let condition: Formula?
    let account: Formula
    let side: Side
    let amount: Amount
    let currency: Formula?
    let original: Formula?
    let dimensions: [String: Formula]
    let summary: TextTemplate?
    let cashFlowItem: Formula?
    /// The item kind and the account on the other side, by which a line on a cash account finds its cash-flow item.
    let kind: Formula?
    let opposite: Formula?
    /// Whether the amount is split over the items by `weight` to find their cash-flow items.
    let isShared: Bool
    let weight: Formula?
}

struct DatePolicy: Sendable {
    let money: Formula
    let other: Formula
    let closedPeriod: Formula
    let openFrom: Formula
}

/// The cash-flow items by item kind, and by prefix of the opposite account (现金流量项目).
struct CashFlowTable: Sendable {
    let kinds: [String: String]
    let moneyOut: [String: String]
    let moneyIn: [String: String]

    /// The item of a cash line, by kind first and then by the longest prefix of the opposite account.
    func item(kind: String?, opposite: String?, isIn: Bool) -> String? {
        if let kind, let item = kinds[kind] { return item }
        guard let opposite else { return nil }
        let table = isIn ? moneyIn : moneyOut
        for length in stride(from: opposite.count, through: 1, by: -1) {
            if let item = table[String(opposite.prefix(length))] { return item }
        }
        return nil
    }
}
