package import Kernel

/// Why an act on a voucher is refused.
package enum VoucherStateError: Error, Hashable {
    /// The voucher stands where this act has no place.
    case notNow(Voucher.ID, act: VoucherAct.Name, state: VoucherState)
    /// One person would hold two duties that are kept apart.
    case sameDuty(Voucher.ID, PersonID, first: Duty, second: Duty)
    case notAPerson(Voucher.ID, PersonID, act: VoucherAct.Name)
    case otherReviewer(Voucher.ID, expected: PersonID?, found: PersonID)
    case cashierMissing(Voucher.ID)
    case noMoney(Voucher.ID)
    case signedAlready(Voucher.ID, by: PersonID)
    case reasonMissing(Voucher.ID)
    case needsReviewer(Voucher.ID, AutomaticReview.Objection)
    case reversalOfReversal(Voucher.ID)
    case reversedAlready(Voucher.ID, by: Voucher.ID)
    case sampleTooSmall(percent: Int)
    case authoriserMissing(ruleBook: String)

    /// A duty on a voucher (岗位).
    package enum Duty: String, Hashable, Sendable {
        case maker
        case reviewer
        case cashier
        case poster
    }
}

extension VoucherStateError: Explainable {
    package var problem: Problem {
        Problem(code: code, title: title, location: location, cause: cause, remedy: remedy)
    }

    private var code: String {
        switch self {
        case .notNow: "voucher.not_now"
        case .sameDuty: "voucher.duties_not_separate"
        case .notAPerson: "voucher.needs_a_person"
        case .otherReviewer: "voucher.other_reviewer"
        case .cashierMissing: "voucher.cashier_missing"
        case .noMoney: "voucher.moves_no_money"
        case .signedAlready: "voucher.signed_already"
        case .reasonMissing: "voucher.reason_missing"
        case .needsReviewer: "voucher.needs_reviewer"
        case .reversalOfReversal: "voucher.cannot_reverse_reversal"
        case .reversedAlready: "voucher.reversed_already"
        case .sampleTooSmall: "automatic_review.sample_too_small"
        case .authoriserMissing: "automatic_review.authoriser_missing"
        }
    }

    private var title: Phrase {
        switch self {
        case .notNow: Phrase(zh: "凭证当前状态不允许此操作。", en: "The voucher does not stand where this can be done.")
        case .sameDuty: Phrase(zh: "不相容岗位不能由同一人担任。", en: "One person cannot hold both duties on a voucher.")
        case .notAPerson: Phrase(zh: "此操作须由人完成。", en: "Only a person can do this.")
        case .otherReviewer: Phrase(zh: "只有原审核人可以取消审核。", en: "Only the reviewer can take the approval back.")
        case .cashierMissing: Phrase(zh: "出纳尚未签字。", en: "The cashier has not signed.")
        case .noMoney: Phrase(zh: "该凭证不涉及现金和银行。", en: "The voucher moves no money.")
        case .signedAlready: Phrase(zh: "出纳已经签字。", en: "The cashier has signed already.")
        case .reasonMissing: Phrase(zh: "退回时没有写明原因。", en: "The voucher was sent back without a reason.")
        case .needsReviewer: Phrase(zh: "该凭证须由人审核。", en: "A person has to review this voucher.")
        case .reversalOfReversal: Phrase(zh: "红字冲销凭证不能再冲销。", en: "A reversal cannot be reversed.")
        case .reversedAlready: Phrase(zh: "该凭证已被冲销。", en: "The voucher was reversed already.")
        case .sampleTooSmall: Phrase(zh: "自动审核的抽查比例不合规定。", en: "The sample of an automatic review is not allowed.")
        case .authoriserMissing:
            Phrase(zh: "自动审核没有授权人。", en: "Nobody authorised the automatic review.")
        }
    }

    private var location: Phrase {
        switch self {
        case .notNow(let id, _, _), .sameDuty(let id, _, _, _), .notAPerson(let id, _, _), .otherReviewer(let id, _, _),
            .cashierMissing(let id), .noMoney(let id), .signedAlready(let id, _), .reasonMissing(let id),
            .needsReviewer(let id, _), .reversalOfReversal(let id), .reversedAlready(let id, _):
            Phrase(zh: "凭证 \(id)", en: "voucher \(id)")
        case .sampleTooSmall: Phrase(zh: "自动审核策略", en: "policy of automatic review")
        case .authoriserMissing(let book):
            Phrase(zh: "规则集「\(book)」的自动审核策略", en: "policy of automatic review of rule book “\(book)”")
        }
    }

