import Kernel
import Ledger
import Pipeline

extension VoucherRecord {
    /// What the log says of a voucher: all of it, or its standing alone where the lines did not change.
    ///
    /// By whom it was reversed is not in it: the reversing voucher says so.
    func json(withVoucher: Bool) -> JSON {
        var members: [(String, JSON)] = [
            ("id", .string(voucher.id.text)), ("state", .string(standing.state.rawValue)),
            ("reference", .integer(reference.number)), ("case", .optional(caseID?.text)),
            ("run", run.map { .integer($0) } ?? .null), ("posting_key", .string(postingKey)),
            ("reviewer", .optional(standing.reviewer?.text)),
            ("review_authorised_by", .optional(standing.reviewAuthorisedBy?.text)),
            ("cashier", .optional(standing.cashier?.text)), ("poster", .optional(standing.poster?.text)),
            ("needs_cashier", .bool(needsCashier)), ("moves_money", .bool(standing.movesMoney)),
            ("return_reason", .optional(standing.returnReason)), ("created_at", .string(createdAt.text)),
            ("posted_at", .optional(postedAt?.text)), ("version", .integer(version)),
        ]
        if let number {
            members.append(("number", .string(number.text)))
            members.append(("period", .string(number.period.text)))
        }
        if withVoucher { members.append(("voucher", voucher.json)) }
        return .object(members)
    }

    /// What happened between two states of an unposted voucher, as the log calls it.
    func change(from old: VoucherRecord?) -> String {
        guard let old, old.voucher.made(by: voucher.makers) == voucher else { return "voucher.changed" }
        if old.standing.cashier == nil, standing.cashier != nil { return "voucher.signed" }
        switch (old.state, state) {
        case (.draft, .pending): return "voucher.submitted"
        case (.pending, .approved), (.draft, .approved): return "voucher.approved"
        case (.pending, .draft): return "voucher.returned"
        case (.approved, .pending): return "voucher.unapproved"
        default: return "voucher.changed"
        }
    }
}
