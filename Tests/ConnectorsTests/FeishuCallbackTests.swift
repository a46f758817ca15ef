import Connectors
import Cryptography
import Kernel
import Pipeline
import Testing

@Suite("FeishuCallback")
struct FeishuCallbackTests {
    static let vector = [UInt8](repeating: 9, count: 16)

    private static func own(token: String = FakeFeishu.token, key: String? = FakeFeishu.encryptKey) throws
        -> FeishuCallback
    {
        try #require(FeishuCallback(token: token, encryptKey: key))
    }

    private static func message(_ length: Int) -> [UInt8] {
        let json: JSON = ["token": .string(FakeFeishu.token), "pad": .string(String(repeating: "p", count: length))]
        return json.utf8
    }

    @Test("decodes every recorded callback as expected")
    func vectors() throws {
        guard let vectors = try ConnectorsFixtures.corpus("oa/feishu/vectors.json", cases: 19) else { return }
        let report = FeishuVectors.decode(vectors)
        #expect(report["failed"]?.integer == 0, "\(report.pretty)")
        #expect(report["passed"]?.integer == 19)
    }

    @Test("opens what it sealed, for every length around the block", arguments: 0...34)
    func roundTrip(length: Int) throws {
        let text = Self.message(length)
        let sealed = try Self.own().seal(text, timestamp: "1", nonce: "n", initialVector: Self.vector)
        #expect(try Self.own().open(headers: sealed.headers, body: sealed.body).text == text)
    }

    @Test("refuses a body of which one byte is another")
    func mutated() throws {
        let sealed = try Self.own().seal(Self.message(5), timestamp: "1", nonce: "n", initialVector: Self.vector)
        var taken = 0
        for index in sealed.body.indices {
            var body = sealed.body
            body[index] ^= 1
            if (try? Self.own().open(headers: sealed.headers, body: body)) != nil { taken += 1 }
        }
        #expect(taken == 0)
    }

    @Test("takes an unsigned request for the check of the address only")
    func unsigned() throws {
        let event = try Self.own().seal(Self.message(1), timestamp: "1", nonce: "n", initialVector: Self.vector)
        #expect(throws: FeishuCallback.Refusal.badSignature) {
            try Self.own().open(headers: [:], body: event.body)
        }
        let check = try Self.own().seal(
            FakeFeishu.verification(challenge: "c").utf8, timestamp: "1", nonce: "n", initialVector: Self.vector)
        #expect(try Self.own().open(headers: [:], body: check.body).event["challenge"]?.string == "c")
    }

    @Test("refuses plain events where a key is set, and other tokens everywhere")
    func plain() throws {
        #expect(throws: FeishuCallback.Refusal.badBody) {
            try Self.own().open(headers: [:], body: Self.message(1))
        }
        #expect(try Self.own(key: nil).open(headers: [:], body: Self.message(1)).text == Self.message(1))
        #expect(try Self.own(key: "").open(headers: [:], body: Self.message(1)).text == Self.message(1))
        #expect(throws: FeishuCallback.Refusal.badToken) {
            try Self.own(token: "another", key: nil).open(headers: [:], body: Self.message(1))
        }
        #expect(FeishuCallback(token: "", encryptKey: "k") == nil)
    }

    @Test("speaks with the vendor's own library: it reads what the simulator sends")
    func peer() throws {
        let event = FakeFeishu.event(instance: "i-1", eventID: "e-1", operatedAt: ConnectorsFixtures.now)
        let request = try #require(
            FakeFeishu.callback(event, now: ConnectorsFixtures.now, random: ConnectorsFixtures.counting))
        let headers = JSON.object(request.headers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        let script = """
            import json
            import lark_oapi as lark
            from lark_oapi.core.model import RawRequest
            seen = []
            handler = lark.EventDispatcherHandler.builder("\(FakeFeishu.encryptKey)", "\(FakeFeishu.token)") \\
                .register_p1_customized_event("approval_instance", lambda data: seen.append(data.event)).build()
            request = RawRequest()
            request.uri = "/in/feishu"
            names = {"x-lark-request-timestamp": "X-Lark-Request-Timestamp",
                     "x-lark-request-nonce": "X-Lark-Request-Nonce", "x-lark-signature": "X-Lark-Signature"}
            request.headers = {names[name]: value for name, value in json.loads('''\(headers.text)''').items()}
            request.body = '''\(String(decoding: request.body, as: UTF8.self))'''.encode()
            answer = handler.do(request)
            print(json.dumps({"status": answer.status_code, "events": seen}))
            """
        guard let json = try Peer.run(script, needing: "lark_oapi", cases: 1) else { return }
        #expect(json["status"]?.integer == 200)
        #expect(json["events"]?[0]?["instance_code"]?.string == "i-1")
        print("ran 1 case against lark-oapi")
    }
}
