import Access
import Cryptography
import Kernel
import Ledger
import Pipeline

extension StoredRows {
    private static let pageSize: Int64 = 500

    /// Posted vouchers page by page, with their lines; then what their heads add up to.
    func compareVouchers() throws {
        var missing = fold.rows["vouchers"] ?? [:]
        var last: (Int64, Int64, String) = (0, 0, "")
        while true {
            let page = try readable("vouchers") {
                try SQLVouchers(context).posted(
                    "(v.period, v.voucher_no, v.word) > ($2, $3, $4) ORDER BY v.period, v.voucher_no, v.word LIMIT $5",
                    [.integer(last.0), .integer(last.1), .text(last.2), .integer(Self.pageSize)]
                )
            }
            for record in page {
                let key = record.voucher.id.text
                guard let expected = missing.removeValue(forKey: key) else {
                    throw LogDifference.rowUnknown(table: "vouchers", key: key)
                }
                try check("vouchers", key, record.json(withVoucher: true), expected)
            }
            guard let end = page.last?.number, page.count == Self.pageSize else { break }
            last = (end.period.yearMonth, end.number, end.word.rawValue)
        }
        if let key = missing.keys.min() { throw LogDifference.rowMissing(table: "vouchers", key: key) }
        try compareHeads()
        try compare("voucher_keys", try pairs("SELECT posting_key, voucher_id FROM voucher_keys WHERE book_id = $1"))
        try compare("reversals", try pairs("SELECT reverses_id, voucher_id FROM reversals WHERE book_id = $1"))
    }

    /// What a head repeats of its lines, and lines that have no head.
    private func compareHeads() throws {
        let differing = try context.connection.row(
            """
            SELECT v.voucher_id FROM vouchers v JOIN lines l
            ON l.book_id = v.book_id AND l.period = v.period AND l.voucher_id = v.voucher_id
            WHERE v.book_id = $1
            GROUP BY v.period, v.voucher_id, v.debit_total, v.credit_total, v.line_count, v.word, v.voucher_no
            HAVING count(*) <> v.line_count OR min(l.word) <> v.word OR max(l.word) <> v.word
            OR min(l.voucher_no) <> v.voucher_no OR max(l.voucher_no) <> v.voucher_no
            OR CAST(sum(CASE WHEN l.side = 'debit' THEN l.amount ELSE 0 END) AS BIGINT) <> v.debit_total
            OR CAST(sum(CASE WHEN l.side = 'credit' THEN l.amount ELSE 0 END) AS BIGINT) <> v.credit_total
            LIMIT 1
            """,
            [context.bookValue]
        )
        if let id = try differing?.text(0) {
            try same("vouchers", id, "totals", "those of its lines", "others")
        }
        let orphan = try context.connection.row(
            """
            SELECT l.voucher_id FROM lines l LEFT JOIN vouchers v
            ON v.book_id = l.book_id AND v.period = l.period AND v.voucher_id = l.voucher_id
            WHERE l.book_id = $1 AND v.voucher_id IS NULL LIMIT 1
            """,
            [context.bookValue]
        )
        if let id = try orphan?.text(0) { throw LogDifference.rowUnknown(table: "lines", key: id) }
    }

    func compareCases() throws {
        let cases = try readable("cases") {
            try context.connection.rows(
                "SELECT \(CaseRow.columns), delivery_key FROM cases WHERE book_id = $1", [context.bookValue]
            ).map { (try CaseRow.read($0), try $0.optionalText(21) ?? "") }
        }
        try compare("cases", cases.map { ($0.0.id.text, CaseRow.json($0.0)) })
        try compare("case_names", cases.map { ($0.0.id.text, CaseRow.namesJSON($0.0)) })
        try compare(
            "case_problems",
            cases.compactMap { item, _ in
                item.problem.map { (item.id.text, .object([("problem", .optional($0.personal.value))])) }
            }
        )
        try compare("case_origins", cases.map { ($0.0.id.text, CaseRow.origin($0.0, delivery: $0.1)) })
        try compare(
            "case_documents",
            try context.connection.rows(
                "SELECT case_id, body FROM case_documents WHERE book_id = $1", [context.bookValue]
            )
            .map { (try $0.text(0), ["document_sha256": .string(sha256(Array(try $0.text(1).utf8)).hex)]) }
        )
    }