    private var cause: Phrase {
        switch self {
        case .notNow(_, let act, let state):
            Phrase(
                zh: "凭证\(state.term.zh)，不能\(act.term.zh)。",
                en: "It is \(state.term.en), so nobody can \(act.term.en) it.")
        case .sameDuty(_, let person, let first, let second):
            Phrase(
                zh: "\(person) 已是该凭证的\(first.term.zh)，不能再任\(second.term.zh)（\(Self.rule(first, second))）。",
                en:
                    "\(person) is its \(first.term.en) and cannot be its \(second.term.en) too (\(Self.rule(first, second)))."
            )
        case .notAPerson(_, let person, let act):
            Phrase(
                zh: "「\(person)」是规则集，不能\(act.term.zh)。", en: "“\(person)” is a rule book and cannot \(act.term.en) it.")
        case .otherReviewer(_, let expected, let found):
            Phrase(
                zh: "审核人是 \(expected?.text ?? "—")，操作人是 \(found)。",
                en: "The reviewer is \(expected?.text ?? "—"), not \(found)."
            )
        case .cashierMissing:
            Phrase(
                zh: "凭证含现金或银行分录，账套要求记账前出纳签字。",
                en: "A line is on a cash or bank account, and the book asks for the cashier before posting."
            )
        case .noMoney: Phrase(zh: "没有一行分录在现金、银行类科目上。", en: "No line is on a cash or bank account.")
        case .signedAlready(_, let person): Phrase(zh: "\(person) 已签字。", en: "\(person) signed it.")
        case .reasonMissing:
            Phrase(zh: "制单人需要知道改什么。", en: "The maker has to know what to change.")
        case .needsReviewer(_, let objection): objection.cause
        case .reversalOfReversal:
            Phrase(zh: "它本身就是一张红字冲销凭证。", en: "It takes another voucher back already.")
        case .reversedAlready(_, let reversal):
            Phrase(
                zh: "凭证 \(reversal) 已冲销它，一张凭证只能冲销一次。", en: "Voucher \(reversal) reversed it, and one is reversed once.")
        case .sampleTooSmall(let percent):
            Phrase(
                zh: "写的是 \(percent)%，应在 \(AutomaticReview.leastSamplePercent)% 到 100% 之间。",
                en: "It says \(percent) %; it must be from \(AutomaticReview.leastSamplePercent) % to 100 %."
            )
        case .authoriserMissing:
            Phrase(zh: "授权须记名到一位财务负责人。", en: "The authorisation must name a finance lead.")
        }
    }

    /// The rule by which two duties are kept apart, as the table of duties numbers it.
    private static func rule(_ first: Duty, _ second: Duty) -> String {
        switch (first, second) {
        case (.cashier, _), (_, .cashier): "SOD-04"
        case (.maker, .poster), (.poster, .maker): "SOD-03"
        case (.reviewer, .poster), (.poster, .reviewer): "SOD-02"
        default: "SOD-01"
        }
    }

