package import Access
package import Kernel
import Ledger

/// One company's whole accounting space (账套): its cases, registers, master data, ledgers, numbers and log.
package struct Book: Hashable, Identifiable, Sendable {
    package typealias ID = Identifier<Book>

    package let id: ID
    package let kind: Kind
    package let name: String
    /// Unified social credit code of the company (统一社会信用代码).
    package let taxID: String?
    /// `cas` 企业会计准则 or `small` 小企业会计准则.
    package let standard: String
    /// 一般纳税人 or 小规模纳税人.
    package let taxpayer: String
    /// The voucher words in use: `记` alone, or `收付转`.
    package let words: String
    package let currency: Currency
    package let zoneName: String
    /// Whether the legal ledger is kept here or in an outside accounting system (design 7).
    package let kept: Kept
    package let settings: Settings

    package enum Kind: String, Sendable {
        case company
        /// A connector's inbox: deliveries are its units, everything after them is the company's.
        case inbox
        /// Users, rights, connectors, sign-ins.
        case installation
    }

    package enum Kept: String, Sendable {
        case here
        case outside
    }

    package static let installation: ID = "installation"

    package static func inbox(of connector: String) -> ID { ID("inbox:" + connector) }

    package init(
        id: ID, kind: Kind, name: String, taxID: String? = nil, standard: String = "cas",
        taxpayer: String = "一般纳税人", words: String = "记", currency: Currency = .cny,
        zoneName: String = "Asia/Shanghai", kept: Kept = .here, settings: Settings = Settings()
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.taxID = taxID
        self.standard = standard
        self.taxpayer = taxpayer
        self.words = words
        self.currency = currency
        self.zoneName = zoneName
        self.kept = kept
        self.settings = settings
    }

    /// What a company chose for itself.
    package struct Settings: Hashable, Sendable {
        /// A cash or bank voucher needs the cashier's signature before it is posted (出纳签字).
        package let needsCashierSignature: Bool
        /// The finance lead who authorised automatic review; `nil` keeps it off (design 6).
        package let automaticReviewAuthorisedBy: String?
        /// The amount, in minor units of the book currency, up to which a voucher may be reviewed automatically.
        package let automaticReviewCeiling: Int64
        /// Whether vouchers are posted by the program as soon as they are reviewed and signed.
        package let postsAutomatically: Bool
        /// How duties are kept apart.
        package let duties: DutyPolicy
        /// Settings of the rule books, such as `closed_period` and `input_vat`; see the rule book's own list.
        package let rules: JSON

        package init(
            needsCashierSignature: Bool = true, automaticReviewAuthorisedBy: String? = nil,
            automaticReviewCeiling: Int64 = 0, postsAutomatically: Bool = false,
            duties: DutyPolicy = .standard, rules: JSON = [:]
        ) {
            self.needsCashierSignature = needsCashierSignature
            self.automaticReviewAuthorisedBy = automaticReviewAuthorisedBy
            self.automaticReviewCeiling = automaticReviewCeiling
            self.postsAutomatically = postsAutomatically
            self.duties = duties
            self.rules = rules
        }
    }
}

/// What a prepared unit saw of its book; a commit that finds other numbers prepares again.
package struct BookVersions: Hashable, Sendable {
    /// Chart, dimension items and OA mappings.
    package let masterData: Int64
    package let ruleBooks: Int64
    /// Which periods are open, and the book's own settings.
    package let periods: Int64

    package init(masterData: Int64, ruleBooks: Int64, periods: Int64) {
        self.masterData = masterData
        self.ruleBooks = ruleBooks
        self.periods = periods
    }
}
