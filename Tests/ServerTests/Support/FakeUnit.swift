import Access
import Jobs
import Kernel
import Ledger
import Pipeline

/// One look at the fake store, or one unit of it.
final class FakeUnit: Unit {
    var state: FakeState
    let book: Book.ID
    let actor: String
    let now: Timestamp

    init(_ state: FakeState, book: Book.ID, actor: String, now: Timestamp) {
        self.state = state
        self.book = book
        self.actor = actor
        self.now = now
    }

    func settings() throws -> Book {
        state.books.first { $0.id == book } ?? Book(id: book, kind: .installation, name: book.text)
    }
    func versions() throws -> BookVersions { BookVersions(masterData: 1, ruleBooks: 1, periods: 1) }
    func fence(_ lease: Lease) throws {}
    func setBook(_ book: Book) throws {
        state.books.removeAll { $0.id == book.id }
        state.books.append(book)
    }
    func next(_ counter: String) throws -> Int64 { Int64(state.vouchers.count + 1) }
    func note(kind: String, subject: String, body: JSON, personal: [PersonalValue]) throws {
        let entry = LogEntry(
            book: book.text, sequence: Int64(state.log.count), at: now, actor: actor, kind: kind, subject: subject,
            unit: "fake", body: body, personal: personal
        )
        state.log.append(StoredLogEntry(entry: entry, leaf: entry.leaf))
    }

    var cases: any CaseRepository { FakeCases(unit: self) }
    var inbox: any InboxRepository { FakeInbox(unit: self) }
    var jobs: any JobRepository { FakeJobs(unit: self) }
    var originals: any OriginalRepository { FakeEvidence(unit: self) }
    var evidence: any EvidenceRepository { FakeEvidence(unit: self) }
    var vouchers: any VoucherRepository { FakeVouchers(unit: self) }
    var ledger: any LedgerRepository { FakeLedger(unit: self) }
    var masterData: any MasterDataRepository { FakeMasterData(unit: self) }
    var ruleBooks: any RuleBookRepository { FakeMasterData(unit: self) }
    var installation: any InstallationRepository { FakeInstallation(unit: self) }
    var log: any LogRepository { FakeLog(unit: self) }
}

struct FakeCases: CaseRepository {
    let unit: FakeUnit

    func find(_ id: Case.ID) throws -> Case? { unit.state.cases.first { $0.id == id } }
    func cases(of approval: Case.Approval) throws -> [Case] { unit.state.cases.filter { $0.approval == approval } }
    func document(of id: Case.ID) throws -> JSON? { unit.state.documents[id] }
    func delivery(of id: Case.ID) throws -> String? { nil }
    func documents(kind: String, numbers: [String]) throws -> [CitedDocument] { [] }
    func runs(of id: Case.ID) throws -> [CaseRun] { unit.state.runs }
    func page(_ query: CaseQuery) throws -> Page<Case> {
        let found = unit.state.cases.filter { item in
            (query.states.isEmpty || query.states.contains(item.state))
                && (query.step == nil || query.step == item.step)
                && (query.text.map { item.title.contains($0) || item.name.contains($0) } ?? true)
        }
        return Page(items: Array(found.prefix(query.limit)), next: found.count > query.limit ? "cursor" : nil)
    }
    func counts() throws -> [CaseCount] {
        var counts: [CaseCount] = []
        for step in Step.allCases {
            for state in Case.State.allCases {
                let here = unit.state.cases.filter { $0.step == step && $0.state == state }
                guard let oldest = here.map(\.changedAt).min() else { continue }
                counts.append(CaseCount(step: step, state: state, count: here.count, oldest: oldest))
            }
        }
        return counts
    }
    func held(withCodes codes: [String], limit: Int) throws -> [Case] {
        unit.state.cases.filter { $0.state == .held && codes.contains($0.problem?.code ?? "") }
    }
    func receipts(of id: Case.ID) throws -> [ReceiptRecord] { unit.state.receipts }
    func add(_ new: Case, document: KeptJSON, delivery: String) throws -> Case? { nil }
    func addConflict(_ new: Case, document: KeptJSON, delivery: String) throws {}
    func update(_ changed: Case, from version: Int64) throws {
        unit.state.cases = unit.state.cases.map { $0.id == changed.id ? changed : $0 }
    }
    func setDocument(_ document: KeptJSON, of id: Case.ID) throws { unit.state.documents[id] = document.value }
    func add(_ run: CaseRun, to id: Case.ID) throws { unit.state.runs.append(run) }
    func end(_ run: CaseRun, of id: Case.ID) throws {}
    func record(_ receipt: ReceiptRecord, of id: Case.ID) throws { unit.state.receipts.append(receipt) }
}

