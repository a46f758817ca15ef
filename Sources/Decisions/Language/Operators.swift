import Kernel

/// The operators on values; null where a value is of the wrong kind.
enum Operators {
    static func compare(_ comparison: Node.Comparison, _ left: Value, _ right: Value) -> Value {
        switch comparison {
        case .equal: left.equals(right).map(Value.boolean) ?? .null
        case .unequal: left.equals(right).map { .boolean(!$0) } ?? .null
        case .less: left.compare(right).map { .boolean($0 < 0) } ?? .null
        case .lessOrEqual: left.compare(right).map { .boolean($0 <= 0) } ?? .null
        case .greater: left.compare(right).map { .boolean($0 > 0) } ?? .null
        case .greaterOrEqual: left.compare(right).map { .boolean($0 >= 0) } ?? .null
        }
    }

    /// Whether a value is what another one stands for: equal to it, in the range, or in the list.
    static func matches(_ value: Value, _ pattern: Value) -> Bool? {
        switch pattern {
        case .range(let range):
            if case .range = value { return value.equals(pattern) }
            return range.contains(value)
        case .list(let patterns):
            if value.equals(pattern) == true { return true }
            return patterns.contains { item in
                if case .list = item { return value.equals(item) == true }
                return matches(value, item) == true
            }
        default: return value.equals(pattern)
        }
    }

    static func negate(_ value: Value) -> Value {
        switch value {
        case .number(let number): .number(-number)
        case .daysTimeDuration(let duration):
            .daysTimeDuration(DaysTimeDuration(nanoseconds: -duration.nanoseconds))
        case .yearsMonthsDuration(let duration): .yearsMonthsDuration(YearsMonthsDuration(months: -duration.months))
        default: .null
        }
    }

    static func calculate(
        _ operation: Node.Arithmetic, _ left: Value, _ right: Value, zoneOffset: Surroundings.ZoneOffset
    ) -> Value {
        if case .number(let one) = left, case .number(let other) = right {
            return calculate(operation, one, other).map(Value.number) ?? .null
        }
        switch operation {
        case .add:
            if case .string(let one) = left, case .string(let other) = right { return .string(one + other) }
            return add(left, right, zoneOffset: zoneOffset) ?? add(right, left, zoneOffset: zoneOffset) ?? .null
        case .subtract: return subtract(left, right, zoneOffset: zoneOffset) ?? .null
        case .multiply: return scale(left, right) ?? scale(right, left) ?? .null
        case .divide: return divide(left, right) ?? .null
        case .power: return .null
        }
    }

    private static func calculate(_ operation: Node.Arithmetic, _ left: Decimal34, _ right: Decimal34) -> Decimal34? {
        switch operation {
        case .add: left.adding(right)
        case .subtract: left.subtracting(right)
        case .multiply: left.multiplied(by: right)
        case .divide: left.divided(by: right)
        case .power: left.power(right)
        }
    }

    private static func add(_ value: Value, _ duration: Value, zoneOffset: Surroundings.ZoneOffset) -> Value? {
        switch (value, duration) {
        case (.date(let day), .yearsMonthsDuration(let length)): day.adding(months: length.months).map(Value.date)
        case (.date(let day), .daysTimeDuration(let length)):
            DateTime(day: day, time: TimeOfDay(nanoseconds: 0, zone: .local))?
                .adding(length, zoneOffset: zoneOffset).map { .date($0.day) }
        case (.dateTime(let instant), .yearsMonthsDuration(let length)):
            instant.adding(length, zoneOffset: zoneOffset).map(Value.dateTime)
        case (.dateTime(let instant), .daysTimeDuration(let length)):
            instant.adding(length, zoneOffset: zoneOffset).map(Value.dateTime)
        case (.time(let time), .daysTimeDuration(let length)): .time(time.adding(length))
        case (.daysTimeDuration(let one), .daysTimeDuration(let other)):
            .daysTimeDuration(DaysTimeDuration(nanoseconds: one.nanoseconds + other.nanoseconds))
        case (.yearsMonthsDuration(let one), .yearsMonthsDuration(let other)):
            months(one.months.addingReportingOverflow(other.months))
        default: nil
        }
    }

