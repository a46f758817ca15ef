import Cryptography
package import Kernel
package import Ledger

/// What was decided about a case off the writer, with everything the commit has to check again (design 1.2).
package struct CasePlan: Sendable {
    /// What the picture and the approval's other cases looked like.
    package let versions: BookVersions
    package let siblings: [Case.ID: Int64]
    package let facts: Facts?

    /// Where the case stands now.
    package let state: Case.State
    package let step: Step
    package let problem: Problem?
    package let note: Phrase?

    /// Vouchers to file for it.
    package let drafts: [VoucherDraft]
    /// Invoices it books or cites, with the total of each in minor units.
    package let uses: [PlannedUse]
    /// Unposted vouchers of lower revisions, thrown away.
    package let discarded: [VoucherRecord]
    /// Posted vouchers of lower revisions, taken back by red ones.
    package let reversed: [VoucherRecord]
    /// Cases of the approval whose place this one takes.
    package let superseded: [Case]
    package let trace: KeptJSON

    package struct PlannedUse: Sendable {
        package let registerKey: String
        package let role: InvoiceUse.Role
        package let total: Int64?
    }

    /// A plan that files nothing.
    package static func stop(
        _ state: Case.State, at step: Step, problem: Problem? = nil, note: Phrase? = nil, versions: BookVersions,
        siblings: [Case], superseded: [Case] = [], discarded: [VoucherRecord] = [], reversed: [VoucherRecord] = [],
        facts: Facts? = nil, trace: KeptJSON = .null
    ) -> CasePlan {
        CasePlan(
            versions: versions, siblings: Dictionary(uniqueKeysWithValues: siblings.map { ($0.id, $0.version) }),
            facts: facts, state: state, step: step, problem: problem, note: note, drafts: [], uses: [],
            discarded: discarded, reversed: reversed, superseded: superseded, trace: trace
        )
    }
}

/// A voucher that the rules proposed and the chart accepted; its id and reference are given when it is filed.
package struct VoucherDraft: Sendable {
    package let word: VoucherWord
    package let date: Day
    package let dateNote: Phrase?
    package let attachments: Int
    package let summary: String
    package let lines: [VoucherLine]
    package let maker: PersonID
    /// Whether a line is on a cash or bank account of the chart it was checked against.
    package let movesMoney: Bool
    /// Position among the outputs of the rules, for the posting key.
    package let index: Int
    /// The policy that may approve it, where the book authorised one.
    package let automaticReview: AutomaticReview?
    /// Number of the document, under which advances open.
    package let documentNumber: String
    /// The advance and the receipts that the document says it settles, by their numbers.
    package let settles: [String]
}

extension VoucherDraft {
    /// The summary, with why the date is another than the approval's, where it is (design 7).
    package var statedSummary: String {
        guard let note = dateNote?.zh else { return summary }
        let stated = "\(summary)（\(note)）"
        return stated.utf8.count <= VoucherLine.textLimit ? stated : summary
    }
}

/// A case as it came, before it has a row.
package struct IncomingCase: Sendable {
    package let document: Document
    package let deliveryKey: String
    package let digest: Digest
    package let receivedAt: Timestamp
    package let readings: [EvidenceStep.Reading]
    package let originals: [KeptOriginal]
    /// Why the document cannot be used as it is, found before the company's book was asked.
    package let problem: Problem?
    /// The document as it is kept: without the content of its attachments.
    package let kept: KeptJSON

    package init(
        document: Document, deliveryKey: String, receivedAt: Timestamp, readings: [EvidenceStep.Reading],
        originals: [KeptOriginal], problem: Problem?
    ) {
        self.document = document
        self.deliveryKey = deliveryKey
        digest = sha256(document.digestedContent.canonical)
        self.receivedAt = receivedAt
        self.readings = readings
        self.originals = originals
        self.problem = problem
        kept = KeptJSON(document.withoutContent)
    }
}
