import Kernel
import Ledger
import Pipeline

/// Chart, dimension items and mappings of a book.
struct SQLMasterData: MasterDataRepository {
    private static let accounts = RowInsert(
        into: "accounts",
        [
            "book_id", "account_code", "parent_code", "account_name", "account_class", "direction", "is_leaf",
            "is_cash",
            "is_bank", "dimension_kinds", "optional_kinds", "currency", "cash_flow_item", "closes_to_profit",
            "is_active",
        ]
    )

    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func chart() throws -> Chart {
        let rows = try context.connection.rows(
            """
            SELECT account_code, parent_code, account_name, account_class, direction, is_leaf, is_cash, is_bank,
            dimension_kinds, optional_kinds, currency, cash_flow_item, closes_to_profit, is_active
            FROM accounts WHERE book_id = $1 ORDER BY account_code
            """,
            [context.bookValue]
        )
        return try Chart(rows.map(account))
    }

    func items() throws -> [MasterItem] {
        try context.connection.rows(
            """
            SELECT dimension, item_code, item_name, attributes, is_active FROM master_items
            WHERE book_id = $1 ORDER BY dimension, item_code
            """,
            [context.bookValue]
        ).map { row in
            MasterItem(
                dimension: try row.text(0), code: try row.text(1), name: try row.text(2), attributes: try row.json(3),
                isActive: try row.flag(4)
            )
        }
    }

    func mappings() throws -> [PartyMapping] {
        try context.connection.rows(
            """
            SELECT connector_id, dimension, vendor_id, item_code FROM party_mappings
            WHERE book_id = $1 ORDER BY connector_id, dimension, vendor_id
            """,
            [context.bookValue]
        ).map { row in
            PartyMapping(
                connector: try row.text(0), dimension: try row.text(1), vendorID: try row.text(2),
                code: try row.text(3)
            )
        }
    }

    func setChart(_ accounts: [Account]) throws {
        // A list that is no chart is refused before anything is written.
        let chart = try Chart(accounts)
        try context.connection.send("DELETE FROM accounts WHERE book_id = $1", [context.bookValue])
        try Self.accounts.send(chart.accounts.map(values), on: context.connection)
        try context.log("account.set", "chart", Self.json(chart))
        try context.unit().raiseVersion(of: VersionName.masterData)
    }

    func set(_ item: MasterItem) throws {
        try context.connection.send(
            """
            INSERT INTO master_items (book_id, dimension, item_code, item_name, attributes, is_active)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (book_id, dimension, item_code)
            DO UPDATE SET item_name = excluded.item_name, attributes = excluded.attributes, is_active = excluded.is_active
            """,
            [
                context.bookValue, .text(item.dimension), .text(item.code), .text(item.name), .json(item.attributes),
                .flag(item.isActive),
            ]
        )
        // An item may be a person; its name and what is known of it stay out of the leaf.
        try context.log(
            "item.set", "item:\(item.dimension)/\(item.code)",
            .object([("active", .bool(item.isActive))]),
            personal: [("name", item.name), ("attributes", item.attributes.text)]
        )
        try context.unit().raiseVersion(of: VersionName.masterData)
    }

    func set(_ mapping: PartyMapping) throws {
        try context.connection.send(
            """
            INSERT INTO party_mappings (book_id, connector_id, dimension, vendor_id, item_code)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (book_id, connector_id, dimension, vendor_id)
            DO UPDATE SET item_code = excluded.item_code
            """,
            [
                context.bookValue, .text(mapping.connector), .text(mapping.dimension), .text(mapping.vendorID),
                .text(mapping.code),
            ]
        )
        try context.log(
            "mapping.set", "mapping:\(mapping.connector)/\(mapping.dimension)/\(mapping.vendorID)",
            .object([("code", .string(mapping.code))])
        )
        try context.unit().raiseVersion(of: VersionName.masterData)
    }

    static func json(_ chart: Chart) -> JSON { .object([("accounts", .array(chart.accounts.map(\.json)))]) }

    private func values(_ account: Account) -> [SQLValue] {
        [
            context.bookValue, .text(account.code.text), .filled(account.parent?.text), .text(account.name),
            .text(account.accountClass.rawValue), .text(account.direction.rawValue), .flag(account.isLeaf),
            .flag(account.isCash), .flag(account.isBank), .json(.array(account.dimensions.map(JSON.string))),
            .json(.array(account.optionalDimensions.map(JSON.string))), .filled(account.currency?.code),
            .filled(account.cashFlowItem), .flag(account.closesToProfit), .flag(account.isActive),
        ]
    }

    private func account(_ row: SQLRow) throws -> Account {
        Account(
            code: try row.account(0), name: try row.text(2), accountClass: try row.named(3),
            direction: try row.named(4),
            parent: try row.optionalText(1).flatMap { AccountCode($0) }, isLeaf: try row.flag(5),
            isCash: try row.flag(6), isBank: try row.flag(7), dimensions: try kinds(row, 8),
            optionalDimensions: try kinds(row, 9), currency: try row.optionalText(10).flatMap { Currency($0) },
            cashFlowItem: try row.optionalText(11), closesToProfit: try row.flag(12), isActive: try row.flag(13)
        )
    }

    private func kinds(_ row: SQLRow, _ index: Int) throws -> [String] {
        try row.require(row.json(index).array?.compactMap(\.string), index, "a list of kinds")
    }
}

extension Account {
    fileprivate var json: JSON {
        .object([
            ("code", .string(code.text)), ("name", .string(name)), ("class", .string(accountClass.rawValue)),
            ("direction", .string(direction.rawValue)), ("parent", .optional(parent?.text)), ("leaf", .bool(isLeaf)),
            ("cash", .bool(isCash)), ("bank", .bool(isBank)), ("dimensions", .array(dimensions.map(JSON.string))),
            ("optional_dimensions", .array(optionalDimensions.map(JSON.string))),
            ("currency", .optional(currency?.code)), ("cash_flow_item", .optional(cashFlowItem)),
            ("closes_to_profit", .bool(closesToProfit)), ("active", .bool(isActive)),
        ])
    }
}
