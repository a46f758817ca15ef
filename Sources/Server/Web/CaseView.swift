import Access
import Kernel
import Ledger
import Pipeline

/// One case as its page shows it (单据详情).
struct CaseView {
    let file: CaseFile
    let dress: Dress
    let visitor: Visitor
    let book: Book.ID

    private var theCase: Case { file.theCase }

    var json: JSON {
        .object([
            ("case", dress.row(theCase)), ("outcome", .string(dress.texts.text("outcome", theCase.outcome.rawValue))),
            ("revision", .integer(theCase.revision)), ("run", .integer(theCase.run)),
            ("approval", theCase.approval.answer), ("oaLink", oaLink), ("way", dress.way(of: theCase)),
            ("problem", dress.problem(theCase.problem)), ("note", dress.phrase(theCase.note)),
            ("unknown", .array(unknown)), ("canRetry", .bool(canRetry)), ("canEnd", .bool(canEnd)),
            ("retryReason", retryReason),
            ("trail", .array(trail)), ("items", .array(items)), ("facts", .array(facts)),
            ("vouchers", .array(file.vouchers.map(dress.row))),
            ("evidence", .array(file.evidence.map { EvidenceView(record: $0, dress: dress).row })),
            ("runs", .array(file.runs.reversed().map(run))), ("receipts", .array(file.receipts.map(receipt))),
            ("related", .array(file.siblings.map { dress.row($0).setting("revision", .integer($0.revision)) })),
            ("log", .array(file.log.map { LogView.row($0, dress) })),
        ])
    }

    private var canRetry: Bool { !theCase.state.isEnded && visitor.may(.caseRetry, in: book) }

    private var canEnd: Bool {
        let decides = visitor.may(.voucherEdit, in: book) || visitor.may(.voucherApprove, in: book)
        return theCase.state == .held && decides && visitor.may(.caseFix, in: book)
    }

    private var retryReason: JSON {
        if theCase.state.isEnded { return .string(dress.texts.text("refused", "ended")) }
        return visitor.may(.caseRetry, in: book) ? .null : .string(dress.texts.text("refused", "right"))
    }

    /// Only a web address is a link; whatever else an OA sends stays text.
    private var oaLink: JSON {
        let text = file.document["source"]?["url"]?.string ?? ""
        return text.hasPrefix("https://") ? .string(text) : .null
    }

    private var unknown: [JSON] {
        let mayMap = visitor.may(.mappingEdit, in: book)
        let mayCreate = mayMap && visitor.may(.masterdataEdit, in: book)
        return file.unknown.map { party in
            let candidates = file.candidates.filter { $0.dimension == party.dimension }.map { item in
                JSON.object([
                    ("code", .string(item.code)), ("name", .string(item.name)),
                    ("likely", .bool(item.name == party.name)),
                ])
            }
            return .object([
                ("dimension", .string(party.dimension)), ("vendorID", .string(party.vendorID)),
                ("name", .string(party.name)), ("path", .string(party.path)),
                ("connector", .string(theCase.approval.connector)), ("candidates", .array(candidates)),
                ("hasCandidates", .bool(!candidates.isEmpty)), ("mayMap", .bool(mayMap)),
                ("mayCreate", .bool(mayCreate)), ("attributes", MasterView.attributes(of: party.dimension, [:], dress)),
            ])
        }
    }

    private var trail: [JSON] {
        (file.document["trail"]?.array ?? []).map { node in
            let action = node["action"]?.string
            return .object([
                ("node", .optional(node["node"]?.string)), ("who", .optional(node["person"]?["name"]?.string)),
                ("action", action.map { .string(dress.texts.text("action", $0)) } ?? .null),
                ("comment", .optional(node["comment"]?.string)),
                ("at", .string(dress.time(node["left_at"]?.string ?? node["entered_at"]?.string))),
            ])
        }
    }

    private var items: [JSON] {
        (file.document["items"]?.array ?? []).map { item in
            let parties = ["department", "project", "supplier", "customer", "traveller"].compactMap {
                item[$0]?["name"]?.string
            }
            return .object([
                ("number", .optional(item["no"]?.integer.map { String($0) })),
                ("category", .optional(item["category"]?.string ?? item["kind"]?.string)),
                ("description", .optional(item["description"]?.string)), ("date", .optional(item["date"]?.string)),
                ("parties", .string(parties.joined(separator: " · "))),
                ("net", amount(item["net"])), ("tax", amount(item["tax"])),
                ("gross", amount(item["gross"] ?? item["amount"])),
            ])
        }
    }

