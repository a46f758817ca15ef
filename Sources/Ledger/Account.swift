package import Kernel

/// The code of an account in a chart, such as `660207` (科目编码).
package struct AccountCode: Hashable, Sendable {
    package static let lengthLimit = 40

    package let text: String

    /// Letters, digits, points and dashes; `nil` if the text is anything else.
    package init?(_ text: String) {
        guard (1...Self.lengthLimit).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension AccountCode: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        precondition(!text.isEmpty && text.utf8.allSatisfy(Self.isAllowed), "“\(text)” is no account code")
        self.text = text
    }
}

extension AccountCode: Comparable {
    package static func < (left: AccountCode, right: AccountCode) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension AccountCode: CustomStringConvertible {
    package var description: String { text }
}

/// The side of a line, and the side on which an account usually stands (借贷方向).
package enum Side: String, Hashable, Sendable, CaseIterable {
    case debit
    case credit

    /// How charts and books write it: 借, 贷.
    package var word: String { self == .debit ? "借" : "贷" }

    package var opposite: Side { self == .debit ? .credit : .debit }

    package init?(word: String) {
        switch word {
        case "借": self = .debit
        case "贷": self = .credit
        default: return nil
        }
    }
}

/// The element of the accounts an account belongs to (科目类别).
package enum AccountClass: String, Hashable, Sendable, CaseIterable {
    case asset = "资产"
    case liability = "负债"
    case common = "共同"
    case equity = "所有者权益"
    case cost = "成本"
    case profitAndLoss = "损益"
}

/// One account of a chart (会计科目).
package struct Account: Hashable, Sendable {
    package let code: AccountCode
    package let name: String
    package let accountClass: AccountClass
    /// The side of the usual balance. It is an attribute, not a limit: a balance may stand on the other side.
    package let direction: Side
    package let parent: AccountCode?
    /// Only leaves take lines.
    package let isLeaf: Bool
    /// Cash, bank or other money (1001, 1002, 1012): moves the cash-flow statement and asks for the cashier.
    package let isCash: Bool
    /// A bank account, which has statements to be matched.
    package let isBank: Bool
    /// The kinds of dimension each line must carry (辅助核算).
    package let dimensions: [String]
    /// The kinds of dimension a line may carry.
    package let optionalDimensions: [String]
    /// The foreign currency the account is kept in; `nil` where lines of any currency are allowed.
    package let currency: Currency?
    /// The cash-flow item that money on the other side of this account usually belongs to.
    package let cashFlowItem: String?
    /// Whether its balance goes to the year's profit at the end of a period (期末结转).
    package let closesToProfit: Bool
    package let isActive: Bool

    package init(
        code: AccountCode, name: String, accountClass: AccountClass, direction: Side, parent: AccountCode? = nil,
        isLeaf: Bool = true, isCash: Bool = false, isBank: Bool = false, dimensions: [String] = [],
        optionalDimensions: [String] = [], currency: Currency? = nil, cashFlowItem: String? = nil,
        closesToProfit: Bool = false, isActive: Bool = true
    ) {
        self.code = code
        self.name = name
        self.accountClass = accountClass
        self.direction = direction
        self.parent = parent
        self.isLeaf = isLeaf
        self.isCash = isCash
        self.isBank = isBank
        self.dimensions = dimensions
        self.optionalDimensions = optionalDimensions
        self.currency = currency
        self.cashFlowItem = cashFlowItem
        self.closesToProfit = closesToProfit
        self.isActive = isActive
    }
}
