import Access
import Kernel
import Testing

private let li = Person(id: "p-li", login: "li", name: "李")

private func grant(_ role: Role, _ book: String = "a", to person: Person.ID = li.id) -> Grant {
    Grant(person: person, role: role, book: book)
}

@Suite("Person")
struct PersonTests {
    @Test(
        "may what a role in the book allows, and nothing else",
        arguments: [
            (Right.voucherEdit, Role.maker, true), (.voucherEdit, .reviewer, false), (.voucherEdit, .lead, false),
            (.voucherApprove, .reviewer, true), (.voucherApprove, .lead, true), (.voucherApprove, .maker, false),
            (.voucherSign, .cashier, true), (.voucherSign, .lead, false), (.voucherPost, .poster, true),
            (.voucherPost, .lead, false), (.voucherReverse, .maker, true), (.voucherReverse, .poster, false),
            (.periodClose, .lead, true), (.periodClose, .admin, false), (.rulesEdit, .rules, true),
            (.rulesPublish, .rules, false), (.rulesPublish, .lead, true), (.connectorEdit, .admin, true),
            (.connectorEdit, .implementer, true), (.caseResolve, .implementer, false), (.caseResolve, .lead, true),
            (.usersEdit, .admin, true), (.rolesAssign, .admin, false), (.rolesAssign, .security, true),
            (.usersEdit, .security, false), (.logVerify, .auditor, true), (.logRead, .security, true),
            (.voucherRead, .admin, false), (.voucherRead, .security, false), (.voucherRead, .auditor, true),
            (.ownRead, .employee, true), (.casesRead, .employee, false),
        ]
    )
    func table(right: Right, role: Role, isAllowed: Bool) {
        #expect(li.may(right, in: "a", grants: [grant(role)]).isAllowed == isAllowed)
    }

    @Test("holds a role in the book of the grant only, unless the grant is for every book")
    func books() {
        #expect(li.may(.voucherEdit, in: "b", grants: [grant(.maker, "a")]) == .denied(denial(.noGrant)))
        #expect(li.may(.voucherEdit, in: "b", grants: [grant(.reviewer, "b")]) == .denied(denial(.noRole)))
        let everywhere = grant(.maker, Grant.everyBook)
        #expect(li.may(.voucherEdit, in: "b", grants: [everywhere]) == .allowed(by: everywhere))
    }

    @Test("gains nothing from somebody else's grant, from being disabled, or from a token that is narrower")
    func narrowing() {
        #expect(!li.may(.voucherEdit, in: "a", grants: [grant(.maker, to: "p-wu")]).isAllowed)
        let disabled = Person(id: li.id, login: "li", name: "李", isActive: false)
        #expect(disabled.may(.voucherEdit, in: "b", grants: [grant(.maker, "b")]) == .denied(denial(.inactive)))
        let grants = [grant(.maker, "b")]
        #expect(li.may(.voucherEdit, in: "b", grants: grants, token: [.voucherRead]) == .denied(denial(.notInToken)))
        #expect(li.may(.voucherEdit, in: "b", grants: grants, token: [.voucherEdit]).isAllowed)
        #expect(!li.may(.voucherPost, in: "b", grants: grants, token: [.voucherPost]).isAllowed)
    }

    @Test("is told by the error which right is missing")
    func explained() {
        let problem = denial(.noRole).problem
        #expect(problem.code == "access.denied")
        #expect(problem.cause.en.contains("voucher.edit"))
        #expect(throws: denial(.noGrant)) { try li.may(.voucherEdit, in: "b", grants: []).require() }
    }

    private func denial(_ reason: AccessError.Denial) -> AccessError {
        .denied(.voucherEdit, book: "b", because: reason)
    }

    @Test("has a login of two to 64 plain characters, in small letters")
    func login() throws {
        #expect(try Person.checkedLogin("Li.Lei_7@demo-co") == "li.lei_7@demo-co")
        #expect(try Person.checkedLogin(String(repeating: "a", count: 64)).count == 64)
        for text in ["", "a", String(repeating: "a", count: 65), "李雷", "li lei", "li/lei", "ｌｉ"] {
            #expect(throws: AccessError.loginInvalid(text)) { try Person.checkedLogin(text) }
        }
    }

    @Test("can hold every right through some role, and no administrator touches a voucher")
    func coverage() {
        #expect(Role.allCases.reduce(into: Set<Right>()) { $0.formUnion($1.rights) } == Set(Right.allCases))
        let touching: Set<Right> = [.voucherEdit, .voucherApprove, .voucherSign, .voucherPost, .voucherReverse]
        for role in [Role.admin, .security, .auditor] { #expect(role.rights.isDisjoint(with: touching)) }
    }
}

@Suite("DutyRule")
struct DutyRuleTests {
    @Test(
        "keeps two roles of one person apart",
        arguments: [
            ([Role.maker, .reviewer], "SOD-01"), ([.maker, .lead], "SOD-01"), ([.reviewer, .poster], "SOD-02"),
            ([.lead, .poster], "SOD-02"), ([.maker, .poster], "SOD-03"), ([.cashier, .reviewer], "SOD-04"),
            ([.cashier, .maker], "SOD-04"), ([.cashier, .poster], "SOD-04"), ([.cashier, .auditor], "SOD-04"),
            ([.rules, .lead], "SOD-05"), ([.security, .reviewer], "SOD-07"), ([.admin, .poster], "SOD-08"),
            ([.admin, .security], "SOD-ADM"), ([.auditor, .maker], "SOD-ADM"), ([.maker, .rules], nil),
            ([.reviewer, .lead], nil), ([.poster, .employee], nil), ([.implementer, .admin], nil), ([.lead], nil),
        ] as [([Role], String?)]
    )
    func roleSets(roles: [Role], rule: String?) {
        let found = dutyConflicts(in: roles.map { grant($0) }, profile: .strict)
        #expect(found.first?.rule.rawValue == rule)
        #expect(found.allSatisfy { $0.person == li.id && $0.roles.count == 2 })
    }

