package import Kernel

/// An approval in the one form (单据): `document.schema.json`, with the fields the way itself needs.
///
/// Rules read the JSON; nothing here decides what is booked.
package struct Document: Hashable, Sendable {
    package let json: JSON
    package let approval: Case.Approval
    package let revision: Int
    package let outcome: Case.Outcome

    /// Reads the envelope; everything else may be wrong and is held later.
    package init(json: JSON) throws(DocumentError) {
        guard let source = json["source"], source.members != nil else {
            throw .missing(path: "/source", expected: "an object")
        }
        guard let connector = source["connector"]?.string, !connector.isEmpty else {
            throw .missing(path: "/source/connector", expected: "a text")
        }
        guard let tenant = source["tenant"]?.string, !tenant.isEmpty else {
            throw .missing(path: "/source/tenant", expected: "a text")
        }
        guard let instance = source["instance"]?.string, !instance.isEmpty else {
            throw .missing(path: "/source/instance", expected: "a text")
        }
        guard let revision = source["revision"]?.integer, revision >= 1 else {
            throw .missing(path: "/source/revision", expected: "a whole number from 1")
        }
        guard let outcome = source["outcome"]?.string.flatMap(Case.Outcome.init(rawValue:)) else {
            throw .missing(path: "/source/outcome", expected: "approved, paid, amended, withdrawn or voided")
        }
        self.json = json
        self.approval = Case.Approval(connector: connector, tenant: tenant, instance: instance)
        self.revision = revision
        self.outcome = outcome
    }

    package var kind: String? { json["kind"]?.string.flatMap(\.nonEmpty) }
    package var number: String? { json["number"]?.string.flatMap(\.nonEmpty) }
    package var title: String { json["title"]?.string.flatMap(\.nonEmpty) ?? number ?? approval.instance }
    package var applicantName: String? { json["applicant"]?["name"]?.string.flatMap(\.nonEmpty) }
    package var total: String? { json["total"]?.string.flatMap(\.nonEmpty) }
    package var currency: String? { json["currency"]?.string.flatMap(\.nonEmpty) }
    /// What tells one revision from another: everything but the approval trail, which the OA goes on writing.
    package var digestedContent: JSON {
        guard let members = json.members else { return json }
        return .object(members.filter { $0.name != "trail" })
    }
    package var items: [JSON] { json["items"]?.array ?? [] }
    package var attachments: [JSON] { json["attachments"]?.array ?? [] }

    /// Whether the document's kind books its invoices, or only cites them (design 5).
    package var recognisesEvidence: Bool {
        switch kind {
        case "expense", "travel_claim", "supplier_invoice", "asset": true
        default: false
        }
    }

    /// The document without the bytes of its attachments, as it is stored: those lie among the originals.
    package var withoutContent: JSON {
        guard let files = json["attachments"]?.array else { return json }
        let named = files.map { file -> JSON in
            guard let members = file.members else { return file }
            return .object(members.filter { $0.name != "content_base64" })
        }
        return json.setting("attachments", .array(named))
    }
}

extension String {
    /// The text, unless it is empty: no text of no letters is stored.
    var nonEmpty: String? { isEmpty ? nil : self }
}

/// Why a payload is no document.
package enum DocumentError: Error, Hashable {
    case missing(path: String, expected: String)
}

extension DocumentError: Explainable {
    package var problem: Problem {
        switch self {
        case .missing(let path, let expected):
            Problem(
                code: "document.envelope",
                title: Phrase(zh: "单据缺少来源信息。", en: "The document does not say where it comes from."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(zh: "此处应为 \(expected)。", en: "Here \(expected) was expected."),
                remedy: Phrase(
                    zh: "请按 /api/v1/schemas/document 的格式补齐后重发。",
                    en: "Complete it as /api/v1/schemas/document says and send it again."
                )
            )
        }
    }
}
