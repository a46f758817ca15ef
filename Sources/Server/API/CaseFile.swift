import Kernel
import Ledger
import Pipeline

/// One case with all that hangs on it: its approval's other cases, trail, runs, vouchers, evidence, answers to the OA, log.
struct CaseFile: Sendable {
    static let logLimit = 100

    let theCase: Case
    let siblings: [Case]
    let document: JSON
    let runs: [CaseRun]
    let vouchers: [VoucherRecord]
    let evidence: [EvidenceRecord]
    let receipts: [ReceiptRecord]
    let log: [StoredLogEntry]
    /// Whom the document names and the books do not know, when that is why the case is held.
    let unknown: [Parties.Unknown]
    /// What they could be, by dimension.
    let candidates: [MasterItem]
    let settings: Book

    init?(_ id: Case.ID, in records: any Records) throws {
        guard let found = try records.cases.find(id) else { return nil }
        theCase = found
        siblings = try records.cases.cases(of: found.approval).filter { $0.id != id }
        document = try records.cases.document(of: id) ?? .null
        runs = try records.cases.runs(of: id)
        vouchers = try records.vouchers.vouchers(of: id)
        evidence = try records.evidence.evidence(of: id)
        receipts = try records.cases.receipts(of: id)
        log = try records.log.entries(subject: "case:" + id.text, limit: Self.logLimit)
        settings = try records.settings()
        let items = try records.masterData.items()
        if found.problem?.code == "mapping.unknown_party", let parsed = try? Document(json: document) {
            let directory = PartyDirectory(items: items, mappings: try records.masterData.mappings())
            unknown = Parties(of: parsed, in: directory).unknown
            let dimensions = Set(unknown.map(\.dimension))
            candidates = items.filter { $0.isActive && dimensions.contains($0.dimension) }
        } else {
            unknown = []
            candidates = []
        }
    }

    var answer: JSON {
        theCase.answer
            .setting("approval", theCase.approval.answer)
            .setting("trail", document["trail"] ?? .array([]))
            .setting("document", document)
            .setting("runs", .array(runs.map(\.answer)))
            .setting("vouchers", .array(vouchers.map(\.answer)))
            .setting("evidence", .array(evidence.map(\.answer)))
            .setting("write_backs", .array(receipts.map(\.answer)))
            .setting("related", .array(siblings.map(\.answer)))
            .setting("log", .array(log.map(\.answer)))
    }
}
