extension Parser {
    /// A range alone, whose ends are literals: what the function `range` reads.
    mutating func literalRange() throws(FEELError) -> Node {
        let includesStart = take("[")
        if !includesStart, !take("("), !take("]") { throw unexpected(.symbol("[")) }
        let start = try endpoint()
        try expect("..")
        isRangeEnd = true
        let end = try endpoint()
        let includesEnd = take("]")
        if !includesEnd, !take(")"), !take("[") { throw unexpected(.symbol("]")) }
        try expectEnd()
        return .range(start: start, end: end, includesStart: includesStart, includesEnd: includesEnd)
    }

    private mutating func endpoint() throws(FEELError) -> Node {
        let position = index
        let node = try expression()
        switch node {
        case .constant, .temporal: return node
        case .builtin(let builtin, let arguments, nil)
        where arguments.count == 1 && ["date", "time", "date and time", "duration"].contains(builtin.name):
            if case .constant = arguments[0] { return node }
            throw unexpected(.temporal, at: position)
        default: throw unexpected(.expression, at: position)
        }
    }
}
