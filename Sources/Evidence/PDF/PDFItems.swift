import Kernel

/// The goods on the pages of an invoice: lines between the names of the columns and the row of sums.
struct PDFItems {
    private(set) var items: [[JSON.Member]] = []
    private(set) var lines: [LineAmounts] = []
    /// The sums under 金额 and 税额 of the last row named 合计.
    private(set) var net: String?
    private(set) var tax: String?
    private(set) var subTable: [JSON] = []

    private let names: Names

    /// What a column is called in the answer: the two generations of invoices differ.
    struct Names: Sendable {
        let name: String
        let known: [String: String]

        static let digital = Names(
            name: "ItemName",
            known: [
                "规格型号": "SpecMod", "单位": "MeaUnits", "数量": "Quantity", "单价": "UnPrice", "金额": "Amount",
                "税率/征收率": "TaxRate", "税率": "TaxRate", "税额": "ComTaxAm",
            ]
        )
        static let legacy = Names(
            name: "Item",
            known: [
                "规格型号": "Specification", "单位": "MeasurementDimension", "数量": "Quantity", "单价": "Price", "金额": "Amount",
                "税率": "TaxScheme", "税率/征收率": "TaxScheme", "税额": "TaxAmount",
            ]
        )
    }

    private static let nameColumns = ["项目名称", "货物或应税劳务、服务名称", "货物（劳务）名称", "货物(劳务)名称", "货物或应税劳务名称"]

    init(_ pages: [PDFPage], names: Names) {
        self.names = names
        var isList = false
        for page in pages {
            guard let start = page.rows.firstIndex(where: Self.isHeader) else { continue }
            let header = page.rows[start]
            // Goods stand on the list when there is one; the first page only refers to it.
            if !isList, header.first?.text == "序号" {
                isList = true
                (items, lines) = ([], [])
            }
            read(page, PDFTable(header: header), from: start + 1)
        }
    }

    private static func isHeader(_ row: [PDFWord]) -> Bool {
        let texts = row.map(\.text)
        return texts.contains { nameColumns.contains($0) } && texts.joined().contains("金额")
    }

    private mutating func read(_ page: PDFPage, _ table: PDFTable, from start: Int) {
        guard let amount = table.index("金额"), let name = Self.nameColumns.lazy.compactMap({ table.index($0) }).first
        else { return }
        var open: [PDFTable.Line] = []
        var items: [[PDFTable.Line]] = []
        var end = start
        for (position, row) in page.rows.enumerated().dropFirst(start) {
            end = position
            if Self.isSum(row) { break }
            let line = table.line(row)
            // The amount stands on the first line of an item.
            if !line[amount].isEmpty {
                if !open.isEmpty { items.append(open) }
                open = [line]
            } else if !open.isEmpty, !line[name].isEmpty || line.contains(where: { !$0.isEmpty }) {
                open.append(line)
            }
        }
        if !open.isEmpty { items.append(open) }
        let edges = table.columns.indices.map { column in
            items.joined().compactMap { $0[column].last?.right }.max() ?? 0
        }
        for item in items { add(item, table, edges: edges, name: name) }
        readSums(page, table, amount: amount, from: end)
    }

    private static func isSum(_ row: [PDFWord]) -> Bool {
        let text = row.prefix(2).map(\.text).joined()
        return text.hasPrefix("合计") || text.hasPrefix("小计") || text.hasPrefix("总计") || text.hasPrefix("价税合计")
    }

    private mutating func add(_ item: [PDFTable.Line], _ table: PDFTable, edges: [Int], name: Int) {
        var members: [JSON.Member] = []
        var extra: [JSON.Member] = []
        var values: [String: String] = [:]
        for (index, column) in table.columns.enumerated() where column.name != "序号" {
            guard let text = PDFTable.text(item.map { $0[index] }, edge: edges[index]) else { continue }
            let key = index == name ? names.name : names.known[column.name]
            if let key {
                values[column.name] = text
                members.append(JSON.Member(key, .string(text)))
            } else {
                extra.append(JSON.Member(column.name, .string(text)))
            }
        }
        if !extra.isEmpty { members.append(JSON.Member("extra", .object(extra))) }
        items.append(members)
        lines.append(
            LineAmounts(
                name: values[table.columns[name].name], net: values["金额"], tax: values["税额"],
                taxRate: values["税率/征收率"] ?? values["税率"], currency: .cny
            )
        )
    }

    /// The row of sums, and the table of passengers or the like that may follow it.
    private mutating func readSums(_ page: PDFPage, _ table: PDFTable, amount: Int, from start: Int) {
        guard let row = page.rows[start...].first(where: { $0.prefix(2).map(\.text).joined().hasPrefix("合计") }) else {
            return
        }
        let line = table.line(row)
        net = Self.amount(line[amount])
        tax = table.index("税额").flatMap { Self.amount(line[$0]) }
        var inner: PDFTable?
        for row in page.rows[start...].drop(while: { !$0.prefix(2).map(\.text).joined().hasPrefix("合计") }).dropFirst() {
            if row.map(\.text).joined().hasPrefix("价税合计") { break }
            // A stamp may reach over the sums; a table has columns.
            guard let known = inner else {
                if row.count >= 3 { inner = PDFTable(header: row) }
                continue
            }
            subTable.append(
                .object(
                    zip(known.columns, known.line(row)).compactMap { column, words in
                        words.isEmpty ? nil : (column.name, .string(PDFTable.joined(words)))
                    }
                )
            )
        }
    }

    private static func amount(_ words: [PDFWord]) -> String? {
        words.map(\.text).joined().withoutCurrencySign.nonEmpty
    }
}
