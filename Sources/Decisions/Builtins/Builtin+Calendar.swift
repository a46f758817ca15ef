import Kernel

extension Builtin {
    static let calendar: [Builtin] = [
        Builtin("date", forms: [Form(parameters: ["from"]), Form(parameters: ["year", "month", "day"])], body: date),
        Builtin(
            "time",
            forms: [
                Form(parameters: ["from"]), Form(parameters: ["hour", "minute", "second", "offset"], optional: 1),
            ],
            body: time),
        Builtin(
            "date and time",
            forms: [
                Form(parameters: ["from"]), Form(parameters: ["date", "time"]),
                Form(parameters: ["year", "month", "day", "hour", "minute", "second", "offset"], optional: 1),
            ], body: dateTime),
        .plain("duration", "from") { values in
            switch values.single(0) {
            case .string(let text): DurationText.value(text)
            case .daysTimeDuration, .yearsMonthsDuration: values.single(0)
            default: nil
            }
        },
        .plain("years and months duration", "from", "to") { values in
            guard let start = day(values.single(0)), let end = day(values.single(1)) else { return nil }
            return .yearsMonthsDuration(YearsMonthsDuration(months: months(from: start, to: end)))
        },
        .plain("day of week", "date") { values in
            day(values.single(0)).map { .string(weekdays[$0.weekday - 1]) }
        },
        .plain("month of year", "date") { values in
            day(values.single(0)).map { .string(monthNames[$0.parts.month - 1]) }
        },
        .plain("day of year", "date") { values in day(values.single(0)).map { .number(dayOfYear($0)) } },
        .plain("week of year", "date") { values in
            day(values.single(0)).map { day in
                // The week belongs to the year of its Thursday (ISO 8601).
                .number((dayOfYear(day.adding(days: 4 - day.weekday)) + 6) / 7)
            }
        },
        Builtin("now") { (evaluator: inout Evaluator, _: [Value]) throws(FEELError) -> Value in
            evaluator.scope.surroundings.now.map(Value.dateTime) ?? .null
        },
        Builtin("today") { (evaluator: inout Evaluator, _: [Value]) throws(FEELError) -> Value in
            evaluator.scope.surroundings.now.map { .date($0.day) } ?? .null
        },
    ]

    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private static func day(_ value: Value) -> Day? {
        switch value {
        case .date(let day): day
        case .dateTime(let instant): instant.day
        default: nil
        }
    }

    private static func dayOfYear(_ day: Day) -> Int {
        (CalendarText.day(year: day.parts.year, month: 1, day: 1)).map { day.number - $0.number + 1 } ?? 1
    }

    /// Whole months between days; a month that is not complete does not count, in either direction.
    private static func months(from start: Day, to end: Day) -> Int {
        let (one, other) = (start.parts, end.parts)
        let months = (other.year - one.year) * 12 + other.month - one.month
        if months > 0, other.day < one.day { return months - 1 }
        if months < 0, other.day > one.day { return months + 1 }
        return months
    }

    @Sendable private static func date(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        if values.count == 1 {
            switch values.single(0) {
            case .string(let text): return CalendarText.day(text).map(Value.date) ?? .null
            case .date(let day): return .date(day)
            case .dateTime(let instant): return .date(instant.day)
            default: return .null
            }
        }
        guard let year = values.integer(0), let month = values.integer(1), let day = values.integer(2) else {
            return .null
        }
        return CalendarText.day(year: year, month: month, day: day).map(Value.date) ?? .null
    }

    @Sendable private static func time(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        if values.count == 1 {
            switch values.single(0) {
            case .string(let text):
                return Temporal.time(text, zoneOffset: evaluator.zoneOffset).map(Value.time) ?? .null
            case .time(let time): return .time(time)
            case .dateTime(let instant): return .time(instant.time)
            case .date: return .time(TimeOfDay(nanoseconds: 0, zone: .offset(seconds: 0)))
            default: return .null
            }
        }
        return clock(values[...]).map(Value.time) ?? .null
    }

    /// A time of hour, minute, second, and perhaps the distance from UTC.
    private static func clock(_ values: ArraySlice<Value>) -> TimeOfDay? {
        let parts = Array(values)
        guard let hour = parts.integer(0), let minute = parts.integer(1), let second = parts.number(2),
            !second.isNegative, let whole = second.floor.integer, let rest = second.subtracting(second.floor),
            let nanosecond = rest.multiplied(by: 1_000_000_000)?.floor.integer
        else { return nil }
        var zone = ZoneMark.local
        if parts.count > 3, !parts[3].isNull {
            guard case .daysTimeDuration(let offset) = parts.single(3) else { return nil }
            let seconds = offset.nanoseconds / Int128(TimeOfDay.nanosecondsPerSecond)
            guard abs(seconds) <= 14 * 3600 else { return nil }
            zone = .offset(seconds: Int(seconds))
        }
        return TimeOfDay(hour: hour, minute: minute, second: whole, nanosecond: nanosecond, zone: zone)
    }

    @Sendable private static func dateTime(
        _ evaluator: inout Evaluator, _ values: [Value]
    ) throws(FEELError) -> Value {
        let zoneOffset = evaluator.zoneOffset
        switch values.count {
        case 1:
            switch values.single(0) {
            case .string(let text): return DateTime(text, zoneOffset: zoneOffset).map(Value.dateTime) ?? .null
            case .dateTime(let instant): return .dateTime(instant)
            case .date(let day):
                let midnight = TimeOfDay(nanoseconds: 0, zone: .offset(seconds: 0))
                return DateTime(day: day, time: midnight, zoneOffset: zoneOffset).map(Value.dateTime) ?? .null
            default: return .null
            }
        case 2:
            guard let day = day(values.single(0)), case .time(let time) = values.single(1) else { return .null }
            return DateTime(day: day, time: time, zoneOffset: zoneOffset).map(Value.dateTime) ?? .null
        default:
            guard let year = values.integer(0), let month = values.integer(1), let number = values.integer(2),
                let day = CalendarText.day(year: year, month: month, day: number), let time = clock(values[3...])
            else { return .null }
            return DateTime(day: day, time: time, zoneOffset: zoneOffset).map(Value.dateTime) ?? .null
        }
    }
}
