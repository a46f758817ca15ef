import Kernel

extension Chart {
    /// Reads a chart as CSV with the columns of the charts in `Charts/`.
    ///
    /// Needed are `code, name, class, direction, parent, is_leaf`; the others may be missing. In `aux` the kinds of
    /// dimension stand between semicolons, and one that may be left out ends with a question mark.
    package init(csv text: String) throws(ChartError) {
        var rows = CSVRows(text)
        guard let header = rows.next() else { throw .missingColumn("code") }
        var columns: [String: Int] = [:]
        for (index, name) in header.fields.enumerated() { columns[name] = index }
        for name in ["code", "name", "class", "direction", "parent", "is_leaf"] where columns[name] == nil {
            throw .missingColumn(name)
        }
        var accounts: [Account] = []
        while let row = rows.next() {
            if row.fields == [""] { continue }
            guard row.fields.count == header.fields.count else {
                throw .unevenRow(line: row.line, expected: header.fields.count, found: row.fields.count)
            }
            guard accounts.count < Self.accountLimit else { throw .tooManyAccounts(count: accounts.count + 1) }
            accounts.append(try Self.account(ChartRow(line: row.line, fields: row.fields, columns: columns)))
        }
        try self.init(accounts)
    }

    private static func account(_ row: ChartRow) throws(ChartError) -> Account {
        let dimensions = row.field("aux").split(separator: ";").map(String.init)
        return Account(
            code: try row.value("code") { AccountCode($0) },
            name: row.field("name"),
            accountClass: try row.value("class", AccountClass.init(text:)),
            direction: try row.value("direction", Side.init(word:)),
            parent: row.field("parent").isEmpty ? nil : try row.value("parent") { AccountCode($0) },
            isLeaf: try row.flag("is_leaf"),
            isCash: try row.flag("is_cash"),
            isBank: try row.flag("is_bank"),
            dimensions: dimensions.filter { !$0.hasSuffix("?") },
            optionalDimensions: dimensions.filter { $0.hasSuffix("?") }.map { String($0.dropLast()) },
            currency: row.field("currency").isEmpty ? nil : try row.value("currency") { Currency($0) },
            cashFlowItem: row.field("cash_flow_item").isEmpty ? nil : row.field("cash_flow_item"),
            closesToProfit: try row.flag("close_to_profit"),
            isActive: row.field("is_active").isEmpty ? true : try row.flag("is_active")
        )
    }

    /// The chart as CSV, as `init(csv:)` reads it.
    package var csv: String {
        let header = [
            "code", "name", "class", "direction", "parent", "level", "is_leaf", "is_cash", "is_bank", "aux",
            "close_to_profit", "currency", "cash_flow_item", "is_active",
        ]
        let rows = accounts.map { account in
            [
                account.code.text, account.name, account.accountClass.rawValue, account.direction.word,
                account.parent?.text ?? "", String(level(of: account.code)), flag(account.isLeaf),
                flag(account.isCash), flag(account.isBank),
                (account.dimensions + account.optionalDimensions.map { $0 + "?" }).joined(separator: ";"),
                flag(account.closesToProfit), account.currency?.code ?? "", account.cashFlowItem ?? "",
                flag(account.isActive),
            ]
        }
        return ([header] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
    }

    private func flag(_ value: Bool) -> String { value ? "是" : "否" }

    private func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension AccountClass {
    /// Reads the class as charts write it; 权益 stands for 所有者权益 in some.
    fileprivate init?(text: String) {
        guard let value = text == "权益" ? .equity : Self(rawValue: text) else { return nil }
        self = value
    }
}

/// One row of a chart, whose fields are asked for by their column.
private struct ChartRow {
    let line: Int
    let fields: [String]
    let columns: [String: Int]

    func field(_ column: String) -> String { columns[column].map { fields[$0] } ?? "" }

    func value<Value>(_ column: String, _ read: (String) -> Value?) throws(ChartError) -> Value {
        guard let value = read(field(column)) else {
            throw .badField(line: line, column: column, found: field(column))
        }
        return value
    }

    /// 是 or 否; a column that is missing or empty means 否.
    func flag(_ column: String) throws(ChartError) -> Bool {
        switch field(column) {
        case "是": true
        case "否", "": false
        default: throw .badField(line: line, column: column, found: field(column))
        }
    }
}

/// The rows of a CSV text (RFC 4180), with or without a byte order mark.
private struct CSVRows {
    private let bytes: [UInt8]
    private var index: Int
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> (line: Int, fields: [String])? {
        guard index < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && index < bytes.count && bytes[index] == UInt8(ascii: "\""):
                field.append(byte)
                index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: field.append(byte)
            case UInt8(ascii: ","):
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            case UInt8(ascii: "\r"): break
            case UInt8(ascii: "\n"):
                return (start, fields + [String(decoding: field, as: UTF8.self)])
            default: field.append(byte)
            }
        }
        return (start, fields + [String(decoding: field, as: UTF8.self)])
    }
}
