import Foundation
import Kernel
import Storage
import TestSupport
import Testing

@Suite("The write-ahead log of the embedded store")
struct CheckpointTests {
    /// About sixteen frames of the log each.
    private static let body = String(repeating: "凭", count: 20_000)
    private static let bound = 24 << 20

    @Test("begins anew while much is written and read, and what was answered is in the files at any moment")
    func staysShort() async throws {
        try await withStore(.sqlite) { store, place in
            for number in 1...450 {
                try await Self.write(number, in: store)
                if number.isMultiple(of: 50) { _ = try await store.integers("SELECT count(*) FROM log_entries") }
            }
            let size = try Self.size(of: place.path + "-wal")
            #expect(size < Self.bound)
            let written = try Self.size(of: place.path)
            #expect(written + size > 450 * 60_000)

            // What a crash would leave behind.
            let copy = place.name + "/copy.db"
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: place.path + end, toPath: copy + end)
            }
            let other = try await Store.open(sqlite: copy, at: .test)
            let count = try await other.integers("SELECT count(*) FROM log_entries WHERE book_id = 'B1'")
            let state = try await other.read { try $0.rows("PRAGMA integrity_check", []).map { try $0.text(0) } }
            try await other.close()
            #expect(count == [450])
            #expect(state == ["ok"])
        }
    }

    @Test("grows while a reader needs it, refuses nobody, and is copied when the reader has gone")
    func waitsForReader() async throws {
        try await withStore(.sqlite) { store, place in
            try await Self.write(0, in: store)
            let gate = Gate()
            async let seen = store.read { connection in
                let first = try connection.rows("SELECT count(*) FROM log_entries", []).map { try $0.integer(0) }
                gate.pass()
                return try first + connection.rows("SELECT count(*) FROM log_entries", []).map { try $0.integer(0) }
            }
            await gate.isReached()
            for number in 1...200 { try await Self.write(number, in: store) }
            // The reader sees the first entry only, so the file may have no more.
            #expect(try Self.size(of: place.path) < 100 * 60_000)
            gate.open()
            let counts = try await seen
            #expect(Set(counts).count == 1)
            var last: Int64 = 200
            while try Self.size(of: place.path) < 200 * 60_000, last < 1_000 {
                last += 1
                try await Self.write(Int(last), in: store)
            }
            #expect(try Self.size(of: place.path) >= 200 * 60_000)
            #expect(try await store.integers("SELECT count(*) FROM log_entries WHERE book_id = 'B1'") == [last + 1])
        }
    }

    private static func write(_ number: Int, in store: Store) async throws {
        try await store.commit(book: "B1", key: "unit-\(number)", actor: "tester", at: .test) { unit in
            _ = unit.log(kind: "test.done", subject: "test:\(number)", body: ["text": .string(body)])
        }
    }

    private static func size(of path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }
}
