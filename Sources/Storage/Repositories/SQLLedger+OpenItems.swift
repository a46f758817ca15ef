import Kernel
import Ledger
import Pipeline

extension SQLLedger {
    func openItems(account: AccountCode, party: String?) throws -> [OpenItem] {
        let columns = "account_code, party, item_no, first_date, balance, currency"
        let rows: [SQLRow]
        if let party {
            rows = try context.connection.rows(
                """
                SELECT \(columns) FROM open_items
                WHERE book_id = $1 AND account_code = $2 AND party = $3 AND balance <> 0
                ORDER BY first_date, item_no, currency
                """,
                [context.bookValue, .text(account.text), .text(party)]
            )
        } else {
            rows = try context.connection.rows(
                """
                SELECT \(columns) FROM open_items WHERE book_id = $1 AND account_code = $2 AND balance <> 0
                ORDER BY first_date, item_no, currency, party
                """,
                [context.bookValue, .text(account.text)]
            )
        }
        return try rows.map { row in
            OpenItem(
                account: try row.account(0), party: try row.text(1), number: try row.text(2), date: try row.day(3),
                balance: Money(minorUnits: try row.integer(4), try row.currency(5))
            )
        }
    }

    func settle(_ item: OpenItemMovement) throws {
        try context.connection.send(
            """
            INSERT INTO open_item_movements (book_id, voucher_id, account_code, party, item_no, currency, item_date, amount)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (book_id, voucher_id, account_code, party, item_no, currency)
            DO UPDATE SET amount = open_item_movements.amount + excluded.amount
            """,
            [context.bookValue, .text(item.voucher.text)] + key(item) + [
                .text(item.date.text), .integer(item.amount.minorUnits),
            ]
        )
        try move(item, by: item.amount.minorUnits)
    }

    func movements(of voucher: Voucher.ID) throws -> [OpenItemMovement] {
        try context.connection.rows(
            """
            SELECT account_code, party, item_no, currency, item_date, amount FROM open_item_movements
            WHERE book_id = $1 AND voucher_id = $2 ORDER BY account_code, party, item_no, currency
            """,
            [context.bookValue, .text(voucher.text)]
        ).map { row in
            OpenItemMovement(
                voucher: voucher, account: try row.account(0), party: try row.text(1), number: try row.text(2),
                date: try row.day(4), amount: Money(minorUnits: try row.integer(5), try row.currency(3))
            )
        }
    }

    func release(voucher: Voucher.ID) throws {
        let movements = try movements(of: voucher)
        guard !movements.isEmpty else { return }
        try context.connection.send(
            "DELETE FROM open_item_movements WHERE book_id = $1 AND voucher_id = $2",
            [context.bookValue, .text(voucher.text)]
        )
        for movement in movements { try move(movement, by: -movement.amount.minorUnits) }
    }

    private func move(_ item: OpenItemMovement, by amount: Int64) throws {
        try context.connection.send(
            """
            INSERT INTO open_items (book_id, account_code, party, item_no, currency, first_date, balance)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (book_id, account_code, party, item_no, currency)
            DO UPDATE SET balance = open_items.balance + excluded.balance,
            first_date = CASE WHEN excluded.first_date < open_items.first_date THEN excluded.first_date
            ELSE open_items.first_date END
            """,
            [context.bookValue] + key(item) + [.text(item.date.text), .integer(amount)]
        )
        try context.log(
            "open_item.moved", "voucher:" + item.voucher.text,
            .object([
                ("account", .string(item.account.text)), ("party", .string(item.party)),
                ("number", .string(item.number)), ("date", .string(item.date.text)),
                ("currency", .string(item.amount.currency.code)),
                ("amount", .string(Money(minorUnits: amount, item.amount.currency).text)),
            ])
        )
    }

    private func key(_ item: OpenItemMovement) -> [SQLValue] {
        [
            .text(item.account.text), .text(item.party), .text(item.number), .text(item.amount.currency.code),
        ]
    }
}
