import Access
import Jobs
import Kernel
import Ledger
import Pipeline
import Synchronization

/// A store that keeps canned records in memory, for the doors of the server.
final class FakeStore: BookStore {
    private let state: Mutex<FakeState>

    init(_ state: FakeState) {
        self.state = Mutex(state)
    }

    /// What is on record now.
    var current: FakeState { state.withLock { $0 } }

    func read<Answer: Sendable>(
        _ book: Book.ID, _ work: @escaping @Sendable (any Records) throws -> Answer
    ) async throws -> Answer {
        try work(FakeUnit(current, book: book, actor: "reader", now: Timestamp(seconds: 0)))
    }

    func commit<Answer: Sendable>(
        _ book: Book.ID, key: String, actor: String, at now: Timestamp,
        _ work: @escaping @Sendable (any Unit) throws -> Answer
    ) async throws -> Answer {
        try state.withLock { state in
            let unit = FakeUnit(state, book: book, actor: actor, now: now)
            let answer = try work(unit)
            state = unit.state
            return answer
        }
    }

    func keep(_ bytes: [UInt8]) async throws -> KeptOriginal {
        KeptOriginal(digest: FakeState.digest, size: bytes.count, inlineBytes: bytes)
    }

    func books() async throws -> [Book] { current.books }
    func dueBooks(at now: Timestamp, limit: Int) async throws -> [Book.ID] { [] }
    func lease(_ book: Book.ID, owner: String, now: Timestamp, until: Timestamp) async throws -> Lease? { nil }
}

/// Everything the fake store knows; one company sees all of it.
struct FakeState: Sendable {
    static let digest = Digest(bytes: [UInt8](repeating: 7, count: Digest.length)) ?? Digest.zero

    var books: [Book] = []
    var cases: [Case] = []
    var documents: [Case.ID: JSON] = [:]
    var runs: [CaseRun] = []
    var receipts: [ReceiptRecord] = []
    var deliveries: [Delivery] = []
    var evidence: [EvidenceRecord] = []
    var uses: [InvoiceUse] = []
    var original: [UInt8] = []
    var vouchers: [VoucherRecord] = []
    var periods: [PeriodRecord] = []
    var accounts: [Account] = []
    var items: [MasterItem] = []
    var mappings: [PartyMapping] = []
    var ruleBooks: [RuleBookText] = []
    var people: [StoredPerson] = []
    var grants: [Grant] = []
    var sessions: [StoredSession] = []
    var connectors: [ConnectorSetting] = []
    var log: [StoredLogEntry] = []
    var jobs: [NewJob] = []
}

extension Digest {
    static let zero = MerkleTree(leaves: []).root
}
