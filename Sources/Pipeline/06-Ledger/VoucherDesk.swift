package import Access
import Cryptography
package import Kernel
package import Ledger

/// Step 6: what persons do with a voucher: review, return, sign, post, reverse.
///
/// Every act is one unit of the voucher's book. The database refuses again what is refused here.
package struct VoucherDesk: Sendable {
    private let store: any BookStore
    private let pictures: BookPictures
    private let clock: @Sendable () -> Timestamp
    private let wake: @Sendable (Book.ID) -> Void

    package init(
        store: any BookStore, pictures: BookPictures, clock: @escaping @Sendable () -> Timestamp,
        wake: @escaping @Sendable (Book.ID) -> Void
    ) {
        self.store = store
        self.pictures = pictures
        self.clock = clock
        self.wake = wake
    }

    /// Lets a person act on a voucher.
    ///
    /// - Parameter version: The version the person saw; `nil` acts on the current one.
    /// - Throws: `VoucherStateError`, `PostingError`, `VoucherDeskError`, `AccessError`.
    package func act(
        _ act: VoucherAct, on id: Voucher.ID, in book: Book.ID, by visitor: Visitor, version: Int64? = nil
    ) async throws -> VoucherRecord {
        try visitor.require(act.right, in: book)
        let now = clock()
        try await warm(book)
        let changed = try await store.commit(
            book, key: unitKey("voucher", id.text), actor: visitor.person.id.text, at: now
        ) { unit in
            let seen = try Self.record(id, version: version, in: unit)
            return try apply(act, to: seen, by: visitor.person, in: unit)
        }
        wake(book)
        return changed
    }

    /// Files the red voucher that takes a posted one back, as a draft that waits for review.
    package func reverse(
        _ id: Voucher.ID, in book: Book.ID, by visitor: Visitor, reason: String
    ) async throws -> VoucherRecord {
        try visitor.require(.voucherReverse, in: book)
        guard !reason.isEmpty else { throw VoucherStateError.reasonMissing(id) }
        let now = clock()
        try await warm(book)
        let filed = try await store.commit(
            book, key: unitKey("reverse", id.text), actor: visitor.person.id.text, at: now
        ) { unit in
            let seen = try Self.record(id, version: nil, in: unit)
            try checkDuties(of: visitor.person, doing: .voucherReverse, on: seen, in: unit)
            let reversal = try Reversal.file(of: seen, by: PersonID(visitor.person.id.text), in: unit)
            try unit.note(
                kind: "voucher.reversal_asked", subject: "voucher:" + id.text, body: ["reason": .string(reason)],
                personal: []
            )
            return reversal
        }
        wake(book)
        return filed
    }

    private static func record(_ id: Voucher.ID, version: Int64?, in unit: any Unit) throws -> VoucherRecord {
        guard let seen = try unit.vouchers.find(id) else { throw VoucherDeskError.unknown(id) }
        if let version, seen.version != version {
            throw VoucherDeskError.changedMeanwhile(id, expected: version, found: seen.version)
        }
        return seen
    }

    /// What the duties are asked from is read before the unit, which then finds it at hand.
    private func warm(_ book: Book.ID) async throws {
        _ = try await store.read(book) { try pictures.picture(in: $0).versions }
    }

    private func apply(
        _ act: VoucherAct, to seen: VoucherRecord, by person: Person, in unit: any Unit
    ) throws -> VoucherRecord {
        let settings = try unit.settings().dutySettings(at: unit.now)
        let standing = try seen.standing.applying(act, by: PersonID(person.id.text), settings: settings)
        try checkDuties(of: person, doing: act.right, on: seen, in: unit)
        switch act {
        case .post:
            return try Posting.post(seen.with(standing), in: unit)
        case .discard:
            return try Self.discard(seen.with(standing), in: unit)
        default:
            let changed = seen.with(standing).countedUp
            try unit.vouchers.update(changed, from: seen.version)
            try Posting.follow(changed, in: unit)
            return changed
        }
    }
}

