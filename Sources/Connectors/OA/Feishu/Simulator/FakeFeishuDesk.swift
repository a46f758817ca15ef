import Kernel
import Synchronization

/// What the fake knows and answers; it has no connection of its own.
final class FakeFeishuDesk: Sendable {
    typealias Reply = FakeServer.Reply

    private struct State {
        var base = ""
        var instances: [String: JSON]
        var files: [String: [UInt8]]
        var switches = FakeSwitches()
        var comments: [FakeNote] = []
        var subscriptions: Set<String> = []
        var tokensGiven = 0
        /// Tokens up to this one are refused.
        var expired = 0
        var calls = 0
    }

    private let state: Mutex<State>

    init(instances: [String: JSON], files: [String: [UInt8]]) {
        state = Mutex(State(instances: instances, files: files))
    }

    var comments: [FakeNote] { state.withLock { $0.comments } }
    var subscriptions: Set<String> { state.withLock { $0.subscriptions } }
    var tokensGiven: Int { state.withLock { $0.tokensGiven } }
    var calls: Int { state.withLock { $0.calls } }

    func setBase(_ base: String) { state.withLock { $0.base = base } }
    func set(_ switches: FakeSwitches) { state.withLock { $0.switches = switches } }
    func set(_ instance: JSON, for code: String) { state.withLock { $0.instances[code] = instance } }
    func set(_ file: [UInt8], for id: String) { state.withLock { $0.files[id] = file } }
    func expireTokens() { state.withLock { $0.expired = $0.tokensGiven } }

    func reply(to request: FakeServer.Request) -> Reply {
        state.withLock { state in
            var reply = Self.reply(&state, request)
            reply.delayMilliseconds = state.switches.delayMilliseconds
            return reply
        }
    }

    private static func reply(_ state: inout State, _ request: FakeServer.Request) -> Reply {
        let json = (try? JSON(parsing: request.body)) ?? .null
        if request.path == "/open-apis/auth/v3/tenant_access_token/internal" { return giveToken(&state, json) }
        let authorization = request.headers["authorization"]
        if request.path.hasPrefix("/file/") {
            // A link carries its own permission; a credential that comes along would be a leak.
            guard authorization == nil, let bytes = state.files[String(request.path.dropFirst(6))] else {
                return Reply(["code": 404, "msg": "not found"], status: 404)
            }
            return Reply(file: bytes)
        }
        state.calls += 1
        if FakeSwitches.isDue(state.switches.endsTokenEvery, state.calls) { state.expired = state.tokensGiven }
        let number = Int(authorization?.split(separator: "-").last ?? "") ?? 0
        guard number > state.expired, number <= state.tokensGiven else {
            return Reply(["code": 99_991_663, "msg": "invalid access token"], status: 400)
        }
        if FakeSwitches.isDue(state.switches.throttlesEvery, state.calls) {
            var reply = Reply(["code": 99_991_400, "msg": "request trigger frequency limit"], status: 429)
            reply.headers = [("x-ogw-ratelimit-reset", "2")]
            return reply
        }
        if FakeSwitches.isDue(state.switches.answersPagesEvery, state.calls) {
            var reply = Reply(file: Array("<html><body>502</body></html>".utf8))
            reply.contentType = "text/html"
            return reply
        }
        var reply = answer(&state, request, json)
        if FakeSwitches.isDue(state.switches.cutsEvery, state.calls) { reply.isCut = true }
        return reply
    }

    private static func answer(_ state: inout State, _ request: FakeServer.Request, _ json: JSON) -> Reply {
        let parts = request.path.split(separator: "/").dropFirst(3).map { PercentEncoding.decode(String($0)) }
        switch (request.method, parts.first, parts.count) {
        case ("GET", "instances", 2): return instance(state, parts[1])
        case ("POST", "instances", 3) where parts[2] == "comments":
            return comment(&state, parts[1], request.query["user_id"] ?? "", json)
        case ("POST", "approvals", 3) where parts[2] == "subscribe":
            guard state.subscriptions.insert(parts[1]).inserted else {
                return Reply(["code": 1_390_007, "msg": "subscription existed"], status: 400)
            }
            return Reply(["code": 0, "msg": "success"])
        default: return Reply(["code": 404, "msg": "no such interface"], status: 404)
        }
    }

    private static func giveToken(_ state: inout State, _ json: JSON) -> Reply {
        guard json["app_id"]?.string == FakeFeishu.appID, json["app_secret"]?.string == FakeFeishu.appSecret else {
            return Reply(["code": 10_014, "msg": "app secret invalid"])
        }
        state.tokensGiven += 1
        return Reply([
            "code": 0, "msg": "ok", "tenant_access_token": .string("t-fake-\(state.tokensGiven)"),
            "expire": .integer(state.switches.tokenLifetimeSeconds),
        ])
    }

    private static func instance(_ state: State, _ code: String) -> Reply {
        guard let instance = state.instances[code] else {
            return Reply(["code": 1_390_003, "msg": "instance code not found"], status: 400)
        }
        // The addresses of files are given out anew each time.
        let form = (instance["form"]?.string ?? "[]").replacing("file:", with: "\(state.base)/file/")
        return Reply(["code": 0, "msg": "success", "data": instance.setting("form", .string(form))])
    }

    private static func comment(_ state: inout State, _ code: String, _ user: String, _ json: JSON) -> Reply {
        guard !state.switches.refusesWriteBack, let instance = state.instances[code],
            let content = try? JSON(parsing: json["content"]?.string ?? ""), let text = content["text"]?.string
        else { return Reply(["code": 1_390_001, "msg": "param is invalid"], status: 400) }
        state.comments.append(FakeNote(instance: code, user: user, text: text))
        let comment: JSON = [
            "id": .integer(state.comments.count), "user_id": .string(user), "comment": .string(text),
            "create_time": "1774620000000", "files": [],
        ]
        let comments = (instance["comment_list"]?.array ?? []) + [comment]
        state.instances[code] = instance.setting("comment_list", .array(comments))
        let id = JSON.string(String(state.comments.count))
        var reply = Reply(["code": 0, "msg": "success", "data": ["comment_id": id]])
        reply.isCut = state.switches.losesWriteBackAnswers
        return reply
    }
}
