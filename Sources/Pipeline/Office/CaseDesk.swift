import Access
import Jobs
package import Kernel
package import Ledger

/// What persons do with a case that cannot go on by itself.
package struct CaseDesk: Sendable {
    private let store: any BookStore
    private let clock: @Sendable () -> Timestamp
    private let wake: @Sendable (Book.ID) -> Void

    package init(
        store: any BookStore, clock: @escaping @Sendable () -> Timestamp, wake: @escaping @Sendable (Book.ID) -> Void
    ) {
        self.store = store
        self.clock = clock
        self.wake = wake
    }

    /// Starts another run of a case that is held or waits.
    package func retry(_ id: Case.ID, in book: Book.ID, by visitor: Visitor, reason: String) async throws {
        try visitor.require(.caseRetry, in: book)
        let now = clock()
        let by = visitor.person.id.text
        try await store.commit(book, key: unitKey("retry", id.text), actor: by, at: now) { unit in
            guard let current = try unit.cases.find(id) else { throw CaseDeskError.unknown(id) }
            guard !current.state.isEnded else { throw CaseDeskError.ended(id, current.state) }
            let vouchers = try unit.vouchers.vouchers(of: id)
            guard !vouchers.contains(where: \.isInForce) else { throw CaseDeskError.partlyPosted(id) }
            let mayUndoReview = visitor.may(.voucherEdit, in: book) || visitor.may(.voucherApprove, in: book)
            if !mayUndoReview, let approved = vouchers.first(where: { $0.state == .approved }) {
                throw CaseDeskError.approved(id, approved.voucher.id, by: approved.standing.reviewer)
            }
            try Self.enqueue(current, by: by, reason: reason, mayUndoReview: mayUndoReview, in: unit)
        }
        wake(book)
    }

    /// Works on a delivery again that became no case, or whose job was given up.
    package func replay(_ key: String, of connector: String, by visitor: Visitor) async throws {
        try visitor.require(.deliveryReplay, in: visitor.homeBook)
        let inbox = Book.inbox(of: connector)
        let now = clock()
        try await store.commit(
            inbox, key: unitKey("replay", key), actor: visitor.person.id.text, at: now
        ) { unit in
            guard let delivery = try unit.inbox.delivery(key) else { throw CaseDeskError.unknownDelivery(key) }
            let subject = "delivery:" + key
            try unit.note(kind: "delivery.replayed", subject: subject, body: [:], personal: [])
            let waiting = try unit.jobs.pending(subject: subject)
            if let dead = try unit.jobs.deadLetters(limit: 1_000).first(where: { $0.subject == subject }) {
                return try unit.jobs.revive(dead.id, dueAt: now)
            }
            guard waiting.isEmpty else { return }
            try unit.inbox.settle(
                key, state: .pending, problem: nil, caseBook: delivery.caseBook, caseID: delivery.caseID
            )
            try unit.jobs.add(NewJob(kind: JobKind.normalise.rawValue, subject: subject, dueAt: now))
        }
        wake(inbox)
    }

    /// Creates or changes a dimension item, maps what an OA calls it, and resumes every case that waited for it.
    ///
    /// - Returns: How many cases go on.
    package func map(
        _ mapping: PartyMapping, to item: MasterItem?, in book: Book.ID, by visitor: Visitor
    ) async throws -> Int {
        try visitor.require(.mappingEdit, in: book)
        if item != nil { try visitor.require(.masterdataEdit, in: book) }
        let now = clock()
        let by = visitor.person.id.text
        let resumed = try await store.commit(book, key: unitKey("map", mapping.vendorID), actor: by, at: now) { unit in
            if let item { try unit.masterData.set(item) }
            let isKnown = try unit.masterData.items().contains {
                $0.dimension == mapping.dimension && $0.code == mapping.code && $0.isActive
            }
            guard isKnown else { throw CaseDeskError.unknownItem(mapping.dimension, mapping.code) }
            try unit.masterData.set(mapping)
            return try Self.resume(
                codes: ["mapping.unknown_party"], naming: "(\(mapping.vendorID))", by: by, reason: "mapping", in: unit
            )
        }
        wake(book)
        return resumed
    }

    /// Creates or changes a dimension item, and resumes the cases that waited for somebody unknown.
    ///
    /// - Returns: How many cases go on.
    package func set(_ item: MasterItem, in book: Book.ID, by visitor: Visitor) async throws -> Int {
        try visitor.require(.masterdataEdit, in: book)
        let by = visitor.person.id.text
        let resumed = try await store.commit(
            book, key: unitKey("item", item.code), actor: by, at: clock()
        ) { unit in
            try unit.masterData.set(item)
            return try Self.resume(codes: ["mapping.unknown_party"], by: by, reason: "master data", in: unit)
        }
        wake(book)
        return resumed
    }

    /// Lets every case that is held with one of the codes run again.
    ///
    /// - Parameter naming: Only those whose problem names this text; all of them without it.
    package static func resume(
        codes: [String], naming: String? = nil, by: String, reason: String, in unit: any Unit
    ) throws -> Int {
        let held = try unit.cases.held(withCodes: codes, limit: 1_000).filter { waiting in
            naming.map { waiting.problem?.cause.zh.contains($0) == true } ?? true
        }
        for waiting in held { try enqueue(waiting, by: by, reason: reason, in: unit) }
        return held.count
    }

    /// Puts another run of a case into the queue. A run that is put off until later is brought forward.
    static func enqueue(
        _ one: Case, by: String, reason: String, mayUndoReview: Bool = false, in unit: any Unit
    ) throws {
        let subject = "case:" + one.id.text
        for job in try unit.jobs.pending(subject: subject) where JobKind(rawValue: job.kind)?.isRun == true {
            guard job.dueAt > unit.now else { return }
            try unit.jobs.finish(job.id)
        }
        // What has not passed the evidence may lack what only the OA has.
        let kind = one.step <= .evidence ? JobKind.askAgain : .advance
        try unit.jobs.add(
            NewJob(
                kind: kind.rawValue, subject: subject,
                payload: ["by": .string(by), "reason": .string(reason), "may_undo_review": .bool(mayUndoReview)],
                dueAt: unit.now
            )
        )
        try unit.note(kind: "case.retry_asked", subject: subject, body: ["reason": .string(reason)], personal: [])
    }
}