struct FakeInbox: InboxRepository {
    let unit: FakeUnit

    func delivery(_ key: String) throws -> Delivery? { unit.state.deliveries.first { $0.key == key } }
    func page(limit: Int, cursor: String?) throws -> Page<Delivery> { Page(items: unit.state.deliveries, next: nil) }
    func held(limit: Int) throws -> [String] { unit.state.deliveries.filter { $0.state == .held }.map(\.key) }
    func add(_ delivery: Delivery) throws -> AddedDelivery { .new }
    func settle(
        _ key: String, state: Delivery.State, problem: Problem?, caseBook: Book.ID?, caseID: Case.ID?
    ) throws {}
    func fetched(_ key: String) throws -> [FetchedPart] { [] }
    func set(_ part: FetchedPart, of key: String) throws {}
    func forgetFetched(_ key: String) throws {}
}

struct FakeJobs: JobRepository {
    let unit: FakeUnit

    func due(at now: Timestamp, limit: Int) throws -> [Job] { [] }
    func find(_ id: Int64) throws -> Job? { nil }
    func pending(subject: String) throws -> [Job] { [] }
    func deadLetters(limit: Int) throws -> [Job] { [] }
    func deadLetters(subject: String) throws -> [Job] { [] }
    func depth() throws -> (waiting: Int, dead: Int, oldestDue: Timestamp?) { (unit.state.jobs.count, 0, nil) }
    func add(_ job: NewJob) throws -> Int64 {
        unit.state.jobs.append(job)
        return Int64(unit.state.jobs.count)
    }
    func finish(_ id: Int64) throws {}
    func postpone(_ id: Int64, until dueAt: Timestamp, problem: Problem) throws {}
    func bury(_ id: Int64, problem: Problem) throws {}
    func revive(_ id: Int64, dueAt: Timestamp) throws {}
    func due(_ kind: String, at now: Timestamp, limit: Int) throws -> [Job] { [] }
}

struct FakeEvidence: EvidenceRepository, OriginalRepository {
    let unit: FakeUnit

    func bytes(_ digest: Digest) throws -> [UInt8]? { unit.state.original }
    func name(_ original: KeptOriginal, mediaType: String) throws {}
    func evidence(of caseID: Case.ID) throws -> [EvidenceRecord] { unit.state.evidence }
    func find(_ id: String) throws -> EvidenceRecord? { unit.state.evidence.first { $0.id == id } }
    func page(text: String?, limit: Int, cursor: String?) throws -> Page<EvidenceRecord> {
        Page(items: unit.state.evidence, next: nil)
    }
    func uses(of registerKeys: [String]) throws -> [InvoiceUse] { unit.state.uses }
    func add(_ record: EvidenceRecord) throws {}
    func use(_ use: InvoiceUse, total: Int64?) throws {}
    func free(caseID: Case.ID) throws {}
}

struct FakeVouchers: VoucherRepository {
    let unit: FakeUnit

    func find(_ id: Voucher.ID) throws -> VoucherRecord? { unit.state.vouchers.first { $0.voucher.id == id } }
    func vouchers(of caseID: Case.ID) throws -> [VoucherRecord] { unit.state.vouchers.filter { $0.caseID == caseID } }
    func reversal(of id: Voucher.ID) throws -> VoucherRecord? {
        unit.state.vouchers.first { $0.voucher.reverses == id && $0.state != .discarded }
    }
    func page(_ query: VoucherQuery) throws -> Page<VoucherRecord> {
        let found = unit.state.vouchers.filter { query.states.isEmpty || query.states.contains($0.state) }
        return Page(items: found, next: nil)
    }
    func ready(in period: Period, limit: Int) throws -> [VoucherRecord] { [] }
    func file(_ draft: VoucherRecord) throws -> VoucherRecord {
        unit.state.vouchers.append(draft)
        return draft
    }
    func update(_ record: VoucherRecord, from version: Int64) throws {
        unit.state.vouchers = unit.state.vouchers.map { $0.voucher.id == record.voucher.id ? record : $0 }
    }
    func discard(_ record: VoucherRecord, from version: Int64, reason: String) throws {
        try update(record, from: version)
    }
    func post(_ record: VoucherRecord, from version: Int64) throws -> VoucherRecord {
        try update(record, from: version)
        return record
    }
}

