package import Kernel

/// Where a line came from: the rule and what it saw, or the person and what stood there before (分录来源).
///
/// The origin is JSON that the ledger keeps and shows and does not interpret; the accessors read the members
/// that the makers below write.
package struct LineOrigin: Hashable, Sendable {
    package static let none = LineOrigin(json: .object([JSON.Member]()))

    package let json: JSON

    package init(json: JSON) {
        self.json = json
    }

    /// The form in which it is stored.
    package var text: String { json.text }

    package init(text: String) throws(JSONError) {
        json = try JSON(parsing: text)
    }

    /// A line that a rule's template made.
    ///
    /// - Parameters:
    ///   - template: the number or name of the template's line.
    ///   - rows: the rows of decision tables that matched, such as `expense_leaf#3`.
    ///   - findings: the conditions with the values they saw.
    ///   - field: the form field the amount came from.
    ///   - evidence: the key of the e-voucher and its field.
    package static func rule(
        book: String, version: String, name: String, template: String, rows: [String] = [], findings: JSON = .array([]),
        field: String? = nil, evidence: (key: String, field: String)? = nil
    ) -> LineOrigin {
        var members: [(String, JSON)] = [
            ("kind", "rule"), ("rule_book", .string(book)), ("rule_version", .string(version)), ("rule", .string(name)),
            ("template", .string(template)), ("rows", .array(rows.map(JSON.string))), ("findings", findings),
        ]
        if let field { members.append(("field", .string(field))) }
        if let evidence {
            members.append(("evidence", .object([("key", .string(evidence.key)), ("field", .string(evidence.field))])))
        }
        return LineOrigin(json: .object(members))
    }

    /// A line that a person wrote or changed; `before` is the line that stood there, in its JSON form.
    package static func person(_ person: PersonID, before: JSON? = nil, reason: String? = nil) -> LineOrigin {
        var members: [(String, JSON)] = [("kind", "person"), ("person", .string(person.text))]
        if let before { members.append(("before", before)) }
        if let reason { members.append(("reason", .string(reason))) }
        return LineOrigin(json: .object(members))
    }

    /// A line that takes a posted one back.
    package static func reversal(of voucher: Voucher.ID, line: Int) -> LineOrigin {
        LineOrigin(
            json: .object([("kind", "reversal"), ("voucher", .string(voucher.text)), ("line", .integer(line))])
        )
    }

    /// A line the ledger itself made at the end of a period: depreciation, carry-forward and the like.
    package static func ledger(_ operation: String) -> LineOrigin {
        LineOrigin(json: .object([("kind", "ledger"), ("operation", .string(operation))]))
    }

    package var kind: String? { json["kind"]?.string }
    package var ruleBook: String? { json["rule_book"]?.string }
    package var ruleVersion: String? { json["rule_version"]?.string }
    package var rule: String? { json["rule"]?.string }
    package var template: String? { json["template"]?.string }
    package var rows: [String] { json["rows"]?.array?.compactMap(\.string) ?? [] }
    package var findings: JSON? { json["findings"] }
    package var field: String? { json["field"]?.string }
    package var evidenceKey: String? { json["evidence"]?["key"]?.string }
    package var evidenceField: String? { json["evidence"]?["field"]?.string }
    package var person: PersonID? { json["person"]?.string.map { PersonID($0) } }
    /// The line that stood here before a person changed it.
    package var before: JSON? { json["before"] }
    package var reversed: Voucher.ID? { json["voucher"]?.string.map { Voucher.ID($0) } }
}
