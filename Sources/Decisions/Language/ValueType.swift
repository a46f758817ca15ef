package import Kernel

/// A type of FEEL, as it is written after `instance of`: `number`, `list<string>`, `context<a: date>` (类型).
package struct ValueType: Sendable {
    let name: TypeName

    /// Types that FEEL does not know are looked up in the `Surroundings` when a value is tested.
    package init(parsing source: String) throws(FEELError) {
        var parser = try Parser(source, names: Names())
        name = try parser.type()
        try parser.expectEnd()
    }

    init(_ name: TypeName) { self.name = name }

    package static let any = ValueType(.any)

    package static func list(of element: ValueType) -> ValueType { ValueType(.list(element.name)) }

    /// A context that has at least these entries.
    package static func context(_ entries: [(name: String, type: ValueType)]) -> ValueType {
        ValueType(.context(entries.map { ($0.name, $0.type.name) }))
    }

    package static func function(_ parameters: [ValueType], result: ValueType) -> ValueType {
        ValueType(.function(parameters.map(\.name), result: result.name))
    }

    /// The values of the type that pass tests (允许值).
    package func constrained(by tests: UnaryTests) -> ValueType { ValueType(.constrained(name, tests)) }

    /// What a function of the type answers; `nil` if it is no type of functions.
    package var result: ValueType? {
        if case .function(_, let result) = name { ValueType(result) } else { nil }
    }

    /// The tests that constrain the type, if any do.
    package var allowed: UnaryTests? {
        if case .constrained(_, let tests) = name { tests } else { nil }
    }

    /// What a value of JSON means where the type is wanted: a text may be a date, a time or a duration.
    package func reading(_ json: JSON) -> Value { name.reading(json) }

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
    /// The values of a type that pass tests.
    case constrained(TypeName, UnaryTests)
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
        case (.constrained(let type, let tests), _):
            type.contains(value, surroundings)
                && ((try? tests.matches(value, in: Scope(surroundings: surroundings))) ?? false)
        case (.named(let name), _): surroundings.isInstance(value, name) ?? false
        default: false
        }
    }

    /// As `contains`, but null belongs to every type, as a part of a list or context does.
    private func allows(_ value: Value, _ surroundings: Surroundings) -> Bool {
        value.isNull || contains(value, surroundings)
    }

    func reading(_ json: JSON) -> Value {
        switch (base, json) {
        case (.simple(let name), .string(let text)) where name != "string":
            let value = Value(temporal: text)
            return value?.kind == name ? value ?? .null : Value(json: json)
        case (.list(let element), .array(let values)): return .list(values.map(element.reading))
        case (.context(let entries), .object(let members)):
            return .context(
                Context(
                    members.map { member in
                        let type = entries.first { $0.name == member.name }?.type
                        return (member.name, type?.reading(member.value) ?? Value(json: member.value))
                    }))
        default: return Value(json: json)
        }
    }

    private var base: TypeName {
        if case .constrained(let type, _) = self { type.base } else { self }
    }

    func coerce(_ value: Value, _ surroundings: Surroundings) -> Value? {
        if allows(value, surroundings) { return value }
        if case .list(let values) = value, values.count == 1, contains(values[0], surroundings) { return values[0] }
        if case .list = base, contains(.list([value]), surroundings) { return .list([value]) }
        if case .simple("date and time") = base, case .date(let day) = value {
            // DMN 1.5, section 10.3.2.9.4: a day where a date and time is wanted begins at midnight UTC.
            return DateTime(day: day, time: TimeOfDay(nanoseconds: 0, zone: .offset(seconds: 0))).map(Value.dateTime)
        }
        return nil
    }
}