struct FakeLedger: LedgerRepository {
    let unit: FakeUnit

    func periods() throws -> [PeriodRecord] { unit.state.periods }
    func movements(through period: Period) throws -> [BalanceRow] {
        try posted(in: nil).flatMap { record in
            record.voucher.lines.map { line in
                BalanceRow(
                    period: record.voucher.period, account: line.account, dimensions: line.dimensions,
                    currency: line.balanceCurrency, debit: line.side == .debit ? line.amount.minorUnits : 0,
                    credit: line.side == .credit ? line.amount.minorUnits : 0, originalDebit: 0, originalCredit: 0
                )
            }
        }
    }
    func lines(of account: AccountCode, from: Period, through: Period, limit: Int) throws -> [PostedLine] { [] }
    func posted(in period: Period?) throws -> [VoucherRecord] {
        unit.state.vouchers.filter { $0.state == .posted && (period == nil || $0.voucher.period == period) }
    }
    func openItems(account: AccountCode, party: String?) throws -> [OpenItem] { [] }
    func movements(of voucher: Voucher.ID) throws -> [OpenItemMovement] { [] }
    func lastNumber(of series: VoucherNumber.Series) throws -> Int64 { 0 }
    func open(_ period: Period) throws {}
    func close(_ period: Period) throws {}
    func settle(_ item: OpenItemMovement) throws {}
    func release(voucher: Voucher.ID) throws {}
}

struct FakeMasterData: MasterDataRepository, RuleBookRepository {
    let unit: FakeUnit

    func chart() throws -> Chart { try Chart(unit.state.accounts) }
    func items() throws -> [MasterItem] { unit.state.items }
    func mappings() throws -> [PartyMapping] { unit.state.mappings }
    func setChart(_ accounts: [Account]) throws { unit.state.accounts = accounts }
    func set(_ item: MasterItem) throws { unit.state.items.append(item) }
    func set(_ mapping: PartyMapping) throws { unit.state.mappings.append(mapping) }
    func published() throws -> [RuleBookText] { unit.state.ruleBooks }
    func versions() throws -> [RuleBookText] { unit.state.ruleBooks }
    func add(_ text: RuleBookText) throws {}
}

struct FakeInstallation: InstallationRepository {
    let unit: FakeUnit

    func people() throws -> [Person] { unit.state.people.map(\.person) }
    func person(login: String) throws -> StoredPerson? { unit.state.people.first { $0.person.login == login } }
    func person(_ id: Person.ID) throws -> StoredPerson? { unit.state.people.first { $0.person.id == id } }
    func grants() throws -> [Grant] { unit.state.grants }
    func session(tokenHash: Digest) throws -> StoredSession? {
        unit.state.sessions.first { $0.tokenHash == tokenHash }
    }
    func connectors() throws -> [ConnectorSetting] { unit.state.connectors }
    func connector(_ id: String) throws -> ConnectorSetting? { unit.state.connectors.first { $0.id == id } }
    func set(_ person: StoredPerson) throws {
        unit.state.people.removeAll { $0.person.id == person.person.id }
        unit.state.people.append(person)
    }
    func set(_ grant: Grant) throws { unit.state.grants.append(grant) }
    func revoke(_ grant: Grant) throws { unit.state.grants.removeAll { $0 == grant } }
    func add(_ session: StoredSession) throws { unit.state.sessions.append(session) }
    func touch(_ tokenHash: Digest, at now: Timestamp) throws {}
    func endSession(_ tokenHash: Digest) throws { unit.state.sessions.removeAll { $0.tokenHash == tokenHash } }
    func endSessions(of person: String) throws { unit.state.sessions.removeAll { $0.personID == person } }
    func set(_ connector: ConnectorSetting) throws {}
}

struct FakeLog: LogRepository {
    let unit: FakeUnit

    func size() throws -> Int64 { Int64(unit.state.log.count) }
    func root() throws -> Digest { MerkleTree(leaves: unit.state.log.map(\.leaf)).root }
    func entries(from sequence: Int64, limit: Int) throws -> [StoredLogEntry] {
        Array(unit.state.log.dropFirst(Int(sequence)).prefix(limit))
    }
    func entries(subject: String, limit: Int) throws -> [StoredLogEntry] {
        Array(unit.state.log.filter { $0.entry.subject == subject }.prefix(limit))
    }
}
