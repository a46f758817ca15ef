/// A range of FEEL: between two ends, or what a comparison is true for (区间).
package struct ValueRange: Sendable {
    package let start: Value
    package let end: Value
    package let includesStart: Bool
    package let includesEnd: Bool
    /// The comparison that made the range, as in `(< 10)`; the end it leaves open is null.
    let comparison: Node.Comparison?

    package init(_ start: Value, _ end: Value, includesStart: Bool = true, includesEnd: Bool = true) {
        self.start = start
        self.end = end
        self.includesStart = includesStart
        self.includesEnd = includesEnd
        comparison = nil
    }

    /// The values for which a comparison with a value is true.
    init(_ comparison: Node.Comparison, _ value: Value) {
        self.comparison = comparison
        start = comparison == .less || comparison == .lessOrEqual ? .null : value
        end = comparison == .greater || comparison == .greaterOrEqual ? .null : value
        includesStart = comparison == .equal || comparison == .greaterOrEqual
        includesEnd = comparison == .equal || comparison == .lessOrEqual
    }

    /// Whether a value lies within; `nil` if that is no question for values of these kinds.
    package func contains(_ value: Value) -> Bool? {
        if let comparison { return Operators.compare(comparison, value, start.isNull ? end : start).boolean }
        guard let low = value.compare(start), let high = value.compare(end) else { return nil }
        return (low > 0 || (low == 0 && includesStart)) && (high < 0 || (high == 0 && includesEnd))
    }
}

extension ValueRange: CustomStringConvertible {
    package var description: String {
        if let comparison { return "(\(comparison.rawValue)\(start.isNull ? end : start))" }
        return "\(includesStart ? "[" : "(")\(start)..\(end)\(includesEnd ? "]" : ")")"
    }
}
