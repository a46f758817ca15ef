import Kernel
import Pipeline

/// Calls to a vendor's interface that carry an access token.
struct VendorCalls: Sendable {
    let connector: String
    /// Such as `https://open.feishu.cn`, without a stroke at its end.
    let base: String
    private let rules: AddressRules
    private let http: SafeHTTP
    private let tokens: TokenCache
    private let timeoutSeconds: Int64

    static let fileLimit = 32 << 20
    private static let answerLimit = 8 << 20

    /// - Parameter hosts: Those of the vendor, which need no entry in the allow-list.
    init(_ setting: ConnectorSetting, base: String, hosts: [String], http: SafeHTTP, tokens: TokenCache) {
        connector = setting.id
        self.base = setting.option("api_base") ?? base
        let files = setting.optionList("download_hosts")
        rules = setting.addressRules(defaults: hosts + files)
        self.http = http
        self.tokens = tokens
        timeoutSeconds = Int64(max(1, min(setting.options["timeout_seconds"]?.integer ?? 15, 120)))
    }

    /// A call to the vendor's interface.
    func call(_ method: String, _ path: String, _ body: JSON? = nil, isRepeatable: Bool = true) -> SafeHTTP.Call {
        var call = SafeHTTP.Call(method, base + path)
        call.headers = [("accept", "application/json")]
        if let body {
            call.body = body.utf8
            call.headers.append(("content-type", "application/json; charset=utf-8"))
        }
        call.isRepeatable = isRepeatable
        call.timeoutSeconds = timeoutSeconds
        call.sizeLimit = Self.answerLimit
        return call
    }

    func send(_ call: SafeHTTP.Call) async throws(ConnectorError) -> SafeHTTP.Answer {
        try await http.send(call, for: connector, rules: rules)
    }

    /// Asks for a token, and so learns whether the secret is right.
    func signIn(asking request: @escaping TokenCache.Request) async throws(ConnectorError) {
        _ = try await tokens.token(asking: request)
    }

    /// Makes a call with the token in force; with a new one, once, where the vendor refuses it.
    func send(
        asking request: @escaping TokenCache.Request, isRefused: (SafeHTTP.Answer) -> Bool,
        _ make: (_ token: String) -> SafeHTTP.Call
    ) async throws(ConnectorError) -> SafeHTTP.Answer {
        let first = try await tokens.token(asking: request)
        let answer = try await send(make(first))
        guard isRefused(answer) else { return answer }
        // Once more and no further: a second refusal is not about the token's age.
        let second = try await tokens.token(insteadOf: first, asking: request)
        let again = try await send(make(second))
        guard !isRefused(again) else {
            throw .refused(connector: connector, address: base, reason: "the access token is refused")
        }
        return again
    }

    /// The bytes behind a link, asked for without any credential of ours.
    func bytes(at uri: String) async throws(ConnectorError) -> [UInt8] {
        var call = SafeHTTP.Call("GET", uri)
        call.sizeLimit = Self.fileLimit
        call.timeoutSeconds = max(60, timeoutSeconds)
        let answer = try await send(call)
        if let refusal = answer.refusal(connector: connector, address: String(uri.prefix { $0 != "?" })) {
            throw refusal
        }
        return answer.body
    }

    func unreadable(_ path: String, _ expected: String) -> ConnectorError {
        .unreadable(connector: connector, path: path, expected: expected, found: "nothing")
    }
}
