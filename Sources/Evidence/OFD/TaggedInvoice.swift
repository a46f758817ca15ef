import Kernel
import Markup

/// Reads an invoice from an OFD that attaches no data: a 数电票 of the tax bureau, or an older 增值税电子发票.
///
/// The tags name the texts on the page. `CustomDatas` confirm them, and stand in where a tag is missing.
struct TaggedInvoice {
    private var package: OFDPackage
    private var tags: CustomTags
    private let datas: [String: String]
    private var draft: EvidenceDraft

    init(_ package: OFDPackage, file: String) throws(EvidenceError) {
        var package = package
        tags = try CustomTags(of: &package)
        var datas: [String: String] = [:]
        for data in package.customDatas where datas[data.name] == nil { datas[data.name] = data.value.trimmed }
        self.datas = datas
        self.package = package
        let code = tags.first("InvoiceCode")?.value.nonEmpty ?? datas["发票代码"]?.nonEmpty
        draft = EvidenceDraft(kind: code == nil ? .einvOFD : .invOFD, file: file, part: tags.part)
        draft.code = code
    }

    /// Whether tags or data give a number of 20 digits, or one of 8 with a code.
    var isInvoice: Bool {
        guard let number = taggedNumber ?? datas["发票号码"] else { return false }
        return number.utf8.count == (draft.code == nil ? 20 : 8)
    }

    private var taggedNumber: String? {
        tags.first("InvoiceNo", "TaxSupervisionInfo.InvoiceNumber", "InvoiceNumber", "EIid")?.value.trimmed
    }

    mutating func read(
        attachments: [OFDAttachment], signatures: OFDSignatures
    ) throws(EvidenceError) -> EvidenceFile {
        let face = try readFace()
        draft.number = taggedNumber ?? datas["发票号码"]
        draft.put("number", .optional(draft.number), from: "InvoiceNo")
        draft.put("code", .optional(draft.code), from: "InvoiceCode")
        let date = tags.first("IssueDate", "IssueTime")
        draft.putDate("issueDate", date?.value.trimmed ?? datas["开票日期"], from: date?.path ?? "CustomData/开票日期")
        readParties()
        try readTotals(words: face.words)
        draft.put("currency", .string(draft.currency.code))
        let drawer = tags.first("InvoiceClerk", "Drawer")
        draft.put("drawer", .optional(drawer?.value.trimmed), from: drawer?.path)
        if let words = face.words { draft.put("totalInWords", .string(words), from: "page text") }
        draft.put("customTagValues", tags.json)
        draft.put("customDatas", .object(package.customDatas.map { ($0.name, .string($0.value)) }), from: "OFD.xml")
        draft.invoiceType = face.title
        draft.specialLabel = face.label
        draft.put("invoiceType", .optional(face.title), from: "page text")
        draft.put("pages", .integer(package.pageIDs.count))
        draft.put("attachments", .array(attachments.map(\.json)))
        readRed()
        draft.passenger = tags.first("Traveler", "PassengerName")?.value.trimmed
        // The fields are the texts of the page, which the tags only name.
        let page = try package.pagePath(package.pageIDs.first) ?? ""
        draft.signatures = signatures.findings(on: page, absent: draft.code == nil ? .absentByDesign : .absent)
        check(face)
        return try draft.finish()
    }

    private mutating func readParties() {
        let buyerName = tags.first("BuyerName")
        let buyerId = tags.first("BuyerTaxID", "BuyerIdNum")
        let sellerName = tags.first("SellerName")
        let sellerId = tags.first("SellerTaxID", "SellerIdNum")
        draft.putParties(
            buyer: EvidenceFile.Party(
                name: buyerName?.value.nonEmpty ?? datas["购买方名称"],
                taxId: buyerId?.value.nonEmpty ?? datas["购买方纳税人识别号"]?.nonEmpty
            ),
            from: buyerName?.path ?? "CustomData",
            seller: EvidenceFile.Party(
                name: sellerName?.value.nonEmpty ?? datas["销售方名称"],
                taxId: sellerId?.value.nonEmpty ?? datas["销售方纳税人识别号"]?.nonEmpty
            ),
            from: sellerName?.path ?? "CustomData"
        )
    }

