extension Builtin {
    static let numbers: [Builtin] = [
        .plain("decimal", "n", "scale") { values in rounded(values, .halfEven) },
        .plain("floor", "n", "scale", optional: 1) { values in rounded(values, .floor, scale: 0) },
        .plain("ceiling", "n", "scale", optional: 1) { values in rounded(values, .ceiling, scale: 0) },
        .plain("round up", "n", "scale") { values in rounded(values, .up) },
        .plain("round down", "n", "scale") { values in rounded(values, .down) },
        .plain("round half up", "n", "scale") { values in rounded(values, .halfUp) },
        .plain("round half down", "n", "scale") { values in rounded(values, .halfDown) },
        .plain("abs", "n") { values in
            switch values.single(0) {
            case .number(let number): .number(number.magnitude)
            case .daysTimeDuration(let length):
                .daysTimeDuration(DaysTimeDuration(nanoseconds: abs(length.nanoseconds)))
            case .yearsMonthsDuration(let length): .yearsMonthsDuration(YearsMonthsDuration(months: abs(length.months)))
            default: nil
            }
        },
        .plain("modulo", "dividend", "divisor") { values in
            guard let dividend = values.number(0), let divisor = values.number(1) else { return nil }
            return dividend.modulo(divisor).map(Value.number)
        },
        .plain("sqrt", "number") { values in values.number(0)?.squareRoot.map(Value.number) },
        .plain("log", "number") { values in values.number(0)?.logarithm.map(Value.number) },
        .plain("exp", "number") { values in values.number(0)?.exponential.map(Value.number) },
        .plain("even", "number") { values in isOdd(values).map { .boolean(!$0) } },
        .plain("odd", "number") { values in isOdd(values).map(Value.boolean) },
    ]

    private static func rounded(_ values: [Value], _ rule: RoundingRule, scale: Int? = nil) -> Value? {
        guard let number = values.number(0) else { return nil }
        guard values.count > 1 else { return scale.flatMap { number.rounded(toScale: $0, rule) }.map(Value.number) }
        guard let scale = values.number(1)?.rounded(toScale: 0, .down)?.integer else { return nil }
        return number.rounded(toScale: scale, rule).map(Value.number)
    }

    private static func isOdd(_ values: [Value]) -> Bool? {
        guard let number = values.number(0), number.isWhole else { return nil }
        return number.remainder(dividingBy: 2).map { !$0.isZero }
    }
}
