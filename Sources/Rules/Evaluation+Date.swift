import Decisions
import Kernel
import Ledger

extension Evaluation {
    /// The accounting date: the day of the money or of the document, moved to the first open day where the book
    /// says so.
    mutating func accountingDate(movesMoney: Bool) throws(Stop) -> (Day, Phrase?) {
        let formula = movesMoney ? book.dates.money : book.dates.other
        let found = try value(formula)
        guard let day = found.date else {
            throw .value(
                formula, expected: Phrase(zh: "一个日期", en: "a date"), found: found,
                where: Phrase(zh: "记账日期", en: "the accounting date"))
        }
        guard let open = try value(book.dates.openFrom).date, day < open else { return (day, nil) }
        if day.year < open.year {
            throw .hold("earlier_year", closed(day, open, code: "rules.earlier_year"))
        }
        guard try value(book.dates.closedPeriod).string == "first_open_day" else {
            throw Stop(
                way: .reject, problemClass: "period_closed", problem: closed(day, open, code: "rules.period_closed"))
        }
        return (
            open,
            Phrase(
                zh: "\(day) 所在期间已结账，记在第一个开放日 \(open)。",
                en: "The period of \(day) is closed; the date is the first open day, \(open)."
            )
        )
    }

    private func closed(_ day: Day, _ open: Day, code: String) -> Problem {
        let isYear = code == "rules.earlier_year"
        return Problem(
            code: code,
            title: isYear
                ? Phrase(zh: "单据属于以前年度。", en: "The document belongs to an earlier year.")
                : Phrase(zh: "会计期间已结账。", en: "The accounting period is closed."),
            location: Phrase(zh: "记账日期 \(day)", en: "accounting date \(day)"),
            cause: Phrase(zh: "账簿从 \(open) 起开放。", en: "The ledger is open from \(open)."),
            remedy: isYear
                ? Phrase(
                    zh: "请会计决定记在本年，或按以前年度损益调整。",
                    en: "An accountant decides: this year, or an adjustment of the earlier one.")
                : Phrase(
                    zh: "请申请人改在开放期间重新提交，或由会计修改参数。",
                    en: "The applicant submits again in an open period, or an accountant changes the setting.")
        )
    }
}