extension VoucherDesk {
    /// Throws an unposted voucher away; its case is held for a person, and its invoices are free again.
    private static func discard(_ discarded: VoucherRecord, in unit: any Unit) throws -> VoucherRecord {
        let id = discarded.voucher.id
        if try isNeeded(discarded, in: unit) { throw VoucherDeskError.reversalNeeded(id) }
        try unit.vouchers.discard(discarded, from: discarded.version, reason: "discarded by a person")
        try unit.ledger.release(voucher: id)
        guard let caseID = discarded.caseID, discarded.voucher.reverses == nil,
            let current = try unit.cases.find(caseID), !current.state.isEnded
        else { return discarded }
        let hasPosted = try unit.vouchers.vouchers(of: caseID).contains(where: \.isInForce)
        if !hasPosted { try Filing.giveBack(caseID, in: unit) }
        try unit.cases.update(
            current.moved(to: .held, step: .voucher, problem: VoucherDeskError.discarded(id).problem, at: unit.now),
            from: current.version
        )
        return discarded
    }

    /// Whether a red voucher has to stay: the OA's own word made it, or a later revision was booked counting on it.
    private static func isNeeded(_ red: VoucherRecord, in unit: any Unit) throws -> Bool {
        guard let original = red.voucher.reverses else { return false }
        if red.standing.makers.contains(Reversal.maker) { return true }
        guard let caseID = try unit.vouchers.find(original)?.caseID, let reversed = try unit.cases.find(caseID) else {
            return false
        }
        return try unit.cases.cases(of: reversed.approval).contains {
            $0.revision > reversed.revision && $0.state != .conflict && $0.state != .held
        }
    }

    /// Segregation of duties beyond the voucher's own rules: cashiers keep no books, publishers wait, nobody decides on an
    /// own claim (SOD-04, SOD-06, SOD-09).
    private func checkDuties(
        of person: Person, doing right: Right, on record: VoucherRecord, in unit: any Unit
    ) throws {
        let policy = try unit.settings().settings.duties
        let today = Zone.named(try unit.settings().zoneName).day(of: unit.now)
        let picture = try pictures.picture(in: unit)
        let isPublisher = right == .voucherApprove && record.voucher.volume.minorUnits > policy.publisherCeiling
        let duties = VoucherDuties(
            voucher: record.voucher.id.text, makers: Set(record.standing.makers.map { Person.ID($0.text) }),
            approver: record.standing.reviewer.map { Person.ID($0.text) },
            cashier: record.standing.cashier.map { Person.ID($0.text) },
            poster: record.standing.poster.map { Person.ID($0.text) },
            requesters: try isOwnClaim(of: person, record, picture, in: unit) ? [person.id] : [],
            publisher: try isPublisher && published(by: person, record, picture, in: unit) ? person.id : nil
        )
        if let conflict = duties.conflict(of: person.id, doing: right, profile: policy.profile(on: today)) {
            throw AccessError.dutyConflict(conflict)
        }
    }

    private func isOwnClaim(
        of person: Person, _ record: VoucherRecord, _ picture: BookPicture, in unit: any Unit
    ) throws -> Bool {
        guard let caseID = record.caseID, let json = try unit.cases.document(of: caseID) else { return false }
        return ClaimOwners(of: try Document(json: json), in: picture.directory).include(person)
    }

    /// Whether somebody published the rules that made the voucher less than a day before it was made.
    private func published(
        by person: Person, _ record: VoucherRecord, _ picture: BookPicture, in unit: any Unit
    ) throws -> Bool {
        guard case .success(let shelf) = picture.ruleBooks else { return false }
        return try record.voucher.makers.contains { maker in
            guard let text = shelf.text(of: maker), text.publisher == person.id.text else { return false }
            let entries = try unit.log.entries(subject: "rule_book:\(text.name)@\(text.version)", limit: 100)
            let first = entries.first { $0.entry.body["state"]?.string == RuleBookText.State.published.rawValue }
            return first.map { VoucherDuties.isFresh(published: $0.entry.at, voucherMade: record.createdAt) } ?? false
        }
    }
}

