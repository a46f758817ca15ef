package import Kernel

/// A balanced set of debit and credit lines, ready to be reviewed and posted (记账凭证).
///
/// A voucher that exists is valid. What depends on the book's chart is asked by `check(against:)`, at the day the
/// voucher is made and again when it is posted.
package struct Voucher: Hashable, Identifiable, Sendable {
    package typealias ID = Identifier<Voucher>

    /// The most lines one voucher may have; `Money.limit` is chosen with it.
    package static let lineLimit = 1_000
    package static let attachmentLimit = 9_999

    package let id: ID
    package let word: VoucherWord
    /// The accounting date; its month is the voucher's period.
    package let date: Day
    /// The number of original documents attached (附单据数).
    package let attachments: Int
    package let summary: String
    package let lines: [VoucherLine]
    /// The posted voucher that this one takes back (红字冲销).
    package let reverses: ID?
    package let caseID: String?
    /// Everyone who wrote in the draft, first the one who began it (制单).
    package let makers: [PersonID]

    package init(
        id: ID, word: VoucherWord, date: Day, attachments: Int = 0, summary: String, lines: [VoucherLine],
        reverses: ID? = nil, caseID: String? = nil, makers: [PersonID]
    ) throws(VoucherError) {
        guard lines.count >= 2 else { throw .tooFewLines(id, count: lines.count) }
        guard lines.count <= Self.lineLimit else { throw .tooManyLines(id, count: lines.count) }
        guard (0...Self.attachmentLimit).contains(attachments) else { throw .attachments(id, count: attachments) }
        guard !summary.isEmpty, summary.utf8.count <= VoucherLine.textLimit else {
            throw .summaryLength(id, bytes: summary.utf8.count)
        }
        guard !makers.isEmpty else { throw .noMaker(id) }

        let base = lines[0].amount.currency
        for (index, line) in lines.enumerated() {
            if let fault = line.fault(base: base) { throw .line(id, number: index + 1, fault) }
        }
        let debit = lines.total(of: .debit, in: base)
        let credit = lines.total(of: .credit, in: base)
        guard debit == credit else { throw .unbalanced(id, debit: debit, credit: credit) }

        self.id = id
        self.word = word
        self.date = date
        self.attachments = attachments
        self.summary = summary
        self.lines = lines
        self.reverses = reverses
        self.caseID = caseID
        self.makers = makers
    }

    /// The same voucher, when more persons wrote in it.
    package func made(by makers: [PersonID]) -> Voucher { Voucher(self, makers: makers) }

    private init(_ other: Voucher, makers: [PersonID]) {
        precondition(!makers.isEmpty, "a voucher has a maker")
        id = other.id
        word = other.word
        date = other.date
        attachments = other.attachments
        summary = other.summary
        lines = other.lines
        reverses = other.reverses
        caseID = other.caseID
        self.makers = makers
    }

    package var period: Period { date.period }
    /// The currency of the book, in which the voucher balances (本位币).
    package var base: Currency { lines[0].amount.currency }
    /// The sum of one side, which is that of the other too.
    package var total: Money { lines.total(of: .debit, in: base) }

    /// What the lines of the larger side add up to when red ones count like black ones.
    ///
    /// A ceiling is held against this: two large lines that cancel each other are still large.
    package var volume: Money {
        let sides = Side.allCases.map { side in
            lines.filter { $0.side == side }.reduce(Money.zero(base)) {
                $0 + ($1.amount.isNegative ? -$1.amount : $1.amount)
            }
        }
        return sides[0].minorUnits >= sides[1].minorUnits ? sides[0] : sides[1]
    }
}

extension VoucherLine {
    /// What is wrong with the line by itself.
    fileprivate func fault(base: Currency) -> LineFault? {
        guard amount.currency == base else { return .mixedCurrencies(expected: base, found: amount.currency) }
        guard !amount.isZero else { return .zeroAmount }
        guard amount.minorUnits.magnitude <= Money.limit.magnitude,
            (original?.minorUnits ?? 0).magnitude <= Money.limit.magnitude
        else { return .amountTooLarge }
        guard [summary, unit ?? "", cashFlowItem ?? ""].allSatisfy({ $0.utf8.count <= Self.textLimit }) else {
            return .textTooLong
        }
        guard let original else { return rate == nil ? nil : .rateWithoutOriginal }
        guard original.currency != base else { return .originalInBaseCurrency(base) }
        guard let rate, rate.scaled > 0 else { return .originalWithoutRate(original) }
        // An original of zero is a revaluation: only the value in base currency moves.
        guard original.isZero || original.isNegative == amount.isNegative else { return .signsDiffer(original, amount) }
        return nil
    }
}