    private static func months(_ sum: (partialValue: Int, overflow: Bool)) -> Value? {
        sum.overflow || sum.partialValue.magnitude > 1 << 60
            ? nil : .yearsMonthsDuration(YearsMonthsDuration(months: sum.partialValue))
    }

    private static func subtract(_ left: Value, _ right: Value, zoneOffset: Surroundings.ZoneOffset) -> Value? {
        switch (left, right) {
        case (.dateTime(let one), .dateTime(let other)):
            guard (one.offsetSeconds == nil) == (other.offsetSeconds == nil) else { return nil }
            return .daysTimeDuration(DaysTimeDuration(nanoseconds: one.nanoseconds - other.nanoseconds))
        case (.date(let one), .date(let other)):
            return .daysTimeDuration(DaysTimeDuration(days: one.number - other.number))
        case (.date(let one), .dateTime):
            guard let start = DateTime(day: one, time: TimeOfDay(nanoseconds: 0, zone: .offset(seconds: 0)))
            else { return nil }
            return subtract(.dateTime(start), right, zoneOffset: zoneOffset)
        case (.dateTime, .date(let other)):
            guard let start = DateTime(day: other, time: TimeOfDay(nanoseconds: 0, zone: .offset(seconds: 0)))
            else { return nil }
            return subtract(left, .dateTime(start), zoneOffset: zoneOffset)
        case (.time(let one), .time(let other)):
            guard (one.offsetSeconds == nil) == (other.offsetSeconds == nil) else { return nil }
            let shift = Int64((one.offsetSeconds ?? 0) - (other.offsetSeconds ?? 0)) * TimeOfDay.nanosecondsPerSecond
            return .daysTimeDuration(
                DaysTimeDuration(nanoseconds: Int128(one.nanoseconds - other.nanoseconds - shift)))
        case (.daysTimeDuration, .daysTimeDuration), (.yearsMonthsDuration, .yearsMonthsDuration),
            (.date, .daysTimeDuration), (.date, .yearsMonthsDuration), (.dateTime, .daysTimeDuration),
            (.dateTime, .yearsMonthsDuration), (.time, .daysTimeDuration):
            return add(left, negate(right), zoneOffset: zoneOffset)
        default: return nil
        }
    }

    private static func scale(_ duration: Value, _ factor: Value) -> Value? {
        guard case .number(let factor) = factor else { return nil }
        switch duration {
        case .daysTimeDuration(let length):
            return length.number?.multiplied(by: factor).flatMap(DaysTimeDuration.init(seconds:))
                .map(Value.daysTimeDuration)
        case .yearsMonthsDuration(let length):
            return Decimal34(length.months).multiplied(by: factor)?.rounded(toScale: 0, .down)?.integer
                .flatMap { months(($0, false)) }
        default: return nil
        }
    }

    private static func divide(_ left: Value, _ right: Value) -> Value? {
        switch (left, right) {
        case (.daysTimeDuration(let one), .daysTimeDuration(let other)):
            guard let dividend = one.number, let divisor = other.number else { return nil }
            return dividend.divided(by: divisor).map(Value.number)
        case (.yearsMonthsDuration(let one), .yearsMonthsDuration(let other)):
            return Decimal34(one.months).divided(by: Decimal34(other.months)).map(Value.number)
        case (.daysTimeDuration(let length), .number(let divisor)):
            return length.number?.divided(by: divisor).flatMap(DaysTimeDuration.init(seconds:))
                .map(Value.daysTimeDuration)
        case (.yearsMonthsDuration(let length), .number(let divisor)):
            return Decimal34(length.months).divided(by: divisor)?.rounded(toScale: 0, .down)?.integer
                .flatMap { months(($0, false)) }
        default: return nil
        }
    }
}
