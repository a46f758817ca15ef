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
        case .document(let document, let book, let problem):
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

    private func file(
        _ document: Document, _ problem: Problem?, _ files: [EvidenceStep.File], _ delivery: Delivery, in book: Book.ID
    ) async throws -> Filing.Outcome {
        let readings = files.map(EvidenceStep.read)
        var originals: [KeptOriginal] = []
        for file in files {
            if case .bytes(let bytes) = file.content { originals.append(try await store.keep(bytes)) }
        }
        let incoming = IncomingCase(
            document: document, deliveryKey: delivery.key, digest: sha256(document.json.canonical),
            receivedAt: delivery.receivedAt, readings: readings, originals: originals, problem: problem
        )
        let records = EvidenceStep.records(of: readings, caseID: "new", at: delivery.receivedAt)
        let missing = EvidenceStep.problem(of: readings, records: records, document: document)
        return try await repeatedly {
            let now = clock()
            let plan = try await store.read(book) { snapshot in
                try planner.plan(
                    document, evidence: records, early: problem ?? missing, caseID: nil, now: now, in: snapshot
                )
            }
            return try await store.commit(
                book, key: "case:\(delivery.connector):\(delivery.key)", actor: "connector:" + delivery.connector, at: now
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
        try await refetch(id, in: book)
        try await repeatedly {
            let now = clock()
            let prepared = try await store.read(book) { snapshot -> (Int64, CasePlan)? in
                guard let current = try snapshot.cases.find(id), !current.state.isEnded,
                    let json = try snapshot.cases.document(of: id)
                else { return nil }
                let document = try Document(json: json)
                let plan = try planner.plan(
                    document, evidence: try snapshot.evidence.evidence(of: id), early: schemaProblem(json),
                    caseID: id, now: now, in: snapshot
                )
                return (current.version, plan)
            }
            try await store.commit(book, key: unitKey("advance", id.text), actor: startedBy, at: now) { unit in
                try unit.fence(lease)
                try unit.jobs.finish(job.id)
                guard let (version, plan) = prepared else { return }
                _ = try Filing.rerun(id, seen: version, plan, startedBy: startedBy, reason: reason, in: unit)
            }
        }
        wake(book)
    }

    private func schemaProblem(_ json: JSON) -> Problem? { schema.problem(in: json) }

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
            let duties = DutySettings(cashierSigns: try unit.settings().settings.needsCashierSignature)
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
        if let desk = try await connectors.desk(theCase.approval.connector) {
            let data = JSON.object([
                ("case", .string(id.text)), ("number", .optional(theCase.number)),
                ("numbers", job.payload["numbers"] ?? .array([])),
            ])
            try await desk.connector.writeBack(
                Receipt(key: key, approval: theCase.approval, event: event, text: text, data: data)
            )
        }
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
    private func repeatedly<Answer: Sendable>(_ work: () async throws -> Answer) async throws -> Answer {
        for _ in 1..<Self.preparations {
            do {
                return try await work()
            } catch is PreparedOnOldState {
                continue
            } catch is EvidenceUseError {
                // Another case took the invoice between snapshot and commit; the next plan sees its use.
                continue
            }
        }
        return try await work()
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
