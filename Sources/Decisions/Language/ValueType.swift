/// A type of FEEL, as it is written after `instance of`: `number`, `list<string>`, `context<a: date>` (类型).
package struct ValueType: Sendable {
    let name: TypeName

    /// Types that FEEL does not know are looked up in the `Surroundings` when a value is tested.
    package init(parsing source: String) throws(FEELError) {
        var parser = try Parser(source, names: Names())
        name = try parser.type()
        try parser.expectEnd()
    }

    /// Whether a value is of the type; null is of none.
    package func contains(_ value: Value, _ surroundings: Surroundings = Surroundings()) -> Bool {
        name.contains(value, surroundings)
    }

    /// The value as the type wants it: itself, the item of a list of one, or the list of an item; `nil` if it is none
    /// of these. Null stays null.
    package func coerce(_ value: Value, _ surroundings: Surroundings = Surroundings()) -> Value? {
        name.coerce(value, surroundings)
    }
}

/// A type as it was read.
indirect enum TypeName: Sendable {
    case any
    case simple(String)
    case list(TypeName)
    case range(TypeName)
    case context([(name: String, type: TypeName)])
    case function([TypeName], result: TypeName)
    /// A type that the surroundings know.
    case named(String)

    func contains(_ value: Value, _ surroundings: Surroundings) -> Bool {
        switch (self, value) {
        case (.any, .null): false
        case (.any, _): true
        case (.simple(let name), _): value.kind == name
        case (.list(let element), .list(let values)): values.allSatisfy { element.allows($0, surroundings) }
        case (.range(let element), .range(let range)):
            [range.start, range.end].allSatisfy { element.allows($0, surroundings) }
        case (.context(let entries), .context(let context)):
            entries.allSatisfy { entry in
                context[entry.name].map { entry.type.allows($0, surroundings) } ?? false
            }
        case (.function(let parameters, _), .function(let function)):
            function.isBuiltin || parameters.count == function.parameters.count
        case (.named(let name), _): surroundings.isInstance(value, name) ?? false
        default: false
        }
    }

    /// As `contains`, but null belongs to every type, as a part of a list or context does.
    private func allows(_ value: Value, _ surroundings: Surroundings) -> Bool {
        value.isNull || contains(value, surroundings)
    }

    func coerce(_ value: Value, _ surroundings: Surroundings) -> Value? {
        if allows(value, surroundings) { return value }
        if case .list(let values) = value, values.count == 1, contains(values[0], surroundings) { return values[0] }
        if case .list = self, contains(.list([value]), surroundings) { return .list([value]) }
        return nil
    }
}
