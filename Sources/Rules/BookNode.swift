import Kernel
import Yams

/// A place in the text of a rule book.
package struct Place: Hashable, Sendable {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    var phrase: Phrase {
        Phrase(zh: "\(file) 第 \(line) 行第 \(column) 列", en: "\(file), line \(line), column \(column)")
    }
}

/// A part of a rule book's YAML that knows where it stands.
struct BookNode: Sendable {
    enum Content: Sendable {
        case text(String)
        case list([BookNode])
        case map([Entry])
    }

    struct Entry: Sendable {
        let name: String
        let place: Place
        let value: BookNode
    }

    static let depthLimit = 40

    let content: Content
    let place: Place
    /// Whether the text begins in the line after `place`, as that of `|` does.
    let isBlock: Bool
    /// Whether it is a text without quotes, which may mean a number, a truth value or nothing.
    let isPlain: Bool

    static func parse(_ yaml: String, file: String) throws(RuleBookError) -> BookNode {
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw .yaml(Self.place(of: error, file: file), Self.reason(of: error))
        } catch {
            throw .yaml(Place(file: file, line: 1, column: 1), "\(error)")
        }
        guard let node else { throw .yaml(Place(file: file, line: 1, column: 1), "the text is empty") }
        return try BookNode(node, file: file, depth: 0)
    }

    private init(_ node: Node, file: String, depth: Int) throws(RuleBookError) {
        place = Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        guard depth < Self.depthLimit else { throw .yaml(place, "nested deeper than \(Self.depthLimit) levels") }
        switch node {
        case .scalar(let scalar):
            content = .text(scalar.string)
            isBlock = scalar.style == .literal || scalar.style == .folded
            isPlain = scalar.style == .plain || scalar.style == .any
        case .sequence(let sequence):
            var nodes: [BookNode] = []
            for item in sequence { nodes.append(try BookNode(item, file: file, depth: depth + 1)) }
            content = .list(nodes)
            isBlock = false
            isPlain = false
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                let keyNode = try BookNode(key, file: file, depth: depth + 1)
                guard case .text(let name) = keyNode.content else {
                    throw .unexpected(keyNode.place, expected: Phrase(zh: "一个名称", en: "a name"), found: "")
                }
                guard !entries.contains(where: { $0.name == name }) else { throw .duplicate(name, keyNode.place) }
                let value = try BookNode(value, file: file, depth: depth + 1)
                entries.append(Entry(name: name, place: keyNode.place, value: value))
            }
            content = .map(entries)
            isBlock = false
            isPlain = false
        case .alias:
            throw .yaml(place, "an alias that names nothing")
        }
    }

    private static func place(of error: YamlError, file: String) -> Place {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            Place(file: file, line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(_, let context):
            Place(file: file, line: context.mark.line, column: context.mark.column)
        default: Place(file: file, line: 1, column: 1)
        }
    }

    private static func reason(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "one name stands twice: \(keys.joined(separator: ", "))"
        default: "the text is no YAML"
        }
    }
}

extension BookNode {
    var isText: Bool {
        if case .text = content { true } else { false }
    }

    func text() throws(RuleBookError) -> String {
        guard case .text(let text) = content else {
            throw .unexpected(place, expected: Phrase(zh: "一段文字", en: "a text"), found: shape)
        }
        return text
    }

    func list() throws(RuleBookError) -> [BookNode] {
        guard case .list(let nodes) = content else {
            throw .unexpected(place, expected: Phrase(zh: "一个列表", en: "a list"), found: shape)
        }
        return nodes
    }

    /// The items of a list, or the one item that stands for it.
    var items: [BookNode] {
        if case .list(let nodes) = content { nodes } else { [self] }
    }

    func map() throws(RuleBookError) -> [Entry] {
        guard case .map(let entries) = content else {
            throw .unexpected(place, expected: Phrase(zh: "一组「名称: 内容」", en: "names with their contents"), found: shape)
        }
        return entries
    }

    /// The entries, none of which may have another name than those given.
    func map(allowing names: Set<String>) throws(RuleBookError) -> [String: BookNode] {
        var found: [String: BookNode] = [:]
        for entry in try map() {
            guard names.contains(entry.name) else {
                let list = names.sorted().joined(separator: ", ")
                throw .unexpected(
                    entry.place, expected: Phrase(zh: "下列名称之一：\(list)", en: "one of: \(list)"), found: entry.name)
            }
            found[entry.name] = entry.value
        }
        return found
    }

    subscript(name: String) -> BookNode? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.name == name }?.value
    }

    private var shape: String {
        switch content {
        case .text(let text): text
        case .list: "[…]"
        case .map: "{…}"
        }
    }

    /// The content as JSON: plain numbers, truth values and nulls are such, everything else is text.
    var json: JSON {
        switch content {
        case .text(let text):
            guard isPlain else { return .string(text) }
            switch text {
            case "", "null", "~": return .null
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: return Self.isNumber(text) ? .number(text) : .string(text)
            }
        case .list(let nodes): return .array(nodes.map(\.json))
        case .map(let entries): return .object(entries.map { ($0.name, $0.value.json) })
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.drop(while: { $0 == "-" }).utf8
        return !digits.isEmpty && digits.count <= 18
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && (digits.first != UInt8(ascii: "0") || digits.count == 1)
            && text.drop(while: { $0 == "-" }).count >= text.count - 1
    }
}
