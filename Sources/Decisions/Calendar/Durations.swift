/// A length of time in days, hours, minutes and seconds.
package struct DaysTimeDuration: Hashable, Comparable, Sendable {
    package let nanoseconds: Int128

    package init(nanoseconds: Int128) { self.nanoseconds = nanoseconds }
    package init(days: Int) { nanoseconds = Int128(days) * Int128(TimeOfDay.nanosecondsPerDay) }

    package var days: Int128 { nanoseconds / Int128(TimeOfDay.nanosecondsPerDay) }
    package var hours: Int { secondsOfDay / 3600 }
    package var minutes: Int { secondsOfDay / 60 % 60 }
    package var seconds: Int { secondsOfDay % 60 }

    private var secondsOfDay: Int {
        Int((nanoseconds / Int128(TimeOfDay.nanosecondsPerSecond)) % 86_400)
    }

    /// All of it in seconds; `nil` beyond the range of decimals, which no duration reaches.
    var number: Decimal34? {
        Decimal34.rounding(
            isNegative: nanoseconds < 0, coefficient: nanoseconds.magnitude, exponent: -9
        )?.normalized
    }

    /// A duration of as many seconds; what is below a nanosecond is cut.
    init?(seconds: Decimal34) {
        guard let nano = seconds.rounded(toScale: 9, .down), nano.exponent <= 0 else { return nil }
        let scaled = nano.coefficient.multipliedReportingOverflow(by: PowersOfTen[max(0, 9 + Int(nano.exponent))])
        guard !scaled.overflow, scaled.partialValue < UInt128(1) << 100 else { return nil }
        let signed = Int128(scaled.partialValue)
        nanoseconds = seconds.isNegative ? -signed : signed
    }

    package static func < (left: DaysTimeDuration, right: DaysTimeDuration) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package var text: String {
        guard nanoseconds != 0 else { return "PT0S" }
        let size = DaysTimeDuration(nanoseconds: Int128(nanoseconds.magnitude))
        var text = nanoseconds < 0 ? "-P" : "P"
        if size.days != 0 { text += "\(size.days)D" }
        let fraction = TimeOfDay(
            nanoseconds: Int64(size.nanoseconds % Int128(TimeOfDay.nanosecondsPerSecond)), zone: .local
        ).clockText.dropFirst(8)
        if size.secondsOfDay != 0 || !fraction.isEmpty { text += "T" }
        if size.hours != 0 { text += "\(size.hours)H" }
        if size.minutes != 0 { text += "\(size.minutes)M" }
        if size.seconds != 0 || !fraction.isEmpty { text += "\(size.seconds)\(fraction)S" }
        return text
    }
}

/// A length of time in years and months.
package struct YearsMonthsDuration: Hashable, Comparable, Sendable {
    package let months: Int

    package init(months: Int) { self.months = months }

    package static func < (left: YearsMonthsDuration, right: YearsMonthsDuration) -> Bool { left.months < right.months }

    package var text: String {
        guard months != 0 else { return "P0M" }
        let size = months.magnitude
        return (months < 0 ? "-P" : "P") + (size / 12 != 0 ? "\(size / 12)Y" : "")
            + (size % 12 != 0 ? "\(size % 12)M" : "")
    }
}

/// A duration as it was written: of one kind or the other, never of both.
enum DurationText {
    static func value(_ text: some StringProtocol) -> Value? {
        let bytes = Array(text.utf8)
        var fields = FixedFields(bytes[...])
        let isNegative = fields.take("-")
        guard fields.take("P"), !fields.isAtEnd else { return nil }
        var months: Int?
        var nanoseconds: Int128?
        var units: [(unit: Unicode.Scalar, months: Int, nanoseconds: Int128)] = [
            ("Y", 12, 0), ("M", 1, 0), ("D", 0, 86_400_000_000_000),
        ]
        var isTime = false
        while !fields.isAtEnd {
            if !isTime, fields.take("T") {
                isTime = true
                units = [("H", 0, 3_600_000_000_000), ("M", 0, 60_000_000_000), ("S", 0, 1_000_000_000)]
                guard !fields.isAtEnd else { return nil }
            }
            guard let number = fields.number(digits: 1...15) else { return nil }
            let hasFraction = fields.remainder.first == UInt8(ascii: ".")
            guard let fraction = fields.fraction(mayBeEmpty: true),
                let index = units.firstIndex(where: { $0.unit.value == fields.remainder.first.map(UInt32.init) })
            else { return nil }
            let unit = units[index]
            guard fields.take(unit.unit), !hasFraction || unit.unit == "S" else { return nil }
            units.removeFirst(index + 1)
            if unit.months > 0 {
                months = (months ?? 0) + number * unit.months
            } else {
                nanoseconds = (nanoseconds ?? 0) + Int128(number) * unit.nanoseconds + Int128(fraction)
            }
        }
        switch (months, nanoseconds) {
        case (let months?, nil): return .yearsMonthsDuration(YearsMonthsDuration(months: isNegative ? -months : months))
        case (nil, let nano?): return .daysTimeDuration(DaysTimeDuration(nanoseconds: isNegative ? -nano : nano))
        default: return nil
        }
    }
}
