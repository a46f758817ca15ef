import Access
import Hummingbird
import Kernel
import Pipeline

/// The electronic vouchers of a book, and one of them as a readable form (票据).
struct EvidencePages {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let (text, limit, cursor) = (request.query("q"), try request.limit(), request.query("cursor"))
        let (page, settings) = try await rooms.store.read(book) {
            (try $0.evidence.page(text: text, limit: limit, cursor: cursor), try $0.settings())
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, settings)
        let filter = ListFilter(request, ["q"])
        let view: JSON = .object([
            ("items", .array(page.items.map { EvidenceView(record: $0, dress: dress).row })), ("q", .optional(text)),
            ("filtered", .bool(filter.isActive)),
            ("next", .optional(page.next.map { filter.address(setting: "cursor", $0) })),
        ])
        return try await desk.page(
            "evidence-list", nav: "evidence", title: dress.texts.text("nav", "evidence"), view, context, book,
            address: "/evidence"
        )
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.require("id")
        let found = try await rooms.store.read(book) { records -> EvidenceUses? in
            try EvidenceUses(id, in: records)
        }
        guard let found else { throw DoorError.notFound("evidence " + id) }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, found.settings)
        let view = EvidenceView(record: found.record, dress: dress).json
            .setting("case", found.theCase.map(dress.row) ?? .null)
            .setting(
                "uses",
                .array(
                    found.uses.map { use in
                        .object([
                            ("case", .string(use.caseID.text)), ("at", .string(dress.time(use.at))),
                            ("role", .string(dress.texts.text("use", use.role.rawValue))),
                            ("isOther", .bool(use.caseID != found.record.caseID)),
                        ])
                    }
                )
            )
        return try await desk.page(
            "evidence", nav: "evidence", title: found.record.number ?? found.record.fileName, view, context, book,
            address: "/evidence/" + id
        )
    }
}

/// One electronic voucher with its case and its uses.
struct EvidenceUses: Sendable {
    let record: EvidenceRecord
    let theCase: Case?
    let uses: [InvoiceUse]
    let settings: Book

    init?(_ id: String, in records: any Records) throws {
        guard let found = try records.evidence.find(id) else { return nil }
        record = found
        theCase = try records.cases.find(found.caseID)
        uses = try found.registerKey.map { try records.evidence.uses(of: [$0]) } ?? []
        settings = try records.settings()
    }
}

/// One electronic voucher as its page shows it.
struct EvidenceView {
    let record: EvidenceRecord
    let dress: Dress

    private var fields: JSON { record.fields }

    /// The entry in a list.
    var row: JSON {
        .object([
            ("id", .string(record.id)), ("file", .string(record.fileName)), ("number", .optional(record.number)),
            ("kind", record.kind.map { .string(dress.texts.text("evidenceKind", $0)) } ?? .null),
            ("seller", .optional(fields["seller"]?["name"]?.string)), ("date", .optional(fields["issueDate"]?.string)),
            ("total", amount("total")), ("checks", checkState), ("signature", signatureState),
            ("case", .string(record.caseID.text)), ("added", .string(dress.shortTime(record.addedAt))),
        ])
    }

    var json: JSON {
        .object([
            ("evidence", row), ("heading", .optional(fields["invoiceType"]?.string ?? record.kind)),
            ("isReadable", .bool(record.kind != nil)),
            ("refused", dress.problem(fields["refused"].flatMap { Problem(json: $0) })),
            ("buyer", party("buyer")), ("seller", party("seller")), ("net", amount("amountExTax")),
            ("tax", amount("tax")), ("total", amount("total")), ("code", .optional(fields["code"]?.string)),
            ("currency", .optional(fields["currency"]?.string)),
            ("details", .array(details)), ("checks", .array(checks)), ("signatures", .array(signatures)),
            ("sha256", .string(record.digest.hex)), ("size", .string(Dress.grouped(String(record.size)))),
            ("mediaType", .string(record.mediaType)), ("added", .string(dress.time(record.addedAt))),
        ])
    }

    private func amount(_ name: String) -> JSON { .optional(fields[name]?.string.map { Dress.grouped($0) }) }

    private func party(_ name: String) -> JSON {
        guard let party = fields[name], party.members != nil else { return .null }
        return ["name": .optional(party["name"]?.string), "taxID": .optional(party["taxId"]?.string)]
    }

    /// Every further plain field of the file, in its own order.
    private var details: [JSON] {
        let shown: Set = [
            "file", "kind", "sha256", "number", "code", "issueDate", "buyer", "seller", "amountExTax", "tax", "total",
            "currency", "invoiceType", "signatures", "checks", "refused", "attachments",
        ]
        return (fields.members ?? []).flatMap { member -> [JSON] in
            guard !shown.contains(member.name) else { return [] }
            return Self.plain(member.name, member.value, depth: 0).prefix(60).map {
                ["label": .string(dress.texts.text("evidenceField", $0.0)), "value": .string($0.1)]
            }
        }
    }

    private static func plain(_ name: String, _ value: JSON, depth: Int) -> [(String, String)] {
        switch value {
        case .null: return []
        case .string(let text): return text.isEmpty ? [] : [(name, text)]
        case .number(let text): return [(name, text)]
        case .bool(let bool): return [(name, bool ? "✓" : "–")]
        case .array(let values):
            let texts = values.prefix(20).map { $0.string ?? $0.text }
            return texts.isEmpty ? [] : [(name, texts.joined(separator: "；"))]
        case .object(let members):
            guard depth < 3 else { return [(name, value.text)] }
            return members.flatMap { plain($0.name, $0.value, depth: depth + 1) }
        }
    }

    private var checks: [JSON] {
        (fields["checks"]?.array ?? []).map { check in
            let holds = check["ok"]?.bool == true
            return .object([
                ("name", .string(dress.texts.text("check", check["name"]?.string ?? ""))), ("holds", .bool(holds)),
                ("detail", .optional(check["detail"]?.string)), ("state", mark(holds ? "good" : "bad")),
            ])
        }
    }

    private var signatures: [JSON] {
        (fields["signatures"]?.array ?? []).map { finding in
            let state = finding["state"]?.string ?? "unknown"
            return .object([
                (
                    "state",
                    [
                        "code": .string(state == "valid" ? "good" : state == "invalid" ? "bad" : "unknown"),
                        "label": .string(dress.texts.text("signatureState", state)),
                    ]
                ),
                ("trust", .string(dress.texts.text("trust", finding["trust"]?.string ?? "unknown"))),
                ("reason", .optional(finding["reason"]?.string)),
                ("covers", .string((finding["covers"]?.array ?? []).compactMap(\.string).joined(separator: "、"))),
            ])
        }
    }

    private func mark(_ code: String) -> JSON {
        ["code": .string(code), "label": .string(dress.texts.text("mark", code))]
    }

    private var checkState: JSON {
        let found = fields["checks"]?.array ?? []
        guard !found.isEmpty else { return .null }
        return mark(found.allSatisfy { $0["ok"]?.bool == true } ? "good" : "bad")
    }

    private var signatureState: JSON {
        let states = (fields["signatures"]?.array ?? []).compactMap { $0["state"]?.string }
        guard !states.isEmpty else { return .null }
        let code = states.contains("invalid") ? "bad" : states.allSatisfy { $0 == "valid" } ? "good" : "unknown"
        return ["code": .string(code), "label": .string(dress.texts.text("signatureMark", code))]
    }
}
