import Access
import Kernel
import Storage
import TestSupport
import Testing

@Suite("Store")
struct StoreTests {
    @Test("keeps what a unit wrote together with its log entry", arguments: Engine.available)
    func keeps(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let number = try await store.commit("u1") { unit in
                try unit.addThing(1)
                return try unit.nextCounter("记-202603")
            }
            let next = try await store.commit("u2") { unit in try unit.nextCounter("记-202603") }
            #expect(number == 1)
            #expect(next == 2)
            #expect(try await store.integers("SELECT thing_id FROM things WHERE book_id = $1", ["B1"]) == [1])
            let (entries, head) = try await store.read { connection in
                (
                    try LogTable.entries(of: "B1", from: 0, limit: 10, on: connection),
                    try LogTable.head(of: "B1", on: connection)
                )
            }
            #expect(entries.map(\.entry.sequence) == [0, 1])
            #expect(entries.map(\.entry.unit) == ["u1", "u2"])
            #expect(entries.allSatisfy { $0.entry.leaf == $0.leaf })
            #expect(head?.root == MerkleTree(leaves: entries.map(\.leaf)).root)
        }
    }

    @Test("undoes a unit that throws and harms no other", arguments: Engine.available)
    func undoes(engine: Engine) async throws {
        struct Refusal: Error {}
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let failed = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...60 {
                    group.addTask {
                        do {
                            try await store.commit("u\(id)", book: "B\(id % 3)") { unit in
                                try unit.addThing(id)
                                _ = try unit.nextCounter("n")
                                unit.raiseVersion(of: "rules")
                                if id % 5 == 0 { throw Refusal() }
                            }
                        } catch is Refusal {
                            failed.add()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(failed.count == 12)
            #expect(store.metrics.failedUnits == 12)
            #expect(store.metrics.units == 48)
            #expect(try await store.integers("SELECT count(*) FROM things") == [48])
            #expect(try await store.integers("SELECT value FROM book_counters ORDER BY book_id") == [16, 16, 16])
            for book in ["B0", "B1", "B2"] {
                let entries = try await store.read { try LogTable.entries(of: book, from: 0, limit: 100, on: $0) }
                #expect(entries.map(\.entry.sequence) == Array(0..<16))
                let versions = try await store.read { connection in
                    try connection.row("SELECT versions FROM book_heads WHERE book_id = $1", [.text(book)])?.text(0)
                }
                #expect(versions == #"{"rules":16}"#)
            }
        }
    }

    @Test("fails a unit whose statement failed, even if it hides the error", arguments: Engine.available)
    func dooms(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            try await store.commit("u1") { unit in try unit.addThing(1) }
            await #expect(throws: StoreError.self) {
                try await store.commit("u2") { unit in
                    try unit.addThing(2)
                    try? unit.addThing(1)
                }
            }
            #expect(try await store.integers("SELECT thing_id FROM things") == [1])
            #expect(try await store.integers("SELECT log_size FROM book_heads") == [1])
        }
    }

    @Test("reports the error of a statement that was sent without waiting", arguments: Engine.available)
    func sends(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let insert = "INSERT INTO things (book_id, thing_id, label, amount) VALUES ($1, $2, $3, $4)"
            try await store.commit("u1") { unit in
                for id in 1...600 {
                    try unit.connection.send(insert, ["B1", .int(id), .text("\(id)"), 0], changing: 1)
                }
            }
            await #expect(throws: StoreError.refused(.check, rule: "things_amount", detail: "")) {
                do {
                    try await store.commit("u2") { unit in
                        try unit.connection.send(insert, ["B1", 1_000, "x", 13])
                        try unit.connection.send(insert, ["B1", 1_001, "y", 0])
                    }
                } catch StoreError.refused(let kind, let rule, _) {
                    throw StoreError.refused(kind, rule: rule, detail: "")
                }
            }
            let update = "UPDATE things SET amount = 5 WHERE book_id = $1 AND thing_id = $2"
            await #expect(throws: StoreError.overtaken(statement: update, expected: 1, found: 0)) {
                try await store.commit("u3") { unit in
                    try unit.connection.send(update, ["B1", 1], changing: 1)
                    try unit.connection.send(update, ["B1", 5_000], changing: 1)
                }
            }
            try await store.commit("u4") { unit in try unit.addThing(2_000) }
            #expect(try await store.integers("SELECT count(*) FROM things") == [601])
            #expect(try await store.integers("SELECT count(*) FROM things WHERE amount = 5") == [0])
        }
    }

    @Test("wants a log entry of every unit that writes", arguments: Engine.available)
    func wantsLog(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            await #expect(throws: StoreError.self) {
                try await store.commit(book: "B1", key: "u1", actor: "tester", at: .test) { try $0.addThing(1) }
            }
            try await store.commit(book: "B1", key: "u2", actor: "tester", at: .test) { unit in
                unit.allowRepeat()
                try unit.addThing(2)
            }
            let found = try await store.commit(book: "B1", key: "u3", actor: "tester", at: .test) { unit in
                try unit.connection.rows("SELECT thing_id FROM things WHERE book_id = $1", ["B1"]).count
            }
            #expect(found == 1)
        }
    }

    @Test("runs a unit once for one key where the caller asks for it", arguments: Engine.available)
    func once(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let gate = Gate()
            async let blocked: Void = store.commit("gate") { _ in gate.pass() }
            await gate.isReached()
            let runs = Tally()
            let answers = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 1...3 {
                    group.addTask {
                        try await store.commitUnlessDone(book: "B1", key: "k", actor: "tester", at: .test) { unit in
                            unit.log(kind: "test.done", subject: "test:k", body: [:])
                            return runs.add()
                        }
                    }
                }
                await store.hasWaiting(3)
                gate.open()
                return try await group.reduce(into: [Int?]()) { $0.append($1) }
            }
            try await blocked
            #expect(answers.compactMap(\.self) == [1])
            #expect(runs.count == 1)
            let isRepeat = try await store.commit(book: "B1", key: "k", actor: "tester", at: .test) {
                try $0.isRepeat()
            }
            #expect(isRepeat)
        }
    }

    @Test("keeps personal values apart, and the leaf provable after their erasure", arguments: Engine.available)
    func personal(engine: Engine) async throws {
        try await withStore(engine) { store, _ in
            let salt = [UInt8](repeating: 7, count: PersonalValue.saltLength)
            let value = PersonalValue(name: "bank_account", salt: salt, value: "6222 0000", retention: "voucher")
            let entry = try await store.commit(book: "B1", key: "u1", actor: "tester", at: .test) { unit in
                unit.log(kind: "case.received", subject: "case:1", body: ["n": 1], personal: [value])
            }
            let stored = try await store.read { try LogTable.entries(of: "B1", from: 0, limit: 1, on: $0) }
            #expect(stored.first?.entry == entry)
            try await store.commit("u2") { unit in
                try unit.connection.execute(
                    "UPDATE personal_values SET salt = NULL, value = NULL WHERE book_id = $1 AND seq = $2",
                    ["B1", 0]
                )
            }
            let erased = try await store.read { try LogTable.entries(of: "B1", from: 0, limit: 1, on: $0) }
            #expect(erased.first?.entry.personal == [value.erased])
            #expect(erased.first?.entry.leaf == entry.leaf)
        }
    }

    @Test("reads one state, whatever is committed meanwhile", arguments: Engine.available)
    func snapshot(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let gate = Gate()
            async let counts = store.read { connection in
                let before = try connection.rows("SELECT count(*) FROM things", [])[0].integer(0)
                gate.pass()
                return [before, try connection.rows("SELECT count(*) FROM things", [])[0].integer(0)]
            }
            await gate.isReached()
            try await store.commit("u1") { try $0.addThing(1) }
            gate.open()
            #expect(try await counts == [0, 0])
            #expect(try await store.integers("SELECT count(*) FROM things") == [1])
        }
    }

    @Test("answers with the closed store's error after its end", arguments: Engine.available)
    func closes(engine: Engine) async throws {
        let place = try TestPlace(engine)
        defer { place.remove() }
        let store = try await place.open()
        try await store.close()
        await #expect(throws: StoreError.closed) { try await store.commit("u1") { _ in } }
        await #expect(throws: StoreError.closed) { try await store.integers("SELECT 1") }
    }
}
