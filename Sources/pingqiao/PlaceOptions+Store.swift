import Foundation
import Kernel
import Pipeline
import Storage

extension PlaceOptions {
    /// Opens the books for one command and closes them again.
    func withStore(_ work: (SQLBookStore) async throws -> Void) async throws {
        let store = try await place().open(at: Composition.systemClock())
        do {
            try await work(store)
        } catch {
            try await store.store.close()
            throw error
        }
        try await store.store.close()
    }
}

extension SQLBookStore {
    func requireBook(_ id: Book.ID) async throws {
        guard try await books().contains(where: { $0.id == id }) else { throw BookError.unknown(id) }
    }
}
