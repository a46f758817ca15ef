extension Builtin {
    private static func folded(_ name: String, _ body: @escaping @Sendable ([Value]) -> Value?) -> Builtin {
        Builtin(name, forms: [Form(parameters: ["list"], isVariadic: true)]) {
            (_: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
            values.list(0).flatMap(body) ?? .null
        }
    }

    private static func gathering(
        _ name: String, _ parameters: [String], _ body: @escaping @Sendable ([Value]) -> Value?
    ) -> Builtin {
        Builtin(name, forms: [Form(parameters: parameters, isVariadic: true, wrapsLists: true)]) {
            (_: inout Evaluator, values: [Value]) throws(FEELError) -> Value in body(values) ?? .null
        }
    }

    static let lists: [Builtin] = [
        .plain("list contains", "list", "element") { values in
            values.list(0).map { .boolean($0.contains { $0.equals(values[1]) == true }) }
        },
        .plain("count", "list") { values in values.list(0).map { .number($0.count) } },
        folded("min") { Aggregates.extreme($0, sign: -1) },
        folded("max") { Aggregates.extreme($0, sign: 1) },
        folded("sum") { Aggregates.sum($0) },
        folded("mean") { values in
            Aggregates.sum(values).flatMap {
                Operators.calculate(.divide, $0, .number(values.count), zoneOffset: Surroundings.fixedZones)
            }
        },
        folded("product") { Statistics.product($0).map(Value.number) },
        folded("median") { Statistics.median($0).map(Value.number) },
        folded("stddev") { Statistics.standardDeviation($0).map(Value.number) },
        folded("mode") { Statistics.mode($0).map { .list($0.map(Value.number)) } },
        folded("all") { Statistics.truth($0, stopsAt: false) },
        folded("any") { Statistics.truth($0, stopsAt: true) },
        .plain("sublist", "list", "start position", "length", optional: 1, sublist),
        gathering("append", ["list", "item"]) { values in
            guard case .list(let items) = values[1] else { return nil }
            return .list((values.list(0) ?? []) + items)
        },
        gathering("concatenate", ["list"]) { values in concatenated(values) },
        gathering("union", ["list"]) { values in
            concatenated(values)?.list.map { .list(distinct($0)) }
        },
        .plain("insert before", "list", "position", "newItem") { values in
            guard var items = values.list(0), let index = index(values, in: items) else { return nil }
            items.insert(values[2], at: index)
            return .list(items)
        },
        .plain("remove", "list", "position") { values in
            guard var items = values.list(0), let index = index(values, in: items) else { return nil }
            items.remove(at: index)
            return .list(items)
        },
        .plain("reverse", "list") { values in values.list(0).map { .list($0.reversed()) } },
        .plain("index of", "list", "match") { values in
            values.list(0).map { items in
                .list(items.indices.filter { items[$0].equals(values[1]) == true }.map { .number($0 + 1) })
            }
        },
        .plain("distinct values", "list") { values in values.list(0).map { .list(distinct($0)) } },
        Builtin("flatten", "list") { (evaluator: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
            guard let items = values.list(0) else { return .null }
            var output: [Value] = []
            try flatten(items, into: &output, &evaluator)
            return .list(output)
        },
        Builtin("sort", "list", "precedes", optional: 1, body: sort),
        Builtin(
            "list replace",
            forms: [
                Form(parameters: ["list", "position", "newItem"]), Form(parameters: ["list", "match", "newItem"]),
            ], body: replace),
    ]

    private static func distinct(_ values: [Value]) -> [Value] {
        var output: [Value] = []
        for value in values where !output.contains(where: { $0.equals(value) == true }) { output.append(value) }
        return output
    }

    private static func concatenated(_ values: [Value]) -> Value? {
        guard case .list(let lists) = values[0] else { return nil }
        return .list(
            lists.flatMap { value -> [Value] in
                if case .list(let items) = value { items } else { [value] }
            })
    }

    private static func flatten(
        _ values: [Value], into output: inout [Value], _ evaluator: inout Evaluator
    ) throws(FEELError) {
        try evaluator.spend(values.count)
        for value in values {
            if case .list(let items) = value {
                try flatten(items, into: &output, &evaluator)
            } else {
                output.append(value)
            }
        }
    }

    /// The index of an item at a position from 1, or from the end with a minus.
    private static func index(_ values: [Value], in items: [Value]) -> Int? {
        guard let position = values.integer(1), position != 0, position.magnitude <= items.count else { return nil }
        return position > 0 ? position - 1 : items.count + position
    }

    private static func sublist(_ values: [Value]) -> Value? {
        guard let items = values.list(0), let index = index(values, in: items) else { return nil }
        guard values.count > 2 else { return .list(Array(items[index...])) }
        guard let length = values.integer(2), length >= 0, length <= items.count - index else { return nil }
        return .list(Array(items[index..<index + length]))
    }

    @Sendable private static func sort(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        guard let items = values.list(0) else { return .null }
        guard values.count > 1 else {
            guard Aggregates.extreme(items, sign: 1) != nil || items.isEmpty else { return .null }
            return .list(items.sorted { ($0.compare($1) ?? 0) < 0 })
        }
        guard case .function(let function) = values[1], function.parameters.count == 2 else { return .null }
        return .list(try merged(items, by: function, &evaluator))
    }

    /// A stable merge sort: the order the function gives may be no order at all, and still every item stays.
    private static func merged(
        _ items: [Value], by function: Function, _ evaluator: inout Evaluator
    ) throws(FEELError) -> [Value] {
        guard items.count > 1 else { return items }
        let left = try merged(Array(items[..<(items.count / 2)]), by: function, &evaluator)
        let right = try merged(Array(items[(items.count / 2)...]), by: function, &evaluator)
        var output: [Value] = []
        output.reserveCapacity(items.count)
        var (one, other) = (0, 0)
        while one < left.count, other < right.count {
            if try evaluator.invoke(function, [right[other], left[one]]).isTrue {
                output.append(right[other])
                other += 1
            } else {
                output.append(left[one])
                one += 1
            }
        }
        return output + left[one...] + right[other...]
    }

    @Sendable private static func replace(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        guard var items = values.list(0) else { return .null }
        if case .function(let function) = values[1] {
            guard function.parameters.count == 2 else { return .null }
            for index in items.indices {
                guard case .boolean(let matches) = try evaluator.invoke(function, [items[index], values[2]])
                else { return .null }
                if matches { items[index] = values[2] }
            }
            return .list(items)
        }
        guard let position = values.number(1)?.rounded(toScale: 0, .down),
            let index = index([values[0], .number(position)], in: items)
        else { return .null }
        items[index] = values[2]
        return .list(items)
    }
}
