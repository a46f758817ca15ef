/// Numbers made of lists of numbers.
enum Statistics {
    static func product(_ values: [Value]) -> Decimal34? {
        guard let numbers = Aggregates.numbers(values), var product = numbers.first else { return nil }
        for number in numbers.dropFirst() {
            guard let next = product.multiplied(by: number) else { return nil }
            product = next
        }
        return product
    }

    static func median(_ values: [Value]) -> Decimal34? {
        guard let numbers = Aggregates.numbers(values)?.sorted(), !numbers.isEmpty else { return nil }
        let middle = numbers.count / 2
        guard numbers.count.isMultiple(of: 2) else { return numbers[middle] }
        return numbers[middle - 1].adding(numbers[middle])?.divided(by: 2)
    }

    /// The deviation of a sample: the squares are divided by one less than there are.
    static func standardDeviation(_ values: [Value]) -> Decimal34? {
        guard let numbers = Aggregates.numbers(values), numbers.count > 1 else { return nil }
        let count = Decimal34(numbers.count)
        guard let mean = sum(numbers)?.divided(by: count) else { return nil }
        let squares = numbers.compactMap { number in
            number.subtracting(mean).flatMap { $0.multiplied(by: $0) }
        }
        guard squares.count == numbers.count, let total = sum(squares) else { return nil }
        return total.divided(by: Decimal34(numbers.count - 1))?.squareRoot
    }

    private static func sum(_ numbers: [Decimal34]) -> Decimal34? {
        var total = Decimal34.zero
        for number in numbers {
            guard let next = total.adding(number) else { return nil }
            total = next
        }
        return total
    }

    /// The most frequent numbers, the least first.
    static func mode(_ values: [Value]) -> [Decimal34]? {
        guard let numbers = Aggregates.numbers(values) else { return nil }
        var counts: [Decimal34: Int] = [:]
        for number in numbers { counts[number, default: 0] += 1 }
        let most = counts.values.max()
        return counts.filter { $0.value == most }.keys.sorted()
    }

    /// `all` stops at false, `any` at true; anything but truth values makes the answer unknown.
    static func truth(_ values: [Value], stopsAt stop: Bool) -> Value? {
        if values.contains(where: { $0.boolean == stop }) { return .boolean(stop) }
        return values.allSatisfy { $0.boolean != nil } ? .boolean(!stop) : nil
    }
}
