import Kernel
import Markup

/// Reads a 数电票 from the XML of the tax platform: root `EInvoice`, no namespace, tags of version 0.37.
struct EInvoiceXML {
    private let root: XMLElement
    private var draft: EvidenceDraft

    /// Whether a document is of this form, and not the fiscal bill that shares its root.
    static func fits(_ root: XMLElement) -> Bool {
        root.name == "EInvoice" && root.first("EInvoiceData") != nil && root.at("EInvoiceData", "Main") == nil
    }

    init(_ root: XMLElement, kind: EvidenceKind, file: String, part: String) {
        self.root = root
        draft = EvidenceDraft(kind: kind, file: file, part: part)
    }

    /// - Parameters:
    ///   - attachments: The attachments of the OFD that carries the data; `nil` for the bare XML.
    ///   - signatures: The findings on that OFD's signatures, which come on top of the data's own.
    mutating func read(
        attachments: [OFDAttachment]? = nil, signatures: [SignatureFinding] = []
    ) throws(EvidenceError) -> EvidenceFile {
        readIdentity()
        readParties()
        try readTotals()
        let lines = readLines()
        readSpecifics()
        if let attachments { draft.put("attachments", .array(attachments.map(\.json))) }
        let isSigned = root.first("TaxBureauSignature") != nil
        let own: [SignatureFinding] =
            isSigned ? [.unverified(covers: [draft.part.isEmpty ? draft.file : draft.part])] : []
        let all = own + signatures.filter { $0.state != .absent }
        draft.signatures = all.isEmpty ? [.absentByDesign] : all
        draft.checkNumber()
        draft.checkAgreement("number_agrees", supervised, header)
        draft.checkSums()
        draft.checkLines(lines)
        draft.checkCapitals(root.at("EInvoiceData", "BasicInformation", "TotalTax-includedAmountInChinese")?.value)
        draft.putRuleLines(lines)
        return try draft.finish()
    }

    private var supervised: String? { root.at("TaxSupervisionInfo", "InvoiceNumber")?.value }
    private var header: String? { root.at("Header", "EIid")?.value }

    private mutating func readIdentity() {
        draft.number = supervised ?? header
        draft.put(
            "number", .optional(draft.number),
            from: supervised != nil ? "EInvoice/TaxSupervisionInfo/InvoiceNumber" : "EInvoice/Header/EIid"
        )
        draft.put("code", .null)
        draft.putDate(
            "issueDate", root.at("TaxSupervisionInfo", "IssueTime")?.value,
            from: "EInvoice/TaxSupervisionInfo/IssueTime"
        )
    }

    private mutating func readParties() {
        let buyer = root.at("EInvoiceData", "BuyerInformation")
        let seller = root.at("EInvoiceData", "SellerInformation")
        draft.putParties(
            buyer: EvidenceFile.Party(name: buyer?.first("BuyerName")?.value, taxId: buyer?.first("BuyerIdNum")?.value),
            from: "EInvoice/EInvoiceData/BuyerInformation",
            seller: EvidenceFile.Party(
                name: seller?.first("SellerName")?.value, taxId: seller?.first("SellerIdNum")?.value
            ),
            from: "EInvoice/EInvoiceData/SellerInformation"
        )
    }

    private mutating func readTotals() throws(EvidenceError) {
        let path = "EInvoice/EInvoiceData/BasicInformation/"
        let basic = root.at("EInvoiceData", "BasicInformation")
        for (name, tag) in [
            ("amountExTax", "TotalAmWithoutTax"), ("tax", "TotalTaxAm"), ("total", "TotalTax-includedAmount"),
        ] {
            try draft.putAmount(name, basic?.first(tag)?.text, from: path + tag)
        }
        draft.put("currency", .string(draft.currency.code))
        let label = root.at("Header", "InherentLabel", "GeneralOrSpecialVAT")
        draft.put(
            "vatKind", .optional(label?.first("LabelName")?.value),
            from: "EInvoice/Header/InherentLabel/GeneralOrSpecialVAT/LabelName"
        )
        draft.invoiceType = Self.invoiceType(
            name: label?.first("LabelName")?.value, code: label?.first("LabelCode")?.value
        )
        draft.put("drawer", .optional(basic?.first("Drawer")?.value), from: path + "Drawer")
        let remark = root.at("EInvoiceData", "AdditionalInformation", "Remark")
        draft.put(
            "remark", remark.map { $0.isSelfClosed ? .null : .string($0.text) } ?? .null,
            from: "EInvoice/EInvoiceData/AdditionalInformation/Remark"
        )
    }

