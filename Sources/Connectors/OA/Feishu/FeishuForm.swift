import Kernel

/// Brings a 飞书 instance into the form that mappings read.
///
/// The vendor writes the form as JSON inside a text, files as two lists side by side, and names of nodes beside the
/// steps that passed them.
enum FeishuForm {
    /// - Parameter answer: The instance, with or without the outer `data`.
    /// - Returns: `form` with the fields, `steps` with the trail, `currency` where the amounts name one, and
    ///   `instance` with everything else.
    static func payload(of answer: JSON) -> JSON {
        let instance = answer["data"].flatMap { $0.members == nil ? nil : $0 } ?? answer
        let widgets = list(instance["form"])
        var members: [(String, JSON)] = [
            ("instance", rest(of: instance)), ("form", .array(widgets.map(field))), ("steps", .array(steps(instance))),
        ]
        let currencies = Set(widgets.compactMap(currency))
        if currencies.count == 1, let one = currencies.first { members.append(("currency", .string(one))) }
        return .object(members)
    }

    /// The address of a file at this moment; it ends after hours, so it is asked for when the file is downloaded.
    static func address(ofFile reference: FeishuFile, in instance: JSON) -> String? {
        if let time = reference.step {
            let step = (instance["timeline"]?.array ?? []).first { $0["create_time"].map(plain) == time }
            return step?["files"]?[reference.index]?["url"]?.string
        }
        return widget(reference.field, in: list(instance["form"]))?["value"]?[reference.index]?.string
    }

    private static func widget(_ id: String, in widgets: [JSON]) -> JSON? {
        for widget in widgets {
            if widget["id"]?.string == id { return widget }
            guard widget["type"]?.string == "fieldList" else { continue }
            for row in widget["value"]?.array ?? [] {
                if let found = self.widget(id, in: row.array ?? []) { return found }
            }
        }
        return nil
    }

    private static func rest(of instance: JSON) -> JSON {
        .object((instance.members ?? []).filter { !["form", "timeline", "comment_list"].contains($0.name) })
    }

    /// A list inside a text, or a list as it is.
    private static func list(_ value: JSON?) -> [JSON] {
        if let values = value?.array { return values }
        guard let text = value?.string, let json = try? JSON(parsing: text) else { return [] }
        return json.array ?? []
    }

    private static func currency(of widget: JSON) -> String? {
        guard widget["type"]?.string == "amount" else { return nil }
        let found = widget["ext"]?["currency"]?.string ?? widget["currency"]?.string ?? ""
        return found.isEmpty ? nil : found
    }

    private static func field(_ widget: JSON) -> JSON {
        let value = widget["value"] ?? .null
        let read: JSON =
            switch widget["type"]?.string ?? "" {
            case "fieldList", "table":
                .array((value.array ?? []).map { row in .array((row.array ?? []).map(field)) })
            case "attachment", "attachmentV2", "image", "imageV2": files(widget, value.array ?? [])
            case "department":
                .array((value.array ?? []).map { party(id: $0["open_id"] ?? $0["id"], name: $0["name"]) })
            case "contact": .array((value.array ?? []).map { party(id: $0, name: nil) })
            case "dateInterval": [value["start"] ?? .null, value["end"] ?? .null]
            case "telephone":
                .string((value["countryCode"]?.string ?? "") + (value["nationalNumber"]?.string ?? value.string ?? ""))
            default: value
            }
        return [
            "id": widget["id"] ?? .null, "custom_id": widget["custom_id"] ?? .null, "name": widget["name"] ?? .null,
            "type": widget["type"] ?? .null, "value": read,
        ]
    }

    private static func party(id: JSON?, name: JSON?) -> JSON {
        ["id": .string(id.map(plain) ?? ""), "name": .string((name ?? id).map(plain) ?? "")]
    }

    private static func plain(_ value: JSON) -> String {
        switch value {
        case .string(let text), .number(let text): text
        default: ""
        }
    }

    /// Names are joined by commas and may hold some: they count only where there are as many as files.
    private static func files(_ widget: JSON, _ addresses: [JSON]) -> JSON {
        let joined = widget["ext"]?.string ?? ""
        let names = joined.split(separator: ",").map(String.init)
        let label = widget["name"]?.string ?? "file"
        let given = addresses.count == 1 && !joined.isEmpty ? [joined] : names
        return .array(
            addresses.indices.map { index in
                let name = given.count == addresses.count ? given[index] : "\(label) \(index + 1)"
                return ["name": .string(name), "field": widget["id"] ?? .null, "index": .integer(index)]
            }
        )
    }

    /// What happened, in order, and the comments among it.
    private static func steps(_ instance: JSON) -> [JSON] {
        var names: [String: JSON] = [:]
        for task in instance["task_list"]?.array ?? [] {
            if let id = task["id"].map(plain) { names[id] = task["node_name"] }
        }
        let acts = (instance["timeline"]?.array ?? []).map { entry -> JSON in
            let name = entry["task_id"].map(plain).flatMap { names[$0] }
            let files = (entry["files"]?.array ?? []).enumerated().map { index, file -> JSON in
                [
                    "name": .string(file["title"]?.string ?? "file \(index + 1)"), "size": file["file_size"] ?? .null,
                    "field": .string("@" + (entry["create_time"].map(plain) ?? "")), "index": .integer(index),
                ]
            }
            return entry.setting("node", name ?? entry["node_key"] ?? .null).setting("files", .array(files))
        }
        let comments = (instance["comment_list"]?.array ?? []).map { comment -> JSON in
            [
                "type": "COMMENT", "user_id": comment["user_id"] ?? .null, "comment": comment["comment"] ?? .null,
                "create_time": comment["create_time"] ?? .null, "node": "评论",
            ]
        }
        return (acts + comments).enumerated()
            .sorted { left, right in
                let times = [left.element, right.element].map { Int64($0["create_time"].map(plain) ?? "") ?? 0 }
                return times[0] == times[1] ? left.offset < right.offset : times[0] < times[1]
            }
            .map(\.element)
    }
}

/// Where a file of an instance stands: `feishu:instance/field/index`, or `feishu:instance/@time/index` for a step.
struct FeishuFile {
    static let scheme = "feishu:"

    let instance: String
    let field: String
    let index: Int

    init?(_ url: String) {
        guard url.hasPrefix(Self.scheme) else { return nil }
        let parts = url.dropFirst(Self.scheme.count).split(separator: "/").map { PercentEncoding.decode(String($0)) }
        guard parts.count == 3, let index = Int(parts[2]), index >= 0 else { return nil }
        instance = parts[0]
        field = parts[1]
        self.index = index
    }

    /// The moment of the step the file came with.
    var step: String? { field.hasPrefix("@") ? String(field.dropFirst()) : nil }
}
