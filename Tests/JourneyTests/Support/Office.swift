import Access
import Connectors
import Cryptography
import Foundation
import Jobs
import Kernel
import Ledger
import Logging
import Pipeline
import Rules
import Storage
import Synchronization
import TestSupport
import Testing

/// The whole program but its doors, put together as `Composition` does, around a company of the test's own.
struct Office: Sendable {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    let clock: TestClock
    let store: any BookStore
    private let books: SQLBookStore
    let connectors: ConnectorDesk
    let catalogue: Catalogue
    let reception: Reception
    let vouchers: VoucherDesk
    let cases: CaseDesk
    let way: Way
    let integrations: ConnectorOffice
    let worker: Worker

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func json(_ path: String) throws -> JSON { try JSON(parsing: try text(path)) }

    private init(_ store: SQLBookStore, clock: TestClock) throws {
        let time: @Sendable () -> Timestamp = { clock.now }
        let catalogue = Catalogue(http: SafeHTTP(), now: time)
        let connectors = ConnectorDesk(store: store, catalogue: catalogue, clock: time)
        let pictures = BookPictures { texts, chart throws(RuleShelfError) in try Shelves.shelf(texts, chart) }
        let schema = try DocumentSchema(try Self.json("Schemas/document.schema.json"))
        let way = Way(
            store: store, connectors: connectors, planner: Planner(pictures: pictures), schema: schema, clock: time,
            wake: { _ in }
        )
        self.clock = clock
        self.store = store
        books = store
        self.connectors = connectors
        self.catalogue = catalogue
        self.way = way
        integrations = ConnectorOffice(
            store: store, catalogue: catalogue, desk: connectors, mappings: [:], schema: schema, clock: time,
            wake: { _ in }
        )
        reception = Reception(store: store, connectors: connectors, clock: time, wake: { _ in })
        vouchers = VoucherDesk(store: store, pictures: pictures, clock: time, wake: { _ in })
        cases = CaseDesk(store: store, clock: time, wake: { _ in })
        worker = Self.makeWorker("node-1", store, way.handlers, clock: clock)
    }

    /// Another worker on the same books.
    ///
    /// - Parameter handlers: What is done instead of the way's own work.
    func makeWorker(
        _ owner: String, policy: RetryPolicy = .standard, clock: TestClock? = nil,
        handlers: [JobKind: Worker.Handler]? = nil
    ) -> Worker {
        Self.makeWorker(owner, books, handlers ?? way.handlers, policy: policy, clock: clock ?? self.clock)
    }

    private static func makeWorker(
        _ owner: String, _ store: SQLBookStore, _ handlers: [JobKind: Worker.Handler],
        policy: RetryPolicy = .standard, clock: TestClock
    ) -> Worker {
        Worker(
            store: store, bell: Bell(), handlers: handlers, owner: owner, policy: policy, clock: { clock.now },
            chance: { 999 }, logger: Logger(label: "journey") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Opens an office on an empty store, hands it to a test, proves the log of every book, and closes it.
    static func open(
        _ engine: Engine, at time: String = "2026-04-15T02:00:00Z", company: TestCompany = TestCompany(),
        _ journey: (Office) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/pj-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = TestClock(time)
        let store: Store
        switch engine {
        case .sqlite: store = try await Store.open(sqlite: folder + "/books.sqlite", at: clock.now)
        case .postgreSQL:
            guard let server = PostgreSQLServer.shared else { return }
            store = try await Store.open(postgreSQL: server.conninfo(try server.makeDatabase()), at: clock.now)
        }
        let books = SQLBookStore(
            store: store, files: try OriginalFiles(in: folder, at: clock.now),
            masterKey: [UInt8](repeating: 7, count: 32)
        )
        let office = try Office(books, clock: clock)
        do {
            try await company.setUp(office)
            try await journey(office)
            try await office.proveLogs()
        } catch {
            await office.catalogue.shutdown()
            try await store.close()
            throw error
        }
        await office.catalogue.shutdown()
        try await store.close()
    }

    /// Every row of every book is what its log says.
    private func proveLogs() async throws {
        for book in try await store.books() {
            let report = try await LogVerifier(books).verify(book.id)
            #expect(report.difference == nil, "the log of \(book.id) tells something else")
        }
    }
}

/// Rule books made ready once, because every company of these tests has the same ones.
private enum Shelves {
    private static let known = Mutex<[[RuleBookText]: RuleShelf]>([:])

    static func shelf(_ texts: [RuleBookText], _ chart: Chart) throws(RuleShelfError) -> RuleShelf {
        if let shelf = known.withLock({ $0[texts] }) { return shelf }
        let shelf = try RuleShelf(texts, includes: { try Office.text("RuleBooks/" + $0) }, chart: chart)
        known.withLock { $0[texts] = shelf }
        return shelf
    }
}
