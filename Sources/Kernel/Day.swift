/// A day of the calendar, without a zone (日期).
///
/// Accounting dates are days; instants are `Timestamp`. The two never mix without a `Zone`.
package struct Day: Hashable, Sendable {
    /// Days since 1970-01-01.
    package let number: Int

    package init(number: Int) {
        self.number = number
    }

    /// The day of a year, month and day of month; `nil` if the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.length(ofMonth: month, year: year)
        else { return nil }
        number = Self.number(year: year, month: month, day: day)
    }

    /// Reads `2026-03-31`; `nil` if it is anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.digits(bytes[0..<4]), let month = Self.digits(bytes[5..<7]),
            let day = Self.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month and day of month, by the proleptic Gregorian calendar.
    package var parts: (year: Int, month: Int, day: Int) {
        // Howard Hinnant's civil_from_days, with eras of 400 years that begin in March.
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    package var year: Int { parts.year }
    package var period: Period {
        let parts = parts
        return Period(year: parts.year, month: parts.month) ?? .first
    }
    /// Monday is 1, Sunday is 7 (ISO 8601).
    package var weekday: Int { (number + 3) % 7 + ((number + 3) % 7 < 0 ? 8 : 1) }

    package func adding(days: Int) -> Day { Day(number: number + days) }

    package var text: String {
        let parts = parts
        return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func number(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    fileprivate static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

extension Day: Comparable {
    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}

extension Day: CustomStringConvertible {
    package var description: String { text }
}

/// One month of the books (会计期间). The fiscal year is the calendar year (会计基础工作规范 art. 39).
package struct Period: Hashable, Sendable {
    package let year: Int
    package let month: Int

    fileprivate static let first = Period(year: 1, month: 1, checked: ())

    package init?(year: Int, month: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        self.init(year: year, month: month, checked: ())
    }

    private init(year: Int, month: Int, checked: Void) {
        self.year = year
        self.month = month
    }

    /// Reads `2026-03`; `nil` if it is anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"), let year = Day.digits(bytes[0..<4]),
            let month = Day.digits(bytes[5..<7])
        else { return nil }
        self.init(year: year, month: month)
    }

    /// The form in which the database keeps it: 202603.
    package init?(yearMonth: Int64) {
        self.init(year: Int(yearMonth / 100), month: Int(yearMonth % 100))
    }

    package var yearMonth: Int64 { Int64(year * 100 + month) }
    package var text: String { "\(padded(year, 4))-\(padded(month, 2))" }

    package var firstDay: Day { Day(year: year, month: month, day: 1) ?? Day(number: 0) }
    package var lastDay: Day {
        Day(year: year, month: month, day: Day.length(ofMonth: month, year: year)) ?? Day(number: 0)
    }
    package var next: Period {
        month == 12
            ? Period(year: year + 1, month: 1, checked: ()) : Period(year: year, month: month + 1, checked: ())
    }
    package var previous: Period {
        month == 1
            ? Period(year: year - 1, month: 12, checked: ()) : Period(year: year, month: month - 1, checked: ())
    }
}

extension Period: Comparable {
    package static func < (left: Period, right: Period) -> Bool { left.yearMonth < right.yearMonth }
}

extension Period: CustomStringConvertible {
    package var description: String { text }
}

/// A number with leading zeros, for the fixed forms of dates and times.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
