package import Kernel

/// Whether a period takes vouchers (期间状态).
package enum PeriodState: String, Hashable, Sendable, CaseIterable {
    case neverOpened = "never_opened"
    case open
    case closed
}

/// The periods of a ledger and their states (会计期间).
package struct PeriodCalendar: Hashable, Sendable {
    private let states: [Period: PeriodState]

    /// A period that is not named was never opened.
    package init(_ states: [Period: PeriodState]) {
        self.states = states
    }

    /// All periods open from one to another.
    package init(openFrom first: Period, through last: Period) {
        var states: [Period: PeriodState] = [:]
        var period = first
        while period <= last {
            states[period] = .open
            period = period.next
        }
        self.states = states
    }

    package subscript(period: Period) -> PeriodState { states[period] ?? .neverOpened }

    package var firstOpen: Period? { states.filter { $0.value == .open }.keys.min() }
    package var lastOpen: Period? { states.filter { $0.value == .open }.keys.max() }

    /// The first open period after one.
    package func firstOpen(after period: Period) -> Period? {
        states.filter { $0.value == .open && $0.key > period }.keys.min()
    }

    package func setting(_ period: Period, _ state: PeriodState) -> PeriodCalendar {
        var states = states
        states[period] = state
        return PeriodCalendar(states)
    }
}

/// What a book does with business of a period that takes no more vouchers.
package enum ClosedPeriodPolicy: String, Hashable, Sendable, CaseIterable {
    case firstOpenDay = "first_open_day"
    case refuse
}

/// The day on which business is booked, or why nobody can say yet (记账日期).
package enum AccountingDate: Hashable, Sendable {
    /// The day it happened.
    case day(Day)
    /// The first open day, because the period of the day it happened takes no vouchers; the voucher says so.
    case moved(Day, from: Day)
    /// Waits for a person or for time.
    case held(AccountingDateError)
    /// The book's policy says no.
    case refused(AccountingDateError)

    package var day: Day? {
        switch self {
        case .day(let day), .moved(let day, _): day
        case .held, .refused: nil
        }
    }
}

extension PeriodCalendar {
    /// The accounting date of what was approved or paid at an instant.
    package func accountingDate(
        of instant: Timestamp, in zone: Zone, policy: ClosedPeriodPolicy, today: Day
    ) -> AccountingDate {
        accountingDate(of: zone.day(of: instant), policy: policy, today: today)
    }

    /// The accounting date of what happened on a day of the book's own calendar.
    package func accountingDate(of day: Day, policy: ClosedPeriodPolicy, today: Day) -> AccountingDate {
        guard day <= today else { return .held(.future(day, today: today)) }
        switch self[day.period] {
        case .open:
            return .day(day)
        case .neverOpened where lastOpen.map({ $0 < day.period }) ?? true:
            return .held(.notOpened(day))
        case .neverOpened, .closed:
            guard let next = firstOpen(after: day.period) else { return .held(.notOpened(day)) }
            guard day.year == next.year else { return .held(.earlierYear(day, firstOpen: next)) }
            guard policy == .firstOpenDay else { return .refused(.periodClosed(day, firstOpen: next)) }
            guard next.firstDay <= today else { return .held(.future(next.firstDay, today: today)) }
            return .moved(next.firstDay, from: day)
        }
    }
}

/// Why business has no accounting date.
package enum AccountingDateError: Error, Hashable {
    case future(Day, today: Day)
    case earlierYear(Day, firstOpen: Period)
    case periodClosed(Day, firstOpen: Period)
    case notOpened(Day)
}

extension AccountingDateError: Explainable {
    package var problem: Problem {
        switch self {
        case .future(let day, let today):
            Problem(
                code: "accounting_date.future",
                title: Phrase(zh: "记账日期在今天之后。", en: "The accounting date is in the future."),
                location: Phrase(zh: "日期 \(day)", en: "date \(day)"),
                cause: Phrase(zh: "今天是 \(today)。", en: "Today is \(today)."),
                remedy: Phrase(
                    zh: "请核对审批或付款时间，或等到当日。", en: "Check the time of the approval or payment, or wait for the day.")
            )
        case .earlierYear(let day, let firstOpen):
            Problem(
                code: "accounting_date.earlier_year",
                title: Phrase(zh: "业务属于以前年度。", en: "The business belongs to an earlier fiscal year."),
                location: Phrase(zh: "日期 \(day)", en: "date \(day)"),
                cause: Phrase(
                    zh: "\(day.year) 年已无开放期间，最早的开放期间是 \(firstOpen)。",
                    en: "\(day.year) has no open period left; the first open one is \(firstOpen)."
                ),
                remedy: Phrase(
                    zh: "请财务负责人决定：计入本年，或按前期差错更正处理。",
                    en: "Let the finance lead decide: book it this year, or as a correction of the earlier one."
                )
            )
        case .periodClosed(let day, let firstOpen):
            Problem(
                code: "accounting_date.period_closed",
                title: Phrase(zh: "期间已结账。", en: "The period is closed."),
                location: Phrase(zh: "日期 \(day)", en: "date \(day)"),
                cause: Phrase(
                    zh: "期间 \(day.period) 已关闭，账套不允许顺延到 \(firstOpen)。",
                    en: "\(day.period) is closed, and the book does not move business to \(firstOpen)."
                ),
                remedy: Phrase(
                    zh: "请退回审批单，或由财务负责人调整账套的期间策略。",
                    en: "Return the approval, or let the finance lead change the book's policy for closed periods."
                )
            )
        case .notOpened(let day):
            Problem(
                code: "accounting_date.not_opened",
                title: Phrase(zh: "期间尚未开放。", en: "The period was not opened yet."),
                location: Phrase(zh: "日期 \(day)", en: "date \(day)"),
                cause: Phrase(
                    zh: "期间 \(day.period) 及其后没有开放的期间。", en: "Neither \(day.period) nor a later period is open."),
                remedy: Phrase(zh: "请财务负责人开放该期间。", en: "Let the finance lead open the period.")
            )
        }
    }
}
