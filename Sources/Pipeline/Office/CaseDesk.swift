import Access
import Jobs
package import Kernel
import Ledger

/// What persons do with a case that cannot go on by itself.
package struct CaseDesk: Sendable {
    let store: any BookStore
    let clock: @Sendable () -> Timestamp
    let wake: @Sendable (Book.ID) -> Void

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
        guard let setting = try await store.read(Book.installation, { try $0.installation.connector(connector) }) else {
            throw ReceptionError.unknownConnector(connector)
        }
        if !visitor.may(.deliveryReplay, in: Book.installation) {
            try visitor.require(.deliveryReplay, in: setting.homeBook)
        }
        let inbox = Book.inbox(of: connector)
        let now = clock()
        try await store.commit(
            inbox, key: unitKey("replay", key), actor: visitor.person.id.text, at: now
        ) { unit in
            try Self.replay(key, in: unit)
        }
        wake(inbox)
    }

    /// Puts a delivery into the queue again, in a unit of its inbox.
    static func replay(_ key: String, in unit: any Unit) throws {
        guard let delivery = try unit.inbox.delivery(key) else { throw CaseDeskError.unknownDelivery(key) }
        let subject = "delivery:" + key
        try unit.note(kind: "delivery.replayed", subject: subject, body: [:], personal: [])
        if let dead = try unit.jobs.deadLetters(subject: subject).first {
            return try unit.jobs.revive(dead.id, dueAt: unit.now)
        }
        guard try unit.jobs.pending(subject: subject).isEmpty else { return }
        try unit.inbox.settle(
            key, state: .pending, problem: nil, caseBook: delivery.caseBook, caseID: delivery.caseID
        )
        try unit.jobs.add(NewJob(kind: JobKind.normalise.rawValue, subject: subject, dueAt: unit.now))
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
        // A run that was given up is not wanted beside the new one.
        for job in try unit.jobs.deadLetters(subject: subject) where JobKind(rawValue: job.kind)?.isRun == true {
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
