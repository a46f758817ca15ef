import Access
import Connectors
import Cryptography
import Foundation
import Kernel
import Ledger
import Logging
import Pipeline
import Rules
import Storage

/// The whole program, put together from top to bottom. Nothing else knows all rooms, and only here is a clock read.
struct Composition: Sendable {
    let files: ProductFiles
    let store: SQLBookStore
    let connectors: ConnectorDesk
    let catalogue: Catalogue
    let reception: Reception
    let vouchers: VoucherDesk
    let cases: CaseDesk
    let signIn: SignInDesk
    let people: PeopleDesk
    let setup: SetupDesk
    let companies: CompanyDesk
    let integrations: ConnectorOffice
    let worker: Worker
    let schema: JSON
    let logger: Logger
    let node: String
    let clock: @Sendable () -> Timestamp
    private let pools: [ThreadPool]

    static let version = "0.1.0"

    /// The system's clock, in microseconds.
    static let systemClock: @Sendable () -> Timestamp = {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    static func open(
        _ place: StorePlace, logger: Logger, clock: @escaping @Sendable () -> Timestamp = systemClock
    ) async throws -> Composition {
        let files = try ProductFiles.locate()
        let store = try await place.open(at: clock())
        let node = try place.nodeName()
        try await store.releaseLeases(of: node, now: clock())
        let http = SafeHTTP()
        let catalogue = Catalogue(http: http, now: clock)
        let connectors = ConnectorDesk(store: store, catalogue: catalogue, clock: clock)
        let schemaJSON = try files.json("Schemas/document.schema.json")
        let schema = try DocumentSchema(schemaJSON)
        let pictures = BookPictures { texts, chart throws(RuleShelfError) in
            try RuleShelf(texts, includes: { try files.text("RuleBooks/" + $0) }, chart: chart)
        }
        let threads = ThreadPool.start(threads: 2)
        let bell = Bell()
        let wake: @Sendable (Book.ID) -> Void = { _ in bell.ring() }
        let way = Way(
            store: store, connectors: connectors, planner: Planner(pictures: pictures), schema: schema, clock: clock,
            wake: wake, threads: threads
        )
        let worker = Worker(
            store: store, bell: bell, handlers: way.handlers, owner: node, clock: clock,
            chance: { Int64(randomBytes(2).reduce(0) { $0 << 8 | Int($1) }) % 1000 }, logger: logger
        )
        let passwords = ThreadPool.start(threads: 1)
        let hasher = hasher(on: passwords)
        return Composition(
            files: files, store: store, connectors: connectors, catalogue: catalogue,
            reception: Reception(store: store, connectors: connectors, clock: clock, wake: wake),
            vouchers: VoucherDesk(store: store, pictures: pictures, clock: clock, wake: wake),
            cases: CaseDesk(store: store, clock: clock, wake: wake),
            signIn: SignInDesk(store: store, clock: clock, passwords: hasher),
            people: PeopleDesk(store: store, passwords: hasher, clock: clock),
            setup: SetupDesk(store: store, passwords: hasher, clock: clock),
            companies: CompanyDesk(store: store, shipped: try files.shippedBooks(), clock: clock, wake: wake),
            integrations: ConnectorOffice(
                store: store, catalogue: catalogue, desk: connectors,
                mappings: try files.mappings(of: catalogue.kinds), schema: schema, clock: clock, wake: wake
            ),
            worker: worker, schema: schemaJSON, logger: logger, node: node, clock: clock,
            pools: [threads, passwords]
        )
    }

    /// Passwords are hashed one at a time, because a hash takes much memory by design.
    private static func hasher(on threads: ThreadPool) -> PasswordHasher {
        PasswordHasher(
            matches: { stored, password in (try? await threads.run { stored.matches(password) }) ?? false },
            hash: { password in try await threads.run { PasswordHash(hashing: password).text } }
        )
    }

    func close() async throws {
        try await store.releaseLeases(of: node, now: clock())
        await catalogue.shutdown()
        for pool in pools { try await pool.stop() }
        try await store.store.close()
    }
}
