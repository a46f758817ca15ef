/// The fields of documents, e-vouchers and facts that rules may read; `fields` takes whatever a vendor adds.
enum FormFields {
    static let document: Set<String> = [
        "source", "kind", "number", "title", "reason", "company", "department", "applicant", "payee", "currency",
        "total",
        "rate", "submitted_at", "approved_at", "ended_at", "submitted_on", "approved_on", "ended_on", "items",
        "payment",
        "advance", "cites", "trail", "attachments", "fields", "schema",
    ]
    static let item: Set<String> = [
        "no", "kind", "category", "description", "code", "date", "quantity", "unit", "unit_price", "currency", "rate",
        "net", "tax", "tax_rate", "gross", "department", "project", "supplier", "customer", "contract", "period",
        "traveller", "rides", "flight", "nights", "evidence", "fields", "票",
    ]
    static let evidence: Set<String> = [
        "kind", "number", "code", "issueDate", "status", "buyer", "seller", "payer", "payee", "passenger", "travelDate",
        "bookDate", "trainNumber", "international", "fare", "fuelSurcharge", "amountExTax", "vatRate", "taxRate", "tax",
        "civilAviationDevelopmentFund", "otherTaxes", "total", "currency", "file", "business", "invoiceType", "vatKind",
        "specialLabel", "specificInformation", "segments", "items", "originalInvoice", "remark", "issuer", "usage",
        "分摊行",
    ]
    /// What may stand within these, within facts and within what a book makes itself is found by its bare name.
    static let nested: Set<String> = [
        "connector", "tenant", "instance", "revision", "outcome", "form", "url", "id", "name", "mode", "direction",
        "amount", "fee", "bank_account", "payee_account", "paid_at", "paid_on", "reference", "bank", "account",
        "due_on",
        "offset", "returned", "from", "to", "relation", "class", "fuel_surcharge", "development_fund", "other_taxes",
        "ticket_number", "media_type", "size", "sha256", "note", "attachment", "taxId", "tax_id", "family", "phase",
        "short_term", "party", "employee", "balance", "original", "order", "lines", "price", "estimated", "supplier",
        "installation", "event", "word", "files", "side", "dimensions", "cash_flow_item", "voucher", "meaning", "debit",
        "credit", "summary", "PassengerTransportation", "Toll", "金额", "部门", "人员", "供应商", "客户", "项目", "存货",
        "银行账户",
    ]
    static let book: Set<String> = ["standard", "taxpayer", "words", "currency", "zone", "digits", "company"]
    static let roots: Set<String> = [
        "document", "facts", "evidence", "settings", "book", "已入账", "明细", "票", "科目", "item", "partial",
    ]
    static let functions: Set<String> = ["优先", "末级科目", "是末级"]
}
