package import Kernel

/// A pair of duties that must not meet in one person (不相容职务分离).
package enum DutyRule: String, Hashable, Sendable, CaseIterable {
    case makerApproves = "SOD-01"
    case approverPosts = "SOD-02"
    case makerPosts = "SOD-03"
    /// Accounting Law: a cashier does not review, keep archives, or keep the books of income, expense and debts.
    case cashierKeepsBooks = "SOD-04"
    case authorPublishes = "SOD-05"
    case publisherApproves = "SOD-06"
    case assignerInFinance = "SOD-07"
    case secretHolderPosts = "SOD-08"
    case requesterInChain = "SOD-09"
    /// 三员分立: three administrators are three persons, and none of them touches vouchers.
    case administrators = "SOD-ADM"

    /// How a company separates duties.
    package enum Profile: String, Hashable, Sendable, CaseIterable {
        case strict
        /// A small company may let the approver post, as a recorded exception.
        case small
    }

    package func applies(in profile: Profile) -> Bool { profile == .strict || self != .approverPosts }

    /// Pairs of rights that one person must not hold; empty for the rules that look at one voucher only.
    package var pairs: [(Right, Right)] {
        let money: [Right] = [.voucherEdit, .voucherApprove, .voucherSign, .voucherPost]
        return switch self {
        case .makerApproves: [(.voucherEdit, .voucherApprove)]
        case .approverPosts: [(.voucherApprove, .voucherPost)]
        case .makerPosts: [(.voucherEdit, .voucherPost)]
        case .cashierKeepsBooks:
            [.voucherApprove, .archiveBuild, .voucherEdit, .voucherPost].map { (.voucherSign, $0) }
        case .authorPublishes: [(.rulesEdit, .rulesPublish)]
        case .publisherApproves, .requesterInChain: []
        case .assignerInFinance: money.map { (.rolesAssign, $0) }
        case .secretHolderPosts: [(.connectorEdit, .voucherPost)]
        case .administrators:
            [(.usersEdit, .rolesAssign), (.usersEdit, .logVerify), (.rolesAssign, .logVerify)]
                + money.flatMap { [(.usersEdit, $0), (.logVerify, $0)] }
        }
    }

    /// Whether the pair is forbidden even where the two rights are held in different books.
    var crossesBooks: Bool {
        switch self {
        case .assignerInFinance, .secretHolderPosts, .administrators: true
        default: false
        }
    }

    package var title: Phrase {
        switch self {
        case .makerApproves: Phrase(zh: "制单与审核须分离", en: "Making and approving are kept apart")
        case .approverPosts: Phrase(zh: "审核与记账须分离", en: "Approving and posting are kept apart")
        case .makerPosts: Phrase(zh: "制单与记账须分离", en: "Making and posting are kept apart")
        case .cashierKeepsBooks:
            Phrase(
                zh: "出纳不得兼任审核、制单、记账与档案保管",
                en: "A cashier does not approve, make, post or keep archives"
            )
        case .authorPublishes: Phrase(zh: "规则编写与发布须分离", en: "Writing and publishing rules are kept apart")
        case .publisherApproves:
            Phrase(
                zh: "规则发布人在发布后 24 小时内不得审核该版本生成的超限凭证",
                en: "Who publishes a rule does not approve its large vouchers for 24 hours"
            )
        case .assignerInFinance:
            Phrase(zh: "分配角色的人不得担任财务角色", en: "Who assigns roles holds no finance role")
        case .secretHolderPosts:
            Phrase(zh: "连接器密钥持有人不得记账", en: "Who holds connector secrets does not post")
        case .requesterInChain:
            Phrase(zh: "申请人不得经手本人的单据", en: "Nobody handles their own claim")
        case .administrators:
            Phrase(
                zh: "系统、安全、审计管理员须由三人分任，且不得经手凭证",
                en: "System, security and audit administrators are three persons and touch no voucher"
            )
        }
    }
}

/// Every conflict that the roles of persons make, in the order of the rules.
package func dutyConflicts(in grants: [Grant], profile: DutyRule.Profile) -> [DutyConflict] {
    var found: [DutyConflict] = []
    var seen: Set<DutyConflict> = []
    for rule in DutyRule.allCases where rule.applies(in: profile) {
        for (index, left) in grants.enumerated() {
            for right in grants[(index + 1)...] where left.person == right.person {
                guard left.role != right.role, rule.crossesBooks || left.overlaps(right),
                    rule.forbids(left.role, with: right.role)
                else { continue }
                let conflict = DutyConflict(
                    rule: rule,
                    person: left.person,
                    place: left.book == Grant.everyBook ? right.book : left.book,
                    roles: [left.role, right.role].sorted { $0.rawValue < $1.rawValue }
                )
                if seen.insert(conflict).inserted { found.append(conflict) }
            }
        }
    }
    return found
}

extension DutyRule {
    fileprivate func forbids(_ left: Role, with right: Role) -> Bool {
        pairs.contains { first, second in
            left.rights.contains(first) && right.rights.contains(second)
                || left.rights.contains(second) && right.rights.contains(first)
        }
    }
}
