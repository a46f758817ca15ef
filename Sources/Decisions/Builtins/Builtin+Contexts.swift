extension Builtin {
    static let contexts: [Builtin] = [
        .plain("get value", "m", "key") { values in
            guard case .context(let context) = values.single(0), let key = values.string(1) else { return nil }
            return context[key]
        },
        .plain("get entries", "m") { values in
            guard case .context(let context) = values.single(0) else { return nil }
            return .list(context.map { ["key": .string($0.name), "value": $0.value] })
        },
        .plain("context", "entries") { values in
            guard let entries = values.list(0) else { return nil }
            var context = Context()
            for entry in entries {
                guard let key = entry["key"]?.string, let value = entry["value"], context[key] == nil else {
                    return nil
                }
                context[key] = value
            }
            return .context(context)
        },
        Builtin(
            "context put",
            forms: [
                Form(parameters: ["context", "key", "value"]), Form(parameters: ["context", "keys", "value"]),
            ]
        ) { (_: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
            guard case .context(let context) = values.single(0) else { return .null }
            var keys: [String] = []
            switch values[1] {
            case .string(let key): keys = [key]
            case .list(let items):
                for item in items {
                    guard let key = item.string else { return .null }
                    keys.append(key)
                }
            default: return .null
            }
            return put(values[2], in: context, at: keys[...]).map(Value.context) ?? .null
        },
        .plain("context merge", "contexts") { values in
            guard let contexts = values.list(0) else { return nil }
            var merged = Context()
            for value in contexts {
                guard case .context(let context) = value else { return nil }
                for (name, value) in context { merged[name] = value }
            }
            return .context(merged)
        },
    ]

    private static func put(_ value: Value, in context: Context, at keys: ArraySlice<String>) -> Context? {
        guard let key = keys.first else { return nil }
        var context = context
        if keys.count == 1 {
            context[key] = value
            return context
        }
        var inner = Context()
        switch context[key] ?? .null {
        case .context(let found): inner = found
        case .null: break
        default: return nil
        }
        guard let changed = put(value, in: inner, at: keys.dropFirst()) else { return nil }
        context[key] = .context(changed)
        return context
    }
}
