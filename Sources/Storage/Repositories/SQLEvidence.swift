import Cryptography
import Kernel
import Pipeline

/// Electronic vouchers of a book; the register of invoices is in `InvoiceRegister`.
struct SQLEvidence: EvidenceRepository {
    private static let columns = """
        evidence_id, case_id, file_name, digest, media_type, byte_count, kind, evidence_number, register_key, fields,
        rule_fields, added_at
        """

    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func evidence(of caseID: Case.ID) throws -> [EvidenceRecord] {
        try context.connection.rows(
            "SELECT \(Self.columns) FROM evidence WHERE book_id = $1 AND case_id = $2 ORDER BY added_at, evidence_id",
            [context.bookValue, .text(caseID.text)]
        ).map(record)
    }

    func find(_ id: String) throws -> EvidenceRecord? {
        try context.connection.row(
            "SELECT \(Self.columns) FROM evidence WHERE book_id = $1 AND evidence_id = $2",
            [context.bookValue, .text(id)]
        ).map(record)
    }

    func page(text: String?, limit: Int, cursor: String?) throws -> Page<EvidenceRecord> {
        let limit = min(max(limit, 1), 200)
        let start = PageCursor(cursor)
        let rows = try context.connection.rows(
            """
            SELECT \(Self.columns) FROM evidence
            WHERE book_id = $1 AND (added_at, evidence_id) < ($2, $3) AND search_text LIKE $4 ESCAPE '!'
            ORDER BY added_at DESC, evidence_id DESC LIMIT $5
            """,
            [
                context.bookValue, .integer(start?.integer(0) ?? .max), .text(start?.string(1) ?? ""),
                .text(SearchText.pattern(text ?? "")), .int(limit + 1),
            ]
        )
        let items = try rows.prefix(limit).map(record)
        guard rows.count > limit, let last = items.last else { return Page(items: items, next: nil) }
        return Page(items: items, next: PageCursor([.integer(last.addedAt.microseconds), .string(last.id)]).text)
    }

    func uses(of registerKeys: [String]) throws -> [InvoiceUse] {
        try InvoiceRegister(context).uses(of: registerKeys)
    }

    func add(_ record: EvidenceRecord) throws {
        let count = try context.connection.execute(
            """
            INSERT INTO evidence (book_id, \(Self.columns), search_text)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (book_id, evidence_id) DO NOTHING
            """,
            [
                context.bookValue, .text(record.id), .text(record.caseID.text), .text(record.fileName),
                .digest(record.digest), .text(record.mediaType), .int(record.size), .filled(record.kind),
                .filled(record.number), .filled(record.registerKey), .json(record.fields), .json(record.ruleFields),
                .time(record.addedAt), .text(SearchText.folded([record.number, record.fileName])),
            ]
        )
        guard count == 1 else { return }
        // The fields may name persons: the log proves them by their hash and does not carry them.
        try context.log(
            "evidence.added", "case:" + record.caseID.text, Self.json(record),
            personal: [("file_name", record.fileName)]
        )
    }

    static func json(_ record: EvidenceRecord) -> JSON {
        .object([
            ("id", .string(record.id)), ("sha256", .string(record.digest.hex)), ("bytes", .integer(record.size)),
            ("media_type", .string(record.mediaType)), ("kind", .optional(record.kind)),
            ("number", .optional(record.number)), ("register_key", .optional(record.registerKey)),
            ("fields_sha256", .string(sha256(record.fields.canonical).hex)),
            ("rule_fields_sha256", .optional(record.ruleFields.map { sha256($0.canonical).hex })),
        ])
    }

    /// Every record of the book, for its verification.
    func all() throws -> [EvidenceRecord] {
        try context.connection.rows(
            "SELECT \(Self.columns) FROM evidence WHERE book_id = $1 ORDER BY evidence_id", [context.bookValue]
        ).map(record)
    }

    func use(_ use: InvoiceUse, total: Int64?) throws {
        let register = InvoiceRegister(context)
        switch use.role {
        case .cite: try register.cite(use)
        case .recognise: try register.recognise(use, total: total)
        }
    }

    func free(caseID: Case.ID) throws {
        try InvoiceRegister(context).free(caseID)
    }

    private func record(_ row: SQLRow) throws -> EvidenceRecord {
        EvidenceRecord(
            id: try row.text(0), caseID: Case.ID(try row.text(1)), fileName: try row.text(2), digest: try row.digest(3),
            mediaType: try row.text(4), size: try row.int(5), kind: try row.optionalText(6),
            number: try row.optionalText(7), registerKey: try row.optionalText(8), fields: try row.json(9),
            ruleFields: try row.optionalJSON(10), addedAt: try row.timestamp(11)
        )
    }
}
