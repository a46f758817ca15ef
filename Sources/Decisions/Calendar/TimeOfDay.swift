/// A time of a day, with or without a zone (时间).
package struct TimeOfDay: Hashable, Sendable {
    static let nanosecondsPerSecond: Int64 = 1_000_000_000
    static let nanosecondsPerDay = 86_400 * nanosecondsPerSecond

    package let nanoseconds: Int64
    package let zone: ZoneMark

    /// - Parameter nanoseconds: since midnight; turned back into the day if there are more than a day has.
    init(nanoseconds: Int64, zone: ZoneMark) {
        let rest = nanoseconds % Self.nanosecondsPerDay
        self.nanoseconds = rest < 0 ? rest + Self.nanosecondsPerDay : rest
        self.zone = zone
    }

    package init?(hour: Int, minute: Int, second: Int, nanosecond: Int = 0, zone: ZoneMark = .local) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000_000).contains(nanosecond)
        else { return nil }
        nanoseconds = Int64(hour * 3600 + minute * 60 + second) * Self.nanosecondsPerSecond + Int64(nanosecond)
        self.zone = zone
    }

    /// Reads `10:30:00`, with a fraction and a zone if there are such; `24:00:00` is midnight.
    package init?(_ text: some StringProtocol) {
        guard let parsed = Self.parse(text) else { return nil }
        self = parsed.time
    }

    /// The time, and whether it is the midnight that ends a day.
    static func parse(_ text: some StringProtocol) -> (time: TimeOfDay, endsDay: Bool)? {
        let bytes = Array(text.utf8)
        var fields = FixedFields(bytes[...])
        guard let hour = fields.number(digits: 2), fields.take(":"), let minute = fields.number(digits: 2),
            fields.take(":"), let second = fields.number(digits: 2), let fraction = fields.fraction()
        else { return nil }
        let rest = String(decoding: fields.remainder, as: UTF8.self)
        guard let zone = ZoneMark(rest[...].utf8) else { return nil }
        let endsDay = hour == 24 && minute == 0 && second == 0 && fraction == 0
        guard
            let time = TimeOfDay(
                hour: endsDay ? 0 : hour, minute: minute, second: second, nanosecond: fraction, zone: zone)
        else { return nil }
        return (time, endsDay)
    }

    package var hour: Int { Int(nanoseconds / Self.nanosecondsPerSecond) / 3600 }
    package var minute: Int { Int(nanoseconds / Self.nanosecondsPerSecond) / 60 % 60 }
    package var second: Int { Int(nanoseconds / Self.nanosecondsPerSecond) % 60 }
    package var nanosecond: Int { Int(nanoseconds % Self.nanosecondsPerSecond) }

    package var text: String { clockText + zone.text }

    var clockText: String {
        let clock = [hour, minute, second].map { CalendarText.padded($0, 2) }.joined(separator: ":")
        guard nanosecond != 0 else { return clock }
        var digits = CalendarText.padded(nanosecond, 9)
        while digits.last == "0" { digits.removeLast() }
        return clock + "." + digits
    }

    func adding(_ duration: DaysTimeDuration) -> TimeOfDay {
        let shift = Int64(duration.nanoseconds % Int128(Self.nanosecondsPerDay))
        return TimeOfDay(nanoseconds: nanoseconds + shift, zone: zone)
    }

    /// Seconds from UTC, where the time says them; a named zone has none without a day.
    var offsetSeconds: Int? {
        if case .offset(let seconds) = zone { seconds } else { nil }
    }
}
