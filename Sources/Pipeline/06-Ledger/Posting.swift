import Jobs
import Kernel
package import Ledger

/// What follows when a voucher moves on: its number, its case, the freed invoices, the answer to the OA.
package enum Posting {
    /// Posts a voucher whose standing is the posted one, inside a unit.
    package static func post(_ record: VoucherRecord, in unit: any Unit) throws -> VoucherRecord {
        let posted = try unit.vouchers.post(record, from: record.version)
        try follow(posted, in: unit)
        return posted
    }

    /// Moves the case of a voucher to where its vouchers now stand, and asks for what comes next.
    package static func follow(_ record: VoucherRecord, in unit: any Unit) throws {
        let book = try unit.settings()
        if record.state == .approved, book.settings.postsAutomatically,
            !record.needsCashier || record.standing.cashier != nil
        {
            try unit.jobs.add(
                NewJob(kind: JobKind.post.rawValue, subject: "voucher:" + record.voucher.id.text, dueAt: unit.now)
            )
        }
        if record.state == .posted, let original = record.voucher.reverses {
            try markReversed(original, by: record, in: unit)
        }
        // A held case waits for a person, whatever becomes of its other vouchers.
        guard let caseID = record.caseID, let current = try unit.cases.find(caseID), !current.state.isEnded,
            current.state != .held
        else { return }
        // A red voucher stays with its case, however often that runs again.
        let vouchers = try unit.vouchers.vouchers(of: caseID).filter {
            $0.state != .discarded && ($0.run == current.run || $0.voucher.reverses != nil)
        }
        guard !vouchers.isEmpty else { return }
        let isPosted = vouchers.allSatisfy { $0.state == .posted }
        let isReversalOnly = vouchers.allSatisfy { $0.voucher.reverses != nil || $0.standing.reversedBy != nil }
        let state: Case.State = isPosted ? (isReversalOnly ? .reversed : .posted) : .waiting
        let note = isPosted ? nil : waitingNote(vouchers)
        guard state != current.state || note != current.note else { return }
        let moved = current.moved(to: state, step: isPosted ? .writeBack : .ledger, note: note, at: unit.now)
        try unit.cases.update(moved, from: current.version)
        if isPosted {
            try WriteBack.ask(
                isReversalOnly ? .reversed : .posted, of: moved,
                numbers: vouchers.compactMap { $0.number.map { "\($0.period.text) \($0.text)" } }, in: unit
            )
        }
    }

    /// The case of a reversed voucher loses its place in the books, and its invoices are free again.
    private static func markReversed(
        _ original: Voucher.ID, by reversal: VoucherRecord, in unit: any Unit
    ) throws {
        try unit.ledger.release(voucher: original)
        guard let reversed = try unit.vouchers.find(original), let caseID = reversed.caseID,
            let current = try unit.cases.find(caseID)
        else { return }
        let live = try unit.vouchers.vouchers(of: caseID).filter {
            $0.state != .discarded && $0.voucher.id != original && $0.standing.reversedBy == nil
                && $0.voucher.reverses == nil
        }
        guard live.isEmpty else { return }
        try Filing.giveBack(caseID, in: unit)
        // A case that still waits, for another red voucher, goes where `follow` finds it.
        guard current.state == .posted || current.state == .superseded else { return }
        let moved = current.moved(to: .reversed, step: .writeBack, at: unit.now)
        try unit.cases.update(moved, from: current.version)
        if reversal.caseID != caseID {
            try WriteBack.ask(
                .reversed, of: moved, numbers: [reversal.number.map { "\($0.period.text) \($0.text)" } ?? ""], in: unit
            )
        }
    }

    /// For what a case waits, in the words of the person who has to act.
    static func waitingNote(_ vouchers: [VoucherRecord]) -> Phrase {
        if vouchers.contains(where: { $0.state == .draft }) {
            return Phrase(zh: "等待制单人修改后提交。", en: "Waits for its maker to correct and submit it.")
        }
        if vouchers.contains(where: { $0.state == .pending }) {
            return Phrase(zh: "等待审核。", en: "Waits for review.")
        }
        if vouchers.contains(where: { $0.state == .approved && $0.needsCashier && $0.standing.cashier == nil }) {
            return Phrase(zh: "等待出纳签字。", en: "Waits for the cashier's signature.")
        }
        return Phrase(zh: "等待记账。", en: "Waits to be posted.")
    }
}

/// The red voucher that takes a posted one back (红字冲销).
package enum Reversal {
    /// The program in a maker's place: it is not the one that posts.
    package static let maker = PersonID.rule(book: "reversal", version: "1")

    /// Files the reversal as a pending voucher, dated in the first open period that is not before the original.
    package static func file(
        of original: VoucherRecord, by maker: PersonID, caseID: Case.ID? = nil, run: Int? = nil, in unit: any Unit
    ) throws -> VoucherRecord {
        let id = original.voucher.id
        guard original.state == .posted, let number = original.number else {
            throw VoucherStateError.notNow(id, act: .reverse, state: original.state)
        }
        if try unit.vouchers.reversal(of: id) != nil { throw PostingError.alreadyReversed(id) }
        let reversalID = Voucher.ID("V" + String(try unit.next("voucher")))
        // The rules of one reversal per voucher and none of a reversal are the ledger's.
        _ = try original.standing.applying(.reverse(by: reversalID), by: maker)
        let date = try reversalDate(of: original.voucher, in: unit)
        let voucher = try original.voucher.reversal(
            id: reversalID, date: date, number: number, makers: [maker], caseID: (caseID ?? original.caseID)?.text
        )
        let settings = try unit.settings().dutySettings(at: unit.now)
        let standing = try VoucherStanding(
            id: reversalID, makers: [maker], volume: voucher.volume, movesMoney: original.standing.movesMoney,
            isReversal: true
        ).applying(.submit, by: maker, settings: settings)
        return try unit.vouchers.file(
            VoucherRecord(
                voucher: voucher, standing: standing, caseID: caseID ?? original.caseID, run: run ?? original.run,
                postingKey: "reverse:" + id.text, needsCashier: standing.needsCashier(settings), createdAt: unit.now
            )
        )
    }

    private static func reversalDate(of voucher: Voucher, in unit: any Unit) throws -> Day {
        let zone = Zone.named(try unit.settings().zoneName)
        let today = max(zone.day(of: unit.now), voucher.date)
        let open = try unit.ledger.periods().filter(\.isOpen).map(\.period)
        if open.contains(today.period) { return today }
        guard let first = open.first(where: { $0.lastDay >= voucher.date }) else {
            throw PostingError.periodClosed(voucher.id, today.period)
        }
        let day = max(first.firstDay, voucher.date)
        guard day <= today else { throw PostingError.periodClosed(voucher.id, today.period) }
        return day
    }
}
