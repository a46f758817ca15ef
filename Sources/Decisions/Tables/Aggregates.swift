/// What is made of many values.
enum Aggregates {
    /// The sum of numbers or of durations of one kind; `nil` for anything else, and for nothing.
    static func sum(_ values: [Value]) -> Value? {
        guard var total = values.first else { return nil }
        guard values.count > 1 || total.isSummable else { return nil }
        for value in values.dropFirst() {
            guard value.isSummable, total.isSummable else { return nil }
            total = Operators.calculate(.add, total, value, zoneOffset: Surroundings.fixedZones)
        }
        return total.isNull ? nil : total
    }

    /// The least (`sign` −1) or the greatest (1); `nil` if two values have no order.
    static func extreme(_ values: [Value], sign: Int) -> Value? {
        guard var best = values.first, best.compare(best) != nil else { return nil }
        for value in values.dropFirst() {
            guard let order = value.compare(best) else { return nil }
            if order * sign > 0 { best = value }
        }
        return best
    }

    /// The numbers, if all values are such.
    static func numbers(_ values: [Value]) -> [Decimal34]? {
        var numbers: [Decimal34] = []
        for value in values {
            guard let number = value.number else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}

extension Value {
    fileprivate var isSummable: Bool {
        switch self {
        case .number, .daysTimeDuration, .yearsMonthsDuration: true
        default: false
        }
    }
}
