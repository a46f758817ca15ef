/// What the engines do not share. Everything else is one text for both.
package enum Dialect: String, Hashable, Sendable, CaseIterable {
    case sqlite
    case postgreSQL

    /// Locks the rows read; SQLite has one writer and needs none.
    package var forUpdate: String {
        switch self {
        case .sqlite: ""
        case .postgreSQL: " FOR UPDATE"
        }
    }

    /// Locks the rows read and passes over those that somebody else has locked.
    package var forUpdateSkipLocked: String {
        switch self {
        case .sqlite: ""
        case .postgreSQL: " FOR UPDATE SKIP LOCKED"
        }
    }

    /// Writes a portable data definition in the engine's own words.
    ///
    /// BIGINT, SMALLINT, TEXT and BYTES are the only column types. A CREATE TABLE becomes STRICT on SQLite.
    package func definition(_ sql: String) -> String {
        var words = ""
        var word = ""
        var isQuoted = false
        for character in sql {
            if character.isLetter || character == "_" || character.isNumber {
                word.append(character)
                continue
            }
            words += isQuoted ? word : type(word)
            word = ""
            if character == "'" { isQuoted.toggle() }
            words.append(character)
        }
        words += type(word)
        return self == .sqlite && words.hasPrefix("CREATE TABLE") ? words + " STRICT" : words
    }

    private func type(_ word: String) -> String {
        switch (self, word) {
        case (.sqlite, "BIGINT"), (.sqlite, "SMALLINT"): "INTEGER"
        case (.sqlite, "BYTES"): "BLOB"
        case (.postgreSQL, "BYTES"): "BYTEA"
        default: word
        }
    }
}

/// A list of rows that a statement reads as if it were a table.
///
///     WITH input AS (\(source.sql)) UPDATE … FROM input WHERE …
package struct RowSource: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        let name: String
        let isInteger: Bool

        package static func integer(_ name: String) -> Column { Column(name: name, isInteger: true) }
        package static func text(_ name: String) -> Column { Column(name: name, isInteger: false) }
    }

    /// A SELECT with the columns named; the same text for any number of rows.
    package let sql: String
    private let columns: [Column]
    private let dialect: Dialect

    /// `first` is the number of the first parameter that is free; `parameterCount` of them are taken.
    package init(_ columns: [Column], from first: Int, in dialect: Dialect) {
        self.columns = columns
        self.dialect = dialect
        switch dialect {
        case .sqlite:
            let picked = columns.enumerated().map { "value->>\($0.offset) AS \($0.element.name)" }
            sql = "SELECT \(picked.joined(separator: ", ")) FROM json_each($\(first))"
        case .postgreSQL:
            let arrays = columns.enumerated().map {
                "CAST($\(first + $0.offset) AS \($0.element.isInteger ? "BIGINT" : "TEXT")[])"
            }
            let names = columns.map(\.name).joined(separator: ", ")
            sql = "SELECT \(names) FROM unnest(\(arrays.joined(separator: ", "))) AS source(\(names))"
        }
    }

    package var parameterCount: Int { dialect == .sqlite ? 1 : columns.count }

    /// The arguments that carry the rows; integers, texts and nulls only.
    package func arguments(_ rows: [[SQLValue]]) -> [SQLValue] {
        switch dialect {
        case .sqlite:
            let texts = rows.map { row in "[" + row.map { Self.member($0, null: "null") }.joined(separator: ",") + "]" }
            return [.text("[" + texts.joined(separator: ",") + "]")]
        case .postgreSQL:
            return columns.indices.map { column in
                .text("{" + rows.map { Self.member($0[column], null: "NULL") }.joined(separator: ",") + "}")
            }
        }
    }

    /// A member of a JSON array or of an array literal: both quote with `"` and escape `"` and `\` by `\`.
    private static func member(_ value: SQLValue, null: String) -> String {
        switch value {
        case .null: return null
        case .integer(let number): return String(number)
        case .bytes: preconditionFailure("a row source has no bytes")
        case .text(let text):
            var quoted = "\""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"": quoted += "\\\""
                case "\\": quoted += "\\\\"
                case _ where scalar.value < 0x20 && null == "null":
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                default: quoted.unicodeScalars.append(scalar)
                }
            }
            return quoted + "\""
        }
    }
}
