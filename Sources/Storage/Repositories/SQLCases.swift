import Kernel
import Pipeline

/// The cases of a book.
struct SQLCases: CaseRepository {
    let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func find(_ id: Case.ID) throws -> Case? {
        try cases("WHERE book_id = $1 AND case_id = $2", [context.bookValue, .text(id.text)]).first
    }

    func cases(of approval: Case.Approval) throws -> [Case] {
        try cases(
            """
            WHERE book_id = $1 AND connector_id = $2 AND tenant = $3 AND instance = $4 ORDER BY revision, received_at, case_id
            """,
            [context.bookValue, .text(approval.connector), .text(approval.tenant), .text(approval.instance)]
        )
    }

    func document(of id: Case.ID) throws -> JSON? {
        try context.connection.row(
            "SELECT body FROM case_documents WHERE book_id = $1 AND case_id = $2",
            [context.bookValue, .text(id.text)]
        ).map { try $0.json(0) }
    }

    func delivery(of id: Case.ID) throws -> String? {
        try context.connection.row(
            "SELECT delivery_key FROM cases WHERE book_id = $1 AND case_id = $2", [context.bookValue, .text(id.text)]
        )?.optionalText(0)
    }

    func documents(kind: String, numbers: [String]) throws -> [CitedDocument] {
        let answers = try context.connection.rows(
            """
            SELECT c.case_id, c.case_number, d.body, c.version FROM cases c
            JOIN case_documents d ON d.book_id = c.book_id AND d.case_id = c.case_id
            WHERE c.book_id = $1 AND c.case_number = $2 AND c.kind = $3 AND c.state NOT IN ('superseded', 'conflict')
            AND c.outcome NOT IN ('withdrawn', 'voided')
            AND NOT EXISTS (
                SELECT 1 FROM cases later WHERE later.book_id = c.book_id AND later.connector_id = c.connector_id
                AND later.tenant = c.tenant AND later.instance = c.instance AND later.revision > c.revision
                AND later.state <> 'conflict'
            )
            ORDER BY c.case_id
            """,
            each: Array(Set(numbers)).sorted().map { [context.bookValue, .text($0), .text(kind)] }
        )
        return try answers.flatMap { $0 }.map {
            CitedDocument(
                caseID: Case.ID(try $0.text(0)), version: try $0.integer(3), number: try $0.text(1),
                document: try $0.json(2)
            )
        }
    }

    func held(withCodes codes: [String], limit: Int) throws -> [Case] {
        let answers = try context.connection.rows(
            """
            SELECT \(CaseRow.columns) FROM cases
            WHERE book_id = $1 AND problem_code = $2 AND is_ended = 0 AND state = 'held'
            ORDER BY received_at, case_id LIMIT $3
            """,
            each: Array(Set(codes)).sorted().map { [context.bookValue, .text($0), .int(limit)] }
        )
        let cases = try answers.flatMap { $0 }.map(CaseRow.read)
        return Array(cases.sorted { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }.prefix(limit))
    }

    func add(_ new: Case, document: KeptJSON, delivery: String) throws -> Case? {
        let count = try context.connection.execute(
            """
            INSERT INTO case_keys (book_id, connector_id, tenant, instance, revision, case_id)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (book_id, connector_id, tenant, instance, revision) DO NOTHING
            """,
            [
                context.bookValue, .text(new.approval.connector), .text(new.approval.tenant),
                .text(new.approval.instance), .int(new.revision), .text(new.id.text),
            ]
        )
        guard count == 1 else { return nil }
        try insert(new, document: document, delivery: delivery)
        return new
    }

    func addConflict(_ new: Case, document: KeptJSON, delivery: String) throws {
        try insert(new, document: document, delivery: delivery)
    }

    func update(_ changed: Case, from version: Int64) throws {
        let old: Case?
        if let seen = context.seenCases[changed.id], seen.version == version {
            old = seen
        } else {
            old = try find(changed.id)
        }
        guard let old, old.version == version else { throw PreparedOnOldState("case \(changed.id)") }
        try context.change(
            CaseRow.update,
            [context.bookValue, .text(changed.id.text)] + CaseRow.changing(changed) + [.integer(version)],
            what: "case \(changed.id)"
        )
        context.caseCounts.move(from: old, to: changed)
        context.seenCases[changed.id] = changed
        let isRenamed = old.title != changed.title || old.applicant != changed.applicant
        try context.log(
            "case.changed", "case:" + changed.id.text, CaseRow.json(changed),
            personal: (isRenamed ? CaseRow.names(changed) : []) + [changed.problem?.personal].compactMap(\.self)
        )
    }

    func setDocument(_ document: KeptJSON, of id: Case.ID) throws {
        try context.connection.send(
            """
            INSERT INTO case_documents (book_id, case_id, body) VALUES ($1, $2, $3)
            ON CONFLICT (book_id, case_id) DO UPDATE SET body = excluded.body
            """,
            [context.bookValue, .text(id.text), .text(document.text)]
        )
        try context.log(
            "case.document_set", "case:" + id.text,
            .object([("document_sha256", .string(document.digest.hex))])
        )
    }

    private func insert(_ new: Case, document: KeptJSON, delivery: String) throws {
        try context.connection.send(
            CaseRow.insert,
            [context.bookValue, .text(new.id.text)] + CaseRow.changing(new) + [
                .text(new.approval.connector), .text(new.approval.tenant), .text(new.approval.instance),
                .int(new.revision), .text(new.outcome.rawValue), .filled(delivery), .digest(new.deliveryDigest),
                .time(new.receivedAt),
            ]
        )
        try context.connection.send(
            "INSERT INTO case_documents (book_id, case_id, body) VALUES ($1, $2, $3)",
            [context.bookValue, .text(new.id.text), .text(document.text)]
        )
        context.caseCounts.move(from: nil, to: new)
        context.seenCases[new.id] = new
        let body = CaseRow.origin(new, delivery: delivery)
            .setting("document_sha256", .string(document.digest.hex))
            .setting("case", CaseRow.json(new))
        try context.log(
            "case.added", "case:" + new.id.text, body,
            personal: CaseRow.names(new) + [new.problem?.personal].compactMap(\.self)
        )
    }

    private func cases(_ condition: String, _ arguments: [SQLValue]) throws -> [Case] {
        let cases = try context.connection.rows("SELECT \(CaseRow.columns) FROM cases " + condition, arguments)
            .map(CaseRow.read)
        for item in cases { context.seenCases[item.id] = item }
        return cases
    }
}