    private mutating func readTotals(words: String?) throws(EvidenceError) {
        try putTotal("amountExTax", tags.first("TaxExclusiveTotalAmount", "TotalAmWithoutTax"), data: "合计金额")
        try putTotal("tax", tags.first("TaxTotalAmount", "TotalTaxAm"), data: "合计税额")
        let tag = tags.first("TaxInclusiveTotalAmount", "TotalTax-includedAmount")
        if tag?.value.withoutCurrencySign.nonEmpty != nil || datas["价税合计"] != nil {
            try putTotal("total", tag, data: "价税合计")
        } else if let net = draft.net {
            // One tag family refers to the sign alone; the sum of the parts is then the total, and words confirm it.
            try draft.putAmount("total", (net + (draft.tax ?? .zero(draft.currency))).text, from: "computed")
        } else {
            try draft.putAmount("total", words.flatMap(ChineseCapitals.amount(of:))?.text, from: "page text")
        }
    }

    private mutating func putTotal(_ name: String, _ tag: CustomTags.Tag?, data: String) throws(EvidenceError) {
        let tagged = tag?.value.withoutCurrencySign.nonEmpty
        try draft.putAmount(name, tagged ?? datas[data], from: tagged == nil ? "CustomData/\(data)" : tag?.path)
    }

    private mutating func readRed() {
        let remark = tags.first("Note", "Remark")?.value
        draft.originalNumber =
            tags.first("OriginalInvoiceCode", "OriginalInvoiceNo")?.value.trimmed
            ?? remark.flatMap(originalNumber(inRemark:))
        draft.put("originalInvoice", .optional(draft.originalNumber), from: "Note")
        draft.isRed = draft.originalNumber != nil
    }

    private mutating func check(_ face: Face) {
        let names = tags.all("Item", "ItemName")
        let nets = tags.all("Amount")
        let taxes = tags.all("TaxAmount", "ComTaxAm")
        let rates = tags.all("TaxScheme", "TaxRate")
        // Lists of other lengths cannot be told apart by line.
        let isEven = names.count == nets.count && taxes.count == nets.count && rates.count == nets.count
        let lines = nets.enumerated().map { index, net in
            LineAmounts(
                name: isEven ? names[index].trimmed : nil, net: net.withoutCurrencySign,
                tax: index < taxes.count ? taxes[index].withoutCurrencySign : nil,
                taxRate: isEven ? rates[index] : nil, currency: draft.currency
            )
        }
        draft.checkNumber()
        draft.checkAgreement("number_agrees", taggedNumber, datas["发票号码"])
        draft.checkAgreement("net_agrees", draft.net?.text, money(datas["合计金额"])?.text)
        draft.checkAgreement("tax_agrees", draft.tax?.text, money(datas["合计税额"])?.text)
        draft.checkSums()
        if taxes.count == nets.count { draft.checkLines(lines) }
        draft.checkCapitals(face.words)
        draft.putRuleLines(isEven ? lines : [])
    }

    private func money(_ text: String?) -> Money? {
        // A second opinion that cannot be read is none; the tag has been read strictly.
        (try? readAmount(text, field: "CustomData", currency: draft.currency))?.money
    }

    private struct Face {
        var title: String?
        var label: String?
        var words: String?
    }

    private mutating func readFace() throws(EvidenceError) -> Face {
        guard let first = package.pageIDs.first else { return Face() }
        var face = Face()
        read(try package.pageText(first), into: &face)
        if face.title == nil { read(try package.templateText(ofPage: first), into: &face) }
        return face
    }

    private func read(_ page: OFDPageText, into face: inout Face) {
        for object in page.objects {
            let text = object.text.trimmed
            if face.title == nil, isInvoiceTitle(text) { face.title = text }
            if face.label == nil, let label = SpecialLabel(printed: text) { face.label = label.text }
            if face.words == nil, ChineseCapitals.looksLikeOne(text), ChineseCapitals.amount(of: text) != nil {
                face.words = text
            }
        }
    }
}

/// Whether a text is the title of an invoice: 电子发票（普通发票）, 浙江增值税电子普通发票.
func isInvoiceTitle(_ text: String) -> Bool {
    // Most texts of a page are other; the last letter tells at once.
    guard text.utf8.last == 0xA8 || text.utf8.last == 0x89, text.utf8.count <= 120 else { return false }
    return (text.hasPrefix("电子发票（") && text.hasSuffix("）")) || (text.hasSuffix("发票") && text.contains("增值税"))
}

extension String {
    var nonEmpty: String? {
        let text = trimmed
        return text.isEmpty ? nil : text
    }

    /// The amount behind a yuan sign of either form.
    var withoutCurrencySign: String {
        let text = trimmed
        return text.first == "¥" || text.first == "￥" ? String(text.dropFirst()).trimmed : text
    }
}
