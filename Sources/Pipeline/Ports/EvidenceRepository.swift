package import Kernel
import Ledger

/// Originals by their digest.
package protocol OriginalRepository {
    func bytes(_ digest: Digest) throws -> [UInt8]?
    /// Names an original in this book; naming it twice is naming it once.
    func name(_ original: KeptOriginal, mediaType: String) throws
}

/// Electronic vouchers of a book, and the register of invoices with their uses (发票登记).
package protocol EvidenceRepository {
    func evidence(of caseID: Case.ID) throws -> [EvidenceRecord]
    func find(_ id: String) throws -> EvidenceRecord?
    func page(text: String?, limit: Int, cursor: String?) throws -> Page<EvidenceRecord>
    /// Live recognising uses of invoices, by register key.
    func uses(of registerKeys: [String]) throws -> [InvoiceUse]

    /// Files what was read from an original; the same bytes in the same case are one record.
    func add(_ record: EvidenceRecord) throws
    /// Books an invoice for a case, or cites it.
    ///
    /// A recognising use takes the whole invoice, or an explicit part of it up to its total. Another case of the same
    /// approval takes the use over: an amended claim books the invoices of the claim it replaces.
    /// - Throws: `EvidenceUseError.alreadyUsed` naming the case that holds it.
    func use(_ use: InvoiceUse, total: Int64?) throws
    /// Frees what a case recognised: its draft was withdrawn, or its reversal was posted. What another case of the
    /// approval has taken over stays used.
    func free(caseID: Case.ID) throws
}

/// One electronic voucher of one case.
package struct EvidenceRecord: Hashable, Sendable {
    package let id: String
    package let caseID: Case.ID
    package let fileName: String
    package let digest: Digest
    package let mediaType: String
    package let size: Int
    /// `einv_xml`, `einv_ofd`, …; `nil` when the file is no electronic voucher that can be read.
    package let kind: String?
    package let number: String?
    package let registerKey: String?
    /// What the reader found, in the names of `pingqiao evidence read`; a refusal where it found none.
    package let fields: JSON
    /// The names rules see; `nil` when there is nothing for rules.
    package let ruleFields: JSON?
    package let addedAt: Timestamp

    package init(
        id: String, caseID: Case.ID, fileName: String, digest: Digest, mediaType: String, size: Int, kind: String?,
        number: String?, registerKey: String?, fields: JSON, ruleFields: JSON?, addedAt: Timestamp
    ) {
        self.id = id
        self.caseID = caseID
        self.fileName = fileName
        self.digest = digest
        self.mediaType = mediaType
        self.size = size
        self.kind = kind
        self.number = number
        self.registerKey = registerKey
        self.fields = fields
        self.ruleFields = ruleFields
        self.addedAt = addedAt
    }
}

/// That a case books or cites an invoice.
package struct InvoiceUse: Hashable, Sendable {
    package let registerKey: String
    package let caseID: Case.ID
    package let approval: Case.Approval
    package let role: Role
    /// The part of the invoice that is used, in minor units; `nil` takes the whole.
    package let share: Int64?
    package let at: Timestamp

    package enum Role: String, Sendable {
        /// Books it: an expense, a purchase, an asset.
        case recognise
        /// Only refers to it: a payment, a contract, an approval trail.
        case cite
    }

    package init(
        registerKey: String, caseID: Case.ID, approval: Case.Approval, role: Role, share: Int64?, at: Timestamp
    ) {
        self.registerKey = registerKey
        self.caseID = caseID
        self.approval = approval
        self.role = role
        self.share = share
        self.at = at
    }
}

/// Why an invoice cannot be booked by a case.
package enum EvidenceUseError: Error, Hashable {
    case alreadyUsed(registerKey: String, by: Case.ID)
    case overAllocated(registerKey: String, total: Int64, used: Int64, asked: Int64)
}

extension EvidenceUseError: Explainable {
    package var problem: Problem {
        switch self {
        case .alreadyUsed(let key, let holder):
            Problem(
                code: "evidence.already_used",
                title: Phrase(zh: "该发票已经入账。", en: "This invoice is booked already."),
                location: Phrase(zh: "发票 \(key)", en: "invoice \(key)"),
                cause: Phrase(zh: "单 \(holder) 已使用该发票。", en: "Case \(holder) uses it."),
                remedy: Phrase(
                    zh: "若重复报销，请在 OA 中退回本单；若前一单有误，请先撤回或红冲前一单。",
                    en:
                        "Return this form in the OA if it is a repeated claim; withdraw or reverse the other case first if that one is wrong."
                )
            )
        case .overAllocated(let key, let total, let used, let asked):
            Problem(
                code: "evidence.over_allocated",
                title: Phrase(zh: "分摊金额超过发票金额。", en: "The shares exceed the invoice."),
                location: Phrase(zh: "发票 \(key)", en: "invoice \(key)"),
                cause: Phrase(
                    zh: "价税合计 \(total) 分，已用 \(used) 分，本次 \(asked) 分。",
                    en: "Its total is \(total) minor units, \(used) are used, \(asked) are asked for."
                ),
                remedy: Phrase(zh: "请减少本次分摊金额。", en: "Reduce the share of this case.")
            )
        }
    }
}
