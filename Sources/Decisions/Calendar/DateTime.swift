package import Kernel

/// A time on a day, with or without a zone (日期时间).
package struct DateTime: Sendable {
    package let day: Day
    package let time: TimeOfDay
    /// Seconds from UTC; `nil` for the clock on the wall.
    package let offsetSeconds: Int?

    private init(day: Day, time: TimeOfDay, offsetSeconds: Int?) {
        self.day = day
        self.time = time
        self.offsetSeconds = offsetSeconds
    }

    /// `nil` if the zone is not known or the day is beyond the calendar.
    package init?(day: Day, time: TimeOfDay, zoneOffset: Surroundings.ZoneOffset = Surroundings.fixedZones) {
        guard let day = day.checked else { return nil }
        switch time.zone {
        case .local: self.init(day: day, time: time, offsetSeconds: nil)
        case .offset(let seconds): self.init(day: day, time: time, offsetSeconds: seconds)
        case .named(let name):
            let localSeconds = Int64(day.number) * 86_400 + time.nanoseconds / TimeOfDay.nanosecondsPerSecond
            guard let offset = zoneOffset(name, localSeconds) else { return nil }
            self.init(day: day, time: time, offsetSeconds: offset)
        }
    }

    /// Reads `2026-03-31T10:30:00+08:00`; the zone may be missing or named, and so may be the time.
    package init?(_ text: some StringProtocol, zoneOffset: Surroundings.ZoneOffset = Surroundings.fixedZones) {
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let day = CalendarText.day(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(day: day, time: TimeOfDay(nanoseconds: 0, zone: .local), zoneOffset: zoneOffset)
            return
        }
        guard let (time, endsDay) = TimeOfDay.parse(parts[1]) else { return nil }
        self.init(day: endsDay ? day.adding(days: 1) : day, time: time, zoneOffset: zoneOffset)
    }

    /// The instant as it is read on clocks of an offset.
    package init(_ instant: Timestamp, offsetSeconds: Int) {
        let local = instant.microseconds + Int64(offsetSeconds) * 1_000_000
        let dayLength: Int64 = 86_400_000_000
        let number = local >= 0 ? local / dayLength : (local - dayLength + 1) / dayLength
        self.init(
            day: Day(number: Int(number)),
            time: TimeOfDay(
                nanoseconds: (local - number * dayLength) * 1_000, zone: .offset(seconds: offsetSeconds)),
            offsetSeconds: offsetSeconds
        )
    }

    package var text: String { CalendarText.text(of: day) + "T" + time.text }

    /// Nanoseconds since 1970, on the clock on the wall.
    var localNanoseconds: Int128 {
        Int128(day.number) * Int128(TimeOfDay.nanosecondsPerDay) + Int128(time.nanoseconds)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z, where the zone is known; on the wall's clock otherwise.
    var nanoseconds: Int128 {
        localNanoseconds - Int128(offsetSeconds ?? 0) * Int128(TimeOfDay.nanosecondsPerSecond)
    }

    func adding(_ duration: DaysTimeDuration, zoneOffset: Surroundings.ZoneOffset) -> DateTime? {
        let length = Int128(TimeOfDay.nanosecondsPerDay)
        let total = localNanoseconds + duration.nanoseconds
        let number = total >= 0 ? total / length : (total - length + 1) / length
        guard let dayNumber = Int(exactly: number) else { return nil }
        return DateTime(
            day: Day(number: dayNumber),
            time: TimeOfDay(nanoseconds: Int64(total - number * length), zone: time.zone), zoneOffset: zoneOffset
        )
    }

    func adding(_ duration: YearsMonthsDuration, zoneOffset: Surroundings.ZoneOffset) -> DateTime? {
        day.adding(months: duration.months).flatMap { DateTime(day: $0, time: time, zoneOffset: zoneOffset) }
    }
}
