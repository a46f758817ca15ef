import Connectors
import Cryptography
import Kernel
import Pipeline
import Testing

@Suite("GenericConnector")
struct GenericConnectorTests {
    static let secret = "whsec_" + Base64.encode(ConnectorsFixtures.counting(32))
    static let other = "whsec_" + Base64.encode([UInt8](repeating: 9, count: 24))
    static let now = ConnectorsFixtures.now
    static let body = Array(
        #"{"source":{"connector":"erp","tenant":"t","instance":"i","revision":1,"outcome":"approved"},"kind":"x"}"#.utf8
    )

    @Test("signs as the published example of Standard Webhooks")
    func knownAnswer() throws {
        let webhook = try #require(StandardWebhook(secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]))
        let headers = webhook.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: Array(#"{"test": 2432232314}"#.utf8),
            now: Timestamp(seconds: 1_614_265_330)
        )
        #expect(headers[2].1 == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("takes a signed document, and answers 202 with its key")
    func accepts() throws {
        let acceptance = try Self.connector().accept(Self.request(), now: Self.now)
        guard case .delivery(let key, let payload, let answer) = acceptance else {
            Issue.record("not a delivery")
            return
        }
        #expect(key == "msg-1")
        #expect(payload == Self.body)
        #expect(answer.status == 202)
        #expect(try JSON(parsing: answer.body)["delivery"]?.string == "msg-1")
    }

    @Test("takes the old secret while it is being replaced, and one right signature among several")
    func rotation() throws {
        let old = try #require(StandardWebhook(secrets: [Self.other]))
        var headers = Dictionary(uniqueKeysWithValues: old.headers(id: "m", body: Self.body, now: Self.now))
        headers["webhook-signature"] = "v1,AAAA v2,xyz " + (headers["webhook-signature"] ?? "")
        _ = try Self.connector(previous: Self.other).accept(Self.request(headers: headers), now: Self.now)
        #expect(throws: ConnectorError.self) {
            try Self.connector().accept(Self.request(headers: headers), now: Self.now)
        }
    }

    @Test(
        "takes a clock within five minutes, on both sides",
        arguments: [(-300, true), (300, true), (-301, false), (301, false)] as [(Int64, Bool)])
    func tolerance(seconds: Int64, isTaken: Bool) throws {
        let connector = try Self.connector()
        let moment = Self.now.adding(seconds: seconds)
        if isTaken {
            _ = try connector.accept(Self.request(), now: moment)
        } else {
            #expect(throws: ConnectorError.self) { try connector.accept(Self.request(), now: moment) }
        }
    }

    @Test(
        "refuses a request in which one part was changed",
        arguments: ["id", "time", "body", "signature", "no signature", "v1a"])
    func forged(part: String) throws {
        var headers = Self.headers()
        var body = Self.body
        switch part {
        case "id": headers["webhook-id"] = "msg-2"
        case "time": headers["webhook-timestamp"] = String(Self.now.microseconds / 1_000_000 + 1)
        case "body": body[body.count - 3] ^= 1
        case "signature": headers["webhook-signature"] = "v1," + Base64.encode([UInt8](repeating: 0, count: 32))
        case "v1a": headers["webhook-signature"]?.replace("v1,", with: "v1a,")
        default: headers["webhook-signature"] = nil
        }
        let request = InboundRequest(method: "POST", headers: headers, query: [:], body: body)
        #expect {
            try Self.connector().accept(request, now: Self.now)
        } throws: {
            if case ConnectorError.notAuthentic = $0 { true } else { false }
        }
    }

    @Test(
        "refuses an envelope that is none, and names the place",
        arguments: [
            ("[]", "/"), ("{", "/"), (#"{"a":1,"a":2}"#, "/"), ("{}", "/source"), (#"{"source":1}"#, "/source"),
            (#"{"source":{"connector":"erp","tenant":1}}"#, "/source/tenant"),
            (
                #"{"source":{"connector":"erp","tenant":"t","instance":"i","outcome":"approved","revision":"1"}}"#,
                "/source/revision"
            ),
            (
                #"{"source":{"connector":"erp","tenant":"t","instance":"i","outcome":"approved","revision":0}}"#,
                "/source/revision"
            ),
            (
                #"{"source":{"connector":"erp","tenant":"t","instance":"i","outcome":"done","revision":1}}"#,
                "/source/outcome"
            ),
            (
                #"{"source":{"connector":"other","tenant":"t","instance":"i","outcome":"paid","revision":1}}"#,
                "/source/connector"
            ),
        ]
    )
    func envelope(text: String, place: String) throws {
        let body = Array(text.utf8)
        let request = InboundRequest(method: "POST", headers: Self.headers(body), query: [:], body: body)
        #expect {
            try Self.connector().accept(request, now: Self.now)
        } throws: {
            if case ConnectorError.unreadable(_, place, _, _) = $0 { true } else { false }
        }
    }

    @Test("needs a secret of the agreed form", arguments: ["", "secret", "whsec_", "whsec_AAAA", "whsec_!"])
    func settings(secret: String) {
        #expect(throws: ConnectorError.self) { try Self.connector(secret: secret) }
    }

    @Test("fetches the document itself, and writes back nowhere without an address")
    func fetch() async throws {
        let connector = try Self.connector()
        let delivery = StoredDelivery(connector: "erp", key: "k", receivedAt: Self.now, payload: Self.body)
        guard case .document(let document) = try await connector.fetch(delivery) else {
            Issue.record("no document")
            return
        }
        #expect(document["kind"]?.string == "x")
        try await connector.writeBack(DingTalkConnectorTests.receipt("i"))
    }

    @Test("refuses an attachment whose host is not listed")
    func attachment() async throws {
        let connector = try Self.connector()
        let delivery = StoredDelivery(connector: "erp", key: "k", receivedAt: Self.now, payload: Self.body)
        let file = AttachmentReference(name: "a", url: "https://169.254.169.254/latest", vendor: .null)
        await #expect {
            try await connector.download(file, of: delivery)
        } throws: {
            if case ConnectorError.forbiddenAddress = $0 { true } else { false }
        }
    }

    static func headers(_ body: [UInt8] = body) -> [String: String] {
        let signed = StandardWebhook(secrets: [secret])?.headers(id: "msg-1", body: body, now: now) ?? []
        return Dictionary(uniqueKeysWithValues: signed)
    }

    static func request(headers: [String: String]? = nil) -> InboundRequest {
        InboundRequest(method: "POST", headers: headers ?? Self.headers(), query: [:], body: body)
    }

    static func connector(
        secret: String = secret, previous: String? = nil, options: JSON = [:], http: SafeHTTP = SafeHTTP()
    ) throws(ConnectorError) -> GenericConnector {
        let setting = ConnectorSetting(
            id: "erp", kind: "generic", name: "ERP", homeBook: "b", options: options,
            secrets: ["secret": secret, "previous_secret": previous ?? ""], mapping: .null, mappingVersion: 0,
            isActive: true
        )
        return try GenericConnector(setting, http: http, now: ConnectorsFixtures.clock)
    }
}