extension VoucherAct {
    /// The right that an act needs.
    package var right: Right {
        switch self {
        case .submit, .discard: .voucherEdit
        case .approve, .approveAutomatically, .sendBack, .unapprove: .voucherApprove
        case .signAsCashier: .voucherSign
        case .post: .voucherPost
        case .reverse: .voucherReverse
        }
    }
}

extension VoucherRecord {
    package func with(_ standing: VoucherStanding) -> VoucherRecord {
        VoucherRecord(
            voucher: voucher.makers == standing.makers ? voucher : voucher.made(by: standing.makers),
            standing: standing, reference: reference, number: number, caseID: caseID, run: run,
            postingKey: postingKey, needsCashier: needsCashier, createdAt: createdAt, postedAt: postedAt,
            version: version
        )
    }

    package var countedUp: VoucherRecord {
        VoucherRecord(
            voucher: voucher, standing: standing, reference: reference, number: number, caseID: caseID, run: run,
            postingKey: postingKey, needsCashier: needsCashier, createdAt: createdAt, postedAt: postedAt,
            version: version + 1
        )
    }
}

/// A name for a unit of work that nobody used before; its beginning says what it was for.
package func unitKey(_ kind: String, _ subject: String) -> String {
    "\(kind):\(subject):\(randomBytes(8).hex)"
}

/// Why a person's act on a voucher does not go through.
package enum VoucherDeskError: Error, Hashable {
    case unknown(Voucher.ID)
    case changedMeanwhile(Voucher.ID, expected: Int64, found: Int64)
    case discarded(Voucher.ID)
    case reversalNeeded(Voucher.ID)
}

extension VoucherDeskError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknown(let id):
            Problem(
                code: "voucher.unknown",
                title: Phrase(zh: "没有这张凭证。", en: "There is no such voucher."),
                location: Phrase(zh: "凭证 \(id)", en: "voucher \(id)"),
                cause: Phrase(zh: "该账套中没有此编号，或已作废。", en: "The book has no voucher of this id, or it was discarded."),
                remedy: Phrase(zh: "请从凭证列表打开。", en: "Open it from the list of vouchers.")
            )
        case .discarded(let id):
            Problem(
                code: "voucher.discarded",
                title: Phrase(zh: "该单的凭证草稿已被作废。", en: "The draft voucher of the case was discarded."),
                location: Phrase(zh: "凭证 \(id)", en: "voucher \(id)"),
                cause: Phrase(zh: "有人作废了草稿，单据还没有入账。", en: "Somebody discarded it, and nothing is booked."),
                remedy: Phrase(
                    zh: "请重试以重新生成凭证，或在 OA 中撤回该单。",
                    en: "Retry to make the voucher again, or withdraw the form in the OA."
                )
            )
        case .reversalNeeded(let id):
            Problem(
                code: "voucher.reversal_needed",
                title: Phrase(zh: "该红字凭证不能作废。", en: "This red voucher cannot be discarded."),
                location: Phrase(zh: "凭证 \(id)", en: "voucher \(id)"),
                cause: Phrase(
                    zh: "OA 已修改或撤回该单，原凭证必须冲销。",
                    en: "The OA amended or withdrew the form, so the original has to be taken back."
                ),
                remedy: Phrase(zh: "请审核并记账该红字凭证。", en: "Review and post it.")
            )
        case .changedMeanwhile(let id, let expected, let found):
            Problem(
                code: "voucher.changed_meanwhile",
                title: Phrase(zh: "凭证刚刚被他人修改。", en: "Somebody else changed the voucher just now."),
                location: Phrase(zh: "凭证 \(id)", en: "voucher \(id)"),
                cause: Phrase(
                    zh: "您看到的是第 \(expected) 版，现在是第 \(found) 版。",
                    en: "You saw version \(expected); it is version \(found) now."),
                remedy: Phrase(zh: "请刷新后再处理。", en: "Reload it and decide again.")
            )
        }
    }
}
