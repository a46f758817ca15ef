package import Kernel
package import Ledger

/// Vouchers before and after posting. Posted ones lie in tables of their own and never change.
package protocol VoucherRepository {
    func find(_ id: Voucher.ID) throws -> VoucherRecord?
    func vouchers(of caseID: Case.ID) throws -> [VoucherRecord]
    func reversal(of id: Voucher.ID) throws -> VoucherRecord?
    func page(_ query: VoucherQuery) throws -> Page<VoucherRecord>
    /// Approved and signed vouchers of a period that may be posted now, in posting order.
    func ready(in period: Period, limit: Int) throws -> [VoucherRecord]

    /// Files a draft; its draft reference comes from the book's counter.
    func file(_ draft: VoucherRecord) throws -> VoucherRecord
    /// Replaces an unposted voucher, if it still has the version given.
    func update(_ record: VoucherRecord, from version: Int64) throws
    /// Throws an unposted voucher away; the log keeps it. Its standing is `discarded` already.
    func discard(_ record: VoucherRecord, from version: Int64, reason: String) throws

    /// Posts: takes the number, moves the voucher to the posted tables, adds to the balances. The record's standing is
    /// the posted one already, with its poster; its version is the one it was prepared on.
    ///
    /// - Throws: `PostingError.periodClosed` when the period is not open any more.
    func post(_ record: VoucherRecord, from version: Int64) throws -> VoucherRecord
}

/// A voucher with what happened to it (记账凭证).
package struct VoucherRecord: Hashable, Sendable {
    package let voucher: Voucher
    /// Its state, and the persons who made, reviewed, signed and posted it.
    package let standing: VoucherStanding
    /// Draft reference (草稿号); given when it is filed.
    package let reference: DraftReference
    /// Given when it is posted.
    package let number: VoucherNumber?
    package let caseID: Case.ID?
    package let run: Int?
    /// Unique in the book: case, event and which output of the rules it is.
    package let postingKey: String
    /// Whether a cashier has to sign before it is posted.
    package let needsCashier: Bool
    package let createdAt: Timestamp
    package let postedAt: Timestamp?
    /// Counts the changes while it is unposted.
    package let version: Int64

    package init(
        voucher: Voucher, standing: VoucherStanding, reference: DraftReference = DraftReference(0),
        number: VoucherNumber? = nil, caseID: Case.ID?, run: Int?, postingKey: String, needsCashier: Bool,
        createdAt: Timestamp, postedAt: Timestamp? = nil, version: Int64 = 1
    ) {
        self.voucher = voucher
        self.standing = standing
        self.reference = reference
        self.number = number
        self.caseID = caseID
        self.run = run
        self.postingKey = postingKey
        self.needsCashier = needsCashier
        self.createdAt = createdAt
        self.postedAt = postedAt
        self.version = version
    }

    package var state: VoucherState { standing.state }
    /// Whether it stands in the books: posted, not reversed, and not itself a reversal.
    package var isInForce: Bool { state == .posted && standing.reversedBy == nil && voucher.reverses == nil }
}

/// Which vouchers a list shows.
package struct VoucherQuery: Hashable, Sendable {
    package let states: [VoucherState]
    package let period: Period?
    package let account: AccountCode?
    package let text: String?
    package let limit: Int
    package let cursor: String?

    package init(
        states: [VoucherState] = [], period: Period? = nil, account: AccountCode? = nil, text: String? = nil,
        limit: Int = 50, cursor: String? = nil
    ) {
        self.states = states
        self.period = period
        self.account = account
        self.text = text
        self.limit = min(max(limit, 1), 200)
        self.cursor = cursor
    }
}

/// Periods, balances and open items.
package protocol LedgerRepository {
    func periods() throws -> [PeriodRecord]
    /// Movements per balance key of every period up to one, for trial balances.
    func movements(through period: Period) throws -> [BalanceRow]
    /// Posted lines of an account and its descendants, in posting order.
    func lines(of account: AccountCode, from: Period, through: Period, limit: Int) throws -> [PostedLine]
    /// Posted vouchers by date and number, for exports.
    func posted(in period: Period?) throws -> [VoucherRecord]
    /// Open advances, prepayments and receivables of one party on one account, oldest first.
    func openItems(account: AccountCode, party: String?) throws -> [OpenItem]
    /// What a voucher added to or took from open items.
    func movements(of voucher: Voucher.ID) throws -> [OpenItemMovement]
    func lastNumber(of series: VoucherNumber.Series) throws -> Int64

    func open(_ period: Period) throws
    /// - Throws: `PostingError.unpostedVouchers` while approved or pending vouchers are dated in it.
    func close(_ period: Period) throws
    func settle(_ item: OpenItemMovement) throws
    func release(voucher: Voucher.ID) throws
}

