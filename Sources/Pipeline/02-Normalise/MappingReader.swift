import Kernel

/// Reads the members of a mapping and says where one is wrong.
struct MappingReader {
    let json: JSON
    let path: String

    private func at(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

    func inside(_ name: String) throws(MappingError) -> MappingReader {
        let value = json[name] ?? .object([JSON.Member]())
        guard value.members != nil else { throw .malformed(path: at(name), expected: "an object") }
        return MappingReader(json: value, path: at(name))
    }

    func text(_ name: String, or other: String) throws(MappingError) -> String {
        guard let value = json[name] else { return other }
        guard let text = value.string else { throw .malformed(path: at(name), expected: "a text") }
        return text
    }

    func optionalText(_ name: String) throws(MappingError) -> String? {
        guard let value = json[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .malformed(path: at(name), expected: "a text") }
        return text
    }

    /// A list of texts; one text stands for a list of one.
    func texts(_ name: String) throws(MappingError) -> [String] {
        guard let value = json[name] else { return [] }
        if let text = value.string { return [text] }
        guard let values = value.array, values.allSatisfy({ $0.string != nil }) else {
            throw .malformed(path: at(name), expected: "a list of texts")
        }
        return values.compactMap(\.string)
    }

    func flag(_ name: String) throws(MappingError) -> Bool {
        guard let value = json[name] else { return false }
        guard let flag = value.bool else { throw .malformed(path: at(name), expected: "true or false") }
        return flag
    }

    /// Steps into the payload, written with points: `result.originatorUserId`.
    func path(_ name: String) throws(MappingError) -> [String] {
        try text(name, or: "").split(separator: ".").map(String.init)
    }

    private func paths(_ name: String) throws(MappingError) -> [[String]] {
        try texts(name).map { $0.split(separator: ".").map(String.init) }
    }

    func offset(_ name: String) throws(MappingError) -> Int {
        let text = try text(name, or: "+08:00")
        guard let instant = Timestamp("2000-01-01T00:00:00" + text) else {
            throw .malformed(path: at(name), expected: "an offset such as +08:00")
        }
        return Int((Timestamp("2000-01-01T00:00:00Z")?.microseconds ?? 0) - instant.microseconds) / 1_000_000
    }

    func notation(_ name: String) throws(MappingError) -> MappingNotation {
        let inner = try inside(name)
        let grouping = try inner.optionalText("grouping")
        if let grouping, grouping.count != 1 || "0123456789.-".contains(grouping) {
            throw .malformed(path: inner.at("grouping"), expected: "one character that is no digit, point or minus")
        }
        return MappingNotation(
            grouping: grouping, signs: try inner.texts("signs"), takesNumbers: try inner.flag("numbers")
        )
    }

    func tables(_ name: String) throws(MappingError) -> [String: [String: String]] {
        var tables: [String: [String: String]] = [:]
        for table in try inside(name).json.members ?? [] {
            guard let rows = table.value.members, rows.allSatisfy({ $0.value.string != nil }) else {
                throw .malformed(path: at(name) + "." + table.name, expected: "texts by text")
            }
            tables[table.name] = Dictionary(rows.map { ($0.name, $0.value.string ?? "") }) { first, _ in first }
        }
        return tables
    }

    func kinds(_ name: String) throws(MappingError) -> [Mapping.TitleKind] {
        try list(name).map { entry throws(MappingError) in
            let kind = try entry.text("kind", or: "")
            guard !kind.isEmpty else { throw .malformed(path: entry.at("kind"), expected: "a document kind") }
            return Mapping.TitleKind(
                form: try entry.optionalText("form"), word: try entry.optionalText("title_has"), kind: kind
            )
        }
    }

    private func list(_ name: String) throws(MappingError) -> [MappingReader] {
        guard let value = json[name] else { return [] }
        guard let values = value.array, values.allSatisfy({ $0.members != nil }) else {
            throw .malformed(path: at(name), expected: "a list of objects")
        }
        return values.enumerated().map { MappingReader(json: $1, path: "\(at(name)).\($0)") }
    }

    func rules(_ name: String, tables: Set<String>) throws(MappingError) -> [MappingRule] {
        try list(name).map { entry throws(MappingError) in try entry.rule(tables: tables) }
    }

    private static let ruleMembers: Set<String> = [
        "to", "as", "from", "path", "constant", "before", "part", "table", "else", "required", "kinds", "outcomes",
        "id", "name",
        "note",
    ]

    private func rule(tables: Set<String>) throws(MappingError) -> MappingRule {
        for member in json.members ?? [] where !Self.ruleMembers.contains(member.name) {
            throw .malformed(path: at(member.name), expected: "one of the members of a rule")
        }
        let target = try path("to")
        guard !target.isEmpty else { throw .malformed(path: at("to"), expected: "a place in the document") }
        let word = try text("as", or: "text")
        guard let kind = MappingRule.Kind(rawValue: word) else {
            let known = MappingRule.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .malformed(path: at("as"), expected: known)
        }
        let table = try optionalText("table")
        guard (kind == .choice) == (table != nil), table.map(tables.contains) ?? true else {
            throw .malformed(path: at("table"), expected: "the name of a table, with “as”: “choice”")
        }
        var otherwise: [String: JSON] = [:]
        if let value = json["else"] {
            if let members = value.members {
                for member in members { otherwise[member.name] = member.value }
            } else {
                otherwise["*"] = value
            }
        }
        return MappingRule(
            target: target, kind: kind, fields: try texts("from").map(MappingSelector.init), paths: try paths("path"),
            constant: json["constant"], before: try optionalText("before"), part: json["part"]?.integer, table: table,
            otherwise: otherwise,
            isRequired: try flag("required"), kinds: Set(try texts("kinds")), outcomes: Set(try texts("outcomes")),
            party: try party(of: kind)
        )
    }

    private func party(of kind: MappingRule.Kind) throws(MappingError) -> MappingRule.Party? {
        guard json["id"] != nil || json["name"] != nil else { return nil }
        guard kind == .party else { throw .malformed(path: at("id"), expected: "“as”: “party” beside it") }
        return MappingRule.Party(id: try paths("id"), name: try paths("name"), before: try optionalText("before"))
    }

    func attachments(_ name: String) throws(MappingError) -> Mapping.Attachments? {
        guard json[name] != nil else { return nil }
        let inner = try inside(name)
        return Mapping.Attachments(
            types: Set(try inner.texts("types")), photoTypes: Set(try inner.texts("photos")),
            url: try inner.text("url", or: "{url}"), name: try inner.text("name", or: "name"),
            size: try inner.text("size", or: "size"), records: try inner.path("records"),
            recordFiles: try inner.text("record_files", or: "attachments"),
            recordURL: try inner.text("record_url", or: "{url}")
        )
    }

    func trail(_ name: String, tables: Set<String>) throws(MappingError) -> Mapping.Trail? {
        guard json[name] != nil else { return nil }
        let inner = try inside(name)
        let actions = try inner.text("actions", or: "")
        guard tables.contains(actions) else {
            throw .malformed(path: inner.at("actions"), expected: "the name of a table")
        }
        return Mapping.Trail(
            path: try inner.path("at"), person: try inner.text("person", or: "userId"),
            node: try inner.text("node", or: "node"), time: try inner.text("time", or: "date"),
            comment: try inner.text("comment", or: "comment"), actions: actions,
            type: try inner.text("type", or: "type"),
            result: try inner.text("result", or: "result")
        )
    }
}
