import Kernel

/// Days as FEEL writes them: years from −999 999 999 to 999 999 999.
enum CalendarText {
    static let years = -999_999_999...999_999_999

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    static func text(of day: Day) -> String {
        let parts = day.parts
        return (parts.year < 0 ? "-" : "") + padded(abs(parts.year), 4) + "-" + padded(parts.month, 2) + "-"
            + padded(parts.day, 2)
    }

    /// Reads `2026-03-31` or `-0044-03-15`; a year over 9999 has no leading zero.
    static func day(_ text: some StringProtocol) -> Day? {
        let bytes = Array(text.utf8)
        var fields = FixedFields(bytes[...])
        let isNegative = fields.take("-")
        let start = fields.remainder
        guard let year = fields.number(digits: 4...9), start.count - fields.remainder.count == 4 || start.first != 0x30,
            fields.take("-"), let month = fields.number(digits: 2), fields.take("-"),
            let day = fields.number(digits: 2), fields.isAtEnd
        else { return nil }
        return Self.day(year: isNegative ? -year : year, month: month, day: day)
    }

    static func day(year: Int, month: Int, day: Int) -> Day? {
        guard years.contains(year), (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year)
        else { return nil }
        return Day(number: number(year: year, month: month, day: day))
    }

    static func length(ofMonth month: Int, year: Int) -> Int {
        // Every 400 years are alike; the room below knows years that are not negative.
        Day.length(ofMonth: month, year: (year % 400 + 400) % 400)
    }

    /// Howard Hinnant's days_from_civil, with eras of 400 years that begin in March.
    private static func number(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension Day {
    /// The day some months later; a day that the month does not have becomes its last. `nil` beyond the calendar.
    func adding(months: Int) -> Day? {
        let parts = parts
        let (total, overflow) = (parts.year * 12 + parts.month - 1).addingReportingOverflow(months)
        guard !overflow else { return nil }
        let year = total >= 0 ? total / 12 : (total - 11) / 12
        let month = total - year * 12 + 1
        return CalendarText.day(
            year: year, month: month, day: min(parts.day, CalendarText.length(ofMonth: month, year: year))
        )
    }

    /// The day itself, unless its year is beyond the calendar.
    var checked: Day? {
        let bound = 366_000_000_000
        return (-bound...bound).contains(number) && CalendarText.years.contains(parts.year) ? self : nil
    }
}
