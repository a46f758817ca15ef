import Cryptography
import Kernel
import Pipeline

/// The calls of 钉钉's open platform that the connector makes.
struct DingTalkAPI: Sendable {
    private let id: String
    private let base: String
    private let appKey: String
    private let appSecret: String
    private let rules: AddressRules
    private let http: SafeHTTP
    private let tokens: TokenCache
    private let timeoutSeconds: Int64

    static let defaultBase = "https://api.dingtalk.com"
    /// Where the vendor keeps files is not documented; `download_hosts` replaces the second and third.
    static let defaultHosts = ["*.dingtalk.com", "*.aliyuncs.com"]
    private static let fileLimit = 32 << 20

    init(_ setting: ConnectorSetting, http: SafeHTTP, tokens: TokenCache) throws(ConnectorError) {
        guard let appKey = setting.option("app_key") else {
            throw .notConfigured(connector: setting.id, setting: "app_key")
        }
        id = setting.id
        base = setting.option("api_base") ?? Self.defaultBase
        self.appKey = appKey
        appSecret = try setting.secret("app_secret")
        let files = setting.optionList("download_hosts")
        rules = setting.addressRules(defaults: files.isEmpty ? Self.defaultHosts : ["api.dingtalk.com"] + files)
        self.http = http
        self.tokens = tokens
        timeoutSeconds = Int64(max(1, min(setting.options["timeout_seconds"]?.integer ?? 15, 120)))
    }

    /// Asks for a token with the application's key, and so learns whether both are right.
    func signIn() async throws(ConnectorError) {
        _ = try await token(insteadOf: nil)
    }

    /// The instance as it is now.
    func instance(_ instance: String) async throws(ConnectorError) -> JSON {
        let path = "/v1.0/workflow/processInstances?processInstanceId=" + PercentEncoding.encode(instance)
        let answer = try await call("GET", path)
        guard let result = answer["result"], result.members != nil else {
            throw .unreadable(connector: id, path: "/result", expected: "an object", found: "nothing")
        }
        return result
    }

    func comment(_ text: String, on instance: String, by user: String) async throws(ConnectorError) {
        let body: JSON = [
            "processInstanceId": .string(instance), "text": .string(text), "commentUserId": .string(user),
        ]
        _ = try await call("POST", "/v1.0/workflow/processInstances/comments", body, isRepeatable: false)
    }

    /// The bytes of a file of an instance; the link is short-lived, so it is asked for and used at once.
    func file(_ file: String, of instance: String, isOfComment: Bool) async throws(ConnectorError) -> [UInt8] {
        let body: JSON = [
            // The vendor spells it so.
            "processInstanceId": .string(instance), "fileId": .string(file),
            "withCommentAttatchment": .bool(isOfComment),
        ]
        let path = "/v1.0/workflow/processInstances/spaces/files/urls/download"
        let answer = try await call("POST", path, body)
        guard let uri = answer["result"]?["downloadUri"]?.string else {
            throw .unreadable(connector: id, path: "/result/downloadUri", expected: "a text", found: "nothing")
        }
        return try await bytes(at: uri)
    }

    /// The bytes behind a link, asked for without any credential of ours.
    func bytes(at uri: String) async throws(ConnectorError) -> [UInt8] {
        var call = SafeHTTP.Call("GET", uri)
        call.sizeLimit = Self.fileLimit
        call.timeoutSeconds = max(60, timeoutSeconds)
        let answer = try await http.send(call, for: id, rules: rules)
        if let refusal = answer.refusal(connector: id, address: String(uri.prefix { $0 != "?" })) { throw refusal }
        return answer.body
    }

    private func call(
        _ method: String, _ path: String, _ body: JSON? = nil, isRepeatable: Bool = true
    ) async throws(ConnectorError) -> JSON {
        let first = try await token(insteadOf: nil)
        do throws(InvalidToken) {
            return try await attempt(method, path, body, isRepeatable, first).get()
        } catch {
            if let cause = error.cause { throw cause }
        }
        // Once more and no further: a second refusal is not about the token's age.
        let second = try await token(insteadOf: first)
        do throws(InvalidToken) {
            return try await attempt(method, path, body, isRepeatable, second).get()
        } catch {
            throw error.cause ?? .refused(connector: id, address: base, reason: "the access token is refused")
        }
    }

    /// A token that was refused, or, with a cause, any other failure.
    private struct InvalidToken: Error {
        let cause: ConnectorError?
    }

    private func attempt(
        _ method: String, _ path: String, _ body: JSON?, _ isRepeatable: Bool, _ token: String
    ) async -> Result<JSON, InvalidToken> {
        var call = SafeHTTP.Call(method, base + path)
        call.headers = [("x-acs-dingtalk-access-token", token), ("accept", "application/json")]
        if let body {
            call.body = body.utf8
            call.headers.append(("content-type", "application/json"))
        }
        call.isRepeatable = isRepeatable
        call.timeoutSeconds = timeoutSeconds
        do throws(ConnectorError) {
            let answer = try await http.send(call, for: id, rules: rules)
            let reply = DingTalkReply(answer)
            if reply.isInvalidToken { return .failure(InvalidToken(cause: nil)) }
            let address = base + path.prefix { $0 != "?" }
            return .success(try reply.json(connector: id, address: address, isRepeatable: isRepeatable))
        } catch {
            return .failure(InvalidToken(cause: error))
        }
    }

    private func token(insteadOf failed: String?) async throws(ConnectorError) -> String {
        try await tokens.token(insteadOf: failed) { () async throws(ConnectorError) in
            var call = SafeHTTP.Call("POST", base + "/v1.0/oauth2/accessToken")
            call.headers = [("content-type", "application/json")]
            call.body = JSON.object([("appKey", .string(appKey)), ("appSecret", .string(appSecret))]).utf8
            call.timeoutSeconds = timeoutSeconds
            let answer = try await http.send(call, for: id, rules: rules)
            let address = base + "/v1.0/oauth2/accessToken"
            let json = try DingTalkReply(answer).json(connector: id, address: address, isRepeatable: true)
            guard let text = json["accessToken"]?.string, !text.isEmpty else {
                throw .unreadable(connector: id, path: "/accessToken", expected: "a text", found: "nothing")
            }
            let lifetime = Int64(json["expireIn"]?.integer ?? 7_200)
            return TokenCache.Token(text: text, lifetimeSeconds: max(lifetime, 0))
        }
    }
}
