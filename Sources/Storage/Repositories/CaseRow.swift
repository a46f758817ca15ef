import Kernel
import Pipeline

/// How a case is written to its row, and read back.
enum CaseRow {
    static let columns = """
        case_id, connector_id, tenant, instance, revision, outcome, kind, case_number, title, applicant, total_text, currency, \
        state, step, run_no, problem, note, delivery_digest, received_at, changed_at, version
        """

    static func read(_ row: SQLRow) throws -> Case {
        Case(
            id: Case.ID(try row.text(0)),
            approval: Case.Approval(connector: try row.text(1), tenant: try row.text(2), instance: try row.text(3)),
            revision: try row.int(4), outcome: try row.named(5), kind: try row.optionalText(6),
            number: try row.optionalText(7), title: try row.optionalText(8) ?? "", applicant: try row.optionalText(9),
            total: try row.optionalText(10), currency: try row.optionalText(11), state: try row.named(12),
            step: try row.named(13), run: try row.int(14), problem: try row.problem(15),
            note: try row.optionalJSON(16).map { try row.require(Phrase(json: $0), 16, "a phrase") },
            deliveryDigest: try row.digest(17), receivedAt: try row.timestamp(18), changedAt: try row.timestamp(19),
            version: try row.integer(20)
        )
    }

    /// The columns that may change, in the order of the UPDATE below.
    static func changing(_ item: Case) -> [SQLValue] {
        [
            .filled(item.kind), .filled(item.number), .filled(item.title), .filled(item.applicant),
            .filled(item.total), .filled(item.currency), .text(item.state.rawValue), .flag(item.state.isEnded),
            .text(item.step.rawValue), .int(item.run), .optional(item.problem?.code), .json(item.problem?.json),
            .json(item.note?.json), .text(SearchText.folded([item.number, item.title, item.applicant])),
            .time(item.changedAt), .integer(item.version),
        ]
    }

    static let insert = """
        INSERT INTO cases (book_id, case_id, kind, case_number, title, applicant, total_text, currency, state, is_ended,
        step, run_no, problem_code, problem, note, search_text, changed_at, version, connector_id, tenant, instance,
        revision, outcome, delivery_key, delivery_digest, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26)
        """

    static let update = """
        UPDATE cases SET kind = $3, case_number = $4, title = $5, applicant = $6, total_text = $7, currency = $8,
        state = $9, is_ended = $10, step = $11, run_no = $12, problem_code = $13, problem = $14, note = $15,
        search_text = $16, changed_at = $17, version = $18
        WHERE book_id = $1 AND case_id = $2 AND version = $19
        """

    /// What never changes of a case: where it came from.
    static func origin(_ item: Case, delivery: String) -> JSON {
        .object([
            ("connector", .string(item.approval.connector)), ("tenant", .string(item.approval.tenant)),
            ("instance", .string(item.approval.instance)), ("revision", .integer(item.revision)),
            ("outcome", .string(item.outcome.rawValue)), ("delivery", .string(delivery)),
            ("delivery_sha256", .string(item.deliveryDigest.hex)), ("received_at", .string(item.receivedAt.text)),
        ])
    }

    /// What the log says of a case. Title, applicant and problem name persons; they stand beside it as personal values.
    static func json(_ item: Case) -> JSON {
        .object([
            ("kind", .optional(item.kind)), ("number", .optional(item.number)), ("total", .optional(item.total)),
            ("currency", .optional(item.currency)),
            ("state", .string(item.state.rawValue)), ("step", .string(item.step.rawValue)), ("run", .integer(item.run)),
            ("problem_code", .optional(item.problem?.code)), ("note", item.note?.json ?? .null),
            ("version", .integer(item.version)),
        ])
    }
}

extension CaseRow {
    /// What people read of a case, and a person's erasure takes away.
    static func names(_ item: Case) -> [(name: String, value: String?)] {
        [("title", item.title.isEmpty ? nil : item.title), ("applicant", item.applicant)]
    }

    static func namesJSON(_ item: Case) -> JSON { .object(names(item).map { ($0.name, .optional($0.value)) }) }
}

extension Problem {
    /// A problem quotes the form and may name whoever is unknown: the log holds its hash, the value beside it is erasable.
    var personal: (name: String, value: String?) { ("problem", json.text) }
}

/// How many cases of a book stand where: the changes of one unit, written together at its end.
struct CaseCountChanges {
    struct Place: Hashable, Comparable {
        let step: Step
        let state: Case.State

        static func < (left: Place, right: Place) -> Bool {
            (left.step.rawValue, left.state.rawValue) < (right.step.rawValue, right.state.rawValue)
        }
    }

    private static let upsert = RowInsert(
        into: "case_counts", ["book_id", "step", "state", "case_count", "first_at"],
        conflict: """
            ON CONFLICT (book_id, step, state) DO UPDATE SET case_count = case_counts.case_count + excluded.case_count
            """
    )

    private var changes: [Place: (count: Int64, at: Timestamp)] = [:]

    mutating func move(from old: Case?, to new: Case) {
        if let old { add(-1, old) }
        add(1, new)
    }

    private mutating func add(_ count: Int64, _ item: Case) {
        changes[Place(step: item.step, state: item.state), default: (0, item.changedAt)].count += count
    }

    mutating func write(on context: SQLContext) throws {
        let rows = changes.filter { $0.value.count != 0 }.sorted { $0.key < $1.key }.map {
            place, change -> [SQLValue] in
            [
                context.bookValue, .text(place.step.rawValue), .text(place.state.rawValue), .integer(change.count),
                .time(change.at),
            ]
        }
        changes = [:]
        try Self.upsert.send(rows, on: context.connection)
    }
}
