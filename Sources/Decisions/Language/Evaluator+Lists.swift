import Kernel

extension Evaluator {
    /// `for … return …`: every combination of the iterators' items, the last iterator the fastest.
    ///
    /// `partial`, the results so far, lies at the slot; the iterators' values follow it.
    mutating func iterate(_ iterators: [Node.Iterator], slot: Int, _ body: Node) throws(FEELError) -> Value {
        locals.append(.list([]))
        defer { locals.removeLast() }
        let isComplete = try visit(
            iterators[...],
            { (evaluator: inout Evaluator) throws(FEELError) -> Bool in
                let value = try evaluator.evaluate(body)
                guard case .list(var results) = evaluator.locals[evaluator.base + slot] else { return false }
                // The stack gives up its reference, so that the list grows in place.
                evaluator.locals[evaluator.base + slot] = .null
                results.append(value)
                try evaluator.checkList(length: results.count)
                evaluator.locals[evaluator.base + slot] = .list(results)
                return true
            })
        return isComplete ? locals[base + slot] : .null
    }

    mutating func quantify(
        isEvery: Bool, _ iterators: [Node.Iterator], _ condition: Node
    ) throws(FEELError) -> Value {
        locals.append(.null)
        defer { locals.removeLast() }
        var answer: Bool?
        var isKnown = true
        let isComplete = try visit(
            iterators[...],
            { (evaluator: inout Evaluator) throws(FEELError) -> Bool in
                if answer != nil { return true }
                guard case .boolean(let value) = try evaluator.evaluate(condition) else {
                    isKnown = false
                    return true
                }
                if value != isEvery { answer = value }
                return true
            })
        guard isComplete else { return .null }
        if let answer { return .boolean(answer) }
        return isKnown ? .boolean(isEvery) : .null
    }

    /// Calls `body` with every combination on the stack; `false` if a domain is nothing to iterate over.
    private mutating func visit(
        _ iterators: ArraySlice<Node.Iterator>, _ body: (inout Evaluator) throws(FEELError) -> Bool
    ) throws(FEELError) -> Bool {
        guard let first = iterators.first else {
            try spend(1)
            return try body(&self)
        }
        guard let domain = try domain(of: first) else { return false }
        let index = locals.count
        locals.append(.null)
        defer { locals.removeLast(locals.count - index) }
        for value in domain {
            locals[index] = value
            guard try visit(iterators.dropFirst(), body) else { return false }
        }
        return true
    }

    private mutating func domain(of iterator: Node.Iterator) throws(FEELError) -> [Value]? {
        let value = try evaluate(iterator.domain)
        if let node = iterator.end {
            return try series(from: value, to: try evaluate(node))
        }
        return try items(of: value)
    }

    /// What an iteration over a value visits; `nil` if it is nothing to iterate over.
    mutating func items(of value: Value) throws(FEELError) -> [Value]? {
        switch value {
        case .list(let values): return values
        case .range(let range):
            guard var values = try series(from: range.start, to: range.end) else { return nil }
            if !range.includesStart, !values.isEmpty { values.removeFirst() }
            if !range.includesEnd, !values.isEmpty { values.removeLast() }
            return values
        case .null: return nil
        default: return [value]
        }
    }

    /// Whole numbers or days from one to the other, up or down.
    private mutating func series(from start: Value, to end: Value) throws(FEELError) -> [Value]? {
        let first: Int
        let last: Int
        let isDays: Bool
        switch (start, end) {
        case (.number(let low), .number(let high)):
            guard let one = low.integer, let other = high.integer else { return nil }
            (first, last, isDays) = (one, other, false)
        case (.date(let low), .date(let high)):
            (first, last, isDays) = (low.number, high.number, true)
        default: return nil
        }
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow, distance.magnitude < limits.listLength else {
            throw .listTooLong(limit: limits.listLength)
        }
        try spend(Int(distance.magnitude))
        return stride(from: first, through: last, by: distance < 0 ? -1 : 1).map {
            isDays ? .date(.init(number: $0)) : .number($0)
        }
    }

    /// `list[2]` is an item, `list[item > 2]` the items for which the condition is true.
    mutating func filter(_ node: Node, _ condition: Node, slot: Int) throws(FEELError) -> Value {
        let value = try evaluate(node)
        let values: [Value] =
            switch value {
            case .list(let values): values
            case .null: []
            default: [value]
            }
        let count = locals.count
        locals.append(.null)
        defer { locals.removeLast(locals.count - count) }
        if case .constant(.number(let number)) = condition { return Self.item(number, of: values) }
        var kept: [Value] = []
        for (index, item) in values.enumerated() {
            locals[base + slot] = item
            switch try evaluate(condition) {
            case .boolean(true): kept.append(item)
            case .number(let number) where index == 0: return Self.item(number, of: values)
            default: break
            }
        }
        if values.isEmpty, case .number = try evaluate(condition) { return .null }
        return .list(kept)
    }

    private static func item(_ number: Decimal34, of values: [Value]) -> Value {
        guard let position = number.integer, position != 0 else { return .null }
        let index = position > 0 ? position - 1 : values.count + position
        return values.indices.contains(index) ? values[index] : .null
    }
}
