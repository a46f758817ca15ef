import Kernel

/// How the fields of a vendor's form are found in its payload.
extension Mapping {
    func fields(in payload: JSON) -> [MappingField] {
        let value = payload.at(fields.path) ?? .null
        return (MappingField.list(value) ?? []).map(field)
    }

    private func field(_ json: JSON) -> MappingField {
        MappingField(
            id: json[fields.id]?.string, alias: json[fields.alias]?.string,
            label: json[fields.label]?.string ?? json[fields.id]?.string ?? "", type: json[fields.type]?.string ?? "",
            value: json[fields.value] ?? .null, extra: json[fields.extra] ?? .null
        )
    }

    /// The rows of a table; `nil` if the value is no table.
    ///
    /// 钉钉 writes rows in three ways: `{"rowValue": [{"label", "value", "key"}]}`, a list of `{"name", "value"}`, and
    /// plain label by value; another vendor's rows are lists of fields in its own names.
    func rows(of field: MappingField) -> [[MappingField]]? {
        guard let rows = MappingField.list(field.value) else { return nil }
        var result: [[MappingField]] = []
        for row in rows {
            if let cells = row["rowValue"]?.array ?? row.array {
                guard cells.allSatisfy({ $0.members != nil }) else { return nil }
                result.append(cells.map(cell))
            } else if let members = row.members {
                result.append(members.filter { $0.name != "rowNumber" }.map(cell))
            } else {
                return nil
            }
        }
        return result
    }

    private func cell(_ json: JSON) -> MappingField {
        MappingField(
            id: json["key"]?.string ?? json[fields.id]?.string, alias: json[fields.alias]?.string,
            label: json["label"]?.string ?? json[fields.label]?.string ?? json["key"]?.string ?? "",
            type: json[fields.type]?.string ?? "", value: json[fields.value] ?? .null,
            extra: json["extendValue"] ?? json[fields.extra] ?? .null
        )
    }

    private func cell(_ member: JSON.Member) -> MappingField {
        MappingField(id: nil, alias: nil, label: member.name, type: "", value: member.value, extra: .null)
    }

    /// The amounts that a field nobody mapped holds, also inside of a table.
    func amounts(in field: MappingField, label: String) -> [MappingProblem] {
        if isMoney(field) { return [.unmappedMoney(field: label, value: String((field.text ?? "").prefix(60)))] }
        guard let rows = rows(of: field) else { return [] }
        return rows.enumerated().flatMap { index, row in
            row.filter { isMoney($0) && !$0.isEmpty && !ignored.contains($0.label) }.map { cell in
                let place = "\(label) \(index + 1) · \(cell.label)"
                return .unmappedMoney(field: place, value: String((cell.text ?? "").prefix(60)))
            }
        }
    }

    private func isMoney(_ field: MappingField) -> Bool {
        if moneyTypes.contains(field.type) { return true }
        guard moneyWords.contains(where: field.label.contains) else { return false }
        // A table or a note whose label has the word is not itself an amount.
        return field.text?.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
            && MappingField.list(field.value) == nil
    }
}

/// The files of a form, each name once.
struct MappingAttachments {
    private let rule: Mapping.Attachments
    private let instance: String
    private var names: Set<String> = []
    private(set) var attachments: [JSON] = []
    private(set) var problems: [MappingProblem] = []

    init(rule: Mapping.Attachments, instance: String) {
        self.rule = rule
        self.instance = instance
    }

    mutating func addFiles(of field: MappingField) {
        guard let files = MappingField.list(field.value) else {
            refuse(field.label, expected: "a list of files", found: field.text ?? "")
            return
        }
        for file in files { add(file, pattern: rule.url, label: field.label) }
    }

    /// Files that came with a step of the approval, such as an invoice handed in with a comment.
    mutating func addFiles(ofRecord value: JSON) {
        for file in MappingField.list(value) ?? [] { add(file, pattern: rule.recordURL, label: rule.recordFiles) }
    }

    private mutating func add(_ file: JSON, pattern: String, label: String) {
        guard let name = file[rule.name]?.string, !name.isEmpty, let url = url(of: file, pattern: pattern) else {
            return refuse(label, expected: "\(rule.name), \(pattern)", found: file.text)
        }
        let size = file[rule.size].flatMap { $0.integer ?? $0.string.flatMap { Int($0) } }
        add(name: name, url: url, size: size)
    }

    mutating func addPhotos(of field: MappingField) {
        guard let photos = MappingField.list(field.value) else {
            refuse(field.label, expected: "a list of addresses", found: field.text ?? "")
            return
        }
        for (index, photo) in photos.enumerated() {
            guard let url = photo.string, !url.isEmpty else {
                refuse(field.label, expected: "an address", found: photo.text)
                continue
            }
            let last = url.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? ""
            let hasType = last.contains(".") && Self.mediaType(of: last) != Self.unknownType
            add(name: hasType ? last : "\(field.label) \(index + 1).jpg", url: url, size: nil)
        }
    }

    private mutating func refuse(_ label: String, expected: String, found: String) {
        problems.append(
            .unreadable(
                path: "/attachments", field: label, expected: expected, found: String(found.prefix(60))
            )
        )
    }

    private mutating func add(name: String, url: String, size: Int?) {
        let point = name.lastIndex(of: ".") ?? name.endIndex
        var unique = name
        var copy = 2
        while !names.insert(unique).inserted {
            unique = "\(name[..<point]) (\(copy))\(name[point...])"
            copy += 1
        }
        var members: [(String, JSON)] = [("name", .string(unique)), ("media_type", .string(Self.mediaType(of: name)))]
        if let size, size >= 0 { members.append(("size", .integer(size))) }
        members.append(("url", .string(url)))
        attachments.append(.object(members))
    }

    /// The template with each `{member}` replaced by the file's own, written for a URI.
    private func url(of file: JSON, pattern: String) -> String? {
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            let value: String? =
                if name == "instance" { instance } else if case .number(let text) = file[name] { text } else {
                    file[name]?.string
                }
            guard let value, !value.isEmpty else { return nil }
            result += rest[..<open] + (pattern == "{\(name)}" ? value : Self.escaped(value))
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            let isPlain =
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~".utf8.contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            output +=
                isPlain
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return output
    }

    private static let unknownType = "application/octet-stream"

    private static func mediaType(of name: String) -> String {
        switch name.split(separator: ".").last?.lowercased() {
        case "pdf": "application/pdf"
        case "ofd": "application/ofd"
        case "xml": "application/xml"
        case "xbrl": "application/xbrl+xml"
        case "zip": "application/zip"
        case "jpg", "jpeg": "image/jpeg"
        case "png": "image/png"
        case "heic": "image/heic"
        case "txt": "text/plain"
        case "csv": "text/csv"
        case "doc": "application/msword"
        case "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case "xls": "application/vnd.ms-excel"
        case "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        default: unknownType
        }
    }
}