    private var remedy: Phrase {
        switch self {
        case .notNow(_, _, let state): state.remedy
        case .sameDuty(_, _, .reviewer, .poster):
            Phrase(
                zh: "请由另一位有记账权的同事记账；确无他人的小企业，由财务主管在账套设置中登记有期限的例外。",
                en: "Let another poster post it; a small company without one has the finance lead record an exception "
                    + "with an end in the book's settings."
            )
        case .sameDuty: Phrase(zh: "请由另一位有权限的同事办理。", en: "Let another person who has the right do it.")
        case .notAPerson: Phrase(zh: "请由有权限的人办理。", en: "Let a person who has the right do it.")
        case .otherReviewer: Phrase(zh: "请联系原审核人取消审核。", en: "Ask the reviewer to take the approval back.")
        case .cashierMissing: Phrase(zh: "请出纳核对收付款后签字。", en: "Let the cashier check the payment and sign.")
        case .noMoney: Phrase(zh: "无需出纳签字，直接审核即可。", en: "No signature is needed; review it.")
        case .signedAlready: Phrase(zh: "无需重复签字。", en: "Nothing is left to sign.")
        case .reasonMissing: Phrase(zh: "请填写退回原因。", en: "Write the reason.")
        case .needsReviewer:
            Phrase(zh: "请审核人在待审列表中审核。", en: "Let a reviewer approve it in the list of pending vouchers.")
        case .reversalOfReversal: Phrase(zh: "请另填一张蓝字凭证补记。", en: "Write a new voucher with the right amounts instead.")
        case .reversedAlready: Phrase(zh: "请查看冲销凭证。", en: "Look at the reversal.")
        case .sampleTooSmall: Phrase(zh: "请提高抽查比例。", en: "Raise the share that a person reviews.")
        case .authoriserMissing:
            Phrase(zh: "请由财务负责人授权后发布。", en: "Let a finance lead authorise it before it is published.")
        }
    }
}

extension VoucherState {
    /// The state as a word in a sentence.
    package var term: Phrase {
        switch self {
        case .draft: Phrase(zh: "为草稿", en: "a draft")
        case .pending: Phrase(zh: "待审核", en: "pending")
        case .approved: Phrase(zh: "已审核", en: "approved")
        case .posted: Phrase(zh: "已记账", en: "posted")
        case .discarded: Phrase(zh: "已作废", en: "discarded")
        }
    }

    fileprivate var remedy: Phrase {
        switch self {
        case .draft: Phrase(zh: "请先提交审核。", en: "Submit it first.")
        case .pending: Phrase(zh: "请先由审核人审核，或退回制单人。", en: "Let a reviewer approve it or send it back first.")
        case .approved:
            Phrase(zh: "请先由原审核人取消审核，或直接记账。", en: "Post it, or let its reviewer take the approval back first.")
        case .posted:
            Phrase(zh: "已记账的凭证不能修改，请用红字冲销。", en: "A posted voucher is not changed; reverse it instead.")
        case .discarded: Phrase(zh: "请重新填制凭证。", en: "Write a new voucher.")
        }
    }
}

extension VoucherAct.Name {
    fileprivate var term: Phrase {
        switch self {
        case .submit: Phrase(zh: "提交", en: "submit")
        case .approve: Phrase(zh: "审核", en: "approve")
        case .sendBack: Phrase(zh: "退回", en: "send back")
        case .signAsCashier: Phrase(zh: "出纳签字", en: "sign")
        case .unapprove: Phrase(zh: "取消审核", en: "take back the approval of")
        case .post: Phrase(zh: "记账", en: "post")
        case .discard: Phrase(zh: "作废", en: "discard")
        case .reverse: Phrase(zh: "冲销", en: "reverse")
        }
    }
}

extension VoucherStateError.Duty {
    fileprivate var term: Phrase {
        switch self {
        case .maker: Phrase(zh: "制单人", en: "maker")
        case .reviewer: Phrase(zh: "审核人", en: "reviewer")
        case .cashier: Phrase(zh: "出纳", en: "cashier")
        case .poster: Phrase(zh: "记账人", en: "poster")
        }
    }
}

extension AutomaticReview.Objection {
    /// Why a person has to look at the voucher, as the list of pending vouchers shows it.
    package var cause: Phrase {
        switch self {
        case .otherMaker(let expected, let found):
            Phrase(
                zh: "策略只适用于 \(expected) 独自生成的凭证，制单为 \(found.map(\.text).joined(separator: "、"))。",
                en:
                    "The policy covers what \(expected) made alone; made by \(found.map(\.text).joined(separator: ", "))."
            )
        case .reversal: Phrase(zh: "冲销凭证不自动审核。", en: "A reversal is not approved automatically.")
        case .checksFailed: Phrase(zh: "有检查未通过。", en: "A check did not pass.")
        case .aboveCeiling(let amount, let ceiling):
            Phrase(zh: "金额 \(amount) 超过上限 \(ceiling)。", en: "Its amount \(amount) is above the ceiling \(ceiling).")
        case .sampled: Phrase(zh: "该凭证被抽中，须由人复核。", en: "It was drawn for the sample that a person reviews.")
        }
    }
}
