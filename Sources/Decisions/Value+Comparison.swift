import Kernel

extension Value {
    /// Whether two values are equal; `nil` for values of different kinds, null excepted.
    package func equals(_ other: Value) -> Bool? {
        switch (self, other) {
        case (.null, .null): true
        case (.null, _), (_, .null): false
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.boolean(let left), .boolean(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.time(let left), .time(let right)): Self.order(left, right, isEquality: true).map { $0 == 0 } ?? false
        case (.dateTime(let left), .dateTime(let right)):
            (left.offsetSeconds == nil) == (right.offsetSeconds == nil) && left.nanoseconds == right.nanoseconds
        case (.daysTimeDuration(let left), .daysTimeDuration(let right)): left == right
        case (.yearsMonthsDuration(let left), .yearsMonthsDuration(let right)): left == right
        case (.range(let left), .range(let right)):
            left.comparison == right.comparison && left.includesStart == right.includesStart
                && left.includesEnd == right.includesEnd && left.start.equals(right.start) == true
                && left.end.equals(right.end) == true
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) == true }
        case (.context(let left), .context(let right)):
            left.count == right.count
                && left.allSatisfy { entry in right[entry.name].map { entry.value.equals($0) == true } ?? false }
        case (.function(let left), .function(let right)): left === right
        default: nil
        }
    }

    /// Negative, zero or positive; `nil` for values that have no order.
    package func compare(_ other: Value) -> Int? {
        switch (self, other) {
        case (.number(let left), .number(let right)): Decimal34.compare(left, right)
        case (.string(let left), .string(let right)): Self.order(left, right)
        case (.date(let left), .date(let right)): Self.order(left.number, right.number)
        case (.time(let left), .time(let right)): Self.order(left, right, isEquality: false)
        case (.dateTime(let left), .dateTime(let right)):
            (left.offsetSeconds == nil) == (right.offsetSeconds == nil)
                ? Self.order(left.nanoseconds, right.nanoseconds) : nil
        case (.daysTimeDuration(let left), .daysTimeDuration(let right)):
            Self.order(left.nanoseconds, right.nanoseconds)
        case (.yearsMonthsDuration(let left), .yearsMonthsDuration(let right)): Self.order(left.months, right.months)
        default: nil
        }
    }

    private static func order<Item: Comparable>(_ left: Item, _ right: Item) -> Int {
        left == right ? 0 : left < right ? -1 : 1
    }

    /// By Unicode scalars: UTF-8 bytes sort the same way.
    private static func order(_ left: String, _ right: String) -> Int {
        left.utf8.elementsEqual(right.utf8) ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }

    private static func order(_ left: TimeOfDay, _ right: TimeOfDay, isEquality: Bool) -> Int? {
        switch (left.zone, right.zone) {
        case (.local, .local): return order(left.nanoseconds, right.nanoseconds)
        case (.named(let one), .named(let other)) where one == other:
            return order(left.nanoseconds, right.nanoseconds)
        default:
            guard let one = left.offsetSeconds ?? fixedOffset(left.zone),
                let other = right.offsetSeconds ?? fixedOffset(right.zone)
            else { return nil }
            let unit = TimeOfDay.nanosecondsPerSecond
            return order(left.nanoseconds - Int64(one) * unit, right.nanoseconds - Int64(other) * unit)
        }
    }

    private static func fixedOffset(_ zone: ZoneMark) -> Int? {
        if case .named(let name) = zone { Surroundings.fixedZones(name, 0) } else { nil }
    }
}

extension Value: Equatable {
    /// Equal as FEEL has it; values of different kinds are not.
    package static func == (left: Value, right: Value) -> Bool { left.equals(right) == true }
}
