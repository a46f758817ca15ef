import Kernel

/// Reads an invoice from the words on the pages of a PDF: a 数电票, or an older 增值税电子发票.
struct PDFInvoice {
    private let pages: [PDFPage]
    private let labels: PDFLabels
    private let first: PDFPage
    private var draft: EvidenceDraft

    /// `nil` if no page is an invoice.
    init?(_ words: PDFWords, file: String) {
        // The list of goods is no invoice; a title is on every page that is.
        guard let first = words.pages.first(where: { Self.title(of: $0) != nil }) else { return nil }
        pages = words.pages
        self.first = first
        labels = PDFLabels(page: first)
        let code = labels.first("发票代码").map(Self.digits)?.nonEmpty
        guard let number = labels.first("发票号码").map(Self.digits)?.nonEmpty else { return nil }
        draft = EvidenceDraft(kind: code == nil ? .einvPDF : .invPDF, file: file, part: "")
        draft.code = code
        draft.number = number
    }

    mutating func read(codes: [String]?, info: [String: String]) throws(EvidenceError) -> EvidenceDraft {
        draft.put("number", .optional(draft.number), from: "page text")
        draft.put("code", .optional(draft.code), from: "page text")
        draft.putDate("issueDate", labels.first("开票日期"), from: "page text")
        if draft.kind == .invPDF {
            draft.put("checkCode", .optional(labels.first("校验码").map(Self.digits)), from: "page text")
            draft.put("machineNo", .optional(labels.first("机器编号").map(Self.digits)), from: "page text")
        }
        readParties()
        let items = PDFItems(pages, names: draft.kind == .einvPDF ? .digital : .legacy)
        let words = capitals()
        try draft.putAmount("amountExTax", items.net, from: "page text")
        try draft.putAmount("tax", items.tax, from: "page text")
        try draft.putAmount("total", smallTotal(), from: "page text")
        draft.put("currency", .string(draft.currency.code))
        draft.put("totalInWords", .optional(words), from: "page text")
        draft.invoiceType = Self.title(of: first)
        draft.put("invoiceType", .optional(draft.invoiceType), from: "page text")
        if draft.kind == .invPDF {
            draft.put("payee", .optional(labels.first("收款人")), from: "page text")
            draft.put("reviewer", .optional(labels.first("复核", "复核人")), from: "page text")
        }
        draft.put("drawer", .optional(labels.first("开票人")), from: "page text")
        readRemark()
        draft.specialLabel = label()
        draft.put("specialLabel", .optional(draft.specialLabel), from: "page text")
        draft.put("items", .array(items.items.map(JSON.object)), from: "page text")
        if !items.subTable.isEmpty { draft.put("subTable", .array(items.subTable), from: "page text") }
        draft.passenger = items.subTable.lazy.compactMap { $0["出行人"]?.string }.first
        readInfo(info)
        draft.checkNumber()
        draft.checkSums()
        draft.checkLines(items.lines)
        draft.checkCapitals(words)
        draft.checkCodes(codes)
        draft.putRuleLines(items.lines)
        return draft
    }

