import Connectors
import NIOCore
import NIOPosix
import Pipeline
import Synchronization
import Testing

@Suite("A connection that is refused")
struct RefusedConnectionTests {
    @Test("is told as a call that was never sent, with its reason", arguments: [true, false])
    func refused(isRepeatable: Bool) async throws {
        let fake = try await FakeDingTalk.start()
        let port = fake.port
        try await fake.stop()
        let http = SafeHTTP()
        var call = SafeHTTP.Call("POST", "http://127.0.0.1:\(port)/x")
        call.isRepeatable = isRepeatable
        call.timeoutSeconds = 3
        await #expect {
            try await http.send(call, for: "c", rules: Self.rules(port))
        } throws: { error in
            guard case .unreachable(_, _, let reason) = error as? ConnectorError else { return false }
            return reason.contains("refused")
        }
        await http.shutdown()
    }

    @Test("is not made again inside of the same call")
    func once() async throws {
        let door = try await SlammedDoor.open()
        let http = SafeHTTP()
        var call = SafeHTTP.Call("GET", "https://127.0.0.1:\(door.port)/x")
        call.timeoutSeconds = 3
        await #expect(throws: ConnectorError.self) {
            try await http.send(call, for: "c", rules: Self.rules(door.port))
        }
        #expect(door.knocks == 1)
        await http.shutdown()
        try await door.close()
    }

    private static func rules(_ port: Int) -> AddressRules {
        AddressRules(listed: ["127.0.0.1:\(port)"], allowsPlainHTTP: true)
    }
}

/// A server that ends every connection before a word is said, and counts them.
private final class SlammedDoor: Sendable {
    let port: Int
    private let channel: any Channel
    private let count: Counter

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    private init(_ channel: any Channel, _ count: Counter, port: Int) {
        self.channel = channel
        self.count = count
        self.port = port
    }

    static func open() async throws -> SlammedDoor {
        let count = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                count.value.withLock { $0 += 1 }
                return channel.close()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return SlammedDoor(channel, count, port: channel.localAddress?.port ?? 0)
    }

    var knocks: Int { count.value.withLock { $0 } }

    func close() async throws { try await channel.close() }
}
