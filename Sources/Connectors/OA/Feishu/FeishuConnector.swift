import Cryptography
package import Kernel
package import Pipeline

/// 飞书 and Lark: events of both generations, instances of the approval API, comments as write-back.
package struct FeishuConnector: OAConnector {
    package static let kind = "feishu"
    /// The vendor sends an event again for about seven hours.
    private static let defaultReplayWindowSeconds = 8 * 3_600

    private let setting: ConnectorSetting
    private let callback: FeishuCallback
    private let api: FeishuAPI
    private let appID: String
    private let replayWindowSeconds: Int64

    package init(_ setting: ConnectorSetting, http: SafeHTTP, tokens: TokenCache) throws(ConnectorError) {
        self.setting = setting
        api = try FeishuAPI(setting, http: http, tokens: tokens)
        appID = setting.option("app_id") ?? ""
        let token = try setting.secret("verification_token")
        guard let callback = FeishuCallback(token: token, encryptKey: setting.secrets["encrypt_key"]) else {
            throw .notConfigured(connector: setting.id, setting: "verification_token")
        }
        self.callback = callback
        replayWindowSeconds = Int64(
            setting.options["replay_window_seconds"]?.integer ?? Self.defaultReplayWindowSeconds)
    }

    package func accept(_ request: InboundRequest, now: Timestamp) throws(ConnectorError) -> Acceptance {
        guard request.body.count <= 1 << 20 else {
            throw .tooLarge(connector: setting.id, bytes: request.body.count, limit: 1 << 20)
        }
        let text: [UInt8]
        let event: JSON
        do {
            (text, event) = try callback.open(headers: request.headers, body: request.body)
        } catch {
            // One sentence for every failure, so that nobody learns from trying.
            throw notAuthentic(Phrase(zh: "签名、密钥或令牌不符。", en: "Signature, key or token do not match."))
        }
        if event["type"]?.string == "url_verification" {
            return .answer(Self.answer(["challenge": event["challenge"] ?? .string("")]))
        }
        try checkTime(request, now)
        try checkSender(FeishuEvent(event))
        return .delivery(key: FeishuEvent(event).key ?? sha256(text).hex, payload: text, answer: Self.answer([:]))
    }

    package func fetch(_ delivery: StoredDelivery) async throws(ConnectorError) -> FetchedInstance {
        guard let json = try? JSON(parsing: delivery.payload), json.members != nil else {
            throw .unreadable(connector: setting.id, path: "/", expected: "a JSON object", found: "another text")
        }
        let event = FeishuEvent(json)
        guard event.tellsOfInstance else {
            return .irrelevant(Phrase(zh: "该事件不表示审批结果。", en: "The event tells of no outcome."))
        }
        guard let code = event.instance else {
            throw .unreadable(connector: setting.id, path: "/event/instance_code", expected: "a text", found: "nothing")
        }
        let instance = try await api.instance(code)
        switch FeishuOutcome(instance: instance, announced: event.status) {
        case .approved: return payload(instance, code, "approved", revision: 1, endedAt: nil)
        case .withdrawn: return follow(instance, code, "withdrawn", at: FeishuOutcome.lastChange(of: instance))
        case .amends(let main): return follow(instance, main, "amended", at: FeishuOutcome.lastChange(of: instance))
        case .revokes(let main):
            let taken = try await api.instance(main)
            // The instance that was taken back tells it as well; both must say the same.
            guard FeishuOutcome(instance: taken, announced: "") == .withdrawn else { throw notYet(main) }
            return follow(taken, main, "withdrawn", at: FeishuOutcome.lastChange(of: taken))
        case .notYet: throw notYet(code)
        case .nothing(let why): return .irrelevant(why)
        }
    }

    package func download(
        _ attachment: AttachmentReference, of delivery: StoredDelivery
    ) async throws(ConnectorError) -> [UInt8] {
        let url = attachment.url ?? ""
        guard url.hasPrefix(FeishuFile.scheme) else { return try await api.bytes(at: url) }
        guard let file = FeishuFile(url) else {
            throw .unreadable(
                connector: setting.id, path: attachment.name, expected: "feishu:instance/field/index", found: url
            )
        }
        let instance = try await api.instance(file.instance)
        guard let address = FeishuForm.address(ofFile: file, in: instance) else {
            throw .unreadable(
                connector: setting.id, path: attachment.name, expected: "a file of the instance", found: "none there"
            )
        }
        return try await api.bytes(at: address)
    }

    package func writeBack(_ receipt: Receipt) async throws(ConnectorError) {
        let code = receipt.approval.instance
        let mark = WriteBackMark.text(of: receipt.key)
        // The vendor has no key for comments. What stands under the form tells whether ours arrived.
        let instance = try await api.instance(code)
        let comments = instance["comment_list"]?.array ?? []
        if comments.contains(where: { $0["comment"]?.string?.contains(mark) ?? false }) { return }
        let author = setting.option("comment_user_id") ?? instance["user_id"]?.string ?? ""
        guard !author.isEmpty else { throw .notConfigured(connector: setting.id, setting: "comment_user_id") }
        try await api.comment("\(receipt.text) \(mark)", on: code, by: author)
    }

    package func check() async throws(ConnectorError) {
        let approvals = setting.optionList("approval_codes")
        guard !approvals.isEmpty else {
            throw .notConfigured(connector: setting.id, setting: "approval_codes")
        }
        for approval in approvals { try await api.subscribe(to: approval) }
    }

    /// Only a signed event says when it was sent.
    private func checkTime(_ request: InboundRequest, _ now: Timestamp) throws(ConnectorError) {
        guard callback.isSigned else { return }
        guard let seconds = Int64(request.headers["x-lark-request-timestamp"] ?? ""), seconds > 0, seconds < 1 << 40,
            abs(now.microseconds / 1_000_000 - seconds) <= replayWindowSeconds
        else {
            throw notAuthentic(
                Phrase(
                    zh: "时间与本机相差超过 \(replayWindowSeconds) 秒。",
                    en: "Its time differs by more than \(replayWindowSeconds) s."
                )
            )
        }
    }

    private func checkSender(_ event: FeishuEvent) throws(ConnectorError) {
        let tenant = setting.option("tenant_key")
        guard event.app.isEmpty || event.app == appID, tenant == nil || event.tenant == tenant else {
            throw notAuthentic(
                Phrase(zh: "事件属于另一个应用或企业。", en: "The event belongs to another application or company.")
            )
        }
    }

    private func notAuthentic(_ reason: Phrase) -> ConnectorError {
        .notAuthentic(connector: setting.id, reason: reason)
    }

    private func notYet(_ code: String) -> ConnectorError {
        .unreachable(connector: setting.id, address: code, reason: "the instance does not show its end yet")
    }

    /// What happened to an approval after it had passed. The moment orders it after everything before.
    private func follow(_ instance: JSON, _ code: String, _ outcome: String, at moment: Timestamp?) -> FetchedInstance {
        let seconds = (moment?.microseconds ?? 0) / 1_000_000
        return payload(instance, code, outcome, revision: max(2, seconds), endedAt: moment)
    }

    /// Nothing of the event goes in: every delivery of one state gives the same document.
    private func payload(
        _ instance: JSON, _ code: String, _ outcome: String, revision: Int64, endedAt: Timestamp?
    ) -> FetchedInstance {
        var source: [(String, JSON)] = [
            ("connector", .string(setting.id)), ("tenant", .string(setting.option("tenant_key") ?? appID)),
            ("instance", .string(code)), ("revision", .integer(revision)), ("outcome", .string(outcome)),
        ]
        if let form = instance["approval_code"]?.string, !form.isEmpty { source.append(("form", .string(form))) }
        let payload = FeishuForm.payload(of: instance).setting("source", .object(source))
        return .instance(endedAt.map { payload.setting("ended_at", .string($0.text)) } ?? payload)
    }

    private static func answer(_ json: JSON) -> InboundAnswer {
        InboundAnswer(status: 200, contentType: "application/json; charset=utf-8", body: json.utf8)
    }
}

/// An event of either generation: v1 wraps it plainly, v2 has a header.
struct FeishuEvent {
    private let json: JSON

    init(_ json: JSON) {
        self.json = json
    }

    private var header: JSON? { json["header"] }
    private var event: JSON? { json["event"] }

    /// The vendor's own id. The `uuid` inside of a v1 event is the applicant's and not meant.
    var key: String? {
        let key = header?["event_id"]?.string ?? json["uuid"]?.string ?? ""
        return key.isEmpty ? nil : key
    }

    var app: String { header?["app_id"]?.string ?? event?["app_id"]?.string ?? "" }
    var tenant: String { header?["tenant_key"]?.string ?? event?["tenant_key"]?.string ?? "" }
    var status: String { event?["status"]?.string?.uppercased() ?? "" }
    var instance: String? { event?["instance_code"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    var tellsOfInstance: Bool {
        let type = header?["event_type"]?.string ?? event?["type"]?.string ?? ""
        return type == "approval_instance" || type == "approval.instance.status_changed_v4"
    }
}
