import Kernel
import Pipeline

extension SQLCases {
    func runs(of id: Case.ID) throws -> [CaseRun] {
        try context.connection.rows(
            """
            SELECT run_no, started_at, ended_at, started_by, reason, step, state, problem, trace FROM case_runs
            WHERE book_id = $1 AND case_id = $2 ORDER BY run_no
            """,
            [context.bookValue, .text(id.text)]
        ).map { row in
            CaseRun(
                number: try row.int(0), startedAt: try row.timestamp(1), endedAt: try row.optionalTime(2),
                startedBy: try row.text(3), reason: try row.optionalText(4) ?? "", step: try row.named(5),
                state: try row.named(6), problem: try row.problem(7), trace: KeptJSON(try row.json(8))
            )
        }
    }

    func receipts(of id: Case.ID) throws -> [ReceiptRecord] {
        try context.connection.rows(
            """
            SELECT receipt_key, receipt_event, body, state, told_at FROM receipts
            WHERE book_id = $1 AND case_id = $2 ORDER BY first_at, receipt_key
            """,
            [context.bookValue, .text(id.text)]
        ).map { row in
            ReceiptRecord(
                key: try row.text(0), event: try row.text(1), text: try row.optionalText(2) ?? "",
                state: try row.named(3), at: try row.timestamp(4)
            )
        }
    }

    func add(_ run: CaseRun, to id: Case.ID) throws {
        try context.connection.send(
            """
            INSERT INTO case_runs (book_id, case_id, run_no, started_at, ended_at, started_by, reason, step, state, problem,
            trace) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                context.bookValue, .text(id.text), .int(run.number), .time(run.startedAt), .time(run.endedAt),
                .text(run.startedBy), .filled(run.reason), .text(run.step.rawValue), .text(run.state.rawValue),
                .json(run.problem?.json), .text(run.trace.text),
            ]
        )
        try log(run, of: id)
    }

    func end(_ run: CaseRun, of id: Case.ID) throws {
        try context.change(
            """
            UPDATE case_runs SET ended_at = $4, step = $5, state = $6, problem = $7, trace = $8
            WHERE book_id = $1 AND case_id = $2 AND run_no = $3
            """,
            [
                context.bookValue, .text(id.text), .int(run.number), .time(run.endedAt), .text(run.step.rawValue),
                .text(run.state.rawValue), .json(run.problem?.json), .text(run.trace.text),
            ],
            what: "run \(run.number) of case \(id)"
        )
        try log(run, of: id)
    }

    /// What is to be told is written with its sentence; what became of it later changes its state alone.
    func record(_ receipt: ReceiptRecord, of id: Case.ID) throws {
        let key: [SQLValue] = [context.bookValue, .text(id.text), .text(receipt.key)]
        let state: [SQLValue] = [.text(receipt.state.rawValue), .time(receipt.at)]
        let isNew = receipt.state == .pending
        if isNew {
            try context.connection.send(
                """
                INSERT INTO receipts (book_id, case_id, receipt_key, state, first_at, told_at, receipt_event, body)
                VALUES ($1, $2, $3, $4, $5, $5, $6, $7) ON CONFLICT (book_id, case_id, receipt_key)
                DO UPDATE SET receipt_event = excluded.receipt_event, body = excluded.body, state = excluded.state,
                told_at = excluded.told_at
                """,
                key + state + [.text(receipt.event), .filled(receipt.text)]
            )
        } else {
            try context.change(
                "UPDATE receipts SET state = $4, told_at = $5 WHERE book_id = $1 AND case_id = $2 AND receipt_key = $3",
                key + state, what: "receipt \(receipt.key)"
            )
        }
        try context.log(
            "receipt.recorded", "case:" + id.text,
            .object([
                ("key", .string(receipt.key)), ("event", .string(receipt.event)),
                ("state", .string(receipt.state.rawValue)),
            ]),
            // The sentence quotes the problem, with the names in it.
            personal: isNew && !receipt.text.isEmpty ? [("text", receipt.text)] : []
        )
    }

    /// A trace is long and may quote the form; the log proves it by its hash.
    private func log(_ run: CaseRun, of id: Case.ID) throws {
        try context.log(
            run.endedAt == nil ? "case.run_started" : "case.run_ended", "case:" + id.text,
            .object([
                ("run", .integer(run.number)), ("started_at", .string(run.startedAt.text)),
                ("started_by", .string(run.startedBy)), ("reason", .string(run.reason)),
                ("step", .string(run.step.rawValue)), ("state", .string(run.state.rawValue)),
                ("problem_code", .optional(run.problem?.code)),
                ("trace_sha256", .string(run.trace.digest.hex)),
            ]),
            personal: [run.problem?.personal].compactMap(\.self)
        )
    }
}
