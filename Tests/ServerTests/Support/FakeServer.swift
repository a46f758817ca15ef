import Access
import Foundation
import Kernel
import Pipeline
import Server

/// The rooms of a server that stands on the fake store.
struct FakeServer {
    let store: FakeStore
    let rooms: ServerRooms

    /// The repository's root.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func shapes() throws -> APIShapes {
        let file = root.appending(path: "Schemas/api.schema.json")
        return try APIShapes(try JSON(parsing: try String(contentsOf: file, encoding: .utf8)))
    }

    static func pages() throws -> PageFiles {
        try PageFiles(folder: root.appending(path: "Web").path, vendor: root.appending(path: "assets/vendor").path)
    }

    init(
        _ state: FakeState, pages: PageFiles,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws {
        let store = FakeStore(state)
        let clock: @Sendable () -> Timestamp = { FakeBooks.now }
        self.store = store
        rooms = ServerRooms(
            store: store,
            reception: Reception(
                store: store, connectors: ConnectorDesk(store: store, catalogue: NoConnectors(), clock: clock),
                clock: clock,
                wake: { _ in }
            ),
            vouchers: VoucherDesk(
                store: store,
                pictures: BookPictures { texts, chart throws(RuleShelfError) in
                    try RuleShelf(texts, includes: { _ in "" }, chart: chart)
                },
                clock: clock, wake: { _ in }
            ),
            cases: CaseDesk(store: store, clock: clock, wake: { _ in }),
            signIn: SignInDesk(store: store, clock: clock, passwords: .here),
            people: PeopleDesk(store: store, passwords: .here, clock: clock),
            setup: SetupDesk(store: store, passwords: .here, clock: clock),
            companies: CompanyDesk(
                store: store,
                shipped: ShippedBooks(charts: [], ruleBooks: [], check: { (_, _) throws(RuleShelfError) in }),
                clock: clock,
                wake: { _ in }
            ),
            integrations: ConnectorOffice(
                store: store, catalogue: NoConnectors(),
                desk: ConnectorDesk(store: store, catalogue: NoConnectors(), clock: clock), mappings: [:],
                schema: try DocumentSchema(["type": "object"]), clock: clock, wake: { _ in }
            ),
            clock: clock, unreadiness: { [] },
            storeFigures: { [("units", 7)] }, pages: pages, schemas: ["document": ["type": "object"]],
            shapes: try Self.shapes(), version: "0.0.1",
            pause: pause
        )
    }

    /// A session of whoever holds a role.
    static func session(of role: Role, in state: inout FakeState) -> SessionToken {
        let token = SessionToken()
        state.sessions.append(
            StoredSession(
                tokenHash: token.digest, personID: "p-" + role.rawValue, startedAt: FakeBooks.now,
                lastUsedAt: FakeBooks.now, csrfToken: Self.formToken
            )
        )
        return token
    }

    static let formToken = "0123456789abcdef0123456789abcdef"
}

/// No OA is connected to the fake server.
private struct NoConnectors: ConnectorCatalogue {
    let kinds: [ConnectorKind] = []

    func connector(for setting: ConnectorSetting) throws(ConnectorError) -> any OAConnector {
        throw .notConfigured(connector: setting.id, setting: "kind")
    }
}
