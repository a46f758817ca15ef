package import Kernel
package import Pipeline

/// Everything the handlers ask; put together in `Composition.swift`.
package struct ServerRooms: Sendable {
    package let store: any BookStore
    package let reception: Reception
    package let vouchers: VoucherDesk
    package let cases: CaseDesk
    package let signIn: SignInDesk
    package let people: PeopleDesk
    package let setup: SetupDesk
    package let companies: CompanyDesk
    package let integrations: ConnectorOffice
    package let clock: @Sendable () -> Timestamp
    /// Why the node should not get work now; empty when it is ready.
    package let unreadiness: @Sendable () async -> [Phrase]
    /// Counters of the store, for `/metrics`.
    package let storeFigures: @Sendable () -> [(name: String, value: Int64)]
    package let pages: PageFiles
    /// The published schemas by name, such as `document`.
    package let schemas: [String: JSON]
    package let shapes: APIShapes
    package let version: String
    /// Whether browsers reach the server over https, so that cookies travel only there.
    package let servesHTTPS: Bool
    /// Lets a stream of events wait between two looks at the store.
    package let pause: @Sendable (Duration) async throws -> Void

    package init(
        store: any BookStore, reception: Reception, vouchers: VoucherDesk, cases: CaseDesk, signIn: SignInDesk,
        people: PeopleDesk, setup: SetupDesk, companies: CompanyDesk,
        integrations: ConnectorOffice, clock: @escaping @Sendable () -> Timestamp,
        unreadiness: @escaping @Sendable () async -> [Phrase],
        storeFigures: @escaping @Sendable () -> [(name: String, value: Int64)], pages: PageFiles,
        schemas: [String: JSON], shapes: APIShapes, version: String, servesHTTPS: Bool = false,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.reception = reception
        self.vouchers = vouchers
        self.cases = cases
        self.signIn = signIn
        self.people = people
        self.setup = setup
        self.companies = companies
        self.integrations = integrations
        self.clock = clock
        self.unreadiness = unreadiness
        self.storeFigures = storeFigures
        self.pages = pages
        self.schemas = schemas
        self.shapes = shapes
        self.version = version
        self.servesHTTPS = servesHTTPS
        self.pause = pause
    }
}
