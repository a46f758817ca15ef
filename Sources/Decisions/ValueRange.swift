/// A range of FEEL: between two ends, beyond one end, or anything but one value (区间).
package struct ValueRange: Sendable {
    package let start: Value
    package let end: Value
    package let includesStart: Bool
    package let includesEnd: Bool
    /// Whether the range holds everything but its start: `(!= 10)`.
    let isComplement: Bool

    /// An end that is null is open: the range goes on without end there.
    package init(_ start: Value, _ end: Value, includesStart: Bool = true, includesEnd: Bool = true) {
        self.start = start
        self.end = end
        self.includesStart = includesStart
        self.includesEnd = includesEnd
        isComplement = false
    }

    init(excluding value: Value) {
        start = value
        end = value
        includesStart = false
        includesEnd = false
        isComplement = true
    }

    /// Whether a value lies within; `nil` if that is no question for values of these kinds.
    package func contains(_ value: Value) -> Bool? {
        if isComplement { return value.equals(start).map { !$0 } }
        var isKnown = false
        if !start.isNull {
            guard let order = value.compare(start) else { return nil }
            isKnown = true
            if order < 0 || (order == 0 && !includesStart) { return end.isNull ? false : value.compare(end).map { _ in false } }
        }
        if !end.isNull {
            guard let order = value.compare(end) else { return nil }
            isKnown = true
            if order > 0 || (order == 0 && !includesEnd) { return false }
        }
        return isKnown ? true : nil
    }
}

extension ValueRange: CustomStringConvertible {
    package var description: String {
        if isComplement { return "(!=\(start))" }
        return "\(includesStart ? "[" : "(")\(start)..\(end)\(includesEnd ? "]" : ")")"
    }
}
