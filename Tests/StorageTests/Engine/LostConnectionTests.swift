import Access
import Kernel
import Storage
import Synchronization
import TestSupport
import Testing

/// Faults of a server that only PostgreSQL has. Without it there is nothing to test here.
@Suite("Lost connections", .enabled(if: PostgreSQLServer.shared != nil))
struct LostConnectionTests {
    @Test("are looked up when COMMIT was kept but its answer lost: the unit ran once and answers once")
    func keptButLost() async throws {
        let place = try TestPlace(.postgreSQL)
        let cuts = Tally()
        var options = StoreOptions()
        options.lanes = 1
        options.faults.at = { point in
            guard case .afterCommitSent = point, cuts.add() == 1 else { return .proceed }
            // The server has COMMIT in hand; the cable breaks only after it was carried out.
            place.wait("SELECT 1 FROM log_entries WHERE unit_key = 'u1'")
            return .cut
        }
        let store = try await place.open(migrations: Migration.withTestTables, options: options)
        let runs = Tally()
        let answer = try await store.commit("u1") { unit in
            try unit.addThing(1)
            return runs.add()
        }
        #expect(answer == 1)
        #expect(runs.count == 1)
        #expect(store.metrics.lostCommits == 1)
        #expect(try await store.integers("SELECT count(*) FROM log_entries") == [1])
        try await store.close()
    }

    @Test("are run again when COMMIT never arrived")
    func lostBefore() async throws {
        let place = try TestPlace(.postgreSQL)
        let cuts = Tally()
        var options = StoreOptions()
        options.lanes = 1
        options.faults.at = { point in
            guard case .beforeCommit(let process?) = point, cuts.add() == 1 else { return .proceed }
            place.terminate(process)
            return .proceed
        }
        let store = try await place.open(migrations: Migration.withTestTables, options: options)
        let runs = Tally()
        let answer = try await store.commit("u1") { unit in
            try unit.addThing(1)
            return runs.add()
        }
        #expect(answer == 2)
        #expect(try await store.integers("SELECT count(*) FROM things") == [1])
        #expect(try await store.integers("SELECT log_size FROM book_heads") == [1])
        try await store.close()
    }

    @Test("inside a unit make the whole batch run again", arguments: [true, false])
    func lostInside(bySelf: Bool) async throws {
        let place = try TestPlace(.postgreSQL)
        let cuts = Tally()
        var options = StoreOptions()
        options.lanes = 1
        options.faults.at = { point in
            guard case .insideUnit("u3", let process?) = point, cuts.add() == 1 else { return .proceed }
            if bySelf { return .cut }
            place.terminate(process)
            return .proceed
        }
        let store = try await place.open(migrations: Migration.withTestTables, options: options)
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.commit("gate") { _ in gate.pass() } }
            await gate.isReached()
            for id in 1...5 { group.addTask { try await store.commit("u\(id)") { try $0.addThing(id) } } }
            await store.hasWaiting(5)
            gate.open()
            try await group.waitForAll()
        }
        #expect(store.metrics.retries == 1)
        #expect(try await store.integers("SELECT count(*) FROM things") == [5])
        #expect(try await store.integers("SELECT log_size FROM book_heads") == [6])
        try await store.close()
    }

    @Test("are told as outcome unknown when the server stays away after COMMIT was sent")
    func unknown() async throws {
        let place = try TestPlace(.postgreSQL)
        let server = try #require(PostgreSQLServer.shared)
        var options = StoreOptions()
        options.lanes = 1
        options.reconnectSeconds = 0
        let isCut = Tally()
        options.faults.at = { point in
            guard case .afterCommitSent = point, isCut.add() == 1 else { return .proceed }
            place.wait("SELECT 1 FROM log_entries WHERE unit_key = 'u1'")
            _ = try? server.run("ALTER DATABASE \(place.name) ALLOW_CONNECTIONS false", in: "postgres")
            return .cut
        }
        let store = try await place.open(options: options)
        await #expect(throws: StoreError.unknownOutcome(book: "B1", unit: "u1")) {
            try await store.commit("u1") { _ in }
        }
        // While the server is known to be away, callers are answered at once.
        do {
            try await store.commit("u2") { _ in }
            Issue.record("the server is away")
        } catch StoreError.unavailable {}
        try server.run("ALTER DATABASE \(place.name) ALLOW_CONNECTIONS true", in: "postgres")
        let answer = try await store.commitUnlessDone(book: "B1", key: "u1", actor: "tester", at: .test) { _ in 1 }
        #expect(answer == nil)
        try await store.commit("u2") { _ in }
        try await store.close()
    }

    @Test("keep nobody waiting who cannot have been committed, while the one in doubt is looked for")
    func refusal() async throws {
        let place = try TestPlace(.postgreSQL)
        let server = try #require(PostgreSQLServer.shared)
        var options = StoreOptions()
        options.lanes = 1
        options.refusalSeconds = 0
        let isCut = Tally()
        let gate = Gate()
        options.faults.at = { point in
            guard case .afterCommitSent = point, isCut.add() == 1 else { return .proceed }
            place.wait("SELECT 1 FROM log_entries WHERE unit_key = 'u1'")
            _ = try? server.run("ALTER DATABASE \(place.name) ALLOW_CONNECTIONS false", in: "postgres")
            gate.pass()
            return .cut
        }
        let store = try await place.open(options: options)
        async let doubtful: Void = store.commit("u1") { _ in }
        await gate.isReached()
        gate.open()
        do {
            try await store.commit("u2") { _ in }
            Issue.record("the server is away")
        } catch StoreError.unavailable {}
        try server.run("ALTER DATABASE \(place.name) ALLOW_CONNECTIONS true", in: "postgres")
        // It was committed, and is found by its key.
        try await doubtful
        #expect(try await store.integers("SELECT count(*) FROM log_entries WHERE unit_key = 'u1'") == [1])
        try await store.close()
    }

    @Test("of a reader are asked once more")
    func reader() async throws {
        let place = try TestPlace(.postgreSQL)
        let store = try await place.open()
        let tries = Tally()
        let rows = try await store.read { connection in
            let process = Int32(try connection.rows("SELECT pg_backend_pid()", [])[0].integer(0))
            if tries.add() == 1 { place.terminate(process) }
            return try connection.rows("SELECT 1", []).count
        }
        #expect(rows == 1)
        #expect(tries.count == 2)
        try await store.close()
    }

    @Test("of a server that needs a restart heal by themselves, with work under way")
    func manyTimes() async throws {
        let place = try TestPlace(.postgreSQL)
        let commits = Tally()
        var options = StoreOptions()
        options.lanes = 2
        options.attempts = 30
        options.maximumBatch = 10
        options.faults.at = { point in
            // Every seventh COMMIT loses its answer, whether it was carried out or not.
            guard case .afterCommitSent = point, commits.add() % 7 == 0 else { return .proceed }
            return .cut
        }
        let store = try await place.open(migrations: Migration.withTestTables, options: options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...300 {
                group.addTask { try await store.commit("u\(id)", book: "B\(id % 5)") { try $0.addThing(id) } }
            }
            try await group.waitForAll()
        }
        #expect(store.metrics.lostCommits > 0)
        #expect(try await store.integers("SELECT count(*) FROM things") == [300])
        #expect(try await store.integers("SELECT sum(log_size)::bigint FROM book_heads") == [300])
        for book in 0..<5 { try await store.expectWholeLog(of: "B\(book)", count: 60) }
        try await store.close()
    }
}

