import Kernel

/// Writes beancount's format, version 2.
struct BeancountWriter {
    let export: LedgerExport

    func text() -> String {
        var text = "option \"title\" \(quoted(export.title))\n"
        text += "option \"operating_currency\" \"\(export.base.code)\"\n\n"
        for code in export.accounts {
            text += "\(export.openingDay) open \(name(code))\n"
            text += meta("code", code.text, indent: 2) + meta("name", export.chart.fullName(of: code), indent: 2)
        }
        text += "\n"
        if !export.openings.isEmpty { text += opening + "\n" }
        for posted in export.vouchers { text += transaction(posted) + "\n" }
        return text
    }

    /// `Assets:C1002-银行存款`. Each part begins with a letter, because older versions ask for a capital there.
    func name(_ code: AccountCode) -> String {
        let path = export.chart.path(of: code)
        guard let top = path.first else { return code.text }
        return ([top.root.rawValue] + path.map { "C\(component($0.code.text))-\(component($0.name))" })
            .joined(separator: ":")
    }

    private var opening: String {
        var text = "\(export.openingDay) * \"期初余额\"\n"
        for (key, balance) in export.openings {
            let dimensions = key.dimensions.isEmpty ? "" : meta("dimensions", key.dimensions.key, indent: 4)
            for amount in export.amounts(of: key, balance) {
                text += "  \(name(key.account))  \(amount)\n" + dimensions
            }
        }
        return text
    }

    private func transaction(_ posted: PostedVoucher) -> String {
        let voucher = posted.voucher
        var text = "\(voucher.date) * \(quoted(voucher.summary))\n"
        text += meta("number", posted.number.text, indent: 2)
        text += "  attachments: \(voucher.attachments)\n"
        if let caseID = voucher.caseID { text += meta("case", caseID, indent: 2) }
        if let reverses = voucher.reverses { text += meta("reverses", reverses.text, indent: 2) }
        for line in voucher.lines {
            let details = metadata(of: line, in: voucher)
            for amount in export.amounts(of: line) { text += "  \(name(line.account))  \(amount)\n" + details }
        }
        return text
    }

    private func metadata(of line: VoucherLine, in voucher: Voucher) -> String {
        var text = ""
        if !line.dimensions.isEmpty { text += meta("dimensions", line.dimensions.key, indent: 4) }
        if !line.summary.isEmpty, line.summary != voucher.summary { text += meta("summary", line.summary, indent: 4) }
        if let item = line.cashFlowItem { text += meta("cash-flow-item", item, indent: 4) }
        if let quantity = line.quantity { text += "    quantity: \(quantity.text)\n" }
        if let unit = line.unit { text += meta("unit", unit, indent: 4) }
        return text
    }

    private func meta(_ name: String, _ value: String, indent: Int) -> String {
        "\(String(repeating: " ", count: indent))\(name): \(quoted(value))\n"
    }

    /// Letters and digits of any script; every other mark becomes a dash.
    private func component(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
                scalars.append(scalar)
            default:
                scalars.append("-")
            }
        }
        return String(scalars)
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