    /// What else the document says, as name and value.
    private var facts: [JSON] {
        let document = file.document
        let pairs: [(String, String?)] = [
            ("reason", document["reason"]?.string), ("company", document["company"]?["name"]?.string),
            ("department", document["department"]?["name"]?.string),
            ("applicant", document["applicant"]?["name"]?.string), ("payee", document["payee"]?["name"]?.string),
            ("bankAccount", document["payment"]?["bank_account"]?["name"]?.string),
            ("payment", document["payment"]?["amount"]?.string.map { Dress.grouped($0) }),
            ("advance", document["advance"]?["number"]?.string),
            ("submitted", document["submitted_at"]?.string.map { dress.time($0) }),
            ("approved", document["approved_at"]?.string.map { dress.time($0) }),
            ("received", dress.time(theCase.receivedAt)),
        ]
        let named = pairs.compactMap { name, value -> JSON? in
            guard let value, !value.isEmpty else { return nil }
            return ["label": .string(dress.texts.text("fact", name)), "value": .string(value)]
        }
        let own = (document["fields"]?.members ?? []).compactMap { member -> JSON? in
            guard let text = member.value.string, !text.isEmpty else { return nil }
            return ["label": .string(member.name), "value": .string(text)]
        }
        return named + own
    }

    private func amount(_ value: JSON?) -> JSON { .optional(value?.string.map { Dress.grouped($0) }) }

    private func run(_ run: CaseRun) -> JSON {
        .object([
            ("number", .integer(run.number)), ("started", .string(dress.time(run.startedAt))),
            ("by", .string(run.startedBy)), ("reason", .string(run.reason)), ("step", .string(dress.step(run.step))),
            ("state", dress.state(run.state)), ("problem", dress.problem(run.problem)),
            ("trace", TraceView(run.trace.value, dress).json),
        ])
    }

    private func receipt(_ receipt: ReceiptRecord) -> JSON {
        .object([
            ("event", .string(dress.texts.text("event", receipt.event))), ("text", .string(receipt.text)),
            (
                "state",
                [
                    "code": .string(receipt.state.rawValue),
                    "label": .string(dress.texts.text("receipt", receipt.state.rawValue)),
                ]
            ),
            ("at", .string(dress.time(receipt.at))),
        ])
    }
}

/// Why the rules answered as they did, as people read it (判断过程).
struct TraceView {
    private let trace: JSON
    private let dress: Dress

    init(_ trace: JSON, _ dress: Dress) {
        self.trace = trace
        self.dress = dress
    }

    var json: JSON {
        guard trace.members != nil else { return .null }
        let reasons = trace["reasons"] ?? trace
        let tables = (reasons["tables"]?.array ?? []).filter { $0["rows"]?.array?.isEmpty == false }
        return .object([
            ("ruleBook", .optional(trace["rule_book"]?.string)),
            ("checks", .array((reasons["checks"]?.array ?? []).filter { $0["holds"]?.bool == false }.map(trial))),
            ("rules", .array((reasons["rules"]?.array ?? []).map(trial))), ("tables", .array(tables.map(table))),
        ])
    }

    private func trial(_ trial: JSON) -> JSON {
        let holds = trial["holds"]?.bool == true
        let failed = trial["first_failed"].flatMap { $0.isNull ? nil : [$0] }
        let shown = holds ? trial["conditions"]?.array ?? [] : failed ?? trial["conditions"]?.array ?? []
        return .object([
            ("name", .optional(trial["name"]?.string)), ("holds", .bool(holds)),
            ("conditions", .array(shown.map(Self.condition))),
        ])
    }

    static func condition(_ finding: JSON) -> JSON {
        let values = (finding["values"]?.members ?? []).map { "\($0.name) = \($0.value.string ?? $0.value.text)" }
        return .object([
            ("text", .optional(finding["condition"]?.string)), ("holds", .bool(finding["holds"]?.bool == true)),
            ("values", .string(values.joined(separator: "，"))),
        ])
    }

    private func table(_ hit: JSON) -> JSON {
        let inputs = (hit["inputs"]?.members ?? []).map { "\($0.name) = \($0.value.string ?? $0.value.text)" }
        let rows = (hit["rows"]?.array ?? []).map { "#" + $0.text }.joined(separator: " ")
        return .object([
            ("name", .optional(hit["table"]?.string)), ("rows", .string(rows)),
            ("inputs", .string(inputs.joined(separator: "，"))),
            ("result", .optional(hit["result"].map { $0.string ?? $0.text })),
        ])
    }
}
