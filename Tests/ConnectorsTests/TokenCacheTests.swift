import Connectors
import Kernel
import Pipeline
import Synchronization
import Testing

@Suite("TokenCache")
struct TokenCacheTests {
    /// Counts how often a token was asked for.
    final class Vendor: Sendable {
        private let count = Mutex(0)
        var asked: Int { count.withLock { $0 } }

        func token(lifetimeSeconds: Int64 = 7_200) async throws(ConnectorError) -> TokenCache.Token {
            await Task.yield()
            let number = count.withLock { count in
                count += 1
                return count
            }
            return TokenCache.Token(text: "t\(number)", lifetimeSeconds: lifetimeSeconds)
        }
    }

    /// A clock that a test turns.
    final class Clock: Sendable {
        let time = Mutex(ConnectorsFixtures.now)
    }

    @Test("asks once for a hundred callers")
    func singleFlight() async throws {
        let vendor = Vendor()
        let cache = TokenCache(now: ConnectorsFixtures.clock)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await cache.token { () async throws(ConnectorError) in try await vendor.token() }
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens == ["t1"])
        #expect(vendor.asked == 1)
    }

    @Test("gives up a refused token once, however many were refused with it")
    func compareAndSwap() async throws {
        let vendor = Vendor()
        let cache = TokenCache(now: ConnectorsFixtures.clock)
        let ask: TokenCache.Request = { () async throws(ConnectorError) in try await vendor.token() }
        #expect(try await cache.token(asking: ask) == "t1")
        #expect(try await cache.token(insteadOf: "t1", asking: ask) == "t2")
        #expect(try await cache.token(insteadOf: "t1", asking: ask) == "t2")
        #expect(vendor.asked == 2)
    }

    @Test(
        "asks again five minutes before the end, and not before", arguments: [(6_899, 1), (6_900, 2)] as [(Int64, Int)])
    func margin(seconds: Int64, asked: Int) async throws {
        let vendor = Vendor()
        let clock = Clock()
        let cache = TokenCache(now: { clock.time.withLock { $0 } })
        let ask: TokenCache.Request = { () async throws(ConnectorError) in try await vendor.token() }
        _ = try await cache.token(asking: ask)
        clock.time.withLock { $0 = ConnectorsFixtures.now.adding(seconds: seconds) }
        _ = try await cache.token(asking: ask)
        #expect(vendor.asked == asked)
    }

    @Test("tells every waiting caller of a failure, and asks again the next time")
    func failure() async throws {
        let cache = TokenCache(now: ConnectorsFixtures.clock)
        let refusal = ConnectorError.refused(connector: "c", address: "a", reason: "r")
        await #expect(throws: refusal) {
            try await cache.token { () async throws(ConnectorError) in throw refusal }
        }
        #expect(
            try await cache.token { () async throws(ConnectorError) in .init(text: "x", lifetimeSeconds: 9) } == "x")
    }
}
