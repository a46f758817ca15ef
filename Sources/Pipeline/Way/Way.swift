import Cryptography
import Jobs
package import Kernel
import Ledger

/// The way of a case, from the delivery in the inbox to the answer (一单到底).
///
/// Each function here is the handler of one kind of job. Steps that need nobody outside are prepared together and
/// committed in one unit; whatever the commit finds changed is prepared again.
package struct Way: Sendable {
    let store: any BookStore
    let connectors: ConnectorDesk
    private let planner: Planner
    private let leads: FinanceLeads
    private let schema: DocumentSchema
    let clock: @Sendable () -> Timestamp
    private let wake: @Sendable (Book.ID) -> Void
    private let threads: any WorkThreads
    private let gate = DownloadGate()

    /// How often a unit is prepared again before the job goes back to the queue.
    private static let preparations = 8

    /// - Parameter threads: Where attachments are read; beside a server they are threads of their own.
    package init(
        store: any BookStore, connectors: ConnectorDesk, planner: Planner, schema: DocumentSchema,
        clock: @escaping @Sendable () -> Timestamp, wake: @escaping @Sendable (Book.ID) -> Void,
        threads: any WorkThreads = CallersThread()
    ) {
        self.store = store
        self.connectors = connectors
        self.planner = planner
        leads = FinanceLeads(store: store, clock: clock)
        self.schema = schema
        self.clock = clock
        self.wake = wake
        self.threads = threads
    }

    /// The handlers of all kinds of jobs.
    package var handlers: [JobKind: Worker.Handler] {
        [
            .normalise: { try await normalise($0, $1) },
            .advance: { try await advance($0, $1) },
            .askAgain: { try await advance($0, $1) },
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
        let intake = intake(of: delivery, at: desk)
        var progress = try await intake.progress(before: job)
        let normaliser = Normaliser(schema: schema, desk: desk, books: try await store.books())
        switch normaliser.read(try await intake.instance(&progress)) {
        case .irrelevant:
            let end = Settling(delivery, .irrelevant, forgets: progress.isStored)
            try await settle(end, job, lease)
        case .unreadable(let problem):
            let end = Settling(delivery, .held, problem: problem, forgets: progress.isStored)
            try await settle(end, job, lease)
        case .document(let document, let named, let found):
            let (book, problem) = try await place(document, named, found)
            let files = try await attachments(
                of: document, intake, patienceSeconds: desk.attachmentPatienceSeconds, &progress
            )
            if let waits = files.waits {
                try await intake.save(progress, lease)
                throw waits
            }
            let outcome = try await file(document, problem, files, delivery, in: book)
            var end = Settling(delivery, .done, book: book, forgets: progress.isStored)
            switch outcome {
            case .filed(let id, _), .known(let id): end.caseID = id
            case .conflict(let id): (end.state, end.caseID) = (.conflict, id)
            }
            // Before the job ends, so that a crash in between calls it again.
            try await callWithdrawal(of: document, from: desk.setting.homeBook, to: book)
            try await settle(end, job, lease)
            wake(book)
        }
    }

    func intake(of delivery: Delivery, at desk: ConnectorDesk.Desk) -> Intake {
        Intake(store: store, desk: desk, delivery: delivery, gate: gate, threads: threads, clock: clock)
    }

    /// What takes an approval back books no attachment, so it waits for none.
    private func attachments(
        of document: Document, _ intake: Intake, patienceSeconds: Int64, _ progress: inout Intake.Progress
    ) async throws -> Intake.Attachments {
        guard !document.outcome.takesBack else { return Intake.Attachments() }
        return try await intake.attachments(of: document, patienceSeconds: patienceSeconds, &progress)
    }

    /// A withdrawal of which no company was known is held in the home book; it goes on when its approval comes in another.
    private func callWithdrawal(of document: Document, from home: Book.ID, to book: Book.ID) async throws {
        guard home != book, !document.outcome.takesBack else { return }
        let approval = document.approval
        let held = try await store.read(home) { snapshot in
            try snapshot.cases.cases(of: approval).filter { $0.outcome.takesBack && $0.state == .held }
        }
        guard !held.isEmpty else { return }
        try await store.commit(home, key: unitKey("call", approval.instance), actor: "system", at: clock()) { unit in
            for one in held { try CaseDesk.enqueue(one, by: "system", reason: "approval came", in: unit) }
        }
        wake(home)
    }

    /// The book of the approval's earlier cases, where it has any: what takes them back has to find them there.
    private func place(
        _ document: Document, _ named: Book.ID, _ problem: Problem?, besides own: (Book.ID, Case.ID)? = nil
    ) async throws -> (book: Book.ID, problem: Problem?) {
        guard document.revision > 1 || document.outcome != .approved else { return (named, problem) }
        for company in try await store.books() where company.kind == .company && company.id != named {
            let others = try await store.read(company.id) { snapshot in
                try snapshot.cases.cases(of: document.approval).filter { own?.0 != company.id || own?.1 != $0.id }
            }
            guard !others.isEmpty else { continue }
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
        _ document: Document, _ problem: Problem?, _ files: Intake.Attachments, _ delivery: Delivery, in book: Book.ID
    ) async throws -> Filing.Outcome {
        let incoming = IncomingCase(
            document: document, deliveryKey: delivery.key, receivedAt: delivery.receivedAt, readings: files.readings,
            originals: files.originals, problem: problem
        )
        let records = EvidenceStep.records(of: files.readings, caseID: "new", at: delivery.receivedAt)
        let missing =
            document.outcome.takesBack
            ? nil : EvidenceStep.problem(of: files.readings, records: records, document: document)
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

    /// How a delivery ends.
    private struct Settling: Sendable {
        let delivery: Delivery
        var state: Delivery.State
        let problem: Problem?
        let book: Book.ID?
        var caseID: Case.ID?
        /// Whether parts of it were kept while it waited.
        let forgets: Bool

        init(
            _ delivery: Delivery, _ state: Delivery.State, problem: Problem? = nil, book: Book.ID? = nil, forgets: Bool
        ) {
            self.delivery = delivery
            self.state = state
            self.problem = problem
            self.book = book
            self.forgets = forgets
        }
    }

    private func settle(_ end: Settling, _ job: Job, _ lease: Lease) async throws {
        let key = end.delivery.key
        try await store.commit(Book.ID(job.book), key: "settle:\(key)", actor: "system", at: clock()) { unit in
            try unit.fence(lease)
            try unit.jobs.finish(job.id)
            if end.forgets { try unit.inbox.forgetFetched(key) }
            try unit.inbox.settle(
                key, state: end.state, problem: end.problem, caseBook: end.book, caseID: end.caseID
            )
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
        let missing = try await refetch(id, in: book)
        try await repeatedly { use in
            let now = clock()
            let leads = try await leads.leads(of: book)
            let prepared = try await store.read(book) { snapshot -> (Int64, CasePlan)? in
                guard let current = try snapshot.cases.find(id), !current.state.isEnded,
                    let json = try snapshot.cases.document(of: id)
                else { return nil }
                let plan = try planner.plan(
                    try fresh?.document ?? Document(json: json), evidence: try snapshot.evidence.evidence(of: id),
                    early: fresh?.problem ?? missing ?? use, caseID: id, leads: leads, now: now, in: snapshot
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
        let fetched = try await desk.connector.fetch(delivery.stored)
        // The instance may have moved on in its OA; then it comes as a revision of its own.
        guard case .document(let document, let named, let found) = normaliser.read(fetched),
            document.approval == current.approval, document.revision == current.revision
        else { return nil }
        let (target, problem) = try await place(document, named, found, besides: (book, id))
        return target == book ? .here(document, problem) : .elsewhere(document, target, delivery)
    }

    /// Files a case in the book of its company, which is known now; here it ends.
    private func move(
        _ id: Case.ID, _ job: Job, _ lease: Lease, _ document: Document, to other: Book.ID, _ delivery: Delivery
    ) async throws {
        guard let desk = try await connectors.desk(document.approval.connector) else { return }
        var progress = Intake.Progress()
        let intake = intake(of: delivery, at: desk)
        let files = try await attachments(of: document, intake, patienceSeconds: 0, &progress)
        if let waits = files.waits { throw waits }
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
