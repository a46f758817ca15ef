extension Builtin {
    static let conversions: [Builtin] = [
        .plain("string", "from") { values in
            switch values[0] {
            case .null: nil
            case .string(let text): .string(text)
            default: .string(values[0].temporalText ?? values[0].description)
            }
        },
        .plain("number", "from", "grouping separator", "decimal separator", optional: 2, number),
        .plain("not", "negand") { values in values.single(0).boolean.map { .boolean(!$0) } },
        .plain("is", "value1", "value2") { values in .boolean(isSame(values[0], values[1])) },
    ]

    private static func number(_ values: [Value]) -> Value? {
        if values.count == 1, case .number = values.single(0) { return values.single(0) }
        guard var text = values.string(0) else { return nil }
        guard values.count != 2 else { return nil }
        var separators: [Character?] = [nil, nil]
        for (index, allowed) in [" ,.", ".,"].enumerated() where values.count > 2 && !values[index + 1].isNull {
            guard let given = values.string(index + 1), given.count == 1, let separator = given.first,
                allowed.contains(separator)
            else { return nil }
            separators[index] = separator
        }
        if let grouping = separators[0] {
            guard separators[1] != grouping else { return nil }
            text.removeAll { $0 == grouping }
        }
        if let point = separators[1], point != "." {
            guard !text.contains(".") else { return nil }
            text = String(text.map { $0 == point ? "." : $0 })
        }
        return Decimal34(text).map(Value.number)
    }

    /// Whether two values are the same in every respect: other than `=`, it asks for the same zone.
    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.time(let one), .time(let other)): one == other
        case (.dateTime(let one), .dateTime(let other)): one.day == other.day && one.time == other.time
        default: left.equals(right) == true
        }
    }
}
