extension Evaluator {
    /// The value of a boxed expression over the names of a scope.
    mutating func evaluate(_ boxed: Boxed, in scope: Scope) throws(FEELError) -> Value {
        try deeper { (evaluator: inout Evaluator) throws(FEELError) -> Value in
            switch boxed {
            case .absent: return .null
            case .literal(let expression): return try evaluator.run(expression.node, on: [], in: scope)
            case .table(let table): return try evaluator.answer(of: table, in: scope)
            case .typed(let boxed, let type):
                let value = try evaluator.evaluate(boxed, in: scope)
                return type.coerce(value, scope.surroundings) ?? .null
            case .context(let entries): return try evaluator.context(entries, in: scope)
            case .list(let items):
                var values: [Value] = []
                for item in items { values.append(try evaluator.evaluate(item, in: scope)) }
                return .list(values)
            case .relation(let columns, let rows): return try evaluator.relation(columns, rows, in: scope)
            default: return try evaluator.evaluateRare(boxed, in: scope)
            }
        }
    }

    private mutating func evaluateRare(_ boxed: Boxed, in scope: Scope) throws(FEELError) -> Value {
        switch boxed {
        case .invocation(let callee, let bindings): return try invoke(callee, bindings, in: scope)
        case .function(let parameters, let body): return .function(Self.function(parameters, body, in: scope))
        case .conditional(let condition, let then, let otherwise):
            let value = try evaluate(condition, in: scope)
            // Other than the text's `if`, the box wants a truth value or null (DMN 1.5, section 7.3.8).
            guard value.boolean != nil || value.isNull else { return .null }
            return try evaluate(value.isTrue ? then : otherwise, in: scope)
        case .filter(let list, let match): return try filter(list, match, in: scope)
        case .iteration(let name, let domain, let body): return try iterate(name, domain, body, in: scope)
        case .quantified(let isEvery, let name, let domain, let condition):
            return try quantify(isEvery: isEvery, name, domain, condition, in: scope)
        default: return .null
        }
    }

    /// A function over boxes, which sees the scope it was written in.
    package static func function(_ parameters: [Boxed.Parameter], _ body: Boxed, in scope: Scope) -> Function {
        let names = parameters.map(\.name)
        return Function(
            parameters: names, types: parameters.map(\.type),
            within: { (evaluator: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
                try evaluator.evaluate(body, in: scope.adding(Context(zip(names, values))))
            })
    }

    private mutating func answer(of table: DecisionTable, in scope: Scope) throws(FEELError) -> Value {
        do throws(DecisionError) {
            return try table.evaluate(with: &self, in: scope).value
        } catch {
            if case .stopped(let reason, _) = error { throw reason }
            object(error)
            return .null
        }
    }

    private mutating func context(_ entries: [Boxed.Entry], in scope: Scope) throws(FEELError) -> Value {
        var context = Context()
        for entry in entries {
            let value = try evaluate(entry.value, in: scope.adding(context))
            guard let name = entry.name else { return value }
            context[name] = value
        }
        return .context(context)
    }

    private mutating func relation(
        _ columns: [String], _ rows: [[Boxed]], in scope: Scope
    ) throws(FEELError) -> Value {
        var values: [Value] = []
        for row in rows {
            var context = Context()
            for (column, cell) in zip(columns, row) { context[column] = try evaluate(cell, in: scope) }
            values.append(.context(context))
        }
        return .list(values)
    }

    private mutating func invoke(
        _ callee: Boxed, _ bindings: [Boxed.Binding], in scope: Scope
    ) throws(FEELError) -> Value {
        var values: [Value] = []
        for binding in bindings { values.append(try evaluate(binding.value, in: scope)) }
        guard case .function(let function) = try evaluate(callee, in: scope) else { return .null }
        return try invoke(function, values, names: bindings.isEmpty ? nil : bindings.map(\.parameter))
    }

    private mutating func filter(_ list: Boxed, _ match: Boxed, in scope: Scope) throws(FEELError) -> Value {
        var kept: [Value] = []
        for item in try evaluate(list, in: scope).items {
            var inner = scope.adding(["item": item])
            if case .context(let entries) = item { inner = inner.adding(entries) }
            let value = try evaluate(match, in: inner)
            guard value.boolean != nil || value.isNull else { return .null }
            if value.isTrue { kept.append(item) }
        }
        return .list(kept)
    }

    private mutating func iterate(
        _ name: String, _ domain: Boxed, _ body: Boxed, in scope: Scope
    ) throws(FEELError) -> Value {
        guard let items = try items(of: try evaluate(domain, in: scope)) else { return .null }
        var results: [Value] = []
        for item in items {
            results.append(try evaluate(body, in: scope.adding(["partial": .list(results), name: item])))
            try checkList(length: results.count)
        }
        return .list(results)
    }

    private mutating func quantify(
        isEvery: Bool, _ name: String, _ domain: Boxed, _ condition: Boxed, in scope: Scope
    ) throws(FEELError) -> Value {
        guard let items = try items(of: try evaluate(domain, in: scope)) else { return .null }
        for item in items {
            guard case .boolean(let holds) = try evaluate(condition, in: scope.adding([name: item])) else {
                return .null
            }
            if holds != isEvery { return .boolean(holds) }
        }
        return .boolean(isEvery)
    }
}

extension Value {
    /// What a filter looks at: the items of a list, nothing of null, and any other value by itself.
    fileprivate var items: [Value] {
        switch self {
        case .list(let values): values
        case .null: []
        default: [self]
        }
    }
}
