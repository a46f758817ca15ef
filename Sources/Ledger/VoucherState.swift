package import Kernel

/// How far a voucher is on its way into the books. That it was reversed is told by the voucher that reverses it.
package enum VoucherState: String, Hashable, Sendable, CaseIterable {
    case draft
    /// Submitted, and waiting for its reviewer (待审核).
    case pending
    case approved
    case posted
    /// Thrown away before it was posted; it never had a number (作废).
    case discarded
}

/// What a person, or a policy in a person's place, does with a voucher.
package enum VoucherAct: Hashable, Sendable {
    case submit
    case approve
    /// By a policy; `sample` is the digest of the voucher's id, which decides whether a person looks at it.
    case approveAutomatically(AutomaticReview, checksPassed: Bool, sample: Digest)
    case sendBack(reason: String)
    case signAsCashier
    case unapprove
    case post
    case discard
    case reverse(by: Voucher.ID)
}

/// How strictly a book separates duties.
package struct DutySettings: Hashable, Sendable {
    /// Whether a voucher that moves money needs the cashier's signature before it is posted.
    package let cashierSigns: Bool
    /// Whether the reviewer may post too, which small firms allow (SOD-02).
    package let reviewerMayPost: Bool

    package init(cashierSigns: Bool = true, reviewerMayPost: Bool = true) {
        self.cashierSigns = cashierSigns
        self.reviewerMayPost = reviewerMayPost
    }
}

/// Where a voucher stands, and who answers for each step it took (凭证状态与责任人).
package struct VoucherStanding: Hashable, Sendable {
    package let id: Voucher.ID
    /// Whoever submits it is one of them.
    package private(set) var makers: [PersonID]
    /// What the ceiling of an automatic review is held against.
    package let volume: Money
    /// Whether a line is on a cash or bank account.
    package let movesMoney: Bool
    package let isReversal: Bool
    package private(set) var state: VoucherState
    package private(set) var reviewer: PersonID?
    /// Who authorised the policy that stood in the reviewer's place.
    package private(set) var reviewAuthorisedBy: PersonID?
    package private(set) var cashier: PersonID?
    package private(set) var poster: PersonID?
    /// Why the reviewer sent it back the last time.
    package private(set) var returnReason: String?
    package private(set) var reversedBy: Voucher.ID?

    package init(
        id: Voucher.ID, makers: [PersonID], volume: Money, movesMoney: Bool, isReversal: Bool = false,
        state: VoucherState = .draft, reviewer: PersonID? = nil, reviewAuthorisedBy: PersonID? = nil,
        cashier: PersonID? = nil, poster: PersonID? = nil, returnReason: String? = nil, reversedBy: Voucher.ID? = nil
    ) {
        self.id = id
        self.makers = makers
        self.volume = volume
        self.movesMoney = movesMoney
        self.isReversal = isReversal
        self.state = state
        self.reviewer = reviewer
        self.reviewAuthorisedBy = reviewAuthorisedBy
        self.cashier = cashier
        self.poster = poster
        self.returnReason = returnReason
        self.reversedBy = reversedBy
    }

    /// The standing of a new draft.
    package init(of voucher: Voucher, in chart: Chart) {
        self.init(
            id: voucher.id, makers: voucher.makers, volume: voucher.volume, movesMoney: voucher.movesMoney(in: chart),
            isReversal: voucher.reverses != nil
        )
    }

    package func needsCashier(_ settings: DutySettings) -> Bool { settings.cashierSigns && movesMoney }
}

extension VoucherStanding {
    /// Where the voucher stands after an act, if the one who acts may do it now.
    package func applying(
        _ act: VoucherAct, by person: PersonID, settings: DutySettings = DutySettings()
    ) throws(VoucherStateError) -> VoucherStanding {
        var next = self
        switch act {
        case .submit:
            try require(.draft, for: act)
            next.state = .pending
            if !makers.contains(person) { next.makers.append(person) }
        case .approve:
            try require(.pending, for: act)
            try requirePerson(person, for: act)
            guard !makers.contains(person) else { throw .sameDuty(id, person, first: .maker, second: .reviewer) }
            guard cashier != person else { throw .sameDuty(id, person, first: .cashier, second: .reviewer) }
            next.state = .approved
            next.reviewer = person
        case .approveAutomatically(let policy, let checksPassed, let sample):
            try require(.pending, for: act)
            if let objection = policy.objection(to: self, checksPassed: checksPassed, sample: sample) {
                throw .needsReviewer(id, objection)
            }
            next.state = .approved
            next.reviewer = policy.reviewer
            next.reviewAuthorisedBy = policy.authorisedBy
        case .sendBack(let reason):
            try require(.pending, for: act)
            guard !reason.isEmpty else { throw .reasonMissing(id) }
            next.state = .draft
            next.returnReason = reason
            next.cashier = nil
        case .signAsCashier:
            next.cashier = try signature(of: person)
        case .unapprove:
            try require(.approved, for: act)
            let approver = reviewAuthorisedBy ?? reviewer
            guard approver == person else { throw .otherReviewer(id, expected: approver, found: person) }
            next.state = .pending
            next.reviewer = nil
            next.reviewAuthorisedBy = nil
        case .post:
            try require(.approved, for: act)
            guard !needsCashier(settings) || cashier != nil else { throw .cashierMissing(id) }
            guard !makers.contains(person) else { throw .sameDuty(id, person, first: .maker, second: .poster) }
            guard settings.reviewerMayPost || reviewer != person else {
                throw .sameDuty(id, person, first: .reviewer, second: .poster)
            }
            next.state = .posted
            next.poster = person
        case .discard:
            guard state != .posted, state != .discarded else { throw .notNow(id, act: act.name, state: state) }
            next.state = .discarded
        case .reverse(let reversal):
            try require(.posted, for: act)
            guard !isReversal else { throw .reversalOfReversal(id) }
            if let reversedBy { throw .reversedAlready(id, by: reversedBy) }
            next.reversedBy = reversal
        }
        return next
    }

    private func signature(of person: PersonID) throws(VoucherStateError) -> PersonID {
        guard state == .pending || state == .approved else {
            throw .notNow(id, act: VoucherAct.signAsCashier.name, state: state)
        }
        try requirePerson(person, for: .signAsCashier)
        guard movesMoney else { throw .noMoney(id) }
        if let cashier { throw .signedAlready(id, by: cashier) }
        guard reviewer != person else { throw .sameDuty(id, person, first: .reviewer, second: .cashier) }
        return person
    }

    private func require(_ expected: VoucherState, for act: VoucherAct) throws(VoucherStateError) {
        guard state == expected else { throw .notNow(id, act: act.name, state: state) }
    }

    private func requirePerson(_ person: PersonID, for act: VoucherAct) throws(VoucherStateError) {
        guard !person.isRule else { throw .notAPerson(id, person, act: act.name) }
    }
}

extension VoucherAct {
    /// The act as errors and the log call it.
    package var name: Name {
        switch self {
        case .submit: .submit
        case .approve, .approveAutomatically: .approve
        case .sendBack: .sendBack
        case .signAsCashier: .signAsCashier
        case .unapprove: .unapprove
        case .post: .post
        case .discard: .discard
        case .reverse: .reverse
        }
    }

    package enum Name: String, Hashable, Sendable, CaseIterable {
        case submit
        case approve
        case sendBack = "send_back"
        case signAsCashier = "sign_as_cashier"
        case unapprove
        case post
        case discard
        case reverse
    }
}
