import Kernel

/// The texts of dates, times and durations.
enum Temporal {
    /// The value of `@"…"`; `nil` if the text is none.
    static func value(_ text: String, zoneOffset: Surroundings.ZoneOffset) -> Value? {
        if let duration = DurationText.value(text) { return duration }
        if let day = CalendarText.day(text) { return .date(day) }
        if let time = time(text, zoneOffset: zoneOffset) { return .time(time) }
        guard text.utf8.contains(UInt8(ascii: "T")) else { return nil }
        return DateTime(text, zoneOffset: zoneOffset).map(Value.dateTime)
    }

    /// A time whose zone is known.
    static func time(_ text: String, zoneOffset: Surroundings.ZoneOffset) -> TimeOfDay? {
        guard let time = TimeOfDay(text) else { return nil }
        if case .named(let name) = time.zone, zoneOffset(name, 0) == nil { return nil }
        return time
    }

    static func dependsOnZones(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "@")) }
}

/// What stands after a point.
enum Properties {
    /// Names that a parser has to know because they have spaces.
    static let names = Names(["time offset", "start included", "end included"])

    static func value(of value: Value, _ name: Name) -> Value {
        switch value {
        case .context(let context): context[name] ?? .null
        case .list(let values): .list(values.map { Self.value(of: $0, name) })
        default: property(of: value, name.text)
        }
    }

    private static func property(of value: Value, _ name: String) -> Value {
        switch value {
        case .date(let day): property(of: day, name)
        case .time(let time): property(of: time, name)
        case .dateTime(let instant): property(of: instant, name)
        case .daysTimeDuration(let duration): property(of: duration, name)
        case .yearsMonthsDuration(let duration):
            switch name {
            case "years": .number(duration.months / 12)
            case "months": .number(duration.months % 12)
            default: .null
            }
        case .range(let range):
            switch name {
            case "start": range.start
            case "end": range.end
            case "start included": .boolean(range.includesStart)
            case "end included": .boolean(range.includesEnd)
            default: .null
            }
        default: .null
        }
    }

    private static func property(of day: Day, _ name: String) -> Value {
        switch name {
        case "year": .number(day.parts.year)
        case "month": .number(day.parts.month)
        case "day": .number(day.parts.day)
        case "weekday": .number(day.weekday)
        default: .null
        }
    }

    private static func property(of time: TimeOfDay, _ name: String) -> Value {
        switch name {
        case "hour": .number(time.hour)
        case "minute": .number(time.minute)
        case "second": .number(time.second)
        case "time offset":
            time.offsetSeconds.map {
                .daysTimeDuration(DaysTimeDuration(nanoseconds: Int128($0) * 1_000_000_000))
            } ?? .null
        case "timezone":
            if case .named(let zone) = time.zone { .string(zone) } else { .null }
        default: .null
        }
    }

    private static func property(of instant: DateTime, _ name: String) -> Value {
        if name == "time offset" {
            return instant.offsetSeconds.map {
                .daysTimeDuration(DaysTimeDuration(nanoseconds: Int128($0) * 1_000_000_000))
            } ?? .null
        }
        let value = property(of: instant.day, name)
        return value.isNull ? property(of: instant.time, name) : value
    }

    private static func property(of duration: DaysTimeDuration, _ name: String) -> Value {
        switch name {
        case "days": Int(exactly: duration.days).map { .number($0) } ?? .null
        case "hours": .number(duration.hours)
        case "minutes": .number(duration.minutes)
        case "seconds": .number(duration.seconds)
        default: .null
        }
    }
}
