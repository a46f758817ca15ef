package import Kernel

/// One electronic voucher as it was read (电子凭证): what it says, where that stood, and what was checked.
package struct EvidenceFile: Hashable, Sendable {
    package let kind: EvidenceKind
    /// The name the sender gave the file, or its entry in a plain ZIP.
    package let file: String
    package let number: String?
    package let code: String?
    /// Everything that was read, under the names of the reader's output. Amounts are as they were written.
    package let fields: JSON
    package let currency: Currency
    /// The amount with tax (价税合计).
    package let total: Money?
    /// The amount without tax (金额).
    package let net: Money?
    /// The tax; `nil` where the voucher shows none, as `***` does.
    package let tax: Money?
    package let issueDate: Day?
    package let seller: Party
    package let buyer: Party
    package let passenger: String?
    /// Whether it takes back another one (红字).
    package let isRed: Bool
    package let originalNumber: String?
    package let invoiceType: String?
    /// What the tax bureau's label says of the goods: 旅客运输服务, 通行费.
    package let specialLabel: String?
    package let signatures: [SignatureFinding]
    package let checks: [Check]
    /// For a field, the place it was read from.
    package let origins: [String: FieldOrigin]
    /// The name under which a voucher can be used once: the number of a 数电票, code and number of others.
    package let registerKey: String
    let ruleMembers: [JSON.Member]

    package struct Party: Hashable, Sendable {
        package let name: String?
        package let taxId: String?

        var json: JSON { .object([("name", .optional(name)), ("taxId", .optional(taxId))]) }
    }
}

extension EvidenceFile {
    /// The same voucher with more of what its carrier shows.
    func adding(fields more: [JSON.Member], checks moreChecks: [Check]) -> EvidenceFile {
        EvidenceFile(
            kind: kind, file: file, number: number, code: code, fields: .object((fields.members ?? []) + more),
            currency: currency, total: total, net: net, tax: tax, issueDate: issueDate, seller: seller, buyer: buyer,
            passenger: passenger, isRed: isRed, originalNumber: originalNumber, invoiceType: invoiceType,
            specialLabel: specialLabel, signatures: signatures, checks: checks + moreChecks, origins: origins,
            registerKey: registerKey, ruleMembers: ruleMembers
        )
    }
}

/// Where a field stood.
package struct FieldOrigin: Hashable, Sendable {
    /// The entry of the package, or empty for the file itself.
    package let part: String
    /// The element, tag or fact within it; `computed` names what it follows from.
    package let path: String
}

/// A comparison of what a voucher says with itself.
package struct Check: Hashable, Sendable {
    package let name: String
    package let ok: Bool
    package let detail: Phrase
}
