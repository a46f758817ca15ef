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

/// A book that is not there.
enum BookError: Error, Hashable {
    case unknown(Book.ID)
}

extension BookError: Explainable {
    var problem: Problem {
        switch self {
        case .unknown(let id):
            Problem(
                code: "book.unknown",
                title: Phrase(zh: "没有这个账套。", en: "There is no such book."),
                location: Phrase(zh: "账套 \(id)", en: "book \(id)"),
                cause: Phrase(zh: "该存储中没有此账套。", en: "The store has no book of this id."),
                remedy: Phrase(zh: "请核对 --book 与 --data。", en: "Check --book and --data.")
            )
        }
    }
}
