import Kernel
import Ledger
import Testing

@Suite("VoucherStanding")
struct VoucherStandingTests {
    @Test("goes from draft to posted by four persons")
    func way() throws {
        let posted = try standing()
            .applying(.submit, by: "maker").applying(.signAsCashier, by: "cashier")
            .applying(.approve, by: "reviewer").applying(.post, by: "poster")
        #expect(posted.state == .posted)
        #expect(posted.cashier == "cashier" && posted.reviewer == "reviewer" && posted.poster == "poster")
        #expect(try posted.applying(.reverse(by: "R-1"), by: "lead").reversedBy == "R-1")
        #expect(try posted.applying(.reverse(by: "R-1"), by: "lead").state == .posted)
    }

    /// The state after each act, or nothing where it is refused.
    @Test(
        "lets each act happen only where it has a place",
        arguments: [
            (.draft, [.submit: .pending, .discard: .discarded]),
            (
                .pending,
                [.approve: .approved, .sendBack: .draft, .signAsCashier: .pending, .discard: .discarded]
            ),
            (
                .approved,
                [.unapprove: .pending, .post: .posted, .signAsCashier: .approved, .discard: .discarded]
            ),
            (.posted, [.reverse: .posted]),
            (.discarded, [:]),
        ] as [(VoucherState, [VoucherAct.Name: VoucherState])]
    )
    func table(state: VoucherState, allowed: [VoucherAct.Name: VoucherState]) {
        let acts: [(VoucherAct, PersonID)] = [
            (.submit, "maker"), (.approve, "lead"), (.sendBack(reason: "科目不对"), "lead"),
            (.signAsCashier, "cashier"), (.unapprove, "reviewer"), (.post, "poster"), (.discard, "maker"),
            (.reverse(by: "R"), "lead"),
        ]
        let standing = standing(state: state, reviewer: state == .draft || state == .pending ? nil : "reviewer")
        for (act, person) in acts {
            let next = try? standing.applying(act, by: person, settings: DutySettings(cashierSigns: false))
            #expect(next?.state == allowed[act.name], "\(state) \(act.name)")
        }
    }

    @Test(
        "keeps duties apart",
        arguments: [
            (.pending, .approve, "maker", .sameDuty("V", "maker", first: .maker, second: .reviewer)),
            (.pending, .approve, "helper", .sameDuty("V", "helper", first: .maker, second: .reviewer)),
            (.pending, .approve, "cashier", .sameDuty("V", "cashier", first: .cashier, second: .reviewer)),
            (.pending, .approve, "rule:费用@3", .notAPerson("V", "rule:费用@3", act: .approve)),
            (.approved, .post, "maker", .sameDuty("V", "maker", first: .maker, second: .poster)),
            (.approved, .unapprove, "lead", .otherReviewer("V", expected: "reviewer", found: "lead")),
            (.pending, .signAsCashier, "other", .signedAlready("V", by: "cashier")),
            (.pending, .sendBack(reason: ""), "lead", .reasonMissing("V")),
        ] as [(VoucherState, VoucherAct, PersonID, VoucherStateError)]
    )
    func duties(state: VoucherState, act: VoucherAct, person: PersonID, error: VoucherStateError) {
        let standing = standing(state: state, reviewer: state == .approved ? "reviewer" : nil, cashier: "cashier")
        #expect(throws: error) { try standing.applying(act, by: person) }
    }

    @Test("asks for the cashier only where money moves and the book wants it")
    func cashier() throws {
        let money = standing(state: .approved, reviewer: "reviewer")
        #expect(throws: VoucherStateError.cashierMissing("V")) { try money.applying(.post, by: "poster") }
        #expect(try money.applying(.post, by: "poster", settings: DutySettings(cashierSigns: false)).state == .posted)
        #expect(throws: VoucherStateError.sameDuty("V", "reviewer", first: .reviewer, second: .cashier)) {
            try money.applying(.signAsCashier, by: "reviewer")
        }
        let other = standing(state: .approved, movesMoney: false, reviewer: "reviewer")
        #expect(try other.applying(.post, by: "poster").state == .posted)
        #expect(throws: VoucherStateError.noMoney("V")) { try other.applying(.signAsCashier, by: "cashier") }
    }

    @Test("lets the reviewer post unless the book is strict")
    func reviewerPosts() throws {
        let standing = standing(state: .approved, movesMoney: false, reviewer: "reviewer")
        #expect(try standing.applying(.post, by: "reviewer").state == .posted)
        #expect(throws: VoucherStateError.sameDuty("V", "reviewer", first: .reviewer, second: .poster)) {
            try standing.applying(.post, by: "reviewer", settings: DutySettings(reviewerMayPost: false))
        }
    }

    @Test("is reversed once, and a reversal never")
    func reversal() throws {
        let posted = standing(state: .posted)
        let reversed = try posted.applying(.reverse(by: "R-1"), by: "lead")
        #expect(throws: VoucherStateError.reversedAlready("V", by: "R-1")) {
            try reversed.applying(.reverse(by: "R-2"), by: "lead")
        }
        #expect(throws: VoucherStateError.reversalOfReversal("V")) {
            try standing(state: .posted, isReversal: true).applying(.reverse(by: "R-2"), by: "lead")
        }
    }

    @Test("drops the cashier's signature when it goes back to its maker")
    func sendBack() throws {
        let back = try standing(state: .pending, cashier: "cashier").applying(.sendBack(reason: "改摘要"), by: "lead")
        #expect(back.cashier == nil && back.returnReason == "改摘要" && back.state == .draft)
    }

    private func standing(
        state: VoucherState = .draft, movesMoney: Bool = true, isReversal: Bool = false, reviewer: PersonID? = nil,
        cashier: PersonID? = nil
    ) -> VoucherStanding {
        VoucherStanding(
            id: "V", makers: ["maker", "helper"], volume: Money(minorUnits: 100, .cny), movesMoney: movesMoney,
            isReversal: isReversal, state: state, reviewer: reviewer, cashier: cashier
        )
    }
}

