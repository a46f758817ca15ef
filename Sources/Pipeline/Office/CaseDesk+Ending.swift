import Access
import Jobs
import Kernel
import Ledger

/// What persons do where the program cannot go on: end a held case, or give a dead letter another life.
extension CaseDesk {
    private static let reasonLimit = 200

    /// Ends a held case without a voucher, because a person settled the matter elsewhere (人工结束).
    ///
    /// Its invoices are free again, and the OA is told the reason.
    /// - Throws: `CaseDeskError` unless the case is held and has no voucher left.
    package func end(_ id: Case.ID, in book: Book.ID, by visitor: Visitor, reason: String) async throws {
        try visitor.require(.caseFix, in: book)
        // Not booking is a decision on money, which an implementer does not take.
        if !visitor.may(.voucherEdit, in: book) { try visitor.require(.voucherApprove, in: book) }
        let reason = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard (1...Self.reasonLimit).contains(reason.count) else { throw CaseDeskError.reasonMissing(id) }
        let by = visitor.person.id.text
        let name = visitor.person.name
        try await store.commit(book, key: unitKey("end", id.text), actor: by, at: clock()) { unit in
            guard let current = try unit.cases.find(id) else { throw CaseDeskError.unknown(id) }
            guard current.state == .held else { throw CaseDeskError.notHeld(id, current.state) }
            let left = try unit.vouchers.vouchers(of: id).filter {
                $0.isInForce || [.draft, .pending, .approved].contains($0.state)
            }
            guard left.isEmpty else { throw CaseDeskError.hasDrafts(id, left.map(\.voucher.id)) }
            let subject = "case:" + id.text
            let jobs = try unit.jobs.pending(subject: subject) + unit.jobs.deadLetters(subject: subject)
            for job in jobs where JobKind(rawValue: job.kind)?.isRun == true { try unit.jobs.finish(job.id) }
            try Filing.giveBack(id, in: unit)
            let ended = current.moved(
                to: .nothingToBook, step: current.step,
                note: Phrase(zh: "人工结束，理由见回写。", en: "Ended by hand; the write-back says why."),
                run: current.run + 1, at: unit.now
            )
            try unit.cases.update(ended, from: current.version)
            try unit.cases.add(
                CaseRun(
                    number: ended.run, startedAt: unit.now, endedAt: unit.now, startedBy: by, reason: "ended by hand",
                    step: ended.step, state: ended.state, problem: nil, trace: .null
                ),
                to: id
            )
            // Name and reason are personal: they stand in the sentence for the OA, which the log keeps beside its leaf.
            let why = Phrase(zh: "由\(name)人工结束：\(reason)", en: "Ended by \(name): \(reason)")
            let told = ended.moved(to: ended.state, step: ended.step, note: why, at: unit.now)
            try WriteBack.ask(.nothingToBook, of: told, numbers: [], in: unit)
        }
        wake(book)
    }

    /// Tries a job again that was given up (死信重试), from its first attempt.
    package func revive(_ job: Int64, in book: Book.ID, by visitor: Visitor) async throws {
        try visitor.require(.caseRetry, in: book)
        try await store.commit(
            book, key: unitKey("revive", String(job)), actor: visitor.person.id.text, at: clock()
        ) { unit in
            guard let dead = try unit.jobs.find(job),
                try unit.jobs.deadLetters(subject: dead.subject).contains(where: { $0.id == job })
            else { throw CaseDeskError.unknownDeadLetter(job) }
            try unit.jobs.revive(job, dueAt: unit.now)
        }
        wake(book)
    }
}
