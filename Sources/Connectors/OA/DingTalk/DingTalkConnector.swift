import Cryptography
package import Kernel
package import Pipeline

/// 钉钉: encrypted callbacks, instances of the workflow API, comments as write-back.
package struct DingTalkConnector: OAConnector {
    package static let kind = "dingtalk"
    private static let defaultReplayWindowSeconds = 8 * 3_600

    private let setting: ConnectorSetting
    private let callback: CallbackCipher
    private let api: DingTalkAPI
    private let replayWindowSeconds: Int64
    private let actions: [String: String]
    private let random: @Sendable (Int) -> [UInt8]
    private let memory: DingTalkMemory

    package init(
        _ setting: ConnectorSetting, http: SafeHTTP, tokens: TokenCache,
        random: @escaping @Sendable (Int) -> [UInt8] = { randomBytes($0) }
    ) throws(ConnectorError) {
        self.setting = setting
        api = try DingTalkAPI(setting, http: http, tokens: tokens)
        var receivers = setting.optionList("receiver_ids")
        if receivers.isEmpty { receivers = ["app_key", "corp_id", "suite_key"].compactMap { setting.option($0) } }
        let token = try setting.secret("token")
        let aesKey = try setting.secret("aes_key")
        guard let callback = CallbackCipher(token: token, aesKey: aesKey, receivers: receivers) else {
            throw .notConfigured(connector: setting.id, setting: "token, aes_key")
        }
        self.callback = callback
        replayWindowSeconds = Int64(
            setting.options["replay_window_seconds"]?.integer ?? Self.defaultReplayWindowSeconds)
        var actions = ["REVOKE": "withdrawn", "MODIFY": "amended"]
        for member in setting.options["biz_actions"]?.members ?? [] { actions[member.name] = member.value.string }
        self.actions = actions
        self.random = random
        memory = DingTalkMemory(now: tokens.now)
    }

    package func accept(_ request: InboundRequest, now: Timestamp) throws(ConnectorError) -> Acceptance {
        guard request.body.count <= 1 << 20 else {
            throw .tooLarge(connector: setting.id, bytes: request.body.count, limit: 1 << 20)
        }
        guard let envelope = DingTalkEnvelope(query: request.query, body: request.body) else {
            throw .unreadable(
                connector: setting.id, path: "/encrypt", expected: "an encrypted callback", found: "another form"
            )
        }
        let message: [UInt8]
        do {
            message = try envelope.open(with: callback)
        } catch {
            // One sentence for every failure, so that nobody learns from trying.
            throw .notAuthentic(
                connector: setting.id,
                reason: Phrase(zh: "签名、密钥或接收方不符。", en: "Signature, key or receiver do not match.")
            )
        }
        guard let milliseconds = Int64(envelope.timestamp), milliseconds > 0, milliseconds < 1 << 50,
            abs(now.microseconds / 1_000 - milliseconds) <= replayWindowSeconds * 1_000
        else {
            throw .notAuthentic(
                connector: setting.id,
                reason: Phrase(
                    zh: "时间与本机相差超过 \(replayWindowSeconds) 秒。",
                    en: "Its time differs by more than \(replayWindowSeconds) s."
                )
            )
        }
        let event = try read(message)
        let answer = try success(now)
        let type = event["EventType"]?.string ?? ""
        if ["check_url", "check_create_suite_url", "check_update_suite_url"].contains(type) { return .answer(answer) }
        return .delivery(key: Self.key(of: event, envelope), payload: message, answer: answer)
    }

    package func fetch(_ delivery: StoredDelivery) async throws(ConnectorError) -> FetchedInstance {
        let event = try read(delivery.payload)
        let type = event["type"]?.string ?? ""
        guard event["EventType"]?.string == "bpms_instance_change", type != "start" else {
            return .irrelevant(Phrase(zh: "该事件不表示审批结果。", en: "The event tells of no outcome."))
        }
        guard let id = event["processInstanceId"]?.string, !id.isEmpty else {
            throw .unreadable(connector: setting.id, path: "/processInstanceId", expected: "a text", found: "nothing")
        }
        let instance = try await ownInstance(id, of: delivery)
        let changed = DingTalkOutcome.lastChange(of: instance)
        switch DingTalkOutcome(instance: instance, eventType: type, actions: actions) {
        case .approved:
            return .instance(payload(instance, event, source(event, id, "approved", revision: 1), endedAt: nil))
        case .withdrawn:
            return follow(instance, event, id, "withdrawn", at: changed)
        case .amends(let main):
            return follow(instance, event, main, "amended", at: changed)
        case .revokes(let main):
            let mainInstance = try await putOff(.instance(instance), under: Self.eventKey(delivery)) {
                () async throws(ConnectorError) in try await api.instance(main)
            }
            return follow(mainInstance, event, main, "withdrawn", at: changed)
        case .notYet:
            throw .unreachable(connector: setting.id, address: id, reason: "the instance does not show its end yet")
        case .nothing(let why):
            return .irrelevant(why)
        case .unknownAction(let action):
            let known = actions.keys.sorted().joined(separator: ", ")
            throw .unreadable(
                connector: setting.id, path: "/bizAction", expected: known, found: String(action.prefix(40)))
        }
    }

    package func download(
        _ attachment: AttachmentReference, of delivery: StoredDelivery
    ) async throws(ConnectorError) -> [UInt8] {
        let url = attachment.url ?? ""
        guard url.hasPrefix("dingtalk:") else { return try await api.bytes(at: url) }
        // A file of a comment is given out only to a call that says so.
        let isOfComment = url.hasSuffix("?comment")
        let parts = url.dropFirst("dingtalk:".count).prefix { $0 != "?" }.split(separator: "/").map {
            PercentEncoding.decode(String($0))
        }
        guard parts.count == 3 else {
            throw .unreadable(
                connector: setting.id, path: attachment.name, expected: "dingtalk:instance/space/file", found: url
            )
        }
        return try await api.file(parts[2], of: parts[0], isOfComment: isOfComment)
    }

    package func check() async throws(ConnectorError) { try await api.signIn() }

    package func writeBack(_ receipt: Receipt) async throws(ConnectorError) {
        let id = receipt.approval.instance
        let mark = Self.mark(of: receipt.key)
        let key = "comment \(receipt.key)"
        guard let author = try await author(of: mark, under: id, key) else { return }
        try await putOff(.author(author), under: key) { () async throws(ConnectorError) in
            try await api.comment("\(receipt.text) \(mark)", on: id, by: author)
        }
    }

    /// Who writes a comment; `nil` where it stands under the form already.
    private func author(of mark: String, under id: String, _ key: String) async throws(ConnectorError) -> String? {
        if case .author(let author) = memory.take(key) { return author }
        // The vendor has no key for comments. What stands under the form tells whether ours arrived.
        let instance = try await api.instance(id)
        let records = instance["operationRecords"]?.array ?? []
        if records.contains(where: { $0["remark"]?.string?.contains(mark) ?? false }) { return nil }
        let author = setting.option("comment_user_id") ?? instance["originatorUserId"]?.string ?? ""
        guard !author.isEmpty else { throw .notConfigured(connector: setting.id, setting: "comment_user_id") }
        return author
    }

    /// The instance an event names, from the attempt before if the vendor put that one off.
    private func ownInstance(_ id: String, of delivery: StoredDelivery) async throws(ConnectorError) -> JSON {
        if case .instance(let instance) = memory.take(Self.eventKey(delivery)) { return instance }
        return try await api.instance(id)
    }

    /// Makes the second call of two, and remembers what the first one brought if the vendor refuses to be asked so soon. It
    /// did nothing then.
    private func putOff<Answer: Sendable>(
        _ entry: DingTalkMemory.Entry, under key: String, _ call: () async throws(ConnectorError) -> Answer
    ) async throws(ConnectorError) -> Answer {
        do {
            return try await call()
        } catch {
            if case .throttled(_, let seconds) = error { memory.keep(entry, for: key, retryAfterSeconds: seconds) }
            throw error
        }
    }

    private static func eventKey(_ delivery: StoredDelivery) -> String { "event \(delivery.key)" }

    /// What makes a comment recognisable as the one of a receipt.
    package static func mark(of key: String) -> String {
        WriteBackMark.text(of: key)
    }

    private func success(_ now: Timestamp) throws(ConnectorError) -> InboundAnswer {
        do {
            let json = try callback.success(now: now, nonce: random(8).hex, random: random(16))
            return InboundAnswer(status: 200, contentType: "application/json; charset=utf-8", body: json.utf8)
        } catch {
            throw .notConfigured(connector: setting.id, setting: "aes_key")
        }
    }

    private func read(_ message: [UInt8]) throws(ConnectorError) -> JSON {
        guard let json = try? JSON(parsing: message), json.members != nil else {
            throw .unreadable(connector: setting.id, path: "/", expected: "a JSON object", found: "another text")
        }
        return json
    }

    /// The vendor's own id of the event, or what makes it this one event.
    private static func key(of event: JSON, _ envelope: DingTalkEnvelope) -> String {
        if let id = event["eventId"]?.string, !id.isEmpty { return id }
        let parts = ["EventType", "processInstanceId", "type", "result", "createTime", "finishTime"].map { name in
            event[name]?.string ?? event[name]?.text ?? ""
        }
        let hasInstance = !parts[1].isEmpty
        return hasInstance ? parts.joined(separator: ":") : "\(envelope.timestamp):\(envelope.nonce)"
    }

    /// What happened to an approval after it had passed. The moment orders it after everything before.
    private func follow(
        _ instance: JSON, _ event: JSON, _ id: String, _ outcome: String, at moment: Timestamp?
    ) -> FetchedInstance {
        let seconds = (moment?.microseconds ?? 0) / 1_000_000
        let source = source(event, id, outcome, revision: max(2, seconds))
        return .instance(payload(instance, event, source, endedAt: moment))
    }

    private func payload(_ instance: JSON, _ event: JSON, _ source: JSON, endedAt: Timestamp?) -> JSON {
        var members: [(String, JSON)] = [("source", source)]
        if let endedAt { members.append(("ended_at", .string(endedAt.text))) }
        return .object(members + [("event", event), ("result", instance)])
    }

    private func source(_ event: JSON, _ id: String, _ outcome: String, revision: Int64) -> JSON {
        var members: [(String, JSON)] = [
            ("connector", .string(setting.id)),
            ("tenant", .string(event["corpId"]?.string ?? setting.option("corp_id") ?? "dingtalk")),
            ("instance", .string(id)), ("revision", .integer(revision)), ("outcome", .string(outcome)),
        ]
        if let form = event["processCode"]?.string, !form.isEmpty { members.append(("form", .string(form))) }
        if let url = event["url"]?.string, url.utf8.count <= 2_000, (try? WebAddress(url)) != nil,
            url.utf8.allSatisfy({ $0 < 0x7F && !#""<>^`{|}"#.utf8.contains($0) })
        {
            members.append(("url", .string(url)))
        }
        return .object(members)
    }
}
