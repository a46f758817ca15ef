package import Access
import Kernel

/// What a book's head row says, held while its row is locked: where the log stands, and the book's counters.
package struct BookHead: Hashable, Sendable {
    package let book: String
    package internal(set) var log: MerkleFrontier
    /// The versions of what units read and re-check, such as the rule book or the mapping.
    package internal(set) var versions: [String: Int64]
    /// The counters used in this batch.
    var counters: [String: Int64] = [:]
    var changedCounters: Set<String> = []
    var isChanged = false

    init(book: String, log: MerkleFrontier = MerkleFrontier(), versions: [String: Int64] = [:]) {
        self.book = book
        self.log = log
        self.versions = versions
    }

    package func version(of name: String) -> Int64 { versions[name] ?? 0 }
}

/// The head rows of the books of one batch.
struct BookHeads {
    private var heads: [String: BookHead] = [:]

    subscript(book: String) -> BookHead {
        get { heads[book] ?? BookHead(book: book) }
        set { heads[book] = newValue }
    }

    /// Locks the rows in the order of their ids, so that two nodes cannot wait for each other; makes those that are missing.
    init(locking books: [String], on connection: any WriterConnection) throws(StoreError) {
        let sql =
            "SELECT log_size, frontier, versions FROM book_heads WHERE book_id = $1" + connection.dialect.forUpdate
        let books = Set(books).sorted()
        var missing: [String] = []
        let answers = try connection.rows(sql, each: books.map { [.text($0)] })
        for (book, rows) in zip(books, answers) {
            if let row = rows.first {
                heads[book] = try BookHead(book: book, row: row)
            } else {
                missing.append(book)
            }
        }
        guard !missing.isEmpty else { return }
        for book in missing {
            try connection.send(
                """
                INSERT INTO book_heads (book_id, log_size, frontier, versions) VALUES ($1, $2, $3, $4)
                ON CONFLICT (book_id) DO NOTHING
                """,
                [.text(book), 0, .bytes(MerkleFrontier().encoded), "{}"]
            )
        }
        // Another node may have been faster: what counts is what the row says now.
        for (book, rows) in zip(missing, try connection.rows(sql, each: missing.map { [.text($0)] })) {
            guard let row = rows.first else { throw .corrupt(place: "book_heads " + book, reason: "no row") }
            heads[book] = try BookHead(book: book, row: row)
        }
    }

    /// Writes what changed, once for the whole batch.
    func save(on connection: any WriterConnection) throws(StoreError) {
        for head in heads.values.sorted(by: { $0.book < $1.book }) {
            if head.isChanged {
                try connection.send(
                    "UPDATE book_heads SET log_size = $2, frontier = $3, versions = $4 WHERE book_id = $1",
                    [
                        .text(head.book), .integer(head.log.size), .bytes(head.log.encoded),
                        .text(head.versionsText),
                    ],
                    changing: 1
                )
            }
            for name in head.changedCounters.sorted() {
                try connection.send(
                    """
                    INSERT INTO book_counters (book_id, name, value) VALUES ($1, $2, $3)
                    ON CONFLICT (book_id, name) DO UPDATE SET value = excluded.value
                    """,
                    [.text(head.book), .text(name), .optional(head.counters[name])]
                )
            }
        }
    }
}

extension BookHead {
    fileprivate init(book: String, row: SQLRow) throws(StoreError) {
        let place = "book_heads " + book
        guard let log = MerkleFrontier(encoded: try row.bytes(1)), log.size == (try row.integer(0)) else {
            throw .corrupt(place: place, reason: "the frontier does not belong to the size of the log")
        }
        let text = try row.text(2)
        guard text != "{}" else {
            self.init(book: book, log: log)
            return
        }
        guard let members = try? JSON(parsing: text).members else { throw .corrupt(place: place, reason: "versions") }
        var versions: [String: Int64] = [:]
        for member in members { versions[member.name] = member.value.integer.map { Int64($0) } }
        self.init(book: book, log: log, versions: versions)
    }

    fileprivate var versionsText: String {
        guard !versions.isEmpty else { return "{}" }
        return JSON.object(versions.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }).text
    }
}
