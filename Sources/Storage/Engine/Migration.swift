import Cryptography
package import Kernel

/// A numbered step of the schema. It only goes forward, and is never edited once released.
package struct Migration: Sendable {
    package let version: Int
    package let name: String
    package let statements: [Statement]

    /// `insertOnly` names the tables of this migration whose rows are for ever.
    package init(version: Int, name: String, statements: [Statement], insertOnly tables: [String] = []) {
        self.version = version
        self.name = name
        self.statements = statements + tables.flatMap([Statement].insertOnly)
    }

    /// One statement of a migration.
    package enum Statement: Sendable {
        /// Portable: BIGINT, SMALLINT, TEXT and BYTES; a CREATE TABLE becomes STRICT on SQLite.
        case portable(String)
        /// A CREATE TABLE whose rows SQLite keeps in the order of the primary key, without a second tree.
        ///
        /// For narrow rows that are mostly found by their key.
        case keyed(String)
        case only(Dialect, String)

        /// The text for an engine, or `nil` if the engine has none.
        package func text(for dialect: Dialect) -> String? {
            switch self {
            case .portable(let sql): return dialect.definition(sql)
            case .keyed(let sql):
                let text = dialect.definition(sql)
                return dialect == .sqlite ? text + ", WITHOUT ROWID" : text
            case .only(let wanted, let sql): return wanted == dialect ? sql : nil
            }
        }
    }

    /// What the database remembers of a migration, so that an edit after the release is noticed.
    package var hash: Digest {
        var bytes = Array("\(version) \(name)".utf8)
        for dialect in Dialect.allCases {
            for statement in statements {
                bytes.append(0)
                bytes += Array((statement.text(for: dialect) ?? "").utf8)
            }
        }
        return sha256(bytes)
    }
}

extension [Migration.Statement] {
    /// Guards that refuse UPDATE and DELETE (and TRUNCATE) on a table whose rows are for ever.
    ///
    /// The refusal is `StoreError.refused(.guardTrigger, rule: "<table>.insert_only", …)`. The function that PostgreSQL
    /// calls is made by the first migration.
    package static func insertOnly(_ table: String) -> [Migration.Statement] {
        let rule = "\(table).insert_only"
        let call = "EXECUTE FUNCTION refuse_change('\(rule)')"
        return [
            .only(
                .sqlite,
                "CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table) BEGIN SELECT RAISE(ABORT, '\(rule)'); END"
            ),
            .only(
                .sqlite,
                "CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table) BEGIN SELECT RAISE(ABORT, '\(rule)'); END"
            ),
            .only(
                .postgreSQL,
                "CREATE TRIGGER \(table)_no_change BEFORE UPDATE OR DELETE ON \(table) FOR EACH ROW \(call)"
            ),
            .only(
                .postgreSQL,
                "CREATE TRIGGER \(table)_no_truncate BEFORE TRUNCATE ON \(table) FOR EACH STATEMENT \(call)"
            ),
        ]
    }
}
