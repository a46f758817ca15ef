import Kernel

/// Turns the text of a schema into nodes; each `$ref` is compiled once.
struct DocumentSchemaCompiler {
    private let schema: JSON
    private(set) var nodes: [DocumentSchema.Node] = []
    private var references: [String: Int] = [:]

    init(schema: JSON) {
        self.schema = schema
    }

    mutating func compile(_ json: JSON, pointer: String) throws(DocumentSchemaError) -> Int {
        guard let members = json.members else { throw .malformed(pointer: pointer, expected: "an object") }
        let index = nodes.count
        nodes.append(DocumentSchema.Node())
        var node = DocumentSchema.Node()
        for member in members {
            try read(member.name, member.value, into: &node, pointer: pointer + "/" + member.name)
        }
        nodes[index] = node
        return index
    }

    private mutating func read(
        _ keyword: String, _ value: JSON, into node: inout DocumentSchema.Node, pointer: String
    ) throws(DocumentSchemaError) {
        switch keyword {
        case "$schema", "$id", "description", "default", "contentEncoding", "$defs", "$comment", "examples": break
        case "title": node.title = value.string ?? ""
        case "type":
            if let type = value.string { node.types = [type] } else { node.types = try texts(value, pointer) }
        case "enum":
            guard let choices = value.array else { throw .malformed(pointer: pointer, expected: "an array") }
            setChoices(choices, in: &node)
        case "const": setChoices([value], in: &node)
        case "properties":
            for member in value.members ?? [] {
                node.properties[member.name] = try compile(member.value, pointer: pointer + "/" + member.name)
            }
        case "additionalProperties":
            guard let isOpen = value.bool else { throw .malformed(pointer: pointer, expected: "true or false") }
            node.isClosed = !isOpen
        case "required": node.required = try texts(value, pointer)
        case "items": node.items = try compile(value, pointer: pointer)
        case "maxItems": node.maxItems = try count(value, pointer)
        case "minLength": node.minLength = try count(value, pointer)
        case "maxLength": node.maxLength = try count(value, pointer)
        case "minimum": node.minimum = try count(value, pointer)
        case "pattern":
            guard let text = value.string, let pattern = DocumentSchemaPattern(text) else {
                throw .malformed(pointer: pointer, expected: "a pattern of the known kinds")
            }
            node.pattern = pattern
            node.patternText = text
        case "format":
            guard let format = value.string, ["date", "date-time", "uri"].contains(format) else {
                throw .malformed(pointer: pointer, expected: "date, date-time or uri")
            }
            node.format = format
        case "$ref": node.reference = try reference(value.string ?? "", pointer: pointer)
        case "allOf": node.allOf = try list(value, pointer)
        case "anyOf": node.anyOf = try list(value, pointer)
        case "oneOf": node.oneOf = try list(value, pointer)
        case "not": node.not = try compile(value, pointer: pointer)
        case "if": node.condition = try compile(value, pointer: pointer)
        case "then": node.consequence = try compile(value, pointer: pointer)
        case "else": node.alternative = try compile(value, pointer: pointer)
        default: throw .unknownKeyword(keyword, pointer: pointer)
        }
    }

    private func setChoices(_ choices: [JSON], in node: inout DocumentSchema.Node) {
        let texts = choices.compactMap(\.string)
        if texts.count == choices.count { node.texts = Set(texts) }
        node.choices = choices
    }

    private mutating func list(_ value: JSON, _ pointer: String) throws(DocumentSchemaError) -> [Int] {
        guard let values = value.array else { throw .malformed(pointer: pointer, expected: "an array") }
        var indices: [Int] = []
        for (index, value) in values.enumerated() {
            indices.append(try compile(value, pointer: "\(pointer)/\(index)"))
        }
        return indices
    }

    private func texts(_ value: JSON, _ pointer: String) throws(DocumentSchemaError) -> [String] {
        guard let values = value.array, values.allSatisfy({ $0.string != nil }) else {
            throw .malformed(pointer: pointer, expected: "an array of texts")
        }
        return values.compactMap(\.string)
    }

    private func count(_ value: JSON, _ pointer: String) throws(DocumentSchemaError) -> Int {
        guard let number = value.integer else { throw .malformed(pointer: pointer, expected: "a whole number") }
        return number
    }

    private mutating func reference(_ target: String, pointer: String) throws(DocumentSchemaError) -> Int {
        if let known = references[target] { return known }
        guard target.hasPrefix("#/") else { throw .brokenReference(target, pointer: pointer) }
        var json = schema
        for part in target.dropFirst(2).split(separator: "/") {
            guard let next = json[String(part)] else { throw .brokenReference(target, pointer: pointer) }
            json = next
        }
        // Known before it is compiled, so that a definition may refer to itself.
        references[target] = nodes.count
        return try compile(json, pointer: target)
    }
}
