import Kernel

/// One run of a mapping over one instance.
struct MappingTranslation {
    private let mapping: Mapping
    private let payload: JSON
    private let fields: [MappingField]
    private var used: Set<Int> = []
    private var kind = ""
    private var outcome = ""
    private var document: JSON = .object([JSON.Member]())
    private var problems: [MappingProblem] = []
    private var unmapped: [String] = []

    init(mapping: Mapping, payload: JSON) {
        self.mapping = mapping
        self.payload = payload
        fields = mapping.fields(in: payload)
    }

    mutating func run() -> MappedDocument {
        if let source = payload["source"] { document = document.setting("source", source) }
        for rule in mapping.document where rule.target.first == "source" && payload["source"] == nil { apply(rule) }
        outcome = document["source"]?["outcome"]?.string ?? ""
        for rule in mapping.document where rule.target == ["title"] { apply(rule) }
        setKind()
        for rule in mapping.document where rule.target == ["currency"] { apply(rule) }
        if document["currency"] == nil { document = document.setting("currency", .string(mapping.currency)) }
        for rule in mapping.document where rule.target.first != "source" && !Self.isEarly(rule) { apply(rule) }
        setItems()
        setTrail()
        setAttachments()
        setRest()
        return MappedDocument(document: document, problems: problems, unmapped: unmapped)
    }

    private static func isEarly(_ rule: MappingRule) -> Bool { rule.target == ["title"] || rule.target == ["currency"] }

    private mutating func setKind() {
        let form = document["source"]?["form"]?.string
        let title = document["title"]?.string ?? ""
        let known = mapping.titleKinds.first { entry in
            (entry.form == nil || entry.form == form) && (entry.word.map(title.contains) ?? true)
        }
        guard let known else {
            problems.append(.missing(path: "/kind", sources: ["source.form \(form ?? "–")", "title \(title)"]))
            return
        }
        kind = known.kind
        document = document.setting("kind", .string(kind))
    }

    private mutating func apply(_ rule: MappingRule) {
        guard rule.holds(kind: kind, outcome: outcome) else { return }
        var reader = reader(path: rule.pointer)
        if let value = reader.value(of: rule, fields: fields, payload: payload, used: &used) {
            document = document.setting(rule.target[...], value)
        }
        problems += reader.problems
    }

    private func reader(path: String) -> MappingValueReader {
        MappingValueReader(mapping: mapping, kind: kind, currency: document["currency"]?.string ?? "", path: path)
    }

    private mutating func setItems() {
        var items: [JSON] = []
        for selector in mapping.itemFields {
            for (index, field) in fields.enumerated() where selector.selects(field) && !used.contains(index) {
                guard !field.isEmpty else { continue }
                used.insert(index)
                guard let rows = mapping.rows(of: field) else {
                    let path = "/items"
                    problems.append(
                        .unreadable(
                            path: path, field: field.label, expected: "rows", found: String(field.value.text.prefix(60))
                        )
                    )
                    continue
                }
                for row in rows where !row.allSatisfy(\.isEmpty) { items.append(item(row, number: items.count + 1)) }
            }
        }
        if !items.isEmpty { document = document.setting("items", .array(items)) }
    }

    private mutating func item(_ row: [MappingField], number: Int) -> JSON {
        var item: JSON = .object([("no", .integer(number))])
        var used: Set<Int> = []
        for rule in mapping.items where rule.holds(kind: kind, outcome: outcome) {
            var reader = reader(path: "/items/\(number - 1)" + rule.pointer)
            if let value = reader.value(of: rule, fields: row, payload: .null, used: &used) {
                item = item.setting(rule.target[...], value)
            }
            problems += reader.problems
        }
        let rest = rest(of: row, used: used, place: "明细 \(number)")
        return rest.isEmpty ? item : item.setting("fields", .object(rest))
    }

