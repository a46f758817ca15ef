/// An instant, in microseconds since 1970-01-01T00:00:00Z (时刻).
package struct Timestamp: Hashable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(seconds: Int64) {
        microseconds = seconds * 1_000_000
    }

    /// Reads RFC 3339 with an offset, such as `2026-11-20T10:15:00+08:00`; `nil` if it is anything else.
    ///
    /// Digits below the microsecond are cut. A leap second is refused: no clock here has one.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Self.digits(bytes[11..<13]), hour < 24, let minute = Self.digits(bytes[14..<16]), minute < 60,
            let second = Self.digits(bytes[17..<19]), second < 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
            guard (1...9).contains(index - start) else { return nil }
            for position in 0..<6 {
                let digit = start + position < index ? Int64(bytes[start + position] - UInt8(ascii: "0")) : 0
                fraction = fraction * 10 + digit
            }
        }
        guard let offset = Self.offset(bytes[index...]) else { return nil }
        let seconds = Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        microseconds = seconds * 1_000_000 + fraction
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.elementsEqual("Z".utf8) { return 0 }
        let bytes = Array(bytes)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = digits(bytes[1..<3]), hours < 24,
            let minutes = digits(bytes[4..<6]), minutes < 60
        else { return nil }
        return (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// The instant moved by whole seconds.
    package func adding(seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + seconds * 1_000_000)
    }

    package func adding(milliseconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + milliseconds * 1_000)
    }

    /// RFC 3339 in UTC: `2026-11-20T02:15:00Z`, with a fraction only where there is one.
    package var text: String { text(offsetSeconds: 0) }

    /// RFC 3339 with the offset given.
    package func text(offsetSeconds: Int) -> String {
        let seconds = (microseconds >= 0 ? microseconds : microseconds - 999_999) / 1_000_000
        let fraction = microseconds - seconds * 1_000_000
        let local = seconds + Int64(offsetSeconds)
        let dayNumber = (local >= 0 ? local : local - 86_399) / 86_400
        let inDay = Int(local - dayNumber * 86_400)
        let time = "\(padded(inDay / 3600, 2)):\(padded(inDay / 60 % 60, 2)):\(padded(inDay % 60, 2))"
        let part = fraction == 0 ? "" : "." + padded(Int(fraction), 6)
        let zone =
            offsetSeconds == 0
            ? "Z"
            : (offsetSeconds < 0 ? "-" : "+") + padded(abs(offsetSeconds) / 3600, 2) + ":"
                + padded(abs(offsetSeconds) / 60 % 60, 2)
        return Day(number: Int(dayNumber)).text + "T" + time + part + zone
    }
}

extension Timestamp: Comparable {
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { text }
}

/// The calendar of a place: how far its clocks are from UTC at an instant (时区).
///
/// The rules of zones come from the system; this room only asks for the answer.
package struct Zone: Sendable {
    package let name: String
    private let offset: @Sendable (Timestamp) -> Int

    /// China has one zone without summer time since 1991.
    package static let shanghai = Zone(name: "Asia/Shanghai") { _ in 8 * 3600 }
    package static let utc = Zone(name: "UTC") { _ in 0 }

    package init(name: String, offsetSeconds: @escaping @Sendable (Timestamp) -> Int) {
        self.name = name
        offset = offsetSeconds
    }

    package func offsetSeconds(at instant: Timestamp) -> Int { offset(instant) }

    /// The day it is in the zone at an instant.
    package func day(of instant: Timestamp) -> Day {
        let local = instant.microseconds + Int64(offset(instant)) * 1_000_000
        let dayLength: Int64 = 86_400_000_000
        return Day(number: Int((local >= 0 ? local : local - dayLength + 1) / dayLength))
    }
}
