extension Migration {
    /// Chart, dimension items, mappings and rule books.
    package static let m003MasterData = Migration(
        version: 3, name: "master data",
        statements: [
            .portable(
                """
                CREATE TABLE accounts (
                    book_id TEXT NOT NULL,
                    account_code TEXT NOT NULL CHECK (length(account_code) > 0),
                    parent_code TEXT CHECK (length(parent_code) > 0),
                    account_name TEXT NOT NULL CHECK (length(account_name) > 0),
                    account_class TEXT NOT NULL,
                    direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
                    is_leaf SMALLINT NOT NULL CHECK (is_leaf IN (0, 1)),
                    is_cash SMALLINT NOT NULL CHECK (is_cash IN (0, 1)),
                    is_bank SMALLINT NOT NULL CHECK (is_bank IN (0, 1)),
                    dimension_kinds TEXT NOT NULL,
                    optional_kinds TEXT NOT NULL,
                    currency TEXT CHECK (length(currency) = 3),
                    cash_flow_item TEXT CHECK (length(cash_flow_item) > 0),
                    closes_to_profit SMALLINT NOT NULL CHECK (closes_to_profit IN (0, 1)),
                    is_active SMALLINT NOT NULL CHECK (is_active IN (0, 1)),
                    PRIMARY KEY (book_id, account_code)
                )
                """
            ),
            .portable(
                """
                CREATE TABLE master_items (
                    book_id TEXT NOT NULL,
                    dimension TEXT NOT NULL CHECK (length(dimension) > 0),
                    item_code TEXT NOT NULL CHECK (length(item_code) > 0),
                    item_name TEXT NOT NULL CHECK (length(item_name) > 0),
                    attributes TEXT NOT NULL,
                    is_active SMALLINT NOT NULL CHECK (is_active IN (0, 1)),
                    PRIMARY KEY (book_id, dimension, item_code)
                )
                """
            ),
            .keyed(
                """
                CREATE TABLE party_mappings (
                    book_id TEXT NOT NULL,
                    connector_id TEXT NOT NULL CHECK (length(connector_id) > 0),
                    dimension TEXT NOT NULL CHECK (length(dimension) > 0),
                    vendor_id TEXT NOT NULL CHECK (length(vendor_id) > 0),
                    item_code TEXT NOT NULL CHECK (length(item_code) > 0),
                    PRIMARY KEY (book_id, connector_id, dimension, vendor_id)
                )
                """
            ),
            .portable(
                """
                CREATE TABLE rule_books (
                    book_id TEXT NOT NULL,
                    rule_book TEXT NOT NULL CHECK (length(rule_book) > 0),
                    version BIGINT NOT NULL CHECK (version >= 0),
                    effective_from TEXT NOT NULL CHECK (length(effective_from) = 10),
                    body TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
                    author TEXT NOT NULL CHECK (length(author) > 0),
                    publisher TEXT CHECK (length(publisher) > 0),
                    PRIMARY KEY (book_id, rule_book, version)
                )
                """
            ),
        ]
    )
}
