import Decisions
import Kernel

/// What an expression reads: `明细.period.from`.
struct Path: Sendable {
    let text: String
    let head: String
    let headName: Name
    /// The first name after the head, empty if there is none.
    let memberName: Name
    /// The names after the head.
    let names: [String]
    /// What follows the head, as it is written.
    let rest: String

    init(_ text: String) {
        let parts = text.split(separator: ".").map(String.init)
        self.text = text
        head = parts.first ?? ""
        names = Array(parts.dropFirst())
        headName = Name(head)
        memberName = Name(names.first ?? "")
        rest = names.joined(separator: ".")
    }
}

/// An expression of a rule book: its compiled form, where it stands, and what it reads.
final class Formula: Sendable {
    let source: String
    let place: Place
    let expression: Expression
    /// What the expression reads, as dotted paths: `明细.gross`, `facts.employees`, `合计`.
    let paths: [String]
    /// The paths in their parts.
    let steps: [Path]
    /// The texts in quotes.
    let literals: [String]

    convenience init(_ node: BookNode) throws(RuleBookError) {
        try self.init(try node.text(), at: node.place)
    }

    init(_ source: String, at place: Place) throws(RuleBookError) {
        do {
            expression = try Expression(parsing: source, names: Self.names)
        } catch {
            throw .expression(place, error)
        }
        self.source = source
        self.place = place
        (paths, literals) = Self.scan(source)
        steps = paths.map(Path.init)
    }

    /// The whole expression, if it is one text in quotes.
    var literal: String? {
        literals.count == 1 && paths.isEmpty && source.trimmingSpaces == "\"\(literals[0])\"" ? literals[0] : nil
    }

    /// Whether it reads none of some names: the conditions of a check that need no item are asked once.
    func readsNone(of names: [String]) -> Bool { !steps.contains { names.contains($0.head) } }

    /// Whether the value may be the document's items themselves, not only what is read from them.
    var passesItemsOn: Bool {
        var rest = source[...]
        while let found = rest.firstRange(of: "document.items") {
            let before = source[..<found.lowerBound]
            var after = source[found.upperBound...]
            while after.first == "[" {
                var depth = 0
                while let character = after.first {
                    after.removeFirst()
                    depth += character == "[" ? 1 : character == "]" ? -1 : 0
                    if depth == 0 { break }
                }
            }
            if after.first != ".", !before.hasSuffix("count("), !before.hasSuffix(" in ") { return true }
            rest = after
        }
        return false
    }

    func value(in scope: Scope) throws(Stop) -> Value {
        do {
            return try expression.evaluate(in: scope)
        } catch {
            throw Stop.expression(self, error)
        }
    }

    /// Fields that are called like functions of FEEL: without this they would be read as the function.
    static let names = ["number", "date", "time", "duration"]

    private static let words: Set<String> = [
        "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "true", "false",
        "null",
        "between", "instance", "of", "function", "item",
    ]

    /// Paths and quoted texts, in the order in which they are first written.
    private static func scan(_ source: String) -> (paths: [String], literals: [String]) {
        var paths: [String] = []
        var literals: [String] = []
        let text = Array(source.unicodeScalars)
        var index = 0
        while index < text.count {
            if text[index] == "\"" {
                let start = index + 1
                index += 1
                while index < text.count, text[index] != "\"" { index += text[index] == "\\" ? 2 : 1 }
                literals.append(String(String.UnicodeScalarView(text[start..<min(index, text.count)])))
                index += 1
            } else if isNamePart(text[index]) {
                let start = index
                while index < text.count,
                    isNamePart(text[index])
                        || text[index] == "." && index + 1 < text.count && isNamePart(text[index + 1])
                            && text[index + 1] != "."
                {
                    index += 1
                }
                let path = String(String.UnicodeScalarView(text[start..<index]))
                let isNumber = path.unicodeScalars.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
                if !isNumber, !words.contains(path), !paths.contains(path) { paths.append(path) }
            } else {
                index += 1
            }
        }
        return (paths, literals)
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            || (0x3400...0x9FFF).contains(scalar.value)
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }
}

/// A text with expressions in braces: `第 {明细.no} 行`.
struct TextTemplate: Sendable {
    enum Part: Sendable {
        case text(String)
        case formula(Formula)
    }

    let parts: [Part]

    init(_ node: BookNode) throws(RuleBookError) {
        let text = try node.text()
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { throw .unclosedBrace(node.place, text: text) }
            let source = String(rest[rest.index(after: open)..<close])
            parts.append(.formula(try Formula(source, at: node.place)))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    func text(in scope: Scope) throws(Stop) -> String {
        var output = ""
        for part in parts {
            switch part {
            case .text(let text): output += text
            case .formula(let formula): output += try formula.value(in: scope).display
            }
        }
        return output
    }
}

/// A text in both languages; one that is given alone stands for both.
struct PhraseTemplate: Sendable {
    let zh: TextTemplate
    let en: TextTemplate

    init(_ node: BookNode) throws(RuleBookError) {
        if node.isText {
            zh = try TextTemplate(node)
            en = zh
            return
        }
        let entries = try node.map(allowing: ["zh", "en"])
        guard let zhNode = entries["zh"] else { throw .missing(node.place, name: "zh") }
        zh = try TextTemplate(zhNode)
        en = try entries["en"].map { (node) throws(RuleBookError) in try TextTemplate(node) } ?? zh
    }

    func phrase(in scope: Scope) throws(Stop) -> Phrase {
        Phrase(zh: try zh.text(in: scope), en: try en.text(in: scope))
    }
}

extension Value {
    /// The value as people read it: texts without quotes, lists with commas.
    var display: String {
        switch self {
        case .null: "—"
        case .string(let text): text
        case .list(let values): values.map(\.display).joined(separator: ", ")
        case .date(let day): day.text
        default: description
        }
    }

    /// The value in a trace: what is long is cut.
    var brief: JSON {
        switch self {
        case .list(let values):
            values.count <= 8 && values.allSatisfy({ $0.list == nil && $0.context == nil })
                ? .array(values.map(\.json)) : .string("[\(values.count)]")
        case .context(let context):
            .string("{" + context.names.prefix(4).joined(separator: ", ") + (context.count > 4 ? ", …}" : "}"))
        default: json
        }
    }
}
