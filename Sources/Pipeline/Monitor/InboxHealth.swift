import Kernel

/// What waits for a person in the inbox of a connector, before it is a case of any company.
package struct InboxHealth: Sendable {
    package let connector: String
    package let name: String
    /// Deliveries that became no case; counted up to `limit`.
    package let held: Int
    /// Jobs that were given up.
    package let deadLetters: Int

    package static let limit = 1_000

    /// The inboxes of the connectors whose home is a book.
    package static func of(_ home: Book.ID, in store: any BookStore) async throws -> [InboxHealth] {
        let connectors = try await store.read(Book.installation) { try $0.installation.connectors() }
        var all: [InboxHealth] = []
        for connector in connectors where connector.homeBook == home {
            all.append(
                try await store.read(Book.inbox(of: connector.id)) { records in
                    InboxHealth(
                        connector: connector.id, name: connector.name, held: try records.inbox.held(limit: limit).count,
                        deadLetters: try records.jobs.depth().dead
                    )
                }
            )
        }
        return all
    }

    /// What a person should look at, if anything.
    package var alert: BookHealth.Alert? {
        guard held + deadLetters > 0 else { return nil }
        let more = held == Self.limit ? "+" : ""
        return BookHealth.Alert(
            code: "deliveries_held",
            text: Phrase(
                zh: "连接「\(name)」有 \(held + deadLetters)\(more) 条投递未成单，等待处理。",
                en: "\(held + deadLetters)\(more) deliveries of “\(name)” became no case and wait for a person."
            ),
            address: "/connectors?connector=" + connector
        )
    }
}
