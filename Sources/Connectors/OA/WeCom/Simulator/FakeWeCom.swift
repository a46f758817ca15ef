import Cryptography
package import Kernel
package import Pipeline

/// A 企业微信 of the project's own on this machine: serves approvals and files, keeps messages, misbehaves on demand.
package final class FakeWeCom: Sendable {
    package static let corpID = "wwfakecorp000001"
    package static let secret = "fake-corp-secret"
    package static let token = "fakecallbacktoken"
    package static let aesKey = "ZmFrZXdlY29tYWVza2V5LTAxMjM0NTY3ODlhYmNkZWY"
    package static let agent = 1_000_002

    private let server: FakeServer
    private let desk: FakeWeComDesk

    private init(server: FakeServer, desk: FakeWeComDesk) {
        self.server = server
        self.desk = desk
    }

    /// Starts on a free port of 127.0.0.1.
    ///
    /// - Parameters:
    ///   - approvals: Payloads by number, with or without the outer `info`.
    ///   - files: Bytes by file id.
    package static func start(
        approvals: [String: JSON] = [:], files: [String: [UInt8]] = [:]
    ) async throws -> FakeWeCom {
        let desk = FakeWeComDesk(approvals: approvals.mapValues(bare), files: files)
        return FakeWeCom(server: try await FakeServer.start { desk.reply(to: $0) }, desk: desk)
    }

    private static func bare(_ payload: JSON) -> JSON { payload["info"] ?? payload }

    package func stop() async throws {
        try await server.stop()
    }

    package var port: Int { server.port }
    package var base: String { server.base }
    /// What people were told, each text once.
    package var messages: [FakeNote] { desk.messages }
    package var tokensGiven: Int { desk.tokensGiven }
    package var calls: Int { desk.calls }

    package func set(_ switches: FakeSwitches) { desk.set(switches) }
    package func set(_ approval: JSON, for number: String) { desk.set(Self.bare(approval), for: number) }
    package func set(_ file: [UInt8], for id: String) { desk.set(file, for: id) }
    /// From now on every token given so far is refused.
    package func expireTokens() { desk.expireTokens() }

    /// The setting of a connector that speaks to this fake.
    package func setting(
        id: String = "wecom", homeBook: Book.ID, mapping: JSON, options: JSON = [:]
    ) -> ConnectorSetting {
        var all: JSON = [
            "api_base": .string(base), "allowed_hosts": [.string("127.0.0.1:\(port)")], "allow_http": true,
            "corp_id": .string(Self.corpID), "agent_id": .integer(Self.agent), "timeout_seconds": 5,
        ]
        for member in options.members ?? [] { all = all.setting(member.name, member.value) }
        return ConnectorSetting(
            id: id, kind: WeComConnector.kind, name: "企业微信（模拟）", homeBook: homeBook, options: all,
            secrets: ["secret": Self.secret, "token": Self.token, "aes_key": Self.aesKey], mapping: mapping,
            mappingVersion: 1, isActive: true
        )
    }

    package enum Form: Sendable, CaseIterable {
        case xml
        case json
    }

    /// A request as 企业微信 would send it, encrypted and signed.
    package static func callback(
        _ event: String, form: Form = .xml, now: Timestamp, random: (Int) -> [UInt8]
    ) -> InboundRequest? {
        guard let (query, encrypted) = sealed(event, now: now, random: random) else { return nil }
        let body =
            switch form {
            case .xml:
                "<xml><ToUserName><![CDATA[\(corpID)]]></ToUserName><AgentID><![CDATA[3010040]]></AgentID>"
                    + "<Encrypt><![CDATA[\(encrypted)]]></Encrypt></xml>"
            case .json:
                JSON.object([("ToUserName", .string(corpID)), ("Encrypt", .string(encrypted)), ("AgentID", 3_010_040)])
                    .text
            }
        return InboundRequest(method: "POST", headers: [:], query: query, body: Array(body.utf8))
    }

    /// The check of the address, as the console makes it.
    package static func check(_ echo: String, now: Timestamp, random: (Int) -> [UInt8]) -> InboundRequest? {
        guard let (query, encrypted) = sealed(echo, now: now, random: random) else { return nil }
        return InboundRequest(
            method: "GET", headers: [:], query: query.merging(["echostr": encrypted]) { _, new in new }, body: []
        )
    }

    private static func sealed(
        _ text: String, now: Timestamp, random: (Int) -> [UInt8]
    ) -> (query: [String: String], encrypted: String)? {
        let cipher = CallbackCipher(token: token, aesKey: aesKey, receivers: [corpID])
        let timestamp = String(now.microseconds / 1_000_000)
        let nonce = random(5).hex
        guard
            let sealed = try? cipher?.seal(Array(text.utf8), timestamp: timestamp, nonce: nonce, random: random(16))
        else { return nil }
        return (["msg_signature": sealed.signature, "timestamp": timestamp, "nonce": nonce], sealed.encrypted)
    }

    /// The event that an approval changed its state.
    package static func event(
        number: String, status: Int = 2, change: Int = 2, agent: Int = 3_010_040, at time: Timestamp, form: Form = .xml
    ) -> String {
        let seconds = time.microseconds / 1_000_000
        switch form {
        case .xml:
            return "<xml><ToUserName><![CDATA[\(corpID)]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
                + "<CreateTime>\(seconds)</CreateTime><MsgType><![CDATA[event]]></MsgType>"
                + "<Event><![CDATA[sys_approval_change]]></Event><AgentID>\(agent)</AgentID><ApprovalInfo>"
                + "<SpNo>\(number)</SpNo><SpName><![CDATA[费用报销单]]></SpName><SpStatus>\(status)</SpStatus>"
                + "<TemplateId><![CDATA[T-1]]></TemplateId><ApplyTime>\(seconds - 60)</ApplyTime>"
                + "<SpRecord><SpStatus>2</SpStatus><Details><SpStatus>2</SpStatus><SpTime>\(seconds)</SpTime></Details>"
                + "</SpRecord><StatuChangeEvent>\(change)</StatuChangeEvent></ApprovalInfo></xml>"
        case .json:
            let record: JSON = ["SpStatus": 2, "Details": [["SpStatus": 2, "SpTime": .integer(seconds)]]]
            let info: JSON = [
                "SpNo": .string(number), "SpStatus": .integer(status), "SpRecord": [record],
                "StatuChangeEvent": .integer(change),
            ]
            let event: JSON = [
                "ToUserName": .string(corpID), "FromUserName": "sys", "CreateTime": .integer(seconds),
                "MsgType": "event", "Event": "sys_approval_change", "AgentID": .integer(agent), "ApprovalInfo": info,
            ]
            return event.text
        }
    }
}
