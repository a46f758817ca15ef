import Kernel
import Markup

/// Reads a 增值税电子发票 of 2020 to 2023 from the `original_invoice.xml` its OFD carries.
struct LegacyInvoice {
    private let root: XMLElement
    private var draft: EvidenceDraft

    static func fits(_ root: XMLElement) -> Bool { root.name == "eInvoice" && root.first("InvoiceNo") != nil }

    init(_ root: XMLElement, file: String, part: String) {
        self.root = root
        draft = EvidenceDraft(kind: .invOFD, file: file, part: part)
    }

    mutating func read(
        title: String?, attachments: [OFDAttachment], signatures: [SignatureFinding]
    ) throws(EvidenceError) -> EvidenceFile {
        func put(_ name: String, _ tag: String) {
            draft.put(name, .optional(root.first(tag)?.value), from: "eInvoice/" + tag)
        }
        draft.number = root.first("InvoiceNo")?.value
        draft.code = root.first("InvoiceCode")?.value
        put("number", "InvoiceNo")
        put("code", "InvoiceCode")
        draft.putDate("issueDate", root.first("IssueDate")?.value, from: "eInvoice/IssueDate")
        put("checkCode", "InvoiceCheckCode")
        put("machineNo", "MachineNo")
        put("typeCode", "TypeCode")
        draft.putParties(
            buyer: party("Buyer"), from: "eInvoice/Buyer", seller: party("Seller"), from: "eInvoice/Seller"
        )
        for (name, tag) in [
            ("amountExTax", "TaxExclusiveTotalAmount"), ("tax", "TaxTotalAmount"), ("total", "TaxInclusiveTotalAmount"),
        ] {
            try draft.putAmount(name, root.first(tag)?.text, from: "eInvoice/" + tag)
        }
        draft.put("currency", .string(draft.currency.code))
        put("graphCode", "GraphCode")
        let note = root.first("Note")?.text ?? ""
        draft.put("remark", note.isEmpty ? .null : .string(note), from: "eInvoice/Note")
        let lines = readLines()
        draft.invoiceType = title
        draft.put("invoiceType", .optional(title), from: "page text")
        draft.put("attachments", .array(attachments.map(\.json)))
        draft.signatures = signatures
        draft.checkNumber()
        draft.checkSums()
        draft.checkLines(lines)
        draft.checkCodes(root.first("GraphCode")?.value.map { [$0] })
        draft.putRuleLines(lines)
        return try draft.finish()
    }

    private func party(_ tag: String) -> EvidenceFile.Party {
        let element = root.first(tag)
        return EvidenceFile.Party(
            name: element?.first(tag + "Name")?.value, taxId: element?.first(tag + "TaxID")?.value)
    }

    private mutating func readLines() -> [LineAmounts] {
        let goods = root.first("GoodsInfos")?.all("GoodsInfo") ?? []
        draft.put(
            "items",
            .array(
                goods.map { item in
                    .object(item.children.compactMap { $0.text.isEmpty ? nil : ($0.name, .string($0.text)) })
                }
            ),
            from: "eInvoice/GoodsInfos/GoodsInfo"
        )
        return goods.map { item in
            LineAmounts(
                name: item.first("Item")?.value, net: item.first("Amount")?.text, tax: item.first("TaxAmount")?.text,
                taxRate: item.first("TaxScheme")?.text, currency: draft.currency
            )
        }
    }
}
