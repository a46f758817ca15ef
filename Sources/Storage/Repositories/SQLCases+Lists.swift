import Kernel
import Pipeline

extension SQLCases {
    /// Newest first. Each state has its own part of the index; the parts are merged here, so that a rare state is found
    /// as fast as a common one.
    func page(_ query: CaseQuery) throws -> Page<Case> {
        let states = query.states.isEmpty ? Case.State.allCases : query.states
        let start = PageCursor(query.cursor)
        var conditions = ""
        var arguments: [SQLValue] = []
        func add(_ condition: (String) -> String, _ value: SQLValue) {
            arguments.append(value)
            conditions += " AND " + condition("$\(arguments.count + 5)")
        }
        if let step = query.step { add({ "step = \($0)" }, .text(step.rawValue)) }
        if let kind = query.kind { add({ "kind = \($0)" }, .text(kind)) }
        if let code = query.problemCode { add({ "problem_code = \($0)" }, .text(code)) }
        if let text = query.text, !text.isEmpty {
            add({ "search_text LIKE \($0) ESCAPE '!'" }, .text(SearchText.pattern(text)))
        }
        let answers = try context.connection.rows(
            """
            SELECT \(CaseRow.columns) FROM cases
            WHERE book_id = $1 AND state = $2 AND (received_at, case_id) < ($3, $4)\(conditions)
            ORDER BY received_at DESC, case_id DESC LIMIT $5
            """,
            each: Array(Set(states)).map { state in
                [
                    context.bookValue, .text(state.rawValue), .integer(start?.integer(0) ?? .max),
                    .text(start?.string(1) ?? ""), .int(query.limit + 1),
                ] + arguments
            }
        )
        let found = try answers.flatMap { $0 }.map(CaseRow.read)
            .sorted { ($0.receivedAt, $0.id) > ($1.receivedAt, $1.id) }
        let items = Array(found.prefix(query.limit))
        guard found.count > query.limit, let last = items.last else { return Page(items: items, next: nil) }
        let next = PageCursor([.integer(last.receivedAt.microseconds), .string(last.id.text)])
        return Page(items: items, next: next.text)
    }

    func counts() throws -> [CaseCount] {
        try context.flush()
        let rows = try context.connection.rows(
            """
            SELECT step, state, case_count, first_at FROM case_counts
            WHERE book_id = $1 AND case_count > 0 ORDER BY step, state
            """,
            [context.bookValue]
        )
        let oldest = try context.connection.rows(
            """
            SELECT min(changed_at) FROM cases WHERE book_id = $1 AND state = $2 AND step = $3 AND is_ended = 0
            """,
            each: rows.map { [context.bookValue, .text(try $0.text(1)), .text(try $0.text(0))] }
        )
        return try zip(rows, oldest).map { row, oldest in
            CaseCount(
                step: try row.named(0), state: try row.named(1), count: try row.int(2),
                oldest: try oldest.first?.optionalTime(0) ?? row.timestamp(3)
            )
        }
    }
}
