import Kernel
import Synchronization

/// What the fake knows and answers; it has no connection of its own.
final class FakeDingTalkDesk: Sendable {
    typealias Reply = FakeServer.Reply

    private struct State {
        var base = ""
        var instances: [String: JSON]
        var files: [String: [UInt8]]
        var switches = FakeDingTalk.Switches()
        var cutFiles: Set<String> = []
        var comments: [FakeDingTalk.Comment] = []
        var tokensGiven = 0
        /// Tokens up to this one are refused.
        var expired = 0
        var calls = 0
    }

    private let state: Mutex<State>

    init(instances: [String: JSON], files: [String: [UInt8]]) {
        state = Mutex(State(instances: instances, files: files))
    }

    var comments: [FakeDingTalk.Comment] { state.withLock { $0.comments } }
    var tokensGiven: Int { state.withLock { $0.tokensGiven } }
    var calls: Int { state.withLock { $0.calls } }

    func setBase(_ base: String) { state.withLock { $0.base = base } }
    func set(_ switches: FakeDingTalk.Switches) { state.withLock { $0.switches = switches } }
    func set(_ instance: JSON, for id: String) { state.withLock { $0.instances[id] = instance } }
    func set(_ file: [UInt8], for id: String) { state.withLock { $0.files[id] = file } }
    func cut(_ files: Set<String>) { state.withLock { $0.cutFiles = files } }
    func expireTokens() { state.withLock { $0.expired = $0.tokensGiven } }

    func reply(method: String, target: String, token: String?, body: [UInt8]) -> Reply {
        state.withLock { state in
            var reply = Self.reply(&state, method, target, token, body)
            reply.delayMilliseconds = state.switches.delayMilliseconds
            return reply
        }
    }

    private static func reply(
        _ state: inout State, _ method: String, _ target: String, _ token: String?, _ body: [UInt8]
    ) -> Reply {
        let path = String(target.prefix { $0 != "?" })
        let json = (try? JSON(parsing: body)) ?? .null
        if path == "/v1.0/oauth2/accessToken" { return giveToken(&state, json) }
        if path.hasPrefix("/file/") {
            // A link carries its own permission; a credential that comes along would be a leak.
            guard token == nil, let bytes = state.files[String(path.dropFirst(6))] else {
                return Reply(["code": "NotFound"], status: 404)
            }
            var reply = cut(state, Reply(file: bytes))
            if state.cutFiles.contains(String(path.dropFirst(6))) { reply.isCut = true }
            return reply
        }
        state.calls += 1
        let number = Int(token?.split(separator: "-").last ?? "") ?? 0
        guard number > state.expired, number <= state.tokensGiven else {
            return Reply(["code": "InvalidAuthentication", "message": "不合法的access_token"], status: 401)
        }
        if state.switches.throttlesEvery > 0, state.calls.isMultiple(of: state.switches.throttlesEvery) {
            return Reply(["code": "Throttling.Api", "message": "too many requests"], status: 429)
        }
        switch (method, path) {
        case ("GET", "/v1.0/workflow/processInstances"): return cut(state, instance(state, target))
        case ("POST", "/v1.0/workflow/processInstances/spaces/files/urls/download"):
            return cut(state, link(state, json))
        case ("POST", "/v1.0/workflow/processInstances/comments"): return comment(&state, json)
        default: return Reply(["code": "NotFound"], status: 404)
        }
    }

    private static func giveToken(_ state: inout State, _ json: JSON) -> Reply {
        guard json["appKey"]?.string == FakeDingTalk.appKey, json["appSecret"]?.string == FakeDingTalk.appSecret else {
            return Reply(["code": "invalidClientIdOrSecret"], status: 400)
        }
        state.tokensGiven += 1
        return Reply([
            "accessToken": .string("fake-token-\(state.tokensGiven)"),
            "expireIn": .integer(state.switches.tokenLifetimeSeconds),
        ])
    }

    private static func instance(_ state: State, _ target: String) -> Reply {
        let id = target.split(separator: "=").last.map(String.init) ?? ""
        guard let instance = state.instances[id] else {
            return Reply(["code": "processInstance.notFound", "message": "审批实例不存在"], status: 400)
        }
        return Reply(["success": "true", "result": instance])
    }

    private static func link(_ state: State, _ json: JSON) -> Reply {
        let file = json["fileId"]?.string ?? ""
        guard state.instances[json["processInstanceId"]?.string ?? ""] != nil, state.files[file] != nil else {
            return Reply(["success": false, "code": "file.notFound"], status: 400)
        }
        let uri = JSON.string("\(state.base)/file/\(file)?signature=once")
        return Reply(["success": true, "result": ["fileId": .string(file), "downloadUri": uri]])
    }

    private static func comment(_ state: inout State, _ json: JSON) -> Reply {
        let id = json["processInstanceId"]?.string ?? ""
        guard !state.switches.refusesComments, let instance = state.instances[id] else {
            let code: JSON = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
            return Reply(["code": code, "message": "没有权限"], status: 403)
        }
        let user = json["commentUserId"]?.string ?? ""
        let text = json["text"]?.string ?? ""
        state.comments.append(FakeDingTalk.Comment(instance: id, user: user, text: text))
        let record: JSON = ["userId": .string(user), "type": "ADD_REMARK", "result": "NONE", "remark": .string(text)]
        let records = (instance["operationRecords"]?.array ?? []) + [record]
        state.instances[id] = instance.setting("operationRecords", .array(records))
        var reply = Reply(["success": true, "result": true])
        reply.isCut = state.switches.losesCommentAnswers
        return reply
    }

    private static func cut(_ state: State, _ reply: Reply) -> Reply {
        var reply = reply
        reply.isCut = state.switches.cutsEvery > 0 && state.calls.isMultiple(of: state.switches.cutsEvery)
        return reply
    }
}
