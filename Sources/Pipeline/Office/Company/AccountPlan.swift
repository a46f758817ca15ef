package import Kernel
import Ledger

/// A sub-account that somebody wants below an account of the chart (明细科目).
package struct AccountPlan: Sendable {
    package static let nameLimit = 40

    package let parent: String
    package let code: String
    package let name: String
    /// The kinds of dimension each line has to carry; those of the account above where none are named.
    package let dimensions: [String]

    package init(parent: String, code: String, name: String, dimensions: [String]) {
        self.parent = parent
        self.code = code
        self.name = name
        self.dimensions = dimensions
    }

    /// The account, and the chart's accounts with it. Class, direction and the marks of money come from above.
    func added(to chart: Chart) throws(AccountPlanError) -> (Account, [Account]) {
        guard let above = AccountCode(parent).flatMap({ chart[$0] }) else { throw .unknownParent(parent) }
        // A code that does not begin with its parent's would stand elsewhere in every report.
        guard let code = AccountCode(code), code.text.hasPrefix(above.code.text), code.text != above.code.text else {
            throw .codeInvalid(self.code, parent: parent)
        }
        guard chart[code] == nil else { throw .codeTaken(self.code) }
        guard (1...Self.nameLimit).contains(name.count) else { throw .nameInvalid(name) }
        let account = above.changed(
            code: code, name: name, parent: above.code, isLeaf: true,
            dimensions: dimensions.isEmpty ? above.dimensions : dimensions
        )
        let opened = above.changed(
            code: above.code, name: above.name, parent: above.parent, isLeaf: false, dimensions: above.dimensions
        )
        return (account, chart.accounts.filter { $0.code != above.code } + [opened, account])
    }

    /// Lines stand on leaves only; an account that has some stays one.
    func requireUnused(in unit: any Unit) throws {
        guard let above = AccountCode(parent), try unit.masterData.chart()[above]?.isLeaf == true else { return }
        let last = try unit.ledger.periods().last?.period
        let isPosted = try last.map { try unit.ledger.movements(through: $0).contains { $0.account == above } } ?? false
        let drafts = try unit.vouchers.page(
            VoucherQuery(states: [.draft, .pending, .approved], account: above, limit: 1)
        )
        guard !isPosted, drafts.items.isEmpty else { throw AccountPlanError.parentInUse(parent) }
    }
}

extension Account {
    fileprivate func changed(
        code: AccountCode, name: String, parent: AccountCode?, isLeaf: Bool, dimensions: [String]
    ) -> Account {
        Account(
            code: code, name: name, accountClass: accountClass, direction: direction, parent: parent, isLeaf: isLeaf,
            isCash: isCash, isBank: isBank, dimensions: dimensions,
            optionalDimensions: optionalDimensions.filter { !dimensions.contains($0) }, currency: currency,
            cashFlowItem: cashFlowItem, closesToProfit: closesToProfit, isActive: isActive
        )
    }
}

/// Why an account is not added to a chart.
package enum AccountPlanError: Error, Hashable {
    case unknownParent(String)
    case codeInvalid(String, parent: String)
    case codeTaken(String)
    case nameInvalid(String)
    case parentInUse(String)
    case neededByRules(String, Problem)
}

extension AccountPlanError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknownParent(let code):
            Problem(
                code: "account.unknown_parent",
                title: Phrase(zh: "没有这个上级科目。", en: "There is no such account above."),
                location: Phrase(zh: "科目 \(code)", en: "account \(code)"),
                cause: Phrase(zh: "科目表中没有此编码。", en: "The chart has no account of this code."),
                remedy: Phrase(zh: "请从科目表选择上级科目。", en: "Choose one from the chart.")
            )
        case .codeInvalid(let code, let parent):
            Problem(
                code: "account.code_invalid",
                title: Phrase(zh: "明细科目编码不可用。", en: "This cannot be the code of the sub-account."),
                location: Phrase(zh: "编码「\(code.prefix(40))」", en: "code “\(code.prefix(40))”"),
                cause: Phrase(
                    zh: "编码须以上级编码 \(parent) 开头，其后为字母、数字、点或短横。",
                    en: "It begins with \(parent), the code above, and goes on with letters, digits, points or dashes."
                ),
                remedy: Phrase(zh: "请改为如 \(parent)01。", en: "Use one such as \(parent)01.")
            )
        case .codeTaken(let code):
            Problem(
                code: "account.code_taken",
                title: Phrase(zh: "科目编码已存在。", en: "The chart has this code already."),
                location: Phrase(zh: "科目 \(code)", en: "account \(code)"),
                cause: Phrase(zh: "每个编码只用一次。", en: "A code is used once."),
                remedy: Phrase(zh: "请使用下一个编码。", en: "Use the next one.")
            )
        case .nameInvalid(let name):
            Problem(
                code: "account.name_invalid",
                title: Phrase(zh: "科目名称不可用。", en: "This cannot be the name of an account."),
                location: Phrase(zh: "名称「\(name.prefix(60))」", en: "name “\(name.prefix(60))”"),
                cause: Phrase(
                    zh: "名称为 1 至 \(AccountPlan.nameLimit) 个字符。",
                    en: "A name is 1 to \(AccountPlan.nameLimit) characters."
                ),
                remedy: Phrase(zh: "请改正名称。", en: "Correct the name.")
            )
        case .parentInUse(let code):
            Problem(
                code: "account.parent_in_use",
                title: Phrase(zh: "上级科目已有发生额，不能再分明细。", en: "The account above has lines already."),
                location: Phrase(zh: "科目 \(code)", en: "account \(code)"),
                cause: Phrase(
                    zh: "已记账或未记账的凭证用着它；分明细后它不能再记账，余额会与明细不符。",
                    en: "Vouchers use it, posted or not; it would take no lines any more and differ from its parts."
                ),
                remedy: Phrase(
                    zh: "请在同级增设科目，或改用辅助核算。", en: "Add an account beside it, or use a dimension."
                )
            )
        case .neededByRules(let code, let reason):
            Problem(
                code: "account.needed_by_rules",
                title: Phrase(zh: "规则集直接使用这个上级科目。", en: "A rule book books to the account above itself."),
                location: Phrase(zh: "科目 \(code)", en: "account \(code)"),
                cause: reason.cause,
                remedy: Phrase(
                    zh: "请先发布改用明细科目的规则集版本，或在同级增设科目。",
                    en: "Publish a version of the rule book that uses sub-accounts first, or add an account beside it."
                )
            )
        }
    }
}
