extension Builtin {
    /// How points and ranges lie to each other (DMN 1.5, section 10.3.4.9); a point is a range of one value.
    static let ranges: [Builtin] = [
        relation("before", [.points, .pointRange, .rangePoint, .ranges]) { $0.isBefore($1) },
        relation("after", [.points, .pointRange, .rangePoint, .ranges]) { $1.isBefore($0) },
        relation("meets", [.ranges]) { $0.meets($1) },
        relation("met by", [.ranges]) { $1.meets($0) },
        relation("overlaps", [.ranges]) { $0.overlaps($1) },
        relation("overlaps before", [.ranges]) { $0.overlapsBefore($1) },
        relation("overlaps after", [.ranges]) { $0.overlapsAfter($1) },
        relation("finishes", [.pointRange, .ranges]) { $0.finishes($1) },
        relation("finished by", [.rangePoint, .ranges]) { $1.finishes($0) },
        relation("includes", [.rangePoint, .ranges]) { $0.includes($1) },
        relation("during", [.pointRange, .ranges]) { $1.includes($0) },
        relation("starts", [.pointRange, .ranges]) { $0.starts($1) },
        relation("started by", [.rangePoint, .ranges]) { $1.starts($0) },
        relation("coincides", [.points, .ranges]) { $0.coincides($1) },
        Builtin("range", "from") { (evaluator: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
            guard let text = values.string(0), let node = literalRange(text),
                case .range(let range) = try evaluator.evaluate(node)
            else { return .null }
            return range.start.compare(range.end).map { $0 <= 0 } == true ? .range(range) : .null
        },
    ]

    private enum Kinds {
        case points, pointRange, rangePoint, ranges

        var parameters: [String] {
            switch self {
            case .points: ["point1", "point2"]
            case .pointRange: ["point", "range"]
            case .rangePoint: ["range", "point"]
            case .ranges: ["range1", "range2"]
            }
        }

        init(_ left: Value, _ right: Value) {
            switch (left, right) {
            case (.range, .range): self = .ranges
            case (.range, _): self = .rangePoint
            case (_, .range): self = .pointRange
            default: self = .points
            }
        }
    }

    private static func relation(
        _ name: String, _ kinds: [Kinds], holds: @escaping @Sendable (ValueRange, ValueRange) -> Bool?
    ) -> Builtin {
        Builtin(name, forms: kinds.map { Form(parameters: $0.parameters) }) {
            (_: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
            let (left, right) = (values.single(0), values.single(1))
            guard !left.isNull, !right.isNull, kinds.contains(Kinds(left, right)) else { return .null }
            return holds(extent(of: left), extent(of: right)).map(Value.boolean) ?? .null
        }
    }

    private static func extent(of value: Value) -> ValueRange {
        if case .range(let range) = value { range } else { ValueRange(value, value) }
    }

    /// A range whose ends are literals, as the text of one has to be.
    private static func literalRange(_ text: String) -> Node? {
        guard var parser = try? Parser(text, names: Names()), let node = try? parser.literalRange() else {
            return nil
        }
        return node
    }
}

extension ValueRange {
    private typealias Limit = (value: Value, isIncluded: Bool)

    private var first: Limit { (start, includesStart) }
    private var last: Limit { (end, includesEnd) }

    /// Compares the values of two limits; open ends lie beyond everything.
    private static func order(_ left: Limit, isEnd leftIsEnd: Bool, _ right: Limit, isEnd rightIsEnd: Bool) -> Int? {
        switch (left.value.isNull, right.value.isNull) {
        case (false, false): left.value.compare(right.value)
        case (true, true): leftIsEnd == rightIsEnd ? 0 : leftIsEnd ? 1 : -1
        case (true, false): leftIsEnd ? 1 : -1
        case (false, true): rightIsEnd ? -1 : 1
        }
    }

    private func starts(beside other: ValueRange) -> Int? {
        Self.order(first, isEnd: false, other.first, isEnd: false)
    }
    private func ends(beside other: ValueRange) -> Int? { Self.order(last, isEnd: true, other.last, isEnd: true) }
    /// How this range's end lies to the other's start.
    private func reach(to other: ValueRange) -> Int? { Self.order(last, isEnd: true, other.first, isEnd: false) }

    func isBefore(_ other: ValueRange) -> Bool? {
        reach(to: other).map { $0 < 0 || ($0 == 0 && !(includesEnd && other.includesStart)) }
    }

    func meets(_ other: ValueRange) -> Bool? {
        reach(to: other).map { $0 == 0 && includesEnd && other.includesStart }
    }

    private func touches(_ other: ValueRange) -> Bool? {
        reach(to: other).map { $0 > 0 || ($0 == 0 && includesEnd && other.includesStart) }
    }

    func overlaps(_ other: ValueRange) -> Bool? {
        guard let one = touches(other), let two = other.touches(self) else { return nil }
        return one && two
    }

    func overlapsBefore(_ other: ValueRange) -> Bool? {
        guard let starts = starts(beside: other), let touches = touches(other), let ends = ends(beside: other)
        else { return nil }
        return (starts < 0 || (starts == 0 && includesStart && !other.includesStart)) && touches
            && (ends < 0 || (ends == 0 && (!includesEnd || other.includesEnd)))
    }

    func overlapsAfter(_ other: ValueRange) -> Bool? {
        guard let starts = other.starts(beside: self), let touches = other.touches(self),
            let ends = other.ends(beside: self)
        else { return nil }
        return (starts < 0 || (starts == 0 && other.includesStart && !includesStart)) && touches
            && (ends < 0 || (ends == 0 && (!other.includesEnd || includesEnd)))
    }

    func finishes(_ other: ValueRange) -> Bool? {
        guard let starts = starts(beside: other), let ends = ends(beside: other) else { return nil }
        return includesEnd == other.includesEnd && ends == 0
            && (starts > 0 || (starts == 0 && (!includesStart || other.includesStart)))
    }

    func starts(_ other: ValueRange) -> Bool? {
        guard let starts = starts(beside: other), let ends = ends(beside: other) else { return nil }
        return includesStart == other.includesStart && starts == 0
            && (ends < 0 || (ends == 0 && (!includesEnd || other.includesEnd)))
    }

    func includes(_ other: ValueRange) -> Bool? {
        guard let starts = starts(beside: other), let ends = ends(beside: other) else { return nil }
        return (starts < 0 || (starts == 0 && (includesStart || !other.includesStart)))
            && (ends > 0 || (ends == 0 && (includesEnd || !other.includesEnd)))
    }

    func coincides(_ other: ValueRange) -> Bool? {
        guard let starts = starts(beside: other), let ends = ends(beside: other) else { return nil }
        return starts == 0 && ends == 0 && includesStart == other.includesStart && includesEnd == other.includesEnd
    }
}
