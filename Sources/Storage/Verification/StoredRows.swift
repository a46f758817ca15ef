import Access
import Cryptography
import Kernel
import Ledger
import Pipeline

/// The rows of a book as the database has them, held against what the log tells.
struct StoredRows {
    let context: SQLContext
    let fold: LogFold

    init(_ context: SQLContext, _ fold: LogFold) {
        self.context = context
        self.fold = fold
    }

    /// Throws the first `LogDifference`.
    func compare() throws {
        try compareVouchers()
        try compareDrafts()
        try compareSums()
        try compareNumbers()
        try compare("periods", try SQLLedger(context).periods().map { ($0.period.text, ["open": .bool($0.isOpen)]) })
        try compare("invoice_uses", try invoiceUses())
        try compare("invoice_citations", try invoiceCitations())
        try compareCases()
        try compareEvidence()
        try compareReceipts()
        try compareMovements()
        try compare("grants", try SQLInstallation(context).grants().map(Self.grant))
        try compare("people", try people())
        try compareMasterData()
        try compareOriginals()
    }

    /// Holds rows against the log: each must be told, say the same, and none may be missing.
    func compare(_ table: String, _ rows: [(key: String, json: JSON)]) throws {
        var missing = fold.rows[table] ?? [:]
        for (key, json) in rows {
            guard let expected = missing.removeValue(forKey: key) else {
                throw LogDifference.rowUnknown(table: table, key: key)
            }
            try check(table, key, json, expected)
        }
        if let key = missing.keys.min() { throw LogDifference.rowMissing(table: table, key: key) }
    }

    func check(_ table: String, _ key: String, _ json: JSON, _ expected: LogFold.Expected) throws {
        guard let hash = expected.hash, hash != JSONHash(json) else { return }
        let entry = try LogTable.entries(of: context.book, from: expected.sequence, limit: 1, on: context.connection)
            .first?.entry
        let told = entry.flatMap { entry in LogFold.rows(of: entry).first { $0.table == table && $0.key == key } }
        guard case .says(let said) = told?.content, let found = said.difference(to: json) else {
            throw LogDifference.rowDiffers(table: table, key: key, field: "", expected: "?", found: json.text)
        }
        throw LogDifference.rowDiffers(
            table: table, key: key, field: found.path, expected: found.left, found: found.right
        )
    }

    private func compareDrafts() throws {
        var missing = fold.drafts
        for record in try SQLVouchers(context).drafts("voucher_id > $2 ORDER BY draft_no", ["-"]) {
            let key = record.voucher.id.text
            guard let said = missing.removeValue(forKey: "voucher:" + key) else {
                throw LogDifference.rowUnknown(table: "drafts", key: key)
            }
            if let found = said.difference(to: record.json(withVoucher: true)) {
                throw LogDifference.rowDiffers(
                    table: "drafts", key: key, field: found.path, expected: found.left, found: found.right
                )
            }
        }
        if let key = missing.keys.min() {
            throw LogDifference.rowMissing(table: "drafts", key: String(key.dropFirst("voucher:".count)))
        }
    }

    private func compareSums() throws {
        var missing = fold.balances.sums
        for row in try SQLLedger(context).movements(through: Period(yearMonth: 999_912) ?? Day(number: 0).period) {
            let key = BalanceChanges.Key(
                period: row.period.yearMonth, account: row.account.text, dimensions: row.dimensions.stored,
                currency: row.currency.code
            )
            let expected = missing.removeValue(forKey: key) ?? BalanceChanges.Sums()
            let found = BalanceChanges.Sums(
                debit: row.debit, credit: row.credit, originalDebit: row.originalDebit,
                originalCredit: row.originalCredit
            )
            try same("balances", key.text, "sums", expected.text, found.text)
        }
        let rest = missing.filter { $0.value != BalanceChanges.Sums() }
        if let key = rest.keys.min() { throw LogDifference.rowMissing(table: "balances", key: key.text) }
        var items = fold.openItems
        for row in try context.connection.rows(
            "SELECT account_code, party, item_no, currency, balance FROM open_items WHERE book_id = $1",
            [context.bookValue]
        ) {
            let key = try (0..<4).map { try row.text($0) }.joined(separator: " ")
            let expected = items.removeValue(forKey: key) ?? 0
            try same("open_items", key, "balance", "\(expected)", "\(try row.integer(4))")
        }
        if let key = items.filter({ $0.value != 0 }).keys.min() {
            throw LogDifference.rowMissing(table: "open_items", key: key)
        }
    }

    private func compareNumbers() throws {
        var missing = fold.numbers
        for row in try context.connection.rows(
            "SELECT period, word, last_no FROM number_counters WHERE book_id = $1 ORDER BY period, word",
            [context.bookValue]
        ) {
            let key = "\(try row.period(0).text) \(try row.text(1))"
            let expected = missing.removeValue(forKey: key) ?? (0, 0)
            try same("number_counters", key, "last_no", "\(expected.last)", "\(try row.integer(2))")
            try same("vouchers", key, "count", "\(expected.last)", "\(expected.count)")
        }
        if let key = missing.keys.min() { throw LogDifference.rowMissing(table: "number_counters", key: key) }
    }

    private func compareOriginals() throws {
        let rows = try context.connection.rows(
            "SELECT digest, byte_count FROM originals WHERE book_id = $1 ORDER BY digest", [context.bookValue]
        )
        try compare("originals", rows.map { (try $0.digest(0).hex, ["bytes": .integer(try $0.integer(1))]) })
        for row in rows {
            let digest = try row.digest(0)
            guard let bytes = try SQLOriginals(context).bytes(digest) else {
                throw LogDifference.originalMissing(digest)
            }
            let found = sha256(bytes)
            guard found == digest else { throw LogDifference.originalDamaged(digest, found: found) }
        }
    }

    func same(_ table: String, _ key: String, _ field: String, _ expected: String, _ found: String) throws {
        guard expected != found else { return }
        throw LogDifference.rowDiffers(table: table, key: key, field: field, expected: expected, found: found)
    }

    private static func grant(_ grant: Grant) -> (String, JSON) {
        let json = JSON.object([
            ("person", .string(grant.person.text)), ("role", .string(grant.role.rawValue)),
            ("book", .string(grant.book)),
        ])
        return (LogFold.grantKey(json), json)
    }
}

extension BalanceChanges.Key {
    fileprivate var text: String { "\(period) \(account) \(dimensions) \(currency)" }
}

extension BalanceChanges.Sums {
    fileprivate var text: String { "\(debit)/\(credit)/\(originalDebit)/\(originalCredit)" }
}
