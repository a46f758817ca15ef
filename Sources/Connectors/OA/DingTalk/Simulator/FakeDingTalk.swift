import Cryptography
package import Kernel
package import Pipeline

/// A 钉钉 of the project's own on this machine: serves instances and files, keeps comments, and misbehaves on demand.
package final class FakeDingTalk: Sendable {
    /// How it misbehaves; counters count calls to the workflow API, not to the token.
    package struct Switches: Sendable {
        /// What a token says of itself.
        package var tokenLifetimeSeconds = 7_200
        /// Every n-th call is answered with a throttling error; 0 is never.
        package var throttlesEvery = 0
        /// Every n-th call is cut in the middle of its body; 0 is never.
        package var cutsEvery = 0
        package var delayMilliseconds = 0
        package var refusesComments = false
        /// A comment is kept, and its answer never arrives.
        package var losesCommentAnswers = false

        package init() {}
    }

    package struct Comment: Hashable, Sendable {
        package let instance: String
        package let user: String
        package let text: String
    }

    package static let appKey = "dingfakeappkey0001"
    package static let appSecret = "fake-app-secret"
    package static let callbackToken = "fakecallbacktoken"
    package static let aesKey = "ZmFrZWRpbmd0YWxrYWVza2V5MDEyMzQ1Njc4OWFiY2Q"

    private let server: FakeServer
    private let desk: FakeDingTalkDesk

    private init(server: FakeServer, desk: FakeDingTalkDesk) {
        self.server = server
        self.desk = desk
    }

    /// Starts on a free port of 127.0.0.1.
    ///
    /// - Parameters:
    ///   - instances: Payloads by instance id, with or without the outer `result`.
    ///   - files: Bytes by file id.
    package static func start(
        instances: [String: JSON] = [:], files: [String: [UInt8]] = [:], port: Int = 0
    ) async throws -> FakeDingTalk {
        let desk = FakeDingTalkDesk(instances: instances.mapValues(bare), files: files)
        let server = try await FakeServer.start(port: port) { request in
            desk.reply(
                method: request.method, target: request.target,
                token: request.headers["x-acs-dingtalk-access-token"], body: request.body
            )
        }
        desk.setBase(server.base)
        return FakeDingTalk(server: server, desk: desk)
    }

    /// An instance has a member `result` of its own, which is a text.
    private static func bare(_ payload: JSON) -> JSON {
        if let inner = payload["result"], inner.members != nil { inner } else { payload }
    }

    package func stop() async throws {
        try await server.stop()
    }

    package var port: Int { server.port }
    package var base: String { server.base }
    /// What was written under the forms, in order: the truth a test compares with.
    package var comments: [Comment] { desk.comments }
    package var tokensGiven: Int { desk.tokensGiven }
    package var calls: Int { desk.calls }

    package func set(_ switches: Switches) { desk.set(switches) }
    package func set(_ instance: JSON, for id: String) { desk.set(Self.bare(instance), for: id) }
    package func set(_ file: [UInt8], for id: String) { desk.set(file, for: id) }
    /// From now on the downloads of these files, and of no others, are cut in the middle.
    package func cut(_ files: Set<String>) { desk.cut(files) }
    /// From now on every token given so far is refused.
    package func expireTokens() { desk.expireTokens() }

    /// The setting of a connector that speaks to this fake.
    package func setting(id: String = "dingtalk", homeBook: Book.ID, mapping: JSON, options: JSON = [:])
        -> ConnectorSetting
    {
        var all: JSON = [
            "api_base": .string(base), "allowed_hosts": [.string("127.0.0.1:\(port)")], "allow_http": true,
            "app_key": .string(Self.appKey), "timeout_seconds": 5,
        ]
        for member in options.members ?? [] { all = all.setting(member.name, member.value) }
        return ConnectorSetting(
            id: id, kind: DingTalkConnector.kind, name: "钉钉（模拟）", homeBook: homeBook, options: all,
            secrets: ["app_secret": Self.appSecret, "token": Self.callbackToken, "aes_key": Self.aesKey],
            mapping: mapping, mappingVersion: 1, isActive: true
        )
    }

    /// A callback as 钉钉 would send it.
    package static func callback(
        _ event: JSON, now: Timestamp, random: (Int) -> [UInt8]
    ) -> InboundRequest? {
        let callback = CallbackCipher(token: callbackToken, aesKey: aesKey, receivers: [appKey])
        let timestamp = String(now.microseconds / 1_000)
        let nonce = random(4).hex
        guard let sealed = try? callback?.seal(event.utf8, timestamp: timestamp, nonce: nonce, random: random(16))
        else {
            return nil
        }
        let body: JSON = ["encrypt": .string(sealed.encrypted)]
        return InboundRequest(
            method: "POST", headers: ["content-type": "application/json"],
            query: [
                "signature": sealed.signature, "msg_signature": sealed.signature, "timestamp": timestamp,
                "nonce": nonce,
            ],
            body: body.utf8
        )
    }

    /// The event that an instance ended.
    package static func event(
        instance: String, type: String = "finish", result: String? = "agree", corpID: String = "dingfakecorp0001",
        processCode: String = "PROC-FAKE", eventID: String, finishedAt: Timestamp
    ) -> JSON {
        var members: [(String, JSON)] = [
            ("EventType", "bpms_instance_change"), ("eventId", .string(eventID)),
            ("processInstanceId", .string(instance)), ("corpId", .string(corpID)), ("type", .string(type)),
            ("processCode", .string(processCode)), ("finishTime", .integer(finishedAt.microseconds / 1_000)),
        ]
        if let result { members.append(("result", .string(result))) }
        return .object(members)
    }
}
