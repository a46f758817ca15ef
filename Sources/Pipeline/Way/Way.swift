import Cryptography
import Jobs
package import Kernel
import Ledger

/// The way of a case, from the delivery in the inbox to the answer (一单到底).
///
/// Each function here is the handler of one kind of job. Steps that need nobody outside are prepared together and
/// committed in one unit; whatever the commit finds changed is prepared again.
package struct Way: Sendable {
    private let store: any BookStore
    private let connectors: ConnectorDesk
    private let planner: Planner
    private let leads: FinanceLeads
    private let schema: DocumentSchema
    private let clock: @Sendable () -> Timestamp
    private let wake: @Sendable (Book.ID) -> Void

    /// How often a unit is prepared again before the job goes back to the queue.
    private static let preparations = 8
    /// How often attachments are asked for before the case is held for a person.
    private static let attachmentAttempts = 3

    package init(
        store: any BookStore, connectors: ConnectorDesk, planner: Planner, schema: DocumentSchema,
        clock: @escaping @Sendable () -> Timestamp, wake: @escaping @Sendable (Book.ID) -> Void
    ) {
        self.store = store
        self.connectors = connectors
        self.planner = planner
        leads = FinanceLeads(store: store, clock: clock)
        self.schema = schema
        self.clock = clock
        self.wake = wake
    }

    /// The handlers of all kinds of jobs.
    package var handlers: [JobKind: Worker.Handler] {
        [
            .normalise: { try await normalise($0, $1) },
            .advance: { try await advance($0, $1) },
            .post: { try await post($0, $1) },
            .writeBack: { try await writeBack($0, $1) },
        ]
    }

    /// A delivery becomes a case of the company it is for.
    private func normalise(_ job: Job, _ lease: Lease) async throws {
        let inbox = Book.ID(job.book)
        let key = String(job.subject.dropFirst("delivery:".count))
        guard let delivery = try await store.read(inbox, { try $0.inbox.delivery(key) }) else {
            throw JobFault.unexpected("no delivery \(key)")
        }
        guard let desk = try await connectors.desk(delivery.connector) else {
            throw ReceptionError.unknownConnector(delivery.connector)
        }
        let normaliser = Normaliser(schema: schema, desk: desk, books: try await store.books())
        switch try await normaliser.read(delivery) {
        case .irrelevant:
            try await settle(delivery, job, lease, state: .irrelevant, problem: nil, book: nil, caseID: nil)
        case .unreadable(let problem):
            try await settle(delivery, job, lease, state: .held, problem: problem, book: nil, caseID: nil)
        case .document(let document, let named, let found):
            let (book, problem) = try await place(document, named, found)
            let files = try await normaliser.files(
                of: document, delivery, givesUp: job.attempt >= Self.attachmentAttempts
            )
            let outcome = try await file(document, problem, files, delivery, in: book)
            switch outcome {
            case .filed(let id, _), .known(let id):
                try await settle(delivery, job, lease, state: .done, problem: nil, book: book, caseID: id)
            case .conflict(let id):
                try await settle(delivery, job, lease, state: .conflict, problem: nil, book: book, caseID: id)
            }
            wake(book)
        }
    }

    /// The book of the approval's earlier cases, where it has any: what takes them back has to find them there.
    private func place(
        _ document: Document, _ named: Book.ID, _ problem: Problem?
    ) async throws -> (book: Book.ID, problem: Problem?) {
        guard document.revision > 1 || document.outcome != .approved else { return (named, problem) }
        for company in try await store.books() where company.kind == .company && company.id != named {
            let earlier = try await store.read(company.id) { try $0.cases.cases(of: document.approval) }
            guard !earlier.isEmpty else { continue }
            switch document.outcome {
            case .withdrawn, .voided: return (company.id, problem)
            case .approved, .paid, .amended:
                return (company.id, problem ?? Self.companyChanged(document, from: company.id, to: named))
            }
        }
        return (named, problem)
    }

    private static func companyChanged(_ document: Document, from: Book.ID, to: Book.ID) -> Problem {
        Problem(
            code: "company.changed",
            title: Phrase(zh: "审批单换了核算主体。", en: "The approval changed its company."),
            location: Phrase(zh: "/company", en: "/company"),
            cause: Phrase(
                zh: "之前的版本在账套 \(from)，本版本属于 \(to)。",
                en: "Earlier revisions are in the book \(from), this one belongs to \(to)."
            ),
            remedy: Phrase(
                zh: "请在 OA 中撤回该单，由新的公司重新提交。",
                en: "Withdraw the form in the OA and submit it again for the other company."
            )
        )
    }

    private func file(
        _ document: Document, _ problem: Problem?, _ files: [EvidenceStep.File], _ delivery: Delivery, in book: Book.ID
    ) async throws -> Filing.Outcome {
        let readings = files.map(EvidenceStep.read)
        var originals: [KeptOriginal] = []
        for file in files {
            if case .bytes(let bytes) = file.content { originals.append(try await store.keep(bytes)) }
        }
        let incoming = IncomingCase(
            document: document, deliveryKey: delivery.key, receivedAt: delivery.receivedAt, readings: readings,
            originals: originals, problem: problem
        )
        let records = EvidenceStep.records(of: readings, caseID: "new", at: delivery.receivedAt)
        let missing = EvidenceStep.problem(of: readings, records: records, document: document)
        return try await repeatedly { use in
            let now = clock()
            let leads = try await leads.leads(of: book)
            let plan = try await store.read(book) { snapshot in
                try planner.plan(
                    document, evidence: records, early: problem ?? missing ?? use, caseID: nil, leads: leads, now: now,
                    in: snapshot
                )
            }
            return try await store.commit(
                book, key: "case:\(delivery.connector):\(delivery.key)", actor: "connector:" + delivery.connector,
                at: now
            ) { try Filing.file(incoming, plan, in: $0) }
        }
    }

    private func settle(
        _ delivery: Delivery, _ job: Job, _ lease: Lease, state: Delivery.State, problem: Problem?, book: Book.ID?,
        caseID: Case.ID?
    ) async throws {
        try await store.commit(
            Book.ID(job.book), key: "settle:\(delivery.key)", actor: "system", at: clock()
        ) { unit in
            try unit.fence(lease)
            try unit.jobs.finish(job.id)
            try unit.inbox.settle(delivery.key, state: state, problem: problem, caseBook: book, caseID: caseID)
        }
    }

    /// A case runs again after somebody fixed something.
    private func advance(_ job: Job, _ lease: Lease) async throws {
        let book = Book.ID(job.book)
        let id = Case.ID(String(job.subject.dropFirst("case:".count)))
        let startedBy = job.payload["by"]?.string ?? "system"
        let reason = job.payload["reason"]?.string ?? "retry"
        let mayUndoReview = job.payload["may_undo_review"]?.bool ?? false
        let fresh = try await readAgain(id, in: book)
        if case .elsewhere(let document, let other, let delivery) = fresh {
            return try await move(id, job, lease, document, to: other, delivery)
        }
        try await refetch(id, in: book)
        try await repeatedly { use in
            let now = clock()
            let leads = try await leads.leads(of: book)
            let prepared = try await store.read(book) { snapshot -> (Int64, CasePlan)? in
                guard let current = try snapshot.cases.find(id), !current.state.isEnded,
                    let json = try snapshot.cases.document(of: id)
                else { return nil }
                let plan = try planner.plan(
                    try fresh?.document ?? Document(json: json), evidence: try snapshot.evidence.evidence(of: id),
                    early: fresh?.problem ?? use, caseID: id, leads: leads, now: now, in: snapshot
                )
                return (current.version, plan)
            }
            let rewritten = fresh?.document.map { KeptJSON($0.withoutContent) }
            try await store.commit(book, key: unitKey("advance", id.text), actor: startedBy, at: now) { unit in
                try unit.fence(lease)
                try unit.jobs.finish(job.id)
                guard let (version, plan) = prepared else { return }
                if let rewritten { try unit.cases.setDocument(rewritten, of: id) }
                _ = try Filing.rerun(
                    id, seen: version, plan, startedBy: startedBy, reason: reason, mayUndoReview: mayUndoReview,
                    in: unit
                )
            }
        }
        wake(book)
    }

    /// What a delivery says under the mapping, the schema and the table of companies as they are now.
    private enum Fresh: Sendable {
        case here(Document, Problem?)
        case elsewhere(Document, Book.ID, Delivery)

        var document: Document? { if case .here(let document, _) = self { document } else { nil } }
        var problem: Problem? { if case .here(_, let problem) = self { problem } else { nil } }
    }

    /// Reads the delivery of a case again, where the case stands at the step that reads it.
    private func readAgain(_ id: Case.ID, in book: Book.ID) async throws -> Fresh? {
        let found = try await store.read(book) { snapshot -> (Case, String)? in
            guard let current = try snapshot.cases.find(id), current.step == .normalise,
                let key = try snapshot.cases.delivery(of: id)
            else { return nil }
            return (current, key)
        }
        guard let (current, key) = found, let desk = try await connectors.desk(current.approval.connector),
            let delivery = try await store.read(
                Book.inbox(of: current.approval.connector), { try $0.inbox.delivery(key) }
            )
        else { return nil }
        let normaliser = Normaliser(schema: schema, desk: desk, books: try await store.books())
        // The instance may have moved on in its OA; then it comes as a revision of its own.
        guard case .document(let document, let named, let problem) = try await normaliser.read(delivery),
            document.approval == current.approval, document.revision == current.revision
        else { return nil }
        return named == book ? .here(document, problem) : .elsewhere(document, named, delivery)
    }

    /// Files a case in the book of its company, which is known now; here it ends.
    private func move(
        _ id: Case.ID, _ job: Job, _ lease: Lease, _ document: Document, to other: Book.ID, _ delivery: Delivery
    ) async throws {
        guard let desk = try await connectors.desk(document.approval.connector) else { return }
        let normaliser = Normaliser(schema: schema, desk: desk, books: [])
        let files = try await normaliser.files(of: document, delivery, givesUp: true)
        _ = try await file(document, schema.problem(in: document.json), files, delivery, in: other)
        let now = clock()
        try await store.commit(Book.ID(job.book), key: unitKey("move", id.text), actor: "system", at: now) { unit in
            try unit.fence(lease)
            try unit.jobs.finish(job.id)
            guard let current = try unit.cases.find(id), !current.state.isEnded else { return }
            let note = Phrase(zh: "已转到账套 \(other)。", en: "It moved to the book \(other).")
            try unit.cases.update(
                current.moved(to: .superseded, step: current.step, note: note, at: now), from: current.version
            )
        }
        wake(other)
    }

    /// Asks again for attachments that never came.
    private func refetch(_ id: Case.ID, in book: Book.ID) async throws {
        let found = try await store.read(book) { snapshot -> (Document, String, Set<String>)? in
            guard let json = try snapshot.cases.document(of: id), let key = try snapshot.cases.delivery(of: id) else {
                return nil
            }
            return (try Document(json: json), key, Set(try snapshot.evidence.evidence(of: id).map(\.fileName)))
        }
        guard let (document, key, present) = found,
            document.attachments.contains(where: { !present.contains($0["name"]?.string ?? "") }),
            let desk = try await connectors.desk(document.approval.connector),
            let delivery = try await store.read(
                Book.inbox(of: document.approval.connector), { try $0.inbox.delivery(key) }
            )
        else { return }
        let normaliser = Normaliser(schema: schema, desk: desk, books: [])
        let missing = try await normaliser.files(of: document, delivery, except: present, givesUp: true)
        let readings = missing.map(EvidenceStep.read).filter { $0.digest != nil }
        guard !readings.isEmpty else { return }
        var originals: [KeptOriginal] = []
        for reading in readings {
            if case .bytes(let bytes) = reading.file.content { originals.append(try await store.keep(bytes)) }
        }
        let kept = originals
        let now = clock()
        try await store.commit(book, key: unitKey("attachments", id.text), actor: "system", at: now) { unit in
            for original in kept { try unit.originals.name(original, mediaType: "application/octet-stream") }
            for record in EvidenceStep.records(of: readings, caseID: id, at: now) { try unit.evidence.add(record.late) }
        }
    }

    /// An approved voucher is posted by the program, where the book wants it.
    private func post(_ job: Job, _ lease: Lease) async throws {
        let id = Voucher.ID(String(job.subject.dropFirst("voucher:".count)))
        try await store.commit(
            Book.ID(job.book), key: unitKey("post", id.text), actor: "system", at: clock()
        ) { unit in
            try unit.fence(lease)
            try unit.jobs.finish(job.id)
            guard let record = try unit.vouchers.find(id), record.state == .approved else { return }
            let duties = try unit.settings().dutySettings(at: unit.now)
            let standing = try record.standing.applying(.post, by: "system", settings: duties)
            _ = try Posting.post(record.with(standing), in: unit)
        }
        wake(Book.ID(job.book))
    }

    /// The OA is told what became of its form.
    private func writeBack(_ job: Job, _ lease: Lease) async throws {
        let book = Book.ID(job.book)
        let id = Case.ID(String(job.subject.dropFirst("case:".count)))
        guard let key = job.payload["key"]?.string, let event = job.payload["event"]?.string,
            let text = job.payload["text"]?.string,
            let theCase = try await store.read(book, { try $0.cases.find(id) })
        else { throw JobFault.unexpected("write-back without a case") }
        guard let desk = try await connectors.desk(theCase.approval.connector) else {
            throw ReceptionError.unknownConnector(theCase.approval.connector)
        }
        let data = JSON.object([
            ("case", .string(id.text)), ("number", .optional(theCase.number)),
            ("numbers", job.payload["numbers"] ?? .array([])),
        ])
        try await desk.connector.writeBack(
            Receipt(key: key, approval: theCase.approval, event: event, text: text, data: data)
        )
        let now = clock()
        try await store.commit(book, key: "write_back:" + key, actor: "system", at: now) { unit in
            try unit.fence(lease)
            try unit.jobs.finish(job.id)
            try unit.cases.record(
                ReceiptRecord(key: key, event: event, text: text, state: .sent, at: now), of: id
            )
        }
    }

    /// Prepares again when the commit found something changed.
    ///
    /// An invoice that is still in use after the rules saw its use is a problem of the case, which it is prepared with.
    private func repeatedly<Answer: Sendable>(
        _ work: (_ use: Problem?) async throws -> Answer
    ) async throws -> Answer {
        var use: Problem?
        var uses = 0
        for _ in 1..<Self.preparations {
            do {
                return try await work(use)
            } catch is PreparedOnOldState {
                continue
            } catch let error as EvidenceUseError {
                uses += 1
                if uses > 1 { use = error.problem }
            }
        }
        return try await work(use)
    }
}

extension EvidenceRecord {
    /// The record of an attachment that came after the case; its id must not meet an earlier one.
    fileprivate var late: EvidenceRecord {
        EvidenceRecord(
            id: id + "-" + String(digest.hex.prefix(8)), caseID: caseID, fileName: fileName, digest: digest,
            mediaType: mediaType, size: size, kind: kind, number: number, registerKey: registerKey, fields: fields,
            ruleFields: ruleFields, addedAt: addedAt
        )
    }
}
