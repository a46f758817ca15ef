import Connectors
import Kernel
import Pipeline
import Synchronization
import Testing

@Suite("SafeHTTP")
struct SafeHTTPTests {
    @Test("asks for the address once and calls that one, whatever a second look would say")
    func flipping() async throws {
        let fake = try await FakeDingTalk.start(files: ["f": [1, 2, 3]])
        let looks = Mutex(0)
        let http = SafeHTTP(
            resolver: HostResolver { _ in
                let look = looks.withLock { count in
                    count += 1
                    return count
                }
                return try #require(IPAddress(look == 1 ? "127.0.0.1" : "169.254.169.254"))
            }
        )
        let rules = AddressRules(listed: ["localhost:\(fake.port)"], allowsPlainHTTP: true)
        let call = SafeHTTP.Call("GET", "http://localhost:\(fake.port)/file/f")
        #expect(try await http.send(call, for: "c", rules: rules).body == [1, 2, 3])
        #expect(looks.withLock { $0 } == 1)
        await http.shutdown()
        try await fake.stop()
    }

    @Test("refuses a public name that leads inside")
    func rebinding() async throws {
        let http = SafeHTTP(resolver: HostResolver { _ in try #require(IPAddress("127.0.0.1")) })
        for rules in [AddressRules(listed: ["*.example.com"]), AddressRules(listed: [], defaults: ["oa.example.com"])] {
            await #expect {
                try await http.send(SafeHTTP.Call("GET", "https://oa.example.com/"), for: "c", rules: rules)
            } throws: {
                if case ConnectorError.forbiddenAddress = $0 { true } else { false }
            }
        }
        await http.shutdown()
    }

    @Test("stops at the size limit, on both sides of it", arguments: [(10, true), (9, false)])
    func size(limit: Int, isTaken: Bool) async throws {
        let fake = try await FakeDingTalk.start(files: ["f": [UInt8](repeating: 7, count: 10)])
        let http = SafeHTTP()
        var call = SafeHTTP.Call("GET", "\(fake.base)/file/f")
        call.sizeLimit = limit
        let rules = AddressRules(listed: ["127.0.0.1:\(fake.port)"], allowsPlainHTTP: true)
        if isTaken {
            #expect(try await http.send(call, for: "c", rules: rules).body.count == 10)
        } else {
            await #expect(throws: ConnectorError.tooLarge(connector: "c", bytes: 10, limit: 9)) {
                try await http.send(call, for: "c", rules: rules)
            }
        }
        await http.shutdown()
        try await fake.stop()
    }

    @Test("tells a call that was never sent from one that may have arrived")
    func outcome() async throws {
        let fake = try await FakeDingTalk.start()
        let port = fake.port
        try await fake.stop()
        let http = SafeHTTP()
        var call = SafeHTTP.Call("POST", "http://127.0.0.1:\(port)/x")
        call.isRepeatable = false
        await #expect {
            try await http.send(
                call, for: "c", rules: AddressRules(listed: ["127.0.0.1:\(port)"], allowsPlainHTTP: true))
        } throws: {
            if case ConnectorError.unreachable = $0 { true } else { false }
        }
        await http.shutdown()
    }
}
