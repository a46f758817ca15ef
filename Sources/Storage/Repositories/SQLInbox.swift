import Kernel
import Pipeline

/// The deliveries of one connector's inbox.
struct SQLInbox: InboxRepository {
    private static let columns = """
        k.connector_id, k.delivery_key, k.digest, b.payload, k.state, k.received_at, k.attempts, k.problem, k.case_book,
        k.case_id
        """
    private static let tables = """
        inbox_keys k LEFT JOIN inbox_bodies b
        ON b.book_id = k.book_id AND b.received_month = k.received_month AND b.delivery_key = k.delivery_key
        """

    let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func delivery(_ key: String) throws -> Delivery? {
        try context.connection.row(
            "SELECT \(Self.columns) FROM \(Self.tables) WHERE k.book_id = $1 AND k.delivery_key = $2",
            [context.bookValue, .text(key)]
        ).map(delivery)
    }

    func page(limit: Int, cursor: String?) throws -> Page<Delivery> {
        let limit = min(max(limit, 1), 200)
        let start = PageCursor(cursor)
        let rows = try context.connection.rows(
            """
            SELECT \(Self.columns) FROM \(Self.tables)
            WHERE k.book_id = $1 AND (k.received_at, k.delivery_key) < ($2, $3)
            ORDER BY k.received_at DESC, k.delivery_key DESC LIMIT $4
            """,
            [
                context.bookValue, .integer(start?.integer(0) ?? .max), .text(start?.string(1) ?? ""),
                .int(limit + 1),
            ]
        )
        let items = try rows.prefix(limit).map(delivery)
        guard rows.count > limit, let last = items.last else { return Page(items: items, next: nil) }
        let next = PageCursor([.integer(last.receivedAt.microseconds), .string(last.key)])
        return Page(items: items, next: next.text)
    }

    func held(limit: Int) throws -> [String] {
        try context.connection.rows(
            """
            SELECT delivery_key FROM inbox_keys WHERE book_id = $1 AND state = 'held'
            ORDER BY received_at, delivery_key LIMIT $2
            """,
            [context.bookValue, .int(limit)]
        ).map { try $0.text(0) }
    }

    func add(_ delivery: Delivery) throws -> AddedDelivery {
        if try insert(delivery, key: delivery.key, state: delivery.state) { return .new }
        let known = try context.connection.row(
            "SELECT digest FROM inbox_keys WHERE book_id = $1 AND delivery_key = $2",
            [context.bookValue, .text(delivery.key)]
        )
        guard try known?.digest(0) != delivery.digest else { return .repeated }
        // The same other bytes once more are kept once.
        _ = try insert(delivery, key: delivery.key + "#" + delivery.digest.hex.prefix(16), state: .conflict)
        return .conflict
    }

    func settle(
        _ key: String, state: Delivery.State, problem: Problem?, caseBook: Book.ID?, caseID: Case.ID?
    ) throws {
        try context.change(
            """
            UPDATE inbox_keys SET state = $3, problem = $4, case_book = $5, case_id = $6, attempts = attempts + 1
            WHERE book_id = $1 AND delivery_key = $2
            """,
            [
                context.bookValue, .text(key), .text(state.rawValue), .json(problem?.json), .filled(caseBook?.text),
                .filled(caseID?.text),
            ],
            what: "delivery \(key)"
        )
        try context.log(
            "delivery.settled", "delivery:" + key,
            .object([
                ("state", .string(state.rawValue)), ("problem_code", .optional(problem?.code)),
                ("book", .optional(caseBook?.text)), ("case", .optional(caseID?.text)),
            ]),
            personal: [problem?.personal].compactMap(\.self)
        )
    }

    private func insert(_ delivery: Delivery, key: String, state: Delivery.State) throws -> Bool {
        let month = SQLValue.integer(Zone.utc.day(of: delivery.receivedAt).period.yearMonth)
        let count = try context.connection.execute(
            """
            INSERT INTO inbox_keys (book_id, connector_id, delivery_key, digest, received_month, received_at, state,
            attempts, problem, case_book, case_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (book_id, delivery_key) DO NOTHING
            """,
            [
                context.bookValue, .text(delivery.connector), .text(key), .digest(delivery.digest), month,
                .time(delivery.receivedAt), .text(state.rawValue), .int(delivery.attempts),
                .json(delivery.problem?.json), .filled(delivery.caseBook?.text), .filled(delivery.caseID?.text),
            ]
        )
        guard count == 1 else { return false }
        try context.connection.send(
            "INSERT INTO inbox_bodies (book_id, received_month, delivery_key, payload) VALUES ($1, $2, $3, $4)",
            [context.bookValue, month, .text(key), .bytes(delivery.payload)]
        )
        try context.log(
            "delivery.received", "delivery:" + key,
            .object([
                ("connector", .string(delivery.connector)), ("sha256", .string(delivery.digest.hex)),
                ("bytes", .integer(delivery.payload.count)), ("state", .string(state.rawValue)),
            ])
        )
        return true
    }

    /// The bytes of an old delivery may be gone; its key stays.
    private func delivery(_ row: SQLRow) throws -> Delivery {
        Delivery(
            connector: try row.text(0), key: try row.text(1), digest: try row.digest(2),
            payload: try row.optionalBytes(3) ?? [], state: try row.named(4), receivedAt: try row.timestamp(5),
            attempts: try row.int(6), problem: try row.problem(7),
            caseBook: try row.optionalText(8).map { Book.ID($0) }, caseID: try row.optionalText(9).map { Case.ID($0) }
        )
    }
}