    private static func digits(_ text: String) -> String {
        String(decoding: text.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }, as: UTF8.self)
    }

    private static func title(of page: PDFPage) -> String? {
        for row in page.rows.prefix(40) {
            if let word = row.first(where: { isInvoiceTitle($0.text) && !$0.text.contains("代码") }) { return word.text }
            // Some print the title in several pieces, larger than what stands beside it.
            let tallest = row.map(\.height).max() ?? 0
            let text = row.filter { $0.height * 10 >= tallest * 8 }.map(\.text).joined()
            if isInvoiceTitle(text) { return text }
        }
        return nil
    }

    private mutating func readParties() {
        // On the older form both stand below one another, on the newer side by side: the buyer first either way.
        let names = labels.all("名称").map(\.value)
        let ids = labels.all("纳税人识别号", "统一社会信用代码/纳税人识别号").map(\.value)
        func party(_ index: Int) -> EvidenceFile.Party {
            EvidenceFile.Party(
                name: index < names.count ? names[index] : nil, taxId: index < ids.count ? ids[index] : nil
            )
        }
        draft.putParties(buyer: party(0), from: "page text", seller: party(1), from: "page text")
    }

    /// The row of the total, on whichever page it is.
    private var totalRow: [PDFWord]? {
        pages.lazy.flatMap(\.rows).first { $0.map(\.text).joined().contains("价税合计") }
    }

    private func capitals() -> String? {
        totalRow?.lazy.map(\.text).first { ChineseCapitals.amount(of: $0) != nil && $0.count > 1 }
    }

    private func smallTotal() -> String? {
        guard let row = totalRow else { return nil }
        let text = row.map(\.text).joined()
        guard let range = text.range(ofFirst: "小写") else { return nil }
        return text[range...].drop { "）)".contains($0) }.drop { "¥￥ ".contains($0) }.nonEmptyAmount
    }

    private func label() -> String? {
        for row in first.rows {
            if row.contains(where: { $0.text.hasPrefix("项目名称") || $0.text.hasPrefix("货物或应税") }) { break }
            if let found = row.lazy.compactMap({ SpecialLabel(printed: $0.text) }).first { return found.text }
        }
        return nil
    }

    /// What stands in the box named 备注, line by line.
    private mutating func readRemark() {
        let page = pages.first { $0.rows.contains { $0.map(\.text).joined().contains("价税合计") } } ?? first
        let rows = page.rows
        let start = rows.firstIndex { $0.map(\.text).joined().contains("价税合计") } ?? 0
        let end = rows.lastIndex { $0.contains { $0.text.hasPrefix("开票人") } } ?? rows.count
        guard start < end, let mark = rows[start..<end].joined().first(where: { $0.text == "备" || $0.text == "备注" })
        else {
            return draft.put("remark", .null)
        }
        var lines: [String] = []
        for row in rows[(start + 1)..<end] {
            let inside = row.drop { $0.right <= mark.right + 500 }
            // The text begins at the edge of the box; stamps do not.
            guard let begin = inside.first, begin.left - mark.right < 2 * mark.height else { continue }
            var words: [PDFWord] = []
            for word in inside {
                if let last = words.last, word.left - last.right > 4 * word.height { break }
                words.append(word)
            }
            lines.append(PDFTable.joined(words))
        }
        let remark = lines.joined(separator: "\n").nonEmpty
        draft.put("remark", .optional(remark), from: "page text")
        draft.originalNumber = remark.flatMap(originalNumber(inRemark:))
        draft.isRed = draft.originalNumber != nil
        draft.put("originalInvoice", .optional(draft.originalNumber), from: "page text")
    }

    /// Some issuers repeat the fields in the document's information; a difference is a finding.
    private mutating func readInfo(_ info: [String: String]) {
        let names = [
            "/InvoiceNumber", "/IssueTime", "/TotalAmWithoutTax", "/TotalTaxAm", "/TotalTax-includedAmount",
            "/BuyerIdNum", "/SellerIdNum",
        ]
        draft.put("pdfInfo", .object(names.compactMap { name in info[name].map { (name, .string($0)) } }), from: "Info")
        func money(_ name: String) -> String? {
            (try? readAmount(info[name], field: name, currency: draft.currency))?.money?.text
        }
        draft.checkAgreement("info_number", info["/InvoiceNumber"], draft.number)
        draft.checkAgreement("info_net", money("/TotalAmWithoutTax"), draft.net?.text)
        draft.checkAgreement("info_tax", money("/TotalTaxAm"), draft.tax?.text)
        draft.checkAgreement("info_total", money("/TotalTax-includedAmount"), draft.total?.text)
        draft.checkAgreement("info_buyer", info["/BuyerIdNum"]?.nonEmpty, draft.buyer.taxId)
        draft.checkAgreement("info_seller", info["/SellerIdNum"]?.nonEmpty, draft.seller.taxId)
    }
}

extension String {
    /// Where a text first stands within this one, behind it.
    fileprivate func range(ofFirst text: String) -> String.Index? {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(text) { return rest.index(rest.startIndex, offsetBy: text.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}

extension Substring {
    fileprivate var nonEmptyAmount: String? {
        let amount = prefix { $0.isNumber || "-.,*".contains($0) }
        return amount.isEmpty ? nil : String(amount)
    }
}
