package import Kernel

/// Who has had which duty on one voucher, so that the next duty falls to somebody else (经手人).
package struct VoucherDuties: Hashable, Sendable {
    /// What a new version of a rule book makes in this time is not approved by its publisher.
    package static let publisherSeconds: Int64 = 24 * 3600

    package let voucher: String
    /// Everybody who made or changed the draft; for a voucher made by a rule, the person responsible.
    package let makers: Set<Person.ID>
    package let approver: Person.ID?
    package let cashier: Person.ID?
    package let poster: Person.ID?
    /// Whose claim the voucher books, where those are persons here.
    package let requesters: Set<Person.ID>
    /// Who published the version of the rule book that made it, where it is large and was made in the version's first day.
    package let publisher: Person.ID?

    package init(
        voucher: String,
        makers: Set<Person.ID>,
        approver: Person.ID? = nil,
        cashier: Person.ID? = nil,
        poster: Person.ID? = nil,
        requesters: Set<Person.ID> = [],
        publisher: Person.ID? = nil
    ) {
        self.voucher = voucher
        self.makers = makers
        self.approver = approver
        self.cashier = cashier
        self.poster = poster
        self.requesters = requesters
        self.publisher = publisher
    }

    /// Whether a voucher was made so soon after its rules were published that their publisher does not approve it.
    package static func isFresh(published: Timestamp, voucherMade made: Timestamp) -> Bool {
        made < published.adding(seconds: publisherSeconds)
    }

    /// The first rule that keeps a person from a duty on this voucher; `nil` if none does.
    ///
    /// - Parameter right: `voucherEdit`, `voucherApprove`, `voucherSign`, `voucherPost` or `voucherReverse`; others are
    ///   not duties.
    package func conflict(of person: Person.ID, doing right: Right, profile: DutyRule.Profile) -> DutyConflict? {
        var found: [(DutyRule, VoucherDuty)] = []
        let isMaker = makers.contains(person)
        switch right {
        case .voucherEdit:
            if person == approver { found.append((.makerApproves, .approver)) }
            if person == poster { found.append((.makerPosts, .poster)) }
            if person == cashier { found.append((.cashierKeepsBooks, .cashier)) }
        case .voucherApprove:
            if isMaker { found.append((.makerApproves, .maker)) }
            if person == poster { found.append((.approverPosts, .poster)) }
            if person == cashier { found.append((.cashierKeepsBooks, .cashier)) }
            if person == publisher { found.append((.publisherApproves, .publisher)) }
        case .voucherSign:
            if person == approver { found.append((.cashierKeepsBooks, .approver)) }
            if person == poster { found.append((.cashierKeepsBooks, .poster)) }
            if isMaker { found.append((.cashierKeepsBooks, .maker)) }
        case .voucherPost:
            if isMaker { found.append((.makerPosts, .maker)) }
            if person == approver { found.append((.approverPosts, .approver)) }
            if person == cashier { found.append((.cashierKeepsBooks, .cashier)) }
        case .voucherReverse: break
        default: return nil
        }
        if requesters.contains(person) { found.append((.requesterInChain, .requester)) }
        return found.first { $0.0.applies(in: profile) }.map { rule, duty in
            DutyConflict(
                rule: rule, person: person, place: voucher, roles: [],
                meeting: DutyConflict.Meeting(has: duty, asks: right)
            )
        }
    }
}

/// What somebody is to a voucher already.
package enum VoucherDuty: Hashable, Sendable {
    case maker
    case approver
    case cashier
    case poster
    case requester
    case publisher

    package var title: Phrase {
        switch self {
        case .maker: Phrase(zh: "制单人", en: "maker")
        case .approver: Phrase(zh: "审核人", en: "reviewer")
        case .cashier: Phrase(zh: "签字出纳", en: "cashier")
        case .poster: Phrase(zh: "记账人", en: "poster")
        case .requester: Phrase(zh: "所记单据的申请人或收款人", en: "requester or payee of the claim behind it")
        case .publisher: Phrase(zh: "生成它的规则集版本的发布人", en: "publisher of the rules that made it")
        }
    }
}
