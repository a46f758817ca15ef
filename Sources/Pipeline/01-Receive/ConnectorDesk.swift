import Kernel
import Synchronization

/// The connectors in use, made once from their settings and kept until those change.
package final class ConnectorDesk: Sendable {
    /// One connector with the setting it was made from.
    package struct Desk: Sendable {
        package let setting: ConnectorSetting
        package let connector: any OAConnector
    }

    private let store: any BookStore
    private let catalogue: any ConnectorCatalogue
    private let made = Mutex<[String: Desk]>([:])

    package init(store: any BookStore, catalogue: any ConnectorCatalogue) {
        self.store = store
        self.catalogue = catalogue
    }

    /// The connector of a name; `nil` when none is configured.
    package func desk(_ id: String) async throws -> Desk? {
        if let known = made.withLock({ $0[id] }) { return known }
        guard let setting = try await store.read(Book.installation, { try $0.installation.connector(id) }) else {
            return nil
        }
        let desk = Desk(setting: setting, connector: try catalogue.connector(for: setting))
        made.withLock { $0[id] = desk }
        return desk
    }

    /// Forgets a connector, so that the next use reads its setting again.
    package func forget(_ id: String) {
        _ = made.withLock { $0.removeValue(forKey: id) }
    }
}
