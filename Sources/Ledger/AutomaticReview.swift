package import Kernel

/// The authorisation to let a version of a rule book approve its own vouchers (自动审核).
///
/// Off unless a named finance lead made one: for one version, below a ceiling, and with a share of at least five
/// percent that a person still looks at.
package struct AutomaticReview: Hashable, Sendable {
    package static let leastSamplePercent = 5

    package let ruleBook: String
    package let version: String
    package let ceiling: Money
    package let samplePercent: Int
    package let authorisedBy: PersonID

    package init(
        ruleBook: String, version: String, ceiling: Money, samplePercent: Int, authorisedBy: PersonID
    ) throws(VoucherStateError) {
        guard (Self.leastSamplePercent...100).contains(samplePercent) else {
            throw .sampleTooSmall(percent: samplePercent)
        }
        guard !authorisedBy.isRule, !authorisedBy.text.isEmpty else { throw .authoriserMissing(ruleBook: ruleBook) }
        self.ruleBook = ruleBook
        self.version = version
        self.ceiling = ceiling
        self.samplePercent = samplePercent
        self.authorisedBy = authorisedBy
    }

    /// What stands in the reviewer's place on the voucher.
    package var reviewer: PersonID { .rule(book: ruleBook, version: version) }

    /// Why a person has to review a voucher; `nil` if the policy may.
    package func objection(to voucher: VoucherStanding, checksPassed: Bool, sample: Digest) -> Objection? {
        guard voucher.makers == [reviewer] else { return .otherMaker(expected: reviewer, found: voucher.makers) }
        guard !voucher.isReversal else { return .reversal }
        guard checksPassed else { return .checksFailed }
        guard voucher.volume.currency == ceiling.currency, voucher.volume.minorUnits <= ceiling.minorUnits else {
            return .aboveCeiling(voucher.volume, ceiling: ceiling)
        }
        return isSampled(sample) ? .sampled : nil
    }

    /// Whether the digest of a voucher's id falls into the share that a person reviews.
    ///
    /// The same voucher is always answered the same, however often it is asked and wherever.
    package func isSampled(_ digest: Digest) -> Bool {
        let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return number % 10_000 < UInt64(samplePercent) * 100
    }

    /// Why a policy leaves a voucher to a person.
    package enum Objection: Hashable, Sendable {
        case otherMaker(expected: PersonID, found: [PersonID])
        case reversal
        case checksFailed
        case aboveCeiling(Money, ceiling: Money)
        case sampled
    }
}
