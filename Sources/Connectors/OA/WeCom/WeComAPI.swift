import Kernel
import Pipeline

/// The calls of 企业微信 that the connector makes.
struct WeComAPI: Sendable {
    static let defaultBase = "https://qyapi.weixin.qq.com"
    static let defaultHosts = ["qyapi.weixin.qq.com"]

    private let calls: VendorCalls
    private let corpID: String
    private let secret: String

    init(_ setting: ConnectorSetting, http: SafeHTTP, tokens: TokenCache) throws(ConnectorError) {
        guard let corpID = setting.option("corp_id") else {
            throw .notConfigured(connector: setting.id, setting: "corp_id")
        }
        self.corpID = corpID
        secret = try setting.secret("secret")
        calls = VendorCalls(setting, base: Self.defaultBase, hosts: Self.defaultHosts, http: http, tokens: tokens)
    }

    func signIn() async throws(ConnectorError) { try await calls.signIn(asking: request) }

    /// The approval as it is now.
    func approval(_ number: String) async throws(ConnectorError) -> JSON {
        let answer = try await call("POST", "/cgi-bin/oa/getapprovaldetail", ["sp_no": .string(number)])
        guard let info = answer["info"], info.members != nil else { throw calls.unreadable("/info", "an object") }
        return info
    }

    /// Tells a person. The vendor drops the same text to the same person within four hours, so that a message whose
    /// answer was lost may be sent again.
    func tell(_ user: String, _ text: String, from agent: Int) async throws(ConnectorError) {
        let body: JSON = [
            "touser": .string(user), "agentid": .integer(agent), "msgtype": "text", "text": ["content": .string(text)],
            "enable_duplicate_check": 1, "duplicate_check_interval": 14_400,
        ]
        _ = try await call("POST", "/cgi-bin/message/send", body, isRepeatable: false)
    }

    /// The bytes of a file. The vendor answers an error with JSON and status 200.
    func file(_ id: String) async throws(ConnectorError) -> [UInt8] {
        let query = "media_id=" + PercentEncoding.encode(id)
        let answer = try await answer("GET", "/cgi-bin/media/get", nil, query, sizeLimit: VendorCalls.fileLimit)
        let isFile = answer.headers["content-disposition"] != nil
        let isJSON = answer.headers["content-type"]?.hasPrefix("application/json") ?? false
        guard isFile || !isJSON, answer.status == 200 else {
            _ = try WeComReply(answer).json(connector: calls.connector, address: shown("/cgi-bin/media/get"))
            throw calls.unreadable("/", "a file")
        }
        return answer.body
    }

    func call(
        _ method: String, _ path: String, _ body: JSON?, isRepeatable: Bool = true
    ) async throws(ConnectorError) -> JSON {
        let answer = try await answer(method, path, body, nil, isRepeatable: isRepeatable)
        return try WeComReply(answer).json(
            connector: calls.connector, address: shown(path), isRepeatable: isRepeatable)
    }

    private func answer(
        _ method: String, _ path: String, _ body: JSON?, _ query: String?, isRepeatable: Bool = true,
        sizeLimit: Int? = nil
    ) async throws(ConnectorError) -> SafeHTTP.Answer {
        try await calls.send(asking: request, isRefused: { WeComReply($0).isInvalidToken }) { token in
            let rest = query.map { "&" + $0 } ?? ""
            let address = path + "?access_token=" + PercentEncoding.encode(token) + rest
            var call = calls.call(method, address, body, isRepeatable: isRepeatable)
            if let sizeLimit { call.sizeLimit = sizeLimit }
            return call
        }
    }

    private func shown(_ path: String) -> String { calls.base + path }

    private var request: TokenCache.Request {
        { [calls, corpID, secret] () async throws(ConnectorError) -> TokenCache.Token in
            let path = "/cgi-bin/gettoken"
            let query = "?corpid=" + PercentEncoding.encode(corpID) + "&corpsecret=" + PercentEncoding.encode(secret)
            let answer = try await calls.send(calls.call("GET", path + query))
            let json = try WeComReply(answer).json(connector: calls.connector, address: calls.base + path)
            guard let text = json["access_token"]?.string, !text.isEmpty else {
                throw calls.unreadable("/access_token", "a text")
            }
            return TokenCache.Token(text: text, lifetimeSeconds: max(0, Int64(json["expires_in"]?.integer ?? 7_200)))
        }
    }
}

/// An answer of 企业微信: `{"errcode", "errmsg", …}`, 0 for success, mostly with status 200.
struct WeComReply {
    private let answer: SafeHTTP.Answer
    private let body: JSON?

    init(_ answer: SafeHTTP.Answer) {
        self.answer = answer
        // A file is not read as JSON to look for a code in it.
        let isFile = answer.headers["content-disposition"] != nil
        body = isFile ? nil : try? JSON(parsing: answer.body)
    }

    private var code: String { if case .number(let text)? = body?["errcode"] { text } else { "" } }

    /// Plain expiry shows itself under either code.
    var isInvalidToken: Bool { code == "40014" || code == "42001" }

    private var reason: String {
        "HTTP \(answer.status) \(code) \(body?["errmsg"]?.string ?? "")".prefix(200).description
    }

    /// The answer where it is one of success.
    func json(connector: String, address: String, isRepeatable: Bool = true) throws(ConnectorError) -> JSON {
        if answer.status == 429 || ["45009", "45033"].contains(code) {
            throw .throttled(connector: connector, retryAfterSeconds: answer.retryAfterSeconds ?? 60)
        }
        let failure: ConnectorError =
            isRepeatable
            ? .unreachable(connector: connector, address: address, reason: reason)
            : .outcomeUnknown(connector: connector, address: address)
        if answer.status >= 500 || code == "-1" { throw failure }
        guard (200..<300).contains(answer.status) else {
            throw .refused(connector: connector, address: address, reason: reason)
        }
        guard let body, body.members != nil, !code.isEmpty else { throw failure }
        guard code == "0" else { throw .refused(connector: connector, address: address, reason: reason) }
        return body
    }
}
