/// The names an expression sees: layers of contexts, the last one first (作用域).
package struct Scope: Sendable {
    package private(set) var layers: [Context]
    /// What the expression knows of the world: zones, and the time if it may know it.
    package let surroundings: Surroundings

    package init(_ layers: [Context] = [], surroundings: Surroundings = Surroundings()) {
        self.layers = layers
        self.surroundings = surroundings
    }

    package init(_ context: Context, surroundings: Surroundings = Surroundings()) {
        self.init([context], surroundings: surroundings)
    }

    /// The scope with one more context, whose names hide those of the others.
    package func adding(_ context: Context) -> Scope {
        var scope = self
        scope.layers.append(context)
        return scope
    }

    package subscript(name: String) -> Value? { self[Name(name)] }

    package subscript(name: Name) -> Value? {
        for layer in layers.reversed() {
            if let value = layer[name] { return value }
        }
        return nil
    }

    /// All names, those within contexts too: what `Expression(parsing:names:)` wants to know.
    package var names: Set<String> {
        var names: Set<String> = []
        for layer in layers { layer.collectNames(into: &names, depth: 0) }
        return names
    }
}

extension Context {
    fileprivate func collectNames(into names: inout Set<String>, depth: Int) {
        for (name, value) in self {
            names.insert(name)
            value.collectNames(into: &names, depth: depth + 1)
        }
    }
}

extension Value {
    fileprivate func collectNames(into names: inout Set<String>, depth: Int) {
        guard depth < 16 else { return }
        switch self {
        case .context(let context): context.collectNames(into: &names, depth: depth)
        case .list(let values): for value in values { value.collectNames(into: &names, depth: depth + 1) }
        default: break
        }
    }
}

/// What an evaluation may know of the world outside; nothing unless the caller says so.
package struct Surroundings: Sendable {
    /// How far a named zone is from UTC at a local time, in seconds; `nil` for a name that is no zone.
    package typealias ZoneOffset = @Sendable (_ name: String, _ localSeconds: Int64) -> Int?

    /// What `now()` and `today()` answer; without it they are null.
    package let now: DateTime?
    package let zoneOffset: ZoneOffset
    /// Whether a value is of a type that FEEL itself does not know; `nil` for a name that is no type.
    package let isInstance: TypeTest

    package typealias TypeTest = @Sendable (_ value: Value, _ type: String) -> Bool?

    package init(
        now: DateTime? = nil, zoneOffset: @escaping ZoneOffset = Surroundings.fixedZones,
        isInstance: @escaping TypeTest = { _, _ in nil }
    ) {
        self.now = now
        self.zoneOffset = zoneOffset
        self.isInstance = isInstance
    }

    /// The zones that need no table: UTC, and China, which has one offset since 1991.
    package static let fixedZones: ZoneOffset = { name, _ in
        switch name {
        case "UTC", "Etc/UTC", "Etc/GMT", "GMT", "Z": 0
        case "Asia/Shanghai": 8 * 3600
        default: nil
        }
    }
}

/// How much an evaluation may ask of the machine (求值上限). A breach is an error, unlike FEEL's null results.
package struct EvaluationLimits: Hashable, Sendable {
    /// Parts of expressions evaluated, and list items and characters handled by functions.
    package let steps: Int
    /// Nested evaluations, calls of functions included.
    package let depth: Int
    package let listLength: Int
    /// UTF-8 bytes of one text.
    package let stringLength: Int

    package init(
        steps: Int = 5_000_000, depth: Int = 600, listLength: Int = 100_000, stringLength: Int = 1_000_000
    ) {
        self.steps = steps
        self.depth = depth
        self.listLength = listLength
        self.stringLength = stringLength
    }
}
