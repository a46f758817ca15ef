package import Kernel

/// Who has had which duty on one voucher, so that the next duty falls to somebody else (经手人).
package struct VoucherDuties: Hashable, Sendable {
    /// How long the publisher of a rule stays away from the large vouchers it makes.
    package static let publisherSeconds: Int64 = 24 * 3600

    package let voucher: String
    /// Everybody who made or changed the draft; for a voucher made by a rule, the person responsible.
    package let makers: Set<Person.ID>
    package let approver: Person.ID?
    package let cashier: Person.ID?
    package let poster: Person.ID?
    /// Whose approval in the OA the voucher books, where that is a person here.
    package let requester: Person.ID?
    /// The version of the rule book that made it, where its amount is beyond the limit of that version.
    package let publication: Publication?

    package struct Publication: Hashable, Sendable {
        package let publisher: Person.ID
        package let at: Timestamp

        package init(publisher: Person.ID, at: Timestamp) {
            self.publisher = publisher
            self.at = at
        }
    }

    package init(
        voucher: String,
        makers: Set<Person.ID>,
        approver: Person.ID? = nil,
        cashier: Person.ID? = nil,
        poster: Person.ID? = nil,
        requester: Person.ID? = nil,
        publication: Publication? = nil
    ) {
        self.voucher = voucher
        self.makers = makers
        self.approver = approver
        self.cashier = cashier
        self.poster = poster
        self.requester = requester
        self.publication = publication
    }

    /// The first rule that keeps a person from a duty on this voucher; `nil` if none does.
    ///
    /// - Parameter right: `voucherApprove`, `voucherSign`, `voucherPost` or `voucherEdit`; others are not duties.
    package func conflict(
        of person: Person.ID,
        doing right: Right,
        now: Timestamp,
        profile: DutyRule.Profile
    ) -> DutyConflict? {
        var rules: [DutyRule] = []
        switch right {
        case .voucherEdit:
            if person == approver { rules.append(.makerApproves) }
            if person == poster { rules.append(.makerPosts) }
            if person == cashier { rules.append(.cashierKeepsBooks) }
        case .voucherApprove:
            if makers.contains(person) { rules.append(.makerApproves) }
            if person == poster { rules.append(.approverPosts) }
            if person == cashier { rules.append(.cashierKeepsBooks) }
            if let publication, publication.publisher == person,
                now < publication.at.adding(seconds: Self.publisherSeconds)
            {
                rules.append(.publisherApproves)
            }
        case .voucherSign:
            if person == approver || person == poster || makers.contains(person) { rules.append(.cashierKeepsBooks) }
        case .voucherPost:
            if makers.contains(person) { rules.append(.makerPosts) }
            if person == approver { rules.append(.approverPosts) }
            if person == cashier { rules.append(.cashierKeepsBooks) }
        default: return nil
        }
        if person == requester { rules.append(.requesterInChain) }
        return rules.first { $0.applies(in: profile) }
            .map { DutyConflict(rule: $0, person: person, place: "voucher \(voucher)") }
    }
}