    @Test("is broken by no single role")
    func singleRoles() {
        for rule in DutyRule.allCases {
            for role in Role.allCases {
                #expect(
                    !rule.pairs.contains { role.rights.contains($0) && role.rights.contains($1) }, "\(rule) \(role)")
            }
        }
    }

    @Test("looks at one person in one book, except where a rule is about the installation")
    func places() {
        let apart = [grant(.maker, "a"), grant(.reviewer, "b")]
        #expect(dutyConflicts(in: apart, profile: .strict).isEmpty)
        #expect(!dutyConflicts(in: [grant(.maker, "a"), grant(.reviewer, Grant.everyBook)], profile: .strict).isEmpty)
        let two = [grant(.maker), grant(.reviewer, to: "p-wu")]
        #expect(dutyConflicts(in: two, profile: .strict).isEmpty)
        let installation = [grant(.security, "installation"), grant(.reviewer, "b")]
        #expect(dutyConflicts(in: installation, profile: .strict).map(\.rule) == [.assignerInFinance])
    }

    @Test("lets the approver of a small company post, and nothing more")
    func small() {
        #expect(dutyConflicts(in: [grant(.reviewer), grant(.poster)], profile: .small).isEmpty)
        #expect(!dutyConflicts(in: [grant(.maker), grant(.poster)], profile: .small).isEmpty)
        let relaxed = DutyRule.allCases.filter { !$0.applies(in: .small) }
        #expect(relaxed == [.approverPosts])
    }
}

@Suite("VoucherDuties")
struct VoucherDutiesTests {
    private let published = Timestamp(seconds: 0)

    private var duties: VoucherDuties {
        VoucherDuties(
            voucher: "V-1",
            makers: ["maker", "editor"],
            approver: "reviewer",
            cashier: "cashier",
            poster: nil,
            requesters: ["employee"],
            publisher: "lead"
        )
    }

    @Test(
        "keep the next duty from whoever had another one",
        arguments: [
            ("maker", Right.voucherApprove, "SOD-01"), ("editor", .voucherApprove, "SOD-01"),
            ("cashier", .voucherApprove, "SOD-04"), ("employee", .voucherApprove, "SOD-09"),
            ("other", .voucherApprove, nil), ("reviewer", .voucherPost, "SOD-02"), ("maker", .voucherPost, "SOD-03"),
            ("cashier", .voucherPost, "SOD-04"), ("employee", .voucherPost, "SOD-09"), ("other", .voucherPost, nil),
            ("reviewer", .voucherSign, "SOD-04"), ("maker", .voucherSign, "SOD-04"), ("other", .voucherSign, nil),
            ("employee", .voucherReverse, "SOD-09"), ("maker", .voucherReverse, nil),
            ("employee", .voucherEdit, "SOD-09"),
            ("lead", .voucherApprove, "SOD-06"), ("lead", .voucherPost, nil), ("employee", .voucherSign, "SOD-09"),
            ("reviewer", .voucherEdit, "SOD-01"), ("maker", .voucherEdit, nil), ("maker", .voucherRead, nil),
        ] as [(String, Right, String?)]
    )
    func table(person: String, right: Right, rule: String?) {
        let found = duties.conflict(of: Person.ID(person), doing: right, profile: .strict)
        #expect(found?.rule.rawValue == rule)
        guard let found, let rule else { return }
        // A refusal says who, which duty, which rule, and how to go on.
        for language in [Language.zh, .en] {
            let problem = found.problem
            #expect(problem.cause.text(in: language).contains(person))
            #expect(problem.cause.text(in: language).contains(right.title.text(in: language)))
            #expect(problem.title.text(in: language).contains(rule))
            #expect(!problem.remedy.text(in: language).isEmpty)
        }
    }

    @Test("count what a version makes in its first 24 hours")
    func publisher() {
        #expect(VoucherDuties.isFresh(published: published, voucherMade: published.adding(seconds: 86_399)))
        #expect(!VoucherDuties.isFresh(published: published, voucherMade: published.adding(seconds: 86_400)))
    }

    @Test("let the approver post in a small company, but never their own claim")
    func small() {
        let own = VoucherDuties(voucher: "V-2", makers: [], approver: "li", requesters: ["li"])
        #expect(own.conflict(of: "li", doing: .voucherPost, profile: .small)?.rule == .requesterInChain)
        #expect(duties.conflict(of: "reviewer", doing: .voucherPost, profile: .small) == nil)
    }
}

@Suite("DutyPolicy")
struct DutyPolicyTests {
    @Test("is strict, unless an exception lasts")
    func profile() throws {
        let last = try #require(Day("2026-06-30"))
        let small = DutyPolicy(exception: DutyPolicy.Exception(reason: "两人财务", allowedBy: "lead", until: last))
        #expect(DutyPolicy.standard.profile(on: last) == .strict)
        #expect(small.profile(on: last) == .small)
        #expect(small.profile(on: last.adding(days: 1)) == .strict)
        for policy in [small, .standard, DutyPolicy(publisherCeiling: 5_000)] {
            #expect(DutyPolicy(json: policy.json) == policy)
        }
        #expect(DutyPolicy(json: ["profile": "small", "publisher_ceiling": 0]) == nil)
    }
}
