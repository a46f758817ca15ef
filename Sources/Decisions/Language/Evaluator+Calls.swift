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
        case .within(let body, let types):
            guard let arguments = arguments(values, names: names, of: function),
                let coerced = coerce(arguments, to: types.map { $0?.name })
            else { return .null }
            return try deeper { (evaluator: inout Evaluator) throws(FEELError) in try body(&evaluator, coerced) }
        case .defined(let expression, let types, let scope):
            guard let arguments = arguments(values, names: names, of: function),
                let coerced = coerce(arguments, to: types.map { $0?.name })
            else { return .null }
            let parameters = Context(zip(function.parameters, coerced))
            return try run(expression.node, on: [], in: scope.adding(parameters))
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
        for (index, type) in types.prefix(values.count).enumerated() {
            guard let type else { continue }
            guard let value = type.coerce(values[index], scope.surroundings) else { return nil }
            output[index] = value
        }
        return output
    }

    mutating func run(_ node: Node, on frame: [Value], in outer: Scope) throws(FEELError) -> Value {
        try framed(in: outer) { (evaluator: inout Evaluator) throws(FEELError) in
            evaluator.locals.append(contentsOf: frame)
            return try evaluator.evaluate(node)
        }
    }

    /// Does something with the stack and the scope of its own.
    mutating func framed<Result>(
        in outer: Scope, _ work: (inout Evaluator) throws(FEELError) -> Result
    ) throws(FEELError) -> Result {
        let count = locals.count
        let saved = (base, scope)
        base = count
        scope = outer
        defer {
            locals.removeLast(locals.count - count)
            (base, scope) = saved
        }
        return try work(&self)
    }
}
