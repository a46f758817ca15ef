import Kernel
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Faults")
struct FaultTests {
    @Test("after a serialisation failure the whole batch runs again", arguments: Engine.available)
    func stale(engine: Engine) async throws {
        let faults = Tally()
        var options = StoreOptions()
        options.lanes = 1
        options.faults.at = { point in
            guard case .insideUnit("u3", _) = point, faults.add() <= 2 else { return .proceed }
            return .fail(.stale(reason: "40001"))
        }
        try await withStore(engine, migrations: Migration.withTestTables, options: options) { store, _ in
            let answers = try await store.together(1...5) { unit, id in
                try unit.addThing(id)
                return try unit.nextCounter("n")
            }
            #expect(answers.values.sorted() == [1, 2, 3, 4, 5])
            #expect(store.metrics.retries == 2)
            #expect(try await store.integers("SELECT count(*) FROM things") == [5])
        }
    }

    @Test("that stay with one unit fail it alone in the end", arguments: Engine.available)
    func alwaysStale(engine: Engine) async throws {
        var options = StoreOptions()
        options.lanes = 1
        options.attempts = 2
        options.faults.at = { point in
            guard case .insideUnit("u3", _) = point else { return .proceed }
            return .fail(.stale(reason: "40P01"))
        }
        try await withStore(engine, migrations: Migration.withTestTables, options: options) { store, _ in
            let answers = try await store.together(1...5) { unit, id in try unit.addThing(id) }
            #expect(answers.keys.sorted() == [1, 2, 4, 5])
            #expect(try await store.integers("SELECT thing_id FROM things ORDER BY thing_id") == [1, 2, 4, 5])
        }
    }

    @Test("at COMMIT that refuse it are found out unit by unit", arguments: Engine.available)
    func refusedCommit(engine: Engine) async throws {
        let faults = Tally()
        var options = StoreOptions()
        options.lanes = 1
        options.faults.at = { point in
            // The first COMMIT is the gate's; the second carries all five units.
            guard case .beforeCommit = point, faults.add() == 2 else { return .proceed }
            return .fail(.refused(.check, rule: "late", detail: ""))
        }
        try await withStore(engine, migrations: Migration.withTestTables, options: options) { store, _ in
            let answers = try await store.together(1...5) { unit, id in try unit.addThing(id) }
            #expect(answers.count == 5)
            #expect(store.metrics.batches == 6)
        }
    }
}

@Suite("Faults of the embedded store")
struct EmbeddedFaultTests {
    @Test("a full disk fails the unit that needs room, and is over when there is room again")
    func full() async throws {
        try await withStore(.sqlite, migrations: Migration.withTestTables) { store, _ in
            try await store.commit("limit") { unit in
                let pages = try unit.connection.rows("PRAGMA page_count", [])[0].integer(0)
                _ = try unit.connection.rows("PRAGMA max_page_count = \(pages + 20)", [])
            }
            let errors = Mutex<[StoreError]>([])
            let answers = try await store.together(1...5, { error in errors.withLock { $0.append(error) } }) {
                unit, id in
                try unit.addThing(id)
                let bytes = [UInt8](repeating: 1, count: id == 3 ? 500_000 : 10)
                try unit.connection.execute(
                    "UPDATE things SET picture = $3 WHERE book_id = $1 AND thing_id = $2",
                    ["B1", .int(id), .bytes(bytes)]
                )
            }
            #expect(answers.keys.sorted() == [1, 2, 4, 5])
            #expect(errors.withLock { $0 } == [.full(reason: "database or disk is full")])
            #expect(store.refusal == nil)
            try await store.commit("room") { unit in
                _ = try unit.connection.rows("PRAGMA max_page_count = 1000000", [])
            }
            try await store.commit("u3") { unit in
                try unit.addThing(3)
                try unit.connection.execute(
                    "UPDATE things SET picture = $1", [.bytes([UInt8](repeating: 1, count: 500_000))])
            }
            #expect(try await store.integers("SELECT count(*) FROM things") == [5])
        }
    }