    func compareEvidence() throws {
        let records = try readable("evidence") { try SQLEvidence(context).all() }
        try compare(
            "evidence",
            records.map { ($0.id, SQLEvidence.json($0).setting("case", .string($0.caseID.text))) }
        )
        try compare("evidence_names", records.map { ($0.id, ["file_name": .string($0.fileName)]) })
    }

    func compareReceipts() throws {
        let rows = try context.connection.rows(
            "SELECT case_id, receipt_key, receipt_event, state, body FROM receipts WHERE book_id = $1",
            [context.bookValue]
        )
        func key(_ row: SQLRow) throws -> String { try row.text(0) + " " + row.text(1) }
        try compare(
            "receipts",
            try rows.map { (try key($0), ["event": .string(try $0.text(2)), "state": .string(try $0.text(3))]) }
        )
        try compare(
            "receipt_texts", try rows.map { (try key($0), .object([("text", .optional(try $0.optionalText(4)))])) }
        )
    }

    /// What each voucher moved of each open item; `open_items` are their sums.
    func compareMovements() throws {
        var missing = fold.movements
        for row in try context.connection.rows(
            """
            SELECT voucher_id, account_code, party, item_no, currency, item_date, amount FROM open_item_movements
            WHERE book_id = $1
            """,
            [context.bookValue]
        ) {
            let key = try (0..<5).map { try row.text($0) }.joined(separator: " ")
            let found = LogFold.Movement(date: try row.text(5), amount: try row.integer(6))
            guard let expected = missing.removeValue(forKey: key) else {
                if found.amount == 0 { continue }
                throw LogDifference.rowUnknown(table: "open_item_movements", key: key)
            }
            try same("open_item_movements", key, "amount", expected.text, found.text)
        }
        if let key = missing.keys.min() { throw LogDifference.rowMissing(table: "open_item_movements", key: key) }
    }

    func invoiceUses() throws -> [(key: String, json: JSON)] {
        let keys = try context.connection.rows(
            "SELECT DISTINCT register_key FROM invoice_uses WHERE book_id = $1", [context.bookValue]
        ).map { try $0.text(0) }
        return try keys.map { key in
            (key, .object([("uses", .array(try InvoiceRegister(context).chain(key).map(\.json)))]))
        }
    }

    func invoiceCitations() throws -> [(key: String, json: JSON)] {
        try context.connection.rows(
            "SELECT register_key, case_id FROM invoice_citations WHERE book_id = $1", [context.bookValue]
        ).map { (try $0.text(0) + " " + $0.text(1), [:]) }
    }

    func people() throws -> [(key: String, json: JSON)] {
        try SQLInstallation(context).people().map { person in
            (
                person.id.text,
                .object([
                    ("active", .bool(person.isActive)), ("login", .string(person.login)),
                    ("name", .string(person.name)),
                ])
            )
        }
    }

    func compareMasterData() throws {
        let data = SQLMasterData(context)
        try compare(
            "books",
            try SQLBooks.find(context.book, on: context.connection).map { [($0.id.text, SQLBooks.json($0))] } ?? []
        )
        if fold.rows["accounts"] != nil {
            try compare("accounts", [("chart", SQLMasterData.json(try readable("accounts") { try data.chart() }))])
        }
        try compare(
            "master_items",
            try data.items().map { item in
                (
                    "\(item.dimension)/\(item.code)",
                    .object([
                        ("active", .bool(item.isActive)), ("name", .string(item.name)),
                        ("attributes", .string(item.attributes.text)),
                    ])
                )
            }
        )
        try compare(
            "party_mappings",
            try data.mappings().map { ("\($0.connector)/\($0.dimension)/\($0.vendorID)", ["code": .string($0.code)]) }
        )
        try compare(
            "rule_books",
            try SQLRuleBooks(context).versions().map { ("\($0.name)@\($0.version)", SQLRuleBooks.json($0)) })
    }

    private func pairs(_ sql: String) throws -> [(key: String, json: JSON)] {
        try context.connection.rows(sql, [context.bookValue]).map {
            (try $0.text(0), ["voucher": .string(try $0.text(1))])
        }
    }

    /// A row that cannot be read any more was changed.
    private func readable<Value>(_ table: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch StoreError.corrupt(let place, let reason) {
            throw LogDifference.rowDiffers(
                table: table, key: place, field: "", expected: "a row that can be read", found: reason
            )
        } catch let error as ChartError {
            throw LogDifference.rowDiffers(
                table: table, key: "", field: "", expected: "a chart", found: error.problem.code
            )
        }
    }
}
