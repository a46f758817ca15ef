package import Kernel
package import Pipeline

/// Any system that sends the document form itself, signed as Standard Webhooks (通用连接器).
package struct GenericConnector: OAConnector {
    package static let kind = "generic"
    private static let bodyLimit = 32 << 20

    private let setting: ConnectorSetting
    private let webhook: StandardWebhook
    private let http: SafeHTTP
    private let now: @Sendable () -> Timestamp

    package init(
        _ setting: ConnectorSetting, http: SafeHTTP, now: @escaping @Sendable () -> Timestamp
    ) throws(ConnectorError) {
        let secrets = [try setting.secret("secret")] + ["previous_secret"].compactMap { setting.secrets[$0] }
        guard let webhook = StandardWebhook(secrets: secrets.filter { !$0.isEmpty }) else {
            throw .notConfigured(connector: setting.id, setting: "secret (whsec_…)")
        }
        self.setting = setting
        self.webhook = webhook
        self.http = http
        self.now = now
    }

    package func accept(_ request: InboundRequest, now: Timestamp) throws(ConnectorError) -> Acceptance {
        guard request.body.count <= Self.bodyLimit else {
            throw .tooLarge(connector: setting.id, bytes: request.body.count, limit: Self.bodyLimit)
        }
        let key: String
        do {
            key = try webhook.verify(headers: request.headers, body: request.body, now: now)
        } catch {
            throw .notAuthentic(connector: setting.id, reason: error.phrase)
        }
        _ = try document(request.body)
        let answer: JSON = ["status": "accepted", "delivery": .string(key)]
        return .delivery(
            key: key, payload: request.body,
            answer: InboundAnswer(status: 202, contentType: "application/json; charset=utf-8", body: answer.utf8)
        )
    }

    package func fetch(_ delivery: StoredDelivery) async throws(ConnectorError) -> FetchedInstance {
        .document(try document(delivery.payload))
    }

    package func download(
        _ attachment: AttachmentReference, of delivery: StoredDelivery
    ) async throws(ConnectorError) -> [UInt8] {
        guard let url = attachment.url else {
            let found = "no url"
            throw .unreadable(connector: setting.id, path: attachment.name, expected: "a url", found: found)
        }
        var call = SafeHTTP.Call("GET", url)
        call.sizeLimit = Self.bodyLimit
        call.timeoutSeconds = 60
        let answer = try await http.send(call, for: setting.id, rules: setting.addressRules())
        if let refusal = answer.refusal(connector: setting.id, address: Self.shown(url)) { throw refusal }
        return answer.body
    }

    package func writeBack(_ receipt: Receipt) async throws(ConnectorError) {
        guard let address = setting.option("callback_url") else { return }
        let now = now()
        let approval: JSON = [
            "connector": .string(receipt.approval.connector), "tenant": .string(receipt.approval.tenant),
            "instance": .string(receipt.approval.instance),
        ]
        let event: JSON = [
            "type": .string("voucher." + receipt.event), "timestamp": .string(now.text),
            "data": ["approval": approval, "text": .string(receipt.text), "detail": receipt.data],
        ]
        var call = SafeHTTP.Call("POST", address)
        call.body = event.utf8
        // The id is the receipt's key: whoever gets the same message twice can see that it is the same.
        call.headers = webhook.headers(id: receipt.key, body: call.body, now: now)
        call.headers.append(("content-type", "application/json"))
        call.timeoutSeconds = 20
        let answer = try await http.send(
            call, for: setting.id, rules: setting.addressRules(defaults: callbackHosts(address)))
        guard answer.status != 410 else {
            throw .refused(
                connector: setting.id, address: Self.shown(address), reason: "HTTP 410: the receiver is gone")
        }
        if let refusal = answer.refusal(connector: setting.id, address: Self.shown(address)) { throw refusal }
    }

    /// An administrator wrote the callback address, so its host needs no second entry unless it is a protected one.
    private func callbackHosts(_ address: String) -> [String] {
        guard let address = try? WebAddress(address) else { return [] }
        return ["\(address.host.contains(":") ? "[\(address.host)]" : address.host):\(address.port)"]
    }

    private static func shown(_ address: String) -> String { String(address.prefix { $0 != "?" }) }

    /// Reads the envelope. What a person can fix further inside is for the way, not for the door.
    private func document(_ body: [UInt8]) throws(ConnectorError) -> JSON {
        let json: JSON
        do {
            json = try JSON(parsing: body, limits: JSON.Limits(bytes: Self.bodyLimit))
        } catch {
            throw unreadable("/", "JSON (RFC 8259)", error.problem.cause.en)
        }
        guard json.members != nil else { throw unreadable("/", "an object", kind(of: json)) }
        guard let source = json["source"], source.members != nil else {
            throw unreadable("/source", "an object", kind(of: json["source"]))
        }
        for name in ["connector", "tenant", "instance", "outcome"] {
            guard let text = source[name]?.string, !text.isEmpty else {
                throw unreadable("/source/\(name)", "a text", kind(of: source[name]))
            }
        }
        guard let revision = source["revision"]?.integer, revision >= 1 else {
            throw unreadable("/source/revision", "a whole number from 1", kind(of: source["revision"]))
        }
        let outcome = source["outcome"]?.string ?? ""
        guard Case.Outcome(rawValue: outcome) != nil else {
            let known = Case.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
            throw unreadable("/source/outcome", known, String(outcome.prefix(40)))
        }
        let connector = source["connector"]?.string ?? ""
        guard connector == setting.id else {
            throw unreadable("/source/connector", setting.id, String(connector.prefix(64)))
        }
        return json
    }

    private func unreadable(_ path: String, _ expected: String, _ found: String) -> ConnectorError {
        .unreadable(connector: setting.id, path: path, expected: expected, found: found)
    }

    private func kind(of json: JSON?) -> String {
        switch json {
        case nil: "nothing"
        case .null: "null"
        case .bool: "true or false"
        case .number(let text): "the number \(text.prefix(30))"
        case .string(let text): "the text “\(text.prefix(30))”"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
