package import Kernel

/// Two duties that met in one person.
package struct DutyConflict: Hashable, Sendable {
    package let rule: DutyRule
    package let person: Person.ID
    /// Where: a book, or a voucher.
    package let place: String
    /// The roles that clash; empty where the clash is about one voucher.
    package let roles: [Role]
    /// What meets on one voucher; `nil` where roles clash.
    package let meeting: Meeting?

    /// What somebody is to a voucher, and what they ask for now.
    package struct Meeting: Hashable, Sendable {
        package let has: VoucherDuty
        package let asks: Right

        package init(has: VoucherDuty, asks: Right) {
            self.has = has
            self.asks = asks
        }
    }

    package init(
        rule: DutyRule, person: Person.ID, place: String, roles: [Role] = [], meeting: Meeting? = nil
    ) {
        self.rule = rule
        self.person = person
        self.place = place
        self.roles = roles
        self.meeting = meeting
    }
}

extension DutyConflict: Explainable {
    package var problem: Problem {
        Problem(
            code: "access.duty_conflict",
            title: Phrase(
                zh: "不相容职务冲突：\(rule.title.zh)（\(rule.rawValue)）。",
                en: "Duties that must be kept apart meet: \(rule.title.en) (\(rule.rawValue))."
            ),
            location: meeting == nil
                ? Phrase(zh: "用户 \(person)，\(place)", en: "person \(person), \(place)")
                : Phrase(zh: "凭证 \(place)", en: "voucher \(place)"),
            cause: cause, remedy: remedy
        )
    }

    private var cause: Phrase {
        guard let meeting else {
            let names = Phrase(
                zh: roles.map(\.title.zh).joined(separator: "、"), en: roles.map(\.title.en).joined(separator: ", ")
            )
            return Phrase(zh: "同时担任：\(names.zh)。", en: "One person holds: \(names.en).")
        }
        return Phrase(
            zh: "\(person) 是这张凭证的\(meeting.has.title.zh)，现在要办理「\(meeting.asks.title.zh)」。",
            en: "\(person) is its \(meeting.has.title.en) and now asks to \(meeting.asks.title.en)."
        )
    }

    private var remedy: Phrase {
        guard meeting != nil else {
            return Phrase(
                zh: "请由安全管理员收回其中一个角色。", en: "The security administrator takes one of the roles back."
            )
        }
        return switch rule {
        case .approverPosts:
            Phrase(
                zh: "请由另一位有记账权的同事记账；确无他人的小企业，由财务主管在账套设置中登记有期限的例外。",
                en: "Let another poster post it; a small company without one has the finance lead record an exception "
                    + "with an end in the book's settings."
            )
        case .requesterInChain:
            Phrase(
                zh: "请由与本单无关的同事办理；若只是同名，请在该员工的基础资料中填写其登录名（login）。",
                en: "Let somebody else do it; if only the names are alike, set the employee's login in master data."
            )
        case .publisherApproves:
            Phrase(
                zh: "请由另一位审核人审核；之后生成的凭证不受此限。",
                en: "Let another reviewer approve it; what the rules make after the first 24 hours is not concerned."
            )
        default: Phrase(zh: "请由另一位有权限的同事办理。", en: "Let another person who has the right do it.")
        }
    }
}