/// Two programs on one PostgreSQL.
@Suite("Two nodes", .enabled(if: PostgreSQLServer.shared != nil))
struct TwoNodesTests {
    @Test("write one log each book, in the order of their commits")
    func share() async throws {
        let place = try TestPlace(.postgreSQL)
        var options = StoreOptions()
        options.maximumBatch = 7
        async let opened = [place.open(migrations: Migration.withTestTables, options: options)]
        async let alsoOpened = [place.open(migrations: Migration.withTestTables, options: options)]
        let stores = try await opened + alsoOpened
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...400 {
                group.addTask {
                    try await stores[id % 2].commit("u\(id)", book: "B\(id % 8 / 2)") { unit in
                        try unit.addThing(id)
                        _ = try unit.nextCounter("n")
                    }
                }
            }
            try await group.waitForAll()
        }
        for book in 0..<4 { try await stores[0].expectWholeLog(of: "B\(book)", count: 100) }
        #expect(try await stores[0].integers("SELECT value FROM book_counters") == [100, 100, 100, 100])
        for store in stores { try await store.close() }
    }
}

extension Store {
    /// Checks that a book's log has no gap, no repeated unit, and the root that its head says.
    func expectWholeLog(of book: String, count: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        let (entries, head) = try await read { connection in
            (
                try LogTable.entries(of: book, from: 0, limit: 10_000, on: connection),
                try LogTable.head(of: book, on: connection)
            )
        }
        #expect(entries.map(\.entry.sequence) == Array(0..<Int64(count)), sourceLocation: location)
        #expect(Set(entries.map(\.entry.unit)).count == count, sourceLocation: location)
        #expect(entries.allSatisfy { $0.entry.leaf == $0.leaf }, sourceLocation: location)
        #expect(head?.root == MerkleTree(leaves: entries.map(\.leaf)).root, sourceLocation: location)
    }
}

extension TestPlace {
    /// Ends a backend and returns when it is gone.
    func terminate(_ process: Int32) {
        _ = try? PostgreSQLServer.shared?.run("SELECT pg_terminate_backend(\(process), 10000)", in: "postgres")
    }

    /// Returns when a query finds something.
    func wait(_ query: String) {
        for _ in 0..<10_000 {
            if (try? PostgreSQLServer.shared?.run(query, in: name).isEmpty) == false { return }
        }
    }
}
