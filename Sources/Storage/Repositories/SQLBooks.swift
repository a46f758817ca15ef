import Kernel
import Pipeline

/// The rows of the books themselves.
enum SQLBooks {
    private static let columns = """
        book_id, kind, book_name, tax_id, standard, taxpayer, words, currency, zone_name, kept, settings
        """

    static func find(_ id: String, on connection: any SQLConnection) throws -> Book? {
        try connection.row("SELECT \(columns) FROM books WHERE book_id = $1", [.text(id)]).map(book)
    }

    static func all(on connection: any SQLConnection) throws -> [Book] {
        try connection.rows("SELECT \(columns) FROM books ORDER BY book_id", []).map(book)
    }

    static func versions(of id: String, on connection: any SQLConnection) throws -> BookVersions {
        let row = try connection.row("SELECT versions FROM book_heads WHERE book_id = $1", [.text(id)])
        let versions = try row?.json(0)
        func version(_ name: String) -> Int64 { versions?[name]?.integer.map { Int64($0) } ?? 0 }
        return BookVersions(
            masterData: version(VersionName.masterData), ruleBooks: version(VersionName.ruleBooks),
            periods: version(VersionName.periods)
        )
    }

    static func set(_ book: Book, in context: SQLContext) throws {
        try context.connection.send(
            """
            INSERT INTO books (\(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (book_id) DO UPDATE SET kind = excluded.kind, book_name = excluded.book_name,
            tax_id = excluded.tax_id, standard = excluded.standard, taxpayer = excluded.taxpayer,
            words = excluded.words, currency = excluded.currency, zone_name = excluded.zone_name,
            kept = excluded.kept, settings = excluded.settings
            """,
            [
                .text(book.id.text), .text(book.kind.rawValue), .text(book.name), .filled(book.taxID),
                .text(book.standard), .text(book.taxpayer), .text(book.words), .text(book.currency.code),
                .text(book.zoneName), .text(book.kept.rawValue), .json(book.settings.json),
            ]
        )
        try context.log("book.set", "book:" + book.id.text, json(book))
    }

    static func json(_ book: Book) -> JSON {
        .object([
            ("id", .string(book.id.text)), ("kind", .string(book.kind.rawValue)), ("name", .string(book.name)),
            ("tax_id", .optional(book.taxID)), ("standard", .string(book.standard)),
            ("taxpayer", .string(book.taxpayer)), ("words", .string(book.words)),
            ("currency", .string(book.currency.code)), ("zone", .string(book.zoneName)),
            ("kept", .string(book.kept.rawValue)), ("settings", book.settings.json),
        ])
    }

    private static func book(_ row: SQLRow) throws -> Book {
        Book(
            id: Book.ID(try row.text(0)), kind: try row.named(1), name: try row.text(2), taxID: try row.optionalText(3),
            standard: try row.text(4), taxpayer: try row.text(5), words: try row.text(6), currency: try row.currency(7),
            zoneName: try row.text(8), kept: try row.named(9),
            settings: try row.require(Book.Settings(json: try row.json(10)), 10, "settings of a book")
        )
    }
}
