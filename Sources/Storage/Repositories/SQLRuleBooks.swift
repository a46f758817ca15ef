import Kernel
import Pipeline

/// Rule books of a book, as text with versions. A published text never changes; its state may.
struct SQLRuleBooks: RuleBookRepository {
    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func published() throws -> [RuleBookText] {
        try versions().filter { $0.state == .published }
    }

    func versions() throws -> [RuleBookText] {
        try context.connection.rows(
            """
            SELECT rule_book, version, effective_from, body, state, author, publisher FROM rule_books
            WHERE book_id = $1 ORDER BY rule_book, version
            """,
            [context.bookValue]
        ).map { row in
            RuleBookText(
                name: try row.text(0), version: try row.int(1), effectiveFrom: try row.day(2), text: try row.text(3),
                state: try row.named(4), author: try row.text(5), publisher: try row.optionalText(6)
            )
        }
    }

    func add(_ text: RuleBookText) throws {
        try context.change(
            """
            INSERT INTO rule_books (book_id, rule_book, version, effective_from, body, state, author, publisher)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (book_id, rule_book, version)
            DO UPDATE SET effective_from = excluded.effective_from, body = excluded.body, state = excluded.state,
            author = excluded.author, publisher = excluded.publisher
            WHERE rule_books.state = 'draft'
            OR (rule_books.body = excluded.body AND rule_books.effective_from = excluded.effective_from)
            """,
            [
                context.bookValue, .text(text.name), .int(text.version), .text(text.effectiveFrom.text),
                .text(text.text), .text(text.state.rawValue), .text(text.author), .filled(text.publisher),
            ],
            what: "rule book \(text.name) version \(text.version)"
        )
        try context.log(
            "rule_book.added", "rule_book:\(text.name)@\(text.version)",
            Self.json(text)
        )
        try context.unit().raiseVersion(of: VersionName.ruleBooks)
    }

    static func json(_ text: RuleBookText) -> JSON {
        .object([
            ("effective_from", .string(text.effectiveFrom.text)), ("text", .string(text.text)),
            ("state", .string(text.state.rawValue)), ("author", .string(text.author)),
            ("publisher", .optional(text.publisher)),
        ])
    }
}
