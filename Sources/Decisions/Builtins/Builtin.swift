/// A function of FEEL's library (DMN 1.5, section 10.3.4).
struct Builtin: Sendable {
    typealias Body = @Sendable (inout Evaluator, [Value]) throws(FEELError) -> Value

    /// One way to call a function: its parameters, and how many of them may be left out at the end.
    struct Form: Sendable {
        let parameters: [String]
        var optional = 0
        /// Whether the last parameter takes any number of values: `min(1, 2, 3)` is `min([1, 2, 3])`.
        var isVariadic = false
        /// Whether a single list given for a variadic parameter is one of its values, and not all of them.
        var wrapsLists = false
    }

    let name: String
    let forms: [Form]
    /// Gets the values in the order of a form; those that were left out are missing at the end, or null.
    let body: Body

    init(_ name: String, _ parameters: String..., optional: Int = 0, body: @escaping Body) {
        self.init(name, forms: [Form(parameters: parameters, optional: optional)], body: body)
    }

    init(_ name: String, forms: [Form], body: @escaping Body) {
        self.name = name
        self.forms = forms
        self.body = body
    }

    static let named: [String: Builtin] = {
        let all = numbers + strings + lists + contexts + calendar + ranges + conversions
        return Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    static let spacedNames = Names(named.keys)

    /// The values as the function wants them; `nil` if their number fits no form.
    func positional(_ values: [Value]) -> [Value]? {
        for form in forms {
            if form.isVariadic {
                let fixed = form.parameters.count - 1
                guard values.count > fixed else { continue }
                if !form.wrapsLists, values.count == fixed + 1, case .list = values[fixed] { return values }
                return Array(values[..<fixed]) + [.list(Array(values[fixed...]))]
            }
            let count = form.parameters.count
            if (count - form.optional...count).contains(values.count) { return values }
        }
        return nil
    }

    /// The values of named arguments in the order of the first form that has all the names.
    func arranged(_ values: [Value], names: [String]) -> [Value]? {
        guard Set(names).count == names.count else { return nil }
        for form in forms {
            let indices = names.compactMap { form.parameters.firstIndex(of: $0) }
            let required = form.parameters.count - form.optional
            guard indices.count == names.count, Set(indices).isSuperset(of: 0..<required) else { continue }
            var output = [Value](repeating: .null, count: (indices.max() ?? -1) + 1)
            for (index, value) in zip(indices, values) { output[index] = value }
            return output
        }
        return nil
    }
}

/// What a function makes of its arguments; `nil` stands for null.
extension Builtin {
    typealias Plain = @Sendable ([Value]) -> Value?

    static func plain(_ name: String, _ parameters: String..., optional: Int = 0, _ body: @escaping Plain) -> Builtin {
        Builtin(name, forms: [Form(parameters: parameters, optional: optional)]) {
            (_: inout Evaluator, values: [Value]) throws(FEELError) -> Value in body(values) ?? .null
        }
    }
}

extension [Value] {
    /// The argument at an index; a list of one item stands for the item.
    func single(_ index: Int) -> Value {
        guard index < count else { return .null }
        if case .list(let values) = self[index], values.count == 1 { return values[0] }
        return self[index]
    }

    func number(_ index: Int) -> Decimal34? { single(index).number }
    func integer(_ index: Int) -> Int? { single(index).integer }
    func string(_ index: Int) -> String? { single(index).string }

    /// The argument as a list; a value that is none stands for the list of it, null for nothing.
    func list(_ index: Int) -> [Value]? {
        guard index < count else { return nil }
        switch self[index] {
        case .list(let values): return values
        case .null: return nil
        default: return [self[index]]
        }
    }
}