/// Why a person's act on a case does not go through.
package enum CaseDeskError: Error, Hashable {
    case unknown(Case.ID)
    case ended(Case.ID, Case.State)
    case unknownItem(String, String)
    case partlyPosted(Case.ID)
    case approved(Case.ID, Voucher.ID, by: PersonID?)
    case unknownDelivery(String)
}

extension CaseDeskError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknown(let id):
            Problem(
                code: "case.unknown",
                title: Phrase(zh: "没有这张单。", en: "There is no such case."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "该账套中没有此编号。", en: "The book has no case of this id."),
                remedy: Phrase(zh: "请从单据列表打开。", en: "Open it from the list of cases.")
            )
        case .ended(let id, let state):
            Problem(
                code: "case.ended",
                title: Phrase(zh: "该单已经结束，不能重试。", en: "The case is over and cannot run again."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "状态为 \(state.rawValue)。", en: "Its state is \(state.rawValue)."),
                remedy: Phrase(
                    zh: "已记账的凭证只能红字冲销；修改应由 OA 以新版本发来。",
                    en: "A posted voucher can only be reversed; a change comes from the OA as a new revision."
                )
            )
        case .partlyPosted(let id):
            Problem(
                code: "case.partly_posted",
                title: Phrase(zh: "该单已有凭证记账，不能重新处理。", en: "A voucher of the case is posted; it cannot run again."),
                location: Phrase(zh: "单 \(id)", en: "case \(id)"),
                cause: Phrase(zh: "重新处理会重复入账。", en: "Another run would book it twice."),
                remedy: Phrase(
                    zh: "请继续处理未记账的凭证；若已记账的有误，请先红字冲销。",
                    en: "Go on with the vouchers that are not posted; reverse the posted one first if it is wrong."
                )
            )
        case .approved(let id, let voucher, let reviewer):
            Problem(
                code: "case.approved",
                title: Phrase(zh: "凭证已经审核，不能重新处理。", en: "A voucher of the case is approved; it cannot run again."),
                location: Phrase(zh: "单 \(id)，凭证 \(voucher)", en: "case \(id), voucher \(voucher)"),
                cause: Phrase(
                    zh: "\(reviewer?.text ?? "—") 已审核；重新处理会推翻这一决定，实施人员无权作此决定。",
                    en:
                        "\(reviewer?.text ?? "—") approved it; another run would undo that, which is no implementer's decision."
                ),
                remedy: Phrase(
                    zh: "请由审核人取消审核，或由制单人、财务主管重试。",
                    en: "Let the reviewer take the approval back, or a maker or the finance lead retry it."
                )
            )
        case .unknownDelivery(let key):
            Problem(
                code: "delivery.unknown",
                title: Phrase(zh: "没有这条投递记录。", en: "There is no such delivery."),
                location: Phrase(zh: "投递 \(key)", en: "delivery \(key)"),
                cause: Phrase(zh: "该连接器没有收到过它。", en: "The connector never received it."),
                remedy: Phrase(zh: "请从投递记录列表打开。", en: "Open it from the list of deliveries.")
            )
        case .unknownItem(let dimension, let code):
            Problem(
                code: "masterdata.unknown_item",
                title: Phrase(zh: "没有这个辅助核算项目。", en: "There is no such dimension item."),
                location: Phrase(zh: "\(dimension) \(code)", en: "\(dimension) \(code)"),
                cause: Phrase(zh: "编码不存在或已停用。", en: "The code does not exist or is not in use."),
                remedy: Phrase(zh: "请先新建该项目，或选择已有编码。", en: "Create it first, or choose a code that exists.")
            )
        }
    }
}
