import Kernel

/// Reads one value as its rule says, and notes what is wrong with it.
struct MappingValueReader {
    let mapping: Mapping
    /// The document's kind; `else` depends on it.
    let kind: String
    let currency: String
    let path: String
    private(set) var problems: [MappingProblem] = []

    init(mapping: Mapping, kind: String, currency: String, path: String) {
        self.mapping = mapping
        self.kind = kind
        self.currency = currency
        self.path = path
    }

    /// The value of a rule; `nil` where the form has none, with a problem if it is required.
    mutating func value(
        of rule: MappingRule, fields: [MappingField], payload: JSON, used: inout Set<Int>
    ) -> JSON? {
        if let constant = rule.constant { return constant }
        for selector in rule.fields {
            for (index, field) in fields.enumerated() where selector.selects(field) && !field.isEmpty {
                used.insert(index)
                return read(field, rule)
            }
        }
        if let party = rule.party, let value = self.party(party, payload) { return value }
        for path in rule.paths {
            let found = payload.at(path) ?? .null
            let field = MappingField(
                id: nil, alias: nil, label: path.joined(separator: "."), type: "", value: found, extra: .null
            )
            if !field.isEmpty { return read(field, rule) }
        }
        if let value = rule.otherwise[kind] ?? rule.otherwise["*"] { return value }
        if rule.isRequired { problems.append(.missing(path: path, sources: rule.sources)) }
        return nil
    }

    private mutating func read(_ field: MappingField, _ rule: MappingRule) -> JSON? {
        var field = field
        if let part = rule.part {
            guard let value = MappingField.list(field.value)?[safe: part] else {
                return refuse(field, expected: "a list with entry \(part)")
            }
            field = MappingField(
                id: field.id, alias: field.alias, label: field.label, type: field.type, value: value, extra: .null
            )
        }
        let text = cut(field.text ?? "", before: rule.before)
        switch rule.kind {
        case .text: return .string(text)
        case .raw: return MappingField.list(field.value).map(JSON.array) ?? field.value
        case .amount: return amount(field, digits: Currency(currency)?.minorDigits ?? 2)
        case .decimal: return amount(field, digits: 10)
        case .integer:
            guard let number = Int(text), number >= 0 else { return refuse(field, expected: "a whole number") }
            return .integer(number)
        case .date:
            guard let day = Self.day(field.value, offsetSeconds: mapping.offsetSeconds) else {
                return refuse(field, expected: "a date such as 2026-03-31")
            }
            return .string(day)
        case .time:
            guard let time = Self.time(field.value, offsetSeconds: mapping.offsetSeconds) else {
                return refuse(field, expected: "a time such as 2026-03-31T10:00:00+08:00")
            }
            return .string(time)
        case .party: return party(of: field)
        case .choice:
            let table = rule.table ?? ""
            if let value = mapping.tables[table]?[text] { return .string(value) }
            problems.append(.unknownChoice(path: path, field: field.label, table: table, found: text))
            return nil
        }
    }

    private mutating func refuse(_ field: MappingField, expected: String) -> JSON? {
        problems.append(
            .unreadable(
                path: path, field: field.label, expected: expected, found: String((field.text ?? "").prefix(60)))
        )
        return nil
    }

    private mutating func amount(_ field: MappingField, digits: Int) -> JSON? {
        if case .number = field.value, !mapping.notation.takesNumbers {
            return refuse(field, expected: "an amount written as text")
        }
        guard let text = mapping.notation.decimal(field.text ?? "", digits: digits) else {
            return refuse(field, expected: "a plain decimal with at most \(digits) decimals")
        }
        return .string(text)
    }

    private func cut(_ text: String, before mark: String?) -> String {
        guard let mark, let range = text.firstRange(of: mark), range.lowerBound > text.startIndex else { return text }
        return String(text[..<range.lowerBound])
    }

    private func party(_ party: MappingRule.Party, _ payload: JSON) -> JSON? {
        guard let id = first(party.id, payload) else { return nil }
        let name = first(party.name, payload)
        // Without its mark a text is not the name: 出差申请 names nobody.
        let cutName = name.map {
            party.before == nil || $0.contains(party.before ?? "") ? cut($0, before: party.before) : id
        }
        return .object([("id", .string(id)), ("name", .string(cutName ?? id))])
    }

    private func first(_ paths: [[String]], _ payload: JSON) -> String? {
        for path in paths {
            switch payload.at(path) {
            case .string(let text) where !text.isEmpty && text != "null": return text
            case .number(let text): return text
            default: continue
            }
        }
        return nil
    }

    /// The first of the parties a field names; its ids stand in the extra value.
    private func party(of field: MappingField) -> JSON? {
        let text = field.text ?? ""
        let chosen = MappingField.list(field.extra)?.first ?? MappingField.list(field.value)?.first
        guard let chosen else { return .object([("id", .string(text)), ("name", .string(text))]) }
        let id = Self.text(chosen, of: ["id", "emplId", "userId", "deptId", "code"]) ?? chosen.string
        let name = Self.text(chosen, of: ["name", "userName", "deptName"])
        guard let known = id ?? name else { return .object([("id", .string(text)), ("name", .string(text))]) }
        return .object([("id", .string(known)), ("name", .string(name ?? (text.first == "[" ? known : text)))])
    }

    private static func text(_ json: JSON, of names: [String]) -> String? {
        for name in names {
            switch json[name] {
            case .string(let text) where !text.isEmpty: return text
            case .number(let text): return text
            default: continue
            }
        }
        return nil
    }

    /// An instant as the vendor wrote it, in RFC 3339: with or without seconds, with a blank for the `T`, without an
    /// offset, or in milliseconds since 1970.
    static func time(_ value: JSON, offsetSeconds: Int) -> String? {
        var text = ""
        switch value {
        case .string(let written), .number(let written): text = written
        default: return nil
        }
        if text.utf8.count == 13, let milliseconds = Int64(text) {
            return Timestamp(microseconds: milliseconds * 1_000).text(offsetSeconds: offsetSeconds)
        }
        var bytes = Array(text.utf8)
        if bytes.count == 10 { bytes += Array("T00:00:00".utf8) }
        guard bytes.count >= 16 else { return nil }
        if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
        if bytes.count == 16 || bytes[16] != UInt8(ascii: ":") { bytes.insert(contentsOf: ":00".utf8, at: 16) }
        // 钉钉's classic interface writes local times without an offset.
        if bytes.count == 19 {
            bytes += Array(Timestamp(seconds: 0).text(offsetSeconds: offsetSeconds).utf8.dropFirst(19))
        }
        return Timestamp(String(decoding: bytes, as: UTF8.self))?.text(offsetSeconds: offsetSeconds)
    }

    /// A day: `2026-03-31`, `2026/3/31`, `2026年3月31日`, or the day of an instant.
    static func day(_ value: JSON, offsetSeconds: Int) -> String? {
        guard let text = value.string else {
            return time(value, offsetSeconds: offsetSeconds).map { String($0.prefix(10)) }
        }
        if text.utf8.count == 10, let day = Day(text) { return day.text }
        let parts = text.split { "-/年月日".contains($0) }
        if parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]) {
            return Day(year: year, month: month, day: day)?.text
        }
        return time(value, offsetSeconds: offsetSeconds).map { String($0.prefix(10)) }
    }
}

extension [JSON] {
    fileprivate subscript(safe index: Int) -> JSON? { indices.contains(index) ? self[index] : nil }
}