@Suite("AutomaticReview")
struct AutomaticReviewTests {
    @Test("approves what its version made alone, and names who authorised it")
    func approves() throws {
        let policy = try policy()
        let approved = try standing().applying(
            .approveAutomatically(policy, checksPassed: true, sample: digest(9_999)), by: policy.reviewer
        )
        #expect(approved.reviewer == "rule:费用@3" && approved.reviewAuthorisedBy == "lead")
        #expect(throws: VoucherStateError.otherReviewer("V", expected: "lead", found: "clerk")) {
            try approved.applying(.unapprove, by: "clerk")
        }
        #expect(try approved.applying(.unapprove, by: "lead").reviewAuthorisedBy == nil)
    }

    @Test(
        "leaves the rest to a person",
        arguments: [
            (["rule:费用@3"], 100_00, true, 499, .sampled),
            (["rule:费用@3"], 100_00, true, 500, nil),
            (["rule:费用@3"], 100_00, false, 9_999, .checksFailed),
            (
                ["rule:费用@3"], 100_01, true, 9_999,
                .aboveCeiling(Money(minorUnits: 100_01, .cny), ceiling: Money(minorUnits: 100_00, .cny))
            ),
            (["rule:费用@2"], 1, true, 9_999, .otherMaker(expected: "rule:费用@3", found: ["rule:费用@2"])),
            (
                ["rule:费用@3", "u-1"], 1, true, 9_999,
                .otherMaker(expected: "rule:费用@3", found: ["rule:费用@3", "u-1"])
            ),
        ] as [([PersonID], Int64, Bool, UInt64, AutomaticReview.Objection?)]
    )
    func objects(
        makers: [PersonID], volume: Int64, checksPassed: Bool, sample: UInt64, objection: AutomaticReview.Objection?
    ) throws {
        let found = try policy().objection(
            to: standing(makers: makers, volume: volume), checksPassed: checksPassed, sample: digest(sample)
        )
        #expect(found == objection)
    }

    @Test("samples at least five percent", arguments: [(4, false), (5, true), (100, true), (101, false)])
    func share(percent: Int, isAllowed: Bool) {
        #expect(((try? policy(percent: percent)) != nil) == isAllowed)
    }

    @Test("draws about its share of random digests")
    func draws() throws {
        let policy = try policy()
        var generator = SeededGenerator(seed: 7)
        let drawn = (0..<20_000).filter { _ in policy.isSampled(digest(generator.next())) }.count
        #expect((900...1100).contains(drawn))
    }

    @Test("counts red lines at their full amount")
    func volume() throws {
        let voucher = try TestBook.voucher(
            lines: [
                TestBook.line(.debit, "1001", 500), TestBook.line(.debit, "1001", -499),
                TestBook.line(.credit, "1001", 1),
            ]
        )
        #expect(voucher.total.minorUnits == 1)
        #expect(VoucherStanding(of: voucher, in: try TestBook.chart()).volume.minorUnits == 999)
    }

    private func policy(percent: Int = 5) throws -> AutomaticReview {
        try AutomaticReview(
            ruleBook: "费用", version: "3", ceiling: Money(minorUnits: 100_00, .cny), samplePercent: percent,
            authorisedBy: "lead"
        )
    }

    private func standing(makers: [PersonID] = ["rule:费用@3"], volume: Int64 = 1) -> VoucherStanding {
        VoucherStanding(
            id: "V", makers: makers, volume: Money(minorUnits: volume, .cny), movesMoney: false, state: .pending
        )
    }

    /// A digest that begins with a number.
    private func digest(_ number: UInt64) -> Digest {
        let head = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
        guard let digest = Digest(bytes: head + Array(repeating: 0, count: 24)) else { preconditionFailure("32 bytes") }
        return digest
    }
}
