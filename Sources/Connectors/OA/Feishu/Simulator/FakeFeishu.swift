import Cryptography
package import Kernel
package import Pipeline

/// A 飞书 of the project's own on this machine: serves instances and files, keeps comments, and misbehaves on demand.
package final class FakeFeishu: Sendable {
    package static let appID = "cli_fake00000001"
    package static let appSecret = "fake-app-secret"
    package static let token = "fakeverificationtoken"
    package static let encryptKey = "fakeencryptkey"
    package static let tenant = "faketenant00001"
    package static let approval = "FAKE-APPROVAL-0001"

    private let server: FakeServer
    private let desk: FakeFeishuDesk

    private init(server: FakeServer, desk: FakeFeishuDesk) {
        self.server = server
        self.desk = desk
    }

    /// Starts on a free port of 127.0.0.1.
    ///
    /// - Parameters:
    ///   - instances: Payloads by instance code, with or without the outer `data`.
    ///   - files: Bytes by file id; the address of a file is `file:<id>` in an instance.
    package static func start(
        instances: [String: JSON] = [:], files: [String: [UInt8]] = [:]
    ) async throws -> FakeFeishu {
        let desk = FakeFeishuDesk(instances: instances.mapValues(bare), files: files)
        let server = try await FakeServer.start { desk.reply(to: $0) }
        desk.setBase(server.base)
        return FakeFeishu(server: server, desk: desk)
    }

    private static func bare(_ payload: JSON) -> JSON {
        if let inner = payload["data"], inner.members != nil { inner } else { payload }
    }

    package func stop() async throws {
        try await server.stop()
    }

    package var port: Int { server.port }
    package var base: String { server.base }
    package var comments: [FakeNote] { desk.comments }
    package var tokensGiven: Int { desk.tokensGiven }
    package var calls: Int { desk.calls }
    /// Approval definitions whose events were ordered.
    package var subscriptions: Set<String> { desk.subscriptions }

    package func set(_ switches: FakeSwitches) { desk.set(switches) }
    package func set(_ instance: JSON, for code: String) { desk.set(Self.bare(instance), for: code) }
    package func set(_ file: [UInt8], for id: String) { desk.set(file, for: id) }
    /// From now on every token given so far is refused.
    package func expireTokens() { desk.expireTokens() }

    /// The setting of a connector that speaks to this fake.
    package func setting(
        id: String = "feishu", homeBook: Book.ID, mapping: JSON, options: JSON = [:]
    ) -> ConnectorSetting {
        var all: JSON = [
            "api_base": .string(base), "allowed_hosts": [.string("127.0.0.1:\(port)")], "allow_http": true,
            "app_id": .string(Self.appID), "tenant_key": .string(Self.tenant),
            "approval_codes": [.string(Self.approval)], "timeout_seconds": 5,
        ]
        for member in options.members ?? [] { all = all.setting(member.name, member.value) }
        return ConnectorSetting(
            id: id, kind: FeishuConnector.kind, name: "飞书（模拟）", homeBook: homeBook, options: all,
            secrets: [
                "app_secret": Self.appSecret, "verification_token": Self.token, "encrypt_key": Self.encryptKey,
            ], mapping: mapping, mappingVersion: 1, isActive: true
        )
    }

    /// A request as 飞书 would send it, encrypted and signed.
    package static func callback(
        _ event: JSON, now: Timestamp, random: (Int) -> [UInt8]
    ) -> InboundRequest? {
        let callback = FeishuCallback(token: token, encryptKey: encryptKey)
        let timestamp = String(now.microseconds / 1_000_000)
        guard
            let sealed = try? callback?.seal(
                event.utf8, timestamp: timestamp, nonce: random(5).hex, initialVector: random(16))
        else { return nil }
        return InboundRequest(method: "POST", headers: sealed.headers, query: [:], body: sealed.body)
    }

    /// The check of the address, as the console makes it.
    package static func verification(challenge: String) -> JSON {
        ["challenge": .string(challenge), "token": .string(token), "type": "url_verification"]
    }

    /// An event of the first generation. The moment of a taken-back approval comes as a number, every other as a text.
    package static func event(
        instance: String, status: String = "APPROVED", eventID: String, operatedAt: Timestamp
    ) -> JSON {
        let moment = operatedAt.microseconds / 1_000
        let written: JSON = status == "REVERTED" ? .integer(moment) : .string(String(moment))
        return [
            "ts": .string("\(moment / 1_000).000001"), "uuid": .string(eventID), "token": .string(token),
            "type": "event_callback",
            "event": [
                "app_id": .string(appID), "approval_code": .string(approval), "instance_code": .string(instance),
                "instance_operate_time": .string(String(moment)), "operate_time": written, "status": .string(status),
                "tenant_key": .string(tenant), "type": "approval_instance", "uuid": "applicant",
            ],
        ]
    }

    /// An event of the second generation.
    package static func eventV2(
        instance: String, status: String = "APPROVED", eventID: String, operatedAt: Timestamp
    ) -> JSON {
        let moment = String(operatedAt.microseconds / 1_000)
        return [
            "schema": "2.0",
            "header": [
                "event_id": .string(eventID), "token": .string(token), "create_time": .string(moment),
                "event_type": "approval.instance.status_changed_v4", "tenant_key": .string(tenant),
                "app_id": .string(appID),
            ],
            "event": [
                "approval_code": .string(approval), "instance_code": .string(instance), "status": .string(status),
                "operate_time": .string(moment),
            ],
        ]
    }
}
