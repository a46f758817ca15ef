package import Kernel
package import Ledger

/// Why a person's act on a case does not go through.
package enum CaseDeskError: Error, Hashable {
    case unknown(Case.ID)
    case ended(Case.ID, Case.State)
    case unknownItem(String, String)
    case partlyPosted(Case.ID)
    case approved(Case.ID, Voucher.ID, by: PersonID?)
    case unknownDelivery(String)
    case notHeld(Case.ID, Case.State)
    case hasDrafts(Case.ID, [Voucher.ID])
    case reasonMissing(Case.ID)
    case unknownDeadLetter(Int64)
}

extension CaseDeskError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknown(let id):
            Problem(
                code: "case.unknown",
                title: Phrase(zh: "没有这张单。", en: "There is no such case."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "该账套中没有此编号。", en: "The book has no case of this id."),
                remedy: Phrase(zh: "请从单据列表打开。", en: "Open it from the list of cases.")
            )
        case .ended(let id, let state):
            Problem(
                code: "case.ended",
                title: Phrase(zh: "该单已经结束，不能重试。", en: "The case is over and cannot run again."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "状态为 \(state.rawValue)。", en: "Its state is \(state.rawValue)."),
                remedy: Phrase(
                    zh: "已记账的凭证只能红字冲销；修改应由 OA 以新版本发来。",
                    en: "A posted voucher can only be reversed; a change comes from the OA as a new revision."
                )
            )
        case .partlyPosted(let id):
            Problem(
                code: "case.partly_posted",
                title: Phrase(zh: "该单已有凭证记账，不能重新处理。", en: "A voucher of the case is posted; it cannot run again."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "重新处理会重复入账。", en: "Another run would book it twice."),
                remedy: Phrase(
                    zh: "请继续处理未记账的凭证；若已记账的有误，请先红字冲销。",
                    en: "Go on with the vouchers that are not posted; reverse the posted one first if it is wrong."
                )
            )
        case .approved(let id, let voucher, let reviewer):
            Problem(
                code: "case.approved",
                title: Phrase(zh: "凭证已经审核，不能重新处理。", en: "A voucher of the case is approved; it cannot run again."),
                location: Phrase(zh: "单 \(id)，凭证 \(voucher)", en: "case \(id), voucher \(voucher)"),
                cause: Phrase(
                    zh: "\(reviewer?.text ?? "—") 已审核；重新处理会推翻这一决定，实施人员无权作此决定。",
                    en:
                        "\(reviewer?.text ?? "—") approved it; another run would undo that, which is no implementer's decision."
                ),
                remedy: Phrase(
                    zh: "请由审核人取消审核，或由制单人、财务主管重试。",
                    en: "Let the reviewer take the approval back, or a maker or the finance lead retry it."
                )
            )
        case .unknownDelivery(let key):
            Problem(
                code: "delivery.unknown",
                title: Phrase(zh: "没有这条投递记录。", en: "There is no such delivery."),
                location: Phrase(zh: "投递 \(key)", en: "delivery \(key)"),
                cause: Phrase(zh: "该连接器没有收到过它。", en: "The connector never received it."),
                remedy: Phrase(zh: "请从投递记录列表打开。", en: "Open it from the list of deliveries.")
            )
        case .notHeld(let id, let state):
            Problem(
                code: "case.not_held",
                title: Phrase(zh: "该单没有挂起，不能人工结束。", en: "The case is not held and cannot be ended by hand."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "状态为 \(state.rawValue)。", en: "Its state is \(state.rawValue)."),
                remedy: Phrase(
                    zh: "等待中的单请处理其凭证；处理中的请稍候。",
                    en: "Work on the vouchers of a case that waits; let a running one go on."
                )
            )
        case .hasDrafts(let id, let vouchers):
            Problem(
                code: "case.has_drafts",
                title: Phrase(zh: "该单还有未处理的凭证。", en: "The case has vouchers that are not dealt with."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(
                    zh: "凭证 \(vouchers.map(\.text).joined(separator: "、")) 尚未作废，也未红字冲销。",
                    en: "Neither discarded nor reversed: \(vouchers.map(\.text).joined(separator: ", "))."
                ),
                remedy: Phrase(zh: "请先作废或红字冲销这些凭证。", en: "Discard or reverse them first.")
            )
        case .reasonMissing(let id):
            Problem(
                code: "case.reason_missing",
                title: Phrase(zh: "请写明理由。", en: "The reason is missing."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(
                    zh: "人工结束一张单须有 1 至 200 个字符的理由。", en: "Ending a case by hand needs a reason of 1 to 200 characters."
                ),
                remedy: Phrase(zh: "请补充理由后重试。", en: "Give the reason and try again.")
            )
        case .unknownDeadLetter(let id):
            Problem(
                code: "job.unknown_dead_letter",
                title: Phrase(zh: "没有这个死信。", en: "There is no such dead letter."),
                location: Phrase(zh: "作业 \(id)", en: "job \(id)"),
                cause: Phrase(zh: "它已被重试或处理。", en: "It was tried again or dealt with."),
                remedy: Phrase(zh: "请刷新死信列表。", en: "Look at the list again.")
            )
        case .unknownItem(let dimension, let code):
            Problem(
                code: "masterdata.unknown_item",
                title: Phrase(zh: "没有这个辅助核算项目。", en: "There is no such dimension item."),
                location: Phrase(zh: "\(dimension) \(code)", en: "\(dimension) \(code)"),
                cause: Phrase(zh: "编码不存在或已停用。", en: "The code does not exist or is not in use."),
                remedy: Phrase(zh: "请先新建该项目，或选择已有编码。", en: "Create it first, or choose a code that exists.")
            )
        }
    }
}
