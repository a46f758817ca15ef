package import Kernel
import Synchronization

/// The connectors in use, made once from their settings and kept until those change.
package final class ConnectorDesk: Sendable {
    /// One connector with the setting it was made from.
    package struct Desk: Sendable {
        package let setting: ConnectorSetting
        package let connector: any OAConnector
    }

    private struct Kept: Sendable {
        let desk: Desk
        let readAt: Timestamp
    }

    /// A changed setting or a switched-off connector counts at once where it was changed, and after so long at the
    /// latest on every other node.
    private static let freshSeconds: Int64 = 2

    private let store: any BookStore
    private let catalogue: any ConnectorCatalogue
    private let clock: @Sendable () -> Timestamp
    private let made = Mutex<[String: Kept]>([:])

    package init(
        store: any BookStore, catalogue: any ConnectorCatalogue, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.catalogue = catalogue
        self.clock = clock
    }

    /// The connector of a name; `nil` when none is configured.
    package func desk(_ id: String) async throws -> Desk? {
        let now = clock()
        let known = made.withLock { $0[id] }
        if let known, now >= known.readAt, now < known.readAt.adding(seconds: Self.freshSeconds) { return known.desk }
        guard let setting = try await store.read(Book.installation, { try $0.installation.connector(id) }) else {
            made.withLock { $0[id] = nil }
            return nil
        }
        let connector =
            if let known, known.desk.setting == setting { known.desk.connector } else {
                try catalogue.connector(for: setting)
            }
        let desk = Desk(setting: setting, connector: connector)
        made.withLock { $0[id] = Kept(desk: desk, readAt: now) }
        return desk
    }

    /// Sees that the setting of a connector is read anew.
    package func forget(_ id: String) {
        made.withLock { $0[id] = nil }
    }
}