package struct PeriodRecord: Hashable, Sendable {
    package let period: Period
    package let isOpen: Bool

    package init(period: Period, isOpen: Bool) {
        self.period = period
        self.isOpen = isOpen
    }
}

/// The movement of one account × dimensions × currency in one period, in minor units.
package struct BalanceRow: Hashable, Sendable {
    package let period: Period
    package let account: AccountCode
    package let dimensions: Dimensions
    package let currency: Currency
    package let debit: Int64
    package let credit: Int64
    package let originalDebit: Int64
    package let originalCredit: Int64

    package init(
        period: Period, account: AccountCode, dimensions: Dimensions, currency: Currency, debit: Int64, credit: Int64,
        originalDebit: Int64, originalCredit: Int64
    ) {
        self.period = period
        self.account = account
        self.dimensions = dimensions
        self.currency = currency
        self.debit = debit
        self.credit = credit
        self.originalDebit = originalDebit
        self.originalCredit = originalCredit
    }
}

package struct PostedLine: Hashable, Sendable {
    package let voucher: Voucher.ID
    package let number: VoucherNumber
    package let date: Day
    package let line: VoucherLine

    package init(voucher: Voucher.ID, number: VoucherNumber, date: Day, line: VoucherLine) {
        self.voucher = voucher
        self.number = number
        self.date = date
        self.line = line
    }
}

/// An advance, prepayment or receivable and what is left of it (往来未清项).
package struct OpenItem: Hashable, Sendable {
    package let account: AccountCode
    package let party: String
    package let number: String
    package let date: Day
    package let balance: Money

    package init(account: AccountCode, party: String, number: String, date: Day, balance: Money) {
        self.account = account
        self.party = party
        self.number = number
        self.date = date
        self.balance = balance
    }
}

/// What one voucher adds to or takes from an open item, from its draft on.
package struct OpenItemMovement: Hashable, Sendable {
    package let voucher: Voucher.ID
    package let account: AccountCode
    package let party: String
    package let number: String
    package let date: Day
    /// Positive opens, negative settles.
    package let amount: Money

    package init(voucher: Voucher.ID, account: AccountCode, party: String, number: String, date: Day, amount: Money) {
        self.voucher = voucher
        self.account = account
        self.party = party
        self.number = number
        self.date = date
        self.amount = amount
    }
}

/// Why a voucher cannot be posted now.
package enum PostingError: Error, Hashable {
    case periodClosed(Voucher.ID, Period)
    case unpostedVouchers(Period, count: Int)
    case alreadyReversed(Voucher.ID)
    case notInOrder(Period)
}

extension PostingError: Explainable {
    package var problem: Problem {
        switch self {
        case .periodClosed(let id, let period):
            Problem(
                code: "ledger.period_closed",
                title: Phrase(zh: "无法记账：期间未开放。", en: "Cannot post: the period is not open."),
                location: Phrase(zh: "凭证 \(id)", en: "voucher \(id)"),
                cause: Phrase(zh: "\(period) 已结账或尚未启用。", en: "\(period) is closed or was never opened."),
                remedy: Phrase(
                    zh: "请把凭证改到开放期间，或由财务主管处理期间。",
                    en: "Move the voucher to an open period, or ask the finance lead about the period."
                )
            )
        case .unpostedVouchers(let period, let count):
            Problem(
                code: "ledger.unposted_vouchers",
                title: Phrase(zh: "无法结账：还有未记账凭证。", en: "Cannot close: vouchers are not posted yet."),
                location: Phrase(zh: "期间 \(period)", en: "period \(period)"),
                cause: Phrase(
                    zh: "有 \(count) 张凭证未记账（财会〔2024〕12号第二十四条）。",
                    en: "\(count) vouchers are unposted (财会〔2024〕12号, article 24)."
                ),
                remedy: Phrase(zh: "请先记账或作废这些凭证。", en: "Post or discard them first.")
            )
        case .alreadyReversed(let id):
            Problem(
                code: "ledger.already_reversed",
                title: Phrase(zh: "该凭证已被红字冲销。", en: "The voucher is reversed already."),
                location: Phrase(zh: "凭证 \(id)", en: "voucher \(id)"),
                cause: Phrase(zh: "一张凭证只能冲销一次。", en: "A voucher is reversed once."),
                remedy: Phrase(zh: "请查看已有的红字凭证。", en: "Look at the reversing voucher that exists.")
            )
        case .notInOrder(let period):
            Problem(
                code: "ledger.period_order",
                title: Phrase(zh: "期间须按顺序开放和结账。", en: "Periods are opened and closed in order."),
                location: Phrase(zh: "期间 \(period)", en: "period \(period)"),
                cause: Phrase(
                    zh: "前一期间尚未结账，或后一期间已经存在。", en: "An earlier period is still open, or there is a later one."),
                remedy: Phrase(zh: "请先处理更早的期间。", en: "Deal with the earlier period first.")
            )
        }
    }
}