    @Test("a transaction that SQLite ended is run again without the unit that was guilty")
    func gone() async throws {
        try await withStore(.sqlite, migrations: Migration.withTestTables) { store, _ in
            let answers = try await store.together(1...5) { unit, id in
                try unit.addThing(id)
                if id == 3 {
                    // What SQLITE_IOERR or SQLITE_NOMEM do by themselves.
                    try unit.connection.execute("ROLLBACK", [])
                    throw StoreError.unavailable(reason: "out of memory")
                }
            }
            #expect(answers.keys.sorted() == [1, 2, 4, 5])
            #expect(try await store.integers("SELECT thing_id FROM things ORDER BY thing_id") == [1, 2, 4, 5])
            #expect(try await store.integers("SELECT log_size FROM book_heads") == [5])
        }
    }

    @Test("after a failed fsync the outcome is unknown and nothing more is taken")
    func fsync() async throws {
        let commits = Tally()
        var options = StoreOptions()
        options.faults.at = { point in
            guard case .afterCommitSent = point, commits.add() == 2 else { return .proceed }
            return .fail(.failed(reason: "disk I/O error"))
        }
        try await withStore(.sqlite, options: options) { store, _ in
            try await store.commit("u1") { _ in }
            await #expect(throws: StoreError.unknownOutcome(book: "B1", unit: "u2")) {
                try await store.commit("u2") { _ in }
            }
            let refusal = try #require(store.refusal)
            guard case .failed = refusal else {
                Issue.record("\(refusal)")
                return
            }
            await #expect(throws: refusal) { try await store.commit("u3") { _ in } }
            // Reading goes on.
            #expect(try await store.integers("SELECT count(*) FROM log_entries") == [1])
        }
    }

    @Test("synchronous other than FULL is refused at the opening", arguments: ["NORMAL", "OFF"])
    func synchronous(value: String) async throws {
        let place = try TestPlace(.sqlite)
        defer { place.remove() }
        var options = StoreOptions()
        options.faults.sqliteSynchronous = value
        await #expect(
            throws: StoreError.unsafeSetting(
                name: "sqlite.synchronous",
                expected: "2",
                found: value == "OFF" ? "0" : "1"
            )
        ) { try await place.open(options: options) }
    }

    @Test("a second opening of the same file is refused until the first is closed")
    func second() async throws {
        let place = try TestPlace(.sqlite)
        defer { place.remove() }
        var first: Store? = try await place.open()
        await #expect(throws: StoreError.inUse(path: place.path + ".lock")) { try await place.open() }
        try await first?.close()
        first = nil
        let again = try await place.open()
        try await again.close()
    }
}

extension Store {
    /// Runs units in one batch; gives the answers of those that were kept.
    func together<Answer: Sendable>(
        _ ids: ClosedRange<Int>,
        _ failed: @escaping @Sendable (StoreError) -> Void = { _ in },
        _ work: @escaping @Sendable (Unit, Int) throws -> Answer
    ) async throws -> [Int: Answer] {
        let gate = Gate()
        return try await withThrowingTaskGroup(of: (Int, Answer?).self) { group in
            group.addTask {
                try await self.commit("gate") { _ in gate.pass() }
                return (0, nil)
            }
            await gate.isReached()
            for id in ids {
                // One after the other, so that the order in the batch is known.
                group.addTask {
                    do {
                        return (id, try await self.commit("u\(id)") { unit in try work(unit, id) })
                    } catch let error as StoreError {
                        failed(error)
                        return (id, nil)
                    }
                }
                await self.hasWaiting(id - ids.lowerBound + 1)
            }
            gate.open()
            var answers: [Int: Answer] = [:]
            for try await (id, answer) in group { answers[id] = answer }
            return answers
        }
    }
}
