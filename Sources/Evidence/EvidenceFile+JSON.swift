package import Kernel

extension EvidenceFile {
    /// What `pingqiao evidence read` prints of the file.
    package func json(file: String, sha256: Digest, in language: Language = .zh) -> JSON {
        var members = [
            JSON.Member("file", .string(file)),
            JSON.Member("kind", .string(kind.rawValue)),
            JSON.Member("sha256", .string(sha256.hex)),
        ]
        members += fields.members ?? []
        members.append(JSON.Member("signatures", .array(signatures.map { $0.json(in: language) })))
        members.append(JSON.Member("checks", .array(checks.map { $0.json(in: language) })))
        return .object(members)
    }

    /// What the rule book sees: the same facts for every carrier, amounts as plain decimals of the currency.
    package var ruleFields: JSON {
        var members = [
            JSON.Member("kind", .string(kind.rawValue)),
            JSON.Member("number", .optional(number)),
            JSON.Member("code", .optional(code)),
            JSON.Member("issueDate", .optional(issueDate?.text)),
            JSON.Member("invoiceType", .optional(invoiceType)),
            JSON.Member("specialLabel", .optional(specialLabel)),
            JSON.Member("buyer", buyer.json),
            JSON.Member("seller", seller.json),
            JSON.Member("passenger", .optional(passenger)),
            JSON.Member("amountExTax", .optional(net?.text)),
            JSON.Member("tax", .optional(tax?.text)),
            JSON.Member("total", .optional(total?.text)),
            JSON.Member("currency", .string(currency.code)),
            JSON.Member("isRed", .bool(isRed)),
            JSON.Member("originalInvoice", .optional(originalNumber)),
        ]
        members += ruleMembers
        members.append(JSON.Member("file", .string(file)))
        return .object(members)
    }
}

extension Check {
    func json(in language: Language) -> JSON {
        .object([("name", .string(name)), ("ok", .bool(ok)), ("detail", .string(detail.text(in: language)))])
    }
}
