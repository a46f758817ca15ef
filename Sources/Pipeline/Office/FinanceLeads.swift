import Access
package import Kernel
import Synchronization

/// Who leads the finance of a book now, for what only a lead may authorise (财务主管).
///
/// A grant that was taken away counts after two seconds at the latest, on every node.
package final class FinanceLeads: Sendable {
    private struct Kept: Sendable {
        let grants: [Grant]
        let readAt: Timestamp
    }

    private static let freshSeconds: Int64 = 2

    private let store: any BookStore
    private let clock: @Sendable () -> Timestamp
    private let kept = Mutex<Kept?>(nil)

    package init(store: any BookStore, clock: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.clock = clock
    }

    /// The persons in office with the role of the finance lead in a book.
    package func leads(of book: Book.ID) async throws -> Set<String> {
        let now = clock()
        let known = kept.withLock { $0 }
        if let known, now >= known.readAt, now < known.readAt.adding(seconds: Self.freshSeconds) {
            return Self.leads(of: book, among: known.grants)
        }
        let grants = try await store.read(Book.installation) { try Self.grants(in: $0) }
        kept.withLock { $0 = Kept(grants: grants, readAt: now) }
        return Self.leads(of: book, among: grants)
    }

    private static func grants(in records: any Records) throws -> [Grant] {
        let active = Set(try records.installation.people().filter(\.isActive).map(\.id))
        return try records.installation.grants().filter { $0.role == .lead && active.contains($0.person) }
    }

    private static func leads(of book: Book.ID, among grants: [Grant]) -> Set<String> {
        Set(grants.filter { $0.covers(book.text) }.map(\.person.text))
    }
}
