/// One evaluation of one expression: its stack of local values and what it may still spend.
package struct Evaluator {
    var scope: Scope
    let limits: EvaluationLimits
    var locals: [Value] = []
    /// Where the frame of the current function begins on the stack.
    var base = 0
    private var steps = 0
    private var depth = 0
    /// What tables within had to object; the first of them.
    private(set) var objections: [DecisionError] = []
    private static let objectionLimit = 20

    init(scope: Scope, limits: EvaluationLimits) {
        self.scope = scope
        self.limits = limits
    }

    var zoneOffset: Surroundings.ZoneOffset { scope.surroundings.zoneOffset }

    mutating func spend(_ count: Int) throws(FEELError) {
        steps += count
        guard steps <= limits.steps else { throw .tooManySteps(limit: limits.steps) }
    }

    mutating func object(_ error: DecisionError) {
        if objections.count < Self.objectionLimit { objections.append(error) }
    }

    /// Does something one level deeper, as a call of a function is.
    mutating func deeper<Result>(
        _ work: (inout Evaluator) throws(FEELError) -> Result
    ) throws(FEELError) -> Result {
        steps += 1
        depth += 1
        defer { depth -= 1 }
        guard steps <= limits.steps else { throw .tooManySteps(limit: limits.steps) }
        guard depth <= limits.depth else { throw .tooDeepEvaluation(limit: limits.depth) }
        return try work(&self)
    }

    mutating func evaluate(_ node: Node) throws(FEELError) -> Value {
        steps += 1
        depth += 1
        defer { depth -= 1 }
        guard steps <= limits.steps else { throw .tooManySteps(limit: limits.steps) }
        guard depth <= limits.depth else { throw .tooDeepEvaluation(limit: limits.depth) }
        switch node {
        case .constant(let value): return value
        case .local(let slot): return locals[base + slot]
        case .global(let name): return scope[name] ?? .null
        case .implicit(let name, let item, let otherwise): return try implicit(name, item: item, otherwise)
        case .temporal(let text): return Temporal.value(text, zoneOffset: zoneOffset) ?? .null
        case .comparison(let comparison, let left, let right): return try compare(comparison, left, right)
        case .arithmetic(let operation, let left, let right): return try calculate(operation, left, right)
        case .path(let node, let name): return Properties.value(of: try evaluate(node), name)
        case .conjunction(let nodes): return try decide(nodes, stopsAt: false)
        case .disjunction(let nodes): return try decide(nodes, stopsAt: true)
        case .builtin(let builtin, let arguments, let names): return try call(builtin, arguments, names: names)
        default: return try evaluateRare(node)
        }
    }

    private mutating func evaluateRare(_ node: Node) throws(FEELError) -> Value {
        switch node {
        case .list(let nodes): return .list(try values(of: nodes))
        case .context(let entries): return try context(entries)
        case .range(let start, let end, let includesStart, let includesEnd):
            return try range(start, end, includesStart: includesStart, includesEnd: includesEnd)
        case .comparisonRange(let comparison, let node): return .range(ValueRange(comparison, try evaluate(node)))
        case .negation(let node): return Operators.negate(try evaluate(node))
        case .between(let node, let low, let high): return try between(node, low, high)
        case .membership(let node, let tests): return try membership(node, tests)
        case .instance(let node, let type): return .boolean(type.contains(try evaluate(node), scope.surroundings))
        case .conditional(let condition, let then, let otherwise):
            return try evaluate(condition).isTrue ? try evaluate(then) : try evaluate(otherwise)
        case .iteration(let iterators, let slot, let body): return try iterate(iterators, slot: slot, body)
        case .quantified(let isEvery, let iterators, let condition):
            return try quantify(isEvery: isEvery, iterators, condition)
        case .filter(let node, let condition, let slot): return try filter(node, condition, slot: slot)
        case .function(let parameters, let types, let slot, let body):
            let captured = Array(locals[base..<base + slot])
            return .function(
                Function(
                    parameters: parameters,
                    kind: .written(body: body, types: types, captured: captured, scope: scope)))
        case .call(let node, let arguments, let names, let otherwise):
            return try call(node, arguments, names: names, otherwise: otherwise)
        default: return .null
        }
    }

    private mutating func implicit(_ name: Name, item: Int, _ otherwise: Node) throws(FEELError) -> Value {
        if case .context(let context) = locals[base + item], let value = context[name] { return value }
        return try evaluate(otherwise)
    }

    private mutating func compare(
        _ comparison: Node.Comparison, _ left: Node, _ right: Node
    ) throws(FEELError) -> Value {
        Operators.compare(comparison, try evaluate(left), try evaluate(right))
    }

    private mutating func calculate(
        _ operation: Node.Arithmetic, _ left: Node, _ right: Node
    ) throws(FEELError) -> Value {
        let value = Operators.calculate(operation, try evaluate(left), try evaluate(right), zoneOffset: zoneOffset)
        if case .string(let text) = value { try check(text) }
        return value
    }

    /// Three-valued `and` (stops at false) and `or` (stops at true).
    private mutating func decide(_ nodes: [Node], stopsAt stop: Bool) throws(FEELError) -> Value {
        var isKnown = true
        for node in nodes {
            guard case .boolean(let value) = try evaluate(node) else {
                isKnown = false
                continue
            }
            if value == stop { return .boolean(stop) }
        }
        return isKnown ? .boolean(!stop) : .null
    }

    private mutating func between(_ node: Node, _ low: Node, _ high: Node) throws(FEELError) -> Value {
        let value = try evaluate(node)
        guard let lower = value.compare(try evaluate(low)), let upper = value.compare(try evaluate(high)) else {
            return .null
        }
        return .boolean(lower >= 0 && upper <= 0)
    }

    private mutating func membership(_ node: Node, _ tests: [Node.Test]) throws(FEELError) -> Value {
        let value = try evaluate(node)
        var isKnown = true
        for test in tests {
            switch try holds(test, for: value) {
            case true: return true
            case false: continue
            default: isKnown = false
            }
        }
        return isKnown ? false : .null
    }

    /// Whether a value passes one test; `nil` if that is no question for it.
    mutating func holds(_ test: Node.Test, for value: Value) throws(FEELError) -> Bool? {
        switch test {
        case .any: return true
        case .comparison(let comparison, let node):
            return Operators.compare(comparison, value, try evaluate(node)).boolean
        case .condition(let node): return try evaluate(node).isTrue
        case .value(let node): return Operators.matches(value, try evaluate(node))
        }
    }

    mutating func values(of nodes: [Node]) throws(FEELError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(nodes.count)
        for node in nodes { values.append(try evaluate(node)) }
        return values
    }

    private mutating func context(_ entries: [Node.Entry]) throws(FEELError) -> Value {
        var context = Context()
        let count = locals.count
        for entry in entries {
            let value = try evaluate(entry.node)
            context[entry.name] = value
            locals.append(value)
        }
        locals.removeLast(locals.count - count)
        return .context(context)
    }

    private mutating func range(
        _ start: Node, _ end: Node, includesStart: Bool, includesEnd: Bool
    ) throws(FEELError) -> Value {
        let first = try evaluate(start)
        let last = try evaluate(end)
        let isOrdered = first.compare(last) != nil
        guard isOrdered || first.isNull || last.isNull else { return .null }
        return .range(ValueRange(first, last, includesStart: includesStart, includesEnd: includesEnd))
    }

    func check(_ text: String) throws(FEELError) {
        guard text.utf8.count <= limits.stringLength else { throw .stringTooLong(limit: limits.stringLength) }
    }

    func checkList(length: Int) throws(FEELError) {
        guard length <= limits.listLength else { throw .listTooLong(limit: limits.listLength) }
    }
}
