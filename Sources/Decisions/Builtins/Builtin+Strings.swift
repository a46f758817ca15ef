extension Builtin {
    static let strings: [Builtin] = [
        .plain("substring", "string", "start position", "length", optional: 1, substring),
        .plain("string length", "string") { values in values.string(0).map { .number($0.unicodeScalars.count) } },
        .plain("upper case", "string") { values in values.string(0).map { .string($0.uppercased()) } },
        .plain("lower case", "string") { values in values.string(0).map { .string($0.lowercased()) } },
        .plain("substring before", "string", "match") { values in
            guard let (text, match) = texts(values) else { return nil }
            return .string(find(match, in: text).map { string(text.prefix($0)) } ?? "")
        },
        .plain("substring after", "string", "match") { values in
            guard let (text, match) = texts(values) else { return nil }
            return .string(find(match, in: text).map { string(text.dropFirst($0 + match.count)) } ?? "")
        },
        .plain("contains", "string", "match") { values in
            texts(values).map { .boolean(find($0.match, in: $0.text) != nil) }
        },
        .plain("starts with", "string", "match") { values in
            texts(values).map { .boolean($0.text.starts(with: $0.match)) }
        },
        .plain("ends with", "string", "match") { values in
            texts(values).map { .boolean($0.text.reversed().starts(with: $0.match.reversed())) }
        },
        Builtin("matches", "input", "pattern", "flags", optional: 1, body: matches),
        Builtin("replace", "input", "pattern", "replacement", "flags", optional: 1, body: replace),
        Builtin("split", "string", "delimiter", body: split),
        .plain("string join", "list", "delimiter", optional: 1) { values in
            guard let items = values.list(0) else { return nil }
            var texts: [String] = []
            for item in items where !item.isNull {
                guard let text = item.string else { return nil }
                texts.append(text)
            }
            if values.count > 1, !values.single(1).isNull, values.string(1) == nil { return nil }
            return .string(texts.joined(separator: values.string(1) ?? ""))
        },
    ]

    private static func texts(_ values: [Value]) -> (text: [Unicode.Scalar], match: [Unicode.Scalar])? {
        guard let text = values.string(0), let match = values.string(1) else { return nil }
        return (Array(text.unicodeScalars), Array(match.unicodeScalars))
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func find(_ match: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Int? {
        guard match.count <= text.count else { return nil }
        return (0...text.count - match.count).first { text[$0..<$0 + match.count].elementsEqual(match) }
    }

    /// Positions count characters (Unicode scalars) from 1, or from the end with a minus.
    private static func substring(_ values: [Value]) -> Value? {
        guard let text = values.string(0), let position = values.integer(1), position != 0 else { return nil }
        let scalars = Array(text.unicodeScalars)
        let start = position > 0 ? position - 1 : scalars.count + position
        guard start >= 0, start <= scalars.count else { return position > 0 ? "" : nil }
        guard values.count > 2 else { return .string(string(scalars[start...])) }
        guard let length = values.number(2)?.rounded(toScale: 0, .down)?.integer, length >= 1 else { return nil }
        return .string(string(scalars[start...].prefix(length)))
    }

    private static func pattern(
        _ values: [Value], at index: Int, flagsAt: Int, _ evaluator: inout Evaluator
    ) throws(FEELError) -> Pattern? {
        guard let text = values.string(index) else { return nil }
        var flags = ""
        if values.count > flagsAt, !values[flagsAt].isNull {
            guard let given = values.string(flagsAt) else { return nil }
            flags = given
        }
        try evaluator.spend(text.utf8.count)
        return Pattern(text, flags: flags)
    }

    @Sendable private static func matches(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        guard let input = values.string(0), let pattern = try pattern(values, at: 1, flagsAt: 2, &evaluator)
        else { return .null }
        return .boolean(try evaluator.match(pattern, in: Array(input.unicodeScalars), from: 0) != nil)
    }

    @Sendable private static func replace(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        guard let input = values.string(0), let replacement = values.string(2),
            let pattern = try pattern(values, at: 1, flagsAt: 3, &evaluator),
            pattern.firstMatch(in: [], from: 0) == nil,
            let parts = Pattern.Replacement(
                replacement, isLiteral: pattern.isLiteral, groupCount: pattern.groupCount)
        else { return .null }
        let text = Array(input.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        while let match = try evaluator.match(pattern, in: text, from: index), !match.range.isEmpty {
            output.append(contentsOf: text[index..<match.range.lowerBound])
            parts.append(match, of: text, to: &output)
            index = match.range.upperBound
            try evaluator.check(String(output))
        }
        output.append(contentsOf: text[index...])
        return .string(String(output))
    }

    @Sendable private static func split(_ evaluator: inout Evaluator, _ values: [Value]) throws(FEELError) -> Value {
        guard let input = values.string(0), let pattern = try pattern(values, at: 1, flagsAt: 2, &evaluator),
            pattern.firstMatch(in: [], from: 0) == nil
        else { return .null }
        let text = Array(input.unicodeScalars)
        var parts: [Value] = []
        var index = 0
        while let match = try evaluator.match(pattern, in: text, from: index), !match.range.isEmpty {
            parts.append(.string(string(text[index..<match.range.lowerBound])))
            try evaluator.checkList(length: parts.count)
            index = match.range.upperBound
        }
        parts.append(.string(string(text[index...])))
        return .list(parts)
    }
}

extension Evaluator {
    /// The first match, and its price.
    fileprivate mutating func match(
        _ pattern: Pattern, in text: [Unicode.Scalar], from index: Int
    ) throws(FEELError) -> Pattern.Match? {
        let budget = limits.steps
        var rest = budget
        let match = pattern.firstMatch(in: text, from: index, steps: &rest)
        try spend(budget - rest)
        return match
    }
}
