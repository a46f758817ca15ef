import Cryptography
package import Kernel
package import Pipeline

/// 企业微信: callbacks of the approval application in XML and JSON, approvals by their number, messages as write-back.
package struct WeComConnector: OAConnector {
    package static let kind = "wecom"
    private static let defaultReplayWindowSeconds = 8 * 3_600

    private let setting: ConnectorSetting
    private let cipher: CallbackCipher
    private let api: WeComAPI
    private let corpID: String
    private let replayWindowSeconds: Int64
    private let statuses: [String: String]

    package init(_ setting: ConnectorSetting, http: SafeHTTP, tokens: TokenCache) throws(ConnectorError) {
        self.setting = setting
        api = try WeComAPI(setting, http: http, tokens: tokens)
        corpID = setting.option("corp_id") ?? ""
        let receivers = setting.optionList("receiver_ids")
        let token = try setting.secret("token")
        let aesKey = try setting.secret("aes_key")
        guard
            let cipher = CallbackCipher(
                token: token, aesKey: aesKey, receivers: receivers.isEmpty ? [corpID] : receivers)
        else { throw .notConfigured(connector: setting.id, setting: "token, aes_key") }
        self.cipher = cipher
        replayWindowSeconds = Int64(
            setting.options["replay_window_seconds"]?.integer ?? Self.defaultReplayWindowSeconds)
        var statuses = ["2": "approved", "10": "approved", "6": "withdrawn"]
        for member in setting.options["sp_statuses"]?.members ?? [] { statuses[member.name] = member.value.string }
        self.statuses = statuses
    }

    package func accept(_ request: InboundRequest, now: Timestamp) throws(ConnectorError) -> Acceptance {
        guard request.body.count <= WeComEnvelope.bodyLimit else {
            throw .tooLarge(connector: setting.id, bytes: request.body.count, limit: WeComEnvelope.bodyLimit)
        }
        let isCheck = request.query["echostr"] != nil && request.body.isEmpty
        guard let envelope = WeComEnvelope(query: request.query, body: request.body) else {
            throw .unreadable(
                connector: setting.id, path: "/Encrypt", expected: "an encrypted callback", found: "another form"
            )
        }
        let message: [UInt8]
        do {
            message = try envelope.open(with: cipher)
        } catch {
            // One sentence for every failure, so that nobody learns from trying.
            throw notAuthentic(Phrase(zh: "签名、密钥或接收方不符。", en: "Signature, key or receiver do not match."))
        }
        // The plain text and nothing else: the console compares it byte by byte.
        if isCheck { return .answer(InboundAnswer(status: 200, contentType: "text/plain", body: message)) }
        guard let seconds = Int64(envelope.timestamp), seconds > 0, seconds < 1 << 40,
            abs(now.microseconds / 1_000_000 - seconds) <= replayWindowSeconds
        else {
            throw notAuthentic(
                Phrase(
                    zh: "时间与本机相差超过 \(replayWindowSeconds) 秒。",
                    en: "Its time differs by more than \(replayWindowSeconds) s."
                )
            )
        }
        let answer = InboundAnswer(status: 200, contentType: "text/plain", body: Array("success".utf8))
        guard let event = WeComEvent(message) else {
            return .delivery(key: sha256(message).hex, payload: message, answer: answer)
        }
        return .delivery(key: event.key, payload: event.stored.utf8, answer: answer)
    }

    package func fetch(_ delivery: StoredDelivery) async throws(ConnectorError) -> FetchedInstance {
        guard let event = WeComEvent(stored: delivery.payload), event.tellsOfOutcome else {
            return .irrelevant(Phrase(zh: "该事件不表示审批结果。", en: "The event tells of no outcome."))
        }
        let info = try await api.approval(event.number)
        guard case .number(let status)? = info["sp_status"] else {
            throw .unreadable(connector: setting.id, path: "/info/sp_status", expected: "a number", found: "nothing")
        }
        switch statuses[status] ?? (status == "7" && WeComForm.everyRecordAgreed(info) ? "withdrawn" : "") {
        case "approved": return payload(info, event.number, "approved", revision: 1, endedAt: nil)
        case "withdrawn":
            // Taken back after it passed is its last state. The approval itself does not tell when.
            return payload(info, event.number, "withdrawn", revision: 2, endedAt: delivery.receivedAt)
        default:
            guard status != "1" else {
                let reason = "the approval does not show its end yet"
                throw .unreachable(connector: setting.id, address: event.number, reason: reason)
            }
            return .irrelevant(Phrase(zh: "审批未通过或在通过之前撤回。", en: "It did not pass, or was taken back before."))
        }
    }

    package func download(
        _ attachment: AttachmentReference, of delivery: StoredDelivery
    ) async throws(ConnectorError) -> [UInt8] {
        let url = attachment.url ?? ""
        guard url.hasPrefix("wecom:"), url.utf8.count > 6 else {
            throw .unreadable(connector: setting.id, path: attachment.name, expected: "wecom:file", found: url)
        }
        return try await api.file(PercentEncoding.decode(String(url.dropFirst(6))))
    }

    package func check() async throws(ConnectorError) { try await api.signIn() }

    package func writeBack(_ receipt: Receipt) async throws(ConnectorError) {
        // The vendor has no way to write under a form; without an application to speak through, nobody is told.
        guard let agent = setting.options["agent_id"]?.integer ?? setting.option("agent_id").flatMap({ Int($0) }) else {
            return
        }
        let number = receipt.approval.instance
        let info = try await api.approval(number)
        guard let user = info["applyer"]?["userid"]?.string, !user.isEmpty else {
            throw .unreadable(
                connector: setting.id, path: "/info/applyer/userid", expected: "a text", found: "nothing")
        }
        let title = "\(info["sp_name"]?.string ?? "") \(number)"
        try await api.tell(user, "\(title)\n\(receipt.text) \(WriteBackMark.text(of: receipt.key))", from: agent)
    }

    private func notAuthentic(_ reason: Phrase) -> ConnectorError {
        .notAuthentic(connector: setting.id, reason: reason)
    }

    private func payload(
        _ info: JSON, _ number: String, _ outcome: String, revision: Int64, endedAt: Timestamp?
    ) -> FetchedInstance {
        var source: [(String, JSON)] = [
            ("connector", .string(setting.id)), ("tenant", .string(corpID)), ("instance", .string(number)),
            ("revision", .integer(revision)), ("outcome", .string(outcome)),
        ]
        if let form = info["template_id"]?.string, !form.isEmpty { source.append(("form", .string(form))) }
        let payload = WeComForm.payload(of: info).setting("source", .object(source))
        return .instance(endedAt.map { payload.setting("ended_at", .string($0.text)) } ?? payload)
    }
}