    /// What no rule took, by label. An amount among it is a problem: it would be missing from the voucher.
    private mutating func rest(of fields: [MappingField], used: Set<Int>, place: String?) -> [JSON.Member] {
        var members: [JSON.Member] = []
        for (index, field) in fields.enumerated() where !used.contains(index) && !field.isEmpty {
            let label = place.map { "\($0) · \(field.label)" } ?? field.label
            if !mapping.ignored.contains(field.label) {
                unmapped.append(label)
                for amount in mapping.amounts(in: field, label: label) { problems.append(amount) }
            }
            var name = field.label
            var copy = 2
            while members.contains(where: { $0.name == name }) {
                name = "\(field.label) (\(copy))"
                copy += 1
            }
            members.append(JSON.Member(name, MappingField.list(field.value).map(JSON.array) ?? field.value))
        }
        return members
    }

    private mutating func setRest() {
        let rest = rest(of: fields, used: used, place: nil)
        if !rest.isEmpty { document = document.setting("fields", .object(rest)) }
    }

    private mutating func setTrail() {
        guard let trail = mapping.trail, let records = payload.at(trail.path)?.array, !records.isEmpty else { return }
        var steps: [JSON] = []
        for record in records {
            let type = record[trail.type]?.string ?? ""
            let result = record[trail.result]?.string ?? ""
            let actions = mapping.tables[trail.actions] ?? [:]
            var step: [(String, JSON)] = []
            let node = record[trail.node]?.string ?? ""
            step.append(("node", .string(node.isEmpty ? (type.isEmpty ? "–" : type) : node)))
            if let person = record[trail.person]?.string, !person.isEmpty {
                step.append(("person", .object([("id", .string(person)), ("name", .string(person))])))
            }
            step.append(("action", .string(actions["\(type)/\(result)"] ?? actions[type] ?? "comment")))
            if let comment = record[trail.comment]?.string, !comment.isEmpty {
                step.append(("comment", .string(String(comment.prefix(4000)))))
            }
            let time = MappingValueReader.time(record[trail.time] ?? .null, offsetSeconds: mapping.offsetSeconds)
            if let time { step.append(("left_at", .string(time))) }
            steps.append(.object(step))
        }
        document = document.setting("trail", .array(steps))
    }

    private mutating func setAttachments() {
        guard let rule = mapping.attachments else { return }
        var files = MappingAttachments(rule: rule, instance: document["source"]?["instance"]?.string ?? "")
        for (index, field) in fields.enumerated() where !used.contains(index) {
            guard rule.types.contains(field.type) || rule.photoTypes.contains(field.type) else { continue }
            used.insert(index)
            guard !field.isEmpty else { continue }
            if rule.types.contains(field.type) { files.addFiles(of: field) } else { files.addPhotos(of: field) }
        }
        let records = rule.records.isEmpty ? [] : payload.at(rule.records)?.array ?? []
        for record in records { files.addFiles(ofRecord: record[rule.recordFiles] ?? .null) }
        problems += files.problems
        if !files.attachments.isEmpty { document = document.setting("attachments", .array(files.attachments)) }
    }
}

extension MappingRule {
    fileprivate func holds(kind: String, outcome: String) -> Bool {
        (kinds.isEmpty || kinds.contains(kind)) && (outcomes.isEmpty || outcomes.contains(outcome))
    }
}

extension JSON {
    /// The value at the end of a path; whole numbers are places in arrays.
    func at(_ path: [String]) -> JSON? {
        var value = self
        for step in path {
            guard let next = value[step] ?? Int(step).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }

    /// The value with one place set; objects and arrays on the way are made.
    fileprivate func setting(_ path: ArraySlice<String>, _ value: JSON) -> JSON {
        guard let step = path.first else { return value }
        let rest = path.dropFirst()
        if let index = Int(step) {
            var values = array ?? []
            let inner = (values.indices.contains(index) ? values[index] : .null).setting(rest, value)
            if values.indices.contains(index) { values[index] = inner } else { values.append(inner) }
            return .array(values)
        }
        let base: JSON = members == nil ? .object([Member]()) : self
        return base.setting(step, (base[step] ?? .null).setting(rest, value))
    }
}
