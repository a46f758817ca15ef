import Kernel
import Ledger
import Pipeline
import Storage
import TestSupport
import Testing

/// Goes behind the repositories: the database itself must refuse.
@Suite("Schema guards")
struct SchemaGuardTests {
    static let heads = """
        book_id, period, voucher_id, word, voucher_no, previous_no, voucher_date, currency, debit_total, credit_total,
        line_count, attachments, summary, posting_key, draft_no, makers, poster, needs_cashier, moves_money, created_at,
        posted_at, version
        """

    /// Writes a posted head with a number, the one before, and the two totals.
    private func insert(
        _ fixture: BookFixture, _ id: String, number: Int64, previous: Int64?, debit: Int64 = 100, credit: Int64 = 100,
        period: Int64 = 202_603
    ) async throws {
        try await fixture.attack(
            """
            INSERT INTO vouchers (\(Self.heads)) VALUES ('B1', $1, $2, '记', $3, $4, '2026-03-01', 'CNY', $5, $6, 2, 0, 's',
            $2, 1, '[]', 'p', 0, 0, 0, 0, 1)
            """,
            [.integer(period), .text(id), .integer(number), .optional(previous), .integer(debit), .integer(credit)]
        )
    }

    private func refuses(_ rule: String, _ work: () async throws -> Void) async {
        let error = await #expect(throws: StoreError.self) { try await work() }
        guard case .refused(_, let found, _)? = error else {
            Issue.record("not refused by a rule: \(String(describing: error))")
            return
        }
        #expect(rule.isEmpty || found == rule)
    }

    private func conflicts(_ table: String, _ work: () async throws -> Void) async {
        let error = await #expect(throws: StoreError.self) { try await work() }
        guard case .conflict(let found, _)? = error else {
            Issue.record("no conflict: \(String(describing: error))")
            return
        }
        #expect(found == table)
    }

    @Test("refuse an unbalanced posting", arguments: Engine.available)
    func balance(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            await refuses("") { try await insert(fixture, "X", number: 1, previous: nil, debit: 100, credit: 99) }
            try await insert(fixture, "X", number: 1, previous: nil)
        }
    }

    @Test("refuse a gap, a repeat and a second first number", arguments: Engine.available)
    func numbers(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            await refuses("foreign_key") { try await insert(fixture, "X", number: 2, previous: 1) }
            await refuses("") { try await insert(fixture, "X", number: 2, previous: nil) }
            await refuses("") { try await insert(fixture, "X", number: 0, previous: nil) }
            try await insert(fixture, "X", number: 1, previous: nil)
            await conflicts("vouchers") { try await insert(fixture, "Y", number: 1, previous: nil) }
            await refuses("") { try await insert(fixture, "Y", number: 3, previous: 1) }
            await refuses("foreign_key") { try await insert(fixture, "Y", number: 3, previous: 2) }
            try await insert(fixture, "Y", number: 2, previous: 1)
        }
    }

    @Test("refuse a posting into a period that is not open", arguments: Engine.available)
    func periods(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            await refuses("vouchers.open_period") {
                try await insert(fixture, "X", number: 1, previous: nil, period: 202_604)
            }
            try await fixture.commit { try $0.ledger.close(BookFixture.march) }
            await refuses("vouchers.open_period") { try await insert(fixture, "X", number: 1, previous: nil) }
        }
    }

    @Test(
        "refuse a change and a deletion of what is posted",
        arguments: Engine.available,
        [
            ("vouchers", "UPDATE vouchers SET summary = 'x'"), ("vouchers", "DELETE FROM vouchers"),
            ("lines", "UPDATE lines SET amount = amount + 1"), ("lines", "DELETE FROM lines WHERE line_no = 1"),
            ("voucher_keys", "UPDATE voucher_keys SET period = 202604"), ("reversals", "DELETE FROM reversals"),
            ("log_entries", "UPDATE log_entries SET actor = 'x'"), ("log_entries", "DELETE FROM log_entries"),
        ]
    )
    func insertOnly(engine: Engine, attack: (table: String, sql: String)) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                try unit.filePosted(try Sample.voucher("V1"))
                try unit.filePosted(try Sample.voucher("V2", reverses: "V1"))
            }
            await refuses(attack.table + ".insert_only") { try await fixture.attack(attack.sql) }
        }
    }

    @Test("refuse a replacing insert on SQLite, which would delete unseen")
    func replacing() async throws {
        try await withBooks(.sqlite) { fixture in
            try await fixture.commit { try $0.filePosted(try Sample.voucher("V1")) }
            await refuses("voucher_keys.insert_only") {
                try await fixture.attack("INSERT OR REPLACE INTO voucher_keys SELECT * FROM voucher_keys")
            }
        }
    }

    @Test("refuse a second live recognising use of an invoice", arguments: Engine.available)
    func invoices(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { try $0.evidence.use(Sample.use("K1", "C1"), total: 11_300) }
            let second = """
                INSERT INTO invoice_uses (book_id, register_key, slot, previous_slot, used_before, used_after, total,
                is_whole, case_id, connector_id, tenant, instance, used_at)
                VALUES ('B1', 'K1', $1, $2, $3, $4, $5, 0, 'C2', 'c', 't', 'i', 0)
                """
            await conflicts("invoice_uses") { try await fixture.attack(second, [1, nil, 0, 11_300, 11_300]) }
            await refuses("") { try await fixture.attack(second, [2, nil, 0, 11_300, 11_300]) }
            await refuses("foreign_key") { try await fixture.attack(second, [2, 1, 0, 11_300, 11_300]) }
            await refuses("") { try await fixture.attack(second, [2, 1, 11_300, 11_301, 11_300]) }
            await refuses("foreign_key") { try await fixture.attack(second, [2, 1, 11_300, 11_301, 20_000]) }
        }
    }

    @Test("refuse two reversals of one voucher", arguments: Engine.available)
    func reversals(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                try unit.filePosted(try Sample.voucher("V1"))
                try unit.filePosted(try Sample.voucher("V2", reverses: "V1"))
            }
            let sql = "INSERT INTO reversals (book_id, reverses_id, voucher_id) VALUES ('B1', $1, 'V3')"
            await conflicts("reversals") { try await fixture.attack(sql, ["V1"]) }
            await refuses("foreign_key") { try await fixture.attack(sql, ["V9"]) }
        }
    }

    @Test("refuse an amount beyond the limit", arguments: Engine.available, [Money.limit, Money.limit + 1])
    func amounts(engine: Engine, amount: Int64) async throws {
        try await withBooks(engine) { fixture in
            try await insert(fixture, "X", number: 1, previous: nil)
            let sql = """
                INSERT INTO lines (book_id, period, voucher_id, line_no, word, voucher_no, account_code, side, amount,
                dimensions, origin) VALUES ('B1', 202603, 'X', 1, '记', 1, '1002', 'debit', $1, '-', '{}')
                """
            if amount > Money.limit {
                await refuses("") { try await fixture.attack(sql, [.integer(amount)]) }
            } else {
                try await fixture.attack(sql, [.integer(amount)])
            }
        }
    }
}
