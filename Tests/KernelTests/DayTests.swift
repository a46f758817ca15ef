import Kernel
import Testing

@Suite("Day, Period and Timestamp")
struct DayTests {
    @Test("writes what it reads", arguments: ["1970-01-01", "2024-02-29", "2026-12-31", "0001-01-01", "9999-12-31"])
    func days(text: String) throws {
        #expect(try #require(Day(text)).text == text)
    }

    @Test(
        "refuses days the calendar has not",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-01", "2026-1-01", "26-01-01", "2026-04-31", ""])
    func noDays(text: String) {
        #expect(Day(text) == nil)
    }

    @Test("numbers every day of 800 years in order")
    func sequence() throws {
        var day = try #require(Day("1600-01-01"))
        let end = try #require(Day("2400-01-01"))
        var parts = day.parts
        while day < end {
            day = day.adding(days: 1)
            let next = day.parts
            let isNextDay = next.day == parts.day + 1 && next.month == parts.month && next.year == parts.year
            let isNextMonth = next.day == 1 && next.month == parts.month % 12 + 1
            #expect(isNextDay || isNextMonth)
            #expect(Day(year: next.year, month: next.month, day: next.day) == day)
            parts = next
        }
    }

    @Test(
        "reads RFC 3339 and writes UTC",
        arguments: [
            ("2026-11-20T10:15:00+08:00", "2026-11-20T02:15:00Z"), ("2026-03-31T16:30:00Z", "2026-03-31T16:30:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"),
            ("2026-01-01T00:00:00.123456789-05:30", "2026-01-01T05:30:00.123456Z"),
        ]
    )
    func timestamps(text: String, utc: String) throws {
        #expect(try #require(Timestamp(text)).text == utc)
    }

    @Test(
        "refuses what is no RFC 3339 instant",
        arguments: [
            "2026-11-20 10:15:00", "2026-11-20T10:15:00", "2026-11-20T24:00:00Z", "2026-11-20T10:15:60Z",
            "2026-11-20T10:15:00.Z",
        ]
    )
    func noTimestamps(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "the accounting day is the day in the zone of the books",
        arguments: [
            ("2026-03-31T16:30:00Z", "2026-04-01"), ("2026-12-31T16:30:00Z", "2027-01-01"),
            ("2028-02-28T16:00:00Z", "2028-02-29"), ("2026-03-31T15:59:59.999999Z", "2026-03-31"),
        ]
    )
    func accountingDay(instant: String, day: String) throws {
        #expect(Zone.shanghai.day(of: try #require(Timestamp(instant))).text == day)
    }

    @Test("periods follow each other over the year's end")
    func periods() throws {
        let december = try #require(Period("2026-12"))
        #expect(december.next.text == "2027-01")
        #expect(december.next.previous == december)
        #expect(december.lastDay.text == "2026-12-31")
        #expect(Period(yearMonth: 202_613) == nil)
    }
}
