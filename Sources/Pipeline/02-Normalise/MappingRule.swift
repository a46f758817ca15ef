import Kernel

/// Where one value of the document comes from and how it is read.
struct MappingRule: Sendable {
    /// The place in the document, in steps; whole numbers are places in arrays.
    let target: [String]
    let kind: Kind
    /// Fields of the form; the first that has a value counts.
    let fields: [MappingSelector]
    /// Paths into the payload, tried after the fields.
    let paths: [[String]]
    let constant: JSON?
    /// Takes only the text before this mark: 张三 of 张三提交的费用报销.
    let before: String?
    /// Takes one entry where the value is a list: the end of a date range.
    let part: Int?
    let table: String?
    /// The value where the form has none, by document kind; `*` is every other kind.
    let otherwise: [String: JSON]
    let isRequired: Bool
    /// The document kinds and outcomes the rule is for; empty is all of them.
    let kinds: Set<String>
    let outcomes: Set<String>
    /// For a party: where its id and name come from, when not from one field.
    let party: Party?

    enum Kind: String, Sendable, CaseIterable {
        case text
        case amount
        case decimal
        case integer
        case date
        case time
        case party
        case choice
        case raw
    }

    struct Party: Sendable {
        let id: [[String]]
        let name: [[String]]
        let before: String?
    }

    var pointer: String { "/" + target.joined(separator: "/") }

    /// The names a person may look for when nothing was found.
    var sources: [String] { fields.map(\.text) + paths.map { $0.joined(separator: ".") } }
}

/// A field of the form, by `id:`, `alias:`, `label:`, or by a bare text that may be any of them.
struct MappingSelector: Hashable, Sendable {
    let text: String
    private let way: Substring
    private let name: String

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, ["id", "alias", "label"].contains(parts[0]) {
            way = parts[0]
            name = String(parts[1])
        } else {
            way = ""
            name = text
        }
    }

    func selects(_ field: MappingField) -> Bool {
        switch way {
        case "id": field.id == name
        case "alias": field.alias == name
        case "label": field.label == name
        default: field.id == name || field.alias == name || field.label == name
        }
    }
}

/// One field of a vendor's form, or one cell of a row.
struct MappingField: Sendable {
    let id: String?
    let alias: String?
    let label: String
    let type: String
    let value: JSON
    let extra: JSON

    /// The value as text; `nil` where the form is empty, which 钉钉 also writes as the text `null`.
    var text: String? {
        switch value {
        case .string(let text): text.isEmpty || text == "null" ? nil : text
        case .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null: nil
        case .array(let values): values.isEmpty ? nil : value.text
        case .object: value.text
        }
    }

    var isEmpty: Bool { text == nil }

    /// A list inside a text, or a list as it is.
    static func list(_ value: JSON) -> [JSON]? {
        if let values = value.array { return values }
        guard let text = value.string, text.utf8.first == UInt8(ascii: "["), let json = try? JSON(parsing: text) else {
            return nil
        }
        return json.array
    }
}

/// How the vendor writes amounts.
struct MappingNotation: Sendable {
    /// The mark between groups of three digits; `nil` refuses every mark.
    let grouping: String?
    let signs: [String]
    /// Whether a JSON number is an amount too; its text is taken as it is.
    let takesNumbers: Bool

    /// A plain decimal as the document writes it; `nil` if the text is anything else.
    func decimal(_ text: String, digits: Int) -> String? {
        var text = text[...]
        let isNegative = text.first == "-"
        if isNegative { text = text.dropFirst() }
        if let sign = signs.first(where: { text.hasPrefix($0) }) { text = text.dropFirst(sign.count) }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = whole(parts[0]), whole.utf8.count <= 15, whole == "0" || whole.utf8.first != UInt8(ascii: "0")
        else { return nil }
        var result = (isNegative ? "-" : "") + whole
        if parts.count == 2 {
            guard (1...digits).contains(parts[1].utf8.count), Self.isDigits(parts[1]) else { return nil }
            result += "." + parts[1]
        }
        return result
    }

    private func whole(_ text: Substring) -> String? {
        guard let grouping, text.contains(grouping) else { return Self.isDigits(text) ? String(text) : nil }
        let groups = text.split(separator: grouping, omittingEmptySubsequences: false)
        guard (1...3).contains(groups[0].utf8.count), groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }),
            groups.allSatisfy(Self.isDigits)
        else { return nil }
        return groups.joined()
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
