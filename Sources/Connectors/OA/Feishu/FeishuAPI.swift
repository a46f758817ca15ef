import Kernel
import Pipeline

/// The calls of 飞书's open platform that the connector makes.
struct FeishuAPI: Sendable {
    static let defaultBase = "https://open.feishu.cn"
    /// Lark's customers outside of China set `api_base` to `https://open.larksuite.com`.
    static let defaultHosts = ["*.feishu.cn", "*.larksuite.com", "*.larksuitecdn.com", "*.feishucdn.com"]

    private let calls: VendorCalls
    private let appID: String
    private let appSecret: String

    init(_ setting: ConnectorSetting, http: SafeHTTP, tokens: TokenCache) throws(ConnectorError) {
        guard let appID = setting.option("app_id") else {
            throw .notConfigured(connector: setting.id, setting: "app_id")
        }
        self.appID = appID
        appSecret = try setting.secret("app_secret")
        calls = VendorCalls(setting, base: Self.defaultBase, hosts: Self.defaultHosts, http: http, tokens: tokens)
    }

    /// The instance as it is now.
    func instance(_ code: String) async throws(ConnectorError) -> JSON {
        let answer = try await call("GET", Self.instances + "/" + PercentEncoding.encode(code))
        guard let data = answer["data"], data.members != nil else { throw calls.unreadable("/data", "an object") }
        return data
    }

    func comment(_ text: String, on code: String, by user: String) async throws(ConnectorError) {
        let content: JSON = ["text": .string(text)]
        let path =
            Self.instances + "/" + PercentEncoding.encode(code) + "/comments?user_id_type=user_id&user_id="
            + PercentEncoding.encode(user)
        _ = try await call("POST", path, ["content": .string(content.text)], isRepeatable: false)
    }

    /// Orders the events of an approval definition; without this the vendor sends none. Ordering twice does no harm.
    func subscribe(to approval: String) async throws(ConnectorError) {
        let path = "/open-apis/approval/v4/approvals/" + PercentEncoding.encode(approval) + "/subscribe"
        _ = try await call("POST", path, [:], accepting: ["1390007"])
    }

    func bytes(at uri: String) async throws(ConnectorError) -> [UInt8] { try await calls.bytes(at: uri) }

    private static let instances = "/open-apis/approval/v4/instances"

    /// - Parameter accepted: Codes that mean what was asked for is so already.
    func call(
        _ method: String, _ path: String, _ body: JSON? = nil, isRepeatable: Bool = true,
        accepting accepted: Set<String> = []
    ) async throws(ConnectorError) -> JSON {
        let answer = try await calls.send(asking: request, isRefused: { FeishuReply($0).isInvalidToken }) { token in
            var call = calls.call(method, path, body, isRepeatable: isRepeatable)
            call.headers.append(("authorization", "Bearer " + token))
            return call
        }
        return try FeishuReply(answer).json(
            connector: calls.connector, address: calls.base + path.prefix { $0 != "?" }, isRepeatable: isRepeatable,
            accepting: accepted
        )
    }

    private var request: TokenCache.Request {
        { [calls, appID, appSecret] () async throws(ConnectorError) -> TokenCache.Token in
            let path = "/open-apis/auth/v3/tenant_access_token/internal"
            let body: JSON = ["app_id": .string(appID), "app_secret": .string(appSecret)]
            let answer = try await calls.send(calls.call("POST", path, body))
            let json = try FeishuReply(answer).json(
                connector: calls.connector, address: calls.base + path, isRepeatable: true)
            guard let text = json["tenant_access_token"]?.string, !text.isEmpty else {
                throw calls.unreadable("/tenant_access_token", "a text")
            }
            return TokenCache.Token(text: text, lifetimeSeconds: max(0, Int64(json["expire"]?.integer ?? 7_200)))
        }
    }
}

/// An answer of 飞书: `{"code", "msg", "data"}`, code 0 for success.
struct FeishuReply {
    private let answer: SafeHTTP.Answer
    private let body: JSON?

    init(_ answer: SafeHTTP.Answer) {
        self.answer = answer
        body = try? JSON(parsing: answer.body)
    }

    private var code: String { if case .number(let text)? = body?["code"] { text } else { "" } }

    var isInvalidToken: Bool { ["99991661", "99991663", "99991664", "99991668"].contains(code) }

    private var reason: String {
        "HTTP \(answer.status) \(code) \(body?["msg"]?.string ?? "")".prefix(200).description
    }

    /// The answer where it is one of success.
    func json(
        connector: String, address: String, isRepeatable: Bool, accepting accepted: Set<String> = []
    ) throws(ConnectorError) -> JSON {
        if answer.status == 429 || code == "99991400" {
            let reset = answer.headers["x-ogw-ratelimit-reset"].flatMap { Int($0) }.map { min(max($0, 1), 3_600) }
            throw .throttled(connector: connector, retryAfterSeconds: reset ?? answer.retryAfterSeconds ?? 60)
        }
        // What the vendor did before it failed, or before something between us and it did, is not known.
        let failure: ConnectorError =
            isRepeatable
            ? .unreachable(connector: connector, address: address, reason: reason)
            : .outcomeUnknown(connector: connector, address: address)
        if answer.status >= 500 || code == "1395001" { throw failure }
        if let body, accepted.contains(code) { return body }
        guard (200..<300).contains(answer.status) else {
            throw .refused(connector: connector, address: address, reason: reason)
        }
        guard let body, body.members != nil, !code.isEmpty else { throw failure }
        guard code == "0" else { throw .refused(connector: connector, address: address, reason: reason) }
        return body
    }
}
