package import Kernel

/// How a vendor's form becomes our document: data, not code, with versions (映射).
///
/// The reference of the form stands in `docs/connectors.md`; the mappings that ship are in `Mappings/`.
package struct Mapping: Sendable {
    package static let format = "pingqiao.mapping/1"

    package let name: String
    package let platform: String
    /// Where times and dates without an offset are meant, in seconds east of UTC.
    let offsetSeconds: Int
    let currency: String
    let notation: MappingNotation
    let fields: FieldNames
    let moneyTypes: Set<String>
    let moneyWords: [String]
    let ignored: Set<String>
    let tables: [String: [String: String]]
    let titleKinds: [TitleKind]
    let document: [MappingRule]
    let itemFields: [MappingSelector]
    let items: [MappingRule]
    let attachments: Attachments?
    let trail: Trail?

    /// The member names under which the vendor keeps the fields of a form.
    struct FieldNames: Sendable {
        let path: [String]
        let id: String
        let alias: String
        let label: String
        let type: String
        let value: String
        let extra: String
    }

    /// A document kind told by the form's code or by a word in its title.
    struct TitleKind: Sendable {
        let form: String?
        let word: String?
        let kind: String
    }

    struct Attachments: Sendable {
        let types: Set<String>
        let photoTypes: Set<String>
        /// Such as `dingtalk:{instance}/{spaceId}/{fileId}`.
        let url: String
        let name: String
        let size: String
        /// Where steps of the approval stand that have files of their own; their `recordFiles` member lists them.
        let records: [String]
        let recordFiles: String
        let recordURL: String
    }

    struct Trail: Sendable {
        let path: [String]
        let person: String
        let node: String
        let time: String
        let comment: String
        /// Texts of the vendor's type and result, looked up as `type/result`, then `type`.
        let actions: String
        let type: String
        let result: String
    }

    /// Reads a mapping.
    package init(_ json: JSON) throws(MappingError) {
        guard let format = json["format"]?.string else {
            throw .malformed(path: "format", expected: "“\(Self.format)”")
        }
        guard format == Self.format else { throw .unknownVersion(format) }
        let reader = MappingReader(json: json, path: "")
        name = try reader.text("name", or: "")
        platform = try reader.text("platform", or: "")
        offsetSeconds = try reader.offset("offset")
        currency = try reader.text("currency", or: "CNY")
        guard Currency(currency) != nil else { throw .malformed(path: "currency", expected: "an ISO 4217 code") }
        notation = try reader.notation("amounts")
        let names = try reader.inside("fields")
        fields = FieldNames(
            path: try names.path("at"), id: try names.text("id", or: "id"), alias: try names.text("alias", or: "alias"),
            label: try names.text("label", or: "name"), type: try names.text("type", or: "type"),
            value: try names.text("value", or: "value"), extra: try names.text("extra", or: "extra")
        )
        let money = try reader.inside("money")
        moneyTypes = Set(try money.texts("types"))
        moneyWords = try money.texts("words")
        ignored = Set(try reader.texts("ignore"))
        tables = try reader.tables("tables")
        titleKinds = try reader.kinds("kinds")
        document = try reader.rules("document", tables: Set(tables.keys))
        let lines = try reader.inside("items")
        itemFields = try lines.texts("from").map(MappingSelector.init)
        items = try lines.rules("rules", tables: Set(tables.keys))
        attachments = try reader.attachments("attachments")
        trail = try reader.trail("trail", tables: Set(tables.keys))
    }

    /// Translates one instance. The result may be no valid document yet; `problems` say why.
    package func document(from payload: JSON) -> MappedDocument {
        var translation = MappingTranslation(mapping: self, payload: payload)
        return translation.run()
    }
}

/// What a mapping made of an instance.
package struct MappedDocument: Hashable, Sendable {
    package let document: JSON
    package let problems: [MappingProblem]
    /// Labels of the vendor's fields that no rule took; their values are in the document's `fields`.
    package let unmapped: [String]

    /// As the command line prints it.
    package var json: JSON {
        .object([
            ("document", document),
            ("problems", .array(problems.map(\.problem.json))),
            ("unmapped", .array(unmapped.map(JSON.string))),
        ])
    }
}

/// Translates an instance that lies in a file, with the mapping that ships for its platform.
package func normalise(
    platform: String, payload: JSON, mapping: JSON
) throws(MappingError) -> MappedDocument {
    let mapping = try Mapping(mapping)
    guard mapping.platform == platform else {
        throw .malformed(path: "platform", expected: "“\(platform)”, not “\(mapping.platform)”")
    }
    return mapping.document(from: payload)
}
