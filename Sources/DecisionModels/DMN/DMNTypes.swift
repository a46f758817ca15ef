import Decisions
import Markup

/// The item definitions of a model and of those it imports, made into types when they are asked for.
struct DMNTypes {
    private let definitions: [String: XMLElement]
    private let imported: [String: [String: XMLElement]]

    init(_ document: DMNDocument, imported: [(name: String, document: DMNDocument)]) {
        definitions = Self.definitions(of: document)
        self.imported = Dictionary(
            imported.map { ($0.name, Self.definitions(of: $0.document)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func definitions(of document: DMNDocument) -> [String: XMLElement] {
        Dictionary(
            document.root.all("itemDefinition").compactMap { item in item.attribute("name").map { ($0, item) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// All types by the names they have in expressions.
    var all: [String: ValueType] {
        var types: [String: ValueType] = [:]
        for name in definitions.keys { types[name] = type(named: name) }
        for (prefix, definitions) in imported {
            for name in definitions.keys { types["\(prefix).\(name)"] = type(named: "\(prefix).\(name)") }
        }
        return types
    }

    /// The type of a `typeRef`; `nil` where none is written or anything will do.
    func type(named name: String?) -> ValueType? {
        guard let name, !name.isEmpty else { return nil }
        return resolve(name, seen: [], in: nil)
    }

    private func resolve(_ reference: String, seen: Set<String>, in prefix: String?) -> ValueType? {
        // A prefix as in `feel:string` names FEEL's own namespace.
        let name = reference.split(separator: ":", maxSplits: 1).last.map(String.init) ?? reference
        if let simple = Self.simpleTypes[name] { return try? ValueType(parsing: simple) }
        if name == "Any" { return nil }
        guard !seen.contains(name) else { return nil }
        let seen = seen.union([name])
        if let prefix, let item = imported[prefix]?[name] { return type(of: item, seen: seen, in: prefix) }
        if let item = definitions[name] { return type(of: item, seen: seen, in: nil) }
        // The longest import name that begins the reference.
        for prefix in imported.keys where name.hasPrefix(prefix + ".") {
            let rest = String(name.dropFirst(prefix.count + 1))
            if let item = imported[prefix]?[rest] { return type(of: item, seen: seen, in: prefix) }
        }
        return nil
    }

    private func type(of item: XMLElement, seen: Set<String>, in prefix: String?) -> ValueType? {
        var type: ValueType?
        let components = item.all("itemComponent")
        if !components.isEmpty {
            type = .context(
                components.map { component in
                    (
                        component.attribute("name") ?? "",
                        self.type(of: component, seen: seen, in: prefix) ?? .any
                    )
                })
        } else if let function = item.first("functionItem") {
            let parameters = function.all("parameters").map { parameter in
                parameter.attribute("typeRef").flatMap { resolve($0, seen: seen, in: prefix) } ?? .any
            }
            let result = function.attribute("outputTypeRef").flatMap { resolve($0, seen: seen, in: prefix) }
            type = .function(parameters, result: result ?? .any)
        } else {
            type = item.first("typeRef")?.value.flatMap { resolve($0, seen: seen, in: prefix) }
        }
        type = constrained(type, by: item.first("allowedValues"))
        if item.attribute("isCollection") == "true" { type = .list(of: type ?? .any) }
        return constrained(type, by: item.first("typeConstraint"))
    }

    private func constrained(_ type: ValueType?, by element: XMLElement?) -> ValueType? {
        guard let text = element?.first("text")?.value, let tests = try? UnaryTests(parsing: text, names: Names())
        else { return type }
        return (type ?? .any).constrained(by: tests)
    }

    private static let simpleTypes: [String: String] = [
        "number": "number", "string": "string", "boolean": "boolean", "date": "date", "time": "time",
        "date and time": "date and time", "dateTime": "date and time",
        "days and time duration": "days and time duration", "dayTimeDuration": "days and time duration",
        "years and months duration": "years and months duration", "yearMonthDuration": "years and months duration",
        "context": "context", "list": "list", "range": "range",
    ]
}
