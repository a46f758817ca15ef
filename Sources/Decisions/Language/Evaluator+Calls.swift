extension Evaluator {
    mutating func call(_ builtin: Builtin, _ arguments: [Node], names: [String]?) throws(FEELError) -> Value {
        try invoke(builtin, try values(of: arguments), names: names)
    }

    mutating func call(
        _ node: Node, _ arguments: [Node], names: [String]?, otherwise: Builtin?
    ) throws(FEELError) -> Value {
        let callee = try evaluate(node)
        let values = try values(of: arguments)
        guard case .function(let function) = callee else {
            guard let otherwise else { return .null }
            return try invoke(otherwise, values, names: names)
        }
        return try invoke(function, values, names: names)
    }

    func arranged(_ values: [Value], names: [String], parameters: [String]) -> [Value]? {
        guard Set(names).count == names.count else { return nil }
        var arranged = [Value](repeating: .null, count: parameters.count)
        for (name, value) in zip(names, values) {
            guard let index = parameters.firstIndex(of: name) else { return nil }
            arranged[index] = value
        }
        return arranged
    }

    private mutating func invoke(_ builtin: Builtin, _ values: [Value], names: [String]?) throws(FEELError) -> Value {
        let arranged = names.map { builtin.arranged(values, names: $0) } ?? builtin.positional(values)
        guard let arguments = arranged else { return .null }
        for argument in arguments {
            switch argument {
            case .list(let values): try spend(values.count)
            case .string(let text): try spend(text.utf8.count / 16)
            default: break
            }
        }
        let result = try builtin.body(&self, arguments)
        switch result {
        case .list(let values): try checkList(length: values.count)
        case .string(let text): try check(text)
        default: break
        }
        return result
    }

    /// Calls a function with values; null where the arguments do not fit it.
    mutating func invoke(_ function: Function, _ values: [Value], names: [String]? = nil) throws(FEELError) -> Value {
        switch function.kind {
        case .builtin(let builtin):
            return try invoke(builtin, values, names: names)
        case .lent(let body):
            guard let arguments = arguments(values, names: names, of: function) else { return .null }
            try spend(1)
            return try body(arguments)
        case .written(let node, let types, let captured, let scope):
            guard let arguments = arguments(values, names: names, of: function),
                let coerced = coerce(arguments, to: types)
            else { return .null }
            return try run(node, on: captured + coerced, in: scope)
        }
    }

    private func arguments(_ values: [Value], names: [String]?, of function: Function) -> [Value]? {
        if let names {
            guard names.count == function.parameters.count else { return nil }
            return arranged(values, names: names, parameters: function.parameters)
        }
        return values.count == function.parameters.count ? values : nil
    }

    private func coerce(_ values: [Value], to types: [TypeName?]) -> [Value]? {
        var output = values
        for (index, type) in types.enumerated() {
            guard let type else { continue }
            guard let value = coerce(values[index], to: type) else { return nil }
            output[index] = value
        }
        return output
    }

    private mutating func run(_ node: Node, on frame: [Value], in outer: Scope) throws(FEELError) -> Value {
        let count = locals.count
        let saved = (base, scope)
        base = count
        scope = outer
        locals.append(contentsOf: frame)
        defer {
            locals.removeLast(locals.count - count)
            (base, scope) = saved
        }
        return try evaluate(node)
    }
}

extension Evaluator {
    /// Whether a value is of a type; null is of none.
    func isInstance(_ value: Value, of type: TypeName) -> Bool {
        switch (type, value) {
        case (.any, .null): return false
        case (.any, _): return true
        case (.simple(let name), _): return value.kind == name
        case (.list(let element), .list(let values)): return values.allSatisfy { conforms($0, to: element) }
        case (.range(let element), .range(let range)):
            return [range.start, range.end].allSatisfy { $0.isNull || isInstance($0, of: element) }
        case (.context(let entries), .context(let context)):
            return entries.allSatisfy { entry in context[entry.name].map { conforms($0, to: entry.type) } ?? false }
        case (.function(let parameters, _), .function(let function)):
            if case .builtin = function.kind { return true }
            return parameters.count == function.parameters.count
        case (.named(let name), _): return scope.surroundings.isInstance(value, name) ?? false
        default: return false
        }
    }

    /// As `isInstance`, but null belongs to every type, as an element of a list or context does.
    private func conforms(_ value: Value, to type: TypeName) -> Bool { value.isNull || isInstance(value, of: type) }

    /// The value as a parameter's type wants it: a list of one item for the item, or the other way round.
    func coerce(_ value: Value, to type: TypeName) -> Value? {
        if value.isNull || isInstance(value, of: type) { return value }
        if case .list(let values) = value, values.count == 1, isInstance(values[0], of: type) { return values[0] }
        let list = Value.list([value])
        if case .list = type, isInstance(list, of: type) { return list }
        return nil
    }
}
