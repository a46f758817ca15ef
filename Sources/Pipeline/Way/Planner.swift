package import Kernel
import Ledger

/// Decides where a case goes, from what one snapshot shows. Pure but for the reads; it writes nothing.
package struct Planner: Sendable {
    private let pictures: BookPictures

    package init(pictures: BookPictures) {
        self.pictures = pictures
    }

    /// - Parameters:
    ///   - evidence: What was read of the attachments, now or in an earlier run.
    ///   - leads: Who leads the finance of the book now; nobody else authorises automatic review.
    ///   - early: A problem that was found before, such as a form that does not follow the schema.
    package func plan(
        _ document: Document, evidence: [EvidenceRecord], early: Problem?, caseID: Case.ID?, leads: Set<String>,
        now: Timestamp, in records: any Records
    ) throws -> CasePlan {
        let picture = try pictures.picture(in: records)
        let siblings = try records.cases.cases(of: document.approval).filter { $0.id != caseID }
        let own = try caseID.map { try records.vouchers.vouchers(of: $0) } ?? []
        let context = Context(
            document: document, isNew: caseID == nil, evidence: EvidenceStep.standing(evidence), picture: picture,
            siblings: siblings, own: own.filter { $0.state != .discarded }, leads: leads, now: now, records: records
        )
        if try context.isReplaced() {
            return context.stop(
                .superseded, at: .normalise,
                note: Phrase(zh: "后来的版本已经取代它。", en: "A later revision has taken its place.")
            )
        }
        if document.outcome == .paid, context.isTakenBack {
            return context.stop(.held, at: .ledger, problem: Self.paidBeforeWithdrawal(document))
        }
        switch document.outcome {
        case .withdrawn, .voided: return try withdrawal(context, early: early)
        case .approved, .paid, .amended: return try booking(context, early: early)
        }
    }

    /// What a plan is made from.
    private struct Context {
        let document: Document
        let isNew: Bool
        let evidence: [EvidenceRecord]
        let picture: BookPicture
        let siblings: [Case]
        /// Live vouchers of the case's own earlier runs.
        let own: [VoucherRecord]
        let leads: Set<String>
        let now: Timestamp
        let records: any Records

        /// Whether a higher revision stands for the approval.
        func isReplaced() throws -> Bool {
            // Money moved, whatever else was said of the form later; only a later word on the payment replaces it.
            guard document.outcome != .paid else { return higher.contains { $0.outcome == .paid } && isNew }
            if higher.contains(where: { $0.outcome != .paid && (isNew || !$0.waitsForPayment) }) { return true }
            // A payment does not replace what it pays, unless it came first and booked everything.
            guard isNew, let payment = higher.first(where: { $0.outcome == .paid }) else { return false }
            switch document.outcome {
            case .withdrawn, .voided: return true
            case .approved, .paid, .amended:
                return try !siblings.contains { sibling in
                    guard sibling.revision < payment.revision, sibling.outcome != .paid else { return false }
                    return try !sibling.state.isEnded || isLive(sibling)
                }
            }
        }

        /// Whether a later word of the OA takes back what was paid, and nobody was told yet.
        var isTakenBack: Bool { higher.contains { $0.outcome != .paid && !$0.waitsForPayment } }

        /// Whether money has moved for a lower revision, booked or not.
        func hasPayment() throws -> Bool {
            try siblings.contains { sibling in
                guard sibling.revision < document.revision, sibling.outcome == .paid else { return false }
                return try !sibling.state.isEnded || isLive(sibling)
            }
        }

        /// Whether an earlier payment of the form, which stands, was for something else.
        func paysOtherwise(than earlier: [Case]) throws -> Bool {
            try earlier.contains { sibling in
                guard sibling.outcome == .paid, let json = try records.cases.document(of: sibling.id) else {
                    return false
                }
                let members = ["total", "currency", "items", "department", "payee"]
                return members.contains { json[$0] != document.json[$0] }
                    || json["payment"]?["amount"] != document.json["payment"]?["amount"]
            }
        }

        /// Higher revisions that have a say; one that was replaced itself has none.
        private var higher: [Case] {
            siblings.filter {
                $0.revision > document.revision && $0.state != .conflict && $0.state != .superseded
            }
        }

        private func isLive(_ sibling: Case) throws -> Bool { try !live(of: sibling).isEmpty }

        /// Whether a red voucher for an earlier revision is on its way in this case.
        var takesBack: Bool { own.contains { $0.voucher.reverses != nil } }

        /// Cases of lower revisions that are not over.
        var open: [Case] { siblings.filter { $0.revision < document.revision && !$0.state.isEnded } }

        /// Live vouchers of lower revisions, each with its case.
        func live() throws -> [(Case, VoucherRecord)] {
            try siblings.filter { $0.revision < document.revision && $0.state != .conflict }.flatMap { sibling in
                try live(of: sibling).map { (sibling, $0) }
            }
        }

        private func live(of sibling: Case) throws -> [VoucherRecord] {
            try records.vouchers.vouchers(of: sibling.id).filter {
                // What a red voucher takes back already, posted or not, is no concern of a later revision.
                try $0.state != .discarded && $0.voucher.reverses == nil
                    && records.vouchers.reversal(of: $0.voucher.id) == nil
            }
        }

        func stop(
            _ state: Case.State, at step: Step, problem: Problem? = nil, note: Phrase? = nil,
            superseded: [Case] = [], discarded: [VoucherRecord] = [], reversed: [VoucherRecord] = [],
            facts: Facts? = nil, trace: KeptJSON = .null
        ) -> CasePlan {
            CasePlan.stop(
                state, at: step, problem: problem, note: note, versions: picture.versions, siblings: siblings,
                superseded: superseded, discarded: discarded, reversed: reversed, facts: facts, trace: trace
            )
        }
    }

    /// Withdrawn or voided: drafts are thrown away, posted vouchers are taken back by red ones, money that moved is a person's matter.
    private func withdrawal(_ context: Context, early: Problem?) throws -> CasePlan {
        // Nothing to take back is an answer only where it is known where to look for it.
        if let early, context.siblings.isEmpty { return context.stop(.held, at: .normalise, problem: early) }
        let live = try context.live()
        if try context.hasPayment() {
            return context.stop(.held, at: .ledger, problem: Self.paidBeforeWithdrawal(context.document))
        }
        let posted = live.map(\.1).filter { $0.state == .posted }
        let drafts = live.map(\.1).filter { $0.state != .posted }
        if posted.isEmpty, !context.takesBack {
            return context.stop(
                .nothingToBook, at: .writeBack,
                note: Phrase(zh: "入账前已撤回，无需记账。", en: "It was withdrawn before anything was posted."),
                superseded: context.open, discarded: drafts
            )
        }
        return context.stop(
            .waiting, at: .ledger, note: Phrase(zh: "等待审核红字凭证。", en: "Waits for review of the red voucher."),
            superseded: context.open, discarded: drafts, reversed: posted
        )
    }

    /// Approved, paid or amended: parties, evidence, rules, vouchers.
    private func booking(_ context: Context, early: Problem?) throws -> CasePlan {
        let document = context.document
        let live = try context.live()
        // A later approval of the same form says what is right now, whatever its OA calls it.
        let replaces = document.outcome == .amended || (document.outcome == .approved && !live.isEmpty)
        if replaces, try context.hasPayment() {
            return context.stop(.held, at: .ledger, problem: Self.paidBeforeWithdrawal(document))
        }
        // Two payments of one form that say different things: the second is not the first sent again.
        if document.outcome == .paid, try context.paysOtherwise(than: live.map(\.0)) {
            return context.stop(.held, at: .ledger, problem: Self.paidBeforeWithdrawal(document))
        }
        let discarded = replaces ? live.map(\.1).filter { $0.state != .posted } : []
        let reversed = replaces ? live.map(\.1).filter { $0.state == .posted } : []
        let superseded = replaces || live.isEmpty ? context.open : []

        // Held or not, what a later revision replaces is not posted any more.
        func hold(_ problem: Problem, at step: Step, facts: Facts? = nil, trace: KeptJSON = .null) -> CasePlan {
            context.stop(
                .held, at: step, problem: problem, superseded: replaces ? superseded : [], discarded: discarded,
                facts: facts, trace: trace
            )
        }
        if let early { return hold(early, at: .normalise) }
        let parties = Parties(of: document, in: context.picture.directory)
        if let problem = parties.problem { return hold(problem, at: .normalise) }
        if let problem = EvidenceStep.problem(of: context.evidence, document: document) {
            return hold(problem, at: .evidence)
        }
        let facts = try Facts(
            of: document, parties: parties, evidence: context.evidence, booked: replaces ? [] : live,
            released: context.own + discarded + reversed, picture: context.picture, in: context.records
        )
        let decision = RuleStep.decide(
            document: document, facts: facts, evidence: context.evidence, picture: context.picture,
            leads: context.leads, now: context.now
        )
        switch decision.outcome {
        case .hold(let problem):
            return hold(problem, at: .rules, facts: facts, trace: decision.trace)
        case .wait(let note):
            return context.stop(
                .waiting, at: .rules, note: note, superseded: superseded, discarded: discarded, reversed: reversed,
                facts: facts, trace: decision.trace
            )
        case .nothingToBook(let note):
            let isOver = reversed.isEmpty && !context.takesBack
            return context.stop(
                isOver ? .nothingToBook : .waiting, at: isOver ? .writeBack : .ledger, note: note,
                superseded: superseded, discarded: discarded, reversed: reversed, facts: facts, trace: decision.trace
            )
        case .vouchers(let drafts):
            if let problem = VoucherStep.problem(of: drafts, picture: context.picture, now: context.now) {
                return hold(problem, at: .voucher, facts: facts, trace: decision.trace)
            }
            return CasePlan(
                versions: context.picture.versions,
                siblings: Dictionary(uniqueKeysWithValues: context.siblings.map { ($0.id, $0.version) }), facts: facts,
                state: .waiting, step: .ledger, problem: nil, note: nil, drafts: drafts,
                uses: Self.uses(
                    of: context.evidence,
                    // What pays a booked claim only cites its invoices.
                    recognises: document.recognisesEvidence && (document.outcome != .paid || live.isEmpty)
                ), discarded: discarded, reversed: reversed,
                superseded: superseded, trace: decision.trace
            )
        }
    }

    private static func uses(of evidence: [EvidenceRecord], recognises: Bool) -> [CasePlan.PlannedUse] {
        var keys: Set<String> = []
        return evidence.compactMap { record in
            guard let key = record.registerKey, keys.insert(key).inserted else { return nil }
            let total = record.ruleFields?["total"]?.string.flatMap { text -> Int64? in
                let currency = record.ruleFields?["currency"]?.string.flatMap(Currency.init) ?? .cny
                return (try? Money(parsing: text, currency))?.minorUnits
            }
            return CasePlan.PlannedUse(
                registerKey: key, role: recognises ? .recognise : .cite, total: total
            )
        }
    }

    private static func paidBeforeWithdrawal(_ document: Document) -> Problem {
        Problem(
            code: "case.paid_before_withdrawal",
            title: Phrase(zh: "付款之后单据被撤回或修改。", en: "The form was withdrawn or changed after it was paid."),
            location: Phrase(
                zh: "审批单 \(document.number ?? document.approval.instance)",
                en: "approval \(document.number ?? document.approval.instance)"
            ),
            cause: Phrase(
                zh: "款项已经付出，是否追回只有人知道。",
                en: "The money has left; only people know whether it comes back."
            ),
            remedy: Phrase(
                zh: "请由财务主管与付款人核实：追回款项的，以还款单入账；误付的，红冲相应凭证。",
                en:
                    "Let the finance lead find out: book a repayment if the money comes back, reverse the vouchers if it never left."
            )
        )
    }
}

extension Case {
    fileprivate static let paidBeforeWithdrawal = "case.paid_before_withdrawal"

    /// Whether a person has to find out first what becomes of the money.
    fileprivate var waitsForPayment: Bool { state == .held && problem?.code == Self.paidBeforeWithdrawal }
}