    /// The title printed on the invoice; the label comes with and without brackets.
    static func invoiceType(name: String?, code: String?) -> String? {
        if name?.contains("专用") == true || (name == nil && code == "01") { return "电子发票（增值税专用发票）" }
        if name?.contains("普通") == true || (name == nil && code == "02") { return "电子发票（普通发票）" }
        return nil
    }

    private mutating func readLines() -> [LineAmounts] {
        let red = root.at("EInvoiceData", "SpecificInformation", "RedEInvoice")
        let remark = root.at("EInvoiceData", "AdditionalInformation", "Remark")?.text
        draft.originalNumber = red?.first("OriginalInvoiceCode")?.value ?? remark.flatMap(originalNumber(inRemark:))
        draft.put(
            "originalInvoice", .optional(draft.originalNumber),
            from: "EInvoice/EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode"
        )
        let kind = root.at("Header", "InherentLabel", "InIssuType")
        draft.isRed = red != nil || kind?.first("LabelName")?.value?.contains("红字") == true
        let items = root.first("EInvoiceData")?.all("IssuItemInformation") ?? []
        draft.put(
            "items",
            .array(
                items.map { item in
                    .object(item.children.compactMap { field in field.value.map { (field.name, .string($0)) } })
                }
            ),
            from: "EInvoice/EInvoiceData/IssuItemInformation"
        )
        return items.map { item in
            LineAmounts(
                name: item.first("ItemName")?.value, net: item.first("Amount")?.text, tax: item.first("ComTaxAm")?.text,
                taxRate: item.first("TaxRate")?.text, currency: draft.currency
            )
        }
    }

    private mutating func readSpecifics() {
        let specifics = root.at("EInvoiceData", "SpecificInformation")
        if let specifics, !specifics.children.isEmpty {
            draft.put("specificInformation", nested(specifics), from: "EInvoice/EInvoiceData/SpecificInformation")
        }
        let travellers = (specifics?.all("PassengerTransportation") ?? []).compactMap { $0.first("Traveler")?.value }
        draft.passenger = travellers.first
        if Set(travellers).count > 1 {
            draft.ruleMembers.append(JSON.Member("passengers", .array(travellers.map(JSON.string))))
        }
        let printed = root.first("Header").flatMap(SpecialLabel.first(in:))
        draft.specialLabel =
            printed ?? specifics?.children.lazy.compactMap { SpecialLabel(element: $0.name)?.text }.first
    }
}

/// An element as JSON: a leaf is its text, children of one name that repeat are an array.
func nested(_ element: XMLElement) -> JSON {
    guard !element.children.isEmpty else { return element.isSelfClosed ? .null : .string(element.trimmed) }
    var names: [String] = []
    var values: [String: [JSON]] = [:]
    for child in element.children {
        if values[child.name] == nil { names.append(child.name) }
        values[child.name, default: []].append(nested(child))
    }
    return .object(
        names.map { name in
            let values = values[name] ?? []
            return (name, values.count == 1 ? values[0] : .array(values))
        }
    )
}

/// The 20 digits a red invoice's remark names: 被红冲蓝字数电发票号码：….
func originalNumber(inRemark remark: String) -> String? {
    guard remark.contains("被红冲蓝字"), let colon = remark.firstIndex(where: { $0 == "：" || $0 == ":" }) else { return nil }
    let digits = remark[remark.index(after: colon)...].utf8
        .drop { $0 == 0x20 }.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return digits.count == 20 ? String(decoding: digits, as: UTF8.self) : nil
}
