import Cryptography
package import Kernel
package import Ledger

/// Step 5: what the rules proposed becomes a balanced voucher of this book, or the reason why not.
package enum VoucherStep {
    /// The first thing that keeps the drafts from being vouchers; `nil` when there is none.
    package static func problem(of drafts: [VoucherDraft], picture: BookPicture, now: Timestamp) -> Problem? {
        let today = picture.zone.day(of: now)
        for draft in drafts {
            guard draft.date <= today else { return inFuture(draft.date, today: today) }
            guard picture.isOpen(draft.date.period) else {
                return PostingError.periodClosed(Voucher.ID(draft.documentNumber), draft.date.period).problem
            }
            do throws(VoucherError) {
                let voucher = try Voucher(
                    id: Voucher.ID(draft.documentNumber), word: draft.word, date: draft.date,
                    attachments: draft.attachments, summary: draft.summary, lines: draft.lines, makers: [draft.maker]
                )
                try voucher.check(against: picture.chart, items: picture.items)
            } catch {
                return error.problem
            }
        }
        return nil
    }

    /// Where a new voucher stands: submitted by the rules, and approved where a policy may.
    package static func standing(
        of voucher: Voucher, draft: VoucherDraft, duties: DutySettings, mayReviewItself: Bool
    ) throws -> VoucherStanding {
        let submitted = try VoucherStanding(
            id: voucher.id, makers: voucher.makers, volume: voucher.volume, movesMoney: draft.movesMoney
        ).applying(.submit, by: draft.maker, settings: duties)
        guard mayReviewItself, let policy = draft.automaticReview else { return submitted }
        // By the case, so that another run does not roll the dice again.
        let sample = sha256(Array((voucher.caseID ?? voucher.id.text).utf8))
        guard policy.objection(to: submitted, checksPassed: true, sample: sample) == nil else { return submitted }
        return try submitted.applying(
            .approveAutomatically(policy, checksPassed: true, sample: sample), by: policy.reviewer, settings: duties
        )
    }

    private static func inFuture(_ day: Day, today: Day) -> Problem {
        Problem(
            code: "ledger.future_date",
            title: Phrase(zh: "凭证日期在将来。", en: "The voucher would be dated in the future."),
            location: Phrase(zh: "日期 \(day)", en: "date \(day)"),
            cause: Phrase(zh: "今天是 \(today)。", en: "Today is \(today)."),
            remedy: Phrase(
                zh: "请核对审批时间和服务器时钟；到期后重试。",
                en: "Check the approval's time and the server's clock; retry when the day has come."
            )
        )
    }
}
