import Cryptography
import Jobs
import Kernel
import Ledger

/// The short half of a unit: checks again what the plan stands on, then writes all of it (design 1.2).
package enum Filing {
    /// What became of a case that came in.
    package enum Outcome: Hashable, Sendable {
        case filed(Case.ID, Case.State)
        /// The same revision with the same bytes was there already.
        case known(Case.ID)
        /// The same revision was there with other bytes; this one is kept beside it.
        case conflict(Case.ID)
    }

    /// Files a new case with its plan.
    package static func file(_ incoming: IncomingCase, _ plan: CasePlan, in unit: any Unit) throws -> Outcome {
        let document = incoming.document
        let siblings = try unit.cases.cases(of: document.approval)
        if let known = siblings.first(where: { $0.revision == document.revision && $0.state != .conflict }) {
            return try repeated(incoming, known, siblings, in: unit)
        }
        try check(plan, siblings: siblings, in: unit)
        let id = Case.ID("C" + String(try unit.next("case")))
        let new = newCase(id, incoming, plan.state, plan.step, plan.problem, plan.note, version: 1)
        guard try unit.cases.add(new, document: incoming.kept, delivery: incoming.deliveryKey) != nil else {
            throw PreparedOnOldState("cases of the approval")
        }
        for original in incoming.originals {
            try unit.originals.name(original, mediaType: "application/octet-stream")
        }
        for record in EvidenceStep.records(of: incoming.readings, caseID: id, at: incoming.receivedAt) {
            try unit.evidence.add(record)
        }
        let final = try apply(plan, to: new, isNew: true, startedBy: unit.actor, reason: "received", in: unit)
        try resumeWaiting(for: document, in: unit)
        return .filed(id, final.state)
    }

    /// Runs a case again: a new numbered run with a plan of its own.
    ///
    /// - Parameter mayUndoReview: Whether an approved voucher may be made anew; the case stays as it is otherwise.
    package static func rerun(
        _ id: Case.ID, seen version: Int64, _ plan: CasePlan, startedBy: String, reason: String,
        mayUndoReview: Bool, in unit: any Unit
    ) throws -> Case {
        guard let current = try unit.cases.find(id), current.version == version, !current.state.isEnded else {
            throw PreparedOnOldState("case \(id)")
        }
        try check(plan, siblings: try unit.cases.cases(of: current.approval).filter { $0.id != id }, in: unit)
        let own = try unit.vouchers.vouchers(of: id).filter { $0.state != .discarded && $0.voucher.reverses == nil }
        // Booking again what is booked would double it; the voucher that stands has to be reversed first.
        if own.contains(where: \.isInForce) { return current }
        // What was approved since is a decision about money, which not everybody may undo.
        if !mayUndoReview, own.contains(where: { $0.state == .approved }) { return current }
        for voucher in own where voucher.state != .posted { try discard(voucher, reason: "another run", in: unit) }
        return try apply(plan, to: current, isNew: false, startedBy: startedBy, reason: reason, in: unit)
    }

    private static func check(_ plan: CasePlan, siblings: [Case], in unit: any Unit) throws {
        guard try unit.versions() == plan.versions else { throw PreparedOnOldState("versions of the book") }
        guard siblings.count == plan.siblings.count, siblings.allSatisfy({ plan.siblings[$0.id] == $0.version }) else {
            throw PreparedOnOldState("cases of the approval")
        }
        try plan.facts?.check(in: unit)
    }

    private static func apply(
        _ plan: CasePlan, to current: Case, isNew: Bool, startedBy: String, reason: String, in unit: any Unit
    ) throws -> Case {
        for sibling in plan.superseded {
            try unit.cases.update(
                sibling.moved(
                    to: .superseded, step: sibling.step,
                    note: Phrase(zh: "后来的版本已经取代它。", en: "A later revision has taken its place."), at: unit.now
                ),
                from: sibling.version
            )
        }
        for voucher in plan.discarded { try discard(voucher, reason: "replaced by a later revision", in: unit) }
        let run = isNew ? current.run : current.run + 1
        for original in plan.reversed {
            // Somebody may have asked for the same red voucher meanwhile.
            guard try unit.vouchers.reversal(of: original.voucher.id) == nil else {
                throw PreparedOnOldState("voucher \(original.voucher.id)")
            }
            _ = try Reversal.file(of: original, by: Reversal.maker, caseID: current.id, run: run, in: unit)
        }
        let uses = plan.uses.map { use in
            (
                InvoiceUse(
                    registerKey: use.registerKey, caseID: current.id, approval: current.approval, role: use.role,
                    share: nil, at: unit.now
                ), use.total
            )
        }
        for (use, total) in uses { try unit.evidence.use(use, total: total) }
        // A person who sampled, returned or discarded a voucher of this case is asked again.
        let mayReviewItself = try isNew || unit.cases.runs(of: current.id).allSatisfy { $0.step < .ledger }
        let filed = try plan.drafts.map {
            try file($0, for: current.id, run: run, mayReviewItself: mayReviewItself, in: unit)
        }

        let isPosted = !filed.isEmpty && plan.reversed.isEmpty && filed.allSatisfy { $0.state == .posted }
        let waits = !filed.isEmpty && !isPosted
        let moved = current.moved(
            to: isPosted ? .posted : plan.state, step: isPosted ? .writeBack : plan.step, problem: plan.problem,
            note: waits ? Posting.waitingNote(filed) : plan.note, run: run, at: unit.now
        )
        if !isNew || moved.state != current.state || moved.step != current.step || moved.note != current.note {
            try unit.cases.update(moved, from: current.version)
        }
        try unit.cases.add(
            CaseRun(
                number: run, startedAt: unit.now, endedAt: unit.now, startedBy: startedBy, reason: reason,
                step: moved.step, state: moved.state, problem: moved.problem, trace: plan.trace
            ),
            to: current.id
        )
        let isToldAlready = current.state == .held && current.problem?.code == moved.problem?.code && !isNew
        if !isToldAlready { try tell(moved, filed, in: unit) }
        return moved
    }

    /// Asks for the answer to the OA that fits where the case now stands.
    private static func tell(_ moved: Case, _ filed: [VoucherRecord], in unit: any Unit) throws {
        switch moved.state {
        case .held: try WriteBack.ask(.held, of: moved, numbers: [], in: unit)
        case .nothingToBook: try WriteBack.ask(.nothingToBook, of: moved, numbers: [], in: unit)
        case .posted:
            try WriteBack.ask(
                .posted, of: moved, numbers: filed.compactMap { $0.number.map { "\($0.period.text) \($0.text)" } },
                in: unit
            )
        case .waiting where !filed.isEmpty:
            try WriteBack.ask(.drafted, of: moved, numbers: filed.map(\.reference.text), in: unit)
        default: break
        }
    }

    private static func discard(_ voucher: VoucherRecord, reason: String, in unit: any Unit) throws {
        guard let current = try unit.vouchers.find(voucher.voucher.id), current.version == voucher.version else {
            throw PreparedOnOldState("voucher \(voucher.voucher.id)")
        }
        let standing = try current.standing.applying(.discard, by: "system")
        try unit.vouchers.discard(current.with(standing), from: current.version, reason: reason)
        try unit.ledger.release(voucher: voucher.voucher.id)
        if let caseID = voucher.caseID { try giveBack(caseID, in: unit) }
    }

    private static func file(
        _ draft: VoucherDraft, for caseID: Case.ID, run: Int, mayReviewItself: Bool, in unit: any Unit
    ) throws -> VoucherRecord {
        let book = try unit.settings()
        let id = Voucher.ID("V" + String(try unit.next("voucher")))
        let voucher = try Voucher(
            id: id, word: draft.word, date: draft.date, attachments: draft.attachments, summary: draft.statedSummary,
            lines: draft.lines, caseID: caseID.text, makers: [draft.maker]
        )
        let duties = book.dutySettings(at: unit.now)
        let standing = try VoucherStep.standing(
            of: voucher, draft: draft, duties: duties, mayReviewItself: mayReviewItself
        )
        var record = try unit.vouchers.file(
            VoucherRecord(
                voucher: voucher, standing: standing, caseID: caseID, run: run,
                postingKey: "\(caseID.text):\(run):\(draft.index)", needsCashier: standing.needsCashier(duties),
                createdAt: unit.now
            )
        )
        for movement in try OpenItems.movements(of: draft, voucher: id, in: unit) {
            try unit.ledger.settle(movement)
        }
        if record.state == .approved, book.settings.postsAutomatically, !record.needsCashier {
            let posted = try record.standing.applying(.post, by: "system", settings: duties)
            record = try unit.vouchers.post(record.with(posted), from: record.version)
        }
        return record
    }

    /// Frees the invoices of a case; what another case of the approval still books goes back to that one.
    package static func giveBack(_ caseID: Case.ID, in unit: any Unit) throws {
        let keys = Set(try unit.evidence.evidence(of: caseID).compactMap(\.registerKey))
        try unit.evidence.free(caseID: caseID)
        guard let freed = try unit.cases.find(caseID) else { return }
        for sibling in try unit.cases.cases(of: freed.approval) where sibling.id != caseID && sibling.outcome != .paid {
            let isBooked = try unit.vouchers.vouchers(of: sibling.id).contains(where: \.isInForce)
            guard isBooked, let json = try unit.cases.document(of: sibling.id),
                try Document(json: json).recognisesEvidence
            else { continue }
            let own = Set(try unit.evidence.evidence(of: sibling.id).compactMap(\.registerKey))
            for key in keys.intersection(own).sorted() {
                // What another case of the approval took over meanwhile stays with that one.
                let isTaken = try unit.evidence.uses(of: [key]).contains {
                    $0.role == .recognise && $0.approval == freed.approval
                }
                if isTaken { continue }
                try unit.evidence.use(
                    InvoiceUse(
                        registerKey: key, caseID: sibling.id, approval: sibling.approval, role: .recognise, share: nil,
                        at: unit.now
                    ), total: nil
                )
            }
        }
    }

    /// What was held because a receipt, an order or an advance was not there goes on when one comes.
    private static func resumeWaiting(for document: Document, in unit: any Unit) throws {
        let codes: [String]
        switch document.kind {
        case "goods_receipt", "purchase_order":
            codes = ["rules.match_quantity", "rules.match_price", "rules.match_tax"]
        case "advance": codes = ["rules.advance_exceeded"]
        default: return
        }
        _ = try CaseDesk.resume(codes: codes, by: "system", reason: "\(document.kind ?? "") came", in: unit)
    }

    private static func repeated(
        _ incoming: IncomingCase, _ known: Case, _ siblings: [Case], in unit: any Unit
    ) throws -> Outcome {
        // A delivery that is read again may bring more of its approval's trail; it is the same delivery all the same.
        let sameDelivery = try unit.cases.delivery(of: known.id) == incoming.deliveryKey
        if sameDelivery || known.deliveryDigest == incoming.digest { return .known(known.id) }
        if let same = siblings.first(where: { $0.revision == known.revision && $0.deliveryDigest == incoming.digest }) {
            return .known(same.id)
        }
        let id = Case.ID("C" + String(try unit.next("case")))
        let problem = conflict(with: known, incoming)
        let beside = newCase(id, incoming, .conflict, .receive, problem, nil, version: 1)
        try unit.cases.addConflict(
            beside, document: incoming.kept, delivery: incoming.deliveryKey
        )
        return .conflict(id)
    }

    private static func newCase(
        _ id: Case.ID, _ incoming: IncomingCase, _ state: Case.State, _ step: Step, _ problem: Problem?,
        _ note: Phrase?, version: Int64
    ) -> Case {
        let document = incoming.document
        return Case(
            id: id, approval: document.approval, revision: document.revision, outcome: document.outcome,
            kind: document.kind, number: document.number, title: document.title, applicant: document.applicantName,
            total: document.total, currency: document.currency, state: state, step: step, run: 1, problem: problem,
            note: note, deliveryDigest: incoming.digest, receivedAt: incoming.receivedAt,
            changedAt: incoming.receivedAt, version: version
        )
    }

    private static func conflict(with known: Case, _ incoming: IncomingCase) -> Problem {
        Problem(
            code: "case.conflict",
            title: Phrase(zh: "同一版本的审批单内容不同。", en: "The same revision of the approval came with other content."),
            location: Phrase(
                zh: "审批单 \(known.name)，第 \(known.revision) 版", en: "approval \(known.name), revision \(known.revision)"
            ),
            cause: Phrase(
                zh:
                    "单 \(known.id) 的内容摘要为 \(known.deliveryDigest.hex.prefix(12))…，本次为 \(incoming.digest.hex.prefix(12))…。",
                en:
                    "Case \(known.id) has the digest \(known.deliveryDigest.hex.prefix(12))…, this one \(incoming.digest.hex.prefix(12))…."
            ),
            remedy: Phrase(
                zh: "本次内容已保留但不入账。若修改属实，请在 OA 中以更高版本重新发出。",
                en: "It is kept and not booked. If the change is right, let the OA send it with a higher revision."
            )
        )
    }
}
