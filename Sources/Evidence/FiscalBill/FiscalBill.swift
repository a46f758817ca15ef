import Kernel
import Markup

/// Reads a 财政电子票据 from its own XML: root `EInvoice` with `Main` and `EInvoiceCode`.
struct FiscalBill {
    private let root: XMLElement
    private var draft: EvidenceDraft

    static func fits(_ root: XMLElement) -> Bool {
        root.name == "EInvoice" && root.at("EInvoiceData", "Main", "EInvoiceCode") != nil
    }

    init(_ root: XMLElement, file: String, part: String) throws(EvidenceError) {
        self.root = root
        let name = root.at("EInvoiceData", "Main", "CurrencyType")?.value
        // The norm leaves the currency empty for yuan; some write its number of ISO 4217.
        let code = name == nil || name == "156" || name == "人民币" ? "CNY" : name ?? "CNY"
        guard let currency = Currency(code) else { throw EvidenceError(.missingField("CurrencyType")) }
        draft = EvidenceDraft(kind: .efi, file: file, part: part, currency: currency)
    }

    /// - Parameters:
    ///   - attachments: The attachments of the OFD that carries the bill; `nil` for the bare XML.
    ///   - signatures: The findings on that OFD's signatures, which come on top of the bill's own.
    mutating func read(
        attachments: [OFDAttachment]? = nil, signatures: [SignatureFinding] = []
    ) throws(EvidenceError) -> EvidenceFile {
        guard let main = root.at("EInvoiceData", "Main") else { throw EvidenceError(.missingField("Main")) }
        let path = "EInvoice/EInvoiceData/Main/"
        func put(_ name: String, _ tag: String) { draft.put(name, .optional(main.first(tag)?.value), from: path + tag) }
        draft.number = main.first("EInvoiceNumber")?.value
        draft.code = main.first("EInvoiceCode")?.value
        put("number", "EInvoiceNumber")
        put("code", "EInvoiceCode")
        draft.put("eInvoiceId", .optional(root.at("Header", "EInvoiceID")?.value), from: "EInvoice/Header/EInvoiceID")
        draft.put(
            "eInvoiceTag", .optional(root.at("Header", "EInvoiceTag")?.value), from: "EInvoice/Header/EInvoiceTag")
        put("billName", "EInvoiceName")
        put("randomNumber", "RandomNumber")
        draft.putDate("issueDate", main.first("IssueDate")?.value, from: path + "IssueDate")
        readParties(main)
        draft.put("amountExTax", .null)
        draft.put("tax", .null)
        try draft.putAmount("total", main.first("TotalAmount")?.text, from: path + "TotalAmount")
        draft.put("currency", .string(draft.currency.code))
        readOriginal(main)
        put("remark", "Remark")
        draft.invoiceType = main.first("EInvoiceName")?.value
        readLines(main)
        if let attachments { draft.put("attachments", .array(attachments.map(\.json))) }
        let isSigned = root.first("EInvoiceSignature") != nil
        let own: [SignatureFinding] =
            isSigned ? [.unverified(covers: [draft.part.isEmpty ? draft.file : draft.part])] : []
        let all = own + signatures.filter { $0.state != .absent }
        draft.signatures = all.isEmpty ? [.absent] : all
        draft.checkNumber()
        draft.checkAgreement(
            "number_agrees", root.at("Header", "EInvoiceID")?.value, (draft.code ?? "") + (draft.number ?? "")
        )
        checkItems()
        return try draft.finish()
    }

    private mutating func readParties(_ main: XMLElement) {
        let issuer = main.first("InvoicingParty")
        let payer = main.first("PayerParty")
        draft.seller = EvidenceFile.Party(
            name: issuer?.first("InvoicingPartyName")?.value, taxId: issuer?.first("InvoicingPartyCode")?.value
        )
        draft.buyer = EvidenceFile.Party(
            name: payer?.first("PayerPartyName")?.value, taxId: payer?.first("PayerPartyCode")?.value
        )
        draft.put(
            "issuer", .object([("name", .optional(draft.seller.name)), ("code", .optional(draft.seller.taxId))]),
            from: "EInvoice/EInvoiceData/Main/InvoicingParty"
        )
        draft.put(
            "payer",
            .object([
                ("name", .optional(draft.buyer.name)), ("code", .optional(draft.buyer.taxId)),
                ("type", .optional(payer?.first("PayerPartyType")?.value)),
            ]),
            from: "EInvoice/EInvoiceData/Main/PayerParty"
        )
    }

    private mutating func readOriginal(_ main: XMLElement) {
        let code = main.at("MainExt", "RelatedInvoiceCode")?.value
        let number = main.at("MainExt", "RelatedInvoiceNumber")?.value
        draft.originalNumber = number.map { number in code.map { "\($0)-\(number)" } ?? number }
        draft.put(
            "originalInvoice", .optional(draft.originalNumber),
            from: "EInvoice/EInvoiceData/Main/MainExt/RelatedInvoiceNumber"
        )
    }

    private mutating func readLines(_ main: XMLElement) {
        func list(_ group: String, _ name: String) -> JSON {
            .array(
                (root.at("EInvoiceData", group)?.all(name) ?? []).map { item in
                    .object(item.children.map { ($0.name, .optional($0.value)) })
                }
            )
        }
        draft.put("items", list("Details", "Item"), from: "EInvoice/EInvoiceData/Details/Item")
        draft.put("auxItems", list("AuxDetails", "AuxItem"), from: "EInvoice/EInvoiceData/AuxDetails/AuxItem")
        let payments = ["FundPayAmount", "AccountPayAmount", "OwnPayAmount"].compactMap { name in
            main.at("MainExt", name)?.value.map { (name, JSON.string($0)) }
        }
        if !payments.isEmpty {
            draft.put("medical", .object(payments), from: "EInvoice/EInvoiceData/Main/MainExt")
        }
    }

    private mutating func checkItems() {
        guard let total = draft.total else { return }
        let amounts = (root.at("EInvoiceData", "Details")?.all("Item") ?? []).map { item in
            (try? readAmount(item.first("ItemAmount")?.text, field: "item", currency: draft.currency))?.money
        }
        guard !amounts.isEmpty, amounts.count <= EvidenceDraft.lineLimit else { return }
        let sum = amounts.reduce(Money.zero(draft.currency)) { $0 + ($1 ?? .zero(draft.currency)) }
        draft.checks.append(
            Check(
                name: "lines", ok: sum == total,
                detail: sum == total
                    ? Phrase(zh: "明细合计等于总额。", en: "The lines add up to the total.")
                    : Phrase(
                        zh: "明细合计 \(sum.text)，总额 \(total.text)。",
                        en: "The lines give \(sum.text), the total is \(total.text)."
                    )
            )
        )
    }
}
