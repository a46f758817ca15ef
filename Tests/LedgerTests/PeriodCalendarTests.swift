import Kernel
import Ledger
import Testing

@Suite("PeriodCalendar")
struct PeriodCalendarTests {
    /// Closed to September, open from October to December.
    private let calendar = PeriodCalendar([
        p("2026-08"): .closed, p("2026-09"): .closed, p("2026-10"): .open, p("2026-11"): .open, p("2026-12"): .open,
        p("2025-12"): .closed,
    ])

    @Test(
        "gives the accounting date of a day",
        arguments: [
            ("2026-11-20", .day(d("2026-11-20"))),
            ("2026-10-01", .day(d("2026-10-01"))),
            ("2026-09-30", .moved(d("2026-10-01"), from: d("2026-09-30"))),
            ("2026-01-15", .moved(d("2026-10-01"), from: d("2026-01-15"))),
            ("2025-12-31", .held(.earlierYear(d("2025-12-31"), firstOpen: p("2026-10")))),
            ("2026-11-25", .day(d("2026-11-25"))),
            ("2026-11-26", .held(.future(d("2026-11-26"), today: d("2026-11-25")))),
        ] as [(String, AccountingDate)]
    )
    func dates(day: String, expected: AccountingDate) {
        #expect(calendar.accountingDate(of: d(day), policy: .firstOpenDay, today: d("2026-11-25")) == expected)
    }

    @Test("refuses a closed period where the book says so")
    func refuses() {
        let date = calendar.accountingDate(of: d("2026-09-30"), policy: .refuse, today: d("2026-11-25"))
        #expect(date == .refused(.periodClosed(d("2026-09-30"), firstOpen: p("2026-10"))))
        #expect(date.day == nil)
    }

    @Test("moves forwards only, past a closed period behind an open one")
    func reopened() {
        let calendar = calendar.setting(p("2026-09"), .open).setting(p("2026-10"), .closed)
        let date = calendar.accountingDate(of: d("2026-10-05"), policy: .firstOpenDay, today: d("2026-11-25"))
        #expect(date == .moved(d("2026-11-01"), from: d("2026-10-05")))
    }

    @Test("waits for a period that was not opened, and for a first open day to come")
    func waits() {
        let date = calendar.accountingDate(of: d("2027-01-02"), policy: .firstOpenDay, today: d("2027-01-05"))
        #expect(date == .held(.notOpened(d("2027-01-02"))))
        let closed = PeriodCalendar([p("2026-11"): .closed, p("2026-12"): .open])
        let early = closed.accountingDate(of: d("2026-11-29"), policy: .firstOpenDay, today: d("2026-11-29"))
        #expect(early == .held(.future(d("2026-12-01"), today: d("2026-11-29"))))
        let none = PeriodCalendar([:]).accountingDate(of: d("2026-11-29"), policy: .refuse, today: d("2026-11-29"))
        #expect(none == .held(.notOpened(d("2026-11-29"))))
    }

    @Test(
        "takes the day in the zone of the book",
        arguments: [
            ("2026-10-31T15:59:59Z", "2026-10-31"), ("2026-10-31T16:00:00Z", "2026-11-01"),
            ("2026-11-01T00:30:00+08:00", "2026-11-01"), ("2026-09-30T16:00:00Z", "2026-10-01"),
        ]
    )
    func zone(instant: String, day: String) throws {
        let date = calendar.accountingDate(
            of: try #require(Timestamp(instant)), in: .shanghai, policy: .refuse, today: d("2026-11-25")
        )
        #expect(date == .day(d(day)))
    }

    @Test("opens a range of periods over the turn of a year")
    func range() {
        let calendar = PeriodCalendar(openFrom: p("2026-12"), through: p("2027-01"))
        #expect(calendar[p("2026-12")] == .open && calendar[p("2027-01")] == .open)
        #expect(calendar[p("2027-02")] == .neverOpened)
        #expect(calendar.firstOpen == p("2026-12") && calendar.lastOpen == p("2027-01"))
    }
}

private func d(_ text: String) -> Day { Day(text) ?? Day(number: 0) }
private func p(_ text: String) -> Period { Period(text) ?? d("1970-01-01").period }
