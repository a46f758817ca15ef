import Kernel

/// Writes the journal format that ledger began and hledger continues.
struct JournalWriter {
    enum Dialect {
        case hledger
        case ledger
    }

    let export: LedgerExport
    let dialect: Dialect

    func text() -> String {
        var text = "; \(Self.plain(export.title))\n\n"
        text += declarations + "\n"
        if !export.openings.isEmpty { text += opening + "\n" }
        for posted in export.vouchers { text += transaction(posted) + "\n" }
        return text
    }

    /// `资产:1002-银行存款`, with every account above it between.
    static func name(_ code: AccountCode, in chart: Chart) -> String {
        let path = chart.path(of: code)
        guard let top = path.first else { return code.text }
        return ([root(top)] + path.map { "\($0.code.text)-\(component($0.name))" }).joined(separator: ":")
    }

    private static func root(_ account: Account) -> String {
        switch account.root {
        case .assets: "资产"
        case .liabilities: "负债"
        case .equity: "所有者权益"
        case .income: "收入"
        case .expenses: "费用"
        }
    }

    private var declarations: String {
        var lines: [String] = []
        switch dialect {
        case .hledger:
            lines.append("decimal-mark .")
            for currency in export.currencies {
                // hledger wants a decimal mark in the sample even where no decimals follow.
                lines.append("commodity \(sample(currency))\(currency.minorDigits == 0 ? "." : "") \(currency.code)")
            }
            for (name, type) in [("资产", "A"), ("负债", "L"), ("所有者权益", "E"), ("收入", "R"), ("费用", "X")] {
                lines.append("account \(name)  ; type:\(type)")
            }
        case .ledger:
            for currency in export.currencies {
                lines += ["commodity \(currency.code)", "    format \(sample(currency)) \(currency.code)"]
            }
            let tags = ["attachments", "case", "reverses", "summary", "cash_flow_item", "quantity"]
            lines += (tags + export.dimensionKinds.map(Self.tag)).map { "tag \($0)" }
        }
        lines += export.accounts.map { "account \(Self.name($0, in: export.chart))" }
        return lines.map { $0 + "\n" }.joined()
    }

    private func sample(_ currency: Currency) -> String {
        currency.minorDigits == 0 ? "1000" : "1000." + String(repeating: "0", count: currency.minorDigits)
    }

    private var opening: String {
        var text = "\(export.openingDay) * 期初余额\n"
        for (key, balance) in export.openings {
            text += postings(key.account, export.amounts(of: key, balance), tags: tags(key.dimensions))
        }
        return text
    }

    private func transaction(_ posted: PostedVoucher) -> String {
        let voucher = posted.voucher
        var text = "\(voucher.date) * (\(posted.number.text)) \(Self.plain(voucher.summary))\n"
        text += comment("attachments", String(voucher.attachments))
        if let caseID = voucher.caseID { text += comment("case", caseID) }
        if let reverses = voucher.reverses { text += comment("reverses", reverses.text) }
        for line in voucher.lines {
            var tags = tags(line.dimensions)
            if !line.summary.isEmpty, line.summary != voucher.summary { tags.append(("summary", line.summary)) }
            if let item = line.cashFlowItem { tags.append(("cash_flow_item", item)) }
            if let quantity = line.quantity { tags.append(("quantity", "\(quantity.text) \(line.unit ?? "")")) }
            text += postings(line.account, export.amounts(of: line), tags: tags)
        }
        return text
    }

    private func postings(_ account: AccountCode, _ amounts: [String], tags: [(String, String)]) -> String {
        let comments = tags.map { comment($0.0, $0.1) }.joined()
        return amounts.map { "    \(Self.name(account, in: export.chart))  \($0)\n" + comments }.joined()
    }

    private func tags(_ dimensions: Dimensions) -> [(String, String)] {
        dimensions.items.map { (Self.tag($0.kind), $0.code) }
    }

    private func comment(_ name: String, _ value: String) -> String {
        "    ; \(name): \(Self.plain(value))\n"
    }

    /// A tag has no space and no colon in its name.
    private static func tag(_ kind: String) -> String {
        String(kind.map { $0.isWhitespace || ":,;[]".contains($0) ? "_" : $0 })
    }

    private static func component(_ name: String) -> String {
        String(plain(name).map { $0 == ":" ? "：" : $0 })
    }

    /// One line of text without the marks that mean something in a journal.
    ///
    /// A bracketed date in a comment would move the posting to that date, a semicolon would begin a comment, a comma
    /// would end a tag, and two spaces would end an account.
    private static func plain(_ text: String) -> String {
        let marks: [Character: Character] = [";": "；", "[": "【", "]": "】", ",": "，", "|": "｜"]
        let scalars = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        let words = String(String.UnicodeScalarView(scalars)).split(whereSeparator: \.isWhitespace)
        return String(words.joined(separator: " ").map { marks[$0] ?? $0 })
    }
}
