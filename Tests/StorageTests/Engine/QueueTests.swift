import Access
import Kernel
import Storage
import TestSupport
import Testing

@Suite("Queue of units")
struct QueueTests {
    @Test("merges the units that wait into batches up to the limit", arguments: Engine.available)
    func merges(engine: Engine) async throws {
        var options = StoreOptions()
        options.maximumBatch = 10
        options.batchMilliseconds = 10_000
        options.lanes = 1
        try await withStore(engine, options: options) { store, _ in
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.commit("gate") { _ in gate.pass() } }
                await gate.isReached()
                for id in 1...25 { group.addTask { try await store.commit("u\(id)", book: "B\(id % 4)") { _ in } } }
                await store.hasWaiting(25)
                gate.open()
                try await group.waitForAll()
            }
            #expect(store.metrics.units == 26)
            #expect(store.metrics.batches == 4)
            #expect(store.metrics.meanBatchHundredths == 650)
        }
    }

    @Test("puts back what a batch has no time for", arguments: Engine.available)
    func time(engine: Engine) async throws {
        var options = StoreOptions()
        options.batchMilliseconds = 0
        options.lanes = 1
        try await withStore(engine, options: options) { store, _ in
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.commit("gate") { _ in gate.pass() } }
                await gate.isReached()
                for id in 1...5 { group.addTask { try await store.commit("u\(id)") { _ in } } }
                await store.hasWaiting(5)
                gate.open()
                try await group.waitForAll()
            }
            #expect(store.metrics.batches == 6)
        }
    }

    @Test("refuses what exceeds its limit, and takes again afterwards", arguments: Engine.available)
    func refuses(engine: Engine) async throws {
        var options = StoreOptions()
        options.queueLimit = 3
        options.lanes = 1
        try await withStore(engine, options: options) { store, _ in
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.commit("gate") { _ in gate.pass() } }
                await gate.isReached()
                for id in 1...3 { group.addTask { try await store.commit("u\(id)") { _ in } } }
                await store.hasWaiting(3)
                await #expect(throws: StoreError.queueFull(limit: 3)) { try await store.commit("u4") { _ in } }
                gate.open()
                try await group.waitForAll()
            }
            try await store.commit("u5") { _ in }
            #expect(store.metrics.units == 5)
            #expect(store.metrics.refused == 1)
        }
    }

    @Test("lets a cancelled caller take back a unit that waits, but not one that runs", arguments: Engine.available)
    func cancels(engine: Engine) async throws {
        var options = StoreOptions()
        options.lanes = 1
        try await withStore(engine, options: options) { store, _ in
            let gate = Gate()
            let ran = Tally()
            try await withThrowingTaskGroup(of: Void.self) { outer in
                outer.addTask {
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask {
                            // Runs already when it is cancelled, hence is kept and answered.
                            try? await store.commit("runs") { _ in
                                gate.pass()
                                ran.add()
                            }
                        }
                        await gate.isReached()
                        group.addTask {
                            await #expect(throws: CancellationError.self) {
                                try await store.commit("waits") { _ in ran.add() }
                            }
                        }
                        await store.hasWaiting(1)
                        group.cancelAll()
                        await store.hasWaiting(0)
                        gate.open()
                    }
                }
                try await outer.waitForAll()
            }
            #expect(ran.count == 1)
            let keys = try await store.read {
                try LogTable.entries(of: "B1", from: 0, limit: 9, on: $0).map(\.entry.unit)
            }
            #expect(keys == ["runs"])
        }
    }

    @Test("does not take a unit in whose caller is cancelled already", arguments: Engine.available)
    func cancelledBefore(engine: Engine) async throws {
        try await withStore(engine) { store, _ in
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await store.commit("u1") { _ in } }
                }
            }
            #expect(store.metrics.units == 0)
        }
    }
}
